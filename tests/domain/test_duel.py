from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ballot import Choice, Tally, count, replay
from bot.domain.checks import Checks
from bot.domain.duel import LOOK_AGAIN, ClosedBy, Corner, Duel, Origin, Seal, State, open_duel
from bot.domain.errors import Code, Refusal
from bot.domain.ids import DuelId, UserId
from bot.domain.language import Written
from bot.domain.thread import Side
from tests.builders import ANN, BOB, NOON, ROOT, THREAD, closed, completion, corner, duel, held
from tests.domain import strategies as some

SECOND = timedelta(seconds=1)
MIRROR = {
    Choice.A: Choice.B,
    Choice.B: Choice.A,
    Choice.TIE: Choice.TIE,
    Choice.BOTH_BAD: Choice.BOTH_BAD,
}
voters = st.sampled_from(["v1", "v2", "v3", "v4"])


# ------------------------------------------------------------ ballots


def test_a_ballot_prefers_a_side_or_none() -> None:
    assert [choice.prefers for choice in Choice] == [Side.A, Side.B, None, None]


@given(st.lists(st.tuples(voters, some.choices)))
def test_each_person_has_one_ballot_and_the_last_one_counts(log: list[tuple[str, Choice]]) -> None:
    tally = replay(log)

    last = dict(log)
    assert tally.ballots == len(last)
    assert tally == count(last.values())


@given(st.lists(st.tuples(voters, some.choices)), some.choices)
def test_a_change_of_mind_is_as_if_the_first_vote_never_was(
    log: list[tuple[str, Choice]], choice: Choice
) -> None:
    others = [(voter, cast) for voter, cast in log if voter != "v1"]

    assert replay([*log, ("v1", choice)]) == replay([*others, ("v1", choice)])


@given(st.permutations(["v1", "v2", "v3", "v4"]), st.lists(some.choices, min_size=4, max_size=4))
def test_the_order_of_different_voters_does_not_matter(order: list[str], cast: list[Choice]) -> None:
    ballots = dict(zip(["v1", "v2", "v3", "v4"], cast, strict=True))

    assert replay([(voter, ballots[voter]) for voter in order]) == replay(list(ballots.items()))


@given(st.lists(some.choices))
def test_swapping_the_sides_mirrors_the_score_and_the_leader(choices: list[Choice]) -> None:
    tally, mirrored = count(choices), count(MIRROR[choice] for choice in choices)

    assert mirrored.ballots == tally.ballots
    assert mirrored.leader == (tally.leader.other if tally.leader else None)
    assert mirrored.score == (None if tally.score is None else -tally.score)


@pytest.mark.parametrize(
    ("tally", "leader", "score"),
    [
        (Tally(), None, None),
        (Tally(a=1), Side.A, -1.0),
        (Tally(b=1), Side.B, 1.0),
        (Tally(tie=2, both_bad=1), None, 0.0),
        (Tally(a=2, b=2), None, 0.0),
        (Tally(a=1, b=2, tie=1), Side.B, 0.25),
    ],
)
def test_who_leads_and_by_how_much(tally: Tally, leader: Side | None, score: float | None) -> None:
    assert (tally.leader, tally.score) == (leader, score)


@given(some.tallies)
def test_a_score_is_between_minus_one_and_one(tally: Tally) -> None:
    assert tally.score is None or -1 <= tally.score <= 1


# ------------------------------------------------------------ closing


@pytest.mark.parametrize(
    ("ballots", "after", "by"),
    [
        (0, timedelta(0), None),
        (3, timedelta(minutes=10) - SECOND, None),
        (3, timedelta(minutes=10), ClosedBy.BALLOTS),
        (2, timedelta(minutes=10), None),
        (4, timedelta(minutes=11), ClosedBy.BALLOTS),
        (2, timedelta(hours=24) - SECOND, None),
        (0, timedelta(hours=24), ClosedBy.TIME),
        (2, timedelta(hours=24), ClosedBy.TIME),
        (3, timedelta(hours=30), ClosedBy.TIME),
    ],
)
def test_it_closes_at_three_ballots_after_ten_minutes_or_after_a_day(
    ballots: int, after: timedelta, by: ClosedBy | None
) -> None:
    assert duel().due(ballots, NOON + after) is by


def test_a_closed_duel_is_never_due() -> None:
    assert closed(Tally(a=3)).due(9, NOON + timedelta(days=9)) is None


@pytest.mark.parametrize(
    ("now", "check"),
    [
        (timedelta(0), timedelta(minutes=10)),
        (timedelta(minutes=10) - SECOND, timedelta(minutes=10)),
        (timedelta(minutes=10), timedelta(minutes=25)),
        (timedelta(hours=23, minutes=50), timedelta(hours=24)),
        (timedelta(hours=24), timedelta(hours=24)),
        (timedelta(hours=30), timedelta(hours=24)),
    ],
)
def test_time_looks_at_it_when_it_may_close_and_when_it_must(now: timedelta, check: timedelta) -> None:
    assert duel().next_check(NOON + now) == NOON + check


def test_one_that_must_close_before_it_may_is_looked_at_when_it_must() -> None:
    hurried = duel(close_after=timedelta(minutes=1440), close_latest=timedelta(hours=1))

    assert hurried.next_check(NOON) == NOON + timedelta(hours=1)
    assert hurried.due(0, NOON + timedelta(hours=1)) is ClosedBy.TIME


@given(some.open_duels, st.integers(0, 60), st.integers(0, 20_000))
def test_checking_when_told_closes_every_duel_in_the_end(opened: Duel, ballots: int, minutes: int) -> None:
    now = opened.opened_at + timedelta(minutes=minutes)
    checks = 0
    while opened.due(ballots, now) is None:
        check = opened.next_check(now)
        assert check > now
        now = check
        checks += 1
    span = opened.close_latest - opened.close_after
    assert checks <= 2 + max(0, span / LOOK_AGAIN)
    assert checks == 0 or now <= opened.opened_at + opened.close_latest


@pytest.mark.parametrize(
    ("actor", "admin", "voted", "ballots", "after", "refused"),
    [
        (ANN, False, True, 2, timedelta(0), None),
        (ANN, False, True, 1, timedelta(minutes=10), None),
        (ANN, False, True, 1, timedelta(minutes=10) - SECOND, Code.TOO_EARLY_TO_CLOSE),
        (ANN, False, False, 5, timedelta(hours=2), Code.NO_BALLOT_YET),
        (BOB, False, True, 5, timedelta(hours=2), Code.ASKER_OR_ADMIN),
        (BOB, True, True, 2, timedelta(0), None),
        (BOB, True, True, 1, timedelta(0), Code.TOO_EARLY_TO_CLOSE),
        (BOB, True, False, 5, timedelta(hours=2), Code.NO_BALLOT_YET),
    ],
)
def test_the_asker_or_an_admin_may_close_after_voting_and_after_a_while(
    *, actor: UserId, admin: bool, voted: bool, ballots: int, after: timedelta, refused: Code | None
) -> None:
    def close() -> None:
        duel().check_close(actor, admin=admin, voted=voted, ballots=ballots, now=NOON + after)

    if refused is None:
        close()
        return
    with pytest.raises(Refusal) as caught:
        close()
    assert caught.value.code is refused
    if refused is Code.TOO_EARLY_TO_CLOSE:
        assert caught.value.fields == {"when": NOON + timedelta(minutes=10), "ballots": 2}


def test_nothing_is_cast_or_closed_once_it_is_closed() -> None:
    done = closed(Tally(a=3))

    duel().check_cast()
    for attempt in (
        done.check_cast,
        lambda: done.check_close(ANN, admin=True, voted=True, ballots=3, now=NOON),
    ):
        with pytest.raises(Refusal) as caught:
            attempt()
        assert caught.value.code is Code.DUEL_CLOSED
        assert caught.value.fields == {"when": done.closed_at}


@pytest.mark.parametrize(
    ("tally", "state"), [(Tally(), State.NOBODY_VOTED), (Tally(both_bad=1), State.CLOSED)]
)
def test_closing_tells_whether_anybody_voted(tally: Tally, state: State) -> None:
    done = duel().closed(tally, ClosedBy.TIME, NOON + timedelta(hours=24))

    assert done.state is state
    assert (done.closed_by, done.closed_at, done.tally, done.is_open) == (
        ClosedBy.TIME,
        NOON + timedelta(hours=24),
        tally,
        False,
    )


# ------------------------------------------------------------ how a thread goes on


@given(st.sampled_from(Side), st.none() | some.choices)
def test_while_open_the_thread_goes_on_from_the_askers_ballot_or_the_coin(
    coin: Side, ballot: Choice | None
) -> None:
    preferred = ballot.prefers if ballot else None

    assert duel(follow=coin).followed_side(ballot) is (preferred or coin)


@given(some.open_duels, some.tallies, st.none() | some.choices)
def test_others_ballots_never_turn_an_open_thread(opened: Duel, others: Tally, ballot: Choice | None) -> None:
    """A tally that has strayed into an open duel changes nothing either."""
    strayed = Duel.from_document({**opened.to_document(), "tally": others.document()})

    assert strayed.followed_side(ballot) is opened.followed_side(ballot)


@given(st.sampled_from(Side), some.tallies, st.none() | some.choices)
def test_once_closed_it_goes_on_from_the_leader_or_the_coin(
    coin: Side, tally: Tally, ballot: Choice | None
) -> None:
    assert closed(tally, follow=coin).followed_side(ballot) is (tally.leader or coin)


# ------------------------------------------------------------ the seal


def test_names_come_out_of_a_closed_duel_only() -> None:
    for sealed in (duel(), closed(Tally())):
        with pytest.raises(Refusal) as caught:
            sealed.reveal()
        assert caught.value.code is Code.DUEL_STILL_OPEN

    done = closed(Tally(a=2, b=1))
    assert done.reveal().seal == done.seal
    assert done.reveal().tally == Tally(a=2, b=1)


def test_a_locked_ballot_opens_nothing_that_was_closed_without_ballots() -> None:
    with pytest.raises(Refusal):
        closed(Tally()).reveal(locked=True)


def test_a_locked_voter_sees_the_names_but_no_counts() -> None:
    seen = duel().reveal(locked=True)

    assert seen.seal == duel().seal
    assert (seen.tally, seen.split) == (None, None)


@pytest.mark.parametrize(
    ("tally", "told"),
    [(Tally(a=1), False), (Tally(a=1, b=1), False), (Tally(a=2, b=1), True), (Tally(both_bad=3), True)],
)
def test_the_split_is_told_from_three_ballots_on(tally: Tally, told: bool) -> None:
    assert closed(tally).reveal().split == (tally if told else None)


def test_printing_a_duel_does_not_break_its_seal() -> None:
    for text in (repr(duel()), str(duel())):
        assert "support" not in text
        assert "chef" not in text


def test_each_side_has_its_corner() -> None:
    seal = Seal(corner("support"), corner("chef"))

    assert [seal.of(side).name for side in Side] == ["support", "chef"]


# ------------------------------------------------------------ opening


@pytest.mark.parametrize(("swapped", "names"), [(False, ["support", "chef"]), (True, ["chef", "support"])])
def test_a_duel_opens_in_the_order_in_which_the_coin_fell(swapped: bool, names: list[str]) -> None:
    opened = open_duel(
        duel=DuelId("d" * 16),
        thread=THREAD,
        asker=ANN,
        asked_ts=ROOT,
        corners=(corner("support"), corner("chef")),
        swapped=swapped,
        follow=Side.B,
        origin=Origin.ASKED,
        scored=False,
        held=held(ballots=5, close_minutes=7, close_hours=3),
        now=NOON,
    )

    assert [opened.seal.a.name, opened.seal.b.name] == names
    assert opened.is_open
    assert (opened.ballots_to_close, opened.close_after, opened.close_latest) == (
        5,
        timedelta(minutes=7),
        timedelta(hours=3),
    )
    assert (opened.opened_at, opened.follow, opened.origin, opened.scored) == (
        NOON,
        Side.B,
        Origin.ASKED,
        False,
    )


def test_a_corner_keeps_how_its_contestant_fared() -> None:
    made = Corner.of("support", corner().fingerprint, completion("text", total_ms=1234))

    assert made == Corner("support", corner().fingerprint, 10, 20, 1234)


def test_a_corner_keeps_what_was_noticed_about_its_answer() -> None:
    noticed = Checks(Written.GERMAN, Written.ENGLISH)

    assert Corner.of("support", corner().fingerprint, completion(), noticed).checks is noticed


@given(some.duels)
def test_times_stay_with_their_zone(kept: Duel) -> None:
    back = Duel.from_document(kept.to_document())

    assert isinstance(back.opened_at, datetime)
    assert back.opened_at.utcoffset() == timedelta(0)
