"""What is kept of people: collected for one of them, deleted for one of them, deleted with a channel."""

from datetime import datetime
from typing import Protocol

from bot.domain.ids import ChannelKey, TeamId, UserId
from bot.domain.privacy import Forgotten, PersonalData


class Traces(Protocol):
    """Everything that is kept of people; each method looks at all of a team's keys, so they are rare."""

    async def collect(self, team: TeamId, person: UserId) -> PersonalData:
        """Return what is kept of a person."""
        ...

    async def forget(self, team: TeamId, person: UserId, *, now: datetime) -> Forgotten:
        """Delete a person's texts, thumbs and rights, and the link to their ballots; again: what is new.

        A wish against training stays until they take it back.
        Ballots in closed duels stay, under a pseudonym that nobody can trace any more. Those in open duels go over
        to a new pseudonym, which stays linked: else the person could vote there a second time.
        """
        ...

    async def clear(self, place: ChannelKey) -> int:
        """Delete every text of a channel; scores and settings stay. Return how many keys were deleted."""
        ...


class Wishes(Protocol):
    """What people do not want to happen with what they ask."""

    async def no_training(self, team: TeamId, person: UserId) -> bool:
        """Whether a person's questions must never become training rows."""
        ...

    async def set_no_training(self, team: TeamId, person: UserId, *, wished: bool) -> None:
        """Store or take back that wish."""
        ...

    async def never_trained_on(self, team: TeamId) -> frozenset[UserId]:
        """Return everybody in a team with that wish, for exports."""
        ...


class Parcels(Protocol):
    """Files for one person."""

    async def send(self, team: TeamId, person: UserId, name: str, content: bytes) -> None:
        """Put a file into the direct message with a person.

        Raises:
            Refusal: Slack does not let us.
            Outage: Slack does not answer; the file may be there or not.
        """
        ...
