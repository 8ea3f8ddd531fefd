"""The slash command."""

from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.ids import message_ts
from bot.services.intake import Intake, check_question
from bot.services.ports import Clock
from bot.slack.callers import Caller, caller_of
from bot.slack.commands import Ask, ConfigOpen, DuelAsk, Taste
from bot.slack.config_wire import ConfigContext
from bot.slack.desk import Desk, is_quick
from bot.slack.grammar import parse
from bot.slack.ids import AskContext
from bot.slack.inbound import read_slash
from bot.slack.listeners.asking import QuestionForm
from bot.slack.listeners.configuring import ConfigForms
from bot.slack.listeners.laying import TasteForms
from bot.slack.manifest import SHORT_COMMANDS
from bot.slack.reception import Reception
from bot.slack.views.help import asking
from bot.slack.views.parts import Rendered
from bot.slack.whisper import ephemeral


@dataclass(frozen=True, slots=True)
class CommandListeners:
    """Takes in what people type after the slash command's name."""

    command: str
    intake: Intake
    desk: Desk
    reception: Reception
    clock: Clock
    form: QuestionForm
    config: ConfigForms
    tastes: TasteForms

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.command(self.command)(self.on_command)
        for short in SHORT_COMMANDS:
            app.command(short)(self.on_short)

    async def on_short(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Take `/ask ...` as `/kostprobe ask ...`; Slack brings it only when the manifest names it."""
        word = str(body["command"]).removeprefix("/")
        await self.on_command({**body, "text": f"{word} {body.get('text') or ''}"}, ack)

    async def on_command(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Take a question in, or answer in the acknowledgement, or acknowledge and answer later."""
        caller = caller_of(body, self.reception.me)
        if caller is None:
            raise ValueError("a command without a person")
        words = self.reception.words(caller)
        command = parse(body.get("text") or "")
        if isinstance(command, Ask | DuelAsk) and not command.text.strip():
            await ack()
            self._offer_form(body, command, caller)
        elif isinstance(command, Ask | DuelAsk):
            await self._answer(self._accept(body, command, caller), caller, ack)
        elif isinstance(command, ConfigOpen):
            await ack()
            at = ConfigContext(caller.place.channel, default=command.default, root=caller.root)
            self.config.open_later(body["trigger_id"], caller, at)
        elif isinstance(command, Taste):
            await ack()
            self.tastes.open_later(body["trigger_id"], caller)
        elif is_quick(command):
            await self._answer(self.desk.answer(command, caller, words), caller, ack)
        else:
            await ack()

            async def answer() -> None:
                await self.reception.whisper.tell(caller, await self.desk.answer(command, caller, words))

            self.reception.later("command", caller, answer)

    async def _answer(self, work: Coroutine[Any, Any, Rendered], caller: Caller, ack: AsyncAck) -> None:
        """Answer in the acknowledgement, or after it when Slack or the store take longer than it may wait."""
        working = await self.reception.begin(work)
        if working.done():
            await ack(**ephemeral(working.result()))
            return
        await ack()

        async def tell() -> None:
            await self.reception.whisper.tell(caller, await working)

        self.reception.later("command", caller, tell)

    def _offer_form(self, body: dict[str, Any], ask: Ask | DuelAsk, caller: Caller) -> None:
        opened = message_ts(f"{self.clock.now().timestamp():.6f}")
        context = AskContext(caller.place.channel, isinstance(ask, DuelAsk), opened)
        chosen = ask.contestant if isinstance(ask, Ask) else None
        self.form.open_later(body["trigger_id"], caller, context, chosen)

    async def _accept(self, body: dict[str, Any], ask: Ask | DuelAsk, caller: Caller) -> Rendered:
        check_question(ask.text)
        await self.reception.chat.people.check_member(caller.place)
        question = read_slash(body, self.reception.me, ask, self.clock.now())
        await self.intake.accept(question)
        self.reception.background.spawn("wake", self.intake.wake(question.thread))
        return asking(self.reception.words(caller))
