"""Telling admins, or one person, by direct message."""

from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.errors import BotError
from bot.domain.ids import TeamId, UserId
from bot.domain.notices import Notice
from bot.services.ports import Chat, Observer, Once

MOST_TOLD = 10
"""Admins and owners that are told where there is no allow-list."""


@dataclass(frozen=True, slots=True)
class Notifying:
    """Sends notices; best effort: whoever cannot be told is passed over, and nothing is raised.

    Attributes:
        chat: Slack.
        once: Remembers what was told.
        observer: Hears of what could not be told.
        allowed: The allow-list of the settings: these admins are told, if there are any.
    """

    chat: Chat
    once: Once
    observer: Observer
    allowed: frozenset[UserId]

    async def admins(self, team: TeamId, notice: Notice, *, key: str, again_after: timedelta) -> int:
        """Tell the admins something, once in a time, and return how many were told.

        Args:
            team: The team.
            notice: What they are told.
            key: What the notice is about: it is told once.
            again_after: When the same may be told again.
        """
        try:
            if not await self.once.first(team, key, again_after):
                return 0
            told = await self._all(team, sorted(self.allowed), notice)
            if not told:
                told = await self._all(team, (await self.chat.admins(team))[:MOST_TOLD], notice)
            if not told:
                await self.once.forget(team, key)
        except BotError as error:
            self.observer.fact("admins_not_told", code=error.code.value)
            with suppress(BotError):
                await self.once.forget(team, key)
            return 0
        return told

    async def person(self, team: TeamId, user: UserId, notice: Notice) -> bool:
        """Tell one person something; False when that was not possible."""
        try:
            await self.chat.notify(team, user, notice)
        except BotError as error:
            self.observer.fact("person_not_told", code=error.code.value)
            return False
        return True

    async def _all(self, team: TeamId, people: list[UserId], notice: Notice) -> int:
        return sum([await self.person(team, user, notice) for user in people])
