"""Houses for scenarios: opened with settings of one's own, closed in the end."""

import time
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from typing import Any

import pytest

from bot.playground.pytest_plugin import OpenLocalSlack
from bot.playground.slack import App, workspace_from
from tests.fakes.openai_server import FakeOpenAI
from tests.scenarios.house import QUICK, ROOT, WORKSPACE, House, Opener, make_settings


@pytest.fixture(params=["socket", "http"])
def door(request: pytest.FixtureRequest) -> str:
    """Each scenario is played through both doors."""
    return str(request.param)


@pytest.fixture
async def open_house(
    store_url: str, store_prefix: str, door: str, open_local_slack: OpenLocalSlack
) -> AsyncGenerator[Opener]:
    """Opens a house with settings of one's own; it is closed in the end."""
    async with AsyncExitStack() as stack:

        async def opener(**settings: Any) -> House:
            app = App.from_manifest(settings.pop("manifest", None) or ROOT / "manifest.json")
            worker = settings.pop("worker", True)
            timings = settings.pop("timings", QUICK)
            workspace = workspace_from(WORKSPACE, time.time)
            slack = await open_local_slack(workspace, apps=[app], timings=timings)
            openai = await stack.enter_async_context(FakeOpenAI(("fake", "tuned")))
            given = {"REDIS_URL": store_url, "redis_prefix": store_prefix, "door": door, **settings}
            house = House(slack, openai, make_settings(app, slack, openai, **given))
            stack.push_async_callback(house.stop)
            await house.start(worker=worker)
            return house

        yield opener


@pytest.fixture
async def house(open_house: Opener) -> House:
    return await open_house()
