"""The form for a question: opened by the buttons "Ask" and "Try a duel", or by a command without a text."""

import asyncio
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.errors import BotError, Code, Outage
from bot.domain.ids import ChannelKey
from bot.services.administering import Administering
from bot.services.intake import Intake, check_question
from bot.services.ports import Clock
from bot.slack import ids
from bot.slack.callers import Caller, caller_of
from bot.slack.ids import AskContext
from bot.slack.inbound import read_asking, read_form
from bot.slack.reception import Reception
from bot.slack.views.asking import asked_away, question_form
from bot.slack.views.refusals import refused_at_field

_AGAIN_AFTER = timedelta(seconds=3)


@dataclass(frozen=True, slots=True)
class QuestionForm:
    """Opens the form."""

    administering: Administering
    reception: Reception

    def open_later(
        self, trigger: str, caller: Caller, context: AskContext, chosen: str | None = None
    ) -> None:
        """Open the form once the click is acknowledged; the person is told when that cannot be done.

        Args:
            trigger: What Slack gave for it; good for three seconds.
            caller: Who wants it.
            context: What it is for.
            chosen: Who is to answer, when that was said already.
        """

        async def show() -> None:
            await self.show(trigger, caller, context, chosen=chosen)

        self.reception.later("question form", caller, show)

    async def show(
        self,
        trigger: str,
        caller: Caller,
        context: AskContext,
        *,
        chosen: str | None = None,
        text: str | None = None,
    ) -> None:
        """Open the form now; see `open_later`. `text` is what stands in it already."""
        place = ChannelKey(caller.place.team, context.channel)
        offered = await self.administering.offered(place)
        view = question_form(self.reception.words(caller), context, offered, chosen, text)
        await self.reception.whisper.open(caller, trigger, view)


@dataclass(frozen=True, slots=True)
class AskingListeners:
    """Takes in questions that were written into the form."""

    intake: Intake
    reception: Reception
    clock: Clock
    form: QuestionForm

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.action(ids.ASK_HERE)(self.on_button)
        app.action(ids.DUEL_HERE)(self.on_button)
        app.view(ids.ASK_MODAL)(self.on_submission)

    async def on_button(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Open the form."""
        caller, context = read_asking(body, self.reception.me, self.clock.now())
        await ack()
        self.form.open_later(body["trigger_id"], caller, context)

    async def on_submission(self, body: dict[str, Any], view: dict[str, Any], ack: AsyncAck) -> None:
        """Make the question durable, then close the form; what does not fit is said at the field."""
        context = AskContext.unpack(view["private_metadata"])
        caller = caller_of(body, self.reception.me)
        if caller is None:
            raise ValueError("a form without a person")
        words = self.reception.words(caller)
        _, who, rival = ids.submitted_question(view["state"]["values"])
        if who and who == rival:
            await ack(response_action="errors", errors={ids.RIVAL_BLOCK: words.plain("asking.same")})
            return
        try:
            await self._accept(view, context, caller)
        except BotError as error:
            self.reception.observer.fact("refused", code=error.code.value)
            await ack(response_action="errors", errors={ids.QUESTION_BLOCK: refused_at_field(words, error)})
            return
        if context.away:
            await ack(response_action="update", view=asked_away(words, context))
        else:
            await ack()

    async def _accept(self, view: dict[str, Any], context: AskContext, caller: Caller) -> None:
        question = read_form(view, context, caller)
        check_question(question.text)
        await self._check_member(question.thread.place)
        await self.intake.accept(question)
        self.reception.background.spawn("wake", self.intake.wake(question.thread))

    async def _check_member(self, place: ChannelKey) -> None:
        """Raise Outage, too, when Slack does not say in time: sent again, the form is judged by what it said then."""
        try:
            async with asyncio.timeout(self.reception.patience.answering.total_seconds()):
                await self.reception.chat.people.check_member(place)
        except TimeoutError:
            raise Outage(Code.SLACK_DOWN, retry_after=_AGAIN_AFTER) from None
