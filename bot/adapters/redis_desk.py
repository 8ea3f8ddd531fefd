"""The admin's desk: accounts, rights for one channel, open ballots (ports Accounts, Grants, OpenDuels).

Keys, all of the tag {team:channel}:

admins   hash  person -> right to administer the channel, JSON; for good; written here only
access   hash  of each person's latest request `<person>/asked` (seconds), `/state`, `/by`; 30 days after the
               last one; written here only

`usage` (see redis_conversations), `duels`, `duel`, `ballots` and `text` (see redis_duels) are read here.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta

from bot.adapters.redis_client import Command, Script, Store
from bot.adapters.redis_codec import from_json, from_pairs, to_versioned_json
from bot.adapters.redis_duels import read_duel
from bot.adapters.redis_work import read_texts
from bot.domain.access import AGAIN_AFTER, AccessRequest, Grant, RequestState
from bot.domain.costs import MONTH_DAYS, Account, Used
from bot.domain.ids import ChannelKey, DuelId, Fingerprint, Pseudonym, UserId
from bot.services.ports.desk import OpenDuel

_LONGEST_DUEL = timedelta(hours=168)
_MOST_OPEN = 10
_REQUEST_LIFETIME = timedelta(days=30)


class RedisAccounts:
    """Accounts in Redis."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys

    async def account(self, place: ChannelKey, today: date) -> Account:
        """Return what a channel has used in the 30 days up to today, without days from an open duel on."""
        first = today - timedelta(days=MONTH_DAYS - 1)
        end = await self._oldest_open_day(place, today) or today + timedelta(days=1)
        days = [first + timedelta(days=n) for n in range((end - first).days)]
        replies = await self._store.calls(
            [
                *(("HGETALL", self._keys.usage(place, day)) for day in days),
                ("ZCOUNT", self._keys.duels(place), _start(first), f"({_start(end)}"),
            ]
        )
        counted = [day for day, fields in zip(days, replies, strict=False) if fields]
        return Account(
            days=(days[-1] - counted[0]).days + 1 if counted else 0,
            used=_used(replies[:-1]),
            duels=int(replies[-1]),
        )

    async def _oldest_open_day(self, place: ChannelKey, today: date) -> date | None:
        since = _start(today) - _LONGEST_DUEL.total_seconds() - 86_400
        found = await self._store.call("ZRANGEBYSCORE", self._keys.duels(place), since, "+inf", "WITHSCORES")
        opened = {DuelId(duel): float(at) for duel, at in from_pairs(found).items()}
        states = (
            await self._store.calls([("HGET", self._keys.duel(place, duel), "state") for duel in opened])
            if opened
            else []
        )
        still = [at for at, state in zip(opened.values(), states, strict=True) if state == '"open"']
        return datetime.fromtimestamp(min(still), UTC).date() if still else None


class RedisGrants:
    """Rights for single channels in Redis."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys
        self._ask = Script(store, "ask_access")
        self._decide = Script(store, "decide_access")

    async def granted(self, places: Sequence[ChannelKey]) -> Mapping[ChannelKey, Mapping[UserId, Grant]]:
        """Return who has the right in each of the channels."""
        if not places:
            return {}
        found = await self._store.calls([("HGETALL", self._keys.admins(place)) for place in places])
        return {
            place: {UserId(user): _read_grant(UserId(user), text) for user, text in sorted(fields.items())}
            for place, fields in zip(places, found, strict=True)
        }

    async def give(self, place: ChannelKey, grant: Grant) -> bool:
        """Give the right; False when the person has it already."""
        return bool(
            await self._store.call("HSETNX", self._keys.admins(place), grant.user, _grant_text(grant))
        )

    async def take(self, place: ChannelKey, user: UserId) -> bool:
        """Take the right away; False when the person has not had it."""
        return bool(await self._store.call("HDEL", self._keys.admins(place), user))

    async def ask(self, place: ChannelKey, user: UserId, *, now: datetime) -> AccessRequest | None:
        """Put down a request; return the earlier one instead when that is less than a day old."""
        lifetime = int(_REQUEST_LIFETIME.total_seconds())
        reply = await self._ask(
            [self._keys.access(place)],
            [user, now.timestamp(), AGAIN_AFTER.total_seconds(), lifetime],
        )
        return _read_request(user, reply) if reply else None

    async def forget(self, place: ChannelKey, user: UserId) -> None:
        """Forget a request that reached nobody."""
        await self._store.call("HDEL", self._keys.access(place), *(f"{user}/{part}" for part in _PARTS))

    async def decide(
        self, place: ChannelKey, user: UserId, by: UserId, *, allow: bool, now: datetime
    ) -> tuple[AccessRequest | None, bool]:
        """Decide a request; with it the right is given."""
        state = RequestState.ALLOWED if allow else RequestState.DENIED
        decided, *request = await self._decide(
            [self._keys.access(place), self._keys.admins(place)],
            [user, state.value, by, _grant_text(Grant(user, by, now))],
        )
        return (_read_request(user, request) if request else None), bool(decided)


class RedisOpenDuels:
    """Open duels in Redis."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys

    async def open_in(
        self, places: Sequence[ChannelKey], voter: Pseudonym | None, *, now: datetime
    ) -> Sequence[OpenDuel]:
        """Return the open duels of channels, newest first, the newest ten of each channel."""
        if not places:
            return []
        since = (now - _LONGEST_DUEL).timestamp()
        newest = await self._store.calls(
            [
                ("ZREVRANGEBYSCORE", self._keys.duels(place), "+inf", since, "LIMIT", 0, _MOST_OPEN)
                for place in places
            ]
        )
        found = [(place, DuelId(duel)) for place, duels in zip(places, newest, strict=True) for duel in duels]
        commands: list[Command] = []
        for place, duel in found:
            commands += [
                ("HGETALL", self._keys.duel(place, duel)),
                ("HEXISTS", self._keys.ballots(place, duel), voter or ""),
                ("GET", self._keys.text(place, duel)),
            ]
        replies = await self._store.calls(commands) if commands else []
        shown = [
            OpenDuel(read, read_texts(texts).question if texts else None, bool(voted))
            for fields, voted, texts in zip(replies[::3], replies[1::3], replies[2::3], strict=True)
            if (read := read_duel(fields)) is not None and read.is_open
        ]
        return sorted(shown, key=lambda one: one.duel.opened_at, reverse=True)


_PARTS = ("asked", "state", "by")


def _start(day: date) -> float:
    return datetime.combine(day, time.min, UTC).timestamp()


def _used(days: Sequence[Mapping[str, str]]) -> dict[Fingerprint, Used]:
    sums: dict[str, dict[str, int]] = {}
    for fields in days:
        for field, count in fields.items():
            fingerprint, _, name = field.partition("/")
            of = sums.setdefault(fingerprint, {})
            of[name] = of.get(name, 0) + int(count)
    return {
        Fingerprint(fingerprint): Used(
            of.get("answers", 0), of.get("prompt_tokens", 0), of.get("completion_tokens", 0)
        )
        for fingerprint, of in sums.items()
    }


def _grant_text(grant: Grant) -> str:
    return to_versioned_json({"by": grant.by, "at": grant.at.isoformat()})


def _read_grant(user: UserId, text: str) -> Grant:
    document = from_json(text)
    return Grant(user, UserId(document["by"]), datetime.fromisoformat(document["at"]))


def _read_request(user: UserId, reply: Sequence[str]) -> AccessRequest:
    asked, state, by = reply
    moment = datetime.fromtimestamp(float(asked), UTC)
    return AccessRequest(user, moment, RequestState(state), UserId(by) if by else None)
