"""The sign that a question is being worked on: an ornament, so nothing depends on it."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta

from bot.domain.errors import BotError
from bot.domain.ids import MessageTs
from bot.domain.question import Question
from bot.services.ports import Chat, Observer, TakeAway

PATIENCE = timedelta(seconds=3)
"""How long an answer that is ready waits for its sign, so that the sign never comes after it."""


@dataclass(slots=True)
class Sign:
    """The sign of one run.

    Attributes:
        chat: Shows it.
        observer: Hears when it could not be shown.
        answered: Whether the run has posted an answer.
    """

    chat: Chat
    observer: Observer
    answered: bool = False
    _showing: "asyncio.Task[TakeAway] | None" = field(default=None, init=False)

    def show(self, question: Question, root: MessageTs, language: str) -> None:
        """Begin to show it, in a language by its tag, without waiting."""
        self._showing = asyncio.create_task(self.chat.sign(question, root, language), name="sign")

    async def shown(self) -> None:
        """Wait until it is shown; one that takes too long is given up."""
        if self._showing is not None:
            # not `wait_for`: before 3.12 it can swallow the cancellation by which a lost lease stops us
            await asyncio.wait({self._showing}, timeout=PATIENCE.total_seconds())
            self._showing.cancel()

    async def take_away(self) -> None:
        """Take it away, however the run ended."""
        if self._showing is None:
            return
        await self.shown()
        await asyncio.wait({self._showing})
        if self._showing.cancelled():
            return
        try:
            await self._showing.result()(answered=self.answered)
        except BotError as error:
            self.observer.fact("sign_failed", code=error.code.value)
        except Exception as error:  # noqa: BLE001 (a boundary: an ornament fails alone)
            self.observer.fault("sign_failed", error)
