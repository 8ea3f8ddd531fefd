"""The messages of a tasting in its channel (port Board)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from bot.domain.errors import Code, Refusal
from bot.domain.ids import MessageTs
from bot.services.ports import Invitation, Outcome, Spot, Status
from bot.slack.calling import SlackRefused
from bot.slack.images import SlackImages
from bot.slack.outbound import GONE, SlackChat
from bot.slack.pictures import draw
from bot.slack.texts import Words
from bot.slack.views import tastings
from bot.slack.views.parts import Rendered

_PICTURE = "tasting.png"


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
        if isinstance(notice, Outcome):
            return await self._end(spot, words, notice, marker)
        return await self._once(spot, self._rendered(words, notice), marker)

    async def _end(self, spot: Spot, words: Words, told: Outcome, marker: str) -> MessageTs:
        """Post the result with its picture, and what is worth reading again in its thread."""
        posted = await self.chat.find(spot, marker)
        if posted is None and not told.result.tally.ballots:
            posted = await self.chat.say(spot, self._rendered(words, told), marker)
        elif posted is None:
            names = (told.tasting.rivals[0].name, told.tasting.rivals[1].name)
            terms = told.tasting.terms
            picture = await asyncio.to_thread(
                draw, words, names, told.result, margin=terms.margin, alpha=terms.alpha
            )

            async def post(blocks: Sequence[Block]) -> MessageTs:
                rendered = tastings.outcome(words, told, self.currency, blocks)
                return await self.chat.say(spot, rendered, marker)

            posted = await SlackImages(self.chat.api).post(
                picture, name=_PICTURE, title=words.plain("pictures.title"), post=post
            )
        thread = Spot(spot.place, posted)
        for number, rendered in enumerate(tastings.rereads(words, told)):
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
