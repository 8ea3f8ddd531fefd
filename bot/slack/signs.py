"""The sign that a question is being worked on: a status line, or a reaction where Slack allows none.

It is the same whoever answers, and for duels.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.domain.errors import BotError, Refusal
from bot.domain.ids import ChannelKey, MessageTs
from bot.services.ports import Observer, TakeAway
from bot.slack.calling import HASTE, PATIENCE, SlackApi, SlackRefused
from bot.slack.people import Remembered

REACTION = "eyes"


@dataclass(frozen=True, slots=True)
class Signs:
    """Shows signs.

    Attributes:
        api: Slack.
        observer: Hears of signs that could not be shown.
        refused: Channels in which Slack allowed no status lately.
    """

    api: SlackApi
    observer: Observer
    refused: Remembered[ChannelKey, bool]

    async def show(self, place: ChannelKey, root: MessageTs, message: MessageTs, status: str) -> TakeAway:
        """Show a sign and return what takes it away; never raises.

        Args:
            place: The channel.
            root: The thread's root, whose status line it is.
            message: The message that gets the reaction otherwise.
            status: What the status line says.
        """
        try:
            if self.refused.get(place) is None and await self._status(place, root, status):
                return self._clearing(place, root)
            return await self._reaction(place, message)
        except (BotError, SlackRefused) as error:
            self.observer.fact("sign_not_shown", error=type(error).__name__)
            return _nothing_to_take_away

    def _clearing(self, place: ChannelKey, root: MessageTs) -> TakeAway:
        async def clear(*, answered: bool) -> None:
            """Slack takes a status away itself when an answer is posted."""
            if not answered:
                await self._set_status(place, root, "", patience=PATIENCE)  # it would stay for two minutes

        return clear

    async def _status(self, place: ChannelKey, root: MessageTs, status: str) -> bool:
        """Set the status; False when Slack allows none here, which is remembered."""
        try:
            await self._set_status(place, root, status, patience=HASTE)
        except (Refusal, SlackRefused):
            self.refused.put(place, value=True)
            return False
        return True

    async def _set_status(
        self, place: ChannelKey, root: MessageTs, status: str, *, patience: timedelta
    ) -> None:
        set_status = self.api.client.assistant_threads_setStatus
        await self.api.call(
            set_status, again=True, patience=patience, channel_id=place.channel, thread_ts=root, status=status
        )

    async def _reaction(self, place: ChannelKey, message: MessageTs) -> TakeAway:
        add, remove = self.api.client.reactions_add, self.api.client.reactions_remove
        there: dict[str, Any] = {"channel": place.channel, "timestamp": message, "name": REACTION}
        try:
            await self.api.call(add, again=True, patience=HASTE, **there)
        except SlackRefused as refused:
            if refused.error != "already_reacted":
                raise

        async def take_away(*, answered: bool) -> None:  # noqa: ARG001 (a reaction stays until it is removed)
            try:
                await self.api.call(remove, again=True, **there)
            except (BotError, SlackRefused) as error:
                self.observer.fact("sign_not_removed", error=type(error).__name__)

        return take_away


async def _nothing_to_take_away(*, answered: bool) -> None:
    """No sign was shown."""
