"""A local Slack for each test, and a stock Bolt app connected to it."""

from collections.abc import AsyncGenerator, Awaitable, Callable
from dataclasses import dataclass, replace

import pytest
from slack_bolt.adapter.socket_mode.async_handler import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import QUICK, App, Command, LocalSlack, Shortcut, Timings

never_acknowledging = pytest.mark.parametrize("timings", [replace(QUICK, ack=0.05)], ids=["soon"])
"""For tests in which no acknowledgement comes at all."""
late_once = pytest.mark.parametrize("timings", [replace(QUICK, ack=1.0)], ids=["soon"])
"""For tests in which one acknowledgement is missed and the next one counts."""


@dataclass
class FakeClock:
    now: float = 1_795_342_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def kostprobe() -> App:
    return App(
        name="kostprobe",
        commands=(Command("/kostprobe", "Ask", "[ask]", should_escape=True), Command("/raw")),
        shortcuts=(Shortcut("inspect", "Inspect"), Shortcut("new", "New", kind="global")),
    )


@pytest.fixture
def timings() -> Timings:
    return QUICK


@pytest.fixture
def local_slack_apps(kostprobe: App) -> list[App]:
    return [kostprobe]


@pytest.fixture
def local_slack_timings(timings: Timings) -> Timings:
    return timings


@pytest.fixture
def local_slack_clock(clock: FakeClock) -> FakeClock:
    return clock


@pytest.fixture
def web(local_slack: LocalSlack) -> AsyncWebClient:
    return AsyncWebClient(token=local_slack.app.bot_token, base_url=local_slack.api_url, retry_handlers=[])


Connect = Callable[[AsyncApp], Awaitable[AsyncSocketModeHandler]]


@pytest.fixture
def bolt(web: AsyncWebClient) -> AsyncApp:
    return AsyncApp(client=web)


@pytest.fixture
async def connect(local_slack: LocalSlack) -> AsyncGenerator[Connect]:
    handlers: list[AsyncSocketModeHandler] = []

    async def plug_in(app: AsyncApp) -> AsyncSocketModeHandler:
        handler = AsyncSocketModeHandler(app, local_slack.app.app_token, ping_interval=1)
        await handler.connect_async()  # type: ignore[no-untyped-call]
        handlers.append(handler)
        await local_slack.control.wait_connected()
        return handler

    yield plug_in
    for handler in handlers:
        await handler.close_async()  # type: ignore[no-untyped-call]
