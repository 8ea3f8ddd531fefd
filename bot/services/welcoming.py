"""Saying once, in a channel that the bot was invited to, who answers and what becomes of what is written."""

from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import BotError
from bot.domain.ids import ChannelKey
from bot.services.administering import Administering
from bot.services.ports import Chat, Observer, Once

AGAIN_AFTER = timedelta(days=1)
"""Who is removed and invited again within this time is not greeted twice."""


@dataclass(frozen=True, slots=True)
class Welcoming:
    """Greets channels."""

    once: Once
    administering: Administering
    chat: Chat
    observer: Observer

    async def is_news(self, place: ChannelKey) -> bool:
        """Whether the channel is to be greeted now; after that it counts as greeted, for every process."""
        return await self.once.first(place.team, _key(place), AGAIN_AFTER)

    async def welcome(self, place: ChannelKey) -> None:
        """Greet the channel; when that cannot be done, the next invitation may.

        Raises:
            BotError: The channel cannot be spoken in.
        """
        try:
            await self.chat.welcome(place, await self.administering.show(place))
        except BotError:
            await self.once.forget(place.team, _key(place))
            raise
        self.observer.fact("channel_welcomed", channel=place.channel)


def _key(place: ChannelKey) -> str:
    return f"welcome/{place.channel}"
