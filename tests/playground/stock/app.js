// A Bolt app as Slack's documentation has beginners write one. It knows nothing of the local Slack: what points it
// there is its environment.
const { App } = require('@slack/bolt');

const app = new App({
  token: process.env.SLACK_BOT_TOKEN,
  appToken: process.env.SLACK_APP_TOKEN,
  socketMode: true,
  clientOptions: { slackApiUrl: process.env.SLACK_API_URL },
});

app.message('hello', async ({ message, say }) => {
  await say({
    text: `Hey there <@${message.user}>!`,
    blocks: [
      {
        type: 'section',
        text: { type: 'mrkdwn', text: `Hey there <@${message.user}>!` },
        accessory: {
          type: 'button',
          text: { type: 'plain_text', text: 'Click Me' },
          action_id: 'button_click',
        },
      },
    ],
  });
});

app.action('button_click', async ({ body, ack, say }) => {
  await ack();
  await say(`<@${body.user.id}> clicked the button`);
});

app.command('/echo', async ({ command, ack, respond }) => {
  await ack();
  await respond(`${command.text}`);
});

app.command('/ticket', async ({ ack, body, client }) => {
  await ack();
  await client.views.open({
    trigger_id: body.trigger_id,
    view: {
      type: 'modal',
      callback_id: 'ticket',
      title: { type: 'plain_text', text: 'New ticket' },
      submit: { type: 'plain_text', text: 'Submit' },
      blocks: [
        {
          type: 'input',
          block_id: 'title_block',
          label: { type: 'plain_text', text: 'Title' },
          element: { type: 'plain_text_input', action_id: 'title' },
        },
      ],
    },
  });
});

app.view('ticket', async ({ ack, body, view, client }) => {
  const title = view.state.values.title_block.title.value;
  if (title.length < 3) {
    await ack({ response_action: 'errors', errors: { title_block: 'A title has three letters at least' } });
    return;
  }
  await ack();
  await client.chat.postMessage({ channel: body.user.id, text: `Ticket: ${title}` });
});

app.event('app_home_opened', async ({ event, client }) => {
  await client.views.publish({
    user_id: event.user,
    view: {
      type: 'home',
      blocks: [{ type: 'section', text: { type: 'mrkdwn', text: `*Welcome home, <@${event.user}>*` } }],
    },
  });
});

(async () => {
  await app.start();
  app.logger.info('The app is running');
})();
