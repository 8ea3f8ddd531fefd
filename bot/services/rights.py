"""Who may change config: asked of Slack again at every action."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.errors import Code, Refusal
from bot.domain.home import SharedChannel
from bot.domain.ids import ChannelKey, UserId
from bot.domain.person import Person
from bot.services.ports import Chat, Grants


@dataclass(frozen=True, slots=True)
class Rights:
    """Decides about admins.

    Attributes:
        chat: Slack, which knows who is an admin of the workspace.
        allowed: People on the allow-list of the settings.
        creators: Whether the person who made a channel may change its config.
        grants: Rights that admins have given for single channels.
    """

    chat: Chat
    allowed: frozenset[UserId]
    creators: bool
    grants: Grants

    async def is_admin(
        self, place: ChannelKey, user: UserId, *, whole_team: bool = False, by_grant: bool = True
    ) -> bool:
        """Whether the person may change config; raises Outage when Slack cannot be asked.

        Args:
            place: The channel.
            user: The person.
            whole_team: Whether it concerns the whole team, where a right for one channel counts for nothing.
            by_grant: Whether a right that an admin has given counts; it does not where rights are given.
        """
        person = await self.chat.person(place.team, user, fresh=True)
        return await self._may(person, place, whole_team=whole_team, by_grant=by_grant)

    async def check_admin(
        self, place: ChannelKey, user: UserId, *, whole_team: bool = False, by_grant: bool = True
    ) -> None:
        """Raise Refusal, which says who may, when the person may not; see `is_admin`.

        The refusal names the channel when the person can ask for the right to administer it.
        """
        person = await self.chat.person(place.team, user, fresh=True)
        if await self._may(person, place, whole_team=whole_team, by_grant=by_grant):
            return
        may_ask = person.eligible and by_grant and not whole_team
        raise Refusal(
            Code.ADMINS_ONLY,
            creators=self.creators and not whole_team,
            **({"channel": place.channel} if may_ask else {}),
        )

    async def administered(self, person: Person, channels: Sequence[SharedChannel]) -> frozenset[ChannelKey]:
        """Return those of the channels whose config a person may change."""
        places = [one.place for one in channels]
        if person.may_administer(self.allowed):
            return frozenset(places)
        if not person.eligible:
            return frozenset()
        made = {one.place for one in channels if self.creators and one.creator == person.id}
        granted = await self.grants.granted(places)
        return frozenset(made | {place for place in places if person.id in granted[place]})

    async def _may(self, person: Person, place: ChannelKey, *, whole_team: bool, by_grant: bool) -> bool:
        if person.may_administer(self.allowed):
            return True
        if whole_team or not person.eligible:
            return False
        if by_grant and person.id in (await self.grants.granted([place]))[place]:
            return True
        return self.creators and await self.chat.creator(place) == person.id
