"""What people asked in a channel (port AskedQuestions).

Keys, all of the tag {team:channel}, all of other adapters and only read here:

turns   list    the first two of each thread whose root is late enough; found by SCAN
duels   zset    which duels opened since
duel    hash    who asked, when, in which thread, how it came about
text    string  the question

Whether a question had files is not kept in any of them.
"""

from collections.abc import Sequence
from datetime import datetime

from bot.adapters.redis_client import Store
from bot.adapters.redis_codec import from_json
from bot.domain.duel import Origin
from bot.domain.ids import ChannelKey, DuelId, MessageTs, ThreadKey, UserId
from bot.domain.menu_source import AskedQuestion
from bot.domain.thread import AskedTurn, turn_from_document

_BATCH = 200
_FIELDS = ("asker", "asked_ts", "thread", "origin")


class RedisAsked:
    """What people asked, in Redis."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys

    async def asked(self, place: ChannelKey, since: datetime) -> Sequence[AskedQuestion]:
        """Return the first questions of threads since then, oldest first; see the port."""
        found = {one.ts: one for one in await self._of_duels(place, since)}
        found |= {one.ts: one for one in await self._of_threads(place, since)}
        return sorted(found.values(), key=lambda one: float(one.ts))

    async def _of_threads(self, place: ChannelKey, since: datetime) -> list[AskedQuestion]:
        threads = []
        async for key in self._store.scan(self._keys.every_of("turns", place)):
            thread = ThreadKey(*self._keys.parts(key))
            if not thread.from_command and float(thread.conversation) >= since.timestamp():
                threads.append(thread)
        found = []
        for at in range(0, len(threads), _BATCH):
            batch = threads[at : at + _BATCH]
            read = await self._store.calls([("LRANGE", self._keys.turns(thread), 0, 1) for thread in batch])
            for thread, documents in zip(batch, read, strict=True):
                turns = [turn_from_document(from_json(document)) for document in documents]
                first = turns[0] if turns else None
                # two people's turns in a row: the thread was theirs before anybody asked the bot
                theirs = len(turns) > 1 and isinstance(turns[1], AskedTurn)
                if isinstance(first, AskedTurn) and first.ts == thread.conversation and not theirs:
                    found += _question(first.text, first.author, first.ts, app=first.app)
        return found

    async def _of_duels(self, place: ChannelKey, since: datetime) -> list[AskedQuestion]:
        duels = await self._store.call("ZRANGEBYSCORE", self._keys.duels(place), since.timestamp(), "+inf")
        found = []
        for at in range(0, len(duels), _BATCH):
            batch = [DuelId(duel) for duel in duels[at : at + _BATCH]]
            known = await self._store.calls(
                [("HMGET", self._keys.duel(place, one), *_FIELDS) for one in batch]
            )
            texts = await self._store.calls([("GET", self._keys.text(place, one)) for one in batch])
            for fields, text in zip(known, texts, strict=True):
                if text is None or None in fields:
                    continue
                asker, asked_ts, wire, origin = map(from_json, fields)
                root = ThreadKey.from_wire(wire).conversation
                first = float(asked_ts) <= float(root) and float(root) >= since.timestamp()
                # who wished for a second opinion did not ask the question
                if first and origin != Origin.SECOND_OPINION.value:
                    found += _question(from_json(text)["question"], asker, root)
        return found


def _question(text: str, asker: str, ts: str, *, app: bool = False) -> list[AskedQuestion]:
    kept = text.strip() and asker and not app
    return [AskedQuestion(text, UserId(asker), MessageTs(ts))] if kept else []
