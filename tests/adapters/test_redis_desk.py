"""Accounts, rights for one channel, open ballots."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.adapters.redis_client import Store
from bot.adapters.redis_codec import to_json, to_versioned_json
from bot.adapters.redis_desk import RedisAccounts, RedisGrants, RedisOpenDuels
from bot.domain.access import Grant, RequestState
from bot.domain.ballot import Tally
from bot.domain.costs import Account, Used
from bot.domain.duel import ClosedBy, Duel
from bot.domain.ids import ChannelId, ChannelKey, DuelId, Fingerprint, Pseudonym, UserId
from tests import builders
from tests.adapters.redis_kit import NOON, PLACE

ANN, BEN, EVA = UserId("U1"), UserId("U2"), UserId("U3")
CHEF, PLAIN = Fingerprint("c" * 12), Fingerprint("a" * 12)
OTHER = ChannelKey(PLACE.team, ChannelId("C2"))


async def use(store: Store, days_ago: int, fingerprint: Fingerprint, answers: int, tokens: int) -> None:
    day = NOON.date() - timedelta(days=days_ago)
    fields = {"answers": answers, "prompt_tokens": tokens, "completion_tokens": 2 * tokens, "total_ms": 9}
    flat = [part for name, count in fields.items() for part in (f"{fingerprint}/{name}", count)]
    await store.call("HSET", store.keys.usage(PLACE, day), *flat)


async def keep(store: Store, duel: Duel, place: ChannelKey = PLACE) -> None:
    flat = [part for name, value in duel.to_document().items() for part in (name, to_json(value))]
    await store.call("HSET", store.keys.duel(place, duel.id), *flat)
    await store.call("ZADD", store.keys.duels(place), duel.opened_at.timestamp(), duel.id)
    texts = {"question": f"Question of {duel.id}", "a": "A", "b": "B"}
    await store.call("SET", store.keys.text(place, duel.id), to_versioned_json(texts))


def duel(number: int, *, days_ago: float = 0) -> Duel:
    return builders.duel(id=DuelId(f"duel{number}"), opened_at=NOON - timedelta(days=days_ago))


# ---------------------------------------------------------------- accounts


async def test_an_account_sums_the_last_thirty_days(store: Store) -> None:
    await use(store, 0, CHEF, 3, 30)
    await use(store, 9, CHEF, 2, 10)
    await use(store, 9, PLAIN, 2, 5)
    await use(store, 30, CHEF, 100, 100)
    closed = duel(1, days_ago=9).closed(Tally(1, 0, 0, 0), ClosedBy.TIME, NOON)
    await keep(store, closed)

    account = await RedisAccounts(store).account(PLACE, NOON.date())

    assert account == Account(10, {CHEF: Used(5, 40, 80), PLAIN: Used(2, 5, 10)}, 1)
    assert account.questions == 6


async def test_a_channel_where_nothing_was_asked_has_an_empty_account(store: Store) -> None:
    assert await RedisAccounts(store).account(PLACE, NOON.date()) == Account(0, {}, 0)


async def test_what_an_open_duel_used_cannot_be_found_out(store: Store) -> None:
    await use(store, 5, CHEF, 4, 40)
    await use(store, 1, PLAIN, 1, 7)
    await use(store, 0, CHEF, 1, 9)
    await keep(store, duel(1, days_ago=1))
    await keep(store, duel(2, days_ago=0))

    assert await RedisAccounts(store).account(PLACE, NOON.date()) == Account(4, {CHEF: Used(4, 40, 80)}, 0)


# ---------------------------------------------------------------- rights


@pytest.fixture
def grants(store: Store) -> RedisGrants:
    return RedisGrants(store)


async def test_a_right_is_given_once_and_taken_once(grants: RedisGrants) -> None:
    grant = Grant(ANN, EVA, NOON)
    assert await grants.granted([]) == {}
    assert await grants.give(PLACE, grant)
    assert not await grants.give(PLACE, replace(grant, by=BEN))
    assert await grants.granted([PLACE, OTHER]) == {PLACE: {ANN: grant}, OTHER: {}}
    assert await grants.take(PLACE, ANN)
    assert not await grants.take(PLACE, ANN)


async def test_a_request_stands_for_a_day(grants: RedisGrants, store: Store) -> None:
    assert await grants.ask(PLACE, ANN, now=NOON) is None
    earlier = await grants.ask(PLACE, ANN, now=NOON + timedelta(hours=23))
    assert earlier is not None
    assert (earlier.user, earlier.asked_at, earlier.state, earlier.by) == (ANN, NOON, RequestState.OPEN, None)
    assert 0 < await store.call("TTL", store.keys.access(PLACE)) <= 30 * 86_400

    assert await grants.ask(PLACE, BEN, now=NOON) is None
    assert await grants.ask(PLACE, ANN, now=NOON + timedelta(days=1)) is None
    await grants.forget(PLACE, ANN)
    assert await grants.decide(PLACE, ANN, EVA, allow=True, now=NOON) == (None, False)


async def test_of_many_who_decide_at_once_one_does(grants: RedisGrants) -> None:
    await grants.ask(PLACE, ANN, now=NOON)

    outcomes = await asyncio.gather(
        *(grants.decide(PLACE, ANN, UserId(f"UADMIN{n}"), allow=n % 2 == 0, now=NOON) for n in range(10))
    )

    assert [decided for _, decided in outcomes].count(True) == 1
    (request,) = {request for request, _ in outcomes}
    assert request is not None
    allowed = request.state is RequestState.ALLOWED
    assert ((await grants.granted([PLACE]))[PLACE] == {}) is not allowed
    earlier = await grants.ask(PLACE, ANN, now=NOON)
    assert earlier == request


# ---------------------------------------------------------------- open ballots


async def test_open_duels_are_found_newest_first_with_whether_one_has_voted(store: Store) -> None:
    await keep(store, duel(1, days_ago=2))
    await keep(store, duel(2, days_ago=1).closed(Tally(1, 0, 0, 0), ClosedBy.TIME, NOON))
    await keep(store, duel(3, days_ago=0), OTHER)
    await keep(store, duel(4, days_ago=8))
    voter = Pseudonym("voter")
    await store.call("HSET", store.keys.ballots(PLACE, DuelId("duel1")), voter, "a")
    await store.call("DEL", store.keys.text(OTHER, DuelId("duel3")))

    found = await RedisOpenDuels(store).open_in([PLACE, OTHER], voter, now=NOON)
    stranger = await RedisOpenDuels(store).open_in([PLACE], None, now=NOON)

    assert [(one.duel.id, one.question, one.voted) for one in found] == [
        ("duel3", None, False),
        ("duel1", "Question of duel1", True),
    ]
    assert [one.voted for one in stranger] == [False]
    assert await RedisOpenDuels(store).open_in([], voter, now=NOON) == []
    assert (
        await RedisOpenDuels(store).open_in([ChannelKey(PLACE.team, ChannelId("C9"))], voter, now=NOON) == []
    )
