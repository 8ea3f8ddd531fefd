"""Verdicts on a fixed list of questions: what each state needs, and what may never change one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.thread import Side
from bot.domain.verdict import FEWEST_QUESTIONS, Scores, State, decide, depends_on_one, student_interval
from tests.stats.simulation import Team, shares

VOTERS = ("v1", "v2", "v3")
BALLOT = st.sampled_from([-1.0, 0.0, 1.0])
QUESTIONS = st.lists(st.dictionaries(st.sampled_from(VOTERS), BALLOT), max_size=45)
CHEAPER = st.sampled_from([None, Side.A, Side.B])


def agreed(*scores: float, voters: tuple[str, ...] = VOTERS) -> list[Scores]:
    """Questions on which all voters agree."""
    return [dict.fromkeys(voters, score) for score in scores]


def swapped(questions: list[dict[str, float]]) -> list[dict[str, float]]:
    return [{voter: -score for voter, score in scores.items()} for scores in questions]


def test_with_fewer_than_twenty_voted_questions_nothing_is_decided() -> None:
    questions = [*agreed(*[1.0] * (FEWEST_QUESTIONS - 1)), {}, {}]

    verdict = decide(questions, cheaper=None)

    assert verdict.state is State.TOO_FEW
    assert (verdict.interval, verdict.side, verdict.questions) == (None, None, FEWEST_QUESTIONS - 1)


@pytest.mark.parametrize(("score", "side"), [(1.0, Side.B), (-1.0, Side.A)])
def test_a_side_that_all_prefer_on_every_question_is_better(score: float, side: Side) -> None:
    verdict = decide(agreed(*[score] * 20), cheaper=side.other)

    assert (verdict.state, verdict.side) == (State.BETTER, side)
    assert (verdict.voters, verdict.ballots) == (3, 60)


def test_what_only_one_of_three_sees_is_one_persons_taste() -> None:
    questions = [{"v1": 1.0, "v2": 0.0, "v3": 0.0} for _ in range(40)]

    verdict = decide(questions, cheaper=None)

    assert (verdict.state, verdict.side) == (State.ONE_PERSONS_TASTE, Side.B)


def test_a_single_voter_alone_is_one_persons_taste() -> None:
    assert decide(agreed(*[1.0] * 30, voters=("v1",)), cheaper=None).state is State.ONE_PERSONS_TASTE


def test_two_who_agree_are_more_than_one_persons_taste() -> None:
    assert not depends_on_one(agreed(1.0, 1.0, voters=("v1", "v2")), Side.B)


def test_ties_alone_are_equal_and_the_cheaper_side_is_good_enough() -> None:
    ties = agreed(*[0.0] * 25)

    assert decide(ties, cheaper=None).state is State.EQUAL
    assert (decide(ties, cheaper=Side.A).state, decide(ties, cheaper=Side.A).side) == (
        State.GOOD_ENOUGH,
        Side.A,
    )


def test_a_cheaper_side_that_may_be_far_worse_is_not_good_enough() -> None:
    questions = agreed(*[1.0, -1.0] * 11, 1.0, 1.0)

    assert decide(questions, cheaper=Side.A).state is State.CANNOT_TELL
    assert decide(questions, cheaper=None, margin=0.6).state is State.EQUAL


def test_a_lead_that_may_be_chance_is_leaning() -> None:
    verdict = decide(agreed(*[1.0] * 13, *[-1.0] * 7), cheaper=None)

    assert (verdict.state, verdict.side) == (State.LEANING, Side.B)


@given(QUESTIONS, CHEAPER)
def test_swapping_the_sides_swaps_the_verdict(
    questions: list[dict[str, float]], cheaper: Side | None
) -> None:
    one = decide(questions, cheaper=cheaper)
    other = decide(swapped(questions), cheaper=cheaper.other if cheaper else None)

    assert other.state is one.state
    assert other.side is (one.side.other if one.side else None)


@given(QUESTIONS, CHEAPER, st.randoms())
def test_the_order_of_questions_does_not_matter(
    questions: list[dict[str, float]], cheaper: Side | None, chance: object
) -> None:
    mixed = list(questions)
    chance.shuffle(mixed)  # type: ignore[attr-defined]

    one, other = decide(questions, cheaper=cheaper), decide(mixed, cheaper=cheaper)

    assert (other.state, other.side) == (one.state, one.side)


@given(QUESTIONS)
def test_which_side_is_cheaper_never_makes_one_better(questions: list[dict[str, float]]) -> None:
    better = {State.BETTER, State.ONE_PERSONS_TASTE}
    states = [decide(questions, cheaper=cheaper).state for cheaper in (None, Side.A, Side.B)]

    assert len({state if state in better else None for state in states}) == 1


def test_the_interval_is_students() -> None:
    interval = student_interval([-0.5, 0.5, 0.0, 0.0], 0.05)

    assert (interval.mean, interval.low, interval.high) == pytest.approx((0, -0.649614, 0.649614), abs=1e-5)


def test_an_interval_ends_where_scores_do() -> None:
    assert student_interval([0.0, 1.0, 0.5, 0.5], 0.05).high == 1
    assert student_interval([0.0, -1.0, -0.5, -0.5], 0.05).low == -1


@pytest.mark.parametrize("wrong", [{"margin": 0.0}, {"margin": 1.5}, {"alpha": 0.0}, {"alpha": 0.5}])
def test_a_margin_or_alpha_out_of_range_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="no verdict with"):
        decide([], cheaper=None, **wrong)


def test_a_score_out_of_range_is_refused() -> None:
    with pytest.raises(ValueError, match="from -1 to 1"):
        decide(agreed(*[2.0] * 20), cheaper=None)


def test_equal_sides_are_seldom_called_different_and_a_better_one_is_found() -> None:
    false = shares(Team(20, 3, 0.5), rounds=400, seed=1)["wrong"]
    found = shares(Team(40, 3, 0.7), rounds=100, seed=1)["better"]

    assert false <= 0.08
    assert found >= 0.85
