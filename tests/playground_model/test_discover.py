import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from aiohttp import web

from bot.playground.model.discover import Found, Place, discover
from tests.fakes.openai_server import FakeOpenAI

NOBODY = Place("nobody", 1)


async def test_finds_the_servers_that_answer_in_the_order_of_the_places() -> None:
    async with FakeOpenAI(["one", "two"]) as first, FakeOpenAI(["three"]) as second:
        places = [Place("first", port_of(first.base_url)), NOBODY, Place("second", port_of(second.base_url))]

        found = await discover(places, timeout_seconds=5)

    assert found == [
        Found("first", first.base_url, ("one", "two")),
        Found("second", second.base_url, ("three",)),
    ]


async def test_a_server_without_models_is_of_no_use() -> None:
    async with FakeOpenAI([]) as empty:
        assert await discover([Place("empty", port_of(empty.base_url))], timeout_seconds=5) == []


async def test_a_server_that_wants_a_key_is_not_found() -> None:
    async with FakeOpenAI(api_key="secret") as locked:
        assert await discover([Place("locked", port_of(locked.base_url))], timeout_seconds=5) == []


@pytest.fixture
async def other_server() -> AsyncIterator[tuple[Place, list[Any]]]:
    """A server of another kind: it answers with whatever the test puts into the list, or not at all."""
    bodies: list[Any] = []

    async def answer(_request: web.Request) -> web.Response:
        if not bodies:
            await asyncio.sleep(60)
        return (
            web.json_response(bodies[0]) if not isinstance(bodies[0], str) else web.Response(text=bodies[0])
        )

    app = web.Application()
    app.router.add_get("/v1/models", answer)
    runner = web.AppRunner(app, handler_cancellation=True, shutdown_timeout=0)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield Place("other", runner.addresses[0][1]), bodies
    await runner.cleanup()


@pytest.mark.parametrize(
    "body",
    ["<html>Hello</html>", "", [], {"data": None}, {"data": ["x", {"id": 3}, {"id": ""}, {}]}],
    ids=repr,
)
async def test_a_server_of_another_kind_is_not_found(
    other_server: tuple[Place, list[Any]],
    body: object,
) -> None:
    place, bodies = other_server
    bodies.append(body)

    assert await discover([place], timeout_seconds=5) == []


async def test_all_are_asked_at_once_and_a_silent_one_only_costs_the_timeout(
    other_server: tuple[Place, list[Any]],
) -> None:
    place, _ = other_server

    async with asyncio.timeout(3):
        assert await discover([place] * 20, timeout_seconds=0.5) == []


def port_of(base_url: str) -> int:
    return int(base_url.removesuffix("/v1").rpartition(":")[2])
