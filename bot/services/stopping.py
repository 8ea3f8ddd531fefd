"""Stopping an answer while it is written: who asked may, and admins."""

from dataclasses import dataclass

from bot.domain.errors import BotError, Code, Refusal
from bot.domain.ids import ChannelKey, MessageTs, ThreadKey, UserId
from bot.domain.locale import DEFAULT_LANGUAGE
from bot.services.administering import Administering
from bot.services.ports import Half, LiveChat, Observer, Progress
from bot.services.rights import Rights


@dataclass(frozen=True, slots=True)
class Stopping:
    """Takes in that somebody wants an answer to stop; whoever writes it looks for that."""

    progress: Progress
    chat: LiveChat
    rights: Rights
    administering: Administering
    observer: Observer

    async def stop_session(self, thread: ThreadKey, user: UserId) -> None:
        """Have whatever is being answered in a thread stop; Slack shows it as under way until it is told.

        Raises as `stop` does.
        """
        try:
            await self.stop(thread, None, user)
        finally:
            await self.chat.rest(thread)

    async def stop_shown(self, half: Half, user: UserId) -> None:
        """Have the answer of a message stop; where nobody writes it any more, say so in its place.

        Raises as `stop` does.
        """
        try:
            await self.stop(half.thread, half.asked, user)
        except Refusal as refusal:
            late = refusal.code is Code.TOO_LATE_TO_STOP
            if not late or await self.progress.waits(half.thread, half.asked) or not await self._end(half):
                raise

    async def end_halves(self, place: ChannelKey) -> None:
        """End what was left half said in a channel when the bot had to leave it; never raises.

        What cannot be ended now, since the bot is not back, is ended later.
        """
        try:
            for half in await self.progress.halves(place):
                await self._end(half)
        except BotError as error:
            self.observer.fact("halves_not_ended", code=error.code.value, channel=place.channel)

    async def _end(self, half: Half) -> bool:
        report = await self.administering.show(half.thread.place)
        found = await self.chat.end(half, report.held.language or DEFAULT_LANGUAGE)
        await self.progress.ended(half)
        if found:
            self.observer.fact("half_answer_ended", thread=half.thread.wire)
        return found

    async def stop(self, thread: ThreadKey, ts: MessageTs | None, user: UserId) -> None:
        """Have an answer stop.

        Args:
            thread: The thread of its question.
            ts: Its question; None for whichever of the thread's is being answered.
            user: Who wants it.

        Raises:
            Refusal: Nobody writes it any more, or this person may not stop it.
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
