"""Stopping an answer while it is written: who asked may, and admins."""

from dataclasses import dataclass

from bot.domain.errors import Code, Refusal
from bot.domain.ids import MessageTs, ThreadKey, UserId
from bot.services.ports import LiveChat, Observer, Progress
from bot.services.rights import Rights


@dataclass(frozen=True, slots=True)
class Stopping:
    """Takes in that somebody wants an answer to stop; whoever writes it looks for that."""

    progress: Progress
    chat: LiveChat
    rights: Rights
    observer: Observer

    async def stop_session(self, thread: ThreadKey, user: UserId) -> None:
        """Have whatever is being answered in a thread stop; Slack shows it as under way until it is told.

        Raises as `stop` does.
        """
        try:
            await self.stop(thread, None, user)
        finally:
            await self.chat.rest(thread)

    async def stop(self, thread: ThreadKey, ts: MessageTs | None, user: UserId) -> None:
        """Have an answer stop.

        Args:
            thread: The thread of its question.
            ts: Its question; None for whichever of the thread's is being answered.
            user: Who wants it.

        Raises:
            Refusal: It is complete, or this person may not stop it.
            Outage: The store does not answer, or Slack does not say who the person is.
        """
        question = await self.progress.under_way(thread, ts)
        if question is None:
            raise Refusal(Code.TOO_LATE_TO_STOP)
        if user != question.asker and not await self.rights.is_admin(thread.place, user):
            raise Refusal(Code.NOT_YOURS_TO_STOP)
        if not await self.progress.ask_to_stop(question, user):
            raise Refusal(Code.TOO_LATE_TO_STOP)
        self.observer.fact("stop_asked", thread=question.thread.wire)
