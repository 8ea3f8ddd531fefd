"""Messages: questions, commands by mention, deletions, edits."""

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.services.intake import Intake
from bot.services.ports import Ingested
from bot.slack.desk import Desk
from bot.slack.inbound import Amended, Asked, Commanded, Withdrawn, read_event
from bot.slack.reception import Reception


@dataclass(frozen=True, slots=True)
class ConversationListeners:
    """Takes in what people write."""

    intake: Intake
    desk: Desk
    reception: Reception

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.event("app_mention")(self.on_message)
        app.event("message")(self.on_message)

    async def on_message(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Make a question durable, then acknowledge it."""
        match read_event(body, self.reception.me):
            case Asked() as asked:
                await self._accept(asked)
            case Commanded() as commanded:
                self._carry_out(commanded)
            case Withdrawn() as withdrawn:
                await self._withdraw(withdrawn)
            case Amended(thread, ts, text):
                await self.intake.amend(thread, ts, text)
            case None:
                pass
        await ack()

    async def _accept(self, asked: Asked) -> None:
        outcome = await self.intake.accept(asked.question, follow_up=asked.follow_up)
        if outcome in {Ingested.ACCEPTED, Ingested.DUPLICATE}:
            self.reception.background.spawn("wake", self.intake.wake(asked.question.thread))

    async def _withdraw(self, withdrawn: Withdrawn) -> None:
        if await self.intake.withdraw(withdrawn.thread, withdrawn.ts):
            self.reception.background.spawn("wake", self.intake.wake(withdrawn.thread))

    def _carry_out(self, commanded: Commanded) -> None:
        caller = commanded.caller
        if not self.reception.first(f"command {caller.place.channel} {commanded.ts}"):
            return

        async def answer() -> None:
            words = self.reception.words(caller)
            rendered = await self.desk.answer(commanded.command, caller, words)
            await self.reception.whisper.tell(caller, rendered)

        self.reception.later("command", caller, answer)
