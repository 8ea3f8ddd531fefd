"""The look at a store before it is used: what it is, what it keeps, and what would lose data."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from redis.asyncio import Redis
from redis.exceptions import ResponseError

from bot.adapters.redis_client import Durability, translated
from bot.domain.reports import Keeps, StoreProblem

_OLDEST = {"Redis": (6, 2), "Valkey": (7, 2)}
_PERSISTENCE: Mapping[Keeps, str] = {
    Keeps.EVERY_WRITE: "Every write is on disk before it is answered.",
    Keeps.ALL_BUT_A_SECOND: "Every write is on disk within a second; a power cut loses at most that second.",
    Keeps.A_FILE: "Writes go to an append-only file; when it reaches the disk is for the server to say.",
    Keeps.SNAPSHOTS: "Snapshots only: a crash loses what came after the last one.",
    Keeps.NOTHING: "Nothing is kept: a restart of the server loses everything.",
    Keeps.UNSAID: "Unknown: the server does not say what it keeps.",
}
_WARNINGS: Mapping[Keeps, str] = {
    Keeps.SNAPSHOTS: (
        "The store keeps snapshots only: a crash loses questions and votes since the last one. "
        "Set `appendonly yes`."
    ),
    Keeps.NOTHING: (
        "The store keeps nothing: when it restarts, every question, vote and setting is gone. "
        "Set `appendonly yes`."
    ),
    Keeps.UNSAID: "The store does not say whether it keeps anything over a restart; ask its operator.",
}


@dataclass(frozen=True, slots=True)
class StoreReport:
    """What a store is and keeps.

    Attributes:
        kind: `Valkey` or `Redis`.
        version: Its version.
        maxmemory_policy: What it does when its memory is full; None when it does not say.
        appendonly: Whether it writes an append-only file; None when it does not say.
        appendfsync: When it syncs that file: `always`, `everysec` or `no`; None when it does not say or
            there is none.
        keeps: What outlives a crash.
        persistence: The same in one sentence.
        found: Reasons not to start.
        problems: The same as sentences.
        warnings: What an operator should know, as sentences.
    """

    kind: str
    version: str
    maxmemory_policy: str | None
    appendonly: bool | None
    appendfsync: str | None
    keeps: Keeps
    persistence: str
    found: tuple[StoreProblem, ...]
    problems: tuple[str, ...]
    warnings: tuple[str, ...]


async def inspect_store(redis: Redis, durability: Durability = Durability.NONE) -> StoreReport:
    """Ask a store what it is and how it is set; raise Outage when it does not answer.

    A managed server may not let its settings be read; then what INFO says must do.
    """
    with translated():
        info: dict[str, Any] = await redis.info()
        settings = await _settings(redis)
    kind, version = _identify(info)
    policy = settings.get("maxmemory-policy") or info.get("maxmemory_policy")
    appendonly = _flag(settings.get("appendonly"), info.get("aof_enabled"))
    appendfsync = settings.get("appendfsync") if appendonly else None
    snapshots = bool(settings["save"]) if "save" in settings else None
    replicas = int(info.get("connected_slaves", 0))
    keeps = _keeps(appendonly=appendonly, appendfsync=appendfsync, snapshots=snapshots)
    problems: dict[StoreProblem, str | None] = {
        StoreProblem.TOO_OLD: _too_old(kind, version),
        StoreProblem.EVICTS: _evicts(policy),
        StoreProblem.NO_FILE: _no_file(durability, appendonly=appendonly),
        StoreProblem.NO_REPLICA: _no_replica(durability, replicas),
    }
    return StoreReport(
        kind=kind,
        version=version,
        maxmemory_policy=policy,
        appendonly=appendonly,
        appendfsync=appendfsync,
        keeps=keeps,
        persistence=_PERSISTENCE[keeps],
        found=tuple(problem for problem, sentence in problems.items() if sentence),
        problems=tuple(sentence for sentence in problems.values() if sentence),
        warnings=(_WARNINGS[keeps],) if keeps in _WARNINGS else (),
    )


async def _settings(redis: Redis) -> Mapping[str, str]:
    names = ("maxmemory-policy", "appendonly", "appendfsync", "save")
    try:
        found = await redis.config_get(*names)
    except ResponseError:
        return {}
    return {str(name): str(value) for name, value in found.items()}


def _identify(info: Mapping[str, Any]) -> tuple[str, str]:
    if "valkey_version" in info:
        return "Valkey", str(info["valkey_version"])
    return "Redis", str(info.get("redis_version", "unknown"))


def _flag(setting: str | None, reported: Any) -> bool | None:
    if setting is not None:
        return setting == "yes"
    return None if reported is None else bool(int(reported))


def _keeps(*, appendonly: bool | None, appendfsync: str | None, snapshots: bool | None) -> Keeps:
    if appendonly:
        by_sync = {"always": Keeps.EVERY_WRITE, "everysec": Keeps.ALL_BUT_A_SECOND}
        return by_sync.get(appendfsync or "", Keeps.A_FILE)
    if appendonly is None:
        return Keeps.UNSAID
    return Keeps.SNAPSHOTS if snapshots else Keeps.NOTHING


def _evicts(policy: str | None) -> str | None:
    if policy in {None, "noeviction"}:
        return None
    return (
        f"The store throws keys away when its memory is full (maxmemory-policy {policy}), "
        "and votes with them. Set `maxmemory-policy noeviction`."
    )


def _too_old(kind: str, version: str) -> str | None:
    try:
        parts = tuple(int(part) for part in version.split(".")[:2])
    except ValueError:
        return None
    oldest = _OLDEST[kind]
    if parts >= oldest:
        return None
    return f"The store is {kind} {version}; {kind} {oldest[0]}.{oldest[1]} or newer is needed."


def _no_file(durability: Durability, *, appendonly: bool | None) -> str | None:
    if durability is Durability.AOF and appendonly is False:
        return "Durability `aof` is asked for, but the store has no append-only file. Set `appendonly yes`."
    return None


def _no_replica(durability: Durability, replicas: int) -> str | None:
    if durability is Durability.REPLICA and not replicas:
        return "Durability `replica` is asked for, but the store has no replica."
    return None
