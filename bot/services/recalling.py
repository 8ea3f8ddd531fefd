"""Reading what people said in a thread before the bot was first asked in it: once, and the same for everybody."""

from dataclasses import dataclass, replace

from bot.domain.earlier import NOTHING_READ
from bot.domain.errors import BotError
from bot.domain.ids import MessageTs
from bot.services.ports import Chat, Conversations, Observer, Spot, Work


@dataclass(frozen=True, slots=True)
class Recalling:
    """Reads threads that others began."""

    conversations: Conversations
    chat: Chat
    observer: Observer

    async def recall(self, work: Work, root: MessageTs, room_tokens: int) -> Work:
        """Return the work with what was said before, read from Slack unless that is known or there is nothing.

        When Slack does not let us, the question goes on without, and the answer says so.

        Args:
            work: The question under its lease.
            root: The ts of the thread's root.
            room_tokens: What the messages may cost together, for whoever of those asked can read least.

        Raises:
            LeaseLost: Another worker has the thread, or the question was deleted.
        """
        if work.earlier is not None or not _begun_by_others(work, root):
            return work
        spot = Spot(work.question.thread.place, root)
        try:
            earlier = (await self.chat.earlier(spot, work.question.ts)).fitted(room_tokens)
        except BotError as error:
            self.observer.fact("thread_not_read", code=error.code.value)
            earlier = NOTHING_READ
        await self.conversations.record_earlier(work, earlier)
        self.observer.fact("thread_read", read=earlier.extent.read, total=earlier.extent.total)
        return replace(work, earlier=earlier)


def _begun_by_others(work: Work, root: MessageTs) -> bool:
    """Whether there may be messages before the question of which nothing is known here."""
    return not (work.turns or work.question.thread.from_command or work.question.ts == root)
