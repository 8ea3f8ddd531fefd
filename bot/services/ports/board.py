"""What is shown of a tasting in its channel."""

from dataclasses import dataclass
from typing import Protocol

from bot.domain.ids import MessageTs
from bot.domain.judging import Judged, Result
from bot.domain.tasting import Tasting


@dataclass(frozen=True, slots=True)
class Status:
    """How far the cooking is, or what it came to; of `all` answers, `done` are there."""

    tasting: Tasting
    done: int
    all: int


@dataclass(frozen=True, slots=True)
class Invitation:
    """The invitation to taste along; `waiting` is how many voters are not through."""

    tasting: Tasting
    waiting: int


@dataclass(frozen=True, slots=True)
class Reread:
    """A question of a tasting whose seals are open, with both answers; None for a text that is gone."""

    judged: Judged
    question: str | None
    first: str | None
    second: str | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a tasting has come to.

    Attributes:
        tasting: The tasting.
        result: What the votes come to.
        abstained: How many of the voters cast no vote.
        contested: The questions on which people contradict each other most.
        one_sided: Those on which they agree most.
    """

    tasting: Tasting
    result: Result
    abstained: int
    contested: tuple[Reread, ...]
    one_sided: tuple[Reread, ...]


Notice = Status | Invitation | Outcome
"""What can be put on the board."""


class Board(Protocol):
    """The messages of a tasting in its channel."""

    async def put(self, notice: Notice, ts: MessageTs | None, marker: str) -> MessageTs:
        """Post a message, or put it in place of the one with that ts; return its ts.

        A message that was posted with the same marker before, and of which nobody knows, is found again.

        Raises:
            Refusal: The channel or the message is gone, or the bot is not in the channel.
        """
        ...
