"""A stock Bolt app over Socket Mode: events, commands, clicks, modals."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import LocalSlack, WaitTimeout
from bot.playground.slack.errors import SlackError
from bot.playground.slack.modals import Modals
from tests.playground.conftest import never_acknowledging

MODAL: dict[str, Any] = {
    "type": "modal",
    "callback_id": "settings",
    "title": {"type": "plain_text", "text": "Settings"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "block_id": "name",
            "label": {"type": "plain_text", "text": "Name"},
            "element": {"type": "plain_text_input", "action_id": "typed"},
        },
        {
            "type": "input",
            "block_id": "mode",
            "optional": True,
            "label": {"type": "plain_text", "text": "Mode"},
            "element": {
                "type": "static_select",
                "action_id": "chosen",
                "options": [{"text": {"type": "plain_text", "text": "Duel"}, "value": "duel"}],
            },
        },
    ],
}
VOTE = [
    {
        "type": "actions",
        "block_id": "ballot",
        "elements": [
            {
                "type": "button",
                "action_id": "vote_a",
                "text": {"type": "plain_text", "text": "A better"},
                "value": "d1",
            },
            {
                "type": "button",
                "action_id": "vote_b",
                "text": {"type": "plain_text", "text": "B better"},
                "value": "d1",
            },
        ],
    }
]


async def test_a_mention_arrives_as_two_events_and_is_answered_in_its_thread(
    local_slack: LocalSlack, bolt: AsyncApp, connect: Any
) -> None:
    seen: list[dict[str, Any]] = []

    @bolt.event("app_mention")
    async def mentioned(body: dict[str, Any], say: Any) -> None:
        seen.append(body)
        await say(text="hello", thread_ts=body["event"]["ts"])

    @bolt.event("message")
    async def heard(body: dict[str, Any]) -> None:
        seen.append(body)

    await connect(bolt)
    ts = await local_slack.control.say("ben", "general", "@kostprobe hi <there>")
    answer = await local_slack.control.wait_message("general", "^hello$", thread_ts=ts)
    await local_slack.control.wait_idle()

    assert answer.who == "kostprobe"
    assert {body["event"]["type"] for body in seen} == {"message", "app_mention"}
    event = next(body["event"] for body in seen if body["event"]["type"] == "message")
    assert event["text"] == f"<@{local_slack.app.user_id}> hi &lt;there&gt;"
    assert event["channel_type"] == "channel"
    assert event["blocks"][0]["type"] == "rich_text"
    assert len({body["event_id"] for body in seen}) == len(seen)
    assert seen[0]["authorizations"][0]["user_id"] == local_slack.app.user_id


async def test_a_direct_message_is_no_mention(local_slack: LocalSlack, bolt: AsyncApp, connect: Any) -> None:
    @bolt.message("ping")
    async def ping(message: dict[str, Any], say: Any) -> None:
        await say(f"pong in {message['channel_type']}")

    await connect(bolt)
    await local_slack.control.say("ben", "@kostprobe", "ping @kostprobe")
    line = await local_slack.control.wait_message(
        await local_slack.control.open_dm("ben", "kostprobe"), "pong"
    )
    await local_slack.control.wait_idle()

    assert line.text == "pong in im"
    assert not await local_slack.control.log(name="app_mention")


async def test_a_command_with_escaped_names_answers_by_its_acknowledgement(
    local_slack: LocalSlack, bolt: AsyncApp, connect: Any
) -> None:
    got: list[dict[str, Any]] = []

    @bolt.command("/kostprobe")
    async def command(command: dict[str, Any], ack: Any, respond: Any) -> None:
        got.append(command)
        await ack("only you")
        await respond("everybody", response_type="in_channel")

    await connect(bolt)
    taken = await local_slack.control.command("ada", "general", "/kostprobe ask @ben in #general & me")
    private = await local_slack.control.wait_message("general", "only you")
    public = await local_slack.control.wait_message("general", "everybody")

    ben = local_slack.core.workspace.user("ben")
    general = local_slack.core.workspace.channel("general")
    assert taken.acked
    assert got[0]["text"] == f"ask <@{ben.id}|ben> in <#{general.id}|general> & me"
    assert got[0]["channel_name"] == "general"
    assert private.ephemeral
    assert private.visible_to == local_slack.core.workspace.user("ada").id
    assert not public.ephemeral
    assert "only you" not in await local_slack.control.text("general", viewer="ben")


@never_acknowledging
async def test_a_command_nobody_acknowledges_is_told_to_the_person(
    local_slack: LocalSlack, bolt: AsyncApp, connect: Any
) -> None:
    @bolt.command("/raw")
    async def raw(command: dict[str, Any]) -> None:
        """Never acknowledge."""

    await connect(bolt)
    taken = await local_slack.control.command("ben", "general", "/raw @ben")
    line = await local_slack.control.wait_message("general", "operation_timeout")

    assert taken.error == "timeout"
    assert line.who == "slackbot"
    [envelope] = await local_slack.control.log(name="/raw")
    assert envelope["request"]["text"] == "@ben"


async def test_a_command_without_a_connection_is_told_at_once(local_slack: LocalSlack) -> None:
    taken = await local_slack.control.command("ben", "general", "/raw")
    line = await local_slack.control.wait_message("general", "dispatch_failed")

    assert taken.error == "connection_failed"
    assert line.ephemeral


async def test_buttons_of_public_and_ephemeral_messages(
    local_slack: LocalSlack, bolt: AsyncApp, web: AsyncWebClient, connect: Any
) -> None:
    bodies: list[dict[str, Any]] = []

    @bolt.action("vote_a")
    async def vote(body: dict[str, Any], ack: Any, respond: Any) -> None:
        bodies.append(body)
        await ack()
        await respond("thanks", replace_original=body["container"]["is_ephemeral"])

    await connect(bolt)
    general = local_slack.core.workspace.channel("general").id
    ben = local_slack.core.workspace.user("ben").id
    posted = await web.chat_postMessage(channel=general, text="duel", blocks=VOTE)
    line = (await local_slack.control.transcript("general"))[-1]
    await local_slack.control.press("carla", line, "A better")
    await local_slack.control.wait_message("general", "thanks", ephemeral=True)
    whispered = await web.chat_postEphemeral(channel=general, user=ben, text="duel", blocks=VOTE)
    await local_slack.control.click("ben", "general", whispered["message_ts"], "vote_a")
    replaced = await local_slack.control.wait_message("general", "thanks", viewer="ben", ephemeral=True)

    public, private = bodies
    assert public["message"]["ts"] == posted["ts"]
    assert public["actions"][0] | {"action_ts": ""} == {
        "type": "button",
        "action_id": "vote_a",
        "block_id": "ballot",
        "action_ts": "",
        "text": {"type": "plain_text", "text": "A better"},
        "value": "d1",
    }
    assert private["container"]["is_ephemeral"]
    assert "message" not in private
    assert replaced.ts == whispered["message_ts"]


async def test_a_modal_is_opened_refused_and_taken(
    local_slack: LocalSlack, bolt: AsyncApp, connect: Any
) -> None:
    submitted: list[dict[str, Any]] = []

    @bolt.command("/kostprobe")
    async def command(command: dict[str, Any], ack: Any, client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=MODAL)

    @bolt.view("settings")
    async def save(ack: Any, view: dict[str, Any]) -> None:
        values = view["state"]["values"]
        submitted.append(values)
        if values["name"]["typed"]["value"] == "bad":
            await ack(response_action="errors", errors={"name": "Not that one."})
        else:
            await ack()

    await connect(bolt)
    control = local_slack.control
    await control.command("ada", "general", "/kostprobe")
    screen = await control.wait_view("ada", callback_id="settings")
    empty = await control.submit("ada")
    refused = await control.submit("ada", {"typed": "bad"})
    shown = (await control.modals("ada"))[0].errors
    (view,) = local_slack.core.workspace.stack(local_slack.core.workspace.user("ada").id)
    with pytest.raises(SlackError, match="invalid_errors"):
        Modals(local_slack.core)._answered(
            local_slack.app, view, {"response_action": "errors", "errors": "Bolt does not send this."}
        )
    taken = await control.submit("ada", {"typed": "good", "mode/chosen": "duel"})

    assert [button.text for button in screen.buttons] == ["Name", "Mode"]
    assert empty.errors == {"name": "Please complete this required field."}
    assert refused.errors == shown == {"name": "Not that one."}
    assert (taken.errors, taken.error, taken.view_id) == ({}, None, None)
    assert submitted[1]["mode"]["chosen"]["selected_option"]["value"] == "duel"


async def test_the_home_tab_is_published_when_opened(
    local_slack: LocalSlack, bolt: AsyncApp, connect: Any
) -> None:
    @bolt.event("app_home_opened")
    async def opened(event: dict[str, Any], client: AsyncWebClient) -> None:
        text = {"type": "mrkdwn", "text": "Welcome"}
        await client.views_publish(
            user_id=event["user"], view={"type": "home", "blocks": [{"type": "section", "text": text}]}
        )

    await connect(bolt)
    await local_slack.control.open_home("dario")
    await local_slack.control.wait_idle()

    home = await local_slack.control.home("dario")
    assert home is not None
    assert home.text == "Welcome"


async def test_what_was_chosen_on_the_home_tab_is_told_to_the_page_and_kept(
    local_slack: LocalSlack, bolt: AsyncApp, web: AsyncWebClient, connect: Any
) -> None:
    @bolt.action("dish")
    async def chosen(ack: Any) -> None:
        await ack()

    await connect(bolt)
    options = [{"text": {"type": "plain_text", "text": dish}, "value": dish} for dish in ("soup", "stew")]
    menu = {"type": "static_select", "action_id": "dish", "options": options}
    view = {"type": "home", "blocks": [{"type": "actions", "block_id": "menu", "elements": [menu]}]}
    dario = local_slack.core.workspace.user("dario").id
    await web.views_publish(user_id=dario, view=view)
    home = await local_slack.control.home("dario")
    assert home is not None
    changed: list[dict[str, Any]] = []
    local_slack.core.workspace.listeners.append(lambda kind, facts: changed.append({"kind": kind, **facts}))

    await local_slack.control.act("dario", "dish", view_id=home.id, value="stew")

    assert {"kind": "view", "user": dario} in changed


async def test_edits_deletions_joins_and_reactions_are_heard(
    local_slack: LocalSlack, bolt: AsyncApp, connect: Any
) -> None:
    heard: list[str] = []

    @bolt.event({"type": "message", "subtype": "message_changed"})
    async def changed(event: dict[str, Any]) -> None:
        heard.append(f"{event['previous_message']['text']} -> {event['message']['text']}")

    @bolt.event({"type": "message", "subtype": "message_deleted"})
    async def deleted(event: dict[str, Any]) -> None:
        heard.append(f"gone {event['previous_message']['text']}")

    @bolt.event("member_joined_channel")
    async def joined() -> None:
        heard.append("joined")

    @bolt.event("message")
    async def other() -> None:
        """Take the rest."""

    await connect(bolt)
    control = local_slack.control
    ts = await control.say("ben", "general", "one")
    await control.edit("ben", "general", ts, "two")
    await control.delete("ben", "general", ts)
    await control.leave("gina", "general")
    await control.join("gina", "general")
    await control.wait_idle()

    assert sorted(heard) == ["gone two", "joined", "one -> two"]


async def test_message_shortcuts_carry_the_message(
    local_slack: LocalSlack, bolt: AsyncApp, connect: Any
) -> None:
    seen: list[str] = []

    @bolt.shortcut("inspect")
    async def inspect(ack: Any, shortcut: dict[str, Any]) -> None:
        seen.append(shortcut["message"]["text"])
        await ack()

    @bolt.event("message")
    async def heard() -> None:
        """Take what is looked at."""

    await connect(bolt)
    ts = await local_slack.control.say("ben", "general", "look at me")
    taken = await local_slack.control.shortcut("ben", "inspect", channel="general", ts=ts)
    await local_slack.control.wait_idle()

    assert taken.acked
    assert seen == ["look at me"]


async def test_what_does_not_come_is_said_with_what_is_there(local_slack: LocalSlack) -> None:
    await local_slack.control.say("ben", "general", "anybody?")

    with pytest.raises(WaitTimeout, match="ben: anybody"):
        await local_slack.control.wait_message("general", "yes", seconds=0.02)


async def test_the_sdk_streams_an_answer(local_slack: LocalSlack, web: AsyncWebClient) -> None:
    general = local_slack.core.workspace.channel("general").id
    ben = local_slack.core.workspace.user("ben").id
    root = await local_slack.control.say("ben", "general", "tell me")
    stream = await web.chat_stream(
        channel=general,
        thread_ts=root,
        recipient_user_id=ben,
        recipient_team_id=local_slack.core.workspace.team.id,
        buffer_size=1,
    )
    await stream.append(markdown_text="Once ")
    live = (await local_slack.control.transcript("general", thread_ts=root))[-1]
    await stream.stop(markdown_text="upon a time")
    done = await local_slack.control.wait_message("general", thread_ts=root)

    assert live.streaming
    assert done.text == "Once upon a time"
