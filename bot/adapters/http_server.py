"""uvicorn as a part of this process: who runs the process owns its signals and its loop.

What uvicorn does otherwise than one would wish, and what is done about it here:

- It catches signals, and raises SIGTERM again before the rest of the process has drained. Here it catches none.
- It waits without end for the head of a request, and httptools keeps a head of any size. Here a connection has
  ten seconds and 32 KiB for a head.
- It closes a quiet connection after five seconds, which makes load balancers that keep theirs for a minute fail
  now and then. Here it is kept for longer than they do.
"""

import asyncio
import contextlib
import logging
import socket
from collections.abc import Generator
from importlib.util import find_spec
from typing import Any

import uvicorn
from starlette.types import ASGIApp

HEAD_S = 10.0
HEAD_BYTES = 32 * 1024
KEEP_ALIVE_S = 75
"""Longer than load balancers keep a quiet connection: usually 60 s."""
CLOSE_S = 5
"""How long what is under way may take to end when the server closes."""
CONNECTIONS = 1000
"""From so many on, a request is answered with 503."""
_BACKLOG = 2048
_TOO_LARGE = b"HTTP/1.1 431 Request Header Fields Too Large\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class HttpServer:
    """Serves an ASGI application on one address.

    Args:
        app: The application.
        host: The interface, by name or address.
        port: The port; 0 takes a free one.
        head_s: Seconds that a connection has for the head of a request.
    """

    def __init__(self, app: ASGIApp, *, host: str, port: int, head_s: float = HEAD_S) -> None:
        self._app = app
        self._host = host
        self._wanted = port
        self._head_s = head_s
        self._server: _Server | None = None
        self._serving: asyncio.Task[None] | None = None
        self.port = port
        """Where it listens; known once it is open."""

    async def open(self) -> None:
        """Listen, and return when requests are answered; raise OSError when the address is not to be had."""
        listening = _listen(self._host, self._wanted)
        self.port = listening.getsockname()[1]
        logging.getLogger("uvicorn.error").setLevel(logging.ERROR)  # below that it tells of every odd request
        config = uvicorn.Config(
            self._app,
            http=_guarded(self._head_s),
            ws="none",
            lifespan="off",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            limit_concurrency=CONNECTIONS,
            timeout_keep_alive=KEEP_ALIVE_S,
            timeout_graceful_shutdown=CLOSE_S,
        )
        self._server = _Server(config)
        self._serving = asyncio.create_task(self._server.serve([listening]), name="http server")
        opened = asyncio.create_task(self._server.opened.wait())
        try:
            await asyncio.wait({self._serving, opened}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            opened.cancel()

    async def serve(self) -> None:
        """Return when it was closed; raise what broke it."""
        if self._serving is not None:
            await asyncio.shield(self._serving)

    async def close(self) -> None:
        """Listen no more, let what is under way end, and close every connection."""
        if self._server is None or self._serving is None:
            return
        self._server.should_exit = True
        self._server.leaving.set()
        await asyncio.wait({self._serving})


class _Server(uvicorn.Server):
    """uvicorn's server without its signals, saying when it is open and told when to leave."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.opened = asyncio.Event()
        self.leaving = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:  # type: ignore[explicit-override]
        await super().startup(sockets)
        self.opened.set()

    async def main_loop(self) -> None:  # type: ignore[explicit-override]
        """Tick once a second for the date header; uvicorn's own looks ten times whether it is to leave."""
        while not await self.on_tick(0):
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self.leaving.wait(), 1)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:  # type: ignore[explicit-override]
        yield


def _listen(host: str, port: int) -> socket.socket:
    if ":" in host:
        both = socket.has_dualstack_ipv6()
        return socket.create_server(
            (host, port), family=socket.AF_INET6, backlog=_BACKLOG, dualstack_ipv6=both
        )
    return socket.create_server((host, port), backlog=_BACKLOG)


class _Head:
    """The head of a request that is awaited on a connection: its time and its size."""

    def __init__(self, transport: asyncio.Transport, seconds: float) -> None:
        self._transport = transport
        self._seconds = seconds
        self._size = 0
        self._timer: asyncio.TimerHandle | None = None
        self.awaited()

    def awaited(self, size: int = 0) -> None:
        """Some of it came, but not all; the clock runs from the first call on."""
        self._size += size
        if self._size > HEAD_BYTES and not self._transport.is_closing():
            self._transport.write(_TOO_LARGE)
            self._transport.close()
        elif self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self._seconds, self._transport.close)

    def here(self) -> None:
        """It came, or will not come any more."""
        self._size = 0
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def _guarded(head_s: float) -> type[asyncio.Protocol]:
    """Return uvicorn's protocol, the quick one where it is installed, with limits on a request's head."""
    base: Any
    if find_spec("httptools"):
        from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol as base  # noqa: N813
    else:
        from uvicorn.protocols.http.h11_impl import H11Protocol as base  # noqa: N813

    class Guarded(base):  # type: ignore[misc]
        """Closes a connection whose request does not come, or whose head does not end."""

        head: _Head

        def connection_made(self, transport: asyncio.Transport) -> None:
            super().connection_made(transport)
            self.head = _Head(transport, head_s)

        def data_received(self, data: bytes) -> None:
            before = self.cycle
            super().data_received(data)
            if self.cycle is not before or (before is not None and not before.response_complete):
                self.head.here()
            else:
                self.head.awaited(len(data))

        def connection_lost(self, exc: Exception | None) -> None:
            self.head.here()
            super().connection_lost(exc)

    return Guarded
