"""Buttons under a single answer: thumbs, and a second opinion."""

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.services.opining import Opining
from bot.services.ports import Ingested
from bot.slack import ids
from bot.slack.inbound import AnswerClick, read_answer_click
from bot.slack.reception import Reception
from bot.slack.views.opinions import second_opinion_asked, thumb_taken
from bot.slack.views.parts import Rendered


@dataclass(frozen=True, slots=True)
class OpinionListeners:
    """Takes in thumbs and wishes for a second opinion; both are durable before the acknowledgement."""

    opining: Opining
    reception: Reception

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.action(ids.THUMB)(self.on_thumb)
        app.action(ids.SECOND_OPINION)(self.on_second_opinion)

    async def on_thumb(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Store a thumb."""
        click = read_answer_click(body, self.reception.me)
        await self.reception.answer("thumb", click.caller, ack, self._thumb(click), replace=False)

    async def on_second_opinion(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Have the channel's pair answer the question afresh."""
        click = read_answer_click(body, self.reception.me)
        await self.reception.answer("opinion", click.caller, ack, self._second_opinion(click), replace=False)

    async def _thumb(self, click: AnswerClick) -> Rendered:
        became = await self.opining.thumb(click.caller.place, click.answer, click.caller.user, up=click.up)
        return thumb_taken(self.reception.words(click.caller), became, up=click.up)

    async def _second_opinion(self, click: AnswerClick) -> Rendered:
        caller, opining = click.caller, self.opining
        became = await opining.second_opinion(caller.place, click.answer, caller.user)
        given = await opining.given(caller.place, click.answer)
        self.reception.background.spawn("wake", opining.intake.wake(given.thread))
        return second_opinion_asked(self.reception.words(caller), again=became is Ingested.DUPLICATE)
