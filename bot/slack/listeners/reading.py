"""The modal in which the answers of a duel are read in full, and voted on."""

from dataclasses import dataclass, replace
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.ballot import Choice
from bot.domain.errors import BotError
from bot.domain.speakers import Speakers
from bot.domain.thread import Side
from bot.services.dueling import Dueling
from bot.slack import ids
from bot.slack.callers import Caller, caller_of
from bot.slack.ids import ModalContext
from bot.slack.inbound import Turned, read_click, read_turned
from bot.slack.reception import Reception
from bot.slack.views.ballots import notice_modal, receipt
from bot.slack.views.parts import Rendered
from bot.slack.views.reading import read_modal
from bot.slack.views.refusals import refused


@dataclass(frozen=True, slots=True)
class ReadingListeners:
    """Opens the modal, turns it to the other side, and takes its ballot."""

    dueling: Dueling
    reception: Reception

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.action(ids.READ)(self.on_read)
        app.action(ids.TURN)(self.on_turn)
        app.view(ids.BALLOT_MODAL)(self.on_submission)

    async def on_read(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Open the modal with one side."""
        click = read_click(body, self.reception.me)
        context = ModalContext(click.caller.place.channel, click.duel, click.caller.root)
        side = Side(click.action.partition(":")[2])
        await ack()

        async def show() -> None:
            view = await self._view(click.caller, context, side)
            await self.reception.whisper.open(click.caller, click.trigger, view)

        self.reception.later("read", click.caller, show)

    async def on_turn(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Show the other side, or another part, in the same modal."""
        turned = read_turned(body, self.reception.me)
        await ack()

        async def turn() -> None:
            try:
                view = await self._view(
                    turned.caller, turned.context, turned.side, turned.page, turned.chosen
                )
            except BotError as error:
                words = self.reception.words(turned.caller)
                view = notice_modal(words, refused(words, error).text)
            await self._replace(turned, view)

        self.reception.later("turn", turned.caller, turn)

    async def on_submission(self, body: dict[str, Any], view: dict[str, Any], ack: AsyncAck) -> None:
        """Store the ballot of the modal; without one it just closes. What is refused is said in the modal."""
        context = ModalContext.unpack(view["private_metadata"])
        caller = caller_of(body, self.reception.me)
        choice = ids.submitted_choice(view["state"]["values"])
        if caller is None or choice is None:
            await ack()
            return
        await self.reception.answer("vote", caller, ack, self._cast(caller, context, choice), replace=False)

    async def _cast(self, caller: Caller, context: ModalContext, choice: Choice) -> Rendered:
        if choice is context.seen:
            await self.dueling.check_unchanged(caller.place, context.duel, caller.user, choice)
        cast = await self.dueling.cast(caller.place, context.duel, caller.user, choice)
        self.reception.background.spawn("settle", self.dueling.settle(caller.place, context.duel))
        return receipt(self.reception.words(caller), cast)

    async def _view(
        self,
        caller: Caller,
        context: ModalContext,
        side: Side,
        page: int = 0,
        chosen: Choice | None = None,
    ) -> dict[str, Any]:
        reading = await self.dueling.read(caller.place, context.duel, caller.user, side)
        speakers = Speakers(reading.speakers)
        if people := speakers.mentioned(reading.text):
            names = await self.reception.chat.names(caller.place.team, people)
            reading = replace(reading, text=speakers.shown(reading.text, names))
        context = replace(context, seen=reading.choice)
        return read_modal(self.reception.words(caller), reading, context, page=page, chosen=chosen)

    async def _replace(self, turned: Turned, view: dict[str, Any]) -> None:
        await self.reception.whisper.replace(turned.view, turned.hash, view)
