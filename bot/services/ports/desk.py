"""What the admin's desk reads and writes: a channel's account, rights given for one channel, open ballots."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from bot.domain.access import AccessRequest, Grant
from bot.domain.costs import Account
from bot.domain.duel import Duel
from bot.domain.ids import ChannelKey, Pseudonym, UserId


class Accounts(Protocol):
    """What answers have used."""

    async def account(self, place: ChannelKey, today: date) -> Account:
        """Return what a channel has used in the 30 days up to today.

        Days on which a duel began that is still open, and those after it, are left out: what its two sides
        used must not be found out from the means.
        """
        ...


class Grants(Protocol):
    """Rights to administer single channels, and requests for them."""

    async def granted(self, places: Sequence[ChannelKey]) -> Mapping[ChannelKey, Mapping[UserId, Grant]]:
        """Return who has the right in each of the channels."""
        ...

    async def give(self, place: ChannelKey, grant: Grant) -> bool:
        """Give the right; False when the person has it already."""
        ...

    async def take(self, place: ChannelKey, user: UserId) -> bool:
        """Take the right away; False when the person has not had it."""
        ...

    async def ask(self, place: ChannelKey, user: UserId, *, now: datetime) -> AccessRequest | None:
        """Put down a request; return the earlier one instead when that is less than a day old."""
        ...

    async def forget(self, place: ChannelKey, user: UserId) -> None:
        """Forget a request that reached nobody."""
        ...

    async def decide(
        self, place: ChannelKey, user: UserId, by: UserId, *, allow: bool, now: datetime
    ) -> tuple[AccessRequest | None, bool]:
        """Decide a request; with it the right is given.

        Returns:
            The request as it stands (None when there is none any more), and whether this call decided it.
        """
        ...


@dataclass(frozen=True, slots=True)
class OpenDuel:
    """An open duel: its question (None when its text is gone), and whether the person has voted."""

    duel: Duel
    question: str | None
    voted: bool


class OpenDuels(Protocol):
    """Duels that wait for ballots."""

    async def open_in(
        self, places: Sequence[ChannelKey], voter: Pseudonym | None, *, now: datetime
    ) -> Sequence[OpenDuel]:
        """Return the open duels of channels, newest first, the newest ten of each channel.

        Args:
            places: The channels.
            voter: Who looks; None for somebody who has never voted.
            now: The time; a duel is open for a week at most.
        """
        ...
