"""The messages of a tasting in its channel (port Board)."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from slack_sdk.models.blocks import Block

from bot.domain.errors import Code
from bot.domain.ids import MessageTs
from bot.services.ports import Invitation, Outcome, Spot, Status
from bot.slack.images import SlackImages
from bot.slack.outbound import SlackChat
from bot.slack.pictures import Picture, draw
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
        place = notice.tasting.place
        words = self.chat.texts.words(notice.tasting.language)
        if ts is not None:
            await self.chat.change(place, ts, self._rendered(words, notice), gone=Code.TASTING_GONE)
            return ts
        spot = Spot(place, None)
        # posted before by somebody who died before they could say so?
        posted = await self.chat.find(spot, marker)
        if posted is None and isinstance(notice, Outcome):
            posted = await self._post_result(spot, words, notice, marker)
        elif posted is None:
            posted = await self.chat.say(spot, self._rendered(words, notice), marker)
        if isinstance(notice, Outcome):
            await self._reread(Spot(place, posted), words, notice, marker)
        return posted

    async def _post_result(self, spot: Spot, words: Words, told: Outcome, marker: str) -> MessageTs:
        """Post the result, with its picture unless that fails."""

        async def post(blocks: Sequence[Block]) -> MessageTs:
            rendered = tastings.outcome(words, told, self.currency, blocks)
            return await self.chat.say(spot, rendered, marker)

        picture = await self._picture(words, told) if told.result.tally.ballots else None
        if picture is None:
            return await post(())
        title = words.plain("pictures.title")
        return await SlackImages(self.chat.api).post(picture, name=_PICTURE, title=title, post=post)

    async def _picture(self, words: Words, told: Outcome) -> Picture | None:
        names, terms = (told.tasting.rivals[0].name, told.tasting.rivals[1].name), told.tasting.terms
        try:
            return await asyncio.to_thread(
                draw, words, names, told.result, margin=terms.margin, alpha=terms.alpha
            )
        except Exception as error:  # noqa: BLE001 (a fault in a drawing holds no result up; it is noted)
            self.chat.observer.fault("picture_not_drawn", error)
            return None

    async def _reread(self, thread: Spot, words: Words, told: Outcome, marker: str) -> None:
        """Post what is worth reading again into the thread of the result."""
        for number, rendered in enumerate(tastings.rereads(words, told)):
            part = f"{marker}-{number}"
            if await self.chat.find(thread, part) is None:
                await self.chat.say(thread, rendered, part)

    def _rendered(self, words: Words, notice: Status | Invitation | Outcome) -> Rendered:
        match notice:
            case Status():
                return tastings.status(words, notice)
            case Invitation():
                return tastings.invitation(words, notice)
            case Outcome():
                return tastings.outcome(words, notice, self.currency)
