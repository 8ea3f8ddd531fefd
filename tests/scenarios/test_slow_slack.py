"""Slack is slow itself: it still gets its acknowledgement in time, and what people did is done."""

import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

import pytest

from bot.playground.slack import Line, Taken
from tests.scenarios.house import QUICK, House, Opener
from tests.scenarios.test_duels import by_persona, duel

SLOW_S = 4.0
"""Longer than Slack waits for an acknowledgement."""
IN_TIME_S = 2.6
"""Slack waits for 3 s, of which some are on the way."""


@dataclass(frozen=True)
class Table:
    """A house with an answer and an open duel, in which Slack does not know anybody quickly any more."""

    house: House
    answer: Line
    ballot: Line

    async def slow(self) -> None:
        await self.house.control.wait_idle()
        for method in ("users.info", "conversations.info"):
            await self.house.control.fault(method, "slow", seconds=SLOW_S, times=9)

    async def told(self, pattern: str) -> Line:
        return await self.house.control.wait_message("kitchen", pattern, viewer="dora", ephemeral=True)


@pytest.fixture
async def table(open_house: Opener) -> Table:
    house = await open_house(timings=replace(QUICK, ack=3.0))
    house.openai.script("fake", by_persona)
    await house.tell("ann", "kitchen", "/kostprobe config set pair=star-chef,support answer=support")
    answer = await house.ask("ben", "kitchen", "What is a roux?")
    _, ballot = await duel(house)
    return Table(house, answer, ballot)


ACTS: dict[str, tuple[Callable[[Table], Awaitable[Taken]], str]] = {
    "ask": (lambda t: t.house.control.command("dora", "kitchen", "/kostprobe ask Why?"), "Your question"),
    "vote": (lambda t: t.house.control.press("dora", t.ballot, "A better"), "Your vote"),
    "thumb": (lambda t: t.house.control.press("dora", t.answer, "thumb", "positive"), "a good answer"),
    "second": (lambda t: t.house.control.press("dora", t.answer, "Second opinion"), "the same question"),
    "duel this": (
        lambda t: t.house.control.shortcut("dora", "duel_this", channel="kitchen", ts=t.answer.ts),
        "Both are asked",
    ),
}


@pytest.mark.parametrize("act", ACTS)
async def test_what_is_done_is_acknowledged_in_time_and_goes_on(table: Table, act: str) -> None:
    doing, said = ACTS[act]
    await table.slow()
    began = time.monotonic()

    taken = await doing(table)

    took = time.monotonic() - began
    assert taken.acked, taken
    assert took < IN_TIME_S
    await table.told(said)


async def test_a_form_says_at_its_field_that_slack_is_slow_and_can_be_sent_again(table: Table) -> None:
    house = table.house
    await house.control.command("dora", "kitchen", "/kostprobe ask")
    await house.control.wait_view("dora")
    await table.slow()
    began = time.monotonic()

    sent = await house.control.submit("dora", {"question_text": "Why?"})

    took = time.monotonic() - began
    assert sent.error is None
    assert took < IN_TIME_S
    assert "Slack did not take that. Try again in" in str(sent.errors)
    await house.control.wait_idle()
    again = await house.control.submit("dora", {"question_text": "Why?"})
    assert (again.error, again.errors) == (None, {})
    await house.control.wait_message("kitchen", "says: Why", after=table.ballot.ts)


async def test_what_slack_says_late_is_known_the_next_time(table: Table) -> None:
    await table.slow()
    await table.house.control.press("dora", table.answer, "thumb", "positive")
    await table.told("a good answer")
    asked = len(await table.house.control.calls("users.info"))
    began = time.monotonic()

    await table.house.control.press("dora", table.answer, "thumb", "negative")

    await table.told("Noted instead: a bad answer")
    assert time.monotonic() - began < 1
    assert len(await table.house.control.calls("users.info")) == asked
