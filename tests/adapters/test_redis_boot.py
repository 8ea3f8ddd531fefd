"""The look at a store before it is used."""

from typing import Any, cast

import pytest
from redis.asyncio import Redis
from redis.exceptions import NoPermissionError

from bot.adapters.redis_boot import inspect_store
from bot.adapters.redis_client import Durability, Store, open_store
from bot.domain.errors import Outage


class StubRedis:
    """Answers as a server of our choice would."""

    def __init__(self, info: dict[str, Any], settings: dict[str, str] | None) -> None:
        self._info = info
        self._settings = settings

    async def info(self) -> dict[str, Any]:
        return self._info

    async def config_get(self, *_names: str) -> dict[str, str]:
        if self._settings is None:
            raise NoPermissionError("this user has no permissions to run the 'config|get' command")
        return self._settings


def server(info: dict[str, Any] | None = None, settings: dict[str, str] | None = None) -> Redis:
    told = {"redis_version": "8.2.3", "maxmemory_policy": "noeviction", "aof_enabled": 1} | (info or {})
    return cast("Redis", StubRedis(told, settings))


SAFE = {"maxmemory-policy": "noeviction", "appendonly": "yes", "appendfsync": "always", "save": ""}


async def test_a_real_server_is_recognised(store: Store) -> None:
    report = await inspect_store(store.redis)

    assert report.kind == "Valkey"
    assert report.version.startswith("9.")
    assert (report.maxmemory_policy, report.appendonly, report.problems) == ("noeviction", False, ())
    assert report.persistence == "Nothing is kept: a restart of the server loses everything."
    assert len(report.warnings) == 1


async def test_a_safe_server_has_nothing_to_say() -> None:
    report = await inspect_store(server(settings=SAFE))

    assert (report.kind, report.version) == ("Redis", "8.2.3")
    assert report.persistence == "Every write is on disk before it is answered."
    assert (report.problems, report.warnings) == ((), ())


@pytest.mark.parametrize(
    ("settings", "sentence", "warnings"),
    [
        ({"appendfsync": "everysec"}, "within a second", 0),
        ({"appendfsync": "no"}, "for the server to say", 0),
        ({"appendonly": "no", "save": "3600 1"}, "Snapshots only", 1),
        ({"appendonly": "no"}, "Nothing is kept", 1),
    ],
)
async def test_what_is_kept_is_said_in_a_sentence(
    settings: dict[str, str], sentence: str, warnings: int
) -> None:
    report = await inspect_store(server(settings=SAFE | settings))

    assert sentence in report.persistence
    assert (len(report.warnings), report.problems) == (warnings, ())


@pytest.mark.parametrize("policy", ["allkeys-lru", "volatile-ttl"])
async def test_a_server_that_evicts_is_refused(policy: str) -> None:
    report = await inspect_store(server(settings=SAFE | {"maxmemory-policy": policy}))

    assert policy in report.problems[0]
    assert "noeviction" in report.problems[0]


async def test_a_managed_server_that_hides_its_settings_is_judged_by_what_it_says() -> None:
    assert (await inspect_store(server())).appendonly is True
    evicting = await inspect_store(server({"maxmemory_policy": "allkeys-lru"}))
    assert len(evicting.problems) == 1


async def test_a_server_that_says_nothing_is_unknown() -> None:
    silent = cast("Redis", StubRedis({}, None))

    report = await inspect_store(silent)

    assert (report.version, report.maxmemory_policy, report.appendonly) == ("unknown", None, None)
    assert report.persistence.startswith("Unknown")
    assert len(report.warnings) == 1


@pytest.mark.parametrize(
    ("info", "problem"),
    [
        ({"redis_version": "6.0.16"}, "6.2 or newer"),
        ({"valkey_version": "7.1.0"}, "7.2 or newer"),
        ({"valkey_version": "9.1.2"}, None),
    ],
)
async def test_a_server_that_is_too_old_is_refused(info: dict[str, Any], problem: str | None) -> None:
    problems = (await inspect_store(server(info, SAFE))).problems

    assert bool(problems) is (problem is not None)
    assert problem is None or problem in problems[0]


async def test_durability_that_the_server_cannot_give_is_refused() -> None:
    keeps_nothing = server(settings=SAFE | {"appendonly": "no"})

    assert (await inspect_store(keeps_nothing, Durability.NONE)).problems == ()
    assert "appendonly yes" in (await inspect_store(keeps_nothing, Durability.AOF)).problems[0]
    assert "no replica" in (await inspect_store(server(settings=SAFE), Durability.REPLICA)).problems[0]
    with_replica = server({"connected_slaves": 1}, SAFE)
    assert (await inspect_store(with_replica, Durability.REPLICA)).problems == ()


async def test_a_store_that_is_away_is_an_outage() -> None:
    async with open_store("redis://127.0.0.1:1/0") as away:
        with pytest.raises(Outage):
            await inspect_store(away.redis)
