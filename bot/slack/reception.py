"""What every listener needs: words for a person, telling them, work after the acknowledgement, errors."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, TypeVar

from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.response import BoltResponse

from bot.domain.errors import BotError, Outage
from bot.services.ports import Observer
from bot.slack.background import Background
from bot.slack.callers import Caller, caller_of
from bot.slack.identity import Identity
from bot.slack.outbound import SlackChat
from bot.slack.people import Remembered
from bot.slack.texts import Texts, Words
from bot.slack.views.ballots import notice_modal
from bot.slack.views.parts import Rendered
from bot.slack.views.refusals import apology, refused
from bot.slack.whisper import Whisper, ephemeral

V = TypeVar("V")


@dataclass(frozen=True, slots=True)
class Patience:
    """How long Slack or the store may take; all end well before Slack's own three seconds do.

    What comes before every listener, `bot.slack.people.SOON`, comes on top.

    Attributes:
        answering: Before a command or a click is acknowledged and answered afterwards.
        opening: Before "One moment" is shown in place of the form.
        saving: Before it is shown in place of the form that was sent.
    """

    answering: timedelta = timedelta(milliseconds=1_300)
    opening: timedelta = timedelta(milliseconds=700)
    saving: timedelta = timedelta(milliseconds=1_500)


@dataclass(frozen=True, slots=True)
class Reception:
    """Speaks with the person who did something.

    Attributes:
        me: Who the app is.
        chat: Knows people's languages.
        whisper: Tells one person something.
        texts: All words.
        background: Runs what comes after the acknowledgement.
        observer: Hears of faults.
        told: What was dealt with lately: Slack tells of one mention twice, as `message` and `app_mention`.
        patience: How long somebody who waits is made to wait before they are answered later.
    """

    me: Identity
    chat: SlackChat
    whisper: Whisper
    texts: Texts
    background: Background
    observer: Observer
    told: Remembered[str, bool]
    patience: Patience = field(default_factory=Patience)

    def words(self, caller: Caller) -> Words:
        """Return the words of a person's language as far as it is known without asking Slack."""
        locale = self.chat.people.known_locale(caller.place.team, caller.user)
        return self.texts.words(locale) if locale else self.texts.words()

    async def learn(self, caller: Caller) -> None:
        """Ask Slack for a person's language when it is not known; waits for a moment at most and never raises."""
        await self.chat.people.locale(caller.place.team, caller.user)

    async def greet(self, body: dict[str, Any], next: Callable[[], Awaitable[None]]) -> None:  # noqa: A002 (Bolt's name)
        """Learn the language of who typed or clicked before they are answered; messages are answered later."""
        if "event" not in body:
            with suppress(KeyError, ValueError, TypeError):
                if caller := caller_of(body, self.me):
                    await self.learn(caller)
        await next()

    def first(self, what: str) -> bool:
        """Whether this is dealt with for the first time."""
        if self.told.get(what):
            return False
        self.told.put(what, value=True)
        return True

    def tell(self, caller: Caller, rendered: Rendered, *, replace: bool = False) -> None:
        """Tell a person something soon, best effort."""
        self.background.spawn("tell", self.whisper.tell(caller, rendered, replace=replace))

    def later(self, name: str, caller: Caller, work: Callable[[], Awaitable[None]]) -> None:
        """Do what may take a while after the acknowledgement; the person is told when it cannot be done."""
        self.background.spawn(name, self._do(caller, work))

    async def begin(self, work: Coroutine[Any, Any, V]) -> asyncio.Future[V]:
        """Begin work and wait for it as long as an acknowledgement may wait; it may be done then, or go on."""
        working = asyncio.ensure_future(work)
        await asyncio.wait({working}, timeout=self.patience.answering.total_seconds())
        return working

    async def answer(
        self, name: str, caller: Caller, ack: AsyncAck, work: Coroutine[Any, Any, Rendered], *, replace: bool
    ) -> None:
        """Do what is to be durable before it is acknowledged, then tell the person what came of it.

        What takes longer than Slack waits is acknowledged first and goes on. Slack brings no click a second
        time, so a click that is not acknowledged would be lost no less.
        """
        working = await self.begin(work)
        if working.done():
            rendered = working.result()
            await ack()
            self.tell(caller, rendered, replace=replace)
            return
        await ack()

        async def tell() -> None:
            await self.whisper.tell(caller, await working, replace=replace)

        self.later(name, caller, tell)

    async def on_error(self, error: Exception, body: dict[str, Any]) -> BoltResponse:
        """Answer Slack, and the person, for a listener that raised.

        An event during an outage is not acknowledged, so that Slack brings it again.
        """
        if "event" in body and isinstance(error, Outage):
            self.observer.fact("event_not_taken", code=error.code.value)
            return BoltResponse(status=503)
        try:
            caller = caller_of(body, self.me)
        except (KeyError, ValueError, TypeError):
            caller = None
        words = self.words(caller) if caller else self.texts.words()
        rendered = self.explained(words, error)
        if "command" in body:
            return BoltResponse(status=200, body=ephemeral(rendered))
        if body.get("type") == "view_submission":
            view = notice_modal(words, rendered.text)
            return BoltResponse(status=200, body={"response_action": "update", "view": view})
        if caller and self._worth_telling(error, body):
            self.tell(caller, rendered)
        return BoltResponse(status=200)

    async def _do(self, caller: Caller, work: Callable[[], Awaitable[None]]) -> None:
        await self.learn(caller)
        try:
            await work()
        except Exception as error:  # noqa: BLE001 (the boundary of work after the acknowledgement)
            await self.whisper.tell(caller, self.explained(self.words(caller), error))

    def explained(self, words: Words, error: Exception) -> Rendered:
        """Return what a person is told about an error; of a bug, an apology with the reference that is noted."""
        if isinstance(error, ExceptionGroup):
            error = next((part for part in error.exceptions if isinstance(part, BotError)), error)
        if isinstance(error, BotError):
            self.observer.fact("refused", code=error.code.value)
            try:
                return refused(words, error)
            except KeyError as missing:  # a sentence needs what the error does not carry: a bug of ours
                error = missing
        return apology(words, self.observer.fault("listener_failed", error))

    def _worth_telling(self, error: Exception, body: dict[str, Any]) -> bool:
        """Whether the person is told: not twice, and of a bug only when they spoke to us."""
        event = body.get("event")
        if event is None:
            return True
        spoke_to_us = event.get("type") == "app_mention" or event.get("channel_type") == "im"
        if not isinstance(error, BotError) and not spoke_to_us:
            return False
        return self.first(f"error {event.get('channel')} {event.get('ts')}")
