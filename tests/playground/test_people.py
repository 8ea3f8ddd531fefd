"""What people can and cannot do, and what apps hear of it."""

from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import ControlRefused, LocalSlack
from bot.playground.slack.typed import encode


def plain(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def options(*values: str) -> list[dict[str, Any]]:
    return [{"text": plain(value), "value": value} for value in values]


def modal(title: str, **keys: Any) -> dict[str, Any]:
    button = {"type": "button", "action_id": "more", "text": plain("More")}
    typed = {"type": "plain_text_input", "action_id": "typed", "min_length": 2}
    blocks = [
        {"type": "actions", "elements": [button]},
        {"type": "input", "block_id": "b", "label": plain("L"), "element": typed},
    ]
    return {
        "type": "modal",
        "callback_id": title,
        "title": plain(title),
        "submit": plain("Go"),
        "blocks": blocks,
    } | keys


CONTROLS: list[dict[str, Any]] = [
    {
        "type": "actions",
        "elements": [
            {
                "type": "static_select",
                "action_id": "select",
                "options": options("x", "y"),
                "placeholder": plain("p"),
            },
            {"type": "overflow", "action_id": "overflow", "options": options("x", "y")},
            {"type": "checkboxes", "action_id": "boxes", "options": options("x", "y")},
            {"type": "radio_buttons", "action_id": "radio", "options": options("x", "y")},
            {"type": "users_select", "action_id": "who"},
        ],
    },
    {
        "type": "context_actions",
        "elements": [
            {
                "type": "feedback_buttons",
                "action_id": "thumb",
                "positive_button": {"text": plain("Good"), "value": "up"},
                "negative_button": {"text": plain("Bad"), "value": "down"},
            }
        ],
    },
]


@pytest.mark.parametrize(
    ("action_id", "value", "key", "held"),
    [
        ("select", "y", "selected_option", options("y")[0]),
        ("overflow", "x", "selected_option", options("x")[0]),
        ("boxes", ["x", "y"], "selected_options", options("x", "y")),
        ("radio", "y", "selected_option", options("y")[0]),
        ("who", "U0X", "selected_user", "U0X"),
        ("thumb", "negative", "value", "down"),
        ("thumb", "up", "text", plain("Good")),
    ],
)
async def test_each_element_says_what_was_chosen(  # noqa: PLR0917 - fixtures and a table's columns
    local_slack: LocalSlack,
    bolt: AsyncApp,
    web: AsyncWebClient,
    connect: Any,
    action_id: str,
    value: Any,
    key: str,
    held: Any,
) -> None:
    got: list[dict[str, Any]] = []

    @bolt.action(action_id)
    async def acted(ack: Any, action: dict[str, Any]) -> None:
        got.append(action)
        await ack()

    await connect(bolt)
    posted = await web.chat_postMessage(channel="general", text="c", blocks=CONTROLS)
    await local_slack.control.click("ben", "general", posted["ts"], action_id, value=value)

    assert got[0][key] == held
    with pytest.raises(ControlRefused, match="no element with action_id 'nope' here"):
        await local_slack.control.click("ben", "general", posted["ts"], "nope")


async def test_an_option_that_is_not_offered_is_refused(local_slack: LocalSlack, web: AsyncWebClient) -> None:
    posted = await web.chat_postMessage(channel="general", text="c", blocks=CONTROLS)

    for action_id, words in (("select", "has no option 'z'"), ("thumb", "has no button 'z'")):
        with pytest.raises(ControlRefused, match=words):
            await local_slack.control.click("ben", "general", posted["ts"], action_id, value="z")


async def test_acts_that_slack_would_not_offer(local_slack: LocalSlack, web: AsyncWebClient) -> None:
    control = local_slack.control
    secret = await control.create_channel("secret", members=["ada"], private=True)
    ts = await control.say("ada", "general", "mine")
    whispered = await web.chat_postEphemeral(
        channel="general", user=local_slack.core.workspace.user("ada").id, text="psst", blocks=CONTROLS
    )
    for refused in (
        control.say("ben", secret, "let me in"),
        control.say("ben", "general", "  "),
        control.say("ben", "general", "hm", thread_ts="1.1"),
        control.say("kostprobe", "general", "beep"),
        control.say("nobody", "general", "boo"),
        control.edit("ben", "general", ts, "yours"),
        control.delete("ben", "general", ts),
        control.click("ben", "general", whispered["message_ts"], "select", value="x"),
        control.click("ben", "general", ts, "select"),
        control.submit("ben"),
        control.shortcut("ben", "unknown"),
    ):
        with pytest.raises(ControlRefused):
            await refused


async def test_what_slackbot_says(local_slack: LocalSlack) -> None:
    control = local_slack.control
    await control.leave("kostprobe", "general")
    root = await control.say("ben", "general", "@kostprobe are you here?")
    invite = await control.wait_message("general", "is not in this channel")
    await control.command("ben", "general", "/invite @kostprobe")
    await control.command("ben", "general", "/poem please")
    unknown = await control.wait_message("general", "not a valid command")
    await control.command("ben", "general", "/kostprobe x", thread_ts=root)
    thread = await control.wait_message("general", "not supported in threads", thread_ts=root)

    assert {invite.who, unknown.who, thread.who} == {"slackbot"}
    assert not await control.join("kostprobe", "general")


async def test_an_answer_replaces_or_deletes_what_was_clicked(
    local_slack: LocalSlack, web: AsyncWebClient
) -> None:
    core, ben = local_slack.core, local_slack.core.workspace.user("ben").id
    general = core.workspace.channel("general").id
    posted = (await web.chat_postMessage(channel="general", text="c", blocks=CONTROLS))["ts"]
    whispered = (await web.chat_postEphemeral(channel="general", user=ben, text="psst"))["message_ts"]
    async with aiohttp.ClientSession() as session:
        for ts, ephemeral in ((posted, False), (whispered, True)):
            url = core.response_url(local_slack.app, general, ben, message=ts, ephemeral=ephemeral)
            async with session.post(url, json={"text": "new", "replace_original": True}) as response:
                assert response.status == 200
            shown = next(line for line in await local_slack.control.transcript("general") if line.ts == ts)
            assert (shown.text, shown.blocks) == ("new", [])
            async with session.post(url, json={"delete_original": "true"}) as response:
                assert response.status == 200

    assert await local_slack.control.transcript("general") == []


async def test_modals_are_pushed_updated_cleared_and_closed(
    local_slack: LocalSlack, bolt: AsyncApp, connect: Any
) -> None:
    closed: list[bool] = []

    @bolt.command("/kostprobe")
    async def command(ack: Any, command: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_open(trigger_id=command["trigger_id"], view=modal("first"))

    @bolt.action("more")
    async def more(ack: Any, body: dict[str, Any], client: AsyncWebClient) -> None:
        await ack()
        await client.views_push(trigger_id=body["trigger_id"], view=modal("second", notify_on_close=True))

    @bolt.view("first")
    async def first(ack: Any, view: dict[str, Any]) -> None:
        action = view["state"]["values"]["b"]["typed"]["value"]
        if action == "clear":
            await ack(response_action="clear")
        else:
            await ack(response_action=action, view=modal("third"))

    @bolt.view_closed("second")
    async def gone(ack: Any, body: dict[str, Any]) -> None:
        closed.append(body["is_cleared"])
        await ack()

    await connect(bolt)
    control = local_slack.control
    await control.command("ada", "general", "/kostprobe")
    await control.wait_view("ada", callback_id="first")
    await control.act("ada", "more")
    await control.wait_view("ada", callback_id="second")
    await control.close_view("ada")
    short = await control.submit("ada", {"typed": "x"})
    await control.submit("ada", {"typed": "push"})
    stacked = [screen.callback_id for screen in await control.modals("ada")]
    await control.close_view("ada")
    await control.submit("ada", {"typed": "update"})
    replaced = [screen.callback_id for screen in await control.modals("ada")]
    await control.close_view("ada", whole=True)
    await control.command("ada", "general", "/kostprobe")
    await control.wait_view("ada", callback_id="first")
    await control.submit("ada", {"typed": "clear"})

    assert short.errors == {"b": "This entry needs at least 2 characters."}
    assert stacked == ["first", "third"]
    assert replaced == ["third"]
    assert closed == [False]
    assert await control.modals("ada") == []


async def test_typed_text_becomes_slacks_text(local_slack: LocalSlack) -> None:
    workspace = local_slack.core.workspace
    ben, general = workspace.user("ben").id, workspace.channel("general").id

    assert encode(workspace, "@ben, a<b & c") == f"<@{ben}>, a&lt;b &amp; c"
    assert encode(workspace, "#general @here me@ben.de @nobody") == f"<#{general}|> <!here> me@ben.de @nobody"
    assert (
        encode(workspace, f"<@{ben}> see https://x.de/?a=1&b=2.")
        == f"<@{ben}> see <https://x.de/?a=1&amp;b=2>."
    )
    assert (
        encode(workspace, "@ben & #general", labels=True, escape=False)
        == f"<@{ben}|ben> & <#{general}|general>"
    )
