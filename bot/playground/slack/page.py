"""The web page: its built files, and the stream of patches that keeps it fresh."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from bot.playground.slack.core import Core
from bot.playground.slack.errors import SlackError
from bot.playground.slack.patches import Patches
from bot.playground.slack.reading import Reading
from bot.playground.slack.server_sent import tell

STATIC = Path(__file__).parent / "static"
KINDS = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
GATHER_SECONDS = 0.03
"""Changes of so long go into one patch: a person sees no difference, and a fast stream costs little."""
SECURITY = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
    "img-src 'self' https: http: data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-cache",
}


@dataclass(slots=True)
class Page:
    """Static files, what a viewer reads, and server-sent patches.

    Attributes:
        open: What changed for each page that is open and was not told yet.
    """

    core: Core
    files: frozenset[str] = field(default_factory=lambda: _built(STATIC))
    open: set[Patches] = field(default_factory=set)

    def add_routes(self, server: web.Application) -> None:
        """Add the page to a server."""
        server.router.add_get("/", self._index)
        server.router.add_get("/static/{name}", self._file)
        server.router.add_get("/changes", self._changes)
        server.router.add_get("/history", self._history)
        server.router.add_get("/archives/{channel}/{message}", self._archive)

    def watch(self) -> None:
        """Gather changes from now on."""
        self.core.workspace.listeners.append(self._changed)

    def close(self) -> None:
        """End all streams."""
        for patches in self.open:
            patches.end()

    def _changed(self, kind: str, facts: dict[str, Any]) -> None:
        for patches in self.open:
            patches.note(kind, facts)

    async def _index(self, _request: web.Request) -> web.StreamResponse:
        return web.FileResponse(STATIC / "index.html", headers=SECURITY)

    async def _file(self, request: web.Request) -> web.StreamResponse:
        name = request.match_info["name"]
        if name not in self.files:
            raise web.HTTPNotFound
        headers = {**SECURITY, "Content-Type": KINDS.get(Path(name).suffix, "application/octet-stream")}
        response = web.FileResponse(STATIC / name, headers=headers)
        # "not modified" would be followed by an empty gzip stream, which spoils the next answer on the connection
        if not request.headers.keys() & {"If-None-Match", "If-Modified-Since"}:
            response.enable_compression()
        return response

    async def _archive(self, request: web.Request) -> web.StreamResponse:
        raise web.HTTPFound(f"/#{request.match_info['channel']}/{request.match_info['message']}")

    async def _history(self, request: web.Request) -> web.StreamResponse:
        """Messages that a viewer reads: viewer, channel, and thread_ts, or message, or before and limit."""
        asked = request.query
        try:
            reading = Reading(self.core, asked["viewer"])
            if asked.get("thread_ts"):
                return web.json_response(reading.thread(asked["channel"], asked["thread_ts"]))
            if asked.get("message"):
                return web.json_response(reading.one(asked["channel"], asked["message"]))
            found = reading.page(asked["channel"], asked.get("before"), int(asked.get("limit", "100")))
        except SlackError as error:
            return web.json_response({"error": error.code}, status=404)
        except (KeyError, ValueError) as error:
            return web.json_response({"error": f"bad request: {error}"}, status=400)
        return web.json_response(found)

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        """Patches for one viewer, the whole of the state first; without a viewer one is chosen."""
        patches = Patches(Reading(self.core, request.query.get("viewer", "")))
        self.open.add(patches)
        try:
            return await tell(request, patches, patches.whole(), patches.take, every=GATHER_SECONDS)
        finally:
            self.open.discard(patches)


def _built(folder: Path) -> frozenset[str]:
    return frozenset(path.name for path in folder.iterdir() if path.name != "index.html")
