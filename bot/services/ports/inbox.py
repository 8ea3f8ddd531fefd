"""The inbox of each thread, its lease, its turns."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Protocol

from bot.domain.channel_config import ChannelConfig
from bot.domain.earlier import Earlier
from bot.domain.ids import ChannelKey, DuelId, Fingerprint, MessageTs, ThreadKey, UserId
from bot.domain.question import Question, Recorded, Routed
from bot.domain.speakers import NOBODY, Speakers
from bot.domain.thread import Side, Turn


class Ingested(StrEnum):
    """What became of a message that arrived."""

    ACCEPTED = "accepted"
    """It is durable in its thread's inbox."""
    DUPLICATE = "duplicate"
    """It was accepted before."""
    IGNORED = "ignored"
    """It was no question: the channel's threads want mentions, or the thread is not ours."""
    FULL = "full"
    """The thread has too many questions waiting."""


@dataclass(frozen=True, slots=True)
class DuelInThread:
    """A duel as its thread knows it.

    Attributes:
        open: Whether ballots are still taken.
        named: Whether it has closed with ballots, so that everybody may know who was who.
        side: The side that the thread goes on from.
        name: What the contestant on that side is called.
        fingerprint: Which exact contestant that is.
        rival: The exact contestant on the other side.
    """

    open: bool
    named: bool
    side: Side
    name: str
    fingerprint: Fingerprint
    rival: Fingerprint


@dataclass(frozen=True, slots=True)
class Work:
    """The head of a thread's inbox with all that is needed to answer it, taken under a lease.

    Attributes:
        question: What was asked.
        token: The lease's fence: every later write names it and fails once it is lost.
        attempts: How often this question has been taken, this time included.
        routed: The route, when it was recorded by an earlier attempt.
        recorded: What was decided, when it was recorded by an earlier attempt.
        posted: Ts of each part that was posted, by part number.
        posting: The part that an earlier attempt was about to post and may have posted; None for none.
        root_ts: The ts of the thread's root; None while a command's root message is not posted.
        turns: The conversation, oldest first.
        duels: The thread's duels, by id, oldest first.
        config: What is set for the channel.
        speakers: Who has spoken in the thread so far, by number.
        earlier: What people said in the thread before, when it was read by an earlier attempt.
        streaming: The message that an earlier attempt was about to begin last, to show the answer while it
            was written; None when it showed none.
        streamed: Ts of each such message, by number.
        stopped_by: Who asked for the answer to stop; None when nobody did.
        withdrawn: Whether the question was deleted while its answer was being shown.
    """

    question: Question
    token: str
    attempts: int
    routed: Routed | None
    recorded: Recorded | None
    posted: Mapping[int, MessageTs]
    posting: int | None
    root_ts: MessageTs | None
    turns: tuple[Turn, ...]
    duels: Mapping[DuelId, DuelInThread]
    config: ChannelConfig
    speakers: Speakers = NOBODY
    earlier: Earlier | None = None
    streaming: int | None = None
    streamed: Mapping[int, MessageTs] = field(default_factory=dict)
    stopped_by: UserId | None = None
    withdrawn: bool = False

    @property
    def history(self) -> tuple[Turn, ...]:
        """The conversation with what was said before the bot was asked, oldest first."""
        return (*(self.earlier.turns if self.earlier else ()), *self.turns)

    @property
    def open_duel(self) -> DuelId | None:
        """The thread's open duel; None when there is none."""
        return next((duel for duel, known in self.duels.items() if known.open), None)


class LeaseLost(Exception):
    """Another worker holds the thread now, or the question was deleted: stop, write nothing more."""


class AnswerDeleted(Exception):
    """Somebody deleted a message of an answer before all of it was there: nothing more is said of it."""


class Conversations(Protocol):
    """The inbox of each thread, its lease, its turns. Each method is one atomic step."""

    async def ingest(self, question: Question, *, follow_up: bool, now: datetime) -> Ingested:
        """Make a question durable in its thread's inbox, once.

        Args:
            question: What was asked.
            follow_up: True for a message that does not mention the bot: it is a question only when the
                thread is ours and the channel's threads are followed.
            now: The time.
        """
        ...

    async def withdraw(self, thread: ThreadKey, ts: MessageTs) -> bool:
        """Take out what is kept of a deleted message: the question that waits, or its turn.

        With a message that shows an answer while it is written, the question goes that is being answered.

        Returns:
            Whether a question was taken out; False too when it is decided already.
        """
        ...

    async def amend(self, thread: ThreadKey, ts: MessageTs, text: str) -> bool:
        """Keep the text that a message has after an edit; False when nothing is kept of it.

        A question that a worker is at is answered as it was; its turn gets the edited text.
        """
        ...

    async def drop(self, place: ChannelKey, until: MessageTs) -> int:
        """Drop every question that waits in a channel and was asked up to a time; return how many.

        Messages in which half an answer is left then are kept for `Progress.halves`.
        """
        ...

    async def take(self, thread: ThreadKey, token: str, *, now: datetime) -> Work | None:
        """Take the thread's lease and its head; None when it is empty or another worker has it."""
        ...

    async def renew(self, thread: ThreadKey, token: str) -> None:
        """Keep the lease for its full time again; raise LeaseLost when it is another's."""
        ...

    async def record_route(self, work: Work, routed: Routed) -> None:
        """Store the route before a model is asked; raise LeaseLost."""
        ...

    async def record_earlier(self, work: Work, earlier: Earlier) -> None:
        """Store what people said in the thread before a model is asked; raise LeaseLost."""
        ...

    async def record(self, work: Work, recorded: Recorded, *, text_lifetime: timedelta) -> None:
        """Store the decision with its duel and texts, and that part 0 is about to be posted.

        Args:
            work: The question under its lease.
            recorded: The decision.
            text_lifetime: How long the texts of its duel are kept.

        Raises:
            LeaseLost: Another worker has the thread, or the question was deleted.
        """
        ...

    async def posted(self, work: Work, part: int, ts: MessageTs) -> None:
        """Store a part's ts, and that the next part is about to be posted; raise LeaseLost."""
        ...

    async def rooted(self, work: Work, ts: MessageTs) -> None:
        """Store the ts of a command's root message, under which its thread is known from now on."""
        ...

    async def commit(
        self,
        work: Work,
        recorded: Recorded,
        posted: Mapping[int, MessageTs],
        *,
        thread_lifetime: timedelta,
        now: datetime,
    ) -> bool:
        """End the question: turns appended, duel's messages noted, entry removed, lease released.

        Args:
            work: The question under its lease.
            recorded: The decision.
            posted: Ts of every part, by part number.
            thread_lifetime: How long the thread's turns are kept after this one.
            now: The time.

        Returns:
            Whether more questions wait in the thread.

        Raises:
            LeaseLost: Another worker has the thread.
        """
        ...

    async def release(self, work: Work) -> None:
        """Give the lease back with the question still at the head, to be tried again later."""
        ...

    async def bury(self, work: Work, *, now: datetime) -> bool:
        """Move the question to the dead letters; return whether more wait in the thread."""
        ...

    async def overdue(self, now: datetime, limit: int) -> Sequence[ThreadKey]:
        """Return threads whose questions should have been answered by now, and look at them later again."""
        ...
