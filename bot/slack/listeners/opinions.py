"""Buttons under a single answer: thumbs, and a second opinion."""

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.services.opining import Opining
from bot.services.ports import Ingested
from bot.slack import ids
from bot.slack.inbound import read_answer_click
from bot.slack.reception import Reception
from bot.slack.views.opinions import second_opinion_asked, thumb_taken


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
        became = await self.opining.thumb(click.caller.place, click.answer, click.caller.user, up=click.up)
        await ack()
        words = self.reception.words(click.caller)
        self.reception.tell(click.caller, thumb_taken(words, became, up=click.up))

    async def on_second_opinion(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Have the channel's pair answer the question afresh."""
        click = read_answer_click(body, self.reception.me)
        caller, opining = click.caller, self.opining
        became = await opining.second_opinion(caller.place, click.answer, caller.user)
        given = await opining.given(caller.place, click.answer)
        self.reception.background.spawn("wake", opining.intake.wake(given.thread))
        await ack()
        rendered = second_opinion_asked(self.reception.words(caller), again=became is Ingested.DUPLICATE)
        self.reception.tell(caller, rendered)
