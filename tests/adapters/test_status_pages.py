"""What operators ask a process."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import aiohttp
import pytest
from starlette.applications import Starlette

from bot.adapters.http_server import HttpServer
from bot.adapters.prometheus import PrometheusObserver
from bot.adapters.status_pages import StatusPages


@asynccontextmanager
async def site(
    parts: dict[str, bool], *, public: bool = False, token: str | None = None
) -> AsyncGenerator[aiohttp.ClientSession]:
    metrics = PrometheusObserver(version="1")

    async def ask() -> dict[str, bool]:
        return parts

    async def look() -> None:
        metrics.show({"threads_waiting": 5})

    pages = StatusPages(metrics, ask, look, token)
    server = HttpServer(Starlette(routes=pages.routes(public=public)), host="127.0.0.1", port=0)
    await server.open()
    try:
        async with aiohttp.ClientSession(f"http://127.0.0.1:{server.port}") as session:
            yield session
    finally:
        await server.close()


async def test_a_process_lives_whatever_is_down() -> None:
    async with site({"store": False}) as session, session.get("/healthz") as response:
        assert (response.status, await response.text()) == (200, "ok\n")


@pytest.mark.parametrize(("store", "status"), [(True, 200), (False, 503)])
async def test_it_is_ready_when_every_part_is_and_says_which_is_not(store: bool, status: int) -> None:
    async with site({"store": store, "slack": True}) as session, session.get("/readyz") as response:
        assert response.status == status
        assert await response.json() == {"ready": store, "store": store, "slack": True}
        assert response.headers["Cache-Control"] == "no-store"


async def test_a_probe_may_ask_for_the_head_only() -> None:
    async with site({"store": False}) as session, session.head("/readyz") as response:
        assert (response.status, await response.text()) == (503, "")


async def test_metrics_are_brought_up_to_date_first() -> None:
    async with site({}) as session, session.get("/metrics") as response:
        assert response.status == 200
        assert response.headers["Content-Type"].startswith("text/plain; version=0.0.4")
        assert "kostprobe_threads_waiting 5.0" in await response.text()


async def test_where_everybody_can_ask_there_are_no_metrics_without_a_token() -> None:
    async with site({}, public=True) as session, session.get("/metrics") as response:
        assert response.status == 404


@pytest.mark.parametrize("public", [True, False])
async def test_with_a_token_they_are_for_who_brings_it(public: bool) -> None:
    async with site({}, public=public, token="let-me-in") as session:
        for wrong in (
            {},
            {"Authorization": "Bearer no"},
            {"Authorization": "let-me-in"},
            {"Authorization": "Bearer lét"},
        ):
            async with session.get("/metrics", headers=wrong) as response:
                assert (response.status, response.headers["WWW-Authenticate"]) == (401, "Bearer")
                assert "kostprobe" not in await response.text()
        async with session.get("/metrics", headers={"Authorization": "Bearer let-me-in"}) as response:
            assert response.status == 200
