"""The HTTP server as a part of a process: opened, kept from harm, closed without cutting anybody off."""

import asyncio
import logging
import signal
from collections.abc import AsyncGenerator, Awaitable, Callable
from importlib.machinery import ModuleSpec
from importlib.util import find_spec

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.adapters import http_server
from bot.adapters.http_server import HEAD_BYTES, HttpServer

GET = b"GET / HTTP/1.1\r\nHost: x\r\n"
Open = Callable[..., Awaitable[HttpServer]]


@pytest.fixture(params=["httptools", "h11"])
def parser(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With and without the quick parser."""

    def found(name: str) -> ModuleSpec | None:
        return None if request.param == "h11" else find_spec(name)

    monkeypatch.setattr(http_server, "find_spec", found)
    return str(request.param)


@pytest.fixture
async def started(parser: str) -> AsyncGenerator[tuple[Open, asyncio.Event, asyncio.Event]]:
    """Opens servers; `/slow` says when it has begun and answers when it may."""
    del parser
    begun, may = asyncio.Event(), asyncio.Event()
    servers: list[HttpServer] = []

    async def quick(request: Request) -> Response:
        return PlainTextResponse(f"{len(await request.body())} bytes")

    async def slow(_request: Request) -> Response:
        begun.set()
        await may.wait()
        return PlainTextResponse("at last")

    async def opener(*, head_s: float = 10.0, port: int = 0, host: str = "127.0.0.1") -> HttpServer:
        routes = [Route("/", quick, methods=["GET", "POST"]), Route("/slow", slow)]
        servers.append(HttpServer(Starlette(routes=routes), host=host, port=port, head_s=head_s))
        await servers[-1].open()
        return servers[-1]

    yield opener, begun, may
    for server in servers:
        await server.close()


Started = tuple[Open, asyncio.Event, asyncio.Event]


async def talk(server: HttpServer, *chunks: bytes) -> bytes:
    """Send bytes and return all that comes back until the server hangs up."""
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        for chunk in chunks:
            writer.write(chunk)
            await writer.drain()
        async with asyncio.timeout(10):
            return await reader.read()
    except ConnectionError:
        return b""
    finally:
        writer.close()


async def taken(server: HttpServer) -> bool:
    """Whether a new connection is taken."""
    try:
        (await asyncio.open_connection("127.0.0.1", server.port))[1].close()
    except ConnectionError:
        return False
    return True


async def test_it_answers_and_does_not_say_what_it_is(started: Started) -> None:
    answer = await talk(await started[0](), GET + b"Connection: close\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 200 OK")
    assert b"date: " in answer.lower()
    assert b"server:" not in answer.lower()


async def test_a_port_that_is_taken_is_an_oserror(started: Started) -> None:
    first = await started[0]()

    with pytest.raises(OSError, match="in use"):
        await started[0](port=first.port)


async def test_it_listens_on_a_free_port_and_again_on_the_same_one(started: Started) -> None:
    first = await started[0]()
    port = first.port
    await first.close()

    assert port > 0
    assert (await started[0](port=port)).port == port


async def test_signals_stay_with_who_runs_the_process(started: Started) -> None:
    before = [signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)]
    await started[0]()

    assert [signal.getsignal(name) for name in (signal.SIGINT, signal.SIGTERM)] == before


async def test_what_is_under_way_at_closing_is_answered_and_nothing_more_taken(started: Started) -> None:
    opener, begun, may = started
    server = await opener()
    asking = asyncio.create_task(talk(server, b"GET /slow HTTP/1.1\r\nHost: x\r\n\r\n"))
    await begun.wait()
    closing = asyncio.create_task(server.close())
    while await taken(server):  # noqa: ASYNC110 (nothing tells us)
        await asyncio.sleep(0.01)
    assert not asking.done()

    may.set()
    assert (await asking).endswith(b"at last")
    await closing


async def test_quiet_connections_do_not_hold_up_the_closing(started: Started) -> None:
    server = await started[0]()
    idle = asyncio.create_task(talk(server, GET + b"\r\n"))
    silent = asyncio.create_task(talk(server))
    half = asyncio.create_task(talk(server, GET))
    await asyncio.sleep(0.05)

    await server.close()
    assert b"200 OK" in await idle
    assert await silent == await half == b""


async def test_who_serves_hears_of_the_end(started: Started) -> None:
    server = await started[0]()
    serving = asyncio.create_task(server.serve())
    await asyncio.sleep(0)
    assert not serving.done()

    await server.close()
    await serving
    await server.close()


async def test_one_that_was_never_opened_can_be_closed() -> None:
    server = HttpServer(Starlette(), host="127.0.0.1", port=0)

    await server.serve()
    await server.close()


async def test_connections_that_say_nothing_or_not_all_are_given_up(started: Started) -> None:
    server = await started[0](head_s=0.05)

    assert await talk(server) == b""
    assert await talk(server, GET) == b""
    assert await talk(server, *[b"G"]) == b""


async def test_on_a_connection_that_is_kept_the_next_head_has_its_time_too(started: Started) -> None:
    server = await started[0](head_s=0.2)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        for _ in range(3):
            writer.write(GET + b"\r\n")
            assert b"0 bytes" in await reader.readuntil(b"bytes")
            await asyncio.sleep(0.15)  # in all longer than one head may take: being idle is no fault
        writer.write(GET)
        async with asyncio.timeout(10):
            assert await reader.read() == b""
    finally:
        writer.close()


async def test_a_slow_body_is_the_applications_business(started: Started) -> None:
    server = await started[0](head_s=0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", server.port)
    try:
        writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\n")
        for byte in b"body":
            await asyncio.sleep(0.05)
            writer.write(bytes([byte]))
        assert (await reader.read()).endswith(b"4 bytes")
    finally:
        writer.close()


async def test_a_large_body_is_no_large_head(started: Started) -> None:
    body = b"x" * (4 * HEAD_BYTES)
    head = f"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {len(body)}\r\n\r\n".encode()
    chunks = [body[at : at + 1000] for at in range(0, len(body), 1000)]

    assert (await talk(await started[0](), head, *chunks)).endswith(f"{len(body)} bytes".encode())


@pytest.mark.parametrize("pieces", [[b"X-Much: " + b"x" * 1000] * 80, [b"X-Many: 1\r\n" * 100] * 80])
async def test_a_head_without_end_is_refused(started: Started, pieces: list[bytes]) -> None:
    server = await started[0]()

    answer = await talk(server, GET, *pieces)
    assert answer == b"" or answer.startswith((b"HTTP/1.1 431 ", b"HTTP/1.1 400 "))
    assert b"200 OK" in await talk(server, GET + b"Connection: close\r\n\r\n")


async def test_odd_requests_are_answered_without_a_word_in_the_log(
    started: Started, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.WARNING):
        answer = await talk(await started[0](), b"\x16\x03\x01\x02\r\n\r\n")

    assert answer.startswith(b"HTTP/1.1 400 ")
    assert caplog.records == []
