"""While a duel is open nothing that anyone can see differs by contestant.

Each scene is played twice: once with support as A and chef as B, once with the two changed over and their
texts with them, so that A and B read the same. Everything that left the services must be the same.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.domain.ballot import Choice
from bot.domain.channel_config import ChannelConfig
from bot.domain.completion import Completion, FailureKind, Usage
from bot.domain.duel import State
from bot.domain.thread import Side
from bot.services.ports import JobKind
from tests.builders import ANN, BOB, CAT, DAN, PLACE, completion, failure, ts
from tests.services.house import House

PAIR = ("support", "pizzaiolo")
A_SAYS = completion(
    "Because of Rayleigh.", cut=True, usage=Usage(900, 7), first_ms=20, total_ms=70, reported_model="gpt-x"
)
B_SAYS = completion(
    "It reflects the sea." * 100, usage=Usage(3, 400, estimated=True), first_ms=5_000, total_ms=9_000
)
GOES_ON = completion("As I said.")
Scene = Callable[[House], Awaitable[None]]


def slow(words: Completion, other: Completion) -> list[Completion]:
    """What a contestant says first, and the same follow-up whoever gives it, at its own speed."""
    return [words, completion(GOES_ON.text, total_ms=other.total_ms, usage=other.usage)]


async def play(scene: Scene, *, changed_over: bool, follow_b: bool) -> dict[str, Any]:
    house = House()
    house.chat.part_length = 10_000
    house.set(ChannelConfig(answer="support", pair=PAIR, duel_share=100))
    house.chance.numbers = [0.0, 0.1 if changed_over else 0.9, 0.1 if follow_b else 0.9]
    first, second = (B_SAYS, A_SAYS) if changed_over else (A_SAYS, B_SAYS)
    house.models.say("support", *slow(first, second))
    house.models.say("pizzaiolo", *slow(second, first))
    await house.ask()
    await scene(house)
    duel = house.duel
    assert duel.is_open
    assert duel.seal.a.name == ("pizzaiolo" if changed_over else "support")
    assert house.sides() == (A_SAYS.text, B_SAYS.text)
    return {
        "transcript": house.chat.transcript,
        "updates": house.chat.updates,
        "signs": (house.chat.signed, house.chat.unsigned),
        "facts": house.observer.facts,
        "engine": (house.engine.wakes, house.engine.jobs),
        "my votes": [
            (mine.choice, mine.locked, mine.ballots, mine.may_close, mine.revealed)
            for mine in [await house.dueling.my_ballot(PLACE, duel.id, user) for user in (ANN, BOB, DAN)]
        ],
        "readings": [await house.dueling.read(PLACE, duel.id, ANN, side) for side in Side],
        "printed": [repr(report) for report in await house.dueling.latest(PLACE)],
        "steps": house.faults.log,
    }


async def nothing(house: House) -> None:
    del house


async def follow_up(house: House) -> None:
    await house.follow("And then?", 1)
    await house.follow("And who says so?", 2, asker=BOB)


async def follow_up_after_the_askers(house: House) -> None:
    for choice in (Choice.B, Choice.A):
        await house.vote(house.duel.id, ANN, choice)
    await follow_up(house)


async def follow_up_after_the_askers_other(house: House) -> None:
    await house.vote(house.duel.id, ANN, Choice.B)
    await follow_up(house)


async def follow_up_after_others_only(house: House) -> None:
    for user, choice in [(BOB, Choice.A), (CAT, Choice.A), (DAN, Choice.B)]:
        await house.vote(house.duel.id, user, choice)
    house.clock.advance(seconds=1)
    await house.keep_time()
    await follow_up(house)


async def refused_meanwhile(house: House) -> None:
    await house.follow("And then?", 1)
    house.models.say("support", failure(FailureKind.TIMEOUT, total_ms=11))
    house.models.say("pizzaiolo", failure(FailureKind.TIMEOUT, total_ms=11))
    await house.ask("And now?", at=ts(2))


SCENES = [
    nothing,
    follow_up,
    follow_up_after_the_askers,
    follow_up_after_the_askers_other,
    follow_up_after_others_only,
    refused_meanwhile,
]


@pytest.mark.parametrize("follow_b", [False, True])
@pytest.mark.parametrize("scene", SCENES)
async def test_with_the_seal_changed_over_everything_looks_the_same(scene: Scene, follow_b: bool) -> None:
    one = await play(scene, changed_over=False, follow_b=follow_b)
    other = await play(scene, changed_over=True, follow_b=follow_b)

    for what, seen in one.items():
        assert other[what] == seen, what


@pytest.mark.parametrize("scene", SCENES)
async def test_no_contestant_is_named_anywhere(scene: Scene) -> None:
    played = await play(scene, changed_over=False, follow_b=True)

    for what, seen in played.items():
        for name in PAIR:
            assert name not in repr(seen), what


async def test_others_ballots_change_nothing_but_the_count() -> None:
    quiet = await play(follow_up, changed_over=False, follow_b=True)
    voted = await play(follow_up_after_others_only, changed_over=False, follow_b=True)

    assert voted["transcript"] == quiet["transcript"]
    assert [update.ballots for update in voted["updates"]] == [3]


async def test_once_it_is_closed_names_are_told(house: House) -> None:
    house.set(ChannelConfig(answer="support", pair=PAIR, duel_share=100))
    await house.ask()
    await house.vote(house.duel.id, ANN, Choice.A)
    house.clock.advance(hours=24)
    await house.keep_time()

    assert house.chat.updates[-1].state is State.CLOSED
    assert JobKind.CLOSE_DUEL not in {job.kind for job in house.engine.jobs}
    reply = await house.follow("And then?", 1)
    assert reply.contestant in PAIR
    assert house.observer.named("completed")[-1]["contestant"] == reply.contestant
