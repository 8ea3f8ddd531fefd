"""A gate between the bot and its store: it stops what a test names, before the store does it or right after.

A request that is stopped stays so until its connection ends, which is what kill -9 does to it.
"""

import asyncio
import hashlib
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from bot.adapters import redis_client

_CHUNK = 1 << 16


def script(name: str) -> bytes:
    """By what one knows a call of one of our Lua scripts on the wire."""
    text = (redis_client._SCRIPTS / f"{name}.lua").read_bytes()
    return hashlib.sha1(text, usedforsecurity=False).hexdigest().encode()


@dataclass(eq=False)
class Stop:
    """Requests to stop.

    Attributes:
        where: A channel's id; only requests that name it are stopped.
        what: What else is in them.
        after: Whether the store gets them, so that only its reply is stopped.
        skip: How many of them pass before the first is stopped.
        reached: Set as soon as one is stopped.
    """

    where: str
    what: bytes
    after: bool = False
    skip: int = 0
    reached: asyncio.Event = field(default_factory=asyncio.Event)

    def stops(self, request: bytes) -> bool:
        if self.what not in request or self.where.encode() not in request:
            return False
        self.skip -= 1
        return self.skip < 0


@dataclass
class Gate:
    """The gate: `url` is the store's address through it."""

    store: str
    stops: list[Stop] = field(default_factory=list)
    url: str = ""

    def open(self) -> None:
        """Stop nothing any more; what was stopped stays so."""
        self.stops.clear()

    async def on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        address = urlsplit(self.store)
        assert address.port is not None
        with suppress(ConnectionError):
            store_reader, store_writer = await asyncio.open_connection("127.0.0.1", address.port)
            stopped: list[Stop] = []
            back = asyncio.create_task(_bring_back(store_reader, writer, stopped))
            try:
                await self._bring(reader, store_writer, stopped)
            finally:
                store_writer.close()
                back.cancel()
                await asyncio.gather(back, return_exceptions=True)
        writer.close()

    async def _bring(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, stopped: list[Stop]
    ) -> None:
        with suppress(ConnectionError):
            while request := await reader.read(_CHUNK):
                if not stopped:
                    stopped += [stop for stop in self.stops if stop.stops(request)]
                if stopped and not stopped[0].after:
                    stopped[0].reached.set()
                else:
                    writer.write(request)


async def _bring_back(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, stopped: list[Stop]
) -> None:
    with suppress(ConnectionError):
        while reply := await reader.read(_CHUNK):
            if stopped:
                stopped[0].reached.set()
            else:
                writer.write(reply)
    writer.close()


@asynccontextmanager
async def open_gate(store: str) -> AsyncGenerator[Gate]:
    """Open a gate to the store at this URL."""
    gate = Gate(store)
    open_ones: dict[asyncio.Task[None], asyncio.StreamWriter] = {}

    async def on_connection(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        open_ones[task] = writer
        try:
            await gate.on_connection(reader, writer)
        finally:
            del open_ones[task]

    server = await asyncio.start_server(on_connection, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    gate.url = store.replace(f":{urlsplit(store).port}/", f":{port}/")
    try:
        yield gate
    finally:
        server.close()
        for writer in open_ones.values():
            writer.transport.abort()
        await asyncio.gather(*open_ones, return_exceptions=True)
