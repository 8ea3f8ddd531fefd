"""Tastings: a menu asked of two fixed contestants, voted on under seal by people named before, opened once.

Questions, voters, deadline, margin and alpha are fixed before the first vote, and until the end nobody sees a
split, a name or a figure. That is what lets `bot.domain.verdict` take the votes for a sample of fixed size.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.course import Course
from bot.domain.ids import Pseudonym
from bot.domain.verdict import DEFAULT_ALPHA, DEFAULT_MARGIN


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


def is_over(courses: Mapping[Pseudonym, Course], terms: Terms, now: datetime) -> bool:
    """Whether the seals are to be opened: all voters are through, or the deadline has come."""
    through = all(voter in courses and courses[voter].through for voter in terms.voters)
    return through or now >= terms.deadline
