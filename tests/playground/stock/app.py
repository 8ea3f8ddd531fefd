"""A Bolt app as Slack's documentation has beginners write one; its environment alone points it anywhere."""

import os

from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient

client = WebClient(token=os.environ["SLACK_BOT_TOKEN"])
if "SLACK_API_URL" in os.environ:
    client.base_url = os.environ["SLACK_API_URL"]
app = App(client=client, signing_secret=os.environ.get("SLACK_SIGNING_SECRET"))


@app.message("hello")
def message_hello(message, say):
    say(
        text=f"Hey there <@{message['user']}>!",
        blocks=[
            {
                "type": "section",
                "text": {"type": "mrkdwn", "text": f"Hey there <@{message['user']}>!"},
                "accessory": {
                    "type": "button",
                    "text": {"type": "plain_text", "text": "Click Me"},
                    "action_id": "button_click",
                },
            }
        ],
    )


@app.action("button_click")
def action_button_click(body, ack, say):
    ack()
    say(f"<@{body['user']['id']}> clicked the button")


@app.command("/echo")
def repeat_text(ack, respond, command):
    ack()
    respond(f"{command['text']}")


@app.command("/ticket")
def open_modal(ack, body, client):
    ack()
    client.views_open(
        trigger_id=body["trigger_id"],
        view={
            "type": "modal",
            "callback_id": "ticket",
            "title": {"type": "plain_text", "text": "New ticket"},
            "submit": {"type": "plain_text", "text": "Submit"},
            "blocks": [
                {
                    "type": "input",
                    "block_id": "title_block",
                    "label": {"type": "plain_text", "text": "Title"},
                    "element": {"type": "plain_text_input", "action_id": "title"},
                }
            ],
        },
    )


@app.view("ticket")
def handle_submission(ack, body, client, view):
    title = view["state"]["values"]["title_block"]["title"]["value"]
    if len(title) < 3:
        ack(response_action="errors", errors={"title_block": "A title has three letters at least"})
        return
    ack()
    client.chat_postMessage(channel=body["user"]["id"], text=f"Ticket: {title}")


@app.event("app_home_opened")
def update_home_tab(client, event):
    client.views_publish(
        user_id=event["user"],
        view={
            "type": "home",
            "blocks": [
                {"type": "section", "text": {"type": "mrkdwn", "text": f"*Welcome home, <@{event['user']}>*"}}
            ],
        },
    )


if __name__ == "__main__":
    if "SLACK_APP_TOKEN" in os.environ:
        SocketModeHandler(app, os.environ["SLACK_APP_TOKEN"]).start()
    else:
        app.start(port=int(os.environ["PORT"]))
