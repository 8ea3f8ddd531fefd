"""Fixtures for tests against a local Slack.

In the conftest.py at the top of the tests::

    pytest_plugins = ["bot.playground.pytest_plugin"]

They are asynchronous and run by anyio's plugin for pytest (``anyio_mode = "auto"``, or ``@pytest.mark.anyio``). What
a `local_slack` is made of is a small fixture each, to be overridden where a test wants another one.
"""

import time
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextlib import AsyncExitStack
from typing import Any

import pytest

from bot.playground.slack.apps import App
from bot.playground.slack.ids import Clock
from bot.playground.slack.server import LocalSlack
from bot.playground.slack.timings import QUICK, Timings
from bot.playground.slack.workspace import Workspace

OpenLocalSlack = Callable[..., Coroutine[Any, Any, LocalSlack]]
"""Takes what `LocalSlack` takes; what is left out comes from the small fixtures."""


@pytest.fixture
def anyio_backend() -> str:
    """Run on asyncio, which the local Slack needs."""
    return "asyncio"


@pytest.fixture
def local_slack_apps() -> Sequence[App]:
    """Return the apps that are installed; one that is called kostprobe and may do what a chat bot does."""
    return (App(),)


@pytest.fixture
def local_slack_workspace() -> Workspace | None:
    """Return the workspace; None means the small default team."""
    return None


@pytest.fixture
def local_slack_timings() -> Timings:
    """Return deadlines and lifetimes; Slack's own, but for waits that a test would sit through."""
    return QUICK


@pytest.fixture
def local_slack_clock() -> Clock:
    """Return what lifetimes are measured on."""
    return time.time


@pytest.fixture
async def open_local_slack(
    local_slack_timings: Timings, local_slack_clock: Clock
) -> AsyncGenerator[OpenLocalSlack]:
    """Open as many as a test wants, each by what `LocalSlack` takes; they are closed in the end."""
    async with AsyncExitStack() as stack:

        async def opener(workspace: Workspace | None = None, **given: Any) -> LocalSlack:
            given = {"timings": local_slack_timings, "clock": local_slack_clock, **given}
            return await stack.enter_async_context(LocalSlack(workspace, **given))

        yield opener


@pytest.fixture
async def local_slack(
    open_local_slack: OpenLocalSlack,
    local_slack_apps: Sequence[App],
    local_slack_workspace: Workspace | None,
) -> LocalSlack:
    """A local Slack that runs for one test; people act through its attribute `control`."""
    return await open_local_slack(local_slack_workspace, apps=local_slack_apps)
