"""Invitations into channels."""

from collections import deque
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.errors import BotError
from bot.domain.ids import ChannelKey
from bot.services.stopping import Stopping
from bot.services.welcoming import Welcoming
from bot.slack.inbound import read_joined
from bot.slack.reception import Reception

MOST_WAITING = 1_000
"""Channels that wait to be greeted; what comes on top is not greeted."""


class JoiningListeners:
    """Greets channels one after the other, however many invite the bot at once.

    Args:
        welcoming: Greets.
        stopping: Ends what was left half said when the bot was removed before.
        reception: Runs what comes after the acknowledgement.
    """

    def __init__(self, welcoming: Welcoming, stopping: Stopping, reception: Reception) -> None:
        self._welcoming = welcoming
        self._stopping = stopping
        self._reception = reception
        self._waiting: deque[ChannelKey] = deque(maxlen=MOST_WAITING)
        self._greeting = False

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.event("member_joined_channel")(self.on_joined)

    async def on_joined(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Remember for all processes that the channel is greeted, acknowledge, then greet it."""
        place = read_joined(body, self._reception.me)
        if place is not None:
            self._reception.background.spawn("halves", self._stopping.end_halves(place))
        if place is not None and await self._welcoming.is_news(place):
            self._waiting.append(place)
            if not self._greeting:
                self._greeting = True
                self._reception.background.spawn("welcome", self._greet())
        await ack()

    async def _greet(self) -> None:
        try:
            while self._waiting:
                try:
                    await self._welcoming.welcome(self._waiting.popleft())
                except BotError as error:
                    self._reception.observer.fact("not_welcomed", code=error.code.value)
        finally:
            self._greeting = False
