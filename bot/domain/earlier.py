"""What people said in a thread before the bot was first asked in it, and how much of that was read; pure."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.domain.thread import MESSAGE_OVERHEAD_TOKENS, AskedTurn, estimate_tokens, turn_to_document

MOST_TOKENS = 24_000
"""Most that is taken over from a thread, however much a contestant could read."""
MOST_MESSAGES = 150
"""The same in messages: a thread keeps 200 turns."""
_LABEL_TOKENS = 6
"""What the mark of who speaks costs."""


@dataclass(frozen=True, slots=True)
class Extent:
    """How much of a thread was read.

    Attributes:
        read: Messages that were read.
        total: Messages that there were, as far as Slack tells; never fewer than were read.
        failed: Whether Slack did not let us read them; then nothing was.
    """

    read: int
    total: int
    failed: bool = False

    def to_document(self) -> dict[str, Any]:
        """Return a plain mapping for storage."""
        return {"read": self.read, "total": self.total, "failed": self.failed}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Extent":
        """Read what `to_document` wrote."""
        return cls(document["read"], document["total"], document["failed"])


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was said in a thread before, recorded with the question so that every attempt reads the same.

    Attributes:
        turns: What people and other apps said, oldest first.
        extent: How much of the thread that is.
    """

    turns: tuple[AskedTurn, ...]
    extent: Extent

    def to_document(self) -> dict[str, Any]:
        """Return a plain mapping for storage."""
        return {
            "turns": [turn_to_document(turn) for turn in self.turns],
            "extent": self.extent.to_document(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Earlier":
        """Read what `to_document` wrote."""
        turns = tuple(
            AskedTurn(turn["asked"], turn["author"], turn["ts"], app=turn.get("app", False))
            for turn in document["turns"]
        )
        return cls(turns, Extent.from_document(document["extent"]))

    def fitted(self, budget_tokens: int) -> "Earlier":
        """Return the root and as many of the newest messages as a budget holds, never more than the most.

        Args:
            budget_tokens: What the messages may cost together.
        """
        if not self.turns:
            return self
        first, *rest = self.turns
        left = min(budget_tokens, MOST_TOKENS)
        head = (first,) if _cost(first) <= left else ()
        left -= sum(map(_cost, head))
        kept: list[AskedTurn] = []
        for turn in reversed(rest):
            left -= _cost(turn)
            if left < 0 or len(kept) == MOST_MESSAGES - 1:
                break
            kept.append(turn)
        turns = (*head, *kept[::-1])
        return Earlier(turns, Extent(len(turns), self.extent.total))


NOTHING_READ = Earlier((), Extent(0, 0, failed=True))
"""What is known of a thread that Slack did not let us read."""


def _cost(turn: AskedTurn) -> int:
    return estimate_tokens(turn.text) + MESSAGE_OVERHEAD_TOKENS + _LABEL_TOKENS
