"""How the store is and what waits in it (port Health). Reads every `dead` list of a team; writes nothing."""

import time

from bot.adapters.docket_engine import DocketEngine
from bot.adapters.redis_boot import inspect_store
from bot.adapters.redis_client import Store
from bot.adapters.redis_inbox import RedisInbox
from bot.domain.ids import TeamId
from bot.domain.reports import StoreStatus
from bot.services.ports import Backlog


class RedisHealth:
    """Health of the store.

    Args:
        store: The open store.
        inbox: Knows in how many threads questions wait.
        engine: Knows how many workers look.
    """

    def __init__(self, store: Store, inbox: RedisInbox, engine: DocketEngine) -> None:
        self._store = store
        self._inbox = inbox
        self._engine = engine

    async def store(self) -> StoreStatus:
        """Look at the store; raise Outage when it does not answer."""
        began = time.perf_counter()
        report = await inspect_store(self._store.redis, self._store.durability)
        return StoreStatus(
            server=f"{report.kind} {report.version}",
            keeps=report.keeps,
            problems=report.found,
            latency_ms=(time.perf_counter() - began) * 1000,
        )

    async def backlog(self, team: TeamId) -> Backlog:
        """Count what waits: in all, the dead letters those of the team; raise Outage."""
        dead = 0
        async for key in self._store.scan(self._store.keys.every_dead(team)):
            dead += int(await self._store.call("LLEN", key))
        return Backlog(await self._inbox.waiting(), dead, await self._engine.workers())
