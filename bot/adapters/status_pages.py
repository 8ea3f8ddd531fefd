"""What operators ask a process over HTTP: does it live, may it be given work, what has it counted."""

import hmac
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from bot.adapters.prometheus import CONTENT_TYPE, PrometheusObserver

_UNAVAILABLE = 503


@dataclass(frozen=True, slots=True)
class StatusPages:
    """`/healthz`, `/readyz` and `/metrics`.

    Attributes:
        metrics: What was counted.
        parts: Asks what has to be well for work to be taken in, by name.
        look: Brings the gauges up to date before they are read.
        token: Who asks for the metrics has to bring it; None asks for none.
    """

    metrics: PrometheusObserver
    parts: Callable[[], Awaitable[Mapping[str, bool]]]
    look: Callable[[], Awaitable[None]]
    token: str | None = None

    def routes(self, *, public: bool) -> list[Route]:
        """Return the pages; where everybody can ask, the metrics are there only under a token."""
        pages = [Route("/healthz", self.on_health), Route("/readyz", self.on_ready)]
        if self.token is not None or not public:
            pages.append(Route("/metrics", self.on_metrics))
        return pages

    async def on_health(self, _request: Request) -> Response:
        """The process lives; whatever else is down, starting it again would not help."""
        return PlainTextResponse("ok\n")

    async def on_ready(self, _request: Request) -> Response:
        """Say whether work may be sent here, and which part is not well."""
        parts = await self.parts()
        ready = all(parts.values())
        return JSONResponse(
            {"ready": ready, **parts},
            200 if ready else _UNAVAILABLE,
            {"Cache-Control": "no-store"},
        )

    async def on_metrics(self, request: Request) -> Response:
        """Return the metrics in Prometheus' text format."""
        if self.token is not None:
            brought = request.headers.get("authorization", "")
            if not hmac.compare_digest(brought.encode(), f"Bearer {self.token}".encode()):
                return PlainTextResponse("unauthorized\n", 401, {"WWW-Authenticate": "Bearer"})
        await self.look()
        return Response(self.metrics.text(), headers={"Content-Type": CONTENT_TYPE})
