"""What people did with the bot, exported and played again in a house of its own, where models say something else."""

import secrets
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path

import yaml

from bot.cli.bot_process import BotProcess
from bot.cli.playground import Stage
from bot.cli.script import Player
from tests.fakes.openai_server import FakeOpenAI
from tests.scenarios.house import QUICK, House, make_settings, make_slack


@asynccontextmanager
async def house(store_url: str, words: str) -> AsyncGenerator[House]:
    app, unopened = make_slack(timings=QUICK)
    async with unopened as slack, FakeOpenAI(("fake", "tuned")) as openai:
        openai.script("fake", lambda _received: words)
        prefix = f"e-{secrets.token_hex(4)}"
        settings = make_settings(app, slack, openai, REDIS_URL=store_url, redis_prefix=prefix, door="socket")
        opened = House(slack, openai, settings)
        try:
            await opened.start()
            yield opened
        finally:
            await opened.stop()


async def ask_duel_and_vote(opened: House) -> str:
    control = opened.control
    await opened.tell(
        "ann", "kitchen", "/kostprobe config set pair=star-chef,support answer=support close_minutes=0"
    )
    asked = await control.say("ben", "kitchen", "@kostprobe What is a roux?")
    await control.wait_message("kitchen", "support", thread_ts=asked)
    await control.wait_idle()
    since = await opened.now("kitchen")
    await control.command("cleo", "kitchen", "/kostprobe duel What is a bisque?")
    question = await control.wait_message("kitchen", "What is a bisque", after=since)
    ballot = await control.wait_message("kitchen", "Nobody has voted", thread_ts=question.ts)
    await control.press("ben", ballot, "B better")
    await control.press("cleo", ballot, "Tie")
    await control.wait_message("kitchen", "2 people", thread_ts=question.ts)
    await control.wait_idle()
    await control.command("ann", "kitchen", "/kostprobe config")
    await control.wait_view("ann")
    await control.submit("ann", {"config:pair_b": "star-chef"})
    await control.close_view("ann")
    await control.press("cleo", ballot, "Close")
    await control.wait_message("kitchen", r"A\* was", thread_ts=question.ts)
    await control.wait_idle()
    await control.command("dora", "kitchen", "/kostprobe ask")
    await control.wait_view("dora")
    await control.submit("dora", {"question_text": "What is a fumet?"})
    asked = (await control.wait_message("kitchen", "What is a fumet")).ts
    await control.wait_message("kitchen", "support", thread_ts=asked)
    await control.wait_idle()
    return (await control.script()).yaml


async def test_a_duel_that_people_played_passes_as_a_script_with_other_models(
    store_url: str, tmp_path: Path
) -> None:
    async with house(store_url, "Flour in butter, says one.") as opened:
        script = await ask_duel_and_vote(opened)
    shown: list[str] = []
    async with house(store_url, "Something else entirely.") as opened:
        stage = Stage(opened.slack, BotProcess({}, tmp_path))

        async def restart() -> Stage:
            return stage

        await Player(stage, restart, shown.append).play(yaml.safe_load(script))

    assert "Flour" not in script
    form, sent, expected = (
        script.index(part) for part in ("'What is a fumet?', field", "submit: Ask", "asks:")
    )
    assert form < sent < expected
    assert "    ben presses [B better]" in shown
    assert "    cleo presses [Close]" in shown
    assert any("*A* was" in line for line in shown)
