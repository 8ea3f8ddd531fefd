"""Single answers that were given, and thumbs for them."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Protocol

from bot.domain.answer import GivenAnswer, Thumbs
from bot.domain.ids import ChannelKey, Fingerprint, MessageTs, Pseudonym, ThreadKey
from bot.domain.thread import AskedTurn


class Thumbed(StrEnum):
    """What became of a thumb."""

    GIVEN = "given"
    CHANGED = "changed"
    SAME = "same"
    GONE = "gone"


class Answers(Protocol):
    """Single answers that were given, and thumbs for them; answers are laid down by Conversations."""

    async def load(self, place: ChannelKey, answer: MessageTs) -> GivenAnswer | None:
        """Return the answer; None when there is none of that id in that channel, or its time is over."""
        ...

    async def thumb(self, place: ChannelKey, answer: MessageTs, voter: Pseudonym, *, up: bool) -> Thumbed:
        """Store a person's thumb for an answer, in place of an earlier one."""
        ...

    async def thumbs(self, place: ChannelKey) -> Mapping[Fingerprint, Thumbs]:
        """Return the thumbs of a channel by contestant."""
        ...

    async def question_of(self, thread: ThreadKey, ts: MessageTs) -> tuple[AskedTurn, bool] | None:
        """Return the question that a message of the thread is or answers, and whether it was answered."""
        ...

    async def duel_open(self, thread: ThreadKey) -> bool:
        """Whether a duel is open in a thread."""
        ...
