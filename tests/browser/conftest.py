"""A Chromium for all tests, a running bot for each module, and pages in which nothing may go wrong."""

import itertools
import os
import secrets
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlencode

import pytest
from playwright.async_api import Browser, ViewportSize, async_playwright, expect

from bot.playground.slack import App, LocalSlack, workspace_from
from tests.browser.chromium import MISSING, Watch, arguments, find_chromium
from tests.browser.pages import SlackPage
from tests.fakes.openai_server import FakeOpenAI
from tests.scenarios.house import QUICK, ROOT, WORKSPACE, House, make_settings, make_slack

PATIENCE_MS = 15_000
WIDE = ViewportSize(width=1280, height=800)
GERMAN = "cleo"
_NUMBERS = itertools.count(1)


class Addressed(Protocol):
    """A local Slack, in this process or in another: where it is."""

    @property
    def url(self) -> str: ...


OpenPage = Callable[..., Awaitable[SlackPage]]
OpenTab = Callable[..., Awaitable[SlackPage]]
Figure = Callable[[str, object], None]
"""pytest's `record_property`: what is recorded is printed when all tests are over."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(Path(__file__).parent):
            item.add_marker(pytest.mark.browser)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    reports = [one for outcome in ("passed", "failed") for one in terminalreporter.getreports(outcome)]
    for name, value in sorted({figure for report in reports for figure in report.user_properties}):
        terminalreporter.write_line(f"{name}: {value}")


@pytest.fixture(scope="session")
async def chromium() -> AsyncIterator[Browser]:
    path = find_chromium()
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)(MISSING)
    expect.set_options(timeout=PATIENCE_MS)
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=path, args=arguments())
        yield browser
        await browser.close()


def workspace() -> dict[str, Any]:
    """The people and channels of scenarios, in which Cleo reads German."""
    users = [
        {**user, **({"locale": "de-DE"} if user["name"] == GERMAN else {})} for user in WORKSPACE["users"]
    ]
    return {**WORKSPACE, "users": users}


@asynccontextmanager
async def open_house(store_url: str, **settings: Any) -> AsyncIterator[House]:
    """A running bot in a world of its own."""
    app, unopened = make_slack(timings=QUICK, workspace=workspace())
    async with unopened as slack, FakeOpenAI(("fake", "tuned")) as openai:
        given = {
            "REDIS_URL": store_url,
            "redis_prefix": f"b-{secrets.token_hex(4)}",
            "door": "socket",
            **settings,
        }
        house = House(slack, openai, make_settings(app, slack, openai, **given))
        try:
            await house.start()
            yield house
        finally:
            await house.stop()


@pytest.fixture(scope="module")
async def house(store_url: str) -> AsyncIterator[House]:
    """The bot of a module; each test takes a channel of its own."""
    async with open_house(store_url) as opened:
        yield opened


@pytest.fixture
async def lonely() -> AsyncIterator[LocalSlack]:
    """A local Slack without a bot, for what the page does by itself."""
    async with lonely_slack() as slack:
        yield slack


def lonely_slack(**options: Any) -> LocalSlack:
    """A local Slack whose app is installed and does not run; not yet started."""
    seed = workspace_from(workspace(), time.time)
    return LocalSlack(seed, apps=[App.from_manifest(ROOT / "manifest.json")], timings=QUICK, **options)


@pytest.fixture
async def room(house: House) -> str:
    """A channel of one's own with everybody in it and the bot; its name."""
    name = f"room-{next(_NUMBERS)}"
    people = [user["name"] for user in WORKSPACE["users"]]
    await house.control.create_channel(name, members=people, creator="ann")
    await house.control.join("kostprobe", name)
    return name


@pytest.fixture
async def open_tab(chromium: Browser) -> AsyncGenerator[OpenTab]:
    """Opens a tab on any local Slack; in the end nothing may have gone wrong in any."""
    watches: list[Watch] = []
    async with AsyncExitStack() as stack:

        async def opener(slack: Addressed, user: str = "ann", place: str = "", **options: Any) -> SlackPage:
            context = await chromium.new_context(**{"viewport": WIDE, "locale": "en-GB", **options})
            stack.push_async_callback(context.close)
            context.set_default_timeout(PATIENCE_MS)
            watch = Watch(slack.url)
            watches.append(watch)
            await watch.follow(context)
            page = SlackPage(await context.new_page(), watch)
            address = f"{slack.url}/?{urlencode({'as': user})}"
            await page.page.goto(f"{address}#{place}" if place else address)
            await expect(page.page.get_by_role("main")).to_be_visible()
            return page

        yield opener
    assert [problem for watch in watches for problem in watch.unexpected()] == []


@pytest.fixture
def open_page(house: House, open_tab: OpenTab) -> OpenPage:
    """Opens a tab on the module's local Slack: as whom, and in which channel (by name); no modal is left there."""

    async def opener(user: str = "ann", channel: str = "", **options: Any) -> SlackPage:
        if await house.control.modals(user):
            await house.control.close_view(user, whole=True)
        place = house.slack.core.workspace.channel(channel).id if channel else ""
        return await open_tab(house.slack, user, place, **options)

    return opener
