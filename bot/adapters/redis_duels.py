"""Duels, ballots and the vote log (port Duels).

Keys, all of the tag {team:channel}:

duel    hash    what is kept of a duel, field by field as JSON; for good. Laid down by redis_conversations
                (record, commit), closed here
text    string  question and both answers, JSON; text_days. Written by redis_conversations (record); here it
                loses what was deleted and follows an edit of the question
ballots hash    voter -> choice, `!` behind it once it is locked; for good
votelog stream  voter, choice (`withdrawn` when the ballot went over to another pseudonym), at; every ballot
                that was ever cast; for good
duels   zset    the channel's duels by the time they opened; for good. Written by redis_conversations (record)
thread  hash    (of redis_conversations) its note of the duel changes with the asker's ballot and at the end
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.adapters.redis_client import Script, Store
from bot.adapters.redis_codec import from_json, from_pairs, to_json
from bot.adapters.redis_work import read_texts
from bot.domain.ballot import WITHDRAWN, Choice, Tally, count, replay
from bot.domain.duel import ClosedBy, Duel
from bot.domain.ids import ChannelKey, DuelId, MessageTs, Pseudonym, ThreadKey
from bot.services.ports import Ballot, Cast, CastResult, DuelTexts, TallyCheck

_LOCK = "!"
_WAITED = timedelta(hours=1)
"""Longer than between a question and its duel, or between a duel and the message that shows it."""
_MOST_NEAR = 500


class RedisDuels:
    """Duels in Redis."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys
        self._cast = Script(store, "cast")
        self._lock = Script(store, "lock")
        self._close = Script(store, "close")

    async def load(self, place: ChannelKey, duel: DuelId) -> Duel | None:
        """Return the duel; None when there is none of that id in that channel."""
        return read_duel(await self._store.call("HGETALL", self._keys.duel(place, duel)))

    async def texts(self, place: ChannelKey, duel: DuelId) -> DuelTexts | None:
        """Return its texts; None when their lifetime is over."""
        text = await self._store.call("GET", self._keys.text(place, duel))
        return None if text is None else read_texts(text)

    async def cast(
        self,
        place: ChannelKey,
        duel: DuelId,
        voter: Pseudonym,
        choice: Choice,
        *,
        asker: bool,
        now: datetime,
    ) -> CastResult:
        """Store a ballot, replacing the voter's earlier one; see the port."""
        keys = [
            self._keys.duel(place, duel),
            self._keys.ballots(place, duel),
            self._keys.votelog(place, duel),
        ]
        if asker and (thread := await self._thread(place, duel)) is not None:
            keys.append(self._keys.thread(thread))
        outcome, ballots = await self._cast(keys, [voter, choice.value, now.isoformat(), duel], durable=True)
        return CastResult(Cast(outcome), ballots)

    async def ballot(self, place: ChannelKey, duel: DuelId, voter: Pseudonym) -> Ballot | None:
        """Return the voter's ballot; None when there is none."""
        return _read_ballot(await self._store.call("HGET", self._keys.ballots(place, duel), voter))

    async def lock(self, place: ChannelKey, duel: DuelId, voter: Pseudonym) -> Ballot | None:
        """Lock the voter's ballot, so that the names may be shown to them; None when there is none."""
        return _read_ballot(await self._lock([self._keys.ballots(place, duel)], [voter], durable=True))

    async def count(self, place: ChannelKey, duel: DuelId) -> int:
        """Return how many people have voted."""
        return int(await self._store.call("HLEN", self._keys.ballots(place, duel)))

    async def close(self, place: ChannelKey, duel: DuelId, by: ClosedBy, *, now: datetime) -> Duel | None:
        """Close the duel with the ballots that are in; None when somebody else closed it before."""
        thread = await self._thread(place, duel)
        if thread is None:
            return None
        reply = await self._close(
            [self._keys.duel(place, duel), self._keys.ballots(place, duel), self._keys.thread(thread)],
            [to_json(now.isoformat()), to_json(by.value), duel],
        )
        return None if reply is None else read_duel(from_pairs(reply))

    async def unsay(self, place: ChannelKey, ts: MessageTs) -> None:
        """Delete what a deleted message said in a duel: its question, or both answers with it."""
        for duel, asked in await self._shown_by(place, ts):
            if asked:
                await self._reword(place, duel, "")
            else:
                await self._store.call("DEL", self._keys.text(place, duel))

    async def amend(self, place: ChannelKey, ts: MessageTs, text: str) -> None:
        """Keep the text that a duel's question has after an edit."""
        for duel, asked in await self._shown_by(place, ts):
            if asked:
                await self._reword(place, duel, text)

    async def _shown_by(self, place: ChannelKey, ts: MessageTs) -> list[tuple[DuelId, bool]]:
        """The duels that a message shows, and whether it shows the question: those of about its time."""
        at, around = float(ts), _WAITED.total_seconds()
        near = await self._store.call(
            "ZRANGEBYSCORE", self._keys.duels(place), at - around, at + around, "LIMIT", 0, _MOST_NEAR
        )
        known = await self._store.calls(
            [("HMGET", self._keys.duel(place, duel), "asked_ts", "answers_ts", "thread") for duel in near]
        )
        found = []
        for duel, (asked_ts, answers_ts, thread) in zip(near, known, strict=True):
            if thread is None:
                continue
            root = ThreadKey.from_wire(from_json(thread)).conversation
            by_command = root == ts and float(from_json(asked_ts)) < at
            if from_json(asked_ts) == ts or by_command:
                found.append((DuelId(duel), True))
            elif answers_ts is not None and from_json(answers_ts) == ts:
                found.append((DuelId(duel), False))
        return found

    async def _reword(self, place: ChannelKey, duel: DuelId, question: str) -> None:
        key = self._keys.text(place, duel)
        if (text := await self._store.call("GET", key)) is not None:
            document = {**from_json(text), "question": question}
            await self._store.call("SET", key, to_json(document), "XX", "KEEPTTL")

    async def latest(self, place: ChannelKey, limit: int) -> Sequence[Duel]:
        """Return the channel's newest duels, newest first."""
        if limit < 1:
            return []
        newest = await self._store.call("ZREVRANGE", self._keys.duels(place), 0, limit - 1)
        found = await self._store.calls([("HGETALL", self._keys.duel(place, duel)) for duel in newest])
        return [duel for fields in found if (duel := read_duel(fields)) is not None]

    async def check_tallies(self) -> AsyncIterator[TallyCheck]:
        """Rebuild each duel's tally from its vote log and compare, duel by duel."""
        async for key in self._store.scan(self._keys.every_duel):
            yield await self._check(*self._keys.duel_of(key))

    async def _check(self, place: ChannelKey, duel: DuelId) -> TallyCheck:
        tally, ballots, log = await self._store.calls(
            [
                ("HGET", self._keys.duel(place, duel), "tally"),
                ("HVALS", self._keys.ballots(place, duel)),
                ("XRANGE", self._keys.votelog(place, duel), "-", "+"),
            ],
            atomic=True,
        )
        return TallyCheck(
            place,
            duel,
            rebuilt=replay((entry["voter"], _logged(entry["verdict"])) for _, entry in log),
            ballots=count(_choice(ballot) for ballot in ballots),
            stored=_read_tally(tally),
        )

    async def _thread(self, place: ChannelKey, duel: DuelId) -> ThreadKey | None:
        wire = await self._store.call("HGET", self._keys.duel(place, duel), "thread")
        return None if wire is None else ThreadKey.from_wire(from_json(wire))


def read_duel(fields: Mapping[str, str]) -> Duel | None:
    """Read the fields of a duel; None when there are none."""
    if not fields:
        return None
    document: dict[str, Any] = {field: from_json(value) for field, value in fields.items()}
    return Duel.from_document(document)


def _read_tally(text: str | None) -> Tally | None:
    document = from_json(text) if text is not None else None
    return None if document is None else Tally(**document)


def _read_ballot(text: str | None) -> Ballot | None:
    return None if text is None else Ballot(_choice(text), text.endswith(_LOCK))


def _logged(choice: str) -> Choice | None:
    return None if choice == WITHDRAWN else Choice(choice)


def _choice(ballot: str) -> Choice:
    return Choice(ballot.removesuffix(_LOCK))
