"""The local Slack as a server on the loopback interface."""

import time
from collections.abc import Iterable
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import Self

from aiohttp import web

from bot.playground.loopback import HOST, only_local
from bot.playground.slack.apps import App
from bot.playground.slack.control import LocalSlackClient
from bot.playground.slack.control_api import ControlApi
from bot.playground.slack.core import Core
from bot.playground.slack.http_door import HttpDoor
from bot.playground.slack.ids import Clock
from bot.playground.slack.inspector import Inspector
from bot.playground.slack.page import Page
from bot.playground.slack.persistence import dump, load
from bot.playground.slack.seed import default_workspace
from bot.playground.slack.state_file import StateFile, locked
from bot.playground.slack.timings import Timings
from bot.playground.slack.uploads import Uploads
from bot.playground.slack.waiting import Waiting
from bot.playground.slack.webapi import WebApi
from bot.playground.slack.workspace import Workspace

BODY_BYTES = 16 * 1024 * 1024
"""Enough for the largest file of a form, in base64."""


class LocalSlack:
    """An honest emulator of Slack for the apps it is given.

    Use it as an async context manager::

        async with LocalSlack(apps=[App(commands=(Command("/kostprobe"),))]) as slack:
            client = AsyncWebClient(token=slack.app.bot_token, base_url=slack.api_url)
            await slack.control.say("ada", "general", "@kostprobe hello")

    Attributes:
        core: The state and machinery, for tests that look inside.
        url: Where the page is; known once it runs.
        control: Acts as people.
        seeding: Does so, too, where what they do belongs to what the workspace begins with.
    """

    def __init__(
        self,
        workspace: Workspace | None = None,
        *,
        apps: Iterable[App] = (App(),),
        port: int = 0,
        state_path: Path | None = None,
        clock: Clock = time.time,
        timings: Timings | None = None,
    ) -> None:
        """Prepare; nothing listens yet.

        Args:
            workspace: None means the small default team.
            apps: Installed from the start.
            port: 0 takes a free one.
            state_path: Where the state is kept; None keeps it in memory. An existing file wins over `workspace`.
            clock: Seconds since the epoch; lifetimes are measured on it.
            timings: None means Slack's own.
        """
        self._port = port
        self._http = HttpDoor(clock)
        self._apps = tuple(apps)
        timings = timings or Timings()
        workspace = workspace or default_workspace(clock)
        self._held = ExitStack()
        self._state = StateFile(workspace, state_path, timings.save) if state_path else None
        self.core = Core.create(workspace, (), clock=clock, timings=timings, http=self._http)
        self._http.couriers, self._http.apps = self.core.couriers, self.core.apps
        self._waiting = Waiting(self.core)
        self._page = Page(self.core)
        self._inspector = Inspector(self.core)
        self._runner: web.AppRunner | None = None
        self._seed = dump(workspace)
        self.control = LocalSlackClient("")
        self.seeding = LocalSlackClient("", seeding=True)
        self.url = ""

    @property
    def api_url(self) -> str:
        """Base URL for Slack clients, such as ``AsyncWebClient(base_url=...)``."""
        return f"{self.url}/api/"

    @property
    def app(self) -> App:
        """The first app."""
        return next(iter(self.core.apps.values()))

    def environment(self, app: App | None = None) -> dict[str, str]:
        """Return the environment variables that point an app here."""
        app = app or self.app
        told = {
            "SLACK_API_URL": self.api_url,
            "SLACK_BOT_TOKEN": app.bot_token,
            "SLACK_APP_TOKEN": app.app_token,
            "SLACK_SIGNING_SECRET": app.signing_secret,
        }
        if app.request_url is not None:
            # with it an app would open a socket, which one that is called over HTTP may not
            del told["SLACK_APP_TOKEN"]
        return told

    def install(self, app: App) -> None:
        """Install one more app."""
        self.core.install(app)

    async def set_request_url(self, url: str) -> None:
        """Set the address of the first app, for everything, as one does on its settings pages.

        Raises:
            ControlError: It does not give Slack's challenge back.
        """
        await self._http.verify(self.app, url)
        app = self.core.apps[self.app.id] = self.app.at(url)
        self.core.couriers.connected(app)

    async def start(self) -> None:
        """Listen.

        Raises:
            OSError: The port is taken.
            StateInUseError: Another process keeps its workspace in the same file.
        """
        if self._state:
            self._held.enter_context(locked(self._state.path))
        try:
            await self._listen()
        except BaseException:
            self._held.close()
            raise

    async def _listen(self) -> None:
        if self._state:
            await self._state.restore()
        for app in self._apps:
            self.core.install(app)
        if self._state:
            await self._state.watch()
        control = ControlApi(self.core, self._waiting, self._reset)
        api = WebApi(self.core)
        server = web.Application(middlewares=[only_local], client_max_size=BODY_BYTES)
        server.router.add_route("*", "/api/{method}", api.call)
        server.router.add_post("/response/{team}/{token}", api.response_url)
        server.router.add_get("/link/", api.link)
        server.router.add_post("/control/{verb}", control.handle)
        self._page.add_routes(server)
        self._inspector.add_routes(server)
        Uploads(self.core).add_routes(server)
        self._runner = web.AppRunner(server, access_log=None, shutdown_timeout=0.5)
        await self._runner.setup()
        site = web.TCPSite(self._runner, HOST, self._port)
        try:
            await site.start()
        except OSError:
            await self._runner.cleanup()
            raise
        host, port = self._runner.addresses[0][:2]
        self.url = self.core.base_url = f"http://{host}:{port}"
        self.control.url = self.seeding.url = self.url
        self._waiting.watch()
        self._page.watch()

    async def close(self) -> None:
        """Stop listening, save, and cut all connections."""
        await self.control.close()
        await self.seeding.close()
        self.core.couriers.close()
        await self.core.sockets.close()
        self._page.close()
        self._inspector.close()
        await self._http.close()
        if self._runner:
            await self._runner.cleanup()
        try:
            if self._state:
                await self._state.close()
        finally:
            self._held.close()

    def _reset(self) -> None:
        load(self.core.workspace, self._seed)
        for app in tuple(self.core.apps.values()):
            self.core.install(app)

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()
