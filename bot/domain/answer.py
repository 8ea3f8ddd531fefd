"""A single answer that was given: what the buttons under it refer to, and thumbs for it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from bot.domain.ids import Fingerprint, MessageTs, ThreadKey


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """A single answer; Slack sees nothing of it but its id.

    Attributes:
        id: The ts of its question: one of a kind in its channel, and it tells nothing.
        thread: The thread that it stands in.
        asked_ts: Under which ts the thread keeps its question.
        name: What people call the contestant.
        fingerprint: Which exact contestant gave it.
        at: When it was decided.
        kept: How long it is kept, as long as its thread is.
    """

    id: MessageTs
    thread: ThreadKey
    asked_ts: MessageTs
    name: str
    fingerprint: Fingerprint
    at: datetime
    kept: timedelta

    def to_document(self) -> dict[str, Any]:
        """Return a plain mapping for storage."""
        return {
            "id": self.id,
            "thread": self.thread.wire,
            "asked_ts": self.asked_ts,
            "name": self.name,
            "fingerprint": self.fingerprint,
            "at": self.at.isoformat(),
            "kept_s": self.kept.total_seconds(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "GivenAnswer":
        """Read what `to_document` wrote."""
        return cls(
            id=document["id"],
            thread=ThreadKey.from_wire(document["thread"]),
            asked_ts=document["asked_ts"],
            name=document["name"],
            fingerprint=document["fingerprint"],
            at=datetime.fromisoformat(document["at"]),
            kept=timedelta(seconds=document["kept_s"]),
        )


@dataclass(frozen=True, slots=True)
class Thumbs:
    """Thumbs for the answers of one exact contestant in one channel; they are no ballots."""

    up: int = 0
    down: int = 0


NO_THUMBS = Thumbs()
"""Nobody has said anything."""
