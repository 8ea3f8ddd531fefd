"""Slack, as far as answers need it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.duel import Duel
from bot.domain.earlier import Earlier
from bot.domain.home import SharedChannel
from bot.domain.ids import ChannelKey, MessageTs, TeamId, UserId
from bot.domain.notices import Notice
from bot.domain.person import Person
from bot.domain.question import Question, Recorded, Reply
from bot.domain.reports import ConfigReport


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in Slack something is shown: a channel, and the root of a thread in it.

    `root` is None for the channel itself.
    """

    place: ChannelKey
    root: MessageTs | None


class TakeAway(Protocol):
    """Takes a sign away again."""

    async def __call__(self, *, answered: bool) -> None:
        """Take it away.

        Args:
            answered: Whether an answer was posted, with which Slack takes some signs away itself.
        """
        ...


class Chat(Protocol):
    """Slack, as far as answers need it. What is shown is made from values by the surface's views."""

    async def sign(self, question: Question, root: MessageTs | None, language: str) -> TakeAway:
        """Show that the question is being worked on; return what takes the sign away again."""
        ...

    async def post_root(self, question: Question, marker: str, language: str) -> MessageTs:
        """Post a command's question in its channel and return its ts."""
        ...

    def parts(self, reply: Reply) -> int:
        """Return into how many messages a reply is split; always the same for the same reply."""
        ...

    async def post(self, spot: Spot, recorded: Recorded, part: int, marker: str) -> MessageTs:
        """Post one part of a decision's reply, with an opaque marker by which it can be found again.

        Raises:
            Refusal: Slack will never take it: the channel is gone or the bot is not in it.
        """
        ...

    async def find(self, spot: Spot, marker: str) -> MessageTs | None:
        """Return the ts of our message with that marker; None when it is not there."""
        ...

    async def earlier(self, spot: Spot, before: MessageTs) -> Earlier:
        """Return what people and other apps said in a thread before a message; asked of Slack once.

        Raises:
            Refusal: Slack does not let us read there.
            Outage: Slack does not answer, or not now.
        """
        ...

    async def names(self, team: TeamId, users: Sequence[UserId]) -> Mapping[UserId, str]:
        """Return what people are called; who has no name that can be shown is left out."""
        ...

    async def show_ballots(self, duel: Duel, ballots: int) -> None:
        """Bring the ballot message up to date: the count while open, names and split once closed."""
        ...

    async def welcome(self, place: ChannelKey, report: ConfigReport) -> MessageTs:
        """Say in a channel who answers there and what becomes of what is written; return the message's ts.

        Raises:
            Refusal: The channel is gone or the bot is not in it.
        """
        ...

    async def person(self, team: TeamId, user: UserId, *, fresh: bool = False) -> Person:
        """Return a person; `fresh` asks Slack even when the answer is known from some minutes ago."""
        ...

    async def locale(self, team: TeamId, user: UserId) -> str:
        """Return a person's locale, such as `de-DE`; English when Slack does not say soon; never raises."""
        ...

    async def notify(self, team: TeamId, user: UserId, notice: Notice) -> MessageTs:
        """Tell a person something by direct message.

        Raises:
            Refusal: Slack will not take it: the person is gone, or is an app.
        """
        ...

    async def admins(self, team: TeamId) -> list[UserId]:
        """Return the workspace's owners and admins, owners first; as Slack said some minutes ago."""
        ...

    async def shared_channels(self, team: TeamId, user: UserId) -> list[SharedChannel]:
        """Return the channels in which both a person and the bot are, as Slack said at most a minute ago."""
        ...

    async def creator(self, place: ChannelKey) -> UserId | None:
        """Return who made the channel; None when Slack does not say."""
        ...
