"""What a workspace says by itself when it is played in for the first time."""

import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack

import pytest

from bot.cli import settling
from bot.cli.seeds import Seeds
from bot.cli.settling import converse, settle
from bot.playground.house.shipped import model_id
from bot.playground.slack import App, ControlRefused, LocalSlack, workspace_from
from bot.slack import ids
from tests.fakes.openai_replies import Received
from tests.fakes.openai_server import FakeOpenAI
from tests.scenarios.house import QUICK, ROOT, House, make_settings

SEEDS = Seeds.read()


def _answer(received: Received) -> str:
    return f"Well: {received.question}"


@pytest.fixture
async def house(store_url: str, store_prefix: str) -> AsyncGenerator[House]:
    """The seeded workspace, a bot that is in no channel yet, and a model."""
    app = App.from_manifest(ROOT / "manifest.json", channels=())
    slack = LocalSlack(workspace_from(SEEDS.workspace, time.time), apps=[app], timings=QUICK)
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(slack)
        openai = await stack.enter_async_context(FakeOpenAI(("fake", model_id())))
        for model in ("fake", model_id()):
            openai.script(model, _answer)
        given = {"REDIS_URL": store_url, "redis_prefix": store_prefix}
        house = House(slack, openai, make_settings(app, slack, openai, **given))
        stack.push_async_callback(house.stop)
        await house.start()
        yield house


async def test_the_bot_greets_each_channel_and_the_one_of_duels_has_a_pinned_button(house: House) -> None:
    told: list[tuple[str, float]] = []
    await settle(house.control, SEEDS, lambda what, share: told.append((what, share)))

    assert [what for what, _ in told] == [f"#{name}" for name in SEEDS.configs]
    assert [share for _, share in told] == sorted(share for _, share in told)
    for channel in SEEDS.configs:
        lines = await house.control.transcript(channel)
        pinned = [line for line in lines if line.pinned]
        assert [line.buttons[0].text for line in pinned] == (
            ["Try a duel"] if channel == "taste-test" else []
        )
        (greeting,) = [line for line in lines if any(b.action_id == ids.ASK_HERE for b in line.buttons)]
        assert "nobody" not in greeting.text.partition("shown to")[0]

    (line,) = [line for line in await house.control.transcript("taste-test") if line.pinned]
    await house.control.press("gus", line, "Try a duel")
    await house.control.wait_view("gus", callback_id=ids.ASK_MODAL)
    await house.control.submit("gus", {ids.QUESTION_TEXT: "When does the basil go on?"})
    await house.control.wait_message("taste-test", "Nobody has voted")


async def test_people_have_asked_followed_up_and_voted(house: House) -> None:
    await settle(house.control, SEEDS, lambda _what, _share: None)
    since = await house.now("taste-test")
    await converse(house.control, SEEDS.samples, lambda _what, _share: None)

    for sample in SEEDS.samples:
        answered = [
            line
            for line in await house.control.transcript(sample["channel"])
            if line.app_id and line.ts > since and line.thread_ts
        ]
        assert any(f"Well: {sample['ask']}" in line.text for line in answered)
        if follow_up := sample.get("follow_up"):
            assert any(f"Well: {follow_up}" in line.text for line in answered)
    said = [line for line in await house.control.transcript("taste-test") if line.thread_ts]
    result = next(line for line in said if "pizzaiolo" in line.text)
    assert "trattoria" in result.text
    assert "3" in result.text
    assert "for show" in said[-1].text


async def test_whoever_is_not_answered_does_not_wait_for_ever(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(settling, "ANSWERED_WITHIN", 0.01)
    (duel,) = [sample for sample in SEEDS.samples if "votes" in sample]

    with pytest.raises(ControlRefused, match="taste-test"):
        await converse(house.control, [duel], lambda _what, _share: None)


def test_what_people_ask_is_among_the_questions_that_were_read() -> None:
    offered = {
        message["channel"]: message["text"].partition("Ten to begin with:")[2]
        for message in SEEDS.workspace["messages"]
    }

    assert {sample["channel"] for sample in SEEDS.samples} == set(SEEDS.configs)
    for sample in SEEDS.samples:
        assert f"• {sample['ask']}" in offered[sample["channel"]]
    (duel,) = [sample for sample in SEEDS.samples if "votes" in sample]
    assert len(duel["votes"]) >= 3, "the split is told from three ballots on"
    assert "for show" in duel["afterwards"]
