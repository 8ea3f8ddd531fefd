"""Rights of one person to administer channels, and their requests: collected, deleted. Part of `RedisTraces`.

Keys (of redis_desk): `admins` and `access` lose the fields of that person; `once` (of redis_team) the names of
their requests. Who gave others a right, or decided a request, is an admin's deed, and stays.
"""

from datetime import UTC, datetime

from bot.adapters.redis_client import Store
from bot.adapters.redis_codec import from_json
from bot.domain.ids import TeamId, UserId
from bot.domain.privacy import RightHeld

_HELD = "held"
_PARTS = ("asked", "state", "by")


class RightsOfPeople:
    """Rights and requests of one person, in every channel of a team."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys

    async def collect(self, team: TeamId, person: UserId) -> list[RightHeld]:
        """Return what they have and have asked for."""
        found = []
        async for key in self._store.scan(self._keys.every("admins", team)):
            if grant := await self._store.call("HGET", key, person):
                place, _ = self._keys.parts(key)
                found.append(RightHeld(place.channel, from_json(grant)["at"], _HELD))
        async for key in self._store.scan(self._keys.every("access", team)):
            asked, state = await self._store.call("HMGET", key, f"{person}/asked", f"{person}/state")
            if asked is not None:
                place, _ = self._keys.parts(key)
                at = datetime.fromtimestamp(float(asked), UTC)
                found.append(RightHeld(place.channel, at.isoformat(), state))
        return found

    async def forget(self, team: TeamId, person: UserId) -> int:
        """Delete all that; return how many rights and requests there were."""
        gone = 0
        async for key in self._store.scan(self._keys.every("admins", team)):
            gone += await self._store.call("HDEL", key, person)
        async for key in self._store.scan(self._keys.every("access", team)):
            gone += await self._store.call("HDEL", key, *(f"{person}/{part}" for part in _PARTS)) > 0
        async for key in self._store.scan(self._keys.every_request(team, person)):
            await self._store.call("DEL", key)
        return gone
