"""What can be done with any message from its menu: have two answer it, or ask it again of somebody named."""

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.errors import Code, Refusal
from bot.services.opining import Opining
from bot.services.ports import Clock, Ingested
from bot.slack.ids import AskContext
from bot.slack.inbound import PickedClick, read_message_action
from bot.slack.listeners.asking import QuestionForm
from bot.slack.reception import Reception
from bot.slack.views.opinions import duel_asked
from bot.slack.views.parts import Rendered


@dataclass(frozen=True, slots=True)
class ShortcutListeners:
    """Takes in the two message shortcuts; whatever does not fit is told to nobody but who used them."""

    opining: Opining
    reception: Reception
    clock: Clock
    form: QuestionForm

    def register(self, app: AsyncApp) -> None:
        """Listen; the ids are those of the manifest."""
        app.shortcut("duel_this")(self.on_duel)
        app.shortcut("ask_again")(self.on_ask_again)

    async def on_duel(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Make the question durable, for both of the channel's pair, then acknowledge."""
        picked = read_message_action(body, self.reception.me)
        await self.reception.answer("duel this", picked.caller, ack, self._duel(picked), replace=False)

    async def _duel(self, picked: PickedClick) -> Rendered:
        await self.reception.chat.people.check_member(picked.caller.place)
        if (await self.form.administering.offered(picked.caller.place)).pair is None:
            raise Refusal(Code.NO_PAIR)
        became = await self.opining.duel_this(picked.message, picked.caller.user)
        self.reception.background.spawn("wake", self.opining.intake.wake(picked.message.thread))
        words = self.reception.words(picked.caller)
        return duel_asked(words, again=became is Ingested.DUPLICATE)

    async def on_ask_again(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Open the form with the question in it; it is asked in a thread of its own, where all see who asked what."""
        picked = read_message_action(body, self.reception.me)
        await ack()

        async def show() -> None:
            caller = picked.caller
            await self.reception.chat.people.check_member(caller.place)
            text = await self.opining.question_in(picked.message, caller.user)
            context = AskContext.at(caller.place.channel, self.clock.now())
            await self.form.show(picked.trigger, caller, context, text=text)

        self.reception.later("ask again", picked.caller, show)
