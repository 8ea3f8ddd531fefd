"""The messages of a tasting in its channel (port Board)."""

from dataclasses import dataclass

from bot.domain.errors import Code, Refusal
from bot.domain.ids import MessageTs
from bot.services.ports import Invitation, Outcome, Spot, Status
from bot.slack.calling import SlackRefused
from bot.slack.outbound import GONE, SlackChat
from bot.slack.texts import Words
from bot.slack.views import tastings
from bot.slack.views.parts import Rendered


@dataclass(frozen=True, slots=True)
class SlackBoard:
    """Posts and changes them.

    Attributes:
        chat: What is said to Slack.
        currency: Of prices.
    """

    chat: SlackChat
    currency: str

    async def put(
        self, notice: Status | Invitation | Outcome, ts: MessageTs | None, marker: str
    ) -> MessageTs:
        """Post a message, or put it in place of the one with that ts; return its ts; see the port."""
        spot = Spot(notice.tasting.place, None)
        words = self.chat.texts.words(notice.tasting.language)
        if ts is not None:
            await self._change(spot, ts, self._rendered(words, notice))
            return ts
        posted = await self._once(spot, self._rendered(words, notice), marker)
        if isinstance(notice, Outcome):
            thread = Spot(notice.tasting.place, posted)
            for number, rendered in enumerate(tastings.rereads(words, notice)):
                await self._once(thread, rendered, f"{marker}-{number}")
        return posted

    def _rendered(self, words: Words, notice: Status | Invitation | Outcome) -> Rendered:
        match notice:
            case Status():
                return tastings.status(words, notice)
            case Invitation():
                return tastings.invitation(words, notice)
            case Outcome():
                return tastings.outcome(words, notice, self.currency)

    async def _once(self, spot: Spot, rendered: Rendered, marker: str) -> MessageTs:
        """Post a message unless it was posted before by somebody who died before they could say so."""
        found = await self.chat.find(spot, marker)
        return found or await self.chat.say(spot, rendered, marker)

    async def _change(self, spot: Spot, ts: MessageTs, rendered: Rendered) -> None:
        chat_update = self.chat.api.client.chat_update
        try:
            await self.chat.api.call(
                chat_update,
                again=True,
                channel=spot.place.channel,
                ts=ts,
                text=rendered.text,
                blocks=rendered.blocks,
            )
        except SlackRefused as refused:
            if refused.error not in GONE:
                raise
            raise Refusal(Code.TASTING_GONE) from refused
