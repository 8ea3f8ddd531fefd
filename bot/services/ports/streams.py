"""Answers that are shown while they are written: what is stored of them, and Slack's side of them."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from bot.domain.ids import ChannelKey, MessageTs, ThreadKey, UserId
from bot.domain.question import Question, Recorded
from bot.services.ports.chat import Spot
from bot.services.ports.inbox import Work


@dataclass(frozen=True, slots=True)
class Half:
    """A message in which half an answer was left.

    Attributes:
        thread: The thread of the question; for a command's not the one it is shown in.
        asked: The question.
        number: Which of its messages; the first is 0.
        root: The ts of the thread's root in Slack.
    """

    thread: ThreadKey
    asked: MessageTs
    number: int
    root: MessageTs


class Progress(Protocol):
    """What is stored of an answer while it is written. Each method is one atomic step."""

    async def begin(self, work: Work, number: int) -> None:
        """Store that a message (the first is 0) is about to be begun in Slack; raise LeaseLost."""
        ...

    async def keep(self, work: Work, number: int, ts: MessageTs) -> None:
        """Store the ts of a message that was begun; raise LeaseLost."""
        ...

    async def stop_asked(self, work: Work) -> UserId | None:
        """Return who asked for the answer to stop; None while nobody did.

        Raises:
            LeaseLost: Another worker has the thread, or the question was deleted.
        """
        ...

    async def under_way(self, thread: ThreadKey, ts: MessageTs | None) -> Question | None:
        """Return a question that is being answered; None when it is not (any more).

        Args:
            thread: Its thread; for a command's question also the one under its root message.
            ts: Which one; None for whichever of the thread's is being answered.
        """
        ...

    async def ask_to_stop(self, question: Question, user: UserId) -> bool:
        """Store that a person wants the answer to stop, the first counts; False when it is decided already."""
        ...

    async def waits(self, thread: ThreadKey, ts: MessageTs) -> bool:
        """Whether a question is in its thread's inbox still, decided or not."""
        ...

    async def halves(self, place: ChannelKey) -> Sequence[Half]:
        """Return the messages of a channel in which half an answer was left when its question was dropped."""
        ...

    async def ended(self, half: Half) -> None:
        """Forget a message in which half an answer was left."""
        ...

    async def clear(self, work: Work) -> bool:
        """End a deleted question, of which nothing is shown any more.

        Returns:
            Whether more questions wait in the thread.

        Raises:
            LeaseLost: Another worker has the thread.
        """
        ...


class Stream(Protocol):
    """One answer as it grows in Slack.

    Attributes:
        alive: Whether it still grows; once Slack has refused anything it does not, and what is there stays.
        unsure: Whether Slack may have begun a message of which nobody was told the ts.
    """

    alive: bool
    unsure: bool

    async def show(self, text: str) -> None:
        """Show an answer as far as it has come, all of it from its beginning; raise LeaseLost."""
        ...


Begin = Callable[[int], Awaitable[None]]
"""Told before a message is begun, so that it can be found when its ts is lost; raises LeaseLost."""
Keep = Callable[[int, MessageTs], Awaitable[None]]
"""Told the ts of each message that was begun; raises LeaseLost."""


class LiveChat(Protocol):
    """Slack, as far as answers need it that are shown while they are written."""

    def stream(self, question: Question, root: MessageTs, language: str, begin: Begin, keep: Keep) -> Stream:
        """Return what shows an answer as it grows; nothing is shown yet."""
        ...

    async def find(self, spot: Spot, question: Question, number: int) -> MessageTs | None:
        """Return the ts of a message that was begun for the question; None when there is none."""
        ...

    async def halt(self, place: ChannelKey, ts: MessageTs) -> None:
        """Have a message grow no more, which it may not do anyway; what is in it stays."""
        ...

    async def end(self, half: Half, language: str) -> bool:
        """Say in place of half an answer that it was stopped; False when no message with a Stop button is found.

        Raises:
            Refusal: We are not in the channel.
            Outage: Slack does not answer.
        """
        ...

    async def rest(self, thread: ThreadKey) -> None:
        """Have Slack show no more that something is under way in a thread; for apps that are agents."""
        ...

    async def settle(
        self, spot: Spot, recorded: Recorded, part: int, marker: str, ts: MessageTs
    ) -> MessageTs | None:
        """Make a message that grew into one part of the decision; None when nobody can change it any more.

        Raises:
            AnswerDeleted: Somebody deleted it.
            Refusal: Slack will never take it.
            Outage: Nobody knows whether Slack took it; doing it again does no harm.
        """
        ...

    async def remove(self, place: ChannelKey, ts: MessageTs) -> None:
        """Take a message of ours away, if it is still there; raise Outage when nobody knows."""
        ...
