"""Ballots: what one says, and how many are counted."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.thread import Side


class Choice(StrEnum):
    """What one ballot says."""

    A = "a"
    B = "b"
    TIE = "tie"
    BOTH_BAD = "both_bad"

    @property
    def prefers(self) -> Side | None:
        """The side it prefers; None for tie and both bad."""
        return Side(self.value) if self in {Choice.A, Choice.B} else None


@dataclass(frozen=True, slots=True)
class Tally:
    """The ballots of a duel, counted."""

    a: int = 0
    b: int = 0
    tie: int = 0
    both_bad: int = 0

    @property
    def ballots(self) -> int:
        """How many people have voted."""
        return self.a + self.b + self.tie + self.both_bad

    @property
    def leader(self) -> Side | None:
        """The side with more ballots; None when neither has."""
        if self.a == self.b:
            return None
        return Side.A if self.a > self.b else Side.B

    @property
    def score(self) -> float | None:
        """Mean of the ballots in [-1, 1]: -1 for A, +1 for B, 0 for tie and both bad; None without ballots."""
        return (self.b - self.a) / self.ballots if self.ballots else None

    def document(self) -> dict[str, int]:
        """Return the counts by choice."""
        return {"a": self.a, "b": self.b, "tie": self.tie, "both_bad": self.both_bad}


def count(choices: Iterable[Choice]) -> Tally:
    """Count ballots."""
    counts = dict.fromkeys(Choice, 0)
    for choice in choices:
        counts[choice] += 1
    return Tally(counts[Choice.A], counts[Choice.B], counts[Choice.TIE], counts[Choice.BOTH_BAD])


WITHDRAWN = "withdrawn"
"""What a vote log says in place of a choice when a ballot went over to another pseudonym."""


def replay(log: Iterable[tuple[str, Choice | None]]) -> Tally:
    """Rebuild a tally from a vote log: pseudonym and choice, oldest first; the last of each person counts.

    None is a ballot that was withdrawn.
    """
    last: dict[str, Choice | None] = {}
    last.update(log)
    return count(choice for choice in last.values() if choice is not None)
