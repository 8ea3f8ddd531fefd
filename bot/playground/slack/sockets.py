"""Socket Mode: the connections of each app and the frames that cross them."""

import asyncio
import contextlib
import json
import secrets
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

from aiohttp import WSMsgType, web

from bot.playground.slack.apps import App
from bot.playground.slack.delivery import Ack, Couriers, Delivery
from bot.playground.slack.models import Json
from bot.playground.slack.wire import read_json

CONNECTIONS_PER_APP = 10
"""docs.slack.dev/apis/events-api/using-socket-mode: up to 10 open WebSockets per app."""


@dataclass(slots=True, eq=False)
class Connection:
    """One WebSocket of an app; frames leave in the order they were put."""

    app: App
    socket: web.WebSocketResponse
    outbox: asyncio.Queue[str | None] = field(default_factory=asyncio.Queue)
    retiring: bool = False

    async def write(self) -> None:
        """Send frames until None is put or the socket is gone."""
        while (frame := await self.outbox.get()) is not None:
            try:
                await self.socket.send_str(frame)
            except ConnectionError:
                return


@dataclass(slots=True)
class Sockets:
    """The open connections of all apps, used in turn.

    Attributes:
        changed: Called when a connection opened or closed.
    """

    connections: dict[str, list[Connection]] = field(default_factory=dict)
    tickets: dict[str, str] = field(default_factory=dict)
    name: str = "socket"
    too_late: str = "timeout"
    changed: Callable[[], None] = lambda: None

    def open_for(self, app: App) -> bool:
        """Return whether the app has a connection."""
        return any(not connection.retiring for connection in self.connections.get(app.id, ()))

    def hand_over(self, delivery: Delivery) -> None:
        """Put the envelope on the connection whose turn it is."""
        pool = self.connections[delivery.app.id]
        connection = next(c for c in pool if not c.retiring)
        pool.remove(connection)
        pool.append(connection)
        connection.outbox.put_nowait(delivery.frame())

    def ticket(self, app: App) -> str:
        """Return a new single-use ticket for a connection of this app."""
        ticket = secrets.token_hex(16)
        self.tickets[ticket] = app.id
        return ticket

    async def serve(self, request: web.Request, app: App, couriers: Couriers) -> web.StreamResponse:
        """Run one connection until either side ends it."""
        socket = web.WebSocketResponse(autoping=True)
        await socket.prepare(request)
        connection = Connection(app, socket)
        pool = self.connections.setdefault(app.id, [])
        if len(pool) >= CONNECTIONS_PER_APP:
            await socket.send_json({"type": "disconnect", "reason": "too_many_websockets"})
            await socket.close()
            return socket
        writer = asyncio.create_task(connection.write())
        connection.outbox.put_nowait(json.dumps(self._hello(app, len(pool) + 1)))
        pool.append(connection)
        self.changed()
        couriers.connected(app)
        try:
            await self._read(socket, couriers)
        finally:
            pool.remove(connection)
            self.changed()
            connection.outbox.put_nowait(None)
            writer.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await writer
        return socket

    async def disconnect(self, app_id: str | None, reason: str, *, abrupt: bool = False) -> int:
        """Ask clients to go (they reconnect), or cut them off; returns how many connections.

        Args:
            app_id: None means the connections of every app.
            reason: ``warning``, ``refresh_requested`` or ``link_disabled``. A warning leaves the connection
                in use for the ten seconds until Slack would close it.
            abrupt: Close the sockets without a word instead.
        """
        chosen = [c for key, pool in self.connections.items() if app_id in {None, key} for c in pool]
        for connection in chosen:
            if abrupt:
                connection.retiring = True
                await connection.socket.close()
                continue
            connection.retiring = reason != "warning"
            told = {"type": "disconnect", "reason": reason, "debug_info": {"host": "local"}}
            connection.outbox.put_nowait(json.dumps(told))
        return len(chosen)

    async def close(self) -> None:
        """Close every connection."""
        for pool in list(self.connections.values()):
            for connection in list(pool):
                await connection.socket.close()

    @staticmethod
    def _hello(app: App, number: int) -> Json:
        return {
            "type": "hello",
            "num_connections": number,
            "debug_info": {
                "host": f"applink-local-{uuid.uuid4().hex[:8]}",
                "build_number": 1,
                "approximate_connection_time": 18060,
            },
            "connection_info": {"app_id": app.id},
        }

    @staticmethod
    async def _read(socket: web.WebSocketResponse, couriers: Couriers) -> None:
        async for message in socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                frame = read_json(message.data)
            except ValueError:
                continue
            if isinstance(frame, dict) and isinstance(frame.get("envelope_id"), str):
                couriers.acknowledge(frame["envelope_id"], Ack(ok=True, payload=frame.get("payload")))
