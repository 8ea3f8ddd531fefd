"""The doors: two ways for Slack to come in, of which one is open, and a small inner one for operators."""

from typing import Protocol

from slack_bolt.async_app import AsyncApp
from starlette.applications import Starlette

from bot.adapters.http_server import HttpServer
from bot.adapters.status_pages import StatusPages
from bot.bootstrap.dependencies import secret
from bot.bootstrap.faults import CannotStart
from bot.bootstrap.status import Status
from bot.domain.errors import Outage
from bot.services.ports import Clock, Observer
from bot.settings import Settings
from bot.slack.calling import SlackApi, SlackRefused, WrongToken
from bot.slack.http_door import SlackRequests
from bot.slack.socket_door import SocketDoor

LINGER_S = 3.0
"""How long the door stays open for a load balancer to hear that no more is to be sent."""
_APP_REFUSED = (
    "SLACK_APP_TOKEN was refused by Slack ({error}). It is an app-level token (xapp-...) with the scope "
    "connections:write, on your app's Basic Information page."
)


class Door(Protocol):
    """A way in for what Slack brings."""

    async def connect(self) -> None:
        """Open it and return when it stands open."""
        ...

    async def connected(self) -> bool:
        """Whether it stands open now."""
        ...

    async def serve(self) -> None:
        """Return when it was shut; raise what broke it."""
        ...

    async def close(self) -> None:
        """Shut it: what was taken is acknowledged, and nothing more is taken."""
        ...


class HttpDoor:
    """HTTP, as long as its server listens.

    Args:
        server: Listens.
        status: Says first that the door will be shut.
        observer: Hears where it listens.
    """

    def __init__(self, server: HttpServer, status: Status, observer: Observer) -> None:
        self._server = server
        self._status = status
        self._observer = observer
        self._open = False
        self.serve = server.serve

    @property
    def port(self) -> int:
        """Where it listens; known once it is open."""
        return self._server.port

    async def connect(self) -> None:
        """Listen; raise CannotStart when the address is not to be had."""
        await _listen(self._server, "KOSTPROBE_HOST and KOSTPROBE_PORT (or PORT)")
        self._open = True
        self._observer.fact("listening", port=self.port)

    async def connected(self) -> bool:
        """Whether it listens now."""
        return self._open

    async def close(self) -> None:
        """Say so, then listen no more, and answer what is under way."""
        if not self._open:
            return
        self._status.leave()
        await self._status.heard(LINGER_S)
        self._open = False
        await self._server.close()


class StatusDoor:
    """The inner door, in every kind of process; shut unless its port is set."""

    def __init__(self, server: HttpServer | None) -> None:
        self._server = server

    async def open(self) -> None:
        """Listen; raise CannotStart when the address is not to be had."""
        if self._server is not None:
            await _listen(self._server, "KOSTPROBE_STATUS_HOST and KOSTPROBE_STATUS_PORT")

    async def close(self) -> None:
        """Listen no more."""
        if self._server is not None:
            await self._server.close()


def make_door(
    settings: Settings,
    app: AsyncApp,
    api: SlackApi,
    clock: Clock,
    observer: Observer,
    *,
    pages: StatusPages,
    status: Status,
) -> Door:
    """Make the door that the settings choose."""
    if settings.chosen_door() == "socket":
        return SocketDoor(app, api, secret(settings.slack_app_token), observer)
    requests = SlackRequests(app, secret(settings.slack_signing_secret), clock, observer)
    site = Starlette(routes=[*requests.routes(), *pages.routes(public=True)])
    return HttpDoor(HttpServer(site, host=settings.host, port=settings.port), status, observer)


def make_status_door(settings: Settings, pages: StatusPages) -> StatusDoor:
    """Make the inner door."""
    if settings.status_port is None:
        return StatusDoor(None)
    site = Starlette(routes=pages.routes(public=False))
    return StatusDoor(HttpServer(site, host=settings.status_host, port=settings.status_port))


async def open_door(door: Door, status: Status) -> None:
    """Open a door; raise CannotStart with what is to be said when it does not open."""
    status.ask("slack", door.connected)
    try:
        await door.connect()
    except (WrongToken, SlackRefused) as fault:
        raise CannotStart(_APP_REFUSED.format(error=fault.error)) from fault
    except Outage as outage:
        raise CannotStart("Slack does not open a socket. Is Socket Mode switched on for the app?") from outage


async def _listen(server: HttpServer, names: str) -> None:
    try:
        await server.open()
    except (OSError, OverflowError) as error:
        why = getattr(error, "strerror", None) or "the address is not there"
        raise CannotStart(
            f"Nothing can listen on port {server.port} as {names} say: {why}. Choose another."
        ) from error
