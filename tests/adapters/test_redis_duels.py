"""Duels, ballots, locks, closing and the vote log."""

from dataclasses import replace

import pytest

from bot.adapters.redis_client import Store
from bot.domain.ballot import Choice, Tally
from bot.domain.duel import ClosedBy, Duel, State
from bot.domain.ids import ChannelId, ChannelKey, DuelId, Pseudonym, TeamId
from bot.domain.thread import Side
from bot.services.ports import Ballot, Cast, CastResult, DuelInThread, DuelTexts
from tests.adapters.redis_kit import NOON, PLACE, Build, FakeClock, Threads

ANN, BEN, CEM = Pseudonym("p-ann"), Pseudonym("p-ben"), Pseudonym("p-cem")


async def cast(
    threads: Threads, duel: Duel, voter: Pseudonym, choice: Choice, *, asker: bool = False
) -> CastResult:
    return await threads.duels.cast(PLACE, duel.id, voter, choice, asker=asker, now=NOON)


async def in_thread(threads: Threads, build: Build, duel: Duel) -> DuelInThread:
    await threads.ask(build.question(duel.thread))
    work = await threads.must_take(duel.thread)
    return work.duels[duel.id]


async def test_a_duel_that_is_not_there(threads: Threads) -> None:
    ghost = DuelId("ghost")

    assert await threads.duels.load(PLACE, ghost) is None
    assert await threads.duels.texts(PLACE, ghost) is None
    assert await threads.duels.ballot(PLACE, ghost, ANN) is None
    assert await threads.duels.lock(PLACE, ghost, ANN) is None
    assert await threads.duels.close(PLACE, ghost, ClosedBy.TIME, now=NOON) is None
    for asker in (False, True):
        result = await threads.duels.cast(PLACE, ghost, ANN, Choice.A, asker=asker, now=NOON)
        assert result == CastResult(Cast.GONE, 0)


async def test_a_duel_of_another_channel_is_not_there(threads: Threads, open_duel: Duel) -> None:
    elsewhere = ChannelKey(TeamId("T1"), ChannelId("C2"))

    assert await threads.duels.load(elsewhere, open_duel.id) is None


async def test_texts_are_kept_for_their_lifetime(threads: Threads, open_duel: Duel, store: Store) -> None:
    texts = await threads.duels.texts(PLACE, open_duel.id)

    assert texts == DuelTexts("How do I knead?", "Long.", "Short.")
    assert 0 < await store.redis.ttl(store.keys.text(PLACE, open_duel.id)) <= 90 * 86_400
    for key in (store.keys.duel(PLACE, open_duel.id), store.keys.duels(PLACE)):
        assert await store.redis.ttl(key) == -1


async def test_the_last_ballot_of_a_person_counts(threads: Threads, open_duel: Duel, store: Store) -> None:
    results = [
        await cast(threads, open_duel, ANN, Choice.A),
        await cast(threads, open_duel, ANN, Choice.A),
        await cast(threads, open_duel, BEN, Choice.TIE),
        await cast(threads, open_duel, ANN, Choice.BOTH_BAD),
    ]

    assert results == [
        CastResult(Cast.CAST, 1),
        CastResult(Cast.SAME, 1),
        CastResult(Cast.CAST, 2),
        CastResult(Cast.CHANGED, 2),
    ]
    assert await threads.duels.ballot(PLACE, open_duel.id, ANN) == Ballot(Choice.BOTH_BAD, locked=False)
    assert await threads.duels.count(PLACE, open_duel.id) == 2
    for key in (store.keys.ballots(PLACE, open_duel.id), store.keys.votelog(PLACE, open_duel.id)):
        assert await store.redis.ttl(key) == -1


async def test_a_locked_ballot_stays_and_counts(threads: Threads, open_duel: Duel) -> None:
    await cast(threads, open_duel, ANN, Choice.B)

    locked = [await threads.duels.lock(PLACE, open_duel.id, ANN) for _ in range(2)]

    assert locked == [Ballot(Choice.B, locked=True)] * 2
    assert await cast(threads, open_duel, ANN, Choice.A) == CastResult(Cast.LOCKED, 1)
    assert await threads.duels.lock(PLACE, open_duel.id, BEN) is None
    closed = await threads.duels.close(PLACE, open_duel.id, ClosedBy.PERSON, now=NOON)
    assert closed is not None
    assert closed.tally == Tally(b=1)


# ---------------------------------------------------------------- closing


async def test_a_duel_is_closed_once_with_the_ballots_that_are_in(
    threads: Threads, open_duel: Duel, clock: FakeClock
) -> None:
    for voter, choice in ((ANN, Choice.B), (BEN, Choice.B), (CEM, Choice.TIE)):
        await cast(threads, open_duel, voter, choice)
    before = await threads.duels.load(PLACE, open_duel.id)
    now = clock.advance(minutes=11)

    closed = await threads.duels.close(PLACE, open_duel.id, ClosedBy.BALLOTS, now=now)

    assert before is not None
    assert closed == before.closed(Tally(b=2, tie=1), ClosedBy.BALLOTS, now)
    assert await threads.duels.load(PLACE, open_duel.id) == closed
    assert await threads.duels.close(PLACE, open_duel.id, ClosedBy.TIME, now=now) is None
    assert await cast(threads, open_duel, ANN, Choice.A) == CastResult(Cast.CLOSED, 3)


async def test_closing_repeated_after_a_lost_reply_returns_the_duel_again(
    threads: Threads, open_duel: Duel
) -> None:
    closed = [await threads.duels.close(PLACE, open_duel.id, ClosedBy.TIME, now=NOON) for _ in range(2)]

    assert closed[0] is not None
    assert closed[0] == closed[1]


async def test_a_duel_without_ballots_closes_as_nobody_voted(threads: Threads, open_duel: Duel) -> None:
    closed = await threads.duels.close(PLACE, open_duel.id, ClosedBy.TIME, now=NOON)

    assert closed is not None
    assert (closed.state, closed.tally) == (State.NOBODY_VOTED, Tally())


# ---------------------------------------------------------------- the side that the thread goes on from


@pytest.mark.parametrize(
    ("choices", "side"),
    [
        ([Choice.B], Side.B),
        ([Choice.A], Side.A),
        ([Choice.B, Choice.TIE], Side.A),
        ([Choice.B, Choice.BOTH_BAD], Side.A),
        ([Choice.B, Choice.B], Side.B),
    ],
)
async def test_an_open_duel_goes_on_from_the_side_that_the_asker_prefers(
    threads: Threads, build: Build, open_duel: Duel, choices: list[Choice], side: Side
) -> None:
    for choice in choices:
        await cast(threads, open_duel, ANN, choice, asker=True)

    known = await in_thread(threads, build, open_duel)

    assert (known.open, known.side) == (True, side)
    assert known.side is open_duel.followed_side(choices[-1])


async def test_ballots_of_others_do_not_move_an_open_thread(
    threads: Threads, build: Build, open_duel: Duel
) -> None:
    await cast(threads, open_duel, ANN, Choice.B)

    assert (await in_thread(threads, build, open_duel)).side is open_duel.follow


@pytest.mark.parametrize(
    ("choices", "side"),
    [
        ([Choice.B, Choice.B, Choice.A], Side.B),
        ([Choice.A, Choice.TIE], Side.A),
        ([Choice.A, Choice.B], Side.A),
        ([], Side.A),
    ],
)
async def test_a_closed_duel_goes_on_from_the_side_that_leads_else_from_the_coins(
    threads: Threads, build: Build, open_duel: Duel, choices: list[Choice], side: Side
) -> None:
    for number, choice in enumerate(choices):
        await cast(threads, open_duel, Pseudonym(f"p{number}"), choice, asker=number == 0)
    closed = await threads.duels.close(PLACE, open_duel.id, ClosedBy.TIME, now=NOON)

    known = await in_thread(threads, build, open_duel)

    corner, rival = open_duel.seal.of(side), open_duel.seal.of(side.other)
    assert known == DuelInThread(
        open=False,
        named=bool(choices),
        side=side,
        name=corner.name,
        fingerprint=corner.fingerprint,
        rival=rival.fingerprint,
    )
    assert closed is not None
    assert known.side is closed.followed_side(None)


async def test_a_vote_after_the_threads_lifetime_brings_no_thread_back(
    threads: Threads, open_duel: Duel, store: Store
) -> None:
    await store.redis.delete(store.keys.thread(open_duel.thread))
    await cast(threads, open_duel, ANN, Choice.B, asker=True)
    await threads.duels.close(PLACE, open_duel.id, ClosedBy.TIME, now=NOON)

    assert not await store.redis.exists(store.keys.thread(open_duel.thread))


# ---------------------------------------------------------------- lists and checks


async def test_the_newest_duels_come_first(threads: Threads, build: Build) -> None:
    opened = []
    for minute in range(3):
        question = build.question()
        recorded, duel = build.duelled(question)
        duel = replace(duel, opened_at=NOON.replace(minute=minute))
        await threads.ask(question)
        await threads.record(await threads.must_take(question.thread), replace(recorded, duel=duel))
        opened.append(duel)

    assert await threads.duels.latest(PLACE, 2) == [opened[2], opened[1]]
    assert await threads.duels.latest(PLACE, 0) == []


async def test_the_vote_log_rebuilds_every_tally(threads: Threads, open_duel: Duel) -> None:
    for voter, choice in ((ANN, Choice.A), (BEN, Choice.B), (ANN, Choice.B), (CEM, Choice.TIE)):
        await cast(threads, open_duel, voter, choice)
    await threads.duels.lock(PLACE, open_duel.id, CEM)
    (running,) = [check async for check in threads.duels.check_tallies()]
    await threads.duels.close(PLACE, open_duel.id, ClosedBy.TIME, now=NOON)
    (closed,) = [check async for check in threads.duels.check_tallies()]

    assert (running.place, running.duel, running.stored) == (PLACE, open_duel.id, None)
    assert running.rebuilt == running.ballots == Tally(b=2, tie=1)
    assert closed.stored == Tally(b=2, tie=1)
    assert running.agrees
    assert closed.agrees


async def test_a_ballot_that_somebody_changed_by_hand_is_found(
    threads: Threads, open_duel: Duel, store: Store
) -> None:
    await cast(threads, open_duel, ANN, Choice.A)
    await store.redis.hset(store.keys.ballots(PLACE, open_duel.id), ANN, "b")

    (check,) = [check async for check in threads.duels.check_tallies()]

    assert not check.agrees
