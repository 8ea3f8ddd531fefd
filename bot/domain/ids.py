"""Names of things in Slack and of our own, typed so that they cannot be mixed up."""

import re
from dataclasses import dataclass
from typing import NewType

TeamId = NewType("TeamId", str)
ChannelId = NewType("ChannelId", str)
UserId = NewType("UserId", str)
MessageTs = NewType("MessageTs", str)
"""A message's timestamp, which is also its id within a channel: seconds, a dot, six digits."""
DuelId = NewType("DuelId", str)
TastingId = NewType("TastingId", str)
Fingerprint = NewType("Fingerprint", str)
"""Twelve hex digits that name one exact contestant."""
Pseudonym = NewType("Pseudonym", str)
"""Random name under which one person's ballots are kept in one team."""

_SLACK_ID = re.compile(r"[A-Z0-9]{2,24}")
_TS = re.compile(r"\d{1,12}\.\d{6}")
_CONVERSATION = re.compile(r"\d{1,12}\.\d{6}|cmd-[0-9A-Za-z.\-]{1,80}")


@dataclass(frozen=True, slots=True, order=True)
class ChannelKey:
    """A channel of a team.

    Raises:
        ValueError: An id has not the form that Slack gives it.
    """

    team: TeamId
    channel: ChannelId

    def __post_init__(self) -> None:
        for value in (self.team, self.channel):
            if not _SLACK_ID.fullmatch(value):
                raise ValueError(f"not a Slack id: {value!r}")

    @property
    def direct(self) -> bool:
        """Whether it is a direct message between one person and the bot."""
        return self.channel.startswith("D")


@dataclass(frozen=True, slots=True, order=True)
class ThreadKey:
    """A thread: its channel, and the ts of its root or `cmd-<trigger id>` for a command's question.

    Raises:
        ValueError: The conversation has neither form.
    """

    place: ChannelKey
    conversation: str

    def __post_init__(self) -> None:
        if not _CONVERSATION.fullmatch(self.conversation):
            raise ValueError(f"not a conversation: {self.conversation!r}")

    @property
    def wire(self) -> str:
        """The key as one short string, for queues: `T1:C1:1795342000.000100`."""
        return f"{self.place.team}:{self.place.channel}:{self.conversation}"

    @classmethod
    def from_wire(cls, wire: str) -> "ThreadKey":
        """Read what `wire` wrote; raise ValueError when it is not that."""
        team, channel, conversation = wire.split(":", 2)
        return cls(ChannelKey(TeamId(team), ChannelId(channel)), conversation)

    @property
    def from_command(self) -> bool:
        """Whether the question came by a slash command and its root message is ours to post."""
        return self.conversation.startswith("cmd-")


def message_ts(value: str) -> MessageTs:
    """Check and type a timestamp; raise ValueError when it is not one."""
    if not _TS.fullmatch(value):
        raise ValueError(f"not a message timestamp: {value!r}")
    return MessageTs(value)
