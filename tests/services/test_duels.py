"""A duel from the question to its end, through the real services."""

from collections.abc import Awaitable
from typing import Any

import pytest

from bot.domain.ballot import Choice, Tally
from bot.domain.channel_config import ChannelConfig
from bot.domain.duel import ClosedBy, State
from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import DuelId
from bot.domain.question import DuelReply
from bot.domain.thread import Side
from bot.services.ports import Cast, Job, JobKind
from tests.builders import ANN, BOB, CAT, DAN, PLACE, completion, person
from tests.services.house import ADMIN, DUELS, House

A, B, TIE, BAD = Choice.A, Choice.B, Choice.TIE, Choice.BOTH_BAD
NO_DUEL = DuelId("there is none")


async def refused(attempt: Awaitable[object], code: Code) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await attempt
    assert caught.value.code is code
    return caught.value


async def test_a_duel_end_to_end(open_house: House) -> None:
    house, duel = open_house, open_house.duel.id
    assert house.chat.unique_reply() == DuelReply(duel, "support says: Why?", "chef says: Why?", False, False)

    receipt = await house.dueling.cast(PLACE, duel, ANN, A)
    assert (receipt.choice, receipt.changed, receipt.ballots) == (A, False, 1)
    await house.vote(duel, BOB, B)
    receipt = await house.dueling.cast(PLACE, duel, ANN, B)
    assert (receipt.choice, receipt.changed, receipt.ballots) == (B, True, 2)
    again = await house.dueling.cast(PLACE, duel, ANN, B)
    assert not again.changed

    house.clock.advance(minutes=1)
    await house.keep_time()
    assert [(update.ballots, update.state, update.revealed) for update in house.chat.updates] == [
        (2, State.OPEN, None)
    ]

    await house.vote(duel, CAT, TIE)
    house.clock.advance(minutes=9)
    await house.keep_time()
    done = house.duel
    assert (done.state, done.closed_by, done.tally) == (State.CLOSED, ClosedBy.BALLOTS, Tally(b=2, tie=1))
    last = house.chat.updates[-1]
    assert last.revealed is not None
    assert last.revealed.seal.b.name == "chef"
    assert last.revealed.split == Tally(b=2, tie=1)
    assert (await refused(house.dueling.cast(PLACE, duel, DAN, A), Code.DUEL_CLOSED)).fields == {
        "when": done.closed_at
    }


async def test_what_each_side_cost_is_told_at_the_end(house: House) -> None:
    house.set(DUELS)
    house.models.say("support", completion("s", total_ms=1500))
    await house.ask()
    await house.vote(house.duel.id, ANN, A)
    await house.vote(house.duel.id, BOB, A)

    await house.dueling.close(PLACE, house.duel.id, ANN)

    revealed = house.chat.updates[-1].revealed
    assert revealed is not None
    assert revealed.split is None
    assert revealed.tally is not None
    assert revealed.tally.leader is Side.A
    assert revealed.seal.a.total_ms == 1500
    assert revealed.seal.b.completion_tokens == 20


# ------------------------------------------------------------ voting


@pytest.mark.parametrize("traits", [{"app": True}, {"stranger": True}])
async def test_apps_and_strangers_neither_vote_nor_look(open_house: House, traits: dict[str, Any]) -> None:
    house, duel = open_house, open_house.duel.id
    house.chat.people[BOB] = person(BOB, **traits)

    await refused(house.dueling.cast(PLACE, duel, BOB, A), Code.NOT_A_VOTER)
    await refused(house.dueling.my_ballot(PLACE, duel, BOB), Code.NOT_A_VOTER)
    await refused(house.dueling.peek(PLACE, duel, BOB), Code.NOT_A_VOTER)
    assert await house.duels.count(PLACE, duel) == 0


async def test_guests_vote(open_house: House) -> None:
    open_house.chat.people[BOB] = person(BOB, guest=True)

    assert (await open_house.dueling.cast(PLACE, open_house.duel.id, BOB, BAD)).ballots == 1


async def test_an_old_button_of_a_duel_that_is_gone_is_answered_kindly(house: House) -> None:
    dueling = house.dueling
    for attempt in (
        dueling.cast(PLACE, NO_DUEL, ANN, A),
        dueling.settle(PLACE, NO_DUEL),
        dueling.my_ballot(PLACE, NO_DUEL, ANN),
        dueling.peek(PLACE, NO_DUEL, ANN),
        dueling.close(PLACE, NO_DUEL, ANN),
        dueling.read(PLACE, NO_DUEL, ANN, Side.A),
    ):
        await refused(attempt, Code.DUEL_GONE)


@pytest.mark.parametrize(
    ("happens", "code"),
    [(Cast.CLOSED, Code.DUEL_CLOSED), (Cast.LOCKED, Code.BALLOT_LOCKED), (Cast.GONE, Code.DUEL_GONE)],
)
async def test_what_happens_between_the_click_and_the_store_is_answered_kindly(
    open_house: House, happens: Cast, code: Code
) -> None:
    house, duel = open_house, open_house.duel
    state = house.duels.state(PLACE, duel.id)
    assert state is not None

    def close() -> None:
        state.duel = duel.closed(Tally(), ClosedBy.TIME, house.clock.now())

    def vanish() -> None:
        del house.memory.duels[PLACE, duel.id]

    async def lock() -> None:
        await house.dueling.cast(PLACE, duel.id, BOB, A)
        await house.dueling.peek(PLACE, duel.id, BOB)

    if happens is Cast.LOCKED:
        await lock()
    else:
        house.faults.at("duels.cast", close if happens is Cast.CLOSED else vanish)

    await refused(house.dueling.cast(PLACE, duel.id, BOB, B), code)


async def test_a_vote_that_the_store_did_not_take_is_an_outage(open_house: House) -> None:
    open_house.faults.before("duels.cast", Outage(Code.STORE_DOWN))

    with pytest.raises(Outage):
        await open_house.dueling.cast(PLACE, open_house.duel.id, BOB, A)


async def test_ballots_are_kept_under_pseudonyms_and_the_log_rebuilds_the_tally(open_house: House) -> None:
    house, duel = open_house, open_house.duel.id
    for user, choice in [(ANN, A), (BOB, B), (ANN, TIE), (CAT, BAD)]:
        await house.vote(duel, user, choice)
    house.clock.advance(hours=24)
    await house.keep_time()

    state = house.duels.state(PLACE, duel)
    assert state is not None
    assert not {ANN, BOB, CAT} & set(state.ballots)
    (check,) = [check async for check in house.duels.check_tallies()]
    assert check.agrees
    assert check.rebuilt == Tally(b=1, tie=1, both_bad=1)


async def test_logs_do_not_tell_who_voted_what(open_house: House) -> None:
    await open_house.vote(open_house.duel.id, BOB, B)

    assert open_house.observer.named("ballot_cast") == [{"outcome": "cast", "duel": open_house.duel.id}]


# ------------------------------------------------------------ one's own ballot


async def test_my_vote_shows_and_changes(open_house: House) -> None:
    house, duel = open_house, open_house.duel.id
    mine = await house.dueling.my_ballot(PLACE, duel, BOB)
    assert (mine.choice, mine.locked, mine.ballots, mine.revealed) == (None, False, 0, None)

    await house.vote(duel, BOB, A)
    await house.vote(duel, ANN, B)
    mine = await house.dueling.my_ballot(PLACE, duel, BOB)
    assert (mine.choice, mine.locked, mine.ballots, mine.revealed) == (A, False, 2, None)


async def test_looking_locks_ones_own_ballot_and_shows_the_names_to_nobody_else(open_house: House) -> None:
    house, duel = open_house, open_house.duel.id
    await refused(house.dueling.peek(PLACE, duel, BOB), Code.NO_BALLOT_YET)
    await house.vote(duel, BOB, A)
    await house.vote(duel, ANN, B)

    seen = await house.dueling.peek(PLACE, duel, BOB)

    assert seen.locked
    assert seen.revealed is not None
    assert seen.revealed.seal.a.name == "support"
    assert seen.revealed.tally is None
    await refused(house.dueling.cast(PLACE, duel, BOB, B), Code.BALLOT_LOCKED)
    assert (await house.dueling.my_ballot(PLACE, duel, BOB)).revealed == seen.revealed
    assert (await house.dueling.my_ballot(PLACE, duel, ANN)).revealed is None
    assert (await house.dueling.cast(PLACE, duel, ANN, A)).changed
    await house.keep_time()
    assert all(update.revealed is None for update in house.chat.updates)
    assert house.observer.named("ballot_locked") == [{"duel": duel}]


async def test_a_locked_ballot_counts_at_the_end(open_house: House) -> None:
    house, duel = open_house, open_house.duel.id
    await house.vote(duel, BOB, A)
    await house.dueling.peek(PLACE, duel, BOB)
    house.clock.advance(hours=24)
    await house.keep_time()

    assert house.duel.tally == Tally(a=1)


async def test_after_the_end_everybody_may_see_the_names_and_nothing_is_locked_any_more(
    open_house: House,
) -> None:
    house, duel = open_house, open_house.duel.id
    await house.vote(duel, BOB, A)
    house.clock.advance(hours=24)
    await house.keep_time()

    seen = await house.dueling.peek(PLACE, duel, CAT)

    assert (seen.choice, seen.locked, seen.may_close) == (None, False, False)
    assert seen.revealed is not None
    assert seen.revealed.tally == Tally(a=1)
    assert house.observer.named("ballot_locked") == []


async def test_a_duel_that_nobody_voted_on_stays_unnamed(open_house: House) -> None:
    house, duel = open_house, open_house.duel.id
    house.clock.advance(hours=24)
    await house.keep_time()

    assert house.duel.state is State.NOBODY_VOTED
    assert house.chat.updates[-1].revealed is None
    assert (await house.dueling.my_ballot(PLACE, duel, ANN)).revealed is None
    assert (await house.dueling.peek(PLACE, duel, ANN)).revealed is None


@pytest.mark.parametrize(("side", "text"), [(Side.A, "support says: Why?"), (Side.B, "chef says: Why?")])
async def test_one_side_can_be_read_whole(open_house: House, side: Side, text: str) -> None:
    house, duel = open_house, open_house.duel.id
    await house.vote(duel, BOB, TIE)

    reading = await house.dueling.read(PLACE, duel, BOB, side)
    assert (reading.side, reading.question, reading.text, reading.choice, reading.open) == (
        side,
        "Why?",
        text,
        TIE,
        True,
    )
    assert (await house.dueling.read(PLACE, duel, CAT, side)).choice is None


async def test_a_form_filled_in_with_an_older_ballot_is_found_out(open_house: House) -> None:
    house, duel = open_house, open_house.duel.id
    await house.dueling.check_unchanged(PLACE, duel, BOB, TIE)
    await house.vote(duel, BOB, TIE)

    await house.dueling.check_unchanged(PLACE, duel, BOB, TIE)
    with pytest.raises(Refusal) as refused:
        await house.dueling.check_unchanged(PLACE, duel, BOB, Choice.A)

    assert refused.value.code is Code.BALLOT_CHANGED
    assert refused.value.fields == {"choice": "tie"}


async def test_a_locked_ballot_is_read_as_locked(open_house: House) -> None:
    await open_house.vote(open_house.duel.id, BOB, TIE)
    await open_house.dueling.peek(PLACE, open_house.duel.id, BOB)

    assert (await open_house.dueling.read(PLACE, open_house.duel.id, BOB, Side.A)).locked


async def test_texts_have_a_lifetime_and_the_duel_stays(open_house: House) -> None:
    house, duel = open_house, open_house.duel.id
    house.clock.advance(hours=24 * 90)

    await refused(house.dueling.read(PLACE, duel, BOB, Side.A), Code.DUEL_GONE)
    (report,) = await house.dueling.latest(PLACE)
    assert (report.question, report.ballots) == (None, 0)


# ------------------------------------------------------------ closing


async def test_three_ballots_close_it_but_not_before_ten_minutes(open_house: House) -> None:
    house, duel = open_house, open_house.duel.id
    for user in (ANN, BOB, CAT):
        await house.vote(duel, user, A)
    house.clock.advance(minutes=9)
    await house.keep_time()
    assert house.duel.is_open

    house.clock.advance(minutes=1)
    assert Job(JobKind.CLOSE_DUEL, PLACE, duel) in await house.keep_time()
    assert house.duel.closed_by is ClosedBy.BALLOTS


async def test_the_third_ballot_after_ten_minutes_closes_it_at_once(open_house: House) -> None:
    house, duel = open_house, open_house.duel.id
    await house.vote(duel, ANN, A)
    await house.vote(duel, BOB, A)
    house.clock.advance(minutes=10)
    await house.keep_time()
    assert house.duel.is_open

    await house.vote(duel, CAT, B)

    assert house.duel.closed_by is ClosedBy.BALLOTS
    assert house.observer.named("duel_closed") == [{"duel": duel, "by": "ballots"}]


async def test_a_day_closes_it_with_what_is_there(open_house: House) -> None:
    house, duel = open_house, open_house.duel.id
    await house.vote(duel, BOB, B)
    house.clock.advance(minutes=10)
    await house.keep_time()
    house.clock.advance(hours=23, minutes=49)
    await house.keep_time()
    assert house.duel.is_open

    house.clock.advance(minutes=1)
    await house.keep_time()

    assert (house.duel.closed_by, house.duel.tally) == (ClosedBy.TIME, Tally(b=1))
    assert house.engine.jobs == {}


async def test_the_channel_says_how_many_ballots_and_how_long(house: House) -> None:
    house.set(ChannelConfig(pair=("support", "chef"), duel_share=100, ballots=1, close_minutes=0))
    await house.ask()

    await house.vote(house.duel.id, ANN, A)

    assert not house.duel.is_open


async def test_the_asker_may_close_after_two_ballots_one_of_them_their_own(open_house: House) -> None:
    house, duel = open_house, open_house.duel.id
    await refused(house.dueling.close(PLACE, duel, ANN), Code.NO_BALLOT_YET)
    await house.vote(duel, ANN, A)
    assert not (await house.dueling.my_ballot(PLACE, duel, ANN)).may_close
    await refused(house.dueling.close(PLACE, duel, ANN), Code.TOO_EARLY_TO_CLOSE)
    await house.vote(duel, BOB, A)
    assert (await house.dueling.my_ballot(PLACE, duel, ANN)).may_close

    await house.dueling.close(PLACE, duel, ANN)

    assert (house.duel.closed_by, house.duel.closed_at) == (ClosedBy.PERSON, house.clock.now())
    assert house.chat.updates[-1].state is State.CLOSED
    await refused(house.dueling.close(PLACE, duel, ANN), Code.DUEL_CLOSED)


async def test_others_may_not_close_it_but_an_admin_may(open_house: House) -> None:
    house, duel = open_house, open_house.duel.id
    await house.vote(duel, BOB, A)
    await house.vote(duel, ADMIN, A)
    await refused(house.dueling.close(PLACE, duel, BOB), Code.ASKER_OR_ADMIN)
    assert not (await house.dueling.my_ballot(PLACE, duel, BOB)).may_close
    assert (await house.dueling.my_ballot(PLACE, duel, ADMIN)).may_close

    await house.dueling.close(PLACE, duel, ADMIN)

    assert not house.duel.is_open
    assert ADMIN in house.chat.asked_fresh
    assert ANN not in house.chat.asked_fresh


async def test_two_who_close_at_once_close_it_once(open_house: House) -> None:
    house, duel = open_house, open_house.duel
    await house.vote(duel.id, ANN, A)
    await house.vote(duel.id, BOB, A)
    state = house.duels.state(PLACE, duel.id)
    assert state is not None

    def time_closes() -> None:
        state.duel = duel.closed(Tally(a=2), ClosedBy.TIME, house.clock.now())

    house.faults.at("duels.close", time_closes)
    await house.dueling.close(PLACE, duel.id, ANN)

    assert house.duel.closed_by is ClosedBy.TIME
    assert house.observer.named("duel_closed") == []
