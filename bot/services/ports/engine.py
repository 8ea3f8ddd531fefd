"""Waking workers and keeping time."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.ids import ChannelKey, ThreadKey


class JobKind(StrEnum):
    """What can be scheduled."""

    CLOSE_DUEL = "close"
    REFRESH_BALLOTS = "refresh"
    DROP_WAITING = "drop"
    CLEAR_TEXTS = "clear"
    COOK_TASTING = "cook"
    END_TASTING = "end"
    SHOW_TASTING = "show"
    BOTTLE = "bottle"
    SHOW_TUNING = "tuning"


@dataclass(frozen=True, slots=True)
class Job:
    """Something to do later in a channel; the same job is pending at most once.

    Attributes:
        kind: What is to be done.
        place: The channel.
        about: The id of a duel or a tasting, what is to be bottled for whom, which tuning job is shown to whom and how, or for a channel that is gone the ts up to which what waits there is dropped.
    """

    kind: JobKind
    place: ChannelKey
    about: str

    @property
    def wire(self) -> str:
        """The job as one short string."""
        return f"{self.kind.value}:{self.place.team}:{self.place.channel}:{self.about}"

    @classmethod
    def from_wire(cls, wire: str) -> "Job":
        """Read what `wire` wrote; raise ValueError when it is not that."""
        kind, team, channel, about = wire.split(":", 3)
        thread = ThreadKey.from_wire(f"{team}:{channel}:0.000000")
        return cls(JobKind(kind), thread.place, about)


class Engine(Protocol):
    """Wakes workers and keeps time; the truth is in the inbox, so a lost wake-up loses nothing."""

    async def wake(self, thread: ThreadKey) -> None:
        """Have some worker look at the thread soon."""
        ...

    async def schedule(self, job: Job, at: datetime) -> None:
        """Have some worker do the job at that time, once."""
        ...
