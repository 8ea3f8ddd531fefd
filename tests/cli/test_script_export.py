"""What people did is exported as a script, and the script passes in a fresh local Slack, whatever a model says."""

import json
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.bot_process import BotProcess
from bot.cli.playground import Stage
from bot.cli.script import Player, ScriptFault, Step, read_script
from bot.playground.slack import App, Command, LocalSlack, Shortcut, Timings
from bot.playground.slack.acts import Act, Shown
from bot.playground.slack.script_words import answers, pattern
from tests.cli.test_script import FORM, small_bot


def plain(text: str) -> dict[str, str]:
    return {"type": "plain_text", "text": text}


def menu(*dishes: str) -> dict[str, Any]:
    options = [{"text": plain(dish), "value": dish.lower()} for dish in dishes]
    pick = {"type": "static_select", "action_id": "pick", "options": options, "placeholder": plain("Dish")}
    return {"type": "actions", "block_id": "menu", "elements": [pick]}


HAND_IN = {
    "type": "modal",
    "callback_id": "hand_in",
    "title": plain("Hand in"),
    "submit": plain("Send"),
    "blocks": [
        {
            "type": "input",
            "block_id": "menu",
            "label": plain("Menu"),
            "element": {"type": "file_input", "action_id": "menu"},
        }
    ],
}


def field(kind: str, **begins: Any) -> dict[str, Any]:
    element = {"type": kind, "action_id": kind, **begins}
    return {"type": "input", "block_id": kind, "label": plain(kind), "element": element, "optional": True}


MILD, HOT = ({"text": plain(taste), "value": taste} for taste in ("mild", "hot"))
TASTES = {"options": [MILD, HOT]}
ORDER = {
    "type": "modal",
    "callback_id": "order",
    "title": plain("Order"),
    "submit": plain("Send"),
    "blocks": [
        field("datetimepicker"),
        field("rich_text_input"),
        field("plain_text_input", initial_value="Soup"),
        field("static_select", **TASTES, initial_option=MILD),
        field("checkboxes", **TASTES, initial_options=[HOT]),
        field("email_text_input"),
        field("radio_buttons", **TASTES),
        field("multi_static_select", **TASTES),
    ],
}
"""Fields of each kind of value, empty and not."""


def take_orders(bolt: AsyncApp, client: AsyncWebClient) -> None:
    """Have an app show the form of orders, and say what comes of it."""

    @bolt.shortcut("order")
    async def order(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=ORDER)

    @bolt.view("order")
    async def ordered(ack: Any, view: dict[str, Any]) -> None:
        await ack()
        held = {name: value for fields in view["state"]["values"].values() for name, value in fields.items()}
        await client.chat_postMessage(channel="#general", text=f"Ordered {json.dumps(held)}")


def bot_with_a_model(client: AsyncWebClient, words: str, label: str) -> AsyncApp:
    """Answers direct messages with what a model says and a button, reactions and shortcuts with words of its own."""
    bolt = AsyncApp(client=client)

    async def in_private(event: dict[str, Any]) -> bool:
        return event.get("channel_type") == "im" and "bot_id" not in event and "subtype" not in event

    @bolt.event("message", matchers=[in_private])
    async def asked(event: dict[str, Any], say: Any) -> None:
        model = {"type": "markdown", "text": words}
        byline = {"type": "context", "elements": [{"type": "mrkdwn", "text": "Answered by *chef* in 12 s"}]}
        row = {"type": "actions", "elements": [{"type": "button", "action_id": "why", "text": plain(label)}]}
        await say(text=words, blocks=[model, byline, row], thread_ts=event["ts"])
        await say(text=words, blocks=[model, menu("Soup", "Stew")], thread_ts=event["ts"])

    @bolt.action("why")
    async def why(ack: Any, respond: Any) -> None:
        await ack()
        await respond(text="Because.", replace_original=False)

    @bolt.action("pick")
    async def picked(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        chosen = body["actions"][0]["selected_option"]["value"]
        await client.chat_update(**where, text=f"Picked {chosen}", blocks=[])

    @bolt.shortcut("look")
    async def look(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view={**FORM, "title": plain("Look")})

    @bolt.shortcut("hand_in")
    async def hand_in(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=HAND_IN)

    @bolt.view("hand_in")
    async def handed_in(ack: Any, view: dict[str, Any]) -> None:
        await ack()
        picked = view["state"]["values"]["menu"]["menu"]["files"]
        got = await client.chat_postMessage(
            channel="#general", text=f"Got {[file['size'] for file in picked]}"
        )
        await client.chat_postMessage(channel=got["channel"], thread_ts=got["ts"], text="Thank you")

    @bolt.event("reaction_added")
    async def reacted(event: dict[str, Any], say: Any) -> None:
        await say(text=f"A {event['reaction']}", thread_ts=event["item"]["ts"])

    take_orders(bolt, client)
    return small_bot(client, bolt)


@asynccontextmanager
async def playing(folder: Path, words: str, label: str = "Why") -> AsyncGenerator[Stage]:
    app = App(
        commands=(Command("/kostprobe", "Ask", "[ask]"),),
        shortcuts=(
            Shortcut("look", "Look"),
            Shortcut("hand_in", "Hand in", "global"),
            Shortcut("order", "Order", "global"),
        ),
        scopes=App().scopes | {"files:read"},
        events=App().events | {"reaction_added"},
    )
    async with LocalSlack(apps=[app], timings=Timings(quiet=0.05, save=0.01)) as slack:
        client = AsyncWebClient(token=app.bot_token, base_url=slack.api_url, retry_handlers=[])
        handler = AsyncSocketModeHandler(bot_with_a_model(client, words, label), app.app_token)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await slack.control.wait_connected()
        yield Stage(slack, BotProcess({}, folder))
        await handler.close_async()  # type: ignore[no-untyped-call]


def read(yaml: str) -> list[Step]:
    path = Path("exported.yaml")
    path.write_text(yaml, encoding="utf-8")
    return read_script(path)


async def play(stage: Stage, yaml: str, seconds: float | None = None) -> list[str]:
    steps = read(yaml)
    if seconds is not None:
        steps = [{**step, "seconds": seconds} if "expect" in step else step for step in steps]
    shown: list[str] = []

    async def restart() -> Stage:
        return stage

    await Player(stage, restart, shown.append).play(steps)
    return shown


async def act(stage: Stage) -> str:
    """Do a bit of everything, and return it as a script."""
    control = stage.slack.control
    ts = await control.say("ada", "general", "@kostprobe Hello {you}: #1, 'and' so on")
    answer = await control.wait_message("general", "You said", thread_ts=ts)
    await control.press("ben", answer, "More")
    await control.wait_message("general", "Pressed", thread_ts=ts)
    await control.react("ben", "general", ts, "tada")
    await control.wait_message("general", "A tada", thread_ts=ts)
    await control.react("ben", "general", ts, "tada", add=False)
    await control.pin("ada", "general", ts)
    await control.unpin("ada", "general", ts)
    slip = await control.say("ben", "general", "Hm?", thread_ts=ts)
    await control.edit("ben", "general", slip, "Hm.")
    await control.delete("ben", "general", slip)
    await control.command("gina", "general", "/kostprobe help me")
    await control.wait_message("general", "Done", viewer="gina", ephemeral=True)
    await control.command("ben", "general", "/kostprobe form")
    await control.wait_view("ben", title="Menu")
    await control.submit("ben", {"dish": "stones"})
    await control.submit("ben", {"dish": "soup"})
    await control.shortcut("ben", "look", channel="general", ts=ts)
    await control.wait_view("ben", title="Look")
    await control.close_view("ben")
    direct = await control.open_dm("ben", "kostprobe")
    asked = await control.say("ben", "@kostprobe", "What is good?")
    menus = await control.wait_message(direct, "", thread_ts=asked)
    await control.wait_idle()
    first, menus = [line for line in await control.transcript(direct) if line.app_id]
    await control.press("ben", first, "Why")
    await control.wait_message(direct, "Because", ephemeral=True)
    await control.press("ben", menus, "pick", "stew")
    await control.wait_message(direct, "Picked stew")
    await control.open_home("ada")
    await control.wait_idle()
    await control.create_channel("kitchen", members=["ada"], creator="ada")
    await control.join("ben", "kitchen", inviter="ada")
    await control.leave("ben", "kitchen")
    await control.archive("ada", "kitchen")
    return (await control.script()).yaml


async def test_what_was_done_passes_in_a_fresh_local_slack_with_another_model(folder: Path) -> None:
    async with playing(folder, "Otters eat 5 fish.") as stage:
        yaml = await act(stage)
    async with playing(folder, "I would say that it depends.") as stage:
        shown = await play(stage, yaml)
        again = (await stage.slack.control.script()).yaml

    assert "Otters" not in yaml
    assert again == yaml
    assert "    ben presses [More]" in shown
    assert "    ben presses [pick] and chooses stew" in shown
    assert "    at the field: Nobody eats stones." in shown


async def test_the_script_names_what_apps_say_and_offer(folder: Path) -> None:
    async with playing(folder, "Otters eat 5 fish.") as stage:
        lines = (await act(stage)).splitlines()

    assert lines[1] == (
        "- {say: '@kostprobe Hello {you}: #1, ''and'' so on', as: ada, in: general, keep: ada_1}"
    )
    assert lines[2:4] == [
        r"- {expect: 'You\s+said:\s+Hello\s+\{you\}:', in: general, thread: ada_1, buttons: [More], keep: answer_1}",
        "- {press: More, as: ben, at: answer_1}",
    ]
    assert r"- {at: answer_1, expect: Pressed\.}" in lines
    assert r"- {expect: 'Done:\s+help\s+me', in: general, to: gina, keep: answer_3}" in lines
    assert "- {open: Menu, as: ben}" in lines
    assert any(r"expect: Answered\s+by\s+\S+\s+in, in: '@kostprobe', as: ben" in line for line in lines)
    assert "- {open: home, as: ada, shows: Welcome\\s+home\\.}" in lines


async def test_files_that_were_sent_and_picked_come_along(folder: Path) -> None:
    texts, bytes_ = "question\n\"Why, 'so'?\"\r\n\tWie? 🙂".encode(), b"\x89PNG\xff\x00"
    async with playing(folder, "x") as stage:
        control = stage.slack.control
        menu_, picture = (
            await control.upload("ben", "menu.csv", texts),
            await control.upload("ben", "a.png", bytes_),
        )
        ts = await control.say("ben", "general", "", files=[{"id": menu_}, {"id": picture}])
        await control.shortcut("ben", "hand_in")
        await control.wait_view("ben", title="Hand in")
        await control.submit("ben", {"menu": [menu_]})
        got = await control.wait_message("general", "Got")
        await control.wait_message("general", "Thank", thread_ts=got.ts)
        await control.react("ada", "general", ts, "eyes")
        yaml = (await control.script()).yaml
        sent = stage.slack.core.workspace.messages[stage.slack.core.workspace.channel("general").id][ts].files
    async with playing(folder, "x") as stage:
        shown = await play(stage, yaml)
        again = (await stage.slack.control.script()).yaml
        contents = list(stage.slack.core.workspace.files.values())

    assert [(file["name"], file["size"]) for file in sent] == [
        ("menu.csv", len(texts)),
        ("a.png", len(bytes_)),
    ]
    assert again == yaml
    assert contents == [texts, bytes_]
    assert f"    ben uploads menu.csv ({len(texts)} bytes)" in shown
    assert "    ben picks file_1 in menu" in shown


CLEARED: dict[str, Any] = {"plain_text_input": None, "static_select": None, "checkboxes": []}
UNTOUCHED: dict[str, Any] = {"email_text_input": None, "radio_buttons": None, "multi_static_select": []}
TYPED = {
    "datetimepicker": 1_800_000_000,
    "rich_text_input": {
        "type": "rich_text",
        "elements": [{"type": "rich_text_section", "elements": [{"type": "text", "text": "Now"}]}],
    },
}


async def test_moments_and_rich_texts_come_along_and_what_was_cleared_is_cleared_again(folder: Path) -> None:
    async def what_was_ordered(stage: Stage) -> str:
        return (await stage.slack.control.wait_message("general", "Ordered")).text

    async with playing(folder, "x") as stage:
        control = stage.slack.control
        await control.shortcut("ben", "order")
        await control.wait_view("ben", title="Order")
        await control.submit(
            "ben", {f"{name}/{name}": value for name, value in {**TYPED, **CLEARED, **UNTOUCHED}.items()}
        )
        first = await what_was_ordered(stage)
        await control.wait_idle()
        yaml = (await control.script()).yaml
    async with playing(folder, "x") as stage:
        await play(stage, yaml)
        second = await what_was_ordered(stage)

    assert first == second
    assert "1800000000" in first
    assert "Soup" not in first
    filled = [(step["field"], step["fill"]) for step in read(yaml) if "fill" in step]
    expected = {**TYPED, "plain_text_input": "", "static_select": "", "checkboxes": []}
    assert filled == [(f"{name}/{name}", value) for name, value in expected.items()]


async def test_what_was_put_in_before_an_error_and_cleared_then_is_cleared_again(folder: Path) -> None:
    async with playing(folder, "x") as stage:
        control = stage.slack.control
        await control.command("ben", "general", "/kostprobe form")
        await control.wait_view("ben", title="Menu")
        await control.submit("ben", {"dish": "stones"})
        await control.submit("ben", {"dish": None})
        await control.submit("ben", {"dish": "soup"})
        await control.wait_idle()
        yaml = (await control.script()).yaml
    async with playing(folder, "x") as stage:
        await play(stage, yaml)

    assert [step["fill"] for step in read(yaml) if "fill" in step] == ["stones", "", "soup"]


async def test_commands_that_are_not_taken_come_along_with_why_and_with_their_thread(folder: Path) -> None:
    async with playing(folder, "x") as stage:
        control = stage.slack.control
        await control.command("ben", "general", "/kostprobr help")
        ts = await control.say("ben", "general", "Hm")
        await control.command("ben", "general", "/kostprobe help", thread_ts=ts)
        await control.wait_idle()
        yaml = (await control.script()).yaml
    async with playing(folder, "x") as stage:
        await play(stage, yaml)
        again = (await stage.slack.control.script()).yaml

    lines = yaml.splitlines()
    assert "- {command: /kostprobr help, as: ben, in: general, error: invalid_command}" in lines
    assert "- {command: /kostprobe help, as: ben, in: general, thread: ben_1, error: not_in_threads}" in lines
    assert again == yaml


async def test_an_app_that_offers_something_else_does_not_pass(folder: Path) -> None:
    async with playing(folder, "Otters eat 5 fish.") as stage:
        yaml = await act(stage)
    async with playing(folder, "Otters eat 5 fish.", label="How") as stage:
        with pytest.raises(ScriptFault, match="Answered"):
            await play(stage, yaml, seconds=1)


async def test_acts_before_a_moment_are_left_out_and_their_messages_found(folder: Path) -> None:
    async with playing(folder, "x") as stage:
        control = stage.slack.control
        ts = await control.say("ada", "general", "Good morning, all of you")
        await control.wait_idle()
        since = (await control.log())[-1]["seq"] + 1
        await control.command("gina", "general", "/kostprobe help")
        await control.react("ben", "general", ts, "wave")
        exported = await control.script(since=since)
    async with playing(folder, "x") as stage:
        await stage.slack.control.say("ada", "general", "Good morning, all of you")
        await play(stage, exported.yaml)
        (line, *_) = await stage.slack.control.transcript("general")

    assert exported.acts == 2
    assert r"find: 'Good\s+morning" in exported.yaml
    assert list(line.reactions) == ["wave"]


async def test_what_was_refused_and_what_was_before_a_reset_is_no_act(folder: Path) -> None:
    async with playing(folder, "x") as stage:
        control = stage.slack.control
        await control.say("ada", "general", "hello")
        await control.reset()
        with pytest.raises(Exception, match="nothing to say"):
            await control.say("ada", "general", " ")

        assert (await control.script()).acts == 0


def test_a_modal_belongs_to_what_its_own_reader_did() -> None:
    opened = Shown("modal", "U1", "Dish:", title="Menu")
    acts = [Act("command", {}, 1, 1, user="U1"), Act("say", {}, 2, 2, user="U2", shown=[opened])]

    assert answers(acts) == [[opened], []]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", r"\S"),
        ("\n\nOne two\nthree", r"One\s+two"),
        ("*A* was *star-chef*, *B* was", r"\S+\s+was\s+\S+\s+\S+"),
        ("*Which is better, A or B?*", r"\*Which\s+is\s+better,\s+A"),
        ("<@U1> wrote `x`: 1.5", r"\S+\s+wrote\s+\S+\s+\d+\.\d+"),
        ("You have 3 (three) votes, and more", r"You\s+have\s+\d+\s+\(three\)"),
    ],
)
def test_first_words(text: str, expected: str) -> None:
    assert pattern(text) == expected
