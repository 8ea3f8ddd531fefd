"""The state of the whole, for people who look after it."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.domain.contestant import Endpoint
from bot.domain.ids import TeamId
from bot.domain.reports import EndpointStatus, Status
from bot.services.ports import Breakers, Clock, Health, Models


@dataclass(frozen=True, slots=True)
class Overseeing:
    """Looks at every dependency at once.

    Attributes:
        health: The store and what waits in it.
        breakers: Which contestants are down.
        models: The endpoints.
        clock: The time.
        endpoints: By name.
        persona_faults: Returns what is wrong with persona files now, a sentence each.
        version: Our version.
        started_at: When this process began.
    """

    health: Health
    breakers: Breakers
    models: Models
    clock: Clock
    endpoints: Mapping[str, Endpoint]
    persona_faults: Callable[[], tuple[str, ...]]
    version: str
    started_at: datetime

    async def status(self, team: TeamId, *, for_admin: bool = False) -> Status:
        """Return the state of the whole; an endpoint that does not answer is part of it, not an error.

        Args:
            team: The team.
            for_admin: Whether to say which contestants are down.
        """
        # not a TaskGroup: an Outage of the store must come out as itself
        store, backlog, breakers, endpoints = await asyncio.gather(
            self.health.store(),
            self.health.backlog(team),
            self.breakers.all(team),
            asyncio.gather(*(self._endpoint(endpoint) for endpoint in self.endpoints.values())),
        )
        return Status(
            version=self.version,
            started_at=self.started_at,
            waiting_threads=backlog.waiting_threads,
            dead_letters=backlog.dead_letters,
            workers=backlog.workers,
            store=store,
            endpoints=tuple(endpoints),
            persona_faults=self.persona_faults(),
            down=tuple(breaker for breaker in breakers.values() if breaker.is_open) if for_admin else (),
        )

    async def _endpoint(self, endpoint: Endpoint) -> EndpointStatus:
        began = self.clock.now()
        failure = await self.models.reachable(endpoint.name)
        took = self.clock.now() - began
        return EndpointStatus(endpoint, failure.kind if failure else None, took.total_seconds() * 1000)
