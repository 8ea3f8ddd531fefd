"""Rights to administer one channel: asked for, given, taken away."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.domain.access import AGAIN_AFTER, AccessRequest, Grant
from bot.domain.errors import Code, Refusal
from bot.domain.ids import ChannelKey, UserId
from bot.domain.notices import AccessDecided, AccessWanted
from bot.services.notifying import Notifying
from bot.services.ports import AuditEntry, Chat, Clock, Configs, Grants, Observer
from bot.services.rights import Rights


@dataclass(frozen=True, slots=True)
class Access:
    """Gives people the right to administer one channel, besides the team's admins.

    Only a team's admin gives or takes it, never who has it by such a grant; each change is audited.
    """

    grants: Grants
    rights: Rights
    configs: Configs
    notifying: Notifying
    chat: Chat
    clock: Clock
    observer: Observer

    async def request(self, place: ChannelKey, user: UserId) -> AccessRequest | None:
        """Ask the admins for a person, once a day.

        Returns:
            The request that was made earlier, if there is one, and then nobody is asked again; else None.

        Raises:
            Refusal: The person may already, never may, or no admin can be reached.
        """
        if await self.rights.is_admin(place, user):
            raise Refusal(Code.ADMIN_ALREADY)
        await self.check_eligible(place, user)
        earlier = await self.grants.ask(place, user, now=self.clock.now())
        if earlier is not None:
            return earlier
        key = f"access/{place.channel}/{user}/{self.clock.now():%Y%m%dT%H%M%S}"
        if not await self.notifying.admins(
            place.team, AccessWanted(place, user), key=key, again_after=AGAIN_AFTER
        ):
            await self.grants.forget(place, user)
            raise Refusal(Code.NO_ADMIN_REACHED)
        self.observer.fact("access_requested", channel=place.channel)
        return None

    async def decide(self, place: ChannelKey, by: UserId, user: UserId, *, allow: bool) -> AccessRequest:
        """Decide a person's request; who comes second is given what was decided.

        Raises:
            Refusal: The admin may not (any more), the person never may, or there is no such request any more.
        """
        await self.rights.check_admin(place, by, by_grant=False)
        if allow:
            await self.check_eligible(place, user)
        now = self.clock.now()
        request, decided = await self.grants.decide(place, user, by, allow=allow, now=now)
        if request is None:
            raise Refusal(Code.REQUEST_GONE)
        if decided:
            if allow:
                await self._audit(place, by, {}, {user: "allowed"})
            self.observer.fact("access_decided", channel=place.channel, allowed=allow)
            await self.notifying.person(place.team, user, AccessDecided(place, allow, by))
        return request

    async def add(self, place: ChannelKey, by: UserId, user: UserId) -> bool:
        """Give a person the right without having been asked; False when they have it already.

        Raises:
            Refusal: The admin may not, or the person never may.
        """
        await self.rights.check_admin(place, by, by_grant=False)
        await self.check_eligible(place, user)
        given = await self.grants.give(place, Grant(user, by, self.clock.now()))
        if given:
            await self._audit(place, by, {}, {user: "allowed"})
        return given

    async def remove(self, place: ChannelKey, by: UserId, user: UserId) -> bool:
        """Take a person's right away; False when they have not had it.

        Raises:
            Refusal: The admin may not.
        """
        await self.rights.check_admin(place, by, by_grant=False)
        taken = await self.grants.take(place, user)
        if taken:
            await self._audit(place, by, {user: "allowed"}, {})
        return taken

    async def listed(self, place: ChannelKey) -> Sequence[Grant]:
        """Return who has the right, the earliest first."""
        granted = await self.grants.granted([place])
        return sorted(granted[place].values(), key=lambda grant: (grant.at, grant.user))

    async def check_eligible(self, place: ChannelKey, user: UserId) -> None:
        """Raise Refusal when the person may never administer: guests, apps, people of other organisations."""
        person = await self.chat.person(place.team, user, fresh=True)
        if not person.eligible:
            raise Refusal(Code.NEVER_ADMIN)

    async def _audit(
        self, place: ChannelKey, by: UserId, before: Mapping[str, str], after: Mapping[str, str]
    ) -> None:
        entry = AuditEntry(by, self.clock.now(), f"admins {place.channel}", before, after)
        await self.configs.audit(place.team, entry)
