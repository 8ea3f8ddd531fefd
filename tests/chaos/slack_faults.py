"""Slack refuses, breaks, and loses replies while it is told answers: each is there once."""

import asyncio
from pathlib import Path

from bot.playground.slack.faults import Fault, FaultKind
from bot.playground.slack.traffic import Entry
from tests.chaos.nursery import Nursery
from tests.chaos.rig import PEOPLE, SERVE, Rig, open_rig


def disturb(rig: Rig, method: str, kinds: list[FaultKind | None], most: int) -> list[FaultKind]:
    """Have the calls of a method (`*` for any) meet these by turns, so many in all; None lets one through.

    Returns:
        What was met so far.
    """
    calls = 0
    met: list[FaultKind] = []

    def on_entry(entry: Entry) -> None:
        nonlocal calls
        if entry.kind != "call" or entry.outcome != "open" or method not in {"*", entry.name}:
            return
        kind = kinds[calls % len(kinds)]
        calls += 1
        if kind is not None and len(met) < most:
            # taken by this very call, which is looked at for faults next
            rig.slack.core.faults.calls.insert(0, Fault(entry.name, kind, seconds=0))
            met.append(kind)

    rig.slack.core.traffic.listeners.append(on_entry)
    return met


async def ask_all(rig: Rig) -> None:
    """Ask many things: questions with a second one behind them, and duels."""

    async def converse(number: int) -> None:
        asker = PEOPLE[number % len(PEOPLE)]
        first = await rig.ask(asker, "kitchen", f"Why {number}?", wish="duel " if number % 4 == 0 else "")
        await rig.ask(asker, "kitchen", f"What after {number}?", thread=first.thread)

    await asyncio.gather(*(converse(number) for number in range(8)))


async def set_pair(rig: Rig) -> None:
    await rig.control.command("ann", "kitchen", "/kostprobe config set pair=support,star-chef")
    await rig.control.wait_message("kitchen", ephemeral=True)


async def with_every_second_call_limited_each_question_is_answered_once(
    nursery: Nursery, folder: Path
) -> str:
    # sixteen answers are at least sixteen posts, so that many calls are limited however few statuses are set
    return await answer_in_spite_of(nursery, folder, "*", ["ratelimited", None], most=16)


async def when_posts_fail_or_lose_their_replies_each_question_is_answered_once(
    nursery: Nursery, folder: Path
) -> str:
    return await answer_in_spite_of(
        nursery, folder, "chat.postMessage", ["server_error", "drop_reply", None], most=8
    )


async def answer_in_spite_of(
    nursery: Nursery, folder: Path, method: str, kinds: list[FaultKind | None], *, most: int
) -> str:
    async with open_rig(folder, nursery) as rig:
        await rig.start(*SERVE)
        await set_pair(rig)
        met = disturb(rig, method, kinds, most)

        await ask_all(rig)
        await rig.all_answered()

        history = rig.history()
        history.check()
        assert len(met) == most
        assert ballot_rows(rig) == 2
        assert all(rig.times_asked(asked.text) <= 2 for asked in rig.asked), "a model was asked again"
        return (
            f"{len(history.asked)} questions, {len(met)} faults of Slack: {len(history.lost)} lost, "
            f"{len(history.doubled)} doubled; slowest answer after {history.slowest:.1f} s"
        )


def ballot_rows(rig: Rig) -> int:
    """How many messages there are to vote with."""
    messages = rig.slack.core.workspace.messages[rig.channel("kitchen")].values()
    return sum(any("vote:a" in str(block) for block in message.blocks) for message in messages)
