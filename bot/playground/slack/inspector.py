"""What crosses the wire, told to the page's inspector as it happens."""

import asyncio
import secrets
from dataclasses import dataclass, field

from aiohttp import web

from bot.playground.slack.core import Core
from bot.playground.slack.models import Json
from bot.playground.slack.server_sent import tell
from bot.playground.slack.traffic import Entry

GATHER_SECONDS = 0.1
"""Entries of so long go into one piece: a table that changes more often cannot be read."""


@dataclass(slots=True, eq=False)
class Watch:
    """What an open inspector was not told yet; an entry that opened and closed meanwhile is told once."""

    entries: dict[int, Entry] = field(default_factory=dict)
    waiting: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False

    def note(self, entry: Entry) -> None:
        """Remember an entry that was opened or closed."""
        self.entries[entry.seq] = entry
        self.waiting.set()

    def end(self) -> None:
        """Send the inspector away."""
        self.ended = True
        self.waiting.set()

    def take(self) -> list[Entry]:
        """Return what was gathered, and begin anew."""
        taken = list(self.entries.values())
        self.entries.clear()
        self.waiting.clear()
        return taken


@dataclass(slots=True)
class Inspector:
    """Server-sent summaries of the record. Nothing listens to it while no inspector is open.

    Attributes:
        run: Tells one life of the server from the next, whose numbers begin anew.
        open: The inspectors that listen.
    """

    core: Core
    run: str = field(default_factory=lambda: secrets.token_hex(8))
    open: set[Watch] = field(default_factory=set)

    def add_routes(self, server: web.Application) -> None:
        """Add the stream to a server."""
        server.router.add_get("/inspect/changes", self._changes)

    def close(self) -> None:
        """End all streams."""
        for watch in self.open:
            watch.end()

    async def _changes(self, request: web.Request) -> web.StreamResponse:
        """Summaries after number `since`, then every entry that is opened or closed."""
        try:
            since = int(request.query.get("since") or 0)
        except ValueError:
            return web.json_response({"error": "since must be the number of an entry"}, status=400)
        watch = Watch()
        listeners = self.core.traffic.listeners
        self.open.add(watch)
        listeners.append(watch.note)
        first = self._piece(self.core.traffic.since(since), all=since == 0)
        try:
            return await tell(request, watch, first, lambda: self._piece(watch.take()), every=GATHER_SECONDS)
        finally:
            self.open.discard(watch)
            listeners.remove(watch.note)

    def _piece(self, entries: list[Entry], *, all: bool = False) -> Json:  # noqa: A002 - as the page calls it
        """Return a piece of the stream.

        It holds ``run``, ``oldest`` (entries before it are forgotten), ``entries``, and ``all`` when those are
        everything that is kept.
        """
        kept = self.core.traffic.entries
        return {
            "run": self.run,
            "oldest": kept[0].seq if kept else self.core.traffic.last + 1,
            "all": all,
            "entries": [entry.summary() for entry in entries],
        }
