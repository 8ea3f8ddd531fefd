"""How this process is, for those who ask it over HTTP."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping

from bot.adapters.docket_engine import DocketEngine
from bot.adapters.prometheus import PrometheusObserver
from bot.adapters.redis_client import Store
from bot.adapters.redis_inbox import RedisInbox
from bot.adapters.status_pages import StatusPages
from bot.bootstrap.dependencies import secret
from bot.domain.errors import Outage
from bot.settings import Settings
from bot.slack.background import Background

LOOK_S = 2.0
"""How long the store may take when it is asked how it is."""
KNOWN_S = 1.0
"""For how long its answer is taken for known: anybody may ask, as often as they like."""
PROBED_S = 60.0
"""Whoever has asked within this time is taken for a load balancer that will ask again."""
REFUSED_S = 60.0
"""For how long a token counts as refused after Slack has refused it; while it does, we hear of it again."""


class Status:
    """Whether this process may be given work; an observer, since it hears so of a token that Slack refuses.

    Args:
        now: Seconds on a clock that never goes back.
    """

    def __init__(self, *, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._asks: dict[str, Callable[[], Awaitable[bool]]] = {}
        self._refused_at = self._asked_at = self._known_until = float("-inf")
        self._known: dict[str, bool] = {}
        self._leaving = False
        self._told = asyncio.Event()

    def ask(self, part: str, question: Callable[[], Awaitable[bool]]) -> None:
        """Have a part asked whether it is well."""
        self._asks[part] = question

    def fact(self, name: str, /, **_fields: object) -> None:
        """Hear of a token refused."""
        if name == "slack_token_refused":
            self._refused_at = self._now()

    def fault(self, _name: str, _error: BaseException, /, **_fields: object) -> str:
        """Faults of ours say nothing about whether work may come."""
        return ""

    async def parts(self) -> Mapping[str, bool]:
        """Return for each part whether it is well."""
        self._asked_at = self._now()
        if self._now() >= self._known_until:
            answers = await asyncio.gather(*(ask() for ask in self._asks.values()))
            self._known = dict(zip(self._asks, answers, strict=True))
            self._known_until = self._now() + KNOWN_S
        if self._leaving:
            self._told.set()
        slack = self._known.get("slack", True) and self._now() - self._refused_at >= REFUSED_S
        return {**self._known, "slack": slack, "staying": not self._leaving}

    def leave(self) -> None:
        """Say from now on that no work is to be sent."""
        self._leaving = True

    async def heard(self, patience_s: float) -> None:
        """Wait until a load balancer has heard so, if there is one."""
        if self._now() - self._asked_at < PROBED_S:
            try:
                async with asyncio.timeout(patience_s):
                    await self._told.wait()
            except TimeoutError:
                return


def make_pages(
    settings: Settings,
    store: Store,
    inbox: RedisInbox,
    engine: DocketEngine,
    background: Background,
    *,
    metrics: PrometheusObserver,
    status: Status,
) -> StatusPages:
    """Wire the status pages to what they tell of."""

    async def store_answers() -> bool:
        try:
            async with asyncio.timeout(LOOK_S):
                await store.call("PING")
        except (Outage, TimeoutError):
            return False
        return True

    async def look() -> None:
        try:
            async with asyncio.timeout(LOOK_S):
                waiting, workers = await asyncio.gather(inbox.waiting(), engine.workers())
        except (Outage, TimeoutError):
            metrics.show({"store_up": 0})  # the others keep what was known last
        else:
            metrics.show({"store_up": 1, "threads_waiting": waiting, "workers": workers})

    status.ask("store", store_answers)
    metrics.pending(lambda: background.pending)
    return StatusPages(metrics, status.parts, look, secret(settings.metrics_token) or None)
