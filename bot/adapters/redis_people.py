"""What is kept of people: collected, deleted, and what they wish (ports Traces, Wishes).

Keys:

no_training {T}  set  people whose questions never become training rows; without a lifetime, and left by
                      `forget`: what they ask later would be trained on against their will. Written here only

All others belong to the adapters that list them. Here is read, and taken away from, what holds people's words or
ids: `turns`, `thread` (`speakers`), `inbox`, `text` (its `speakers` too), `duel` (`asker`), `dead`, `ballots` and
`votelog` of open duels, `thumbs`, `tasting`, `menu` (both by redis_tasting_traces), `tunings`
(by redis_tuning), `admins`, `access`, `people`, and `once` (the name of a request). `audit` and
`budget` are read only: what admins changed stays, and without the day's count a cap could be lifted. Questions
of others that wait get the field `/forgotten/<person>`, so that their end brings nobody back. That needs a look at
each key of a team (SCAN), some hundreds a round trip; the commands for it are rare and run after their
acknowledgement.
"""

from collections.abc import AsyncIterator, Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar

from bot.adapters.redis_client import Command, Script, Store
from bot.adapters.redis_codec import from_json, to_json
from bot.adapters.redis_keys import TEXT_KINDS
from bot.adapters.redis_rights import RightsOfPeople
from bot.adapters.redis_tasting_traces import TastingsOfPeople
from bot.adapters.redis_tuning import TuningsOfPeople
from bot.domain.duel import Origin
from bot.domain.ids import ChannelKey, DuelId, TeamId, ThreadKey, UserId
from bot.domain.privacy import (
    AnswersGot,
    Asking,
    BallotCast,
    Changed,
    DuelAsked,
    Forgotten,
    Numbered,
    PersonalData,
    Said,
    ThumbGiven,
)
from bot.services.ports import Chance

MOST_ITEMS = 20_000
"""Of each kind in one file, which has some megabytes then."""
_BATCH = 200
_SEEN_LIFETIME_S = int(timedelta(days=1).total_seconds())
_LOCK = "!"
_OPEN = '"open"'

T = TypeVar("T")


class RedisTraces:
    """What is kept of people in Redis.

    Args:
        store: The open store.
        chance: Makes new pseudonyms.
    """

    def __init__(self, store: Store, chance: Chance) -> None:
        self._store = store
        self._keys = store.keys
        self._chance = chance
        self._forget_turns = Script(store, "forget_turns")
        self._forget_waiting = Script(store, "forget_waiting")
        self._forget_asker = Script(store, "forget_asker")
        self._forget_thumbs = Script(store, "forget_thumbs")
        self._move_ballot = Script(store, "move_ballot")
        self._rights = RightsOfPeople(store)
        self._tastings = TastingsOfPeople(store)
        self._tunings = TuningsOfPeople(store)

    # ------------------------------------------------------------ collecting

    async def collect(self, team: TeamId, person: UserId) -> PersonalData:
        """Return what is kept of a person; see the port."""
        messages = [said async for said in self._said(team, person)]
        duels = [asked async for asked in self._asked_for(team, person)]
        ballots = [cast async for cast in self._cast(team, person)]
        questions = [asking async for asking in self._asking(team, person)]
        changes = await self._changes(team, person)
        thumbs = [thumb async for thumb in self._thumbs_of(team, person)]
        rights = await self._rights.collect(team, person)
        numbers = [numbered async for numbered in self._numbers_of(team, person)]
        voter = await self._store.call("HGET", self._keys.people(team), person)
        joined = await self._tastings.joined(team, person)
        menus = await self._tastings.questions(team, person)
        tasted = await self._tastings.tasted(team, voter)
        kinds: tuple[list[Any], ...] = (
            messages,
            duels,
            ballots,
            questions,
            changes,
            thumbs,
            rights,
            numbers,
            joined,
            menus,
            tasted,
        )
        return PersonalData(
            tuple(messages[:MOST_ITEMS]),
            tuple(duels[:MOST_ITEMS]),
            tuple(ballots[:MOST_ITEMS]),
            tuple(questions[:MOST_ITEMS]),
            tuple(changes[:MOST_ITEMS]),
            tuple(thumbs[:MOST_ITEMS]),
            tuple(rights[:MOST_ITEMS]),
            tuple([got async for got in self._answers_of(team, person)]),
            tuple(numbers[:MOST_ITEMS]),
            tuple(joined[:MOST_ITEMS]),
            tuple(menus[:MOST_ITEMS]),
            tuple(tasted[:MOST_ITEMS]),
            tuple(await self._tunings.ordered(team, person)),
            no_training=bool(await self._store.call("SISMEMBER", self._keys.no_training(team), person)),
            complete=all(len(kind) <= MOST_ITEMS for kind in kinds),
        )

    async def _said(self, team: TeamId, person: UserId) -> AsyncIterator[Said]:
        async for key, turns in self._each("turns", team, lambda key: ("LRANGE", key, 0, -1)):
            place, thread = self._keys.parts(key)
            for turn in map(from_json, turns):
                if turn.get("author") == person:
                    yield Said(place.channel, thread, turn["ts"], turn["asked"])

    async def _asked_for(self, team: TeamId, person: UserId) -> AsyncIterator[DuelAsked]:
        fields = ("asker", "opened_at", "state")
        async for key, known in self._each("duel", team, lambda key: ("HMGET", key, *fields)):
            if known[0] == to_json(person):
                opened_at, state = map(from_json, known[1:])
                place, duel = self._keys.parts(key)
                text = await self._store.call("GET", self._keys.text(place, DuelId(duel)))
                question = (from_json(text)["question"] or None) if text else None
                yield DuelAsked(place.channel, duel, opened_at, state, question)

    async def _cast(self, team: TeamId, person: UserId) -> AsyncIterator[BallotCast]:
        voter = await self._store.call("HGET", self._keys.people(team), person)
        if voter is None:
            return
        async for key, ballot in self._each("ballots", team, lambda key: ("HGET", key, voter)):
            if ballot is not None:
                place, duel = self._keys.parts(key)
                yield BallotCast(place.channel, duel, ballot.removesuffix(_LOCK), ballot.endswith(_LOCK))

    async def _asking(self, team: TeamId, person: UserId) -> AsyncIterator[Asking]:
        async for key, entry in self._each("inbox", team, lambda key: ("HGETALL", key)):
            place, _ = self._keys.parts(key)
            for field, value in entry.items():
                if "/" not in field and (question := from_json(value))["asker"] == person:
                    yield Asking(place.channel, question["text"], given_up=False)
        async for key, letters in self._each("dead", team, lambda key: ("LRANGE", key, 0, -1)):
            place, _ = self._keys.parts(key)
            for letter in map(from_json, letters):
                if letter["question"]["asker"] == person:
                    yield Asking(place.channel, letter["question"]["text"], given_up=True)

    async def _changes(self, team: TeamId, person: UserId) -> list[Changed]:
        entries = await self._store.call("XRANGE", self._keys.audit(team), "-", "+")
        return [
            Changed(fields["at"], fields["what"], about_them=fields["actor"] != person)
            for _, fields in entries
            if fields["actor"] == person
            or any(person in from_json(fields[values]) for values in ("before", "after"))
        ]

    async def _thumbs_of(self, team: TeamId, person: UserId) -> AsyncIterator[ThumbGiven]:
        async for key, thumbs in self._thumb_fields(team, person):
            place, _ = self._keys.parts(key)
            for field, thumb in thumbs.items():
                yield ThumbGiven(place.channel, field.split("/")[1], up=thumb == "up")

    async def _thumb_fields(self, team: TeamId, person: UserId) -> AsyncIterator[tuple[str, dict[str, str]]]:
        voter = await self._store.call("HGET", self._keys.people(team), person)
        if voter is None:
            return
        async for key, fields in self._each("thumbs", team, lambda key: ("HGETALL", key)):
            theirs = {field: thumb for field, thumb in fields.items() if field.endswith(f"/{voter}")}
            if theirs:
                yield key, theirs

    async def _numbers_of(self, team: TeamId, person: UserId) -> AsyncIterator[Numbered]:
        async for key, speakers in self._each("thread", team, lambda key: ("HGET", key, "speakers")):
            for numbered in self._numbered(key, from_json(speakers) if speakers else (), person):
                yield numbered
        async for key, text in self._each("text", team, lambda key: ("GET", key)):
            for numbered in self._numbered(key, from_json(text).get("speakers", ()) if text else (), person):
                yield numbered

    def _numbered(self, key: str, speakers: Sequence[str], person: UserId) -> list[Numbered]:
        place, about = self._keys.parts(key)
        return [
            Numbered(place.channel, about, number)
            for number, who in enumerate(speakers, start=1)
            if who == person
        ]

    async def _answers_of(self, team: TeamId, person: UserId) -> AsyncIterator[AnswersGot]:
        async for key in self._store.scan(self._keys.every_day("budget", team)):
            count = await self._store.call("HGET", key, f"person/{person}")
            if count is not None:
                yield AnswersGot(key.rpartition(":")[2], int(count))

    # ------------------------------------------------------------ deleting

    async def forget(self, team: TeamId, person: UserId, *, now: datetime) -> Forgotten:
        """Delete a person's texts, thumbs and rights, and the link to their ballots; see the port."""
        await self._forget_opinions_on(team, person)
        questions = await self._forget_questions(team, person, now)
        messages = 0
        async for key in self._store.scan(self._keys.every("thread", team)):  # lives as long as its turns
            thread = ThreadKey(*self._keys.parts(key))
            messages += await self._forget_turns([self._keys.turns(thread), key], [person])
        questions += await self._forget_duels(team, person)
        voter = await self._store.call("HGET", self._keys.people(team), person)
        served, waited = await self._tastings.forget(team, person, voter)
        questions += served
        thumbs = 0
        async for key, fields in self._thumb_fields(team, person):  # while it is known which are theirs
            thumbs += await self._forget_thumbs([key], list(fields))
        kept = await self._unlink(team, person, now)
        rights = await self._rights.forget(team, person)
        await self._tunings.forget(team, person)
        changes = len(await self._changes(team, person))
        return Forgotten(messages, questions, kept, changes, thumbs, rights, tuple(waited))

    async def _forget_opinions_on(self, team: TeamId, person: UserId) -> None:
        """Take a person's questions out of duels for which others wished as a second opinion."""
        theirs = {(said.channel, said.thread, said.ts) async for said in self._said(team, person)}
        fields = ("thread", "asked_ts", "origin")
        async for key, known in self._each("duel", team, lambda key: ("HMGET", key, *fields)):
            if known[2] != to_json(Origin.SECOND_OPINION.value):
                continue
            thread, asked_ts = ThreadKey.from_wire(from_json(known[0])), from_json(known[1])
            if (thread.place.channel, thread.conversation, asked_ts) in theirs:
                _, duel = self._keys.parts(key)
                text = self._keys.text(thread.place, DuelId(duel))
                if document := await self._store.call("GET", text):
                    await self._store.call(
                        "SET", text, to_json({**from_json(document), "question": ""}), "XX", "KEEPTTL"
                    )

    async def _forget_questions(self, team: TeamId, person: UserId, now: datetime) -> int:
        gone = 0
        async for key in self._store.scan(self._keys.every("inbox", team)):
            thread = ThreadKey(*self._keys.parts(key))
            gone += await self._forget_waiting(
                [key, self._keys.lease(thread), self._keys.seen(thread)],
                [person, now.timestamp(), _SEEN_LIFETIME_S],
            )
        async for key, letters in self._each("dead", team, lambda key: ("LRANGE", key, 0, -1)):
            theirs = [raw for raw in letters if from_json(raw)["question"]["asker"] == person]
            gone += sum(await self._store.calls([("LREM", key, 0, raw) for raw in theirs]))
        return gone

    async def _forget_duels(self, team: TeamId, person: UserId) -> int:
        gone = 0
        async for key, asker in self._each("duel", team, lambda key: ("HGET", key, "asker")):
            if asker == to_json(person):
                place, duel = self._keys.parts(key)
                gone += await self._forget_asker([key, self._keys.text(place, DuelId(duel))], [asker])
        await self._forget_names(team, person)
        return gone

    async def _forget_names(self, team: TeamId, person: UserId) -> None:
        """Take a person out of those whose numbers stand in the answers of duels; the number stays, empty."""
        async for key, text in self._each("text", team, lambda key: ("GET", key)):
            document = from_json(text) if text else {}
            if person in document.get("speakers", ()):
                speakers = ["" if who == person else who for who in document["speakers"]]
                await self._store.call(
                    "SET", key, to_json({**document, "speakers": speakers}), "XX", "KEEPTTL"
                )

    async def _unlink(self, team: TeamId, person: UserId, now: datetime) -> int:
        """Delete the link to a person's ballots; what they cast in open duels goes over to a new pseudonym.

        Without any link they could vote there a second time, or after having seen the names.
        """
        people = self._keys.people(team)
        old: str | None = await self._store.call("HGET", people, person)
        if old is None:
            return 0
        new, kept = self._chance.token(), 0
        async for key, state in self._each("duel", team, lambda key: ("HGET", key, "state")):
            if state == _OPEN:
                place, duel = self._keys.parts(key)
                ballots = self._keys.ballots(place, DuelId(duel))
                log = self._keys.votelog(place, DuelId(duel))
                kept += await self._move_ballot([key, ballots, log], [old, new, now.isoformat()])
        await self._store.call(*(("HSET", people, person, new) if kept else ("HDEL", people, person)))
        return kept

    async def clear(self, place: ChannelKey) -> int:
        """Delete every text of a channel; scores and settings stay. Return how many keys were deleted."""
        gone = 0
        for kind in TEXT_KINDS:
            keys = [key async for key in self._store.scan(self._keys.every_of(kind, place))]
            gone += sum(await self._store.calls([("DEL", key) for key in keys]))
        return gone

    # ------------------------------------------------------------ looking

    async def _each(
        self, kind: str, team: TeamId, look: Callable[[str], Command]
    ) -> AsyncIterator[tuple[str, Any]]:
        """Yield each key of a kind in a team with what a command says of it."""
        batch: list[str] = []
        async for key in self._store.scan(self._keys.every(kind, team)):
            batch.append(key)
            if len(batch) == _BATCH:
                for found in await self._look(batch, look):
                    yield found
                batch = []
        for found in await self._look(batch, look):
            yield found

    async def _look(self, keys: list[str], look: Callable[[str], Command]) -> list[tuple[str, Any]]:
        return list(zip(keys, await self._store.calls([look(key) for key in keys]), strict=True))


class RedisWishes:
    """What people do not want to happen with what they ask, in Redis."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys

    async def no_training(self, team: TeamId, person: UserId) -> bool:
        """Whether a person's questions must never become training rows."""
        return bool(await self._store.call("SISMEMBER", self._keys.no_training(team), person))

    async def set_no_training(self, team: TeamId, person: UserId, *, wished: bool) -> None:
        """Store or take back that wish."""
        await self._store.call("SADD" if wished else "SREM", self._keys.no_training(team), person)

    async def never_trained_on(self, team: TeamId) -> frozenset[UserId]:
        """Return everybody in a team with that wish, for exports."""
        people = await self._store.call("SMEMBERS", self._keys.no_training(team))
        return frozenset(UserId(person) for person in people)
