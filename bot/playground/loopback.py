"""What our servers on the loopback interface have in common."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

HOST = "127.0.0.1"
_LOCAL_NAMES = {HOST, "localhost", "[::1]"}


def from_elsewhere(request: web.Request) -> bool:
    """Return whether a page of another server had a browser send this; such pages know our address and our tokens."""
    return request.headers.get("Sec-Fetch-Site", "none") not in {"none", "same-origin"}


def _is_visit(request: web.Request) -> bool:
    """Whether somebody follows a link to here."""
    return (
        request.method == "GET"
        and request.headers.get("Sec-Fetch-Mode") == "navigate"
        and request.headers.get("Sec-Fetch-Dest") == "document"
    )


@web.middleware
async def only_local(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse requests under a foreign host name (DNS rebinding) or from a foreign page, but for a link to a page."""
    name, _, _ = request.host.rpartition(":")
    if (name or request.host) not in _LOCAL_NAMES:
        return web.Response(status=403, text="this server answers on loopback names only")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return web.Response(status=403, text="this server answers its own page only")
    if from_elsewhere(request) and not _is_visit(request):
        return web.Response(status=403, text="this server answers its own page only")
    return await handler(request)
