"""Bringing a decision to Slack: each part once, and in place of what was shown while it was written."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.ids import MessageTs
from bot.domain.question import DuelReply, Recorded
from bot.services.leasing import Lease
from bot.services.ports import Chat, Conversations, LiveChat, Spot, Work


@dataclass(frozen=True, slots=True)
class Delivering:
    """Posts what is recorded; what was posted by an earlier run is not posted again."""

    conversations: Conversations
    chat: Chat
    live: LiveChat

    async def deliver(
        self, work: Work, recorded: Recorded, spot: Spot, lease: Lease, shown: Mapping[int, MessageTs]
    ) -> dict[int, MessageTs]:
        """Have each part of a decision in Slack once, and nothing besides; return the ts of each.

        Args:
            work: The question under its lease.
            recorded: The decision.
            spot: The thread.
            lease: Is looked at before each message.
            shown: Messages that grew while the answer was written, by number; the parts go into them.

        Raises:
            Refusal: Slack will never take it.
            Outage: Nobody knows whether Slack took it.
            LeaseLost: Another worker has the thread.
            AnswerDeleted: Somebody deleted a message that grew.
        """
        posted = dict(work.posted)
        parts = self.chat.parts(recorded.reply)
        for part in range(parts):
            if part in posted:
                continue
            posted[part] = await self._bring(
                work, recorded, part, spot=spot, lease=lease, shown=shown.get(part)
            )
            if part < parts - 1:
                await self.conversations.posted(work, part, posted[part])
        for number, ts in shown.items():
            if number >= parts:
                await lease.make_sure()
                await self.live.remove(spot.place, ts)
        return posted

    async def give_up(self, work: Work, apology: Recorded, spot: Spot) -> None:
        """Say once that there will be no answer, in place of what was shown of it.

        Raises:
            BotError: It cannot be said.
            AnswerDeleted: Somebody deleted what was shown.
        """
        marker = f"{work.question.ts}/given-up"
        first, *more = work.streamed.values() or (None,)
        for ts in more:
            await self.live.remove(spot.place, ts)
        if first is None or await self.live.settle(spot, apology, 0, marker, first) is None:
            await self.chat.post(spot, apology, 0, marker)

    async def _bring(
        self,
        work: Work,
        recorded: Recorded,
        part: int,
        *,
        spot: Spot,
        lease: Lease,
        shown: MessageTs | None,
    ) -> MessageTs:
        marker = _marker(work, recorded, part)
        if shown is not None:
            await lease.make_sure()
            if (ts := await self.live.settle(spot, recorded, part, marker, shown)) is not None:
                return ts
        ts = await self.chat.find(spot, marker) if work.posting == part else None
        if ts is None:
            await lease.make_sure()
            ts = await self.chat.post(spot, recorded, part, marker)
        return ts


def _marker(work: Work, recorded: Recorded, part: int) -> str:
    """An opaque mark by which a message is found again; the same whoever answered."""
    about = recorded.reply.duel if isinstance(recorded.reply, DuelReply) else work.question.ts
    return f"{about}/{part}"
