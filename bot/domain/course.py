"""A voter's way through a tasting: in which order questions are served, under which letters, and what was said.

It is kept as the moves that the voter made; everything else follows from them and from the seed, so that undoing
is forgetting a move, and going on is possible from any device.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property

from bot.domain.ballot import Choice
from bot.domain.ids import Pseudonym
from bot.domain.lots import lot
from bot.domain.menu import QuestionId

_HALF = 0.5
SKIPS = 2
"""How often a voter may put a question off; after the last time it is not shown to them again."""


class Move(StrEnum):
    """What a voter may do with the question that they see."""

    A = "a"
    B = "b"
    TIE = "tie"
    BOTH_BAD = "both_bad"
    SKIP = "skip"

    @property
    def choice(self) -> Choice | None:
        """The vote that it is; None for skipping."""
        return None if self is Move.SKIP else Choice(self.value)


@dataclass(frozen=True, slots=True)
class Plate:
    """A question as one voter is served it.

    Attributes:
        question: Which one.
        swapped: Whether the first contestant's answer is shown as B, and the second's as A.
    """

    question: QuestionId
    swapped: bool

    def contestants(self, choice: Choice) -> Choice:
        """Return what a vote on what was shown says of the contestants: A for the first, B for the second."""
        if choice.prefers is None or not self.swapped:
            return choice
        return Choice(choice.prefers.other.value)


@dataclass(frozen=True, slots=True)
class Moved:
    """One thing that a voter did."""

    question: QuestionId
    move: Move


@dataclass(frozen=True)
class Course:
    """One voter's way through a tasting: what is served in which order, and what they did so far.

    Attributes:
        plates: Every question, once.
        moves: What they did, in order; what was undone is not in it.
    """

    plates: tuple[Plate, ...]
    moves: tuple[Moved, ...] = ()

    @property
    def plate(self) -> Plate | None:
        """What is in front of them: first what they have not seen, then what they put off; None at the end."""
        waiting = [plate for plate in self.plates if plate.question not in self.votes]
        fewest = min((self._skipped[plate.question] for plate in waiting), default=SKIPS)
        if fewest >= SKIPS:
            return None
        return next(plate for plate in waiting if self._skipped[plate.question] == fewest)

    @property
    def through(self) -> bool:
        """Whether nothing is left for them to do."""
        return self.plate is None

    @property
    def number(self) -> int:
        """The number of the plate in front of them among those that they have dealt with, from 1."""
        return min(len(self.votes) + self._put_away + 1, len(self.plates))

    @cached_property
    def votes(self) -> Mapping[QuestionId, Choice]:
        """Their votes on what they were shown."""
        return {moved.question: choice for moved in self.moves if (choice := moved.move.choice) is not None}

    @property
    def ballots(self) -> Mapping[QuestionId, Choice]:
        """Their votes on the contestants: A for the first, B for the second."""
        by_question = {plate.question: plate for plate in self.plates}
        return {
            question: by_question[question].contestants(choice)
            for question, choice in self.votes.items()
            if question in by_question
        }

    def after(self, move: Move) -> "Course":
        """Return the course after a move on the plate in front of them; the same at the end."""
        if self.plate is None:
            return self
        return Course(self.plates, (*self.moves, Moved(self.plate.question, move)))

    def back(self) -> "Course":
        """Return the course without the last move; the same at the beginning."""
        return Course(self.plates, self.moves[:-1])

    @cached_property
    def _skipped(self) -> Counter[QuestionId]:
        return Counter(moved.question for moved in self.moves if moved.move is Move.SKIP)

    @property
    def _put_away(self) -> int:
        return sum(times >= SKIPS and question not in self.votes for question, times in self._skipped.items())


def course(
    questions: Sequence[QuestionId], voter: Pseudonym, *, seed: str, moves: Sequence[Moved] = ()
) -> Course:
    """Return one voter's course: order and sides are drawn for each voter, always the same for the same seed.

    Args:
        questions: What is served.
        voter: Whom it is served to.
        seed: The tasting's own; nobody knows it before the end.
        moves: What they did so far.
    """
    order = sorted(questions, key=lambda question: lot(seed, voter, "order", question))
    return Course(tuple(Plate(question, _swapped(seed, voter, question)) for question in order), tuple(moves))


def _swapped(seed: str, voter: Pseudonym, question: QuestionId) -> bool:
    return lot(seed, voter, "sides", question) < _HALF
