"""The cellar, in Redis and in memory: what is kept, for how long, and that nothing is overwritten."""

from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.redis_cellar import RedisCellar
from bot.adapters.redis_client import Store
from bot.adapters.redis_keys import Keys
from bot.domain.ids import Fingerprint, TeamId
from bot.domain.menu import MenuQuestion, QuestionId
from bot.services.ports import Cellar
from tests.builders import TEAM, completion
from tests.fakes.cellar import FakeCellar
from tests.fakes.world import FrozenClock

MINE, OTHER = Fingerprint("aaaaaaaaaaaa"), Fingerprint("bbbbbbbbbbbb")
WHY, HOW = MenuQuestion("Why salt?").id, MenuQuestion("How much?").id
DAY = timedelta(days=1)


@pytest.fixture(params=["redis", "fake"])
async def cellar(request: pytest.FixtureRequest, store: Store) -> Cellar:
    return RedisCellar(store) if request.param == "redis" else FakeCellar(FrozenClock())


async def test_each_contestant_of_each_team_has_its_own_bottles(cellar: Cellar) -> None:
    await cellar.bottle(TEAM, MINE, WHY, completion("Because."), keep=DAY)
    await cellar.bottle(TEAM, OTHER, WHY, completion("Taste.", cut=True), keep=None)

    assert await cellar.bottled(TEAM, MINE, [WHY, HOW]) == {WHY: completion("Because.")}
    assert await cellar.bottled(TEAM, OTHER, [WHY]) == {WHY: completion("Taste.", cut=True)}
    assert await cellar.bottled(TeamId("T2"), MINE, [WHY]) == {}
    assert await cellar.bottled(TEAM, MINE, []) == {}


async def test_what_is_there_is_kept_for_longer_and_nothing_else(store: Store) -> None:
    cellar = RedisCellar(store)
    await cellar.bottle(TEAM, MINE, WHY, completion("First."), keep=DAY)

    for keep, seconds in ((timedelta(hours=1), 86_400), (2 * DAY, 2 * 86_400), (None, -1), (DAY, -1)):
        await cellar.keep(TEAM, MINE, [WHY, HOW], keep=keep)
        left = await store.redis.ttl(store.keys.bottle(TEAM, MINE, WHY))
        assert seconds - 5 <= left <= seconds

    await cellar.keep(TEAM, MINE, [], keep=DAY)
    assert await cellar.bottled(TEAM, MINE, [WHY, HOW]) == {WHY: completion("First.")}


async def test_the_fake_keeps_for_longer_too() -> None:
    clock = FrozenClock()
    cellar = FakeCellar(clock)
    await cellar.bottle(TEAM, MINE, WHY, completion("First."), keep=DAY)
    await cellar.keep(TEAM, MINE, [WHY, HOW], keep=3 * DAY)
    clock.advance(hours=48)

    assert await cellar.bottled(TEAM, MINE, [WHY, HOW]) == {WHY: completion("First.")}


@pytest.mark.parametrize("keep", [DAY, None])
async def test_what_is_in_a_bottle_stays_in_it(cellar: Cellar, keep: timedelta | None) -> None:
    await cellar.bottle(TEAM, MINE, WHY, completion("First."), keep=keep)
    await cellar.bottle(TEAM, MINE, WHY, completion("Second."), keep=DAY)

    assert await cellar.bottled(TEAM, MINE, [WHY]) == {WHY: completion("First.")}


@pytest.mark.parametrize(
    ("first", "second", "seconds"),
    [
        (DAY, 2 * DAY, 2 * 86_400),
        (2 * DAY, DAY, 2 * 86_400),
        (DAY, None, -1),
        (None, DAY, -1),
        (timedelta(0), timedelta(0), 1),
    ],
)
async def test_of_two_times_the_longer_counts(
    store: Store, first: timedelta | None, second: timedelta | None, seconds: int
) -> None:
    for keep in (first, second):
        await RedisCellar(store).bottle(TEAM, MINE, WHY, completion(), keep=keep)

    assert await store.call("TTL", store.keys.bottle(TEAM, MINE, WHY)) == seconds


async def test_the_bottles_of_the_fake_are_thrown_away_in_time() -> None:
    clock = FrozenClock(datetime(2026, 11, 26, tzinfo=UTC))
    cellar = FakeCellar(clock)
    await cellar.bottle(TEAM, MINE, WHY, completion(), keep=2 * DAY)
    await cellar.bottle(TEAM, MINE, WHY, completion(), keep=DAY)
    await cellar.bottle(TEAM, MINE, HOW, completion(), keep=None)
    clock.advance(seconds=1.5 * 86_400)
    assert set(await cellar.bottled(TEAM, MINE, [WHY, HOW])) == {WHY, HOW}
    clock.advance(seconds=86_400)

    assert set(await cellar.bottled(TEAM, MINE, [WHY, HOW])) == {HOW}


def test_a_key_is_made_of_hashes_only() -> None:
    with pytest.raises(ValueError, match="not a bottle"):
        Keys("kp").bottle(TEAM, MINE, QuestionId("Why salt?"))
