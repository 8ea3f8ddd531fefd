"""What a tasting has come to, from the ballots of its voters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.ballot import Choice, Tally, count
from bot.domain.course import Course, Moved, course
from bot.domain.ids import ChannelKey, Pseudonym, TastingId
from bot.domain.menu import QuestionId
from bot.domain.tasting import Tasting, Terms
from bot.domain.thread import Side
from bot.domain.verdict import Scores, Verdict, decide

SCORES = {Choice.A: -1.0, Choice.B: 1.0, Choice.TIE: 0.0, Choice.BOTH_BAD: 0.0}
"""A ballot's score: -1 for A, +1 for B."""


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


@dataclass(frozen=True, slots=True)
class Recount:
    """The votes of a closed tasting as what voters did comes to, and as they were counted when it was closed."""

    place: ChannelKey
    tasting: TastingId
    counted: Tally
    stored: Tally

    @property
    def agrees(self) -> bool:
        """Whether both say the same."""
        return self.counted == self.stored


def course_of(tasting: Tasting, voter: Pseudonym, moves: Sequence[Moved]) -> Course:
    """Return a voter's course through a tasting; moves on what is not served any more are left out."""
    served = frozenset(tasting.served)
    kept = [moved for moved in moves if moved.question in served]
    return course(tasting.served, voter, seed=tasting.seed, moves=kept)


def all_votes(courses: Mapping[Pseudonym, Course]) -> Tally:
    """Count the votes of all voters: A for the first contestant and B for the second."""
    return count(choice for one in courses.values() for choice in one.ballots.values())


CHEAPER = 0.9
"""A contestant is cheaper when it costs at most so much of what the other does."""


def cheaper_side(first: float | None, second: float | None) -> Side | None:
    """Return the cheaper contestant, A for the first; None when neither is by a tenth, or a cost is unknown."""
    if first is None or second is None:
        return None
    if first <= CHEAPER * second and first < second:
        return Side.A
    return Side.B if second <= CHEAPER * first and second < first else None
