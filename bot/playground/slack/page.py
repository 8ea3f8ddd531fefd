"""The web page, and the stream of changes that keeps it fresh."""

import asyncio
import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.playground.slack.core import Core

STATIC = Path(__file__).parent / "static"
FILES = frozenset(path.name for path in STATIC.iterdir() if path.suffix in {".css", ".js"})
KEEP_ALIVE_SECONDS = 15.0
BACKLOG = 1000
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' https: http: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-cache",
}


@dataclass(slots=True)
class Page:
    """Static files and server-sent events."""

    core: Core
    streams: set[asyncio.Queue[dict[str, Any] | None]] = field(default_factory=set)

    def add_routes(self, server: web.Application) -> None:
        """Add the page to a server."""
        server.router.add_get("/", self._index)
        server.router.add_get("/static/{name}", self._file)
        server.router.add_get("/changes", self._changes)
        server.router.add_get("/archives/{channel}/{message}", self._archive)

    def watch(self) -> None:
        """Pass changes on from now on."""
        self.core.workspace.listeners.append(self._changed)

    def close(self) -> None:
        """End all streams."""
        for stream in self.streams:
            stream.put_nowait(None)

    def _changed(self, kind: str, facts: dict[str, Any]) -> None:
        if kind == "call":
            return
        for stream in self.streams:
            if stream.qsize() < BACKLOG:
                stream.put_nowait({"kind": kind, **facts})

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html", headers=SECURITY)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["name"] not in FILES:
            raise web.HTTPNotFound
        return web.FileResponse(STATIC / request.match_info["name"], headers=SECURITY)

    async def _archive(self, request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(f"/#{request.match_info['channel']}/{request.match_info['message']}")

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        response = web.StreamResponse(
            headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"}
        )
        await response.prepare(request)
        queue: asyncio.Queue[dict[str, Any] | None] = asyncio.Queue()
        self.streams.add(queue)
        try:
            await response.write(b"retry: 500\n\n")
            while True:
                try:
                    change = await asyncio.wait_for(queue.get(), KEEP_ALIVE_SECONDS)
                except TimeoutError:
                    await response.write(b": still here\n\n")
                    continue
                if change is None:
                    break
                await response.write(f"data: {json.dumps(change)}\n\n".encode())
        except ConnectionError:
            pass
        finally:
            self.streams.discard(queue)
        return response
