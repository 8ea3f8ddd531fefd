"""Fixtures for tests of the Redis adapters."""

import pytest

from bot.adapters.redis_client import Store
from bot.adapters.redis_conversations import RedisConversations
from bot.adapters.redis_duels import RedisDuels
from bot.domain.duel import Duel
from tests.adapters.redis_kit import Build, FakeClock, Threads


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def build() -> Build:
    return Build()


@pytest.fixture
def threads(store: Store, clock: FakeClock) -> Threads:
    return Threads(RedisConversations(store, clock), RedisDuels(store), clock)


@pytest.fixture
async def open_duel(threads: Threads, build: Build) -> Duel:
    """A duel that has been posted, and is the last thing in its thread."""
    question = build.question()
    recorded, duel = build.duelled(question)
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    await threads.record(work, recorded)
    await threads.commit(work, recorded, build.ts(), build.ts())
    return duel
