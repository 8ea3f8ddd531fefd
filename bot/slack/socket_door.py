"""The Socket Mode door: the connection over which Slack brings everything."""

import asyncio
import time
from contextlib import suppress
from datetime import timedelta

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.socket_mode.aiohttp import SocketModeClient
from slack_sdk.socket_mode.async_client import AsyncBaseSocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.domain.errors import Outage
from bot.services.ports import Observer
from bot.slack.calling import SlackApi, WrongToken, levelled

LOOK_EVERY = timedelta(seconds=5)
_STUCK_AFTER = 3


class SocketDoor:
    """Socket Mode, opened and closed in order.

    Args:
        app: The Bolt app.
        api: Slack.
        app_token: The app-level token.
        observer: Hears of connections lost and made.
        look_every: How often the connection is looked at.
    """

    def __init__(
        self,
        app: AsyncApp,
        api: SlackApi,
        app_token: str,
        observer: Observer,
        *,
        look_every: timedelta = LOOK_EVERY,
    ) -> None:
        self._app = app
        self._api = api
        self._token = app_token
        self._observer = observer
        self._look_every = look_every
        self._handler: AsyncSocketModeHandler | None = None
        self._watching: asyncio.Task[None] | None = None
        self._busy = 0
        self._idle = asyncio.Event()
        self._closing = False
        self._shut = asyncio.Event()

    async def connect(self) -> None:
        """Open the connection and return when it stands; from then on it is kept.

        Raises:
            WrongToken: Slack refuses the app token.
            Outage: Slack does not answer.
        """
        handler = AsyncSocketModeHandler(self._app, self._token, web_client=self._api.client)
        client = handler.client
        client.logger = levelled("slack_sdk.socket_mode")
        client.socket_mode_request_listeners[:] = [self._take]
        self._handler = handler
        try:
            client.wss_uri = await self._address()
        except BaseException:
            await self.close()
            raise
        self._watching = asyncio.create_task(self._watch(client), name="socket-watch")
        await client.connect()  # type: ignore[no-untyped-call]
        self._observer.fact("slack_connected")

    async def serve(self) -> None:
        """Return when the door was shut."""
        await self._shut.wait()

    async def connected(self) -> bool:
        """Whether the connection stands now."""
        return self._handler is not None and await self._handler.client.is_connected()

    async def close(self, patience: timedelta = timedelta(seconds=3)) -> None:
        """Take nothing more, let what was taken be acknowledged, and close the connection."""
        self._shut.set()
        if self._handler is None:
            return
        self._closing = True
        if self._busy:
            with suppress(TimeoutError):
                await asyncio.wait_for(self._idle.wait(), patience.total_seconds())
        client, self._handler = self._handler.client, None
        if self._watching:
            self._watching.cancel()
        await client.close()  # type: ignore[no-untyped-call]
        tasks = (
            self._watching,
            client.message_processor,
            client.current_session_monitor,
            client.message_receiver,
        )
        await asyncio.gather(*(task for task in tasks if task), return_exceptions=True)

    async def _address(self) -> str:
        connections_open = self._api.client.apps_connections_open
        try:
            answer = await self._api.call(connections_open, again=True, app_token=self._token)
        except Outage as outage:
            if reason := outage.fields.get("reason"):
                raise WrongToken("SLACK_APP_TOKEN", str(reason)) from outage
            raise
        return str(answer["url"])

    async def _take(self, client: AsyncBaseSocketModeClient, request: SocketModeRequest) -> None:
        """Deal with an envelope; the SDK acknowledges it only when our answer to it is a 200."""
        if self._closing or self._handler is None or not isinstance(client, SocketModeClient):
            return  # not acknowledged: Slack brings it to another connection
        self._busy += 1
        self._idle.clear()
        if request.retry_attempt:
            reason = request.retry_reason or "unknown_error"
            self._observer.fact("redelivered", attempt=request.retry_attempt, reason=reason)
        began = time.perf_counter()
        try:
            await self._handler.handle(client, request)
            ms = (time.perf_counter() - began) * 1000
            self._observer.fact("acknowledged", kind=request.type, ms=round(ms, 2))
        finally:
            self._busy -= 1
            if not self._busy:
                self._idle.set()

    async def _watch(self, client: SocketModeClient) -> None:
        """Help the SDK out: after a failed try it repeats the same address, which is good for one try only."""
        lost = 0
        while True:
            await asyncio.sleep(self._look_every.total_seconds())
            if await client.is_connected():
                if lost:
                    self._observer.fact("slack_connected_again")
                lost = 0
                continue
            lost += 1
            if lost == 1:
                self._observer.fact("slack_connection_lost")
            if lost % _STUCK_AFTER == 0:
                client.wss_uri = None
