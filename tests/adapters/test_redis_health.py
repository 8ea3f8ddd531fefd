"""How the store is, and what waits in it."""

import asyncio

import pytest

from bot.adapters.docket_engine import EngineHandlers, open_docket_engine
from bot.adapters.redis_client import Store, open_store
from bot.adapters.redis_conversations import RedisConversations
from bot.adapters.redis_health import RedisHealth
from bot.domain.errors import Outage
from bot.domain.ids import ChannelId, ChannelKey, TeamId
from bot.domain.reports import Keeps
from tests.adapters.redis_kit import PLACE, Build, FakeClock, Threads
from tests.fakes.world import RecordingObserver

ELSEWHERE = ChannelKey(TeamId("T2"), ChannelId("C1"))


async def nothing(*_: object) -> None:
    """Do nothing."""


async def test_the_store_is_told_with_its_warnings_and_how_fast_it_is(
    store: Store, store_url: str, store_prefix: str, clock: FakeClock
) -> None:
    async with open_docket_engine(store_url, RecordingObserver(), name=f"{store_prefix}:engine") as engine:
        status = await RedisHealth(store, RedisConversations(store, clock), engine).store()

    assert status.server.startswith("Valkey 9.")
    assert (status.keeps, status.problems) == (Keeps.NOTHING, ())
    assert 0 < status.latency_ms < 5000


async def test_what_waits_is_counted_dead_letters_of_the_team_only(
    store: Store, store_url: str, store_prefix: str, threads: Threads
) -> None:
    for place in (PLACE, ELSEWHERE):
        await threads.ask(Build(place).question())
    for place, dead in ((PLACE, 2), (ELSEWHERE, 1)):
        for number in range(dead):
            await store.call("RPUSH", store.keys.dead(place), str(number))
    async with open_docket_engine(store_url, RecordingObserver(), name=f"{store_prefix}:engine") as engine:
        health = RedisHealth(store, threads.conversations, engine)
        working = asyncio.create_task(engine.run(EngineHandlers(nothing, nothing, nothing)))
        async with asyncio.timeout(5):
            while (backlog := await health.backlog(PLACE.team)).workers == 0:  # noqa: ASYNC110 (a worker tells the store only)
                await asyncio.sleep(0.01)
        working.cancel()
        await asyncio.gather(working, return_exceptions=True)

    assert (backlog.waiting_threads, backlog.dead_letters, backlog.workers) == (2, 2, 1)


async def test_a_store_that_is_away_is_an_outage(store_url: str, store_prefix: str, clock: FakeClock) -> None:
    async with (
        open_store("redis://127.0.0.1:1/0") as away,
        open_docket_engine(store_url, RecordingObserver(), name=f"{store_prefix}:engine") as engine,
    ):
        health = RedisHealth(away, RedisConversations(away, clock), engine)
        with pytest.raises(Outage):
            await health.store()
        with pytest.raises(Outage):
            await health.backlog(PLACE.team)
