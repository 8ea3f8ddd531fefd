"""Duels, ballots and the vote log."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.ballot import Choice, Tally
from bot.domain.duel import ClosedBy, Duel
from bot.domain.ids import ChannelKey, DuelId, MessageTs, Pseudonym


class Cast(StrEnum):
    """What became of a ballot."""

    CAST = "cast"
    CHANGED = "changed"
    SAME = "same"
    CLOSED = "closed"
    LOCKED = "locked"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class CastResult:
    """What became of a ballot, and how many people have voted now."""

    outcome: Cast
    ballots: int


@dataclass(frozen=True, slots=True)
class Ballot:
    """One person's ballot: what it says, and whether it is locked because they looked."""

    choice: Choice
    locked: bool


@dataclass(frozen=True, slots=True)
class DuelTexts:
    """What was asked and answered in a duel, and who "Speaker 1" is in it; kept for its lifetime only."""

    question: str
    a: str
    b: str
    speakers: tuple[str, ...] = ()


class Duels(Protocol):
    """Duels, ballots and the vote log."""

    async def load(self, place: ChannelKey, duel: DuelId) -> Duel | None:
        """Return the duel; None when there is none of that id in that channel."""
        ...

    async def texts(self, place: ChannelKey, duel: DuelId) -> DuelTexts | None:
        """Return its texts; None when their lifetime is over."""
        ...

    async def cast(
        self,
        place: ChannelKey,
        duel: DuelId,
        voter: Pseudonym,
        choice: Choice,
        *,
        asker: bool,
        now: datetime,
    ) -> CastResult:
        """Store a ballot, replacing the voter's earlier one, unless the duel is closed or the ballot locked.

        Args:
            place: The channel.
            duel: The duel.
            voter: The voter's pseudonym.
            choice: What the ballot says.
            asker: Whether the voter asked the question: then the thread goes on from the side preferred.
            now: The time, for the vote log.
        """
        ...

    async def ballot(self, place: ChannelKey, duel: DuelId, voter: Pseudonym) -> Ballot | None:
        """Return the voter's ballot; None when there is none."""
        ...

    async def lock(self, place: ChannelKey, duel: DuelId, voter: Pseudonym) -> Ballot | None:
        """Lock the voter's ballot, so that the names may be shown to them; None when there is none."""
        ...

    async def count(self, place: ChannelKey, duel: DuelId) -> int:
        """Return how many people have voted."""
        ...

    async def close(self, place: ChannelKey, duel: DuelId, by: ClosedBy, *, now: datetime) -> Duel | None:
        """Close the duel with the ballots that are in; None when somebody else closed it before."""
        ...

    async def unsay(self, place: ChannelKey, ts: MessageTs) -> None:
        """Delete what a deleted message said in a duel: its question, or both answers with it."""
        ...

    async def amend(self, place: ChannelKey, ts: MessageTs, text: str) -> None:
        """Keep the text that a duel's question has after an edit."""
        ...

    async def latest(self, place: ChannelKey, limit: int) -> Sequence[Duel]:
        """Return the channel's newest duels, newest first."""
        ...

    def check_tallies(self) -> AsyncIterator["TallyCheck"]:
        """Rebuild each duel's tally from its vote log and compare, duel by duel."""
        ...


@dataclass(frozen=True, slots=True)
class TallyCheck:
    """A duel's tally as its log rebuilds it, as its ballots say, and as it was stored at closing."""

    place: ChannelKey
    duel: DuelId
    rebuilt: Tally
    ballots: Tally
    stored: Tally | None

    @property
    def agrees(self) -> bool:
        """Whether all that is stored says the same."""
        return self.rebuilt == self.ballots and self.stored in {None, self.rebuilt}
