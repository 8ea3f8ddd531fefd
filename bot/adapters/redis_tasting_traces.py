"""What tastings hold of one person: collected, deleted. Part of `RedisTraces`.

Keys (of redis_tastings): `tasting` loses the person's id as host and among those invited, and waits for their votes
no more; `menu` loses their questions, which are not served any more where it is not closed. `moves` stay under the
old pseudonym, so that results stay true; with a new one the person is no named voter any more, and cannot vote a
second time.
"""

from collections.abc import AsyncIterator

from bot.adapters.redis_client import Script, Store
from bot.adapters.redis_codec import from_json
from bot.domain.ids import ChannelKey, Pseudonym, TastingId, TeamId, UserId
from bot.domain.privacy import Awaiting, Tasted, TastingJoined, TastingQuestion
from bot.domain.tasting_document import GONE, GUEST, HOST


class TastingsOfPeople:
    """Tastings of one person, in every channel of a team."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys
        self._take_out = Script(store, "take_out")
        self._forget_guest = Script(store, "forget_guest")

    async def joined(self, team: TeamId, person: UserId) -> list[TastingJoined]:
        """Return the tastings that they laid, or were invited to."""
        found = []
        async for key in self._store.scan(self._keys.every("tasting", team)):
            host, guest = await self._store.call("HMGET", key, f"{HOST}{person}", f"{GUEST}{person}")
            if host or guest:
                place, tasting = self._keys.parts(key)
                found.append(TastingJoined(place.channel, tasting, host=bool(host), voter=bool(guest)))
        return found

    async def questions(self, team: TeamId, person: UserId) -> list[TastingQuestion]:
        """Return their questions on menus."""
        return [
            TastingQuestion(place.channel, tasting, text)
            async for place, tasting, _, text in self._asked(team, person)
        ]

    async def tasted(self, team: TeamId, voter: Pseudonym | None) -> list[Tasted]:
        """Return what they did in tastings."""
        found: list[Tasted] = []
        if voter is None:
            return found
        async for key in self._store.scan(self._keys.every("moves", team)):
            place, rest = self._keys.parts(key)
            tasting, _, whose = rest.rpartition(":")
            if whose == voter:
                moves = await self._store.call("LRANGE", key, 0, -1)
                parts = (move.split(" ") for move in moves)
                found += [Tasted(place.channel, tasting, question, move) for question, move in parts]
        return found

    async def forget(
        self, team: TeamId, person: UserId, voter: Pseudonym | None
    ) -> tuple[int, list[Awaiting]]:
        """Delete their id and their questions.

        Returns:
            How many questions those were, and the open tastings that waited for their votes.
        """
        gone, waited = 0, []
        async for place, tasting, question, _ in self._asked(team, person):
            keys = [self._keys.tasting(place, tasting), self._keys.menu(place, tasting)]
            await self._take_out(keys, [1, question])
            gone += 1
        async for key in self._store.scan(self._keys.every("tasting", team)):
            left = "" if voter is None else f"{GONE}{voter}"
            if await self._forget_guest([key], [f"{HOST}{person}", f"{GUEST}{person}", left]):
                place, about = self._keys.parts(key)
                waited.append(Awaiting(place, TastingId(about)))
        return gone, waited

    async def _asked(
        self, team: TeamId, person: UserId
    ) -> AsyncIterator[tuple[ChannelKey, TastingId, str, str]]:
        async for key in self._store.scan(self._keys.every("menu", team)):
            place, tasting = self._keys.parts(key)
            for question, value in (await self._store.call("HGETALL", key)).items():
                text, asker, *_ = from_json(value)
                if asker == person:
                    yield place, TastingId(tasting), question, text
