"""The breakers of a team's contestants (port Breakers).

Keys; written here only, read with a team's facts too:

breaker {team} hash  fingerprint -> breaker with a mark of who wrote it, JSON; a field is there from a
                     contestant's first failure to its next answer, so the hash is mostly empty. Without a lifetime
"""

from collections.abc import Callable, Mapping

from bot.adapters.redis_client import Script, Store
from bot.adapters.redis_codec import from_json, to_json
from bot.domain.breaker import Breaker
from bot.domain.ids import Fingerprint, TeamId
from bot.services.ports import Chance, Changed


class RedisBreakers:
    """Breakers in Redis: the rules are the domain's, a script puts the new one in place of the one that was read.

    Args:
        store: The open store.
        chance: Marks what is written, so that two workers that write the same thing are told apart.
    """

    def __init__(self, store: Store, chance: Chance) -> None:
        self._store = store
        self._keys = store.keys
        self._chance = chance
        self._swap = Script(store, "breaker")

    async def all(self, team: TeamId) -> Mapping[Fingerprint, Breaker]:
        """Return every breaker that is there."""
        return read_breakers(await self._store.call("HGETALL", self._keys.breaker(team)))

    async def change(
        self, team: TeamId, fingerprint: Fingerprint, step: Callable[[Breaker | None], Breaker | None]
    ) -> Changed:
        """Change one breaker, atomically; see the port."""
        key = self._keys.breaker(team)
        while True:
            read: str = await self._store.call("HGET", key, fingerprint) or ""
            before = _read(read) if read else None
            after = step(before)
            if after == before or await self._swap([key], [fingerprint, read, self._written(after)]):
                return Changed(before, after)

    def _written(self, breaker: Breaker | None) -> str:
        if breaker is None:
            return ""
        return to_json({**breaker.to_document(), "mark": self._chance.token()})


def read_breakers(hash_: Mapping[str, str]) -> dict[Fingerprint, Breaker]:
    """Read the whole hash."""
    return {Fingerprint(fingerprint): _read(text) for fingerprint, text in hash_.items()}


def _read(text: str) -> Breaker:
    return Breaker.from_document(from_json(text))
