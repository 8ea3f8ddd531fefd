"""The connection to Redis or Valkey: how it is opened, how commands and scripts run, what its errors mean.

All that these adapters send goes through `Store` and `Script`. redis-py repeats a write whose reply was lost, so
every write in these adapters is idempotent.
"""

import hashlib
from collections.abc import AsyncGenerator, AsyncIterator, Generator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Any

from redis import exceptions
from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialWithJitterBackoff
from redis.driver_info import DriverInfo

from bot.adapters.redis_keys import Keys
from bot.domain.errors import Code, Outage

_SCRIPTS = Path(__file__).parent / "lua"
_WAIT_AOF_MS = 1500
_WAIT_REPLICA_MS = 500
_SCAN_STEP = 500
_NOT_NOW = ("BUSY", "CLUSTERDOWN", "MASTERDOWN", "MISCONF", "NOREPLICAS", "TRYAGAIN")
"""How errors begin by which a server says that it cannot work now, as far as redis-py keeps the word."""

Argument = str | int | float
Command = Sequence[Argument]


class Durability(StrEnum):
    """What a question or a ballot waits for before it counts as stored."""

    NONE = "none"
    """Nothing beyond the server's own settings; right where `appendfsync` is `always`."""
    AOF = "aof"
    """The server's append-only file is synced to its disk (WAITAOF)."""
    REPLICA = "replica"
    """One replica has it (WAIT)."""


@dataclass(frozen=True, slots=True)
class Store:
    """An open store: the client, the names of keys, and what durable means."""

    redis: Redis
    keys: Keys
    durability: Durability = Durability.NONE

    async def call(self, *command: Argument) -> Any:
        """Send one command and return its reply; raise Outage when the store does not answer."""
        with translated():
            return await self.redis.execute_command(*command)  # type: ignore[no-untyped-call]

    async def calls(self, commands: Sequence[Command], *, atomic: bool = False) -> list[Any]:
        """Send commands in one round trip and return their replies.

        Args:
            commands: The commands.
            atomic: Whether they take effect together (keys of one slot only).

        Raises:
            Outage: The store does not answer.
        """
        with translated():
            async with self.redis.pipeline(transaction=atomic) as pipe:
                for command in commands:
                    pipe.execute_command(*command)
                return await pipe.execute()

    async def scan(self, pattern: str) -> AsyncIterator[str]:
        """Yield each key that matches, once; raise Outage when the store does not answer."""
        known: set[str] = set()
        cursor = 0
        while True:
            cursor, keys = await self.call("SCAN", cursor, "MATCH", pattern, "COUNT", _SCAN_STEP)
            for key in keys:
                if key not in known:
                    known.add(key)
                    yield key
            if not cursor:
                return


@asynccontextmanager
async def open_store(
    url: str,
    *,
    prefix: str = "kostprobe",
    durability: Durability = Durability.NONE,
    max_connections: int = 50,
) -> AsyncGenerator[Store]:
    """Open a pool of connections and close it in the end; nothing is sent before the first call.

    A server that refuses connections is given up within half a second, one that hangs after one or two: both
    are known before Slack's three seconds are over.

    Args:
        url: Address of a Redis or Valkey, as `redis_address` writes it.
        prefix: What all keys begin with.
        durability: What questions and ballots wait for.
        max_connections: Most connections at once; who finds none free waits.
    """
    pool = BlockingConnectionPool.from_url(
        url,
        max_connections=max_connections,
        timeout=2,
        decode_responses=True,
        protocol=2,
        socket_timeout=1.0 if durability is Durability.NONE else 2.0,
        socket_connect_timeout=1.0,
        socket_keepalive=True,
        health_check_interval=25,
        # made once: for each connection, redis-py would look for its own version on disk
        driver_info=DriverInfo().add_upstream_driver("kostprobe", version("kostprobe")),
        retry=Retry(ExponentialWithJitterBackoff(base=0.02, cap=0.2), 3, (exceptions.ConnectionError,)),
    )
    redis = Redis.from_pool(pool)
    try:
        yield Store(redis, Keys(prefix), durability)
    finally:
        await redis.aclose()


@contextmanager
def translated() -> Generator[None]:
    """Turn what means "the store does not answer" into Outage; anything else is a bug and stays as it is."""
    try:
        yield
    except (
        exceptions.ConnectionError,
        exceptions.TimeoutError,
        exceptions.ReadOnlyError,
        exceptions.OutOfMemoryError,
        OSError,
    ) as error:
        raise Outage(Code.STORE_DOWN) from error
    except exceptions.ResponseError as error:
        if str(error).startswith(_NOT_NOW) or getattr(error, "status_code", None) in _NOT_NOW:
            raise Outage(Code.STORE_DOWN) from error
        raise


class Script:
    """A Lua script of ours, run by its digest; a server that does not know it is given it first.

    Args:
        store: The open store.
        name: Its file in `lua/`, without the ending.
    """

    def __init__(self, store: Store, name: str) -> None:
        self._store = store
        self._text = (_SCRIPTS / f"{name}.lua").read_text(encoding="utf-8")
        self._digest = hashlib.sha1(self._text.encode(), usedforsecurity=False).hexdigest()

    async def __call__(
        self,
        keys: Sequence[str],
        arguments: Sequence[Argument] = (),
        *,
        then: Command = (),
        durable: bool = False,
    ) -> Any:
        """Run the script and return its reply.

        Args:
            keys: All keys that it touches, of one slot.
            arguments: What else it reads.
            then: A command to send right behind it, in the same round trip.
            durable: Whether to wait until its writes are as durable as the store was opened for.

        Raises:
            Outage: The store does not answer, or the writes are not known to be durable in time.
        """
        waiting = _WAITING[self._store.durability] if durable else ()
        behind: list[Command] = [command for command in (then, waiting) if command]
        try:
            replies = await self._send([("EVALSHA", self._digest, len(keys), *keys, *arguments), *behind])
        except exceptions.NoScriptError:
            # not loaded first and called then: a server that crashes in between would have forgotten it again
            replies = await self._send([("EVAL", self._text, len(keys), *keys, *arguments), *behind])
        if waiting and not _has_waited(replies[-1]):
            raise Outage(Code.STORE_DOWN)
        return replies[0]

    async def _send(self, commands: Sequence[Command]) -> list[Any]:
        if len(commands) == 1:
            return [await self._store.call(*commands[0])]
        return await self._store.calls(commands)


_WAITING: dict[Durability, tuple[Argument, ...]] = {
    Durability.NONE: (),
    Durability.AOF: ("WAITAOF", 1, 0, _WAIT_AOF_MS),
    Durability.REPLICA: ("WAIT", 1, _WAIT_REPLICA_MS),
}


def _has_waited(reply: Any) -> bool:
    return bool(reply[0] if isinstance(reply, list) else reply)
