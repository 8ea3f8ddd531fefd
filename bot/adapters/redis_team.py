"""Team-wide facts: contestants, caps, pseudonyms (ports ContestantStore, Budget, Once, Pseudonyms).

Keys, all of the tag {team}; all written here only:

contestants hash  fingerprint -> contestant, JSON; for good
newest      hash  name -> fingerprint last stored under it; for good
changed     hash  name -> fingerprint before the present one, until admins are told of the change
budget      hash  one a day: `total`, `person/<id>`, `question/<id>`, answers each; two days
people      hash  person -> pseudonym; without a lifetime
once        string  one for each thing told; as long as it is not to be told again
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.adapters.redis_client import Script, Store
from bot.adapters.redis_codec import from_json, to_json
from bot.domain.contestant import Contestant
from bot.domain.ids import Fingerprint, Pseudonym, TeamId, UserId
from bot.services.ports import Caps, Chance, Reserved

_BUDGET_LIFETIME = timedelta(days=2)


class RedisContestants:
    """Contestants in Redis."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys
        self._remember = Script(store, "remember")

    async def save(self, team: TeamId, contestant: Contestant) -> None:
        """Store the contestant by its fingerprint, and as the newest of its name."""
        document = to_json(contestant.to_document())
        keys = [self._keys.contestants(team), self._keys.newest(team), self._keys.changed(team)]
        await self._remember(keys, [contestant.fingerprint, document, contestant.name])

    async def load(self, team: TeamId, fingerprint: Fingerprint) -> Contestant | None:
        """Return the contestant; None when it was never stored."""
        document = await self._store.call("HGET", self._keys.contestants(team), fingerprint)
        return None if document is None else Contestant.from_document(from_json(document))

    async def newest(self, team: TeamId, name: str) -> Contestant | None:
        """Return the contestant last stored under that name; None when there was none.

        A fingerprint does not cover the name, so the document may have been stored under another one since.
        """
        fingerprint = await self._store.call("HGET", self._keys.newest(team), name)
        if fingerprint is None:
            return None
        found = await self.load(team, Fingerprint(fingerprint))
        return None if found is None else replace(found, name=name)

    async def changed(self, team: TeamId) -> Mapping[str, Fingerprint]:
        """Return what each name stood for before, of those that have changed and of which nobody was told."""
        return {
            name: Fingerprint(before)
            for name, before in (await self._store.call("HGETALL", self._keys.changed(team))).items()
        }

    async def told(self, team: TeamId, name: str) -> None:
        """Forget that a name has changed."""
        await self._store.call("HDEL", self._keys.changed(team), name)


class RedisBudget:
    """Caps in Redis."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys
        self._reserve = Script(store, "reserve")

    async def reserve(
        self, team: TeamId, person: UserId, question: str, answers: int, caps: Caps, *, now: datetime
    ) -> Reserved:
        """Reserve answers for a question, once: reserving again for the same question changes nothing."""
        key = self._keys.budget(team, now.astimezone(UTC).date())
        lifetime = int(_BUDGET_LIFETIME.total_seconds())
        return Reserved(
            await self._reserve([key], [person, question, answers, caps.team, caps.person, lifetime])
        )

    async def used(self, team: TeamId, person: UserId, *, now: datetime) -> int:
        """Return how many answers a person has had today."""
        key = self._keys.budget(team, now.astimezone(UTC).date())
        return int(await self._store.call("HGET", key, f"person/{person}") or 0)


class RedisOnce:
    """What is done once in a time."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys

    async def first(self, team: TeamId, key: str, again_after: timedelta) -> bool:
        """Whether nobody has come to this in that time; from now on somebody has."""
        seconds = max(1, int(again_after.total_seconds()))
        return await self._store.call("SET", self._keys.once(team, key), "1", "NX", "EX", seconds) is not None

    async def forget(self, team: TeamId, key: str) -> None:
        """Have nobody come to this: it did not work out."""
        await self._store.call("DEL", self._keys.once(team, key))


class RedisPseudonyms:
    """Pseudonyms in Redis.

    Args:
        store: The open store.
        chance: Makes new ones.
    """

    def __init__(self, store: Store, chance: Chance) -> None:
        self._store = store
        self._keys = store.keys
        self._chance = chance

    async def of(self, team: TeamId, person: UserId) -> Pseudonym:
        """Return the person's pseudonym in this team, made at the first call."""
        known = await self.known(team, person)
        if known is not None:
            return known
        key = self._keys.people(team)
        _, made = await self._store.calls(
            [("HSETNX", key, person, self._chance.token()), ("HGET", key, person)]
        )
        return Pseudonym(str(made))

    async def known(self, team: TeamId, person: UserId) -> Pseudonym | None:
        """Return the person's pseudonym; None when they have none, and so have never voted."""
        found: str | None = await self._store.call("HGET", self._keys.people(team), person)
        return None if found is None else Pseudonym(found)
