"""The line to a store, which can be cut and mended: as if the store's server were down and up again."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit


@dataclass
class StoreLine:
    """The line; `url` is the store's address over it."""

    store: str
    url: str = ""
    port: int = 0
    _server: asyncio.Server | None = None
    _talks: dict[asyncio.Task[None], asyncio.StreamWriter] = field(default_factory=dict)

    async def mend(self) -> None:
        """Connect whoever comes."""
        self._server = await asyncio.start_server(self._on_connection, "127.0.0.1", self.port)
        self.port = self._server.sockets[0].getsockname()[1]
        self.url = self.store.replace(f":{urlsplit(self.store).port}/", f":{self.port}/")

    async def cut(self) -> None:
        """Refuse connections, and break those there are."""
        if self._server is not None:
            self._server.close()
            self._server = None
        for writer in self._talks.values():
            writer.transport.abort()
        await asyncio.gather(*self._talks, return_exceptions=True)

    async def _on_connection(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._talks[task] = writer
        try:
            with suppress(ConnectionError):
                store_reader, store_writer = await asyncio.open_connection(
                    "127.0.0.1", urlsplit(self.store).port
                )
                back = asyncio.create_task(_carry(store_reader, writer))
                await _carry(reader, store_writer)
                back.cancel()
                await asyncio.gather(back, return_exceptions=True)
        finally:
            writer.close()
            del self._talks[task]


async def _carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        while data := await reader.read(1 << 16):
            writer.write(data)
    writer.close()


@asynccontextmanager
async def open_store_line(store: str) -> AsyncGenerator[StoreLine]:
    """Open a line to the store at this URL."""
    line = StoreLine(store)
    await line.mend()
    try:
        yield line
    finally:
        await line.cut()
