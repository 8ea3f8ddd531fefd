"""What an agent suggests to say to it."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest
from playwright.async_api import Route, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import App, LocalSlack, workspace_from
from tests.browser.conftest import OpenTab, workspace
from tests.browser.pages import SlackPage
from tests.scenarios.house import QUICK

TITLES = ("A soup", "A stew", "A sauce that takes three days", "A sweet")


@pytest.fixture
async def slack() -> AsyncIterator[LocalSlack]:
    agent = App(scopes=App().scopes | {"assistant:write"})
    seed = workspace_from(workspace(), time.time)
    async with LocalSlack(seed, apps=[agent], timings=QUICK) as opened:
        yield opened


async def suggest(slack: LocalSlack, title: str, titles: tuple[str, ...] = TITLES) -> str:
    """Let the agent suggest this to Ben; their direct message."""
    direct = await slack.control.open_dm("ben", "kostprobe")
    web = AsyncWebClient(token=slack.app.bot_token, base_url=slack.api_url)
    await web.assistant_threads_setSuggestedPrompts(
        channel_id=direct,
        title=title,
        prompts=[{"title": one, "message": f"{one}, please?"} for one in titles],
    )
    return direct


async def width_of(page: SlackPage, text: str) -> float:
    """How wide a text is drawn."""
    box = await page.page.get_by_text(text, exact=True).bounding_box()
    assert box
    return box["width"]


async def test_it_is_said_with_a_click_and_what_is_half_written_stays(
    slack: LocalSlack, open_tab: OpenTab
) -> None:
    page = await open_tab(slack, "ben", await slack.control.open_dm("ben", "kostprobe"))
    await page.channel.box.fill("half a thought")
    await suggest(slack, "To begin with")
    suggested = page.page.get_by_role("region", name="To begin with")
    await expect(suggested.get_by_role("button")).to_have_count(4)
    await page.shot("suggested")

    await suggested.get_by_role("button", name="A stew").click()

    await expect(page.channel.message("A stew, please?")).to_be_visible()
    await expect(suggested).to_have_count(0)
    await expect(page.channel.box).to_have_value("half a thought")
    await expect(page.channel.box).to_be_focused()


async def test_it_is_said_once_by_a_double_click(slack: LocalSlack, open_tab: OpenTab) -> None:
    page = await open_tab(slack, "ben", await suggest(slack, "To begin with"))
    said = 0
    clicked = asyncio.Event()

    async def slowly(route: Route) -> None:
        nonlocal said
        said += 1
        await clicked.wait()
        await route.continue_()

    await page.page.route("**/control/say", slowly)
    await page.page.get_by_role("button", name="A stew").dblclick()
    clicked.set()

    await expect(page.channel.message("A stew, please?")).to_be_visible()
    await page.channel.say("and bread")
    await expect(page.channel.message("and bread")).to_be_visible()
    assert said == len(("A stew, please?", "and bread"))


async def test_a_long_title_stands_above_them_and_leaves_room_for_the_field(
    slack: LocalSlack, open_tab: OpenTab
) -> None:
    title = "What would you like to have for supper today?"
    phone = {"width": 380, "height": 650}
    page = await open_tab(slack, "ben", await suggest(slack, title), viewport=phone)
    assert await width_of(page, title) > phone["width"] * 0.8

    endless = "supper " * 300
    await suggest(slack, endless.strip(), ("stew " * 50, *TITLES[1:]))

    await expect(page.page.get_by_role("button", name="stew stew")).to_be_visible()
    await expect(page.channel.log).to_be_in_viewport()
    await expect(page.channel.box).to_be_in_viewport(ratio=1)
    assert await page.channel.root.evaluate("(main) => main.scrollWidth <= main.clientWidth")
