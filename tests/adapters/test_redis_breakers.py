"""Breakers in Redis: what many workers change at once comes out as if one after the other."""

import asyncio
import itertools
from datetime import timedelta

import pytest

from bot.adapters.redis_breakers import RedisBreakers
from bot.adapters.redis_client import Store
from bot.adapters.redis_configs import RedisConfigs
from bot.adapters.system import SystemChance
from bot.domain.breaker import Breaker, after_answer, after_failure, after_telling, with_probe
from bot.domain.completion import FailureKind
from bot.domain.ids import Fingerprint, TeamId
from tests.adapters.redis_kit import NOON
from tests.builders import contestant

TEAM, OTHER = TeamId("T1"), TeamId("T2")
WHO = Fingerprint("aaaaaaaaaaaa")
SUPPORT = contestant("support")


def failing(breaker: Breaker | None) -> Breaker:
    return after_failure(breaker, SUPPORT, FailureKind.UNREACHABLE, NOON)


@pytest.fixture
def breakers(store: Store) -> RedisBreakers:
    return RedisBreakers(store, SystemChance())


async def test_a_breaker_comes_back_as_it_was_written_and_with_the_facts_of_its_team(
    breakers: RedisBreakers, store: Store
) -> None:
    changed = await breakers.change(TEAM, WHO, failing)

    assert changed.before is None
    assert await breakers.all(TEAM) == {WHO: changed.after}
    assert (await RedisConfigs(store).team(TEAM)).breakers == {WHO: changed.after}
    assert await breakers.all(OTHER) == {}


async def test_of_failures_at_the_same_time_each_counts_and_one_sees_it_open(
    breakers: RedisBreakers, store: Store
) -> None:
    other_worker = RedisBreakers(store, SystemChance())
    workers = itertools.cycle([breakers, other_worker])
    changes = await asyncio.gather(*(next(workers).change(TEAM, WHO, failing) for _ in range(12)))

    assert sum(changed.opened for changed in changes) == 1
    (breaker,) = (await breakers.all(TEAM)).values()
    assert breaker.failures == 3


async def test_of_workers_that_want_to_probe_one_does(breakers: RedisBreakers) -> None:
    for _ in range(3):
        await breakers.change(TEAM, WHO, failing)
    due = NOON + timedelta(minutes=1)
    changes = await asyncio.gather(
        *(breakers.change(TEAM, WHO, lambda breaker: with_probe(breaker, due)) for _ in range(8))
    )

    assert sum(changed.before != changed.after for changed in changes) == 1


async def test_of_workers_that_want_to_tell_one_does(breakers: RedisBreakers) -> None:
    for _ in range(3):
        await breakers.change(TEAM, WHO, failing)
    changes = await asyncio.gather(*(breakers.change(TEAM, WHO, after_telling) for _ in range(8)))

    assert sum(changed.before is not None and changed.before.is_news for changed in changes) == 1


async def test_nothing_is_kept_of_a_contestant_that_is_well(breakers: RedisBreakers, store: Store) -> None:
    await breakers.change(TEAM, WHO, failing)
    await breakers.change(TEAM, WHO, after_answer)

    assert await breakers.all(TEAM) == {}
    assert not await store.call("EXISTS", store.keys.breaker(TEAM))


async def test_a_change_that_changes_nothing_writes_nothing(breakers: RedisBreakers) -> None:
    changed = await breakers.change(TEAM, WHO, after_answer)

    assert (changed.before, changed.after, changed.opened, changed.closed) == (None, None, False, False)


async def test_a_change_whose_reply_was_lost_and_is_sent_again_counts_once(
    breakers: RedisBreakers, store: Store
) -> None:
    await breakers.change(TEAM, WHO, failing)
    key, swap = store.keys.breaker(TEAM), breakers._swap
    read = await store.call("HGET", key, WHO)

    assert await swap([key], [WHO, read, "another"]) == 1
    assert await swap([key], [WHO, read, "another"]) == 1
    assert await swap([key], [WHO, read, "late"]) == 0
    assert await store.call("HGET", key, WHO) == "another"
