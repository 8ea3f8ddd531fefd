"""Who may change config: asked of Slack again at every action."""

from dataclasses import dataclass

from bot.domain.errors import Code, Refusal
from bot.domain.ids import ChannelKey, UserId
from bot.services.ports import Chat


@dataclass(frozen=True, slots=True)
class Rights:
    """Decides about admins.

    Attributes:
        chat: Slack, which knows who is an admin of the workspace.
        allowed: People on the allow-list of the settings.
        creators: Whether the person who made a channel may change its config.
    """

    chat: Chat
    allowed: frozenset[UserId]
    creators: bool

    async def is_admin(self, place: ChannelKey, user: UserId, *, whole_team: bool = False) -> bool:
        """Whether the person may change config; raises Outage when Slack cannot be asked.

        Args:
            place: The channel.
            user: The person.
            whole_team: Whether it concerns the whole team, where having made a channel counts for nothing.
        """
        person = await self.chat.person(place.team, user, fresh=True)
        if person.may_administer(self.allowed):
            return True
        if whole_team or not self.creators:
            return False
        made_it = await self.chat.creator(place) == user
        return person.may_administer(self.allowed, creator=made_it)

    async def check_admin(self, place: ChannelKey, user: UserId, *, whole_team: bool = False) -> None:
        """Raise Refusal, which says who may, when the person may not; see `is_admin`."""
        if not await self.is_admin(place, user, whole_team=whole_team):
            raise Refusal(Code.ADMINS_ONLY, creators=self.creators and not whole_team)
