"""Server-sent events: what changed, told to a page in pieces."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Protocol

from aiohttp import web

from bot.playground.slack.models import Json

KEEP_ALIVE_SECONDS = 15.0


class Source(Protocol):
    """Gathers what is to be told.

    Attributes:
        waiting: Set while there is something.
        ended: Whether there will be nothing more.
    """

    waiting: asyncio.Event
    ended: bool


async def tell(
    request: web.Request, source: Source, first: Json, following: Callable[[], Json], *, every: float
) -> web.StreamResponse:
    """Answer a request with a stream that lasts until either side ends it.

    Args:
        request: Of the page.
        source: Says when there is something.
        first: Told at once.
        following: Returns what was gathered meanwhile; nothing is told of an empty piece.
        every: Seconds between two pieces, at least.
    """
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "Cache-Control": "no-store"})
    await response.prepare(request)
    with suppress(ConnectionError):
        await response.write(b"retry: 500\n\n" + _frame(first))
        while True:
            try:
                await asyncio.wait_for(source.waiting.wait(), KEEP_ALIVE_SECONDS)
            except TimeoutError:
                await response.write(b": still here\n\n")
                continue
            if source.ended:
                break
            if piece := following():
                await response.write(_frame(piece))
            await asyncio.sleep(every)
    return response


def _frame(piece: Json) -> bytes:
    return b"data: " + json.dumps(piece, ensure_ascii=False, separators=(",", ":")).encode() + b"\n\n"
