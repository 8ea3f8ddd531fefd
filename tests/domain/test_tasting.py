"""Tastings: what a voter is served, that sides are drawn and undone rightly, when seals open, what votes come to."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.ballot import Choice, Tally
from bot.domain.course import SKIPS, Course, Move, Moved, Plate, course
from bot.domain.ids import Pseudonym, TastingId
from bot.domain.judging import Judged, Recount, all_votes, cheaper_side, judge
from bot.domain.menu import QuestionId
from bot.domain.tasting import Terms, is_over
from bot.domain.thread import Side
from bot.domain.verdict import State
from tests.builders import PLACE

NOON = datetime(2026, 11, 26, 12, tzinfo=UTC)
MENU = [QuestionId(f"q{number}") for number in range(24)]
ANN, BEN, CLEO = (Pseudonym(name) for name in ("p-ann", "p-ben", "p-cleo"))
TERMS = Terms((ANN, BEN, CLEO), NOON + timedelta(days=1))
MENUS = st.lists(st.from_regex(r"[0-9a-f]{16}", fullmatch=True).map(QuestionId), unique=True, max_size=60)
SEEDS = st.text(max_size=20)
VOTERS = st.lists(st.from_regex(r"[0-9a-f]{12}", fullmatch=True).map(Pseudonym), unique=True, max_size=8)
MOVES = st.lists(st.sampled_from([*Move, None]), max_size=80)


def through(voter: Pseudonym, favour: Side | None, questions: Sequence[QuestionId] = MENU) -> Course:
    """A voter who prefers one contestant on every question, whichever letter it is shown under."""
    eaten = course(questions, voter, seed="s")
    while plate := eaten.plate:
        seen = None if favour is None else (favour.other if plate.swapped else favour)
        eaten = eaten.after(Move.TIE if seen is None else Move(seen.value))
    return eaten


def test_each_voter_has_an_order_and_sides_of_their_own_which_stay() -> None:
    ann, ben = course(MENU, ANN, seed="s"), course(MENU, BEN, seed="s")

    assert ann == course(MENU, ANN, seed="s")
    assert ann.plates != course(MENU, ANN, seed="t").plates
    assert [plate.question for plate in ann.plates] != [plate.question for plate in ben.plates]
    assert set(ann.plates) != set(ben.plates)
    assert sorted(plate.question for plate in ann.plates) == sorted(MENU)


@given(MENUS, SEEDS, VOTERS)
def test_whoever_votes_each_question_is_served_once_and_always_at_its_place(
    menu: Sequence[QuestionId], seed: str, voters: Sequence[Pseudonym]
) -> None:
    drawn = {voter: course(menu, voter, seed=seed).plates for voter in voters}

    for voter, plates in drawn.items():
        assert sorted(plate.question for plate in plates) == sorted(menu)
        assert plates == course(menu[::-1], voter, seed=seed).plates
        fewer = course(menu[1:], voter, seed=seed).plates
        assert fewer == tuple(plate for plate in plates if plate.question not in menu[:1])
    if len(menu) >= 20:
        assert len({tuple(plate.question for plate in plates) for plates in drawn.values()}) == len(voters)


@given(MENUS, SEEDS, VOTERS)
def test_whatever_is_drawn_about_half_of_the_sides_are_swapped(
    menu: Sequence[QuestionId], seed: str, voters: Sequence[Pseudonym]
) -> None:
    plates = [plate for voter in voters for plate in course(menu, voter, seed=seed).plates]
    swapped = sum(plate.swapped for plate in plates)

    # Hoeffding 1963: farther off by chance once in 10 ** 10
    assert abs(swapped - len(plates) / 2) <= (12 * len(plates)) ** 0.5


def test_where_a_question_stands_tells_nothing_of_its_sides() -> None:
    served = [course(MENU, Pseudonym(f"p{n}"), seed="s").plates for n in range(200)]
    halves = [
        [plate.swapped for plates in served for plate in plates[part]] for part in (slice(12), slice(12, 24))
    ]

    for half in halves:
        assert abs(sum(half) - len(half) / 2) < 4 * (len(half) / 4) ** 0.5


def test_sides_are_drawn_fairly() -> None:
    swapped = sum(
        plate.swapped for n in range(200) for plate in course(MENU, Pseudonym(f"p{n}"), seed="s").plates
    )

    assert abs(swapped - 2_400) < 4 * (4_800 * 0.25) ** 0.5


@pytest.mark.parametrize(
    ("choice", "swapped", "says"),
    [
        (Choice.A, False, Choice.A),
        (Choice.A, True, Choice.B),
        (Choice.B, True, Choice.A),
        (Choice.TIE, True, Choice.TIE),
        (Choice.BOTH_BAD, True, Choice.BOTH_BAD),
    ],
)
def test_a_vote_is_for_the_contestant_whose_answer_was_shown(
    choice: Choice, swapped: bool, says: Choice
) -> None:
    assert Plate(MENU[0], swapped).contestants(choice) is says


def test_what_is_skipped_comes_again_at_the_end_and_only_once() -> None:
    eaten = course(MENU[:3], ANN, seed="s")
    first, *others = [plate.question for plate in eaten.plates]
    eaten = eaten.after(Move.SKIP)
    for question in others:
        assert eaten.plate
        assert eaten.plate.question == question
        eaten = eaten.after(Move.TIE)

    assert eaten.plate
    assert (eaten.plate.question, eaten.number) == (first, 3)
    eaten = eaten.after(Move.SKIP)
    assert eaten.through
    assert first not in eaten.ballots
    assert eaten.after(Move.A) == eaten


@given(MOVES)
def test_whatever_a_voter_does_they_get_to_the_end_and_each_question_counts_once(
    moves: Sequence[Move | None],
) -> None:
    eaten = course(MENU[:5], ANN, seed="s")
    for move in moves:
        before = eaten
        eaten = eaten.back() if move is None else eaten.after(move)
        if move is not None and not before.through:
            assert eaten.back() == before
        assert 1 <= eaten.number <= 5
        assert set(eaten.votes) <= set(MENU[:5])
    left = 0
    while not eaten.through:
        eaten = eaten.after(Move.TIE)
        left += 1

    assert left <= 5
    assert eaten == course(MENU[:5], ANN, seed="s", moves=eaten.moves)
    assert all(
        question in eaten.votes
        or [m.move for m in eaten.moves if m.question == question] == [Move.SKIP] * SKIPS
        for question in MENU[:5]
    )


def test_undoing_at_the_beginning_changes_nothing() -> None:
    assert course(MENU, ANN, seed="s").back() == course(MENU, ANN, seed="s")


def test_a_menu_of_nothing_is_through_at_once() -> None:
    assert course([], ANN, seed="s").through


def test_a_question_that_is_no_longer_on_the_menu_does_not_count() -> None:
    eaten = course(MENU[:1], ANN, seed="s", moves=[Moved(QuestionId("gone"), Move.A)])

    assert eaten.ballots == {}


def test_seals_open_when_all_are_through_or_at_the_deadline() -> None:
    done = {voter: through(voter, Side.A) for voter in (ANN, BEN, CLEO)}
    half = {**done, CLEO: course(MENU, CLEO, seed="s")}

    assert is_over(done, TERMS.voters, TERMS.deadline, NOON)
    assert not is_over(half, TERMS.voters, TERMS.deadline, NOON)
    assert not is_over({ANN: done[ANN]}, TERMS.voters, TERMS.deadline, NOON)
    assert is_over(half, TERMS.voters, TERMS.deadline, TERMS.deadline)
    assert is_over(half, (ANN, BEN), TERMS.deadline, NOON)


@pytest.mark.parametrize("favour", Side)
def test_whom_all_prefer_is_better_whatever_letter_they_saw(favour: Side) -> None:
    courses = {voter: through(voter, favour) for voter in TERMS.voters}
    result = judge(MENU, courses, TERMS, cheaper=None)

    assert all_votes(courses) == result.tally
    assert (result.verdict.state, result.verdict.side) == (State.BETTER, favour)
    assert result.tally.leader is favour
    assert (result.tally.ballots, result.verdict.ballots) == (72, 72)
    assert result.tally.ballots // 4 < result.shown_first < 3 * result.tally.ballots // 4
    assert [judged.question for judged in result.judged] == MENU


def test_who_was_not_invited_does_not_count() -> None:
    courses = {ANN: through(ANN, None), Pseudonym("p-stan"): through(Pseudonym("p-stan"), Side.B)}
    result = judge(MENU, courses, TERMS, cheaper=None)

    assert (result.tally, result.verdict.voters, result.shown_first) == (Tally(tie=24), 1, 0)


def test_when_nobody_votes_nothing_is_said() -> None:
    result = judge(MENU, {}, TERMS, cheaper=Side.A)

    assert (result.verdict.state, result.judged, result.tally) == (State.TOO_FEW, (), Tally())
    assert (result.contested(3), result.one_sided(3)) == ([], [])


def test_the_most_contested_and_the_most_one_sided_questions_are_found() -> None:
    result = judge(
        MENU, {ANN: through(ANN, Side.A), BEN: through(BEN, Side.B, MENU[:2])}, TERMS, cheaper=None
    )

    assert [judged.question for judged in result.contested(5)] == MENU[:2]
    assert [judged.question for judged in result.one_sided(2)] == MENU[2:4]
    assert Judged(MENU[0], Tally()).split == 0


def test_votes_that_were_counted_otherwise_than_they_were_cast_are_noticed() -> None:
    counted = Recount(PLACE, TastingId("t"), counted=Tally(a=2), stored=Tally(a=2))

    assert counted.agrees
    assert not replace(counted, stored=Tally(a=1, b=1)).agrees


@pytest.mark.parametrize(
    ("first", "second", "side"),
    [
        (1.0, 2.0, Side.A),
        (2.0, 1.0, Side.B),
        (0.95, 1.0, None),
        (1.0, 0.95, None),
        (0.9, 1.0, Side.A),
        (0.0, 0.0, None),
        (0.0, 1.0, Side.A),
        (None, 1.0, None),
        (1.0, None, None),
    ],
)
def test_cheaper_is_who_costs_less_by_a_tenth(
    first: float | None, second: float | None, side: Side | None
) -> None:
    assert cheaper_side(first, second) is side
