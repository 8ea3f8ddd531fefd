"""Verdicts between two contestants, from ballots on a fixed list of questions.

The unit is the question, not the ballot: its score is the mean of its ballots in [-1, 1] (-1 for A, +1 for B,
0 for tie and both bad), so that people who agree with each other do not count as independent evidence. In a
team the voters are the population; what is drawn by chance are the questions.

The number of questions is fixed before the first ballot and nobody looks before the last: the interval is a
fixed-sample one, Student's t on the mean score (Student, 1908, The probable error of a mean). Looking at it in
between and stopping when it pleases would break it.
"""

import math
import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.student import quantile
from bot.domain.thread import Side

FEWEST_QUESTIONS = 20
"""With fewer questions nothing is decided: the interval errs too often on scores of few values."""
DEFAULT_MARGIN = 0.20
"""A difference of scores below which two contestants count as equal in practice."""
DEFAULT_ALPHA = 0.05
_LEANING_ALPHA = 0.20

Scores = Mapping[str, float]
"""One question's ballots: a score in [-1, 1] for each voter."""


class State(StrEnum):
    """What the ballots say."""

    BETTER = "better"
    """One side is better, whichever voter is left out."""
    ONE_PERSONS_TASTE = "one_persons_taste"
    """One side is ahead, but only by the ballots of one person."""
    GOOD_ENOUGH = "good_enough"
    """The cheaper side is worse by less than the margin, if at all."""
    EQUAL = "equal"
    """The sides differ by less than the margin."""
    LEANING = "leaning"
    """One side is ahead, but it may be chance."""
    CANNOT_TELL = "cannot_tell"
    """Nothing can be said."""
    TOO_FEW = "too_few"
    """There are too few questions with ballots to say anything."""


@dataclass(frozen=True, slots=True)
class Interval:
    """A mean score and how far it can be trusted.

    Attributes:
        mean: In [-1, 1]; above 0 where B is ahead.
        low: Lower end, in [-1, mean].
        high: Upper end, in [mean, 1].
    """

    mean: float
    low: float
    high: float

    @property
    def ahead(self) -> Side | None:
        """The side that the whole interval speaks for; None when it holds 0."""
        if self.low > 0:
            return Side.B
        return Side.A if self.high < 0 else None

    def not_worse(self, side: Side, margin: float) -> bool:
        """Whether the interval rules out that the side is worse by the margin or more."""
        return self.low > -margin if side is Side.B else self.high < margin


@dataclass(frozen=True, slots=True)
class Verdict:
    """What ballots on a fixed list of questions say.

    Attributes:
        state: What they say.
        side: Whom it favours: the better, leaning or good enough side; None where it favours none.
        interval: The mean score with its interval; None with too few questions.
        questions: How many questions have ballots.
        voters: How many people have voted.
        ballots: How many ballots there are.
    """

    state: State
    side: Side | None
    interval: Interval | None
    questions: int
    voters: int
    ballots: int


def decide(
    questions: Sequence[Scores],
    *,
    cheaper: Side | None,
    margin: float = DEFAULT_MARGIN,
    alpha: float = DEFAULT_ALPHA,
) -> Verdict:
    """Say which side is better, or whether the cheaper one is good enough.

    Args:
        questions: The ballots of each question; one without ballots is passed over.
        cheaper: The side that costs less by measurement; None when neither does or nobody knows.
        margin: Above 0; the difference of scores that is still called equal.
        alpha: Above 0 and below .5; how often, at most, equal sides may be called different.

    Raises:
        ValueError: A score, the margin or alpha is out of its range.
    """
    if not 0 < margin <= 1 or not 0 < 2 * alpha < 1:
        raise ValueError(f"no verdict with margin {margin} and alpha {alpha}")
    voted = [scores for scores in questions if scores]
    voters = {voter for scores in voted for voter in scores}
    counts = len(voted), len(voters), sum(len(scores) for scores in voted)
    if len(voted) < FEWEST_QUESTIONS:
        return Verdict(State.TOO_FEW, None, None, *counts)
    means = [_mean(scores) for scores in voted]
    state, side = _state(voted, means, cheaper, margin, alpha)
    return Verdict(state, side, student_interval(means, alpha), *counts)


def student_interval(scores: Sequence[float], alpha: float) -> Interval:
    """Return the mean of at least two scores with its two-sided interval of confidence 1 - alpha.

    What lies outside [-1, 1] is cut off: no mean score is there, so that costs no confidence.
    """
    mean = statistics.fmean(scores)
    freedom = len(scores) - 1
    half = quantile(1 - alpha / 2, freedom) * statistics.stdev(scores, mean) / math.sqrt(len(scores))
    return Interval(mean, max(-1.0, mean - half), min(1.0, mean + half))


def depends_on_one(questions: Sequence[Scores], side: Side) -> bool:
    """Whether the ballots would no longer speak for the side if one voter's were left out."""
    voters = {voter for scores in questions for voter in scores}
    return any(_lead(questions, without=voter) is not side for voter in voters)


def _state(
    voted: Sequence[Scores], means: Sequence[float], cheaper: Side | None, margin: float, alpha: float
) -> tuple[State, Side | None]:
    if (ahead := student_interval(means, alpha).ahead) is not None:
        one = depends_on_one(voted, ahead)
        return (State.ONE_PERSONS_TASTE if one else State.BETTER), ahead
    # each end is a test of its own at alpha, so the interval to look at is that of twice alpha: Schuirmann, 1987
    within = student_interval(means, 2 * alpha)
    if cheaper is not None and within.not_worse(cheaper, margin):
        return State.GOOD_ENOUGH, cheaper
    if within.not_worse(Side.A, margin) and within.not_worse(Side.B, margin):
        return State.EQUAL, None
    leaning = student_interval(means, _LEANING_ALPHA).ahead
    return (State.LEANING, leaning) if leaning else (State.CANNOT_TELL, None)


def _lead(questions: Sequence[Scores], *, without: str) -> Side | None:
    """The side that the mean score speaks for when one voter is left out; None for none."""
    rest = [{voter: score for voter, score in scores.items() if voter != without} for scores in questions]
    means = [_mean(scores) for scores in rest if scores]
    mean = statistics.fmean(means) if means else 0.0
    if mean == 0:
        return None
    return Side.B if mean > 0 else Side.A


def _mean(scores: Scores) -> float:
    if any(not -1 <= score <= 1 for score in scores.values()):
        raise ValueError("a score is from -1 to 1")
    return statistics.fmean(scores.values())
