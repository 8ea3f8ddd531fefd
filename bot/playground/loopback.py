"""What our servers on the loopback interface have in common."""

from collections.abc import Awaitable, Callable
from urllib.parse import urlsplit

from aiohttp import web

HOST = "127.0.0.1"
_LOCAL_NAMES = {HOST, "localhost", "[::1]"}


@web.middleware
async def only_local(
    request: web.Request, handler: Callable[[web.Request], Awaitable[web.StreamResponse]]
) -> web.StreamResponse:
    """Refuse requests under a foreign host name (DNS rebinding) or from a foreign page."""
    name, _, _ = request.host.rpartition(":")
    if (name or request.host) not in _LOCAL_NAMES:
        return web.Response(status=403, text="this server answers on loopback names only")
    origin = request.headers.get("Origin")
    if origin is not None and urlsplit(origin).netloc != request.host:
        return web.Response(status=403, text="this server answers its own page only")
    if request.headers.get("Sec-Fetch-Site") in {"cross-site", "same-site"} and request.method != "GET":
        return web.Response(status=403, text="this server answers its own page only")
    return await handler(request)
