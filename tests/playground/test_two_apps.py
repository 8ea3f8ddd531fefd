"""Two apps in one workspace: what each may do, what each hears of the other, and what is each one's own."""

from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.playground.slack import QUICK, App, Command, LocalSlack, Shortcut
from bot.playground.slack.apps import CHAT_BOT_EVENTS, CHAT_BOT_SCOPES

BUTTON: list[dict[str, Any]] = [
    {
        "type": "actions",
        "elements": [{"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}],
    }
]
MODAL: dict[str, Any] = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Mine"},
    "blocks": [{"type": "divider"}],
}
FIRST = App(name="first", commands=(Command("/first"),), shortcuts=(Shortcut("first_one", "First"),))
SECOND = App(
    name="second",
    commands=(Command("/second"),),
    scopes=CHAT_BOT_SCOPES - {"users:read"},
    events=CHAT_BOT_EVENTS | {"reaction_added"},
    channels=("general",),
)


@dataclass
class Guest:
    """A connected Bolt app that remembers what it hears, and answers nothing."""

    app: App
    web: AsyncWebClient
    events: list[dict[str, Any]] = field(default_factory=list)
    acts: list[dict[str, Any]] = field(default_factory=list)

    def heard(self, kind: str) -> list[str]:
        return [event["text"] for event in self.events if event["type"] == kind]


@dataclass
class Both:
    slack: LocalSlack
    first: Guest
    second: Guest

    @property
    def general(self) -> str:
        return self.slack.core.workspace.channel("general").id

    def user(self, name: str) -> str:
        return self.slack.core.workspace.user(name).id


async def connected(slack: LocalSlack, app: App, stack: AsyncExitStack) -> Guest:
    guest = Guest(app, AsyncWebClient(token=app.bot_token, base_url=slack.api_url, retry_handlers=[]))
    # Bolt would keep an app's own messages from it; what Slack sends is looked at here
    bolt = AsyncApp(client=guest.web, ignoring_self_events_enabled=False)

    @bolt.use
    async def remember(body: dict[str, Any], ack: Any) -> Any:
        if "event" in body:
            guest.events.append(body["event"])
        else:
            guest.acts.append(body)
        return await ack()

    handler = AsyncSocketModeHandler(bolt, app.app_token, ping_interval=1)
    await handler.connect_async()  # type: ignore[no-untyped-call]
    stack.push_async_callback(handler.close_async)
    return guest


@pytest.fixture
async def both() -> AsyncGenerator[Both]:
    async with LocalSlack(apps=[FIRST, SECOND], timings=QUICK) as slack, AsyncExitStack() as stack:
        found = Both(slack, await connected(slack, FIRST, stack), await connected(slack, SECOND, stack))
        await slack.control.wait_connected()
        yield found


async def refused(call: Any) -> dict[str, Any]:
    with pytest.raises(SlackApiError) as error:
        await call
    answer: dict[str, Any] = error.value.response.data
    return answer


async def test_people_s_messages_reach_both_and_a_mention_only_whom_it_names(both: Both) -> None:
    await both.slack.control.say("ben", "general", "@second hello")
    await both.slack.control.say("ben", "taste-test", "only one is here")
    await both.slack.control.wait_idle()

    text = f"<@{SECOND.user_id}> hello"
    assert both.first.heard("message") == [text, "only one is here"]
    assert both.second.heard("message") == [text]
    assert both.first.heard("app_mention") == []
    assert both.second.heard("app_mention") == [text]


async def test_what_an_app_posts_reaches_itself_and_the_other_with_who_said_it(both: Both) -> None:
    await both.first.web.chat_postMessage(channel=both.general, text=f"<@{SECOND.user_id}> from an app")
    await both.first.web.chat_postMessage(channel=both.general, text=f"<@{FIRST.user_id}> to itself")
    await both.slack.control.wait_idle()

    assert len(both.first.heard("message")) == len(both.second.heard("message")) == 2
    event = next(event for event in both.second.events if event["type"] == "message")
    assert (event["bot_id"], event["app_id"], event["user"]) == (FIRST.bot_id, FIRST.id, FIRST.user_id)
    assert event["bot_profile"]["name"] == "first"
    assert both.second.heard("app_mention") == [f"<@{SECOND.user_id}> from an app"]
    assert both.first.heard("app_mention") == []


async def test_whispers_are_nobody_s_events(both: Both) -> None:
    await both.first.web.chat_postEphemeral(channel=both.general, user=both.user("ben"), text="between us")
    await both.slack.control.wait_idle()

    assert both.first.events == both.second.events == []


async def test_edits_and_deletions_by_the_other_app_are_heard(both: Both) -> None:
    posted = await both.first.web.chat_postMessage(channel=both.general, text="one")
    await both.first.web.chat_update(channel=both.general, ts=posted["ts"], text="two")
    await both.first.web.chat_delete(channel=both.general, ts=posted["ts"])
    await both.slack.control.wait_idle()

    heard = sorted(event.get("subtype", "") for event in both.second.events)
    assert heard == ["", "message_changed", "message_deleted"]


async def test_nobody_changes_or_deletes_what_the_other_posted(both: Both) -> None:
    posted = await both.first.web.chat_postMessage(channel=both.general, text="mine")
    asked = await both.slack.control.say("ben", "general", "a person's")
    second = both.second.web

    update = await refused(second.chat_update(channel=both.general, ts=posted["ts"], text="yours"))
    delete = await refused(second.chat_delete(channel=both.general, ts=posted["ts"]))
    update_person = await refused(second.chat_update(channel=both.general, ts=asked, text="yours"))

    assert (update["error"], delete["error"]) == ("cant_update_message", "cant_delete_message")
    assert update_person["error"] == "cant_update_message"
    assert "first: mine" in await both.slack.control.text("general")


async def test_buttons_commands_and_shortcuts_go_to_whose_they_are(both: Both) -> None:
    control = both.slack.control
    posted = await both.first.web.chat_postMessage(channel=both.general, text="press", blocks=BUTTON)
    await control.click("ben", "general", posted["ts"], "go")
    await control.command("ben", "general", "/first")
    await control.command("ben", "general", "/second")
    await control.shortcut("ben", "first_one")

    assert [act.get("command", act.get("type")) for act in both.first.acts] == [
        "block_actions",
        "/first",
        "shortcut",
    ]
    assert [act["command"] for act in both.second.acts] == ["/second"]


async def test_a_response_url_answers_as_the_app_it_was_given_to(both: Both) -> None:
    await both.slack.control.command("ben", "general", "/second")
    answer = AsyncWebhookClient(both.second.acts[0]["response_url"])
    await answer.send(text="here I am", response_type="in_channel")

    line = await both.slack.control.wait_message("general", "here I am")
    assert line.who == "second"


async def test_triggers_views_and_homes_are_each_one_s_own(both: Both) -> None:
    await both.slack.control.command("ben", "general", "/first")
    await both.slack.control.command("ben", "general", "/second")
    foreign, own = both.second.acts[0]["trigger_id"], both.first.acts[0]["trigger_id"]

    stolen = await refused(both.first.web.views_open(trigger_id=foreign, view=MODAL))
    opened = await both.first.web.views_open(trigger_id=own, view=MODAL)
    update = await refused(both.second.web.views_update(view_id=opened["view"]["id"], view=MODAL))
    for guest in (both.first, both.second):
        text = {"type": "mrkdwn", "text": f"home of {guest.app.name}"}
        view = {"type": "home", "blocks": [{"type": "section", "text": text}]}
        await guest.web.views_publish(user_id=both.user("ben"), view=view)

    assert (stolen["error"], update["error"]) == ("invalid_trigger_id", "not_found")
    assert len(both.slack.core.workspace.homes) == 2


async def test_only_an_app_that_is_in_a_channel_may_post_there_or_read_it(both: Both) -> None:
    control, second = both.slack.control, both.second.web
    taste = both.slack.core.workspace.channel("taste-test").id
    private = await control.create_channel("cellar", members=["ben", "first"], private=True)

    post = await refused(second.chat_postMessage(channel=taste, text="x"))
    read = await refused(second.conversations_history(channel=taste))
    hidden = await refused(second.conversations_info(channel=private))
    hidden_post = await refused(second.chat_postMessage(channel=private, text="x"))
    await both.first.web.chat_postMessage(channel=private, text="in the cellar")
    await control.join("second", "taste-test", inviter="ben")
    await second.chat_postMessage(channel=taste, text="now I am in")
    await control.wait_idle()

    assert (post["error"], read["error"]) == ("not_in_channel", "not_in_channel")
    assert (hidden["error"], hidden_post["error"]) == ("channel_not_found", "channel_not_found")
    assert "in the cellar" not in both.second.heard("message")


async def test_the_right_to_post_anywhere_is_for_public_channels_only(both: Both) -> None:
    loud = replace(SECOND, name="loud", id="", user_id="", bot_id="", bot_token="", app_token="")
    loud = replace(loud, signing_secret="", channels=(), scopes=SECOND.scopes | {"chat:write.public"})
    both.slack.install(loud)
    web = AsyncWebClient(token=loud.bot_token, base_url=both.slack.api_url, retry_handlers=[])
    private = await both.slack.control.create_channel("cellar", members=["ben"], private=True)

    await web.chat_postMessage(channel="general", text="from outside")
    hidden = await refused(web.chat_postMessage(channel=private, text="x"))
    read = await refused(web.conversations_history(channel=both.general))

    assert "loud: from outside" in await both.slack.control.text("general")
    assert (hidden["error"], read["error"]) == ("channel_not_found", "not_in_channel")


async def test_a_scope_that_is_missing_is_named_beside_those_that_are_there(both: Both) -> None:
    answer = await refused(both.second.web.users_info(user=both.user("ben")))

    assert answer["error"] == "missing_scope"
    assert answer["needed"] == "users:read"
    assert answer["provided"] == ",".join(sorted(SECOND.scopes))
    assert (await both.first.web.users_info(user=both.user("ben")))["user"]["name"] == "ben"


@pytest.mark.parametrize(
    ("event", "scope"),
    [
        ("message.channels", "channels:history"),
        ("app_mention", "app_mentions:read"),
        ("reaction_added", "reactions:read"),
        ("member_joined_channel", "channels:read"),
    ],
)
async def test_events_need_their_scope(event: str, scope: str) -> None:
    able = App(name="able", events=frozenset({event}), scopes=CHAT_BOT_SCOPES | {scope})
    deaf = App(name="deaf", events=frozenset({event}), scopes=CHAT_BOT_SCOPES - {scope})
    async with LocalSlack(apps=[able, deaf], timings=QUICK) as slack:
        ts = await slack.control.say("ben", "general", "@able @deaf hello")
        await slack.control.react("ada", "general", ts, "eyes")
        await slack.control.leave("gina", "general")
        await slack.control.join("gina", "general")
        hearing = set(slack.core.couriers.waiting)

    assert hearing == {able.id}


@pytest.mark.parametrize(
    ("token", "method", "error"),
    [
        ("", "auth.test", "not_authed"),
        ("xoxb-nobody", "auth.test", "invalid_auth"),
        ("xapp-nobody", "apps.connections.open", "invalid_auth"),
        (FIRST.app_token, "auth.test", "not_allowed_token_type"),
        (FIRST.app_token, "chat.postMessage", "not_allowed_token_type"),
        (FIRST.bot_token, "apps.connections.open", "not_allowed_token_type"),
    ],
)
async def test_tokens_open_what_they_are_for(token: str, method: str, error: str) -> None:
    async with LocalSlack(apps=[FIRST, SECOND], timings=QUICK) as slack:
        web = AsyncWebClient(base_url=slack.api_url, retry_handlers=[])
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        answer = await refused(web.api_call(method, headers=headers))

    assert answer["error"] == error


async def test_each_token_is_its_own_app_s(both: Both) -> None:
    first, second = await both.first.web.auth_test(), await both.second.web.auth_test()

    assert (first["user_id"], first["bot_id"]) == (FIRST.user_id, FIRST.bot_id)
    assert (second["user_id"], second["bot_id"]) == (SECOND.user_id, SECOND.bot_id)
    assert "users:read" not in second.headers["x-oauth-scopes"].split(",")
