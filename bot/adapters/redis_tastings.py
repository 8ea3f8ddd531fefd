"""Tastings (port Tastings).

Keys, all of the tag {team:channel}:

tasting   hash    what is kept of a tasting, field by field as JSON; for good, a draft for an hour. Written here;
                  redis_tasting_traces takes a person's id out of it
menu      hash    question -> its text, who asked it and with which message, JSON; text_days. Written here;
                  redis_tasting_traces takes out what a person asked
served    set     for the message of a question: tasting, space, question; as long as the menu. Written here
moves     list    one for each voter, by pseudonym: question, space, move; for good. Written here
tastings  zset    the channel's tastings, without drafts, by the time at which they were laid; for good. Written
                  here
"""

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from bot.adapters.redis_client import Argument, Command, Script, Store
from bot.adapters.redis_codec import from_json, from_pairs, to_json
from bot.domain.course import Move, Moved
from bot.domain.ids import ChannelKey, MessageTs, Pseudonym, TastingId, UserId
from bot.domain.judging import Recount, all_votes, course_of
from bot.domain.menu import QuestionId
from bot.domain.tasting import Dish, Stage, Tasting
from bot.domain.tasting_document import tasting_document, tasting_from
from bot.services.ports import Taken

_DRAFT = timedelta(hours=1)


class RedisTastings:
    """Tastings in Redis."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys
        self._go_on = Script(store, "go_on")
        self._move = Script(store, "move")
        self._take_out = Script(store, "take_out")

    async def lay(self, tasting: Tasting, dishes: Mapping[QuestionId, Dish], *, keep: timedelta) -> None:
        """Store a draft, which is gone after an hour unless it is gone on with; see the port."""
        key, menu = self._keys.tasting(tasting.place, tasting.id), self._keys.menu(tasting.place, tasting.id)
        fields: list[Argument] = [to_json(int(keep.total_seconds()))]
        for name, value in tasting_document(tasting).items():
            fields += [name, to_json(value)]
        questions: list[Argument] = []
        for question, dish in dishes.items():
            questions += [question, to_json([dish.text, dish.asker, dish.ts])]
        seconds = int(_DRAFT.total_seconds())
        commands: list[Command] = [
            ("HSET", key, "keep_s", *fields),
            ("EXPIRE", key, seconds),
            *([("HSET", menu, *questions), ("EXPIRE", menu, seconds)] if questions else []),
        ]
        until = int((keep + _DRAFT).total_seconds())
        for question, dish in dishes.items():
            if dish.ts is not None:
                served = self._keys.served(tasting.place, dish.ts)
                commands.append(("SADD", served, f"{tasting.id} {question}"))
                commands += [("EXPIRE", served, until, "NX"), ("EXPIRE", served, until, "GT")]
        await self._store.calls(commands, atomic=True)

    async def load(self, place: ChannelKey, tasting: TastingId) -> Tasting | None:
        """Return the tasting; None when there is none of that id in that channel."""
        found = await self._store.call("HGETALL", self._keys.tasting(place, tasting))
        return _read(place, tasting, found)

    async def go_on(
        self,
        place: ChannelKey,
        tasting: TastingId,
        stages: Collection[Stage],
        fields: Mapping[str, Any],
    ) -> Tasting | None:
        """Set fields of a tasting that is in one of these stages, all at once; see the port."""
        score: Argument = ""
        keep: Argument = ""
        if fields.get("stage") == Stage.COOKING.value:
            key = self._keys.tasting(place, tasting)
            laid_at, keep_s = await self._store.call("HMGET", key, "laid_at", "keep_s")
            if laid_at is None:
                return None
            score, keep = datetime.fromisoformat(from_json(laid_at)).timestamp(), int(keep_s)
        pairs = [part for name, value in fields.items() for part in (name, to_json(value))]
        keys = [
            self._keys.tasting(place, tasting),
            self._keys.menu(place, tasting),
            self._keys.tastings(place),
        ]
        wanted = " ".join(to_json(stage.value) for stage in stages)
        reply = await self._go_on(keys, [wanted, tasting, score, keep, *pairs], durable=True)
        return None if reply is None else _read(place, tasting, from_pairs(reply))

    async def dishes(
        self, place: ChannelKey, tasting: TastingId, questions: Sequence[QuestionId] | None = None
    ) -> Mapping[QuestionId, Dish]:
        """Return its questions, all or those, as far as their texts are still there."""
        key = self._keys.menu(place, tasting)
        if questions is not None:
            values = await self._store.call("HMGET", key, *questions) if questions else []
            known = zip(questions, values, strict=True)
            return {question: _dish(value) for question, value in known if value is not None}
        found = await self._store.call("HGETALL", key)
        return {QuestionId(question): _dish(value) for question, value in found.items()}

    async def take_out(
        self, place: ChannelKey, tasting: TastingId, questions: Collection[QuestionId], *, forget: bool
    ) -> None:
        """Serve questions no more, as long as it is not closed; see the port."""
        keys = [self._keys.tasting(place, tasting), self._keys.menu(place, tasting)]
        await self._take_out(keys, [int(forget), *questions])

    async def withdraw(self, place: ChannelKey, ts: MessageTs) -> int:
        """Take the question of a message that was deleted out of each tasting; see the port."""
        served = self._keys.served(place, ts)
        found = await self._store.call("SMEMBERS", served)
        for member in found:
            tasting, _, question = member.partition(" ")
            await self.take_out(place, TastingId(tasting), [QuestionId(question)], forget=True)
        if found:
            await self._store.call("DEL", served)
        return len(found)

    async def moves(
        self, place: ChannelKey, tasting: TastingId, voters: Sequence[Pseudonym]
    ) -> Mapping[Pseudonym, tuple[Moved, ...]]:
        """Return what voters did, in order."""
        found = await self._store.calls(
            [("LRANGE", self._keys.moves(place, tasting, voter), 0, -1) for voter in voters]
        )
        return {voter: tuple(map(_moved, moves)) for voter, moves in zip(voters, found, strict=True)}

    async def move(
        self, place: ChannelKey, tasting: TastingId, voter: Pseudonym, moved: Moved | None, *, over: int
    ) -> Taken:
        """Add a move to what a voter did; durable before it returns; see the port."""
        keys = [self._keys.tasting(place, tasting), self._keys.moves(place, tasting, voter)]
        text = f"{moved.question} {moved.move.value}" if moved else ""
        return Taken(await self._move(keys, [over, text], durable=True))

    async def latest(self, place: ChannelKey, limit: int) -> Sequence[Tasting]:
        """Return the channel's newest tastings, newest first; no drafts."""
        ids = await self._store.call("ZRANGE", self._keys.tastings(place), 0, limit - 1, "REV")
        found = await self._store.calls(
            [("HGETALL", self._keys.tasting(place, TastingId(name))) for name in ids]
        )
        read = (_read(place, TastingId(name), fields) for name, fields in zip(ids, found, strict=True))
        return [tasting for tasting in read if tasting is not None]

    async def recounted(self) -> AsyncIterator[Recount]:
        """Count the votes of every closed tasting again, from what its voters did."""
        async for key in self._store.scan(self._keys.every_tasting):
            place, name = self._keys.parts(key)
            found = await self.load(place, TastingId(name))
            if found is not None and found.tally is not None:
                moves = await self.moves(place, found.id, found.voters)
                courses = {voter: course_of(found, voter, made) for voter, made in moves.items()}
                yield Recount(place, found.id, all_votes(courses), found.tally)


def _read(place: ChannelKey, tasting: TastingId, found: Any) -> Tasting | None:
    fields = from_pairs(found) if isinstance(found, list) else found
    if not fields:
        return None
    return tasting_from(place, tasting, {name: from_json(value) for name, value in fields.items()})


def _dish(value: str) -> Dish:
    text, asker, ts = (*from_json(value), None)[:3]
    return Dish(text, UserId(asker) if asker else None, MessageTs(ts) if ts else None)


def _moved(text: str) -> Moved:
    question, _, move = text.partition(" ")
    return Moved(QuestionId(question), Move(move))
