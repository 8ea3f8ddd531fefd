"""App Home: gathers what a person may see, and nothing of channels that they are not in."""

import asyncio
from dataclasses import dataclass

from bot.domain.home import Home, HomeChannel, Waiting, ordered
from bot.domain.ids import ChannelKey, TeamId, UserId
from bot.services.administering import Administering
from bot.services.naming import readable
from bot.services.ports import Budget, Caps, Chat, Clock, Configs, OpenDuel, OpenDuels, Pseudonyms
from bot.services.rights import Rights

MOST_CHANNELS = 30
"""Channels on Home: each takes two of the hundred blocks that Slack allows."""
MOST_WAITING = 10


@dataclass(frozen=True, slots=True)
class Homing:
    """Gathers Home in a few round trips, however many channels there are."""

    administering: Administering
    configs: Configs
    open_duels: OpenDuels
    pseudonyms: Pseudonyms
    budget: Budget
    rights: Rights
    chat: Chat
    clock: Clock
    caps: Caps

    async def home(self, team: TeamId, user: UserId) -> Home:
        """Return what Home shows a person.

        Raises:
            Outage: Slack or the store does not answer.
        """
        now = self.clock.now()
        # not a TaskGroup: an Outage must come out as itself
        person, shared, configured, used = await asyncio.gather(
            self.chat.person(team, user, fresh=True),
            self.chat.shared_channels(team, user),
            self.configs.configured(team),
            self.budget.used(team, user, now=now),
        )
        there = ordered(shared, configured)
        shown = there[:MOST_CHANNELS]
        reports, mine, waiting = await asyncio.gather(
            self.administering.reports([one.place for one in shown]),
            self.rights.administered(person, shown),
            self._waiting(team, user, [one.place for one in there]) if person.may_vote() else _nothing(),
        )
        told = waiting[:MOST_WAITING]
        questions = await readable(self.chat, team, [one.question for one in told])
        return Home(
            locale=person.locale,
            used=used,
            cap=self.caps.person,
            waiting=tuple(Waiting(one.duel, text) for one, text in zip(told, questions, strict=True)),
            channels=tuple(HomeChannel(reports[one.place], one.place in mine) for one in shown),
            more=len(there) - len(shown),
            admins=person.may_administer(self.rights.allowed),
        )

    async def _waiting(self, team: TeamId, user: UserId, places: list[ChannelKey]) -> list[OpenDuel]:
        voter = await self.pseudonyms.known(team, user)  # who only looks gets none
        found = await self.open_duels.open_in(places, voter, now=self.clock.now())
        return [one for one in found if not one.voted]


async def _nothing() -> list[OpenDuel]:
    return []
