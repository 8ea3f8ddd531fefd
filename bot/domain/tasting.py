"""Tastings: a menu asked of two fixed contestants, voted on under seal by people named before, opened once.

Questions, voters, deadline, margin and alpha are fixed before the first vote, and until the end nobody sees a
split, a name or a figure. That is what lets `bot.domain.verdict` take the votes for a sample of fixed size.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.ballot import Choice, Tally, count
from bot.domain.course import Course
from bot.domain.ids import Pseudonym
from bot.domain.menu import QuestionId
from bot.domain.thread import Side
from bot.domain.verdict import DEFAULT_ALPHA, DEFAULT_MARGIN, Scores, Verdict, decide

SCORES = {Choice.A: -1.0, Choice.B: 1.0, Choice.TIE: 0.0, Choice.BOTH_BAD: 0.0}
"""A ballot's score: -1 for A, +1 for B."""


class Stage(StrEnum):
    """Where a tasting stands. Edges: cooking -> open -> closed; cooking and open -> called off."""

    COOKING = "cooking"
    """Both contestants are being asked."""
    OPEN = "open"
    """People vote."""
    CLOSED = "closed"
    """The seals are open."""
    CALLED_OFF = "called_off"
    """It came to no end, and its seals stay shut."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a tasting, fixed before the first vote and told with the result.

    Attributes:
        voters: Who votes.
        deadline: When it ends though not all are through.
        margin: The difference of scores that is still called equal.
        alpha: How often, at most, equal contestants may be called different.
    """

    voters: tuple[Pseudonym, ...]
    deadline: datetime
    margin: float = DEFAULT_MARGIN
    alpha: float = DEFAULT_ALPHA


@dataclass(frozen=True, slots=True)
class Judged:
    """What people think of the two answers to one question.

    Attributes:
        question: Which one.
        tally: Votes, A for the first contestant and B for the second.
    """

    question: QuestionId
    tally: Tally

    @property
    def lean(self) -> float:
        """How one-sided they are, from 0 to 1."""
        return abs(self.tally.score or 0.0)

    @property
    def split(self) -> float:
        """How much they contradict each other, from 0 to 1: the smaller share of those who prefer one, doubled."""
        return 2 * min(self.tally.a, self.tally.b) / self.tally.ballots if self.tally.ballots else 0.0


@dataclass(frozen=True, slots=True)
class Result:
    """What a tasting has come to.

    Attributes:
        verdict: A is the first contestant, B the second.
        tally: All votes.
        judged: Each question that somebody voted on, in the order of the menu.
        shown_first: Of the votes that prefer a side, how many prefer the one that was shown as A.
    """

    verdict: Verdict
    tally: Tally
    judged: tuple[Judged, ...]
    shown_first: int

    def contested(self, most: int) -> Sequence[Judged]:
        """Return the questions on which people contradict each other most, at most so many."""
        split = [judged for judged in self.judged if judged.split > 0]
        return sorted(split, key=lambda judged: -judged.split)[:most]

    def one_sided(self, most: int) -> Sequence[Judged]:
        """Return the questions on which people agree most, and most of them, at most so many."""
        leaning = [judged for judged in self.judged if judged.lean > 0]
        return sorted(leaning, key=lambda judged: (-judged.lean, -judged.tally.ballots))[:most]


def is_over(courses: Mapping[Pseudonym, Course], terms: Terms, now: datetime) -> bool:
    """Whether the seals are to be opened: all voters are through, or the deadline has come."""
    through = all(voter in courses and courses[voter].through for voter in terms.voters)
    return through or now >= terms.deadline


def judge(
    questions: Sequence[QuestionId],
    courses: Mapping[Pseudonym, Course],
    terms: Terms,
    *,
    cheaper: Side | None,
) -> Result:
    """Open the seals: say what all votes come to.

    Args:
        questions: The menu, in its order.
        courses: What voters did; who is not named in the terms does not count.
        terms: What was fixed before.
        cheaper: The contestant that costs less by measurement, A for the first; None when neither does.
    """
    ballots = {voter: courses[voter].ballots for voter in terms.voters if voter in courses}
    by_question = {
        question: {voter: cast[question] for voter, cast in ballots.items() if question in cast}
        for question in questions
    }
    scores: list[Scores] = [
        {voter: SCORES[choice] for voter, choice in cast.items()} for cast in by_question.values()
    ]
    return Result(
        verdict=decide(scores, cheaper=cheaper, margin=terms.margin, alpha=terms.alpha),
        tally=count(choice for cast in by_question.values() for choice in cast.values()),
        judged=tuple(
            Judged(question, count(cast.values())) for question, cast in by_question.items() if cast
        ),
        shown_first=sum(
            choice is Choice.A
            for voter in terms.voters
            if voter in courses
            for choice in courses[voter].votes.values()
        ),
    )


CHEAPER = 0.9
"""A contestant is cheaper when it costs at most so much of what the other does."""


def cheaper_side(first: float | None, second: float | None) -> Side | None:
    """Return the cheaper contestant, A for the first; None when neither is by a tenth, or a cost is unknown."""
    if first is None or second is None:
        return None
    if first <= CHEAPER * second and first < second:
        return Side.A
    return Side.B if second <= CHEAPER * first and second < first else None
