"""Scripts of what people did with an app that takes its time, writes to people, and has many buttons of one name."""

import dataclasses
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli import playground
from bot.cli.bot_process import BotProcess
from bot.cli.play import Terminal
from bot.cli.playground import Stage
from bot.cli.seeds import Seeds
from bot.playground.slack import App, LocalSlack, LocalSlackClient, Timings
from tests.cli.test_script_export import plain, play, read


def button(label: str, action: str, value: str = "1") -> dict[str, Any]:
    return {"type": "button", "action_id": action, "value": value, "text": plain(label)}


def row(*buttons: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(buttons)}


def said(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def thumbs(of: str) -> dict[str, Any]:
    up, down = ({"text": plain(word), "value": f"{word}:{of}"} for word in ("up", "down"))
    both = {"type": "feedback_buttons", "action_id": "thumb", "positive_button": up, "negative_button": down}
    return {"type": "context_actions", "elements": [both]}


def slow_answers(bolt: AsyncApp, client: AsyncWebClient, *, slow: bool) -> None:
    """Have an app answer mentions; a slow one shows that it is at it, and answers when somebody says more."""
    begun: list[dict[str, Any]] = []

    async def answer() -> None:
        for where in begun:
            blocks = [said("Answered, at last"), thumbs(where["ts"])]
            await client.chat_update(channel=where["channel"], ts=where["ts"], text="Answered", blocks=blocks)
        begun.clear()

    @bolt.event("app_mention")
    async def asked(event: dict[str, Any]) -> None:
        blocks = [said("Thinking about it"), row(button("Stop", "stop"))]
        posted = await client.chat_postMessage(
            channel=event["channel"], thread_ts=event["ts"], text="Thinking", blocks=blocks
        )
        begun.append({"channel": posted["channel"], "ts": posted["ts"]})
        if not slow:
            await answer()

    @bolt.event("message")
    async def heard(event: dict[str, Any]) -> None:
        if event.get("text") == "more":
            await answer()

    @bolt.action("thumb")
    async def thumb(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack()
        await respond(text=f"A thumb {body['actions'][0]['value'].partition(':')[0]}", replace_original=False)


def many_buttons(bolt: AsyncApp, client: AsyncWebClient) -> None:
    """Have an app offer things at home, by buttons of one name."""
    rows = [row(button("Take", "take", "soup")), row(button("Take", "take", "stew"))]

    @bolt.event("app_home_opened")
    async def at_home(event: dict[str, Any]) -> None:
        await client.views_publish(user_id=event["user"], view={"type": "home", "blocks": rows})

    @bolt.action("take")
    async def taken(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        await client.chat_postMessage(
            channel="#general", text=f"Somebody takes {body['actions'][0]['value']}"
        )


def votes_in_private(bolt: AsyncApp, client: AsyncWebClient) -> None:
    """Have an app invite to vote; whoever comes votes in a direct message, and the channel reads what came of it."""

    @bolt.event("reaction_added")
    async def reacted() -> None:
        blocks = [said("Come and vote"), row(button("Come", "come"))]
        await client.chat_postMessage(channel="#general", text="Vote", blocks=blocks)

    @bolt.action("come")
    async def came(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        direct = (await client.conversations_open(users=body["user"]["id"]))["channel"]["id"]
        blocks = [said("Your ballot"), row(button("Yes", "yes"))]
        await client.chat_postMessage(channel=direct, text="Ballot", blocks=blocks)

    @bolt.action("yes")
    async def voted(ack: Any, body: dict[str, Any]) -> None:
        await ack()
        where = {"channel": body["channel"]["id"], "ts": body["message"]["ts"]}
        await client.chat_update(**where, text="Thank you", blocks=[said("Thank you")])
        posted = await client.chat_postMessage(channel="#general", text="All have voted")
        await client.chat_postMessage(channel="#general", thread_ts=posted["ts"], text="*Really*")


@asynccontextmanager
async def playing(folder: Path, *, slow: bool = False) -> AsyncGenerator[Stage]:
    app = App(events=App().events | {"reaction_added"})
    async with LocalSlack(apps=[app], timings=Timings(quiet=0.05, save=0.01)) as slack:
        client = AsyncWebClient(token=app.bot_token, base_url=slack.api_url, retry_handlers=[])
        bolt = AsyncApp(client=client)
        slow_answers(bolt, client, slow=slow)
        many_buttons(bolt, client)
        votes_in_private(bolt, client)
        handler = AsyncSocketModeHandler(bolt, app.app_token)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        await slack.control.wait_connected()
        yield Stage(slack, BotProcess({}, folder))
        await handler.close_async()  # type: ignore[no-untyped-call]


async def test_an_answer_that_was_under_way_is_expected_as_it_was_in_the_end(folder: Path) -> None:
    async with playing(folder, slow=True) as stage:
        control = stage.slack.control
        ts = await control.say("ada", "general", "@kostprobe Hello")
        await control.wait_message("general", "Thinking", thread_ts=ts)
        await control.say("ben", "general", "more")
        answer = await control.wait_message("general", "Answered", thread_ts=ts)
        await control.press("ada", answer, "thumb", "negative")
        await control.wait_message("general", "A thumb down")
        yaml = (await control.script()).yaml
    async with playing(folder) as stage:
        shown = await play(stage, yaml, seconds=5)

    assert "Stop" not in yaml
    assert "Thinking" not in yaml
    assert "    kostprobe (only ada sees this): A thumb down" in shown


async def test_a_thumb_is_exported_without_what_its_app_calls_it(folder: Path) -> None:
    async with playing(folder) as stage:
        control = stage.slack.control
        ts = await control.say("ada", "general", "@kostprobe Hello")
        answer = await control.wait_message("general", "Answered", thread_ts=ts)
        await control.press("ada", answer, "thumb", f"up:{answer.ts}")
        await control.wait_message("general", "A thumb up")
        steps = read((await control.script()).yaml)

    assert [step["choose"] for step in steps if "press" in step] == ["positive"]


async def test_of_buttons_with_one_name_the_same_one_is_pressed_again(folder: Path) -> None:
    async with playing(folder) as stage:
        control = stage.slack.control
        await control.open_home("ben")
        await control.wait_idle()
        home = await control.home("ben")
        assert home is not None
        last = home.buttons[-1]
        await control.act("ben", "take", view_id=home.id, block_id=last.block_id, value=last.value)
        await control.wait_message("general", "takes stew")
        yaml = (await control.script()).yaml
    async with playing(folder) as stage:
        shown = await play(stage, yaml, seconds=5)
        again = (await stage.slack.control.script()).yaml

    assert "    kostprobe: Somebody takes stew" in shown
    assert again == yaml


async def vote(control: LocalSlackClient) -> None:
    ts = await control.say("ada", "general", "Hello")
    await control.react("ada", "general", ts, "tada")
    invitation = await control.wait_message("general", "Come and vote")
    await control.press("ben", invitation, "Come")
    direct = await control.open_dm("ben", "kostprobe")
    ballot = await control.wait_message(direct, "Your ballot")
    await control.press("ben", ballot, "Yes")
    await control.wait_message("general", "Really")
    await control.wait_idle()


async def test_what_comes_of_a_press_in_a_direct_message_is_expected_after_it(folder: Path) -> None:
    async with playing(folder) as stage:
        await vote(stage.slack.control)
        yaml = (await stage.slack.control.script()).yaml
    async with playing(folder) as stage:
        await play(stage, yaml, seconds=5)

    lines = yaml.splitlines()
    come, yes = (number for number, line in enumerate(lines) if "press: " in line)
    assert "in: '@kostprobe', as: ben, buttons: ['Yes']" in lines[come + 1]
    assert [line for line in lines if "voted" in line] == [line for line in lines[yes:] if "voted" in line]
    (thread,) = (step for step in read(yaml) if "thread" in step)
    assert thread["expect"] == r"\S+"
    assert thread["another"], "the beginning of its thread would do as well"


async def test_what_a_workspace_begins_with_is_no_act_and_brings_nothing_to_expect(folder: Path) -> None:
    async with playing(folder, slow=True) as stage:
        seeding, control = stage.slack.seeding, stage.slack.control
        ts = await seeding.say("ada", "general", "@kostprobe Hello")
        await seeding.wait_message("general", "Thinking", thread_ts=ts)
        await control.open_home("ben")
        await control.wait_idle()
        await seeding.say("ada", "general", "more")
        await control.wait_message("general", "Answered", thread_ts=ts)
        await control.react("ben", "general", ts, "tada")
        await control.wait_idle()
        exported = await control.script()

    assert exported.acts == 2
    steps = read(exported.yaml)
    assert [next(iter(step)) for step in steps] == ["open", "find", "react", "expect"]


async def test_the_conversations_that_playing_begins_with_are_no_acts(folder: Path) -> None:
    sample = {"channel": "general", "user": "ada", "ask": "Hello?"}
    seeds = dataclasses.replace(Seeds.read(house=False), samples=[sample])
    async with playing(folder) as stage:
        await playground._converse(stage.slack, seeds, Terminal())
        (line, *_) = await stage.slack.control.transcript("general")
        exported = await stage.slack.control.script()

    assert line.text.endswith("Hello?")
    assert exported.acts == 0
