"""The inspector beside the page: what crosses the wire, findings at their place, faults, sending again, a script."""

import re
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from playwright.async_api import Locator, expect
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from tests.browser.conftest import OpenPage
from tests.browser.pages import SlackPage
from tests.scenarios.house import House

NARROW = {"width": 380, "height": 740}
WIDEST = {"width": 1600, "height": 900}
Inspect = Callable[..., Awaitable[tuple[SlackPage, Locator]]]


@pytest.fixture
def inspect(open_page: OpenPage, room: str) -> Inspect:
    """Opens the page in a room of one's own, and the inspector beside it."""

    async def opener(**options: object) -> tuple[SlackPage, Locator]:
        page = await open_page("ben", room, **options)
        await page.page.keyboard.press("Alt+i")
        panel = page.page.get_by_role("complementary", name="Inspector")
        await expect(panel.get_by_role("listbox", name="Envelopes and calls")).to_be_focused()
        return page, panel

    return opener


def row(panel: Locator, text: str | re.Pattern[str]) -> Locator:
    return panel.get_by_role("option").filter(has_text=text).last


async def test_a_question_is_followed_on_the_wire(inspect: Inspect) -> None:
    page, panel = await inspect(viewport=WIDEST)
    await page.channel.say("@kostprobe What is a roux?")
    await expect(row(panel, re.compile("app_mention.*acked"))).to_be_visible()
    await panel.get_by_label("Filter by words").fill("app_mention ben")
    await row(panel, "app_mention").click()

    entry = panel.get_by_role("region", name=re.compile("Entry"))
    await expect(entry).to_contain_text("Acknowledged in")
    await expect(entry).to_contain_text("kostprobe, by socket")
    await expect(entry).to_contain_text("What is a roux?")
    await page.shot("inspector")
    await entry.get_by_role("button", name="Replay", exact=True).click()
    await expect(entry).to_contain_text("Replay of")
    await expect(panel.get_by_role("option")).not_to_have_count(1)


async def test_findings_are_shown_where_they_are(inspect: Inspect, house: House, room: str) -> None:
    _, panel = await inspect(viewport=NARROW)
    client = AsyncWebClient(token=house.slack.app.bot_token, base_url=house.slack.api_url, retry_handlers=[])
    channel = house.slack.core.workspace.channel(room).id
    blocks = [{"type": "header", "text": {"type": "plain_text", "text": "x" * 151}}]
    with pytest.raises(SlackApiError):
        await client.chat_postMessage(channel=channel, text="x", blocks=blocks)
    await panel.get_by_role("button", name=re.compile("Only problems")).click()
    await row(panel, "invalid_blocks").click()

    place = panel.locator('[data-path="/blocks/0/text/text"]')
    await expect(place).to_contain_text("⚠")
    await panel.get_by_role("button", name="/blocks/0/text/text").click()
    await expect(place).to_be_in_viewport()
    await panel.page.keyboard.press("Escape")
    await expect(panel.get_by_role("listbox", name="Envelopes and calls")).to_be_focused()


async def test_a_fault_is_ordered_strikes_and_another_is_taken_back(inspect: Inspect, house: House) -> None:
    page, panel = await inspect(color_scheme="dark")
    await panel.get_by_role("tab", name="Faults").click()
    await panel.get_by_label("Method").fill("chat.postEphemeral")
    await panel.get_by_label("Seconds").fill("0")
    await panel.get_by_role("button", name="Order", exact=True).click()
    await panel.get_by_label("What happens").select_option("server_error")
    await panel.get_by_label("Method").fill("files.getUploadURLExternal")
    await panel.get_by_role("button", name="Order", exact=True).click()
    await expect(panel.get_by_role("listitem")).to_have_count(2)
    await page.shot("inspector-faults")
    await panel.get_by_role("button", name=re.compile("Take back: files")).click()
    await expect(panel.get_by_role("listitem")).to_have_count(1)

    client = AsyncWebClient(token=house.slack.app.bot_token, base_url=house.slack.api_url, retry_handlers=[])
    with pytest.raises(SlackApiError):
        await client.chat_postEphemeral(channel="C0", user="U0", text="x")
    await expect(panel.get_by_role("listitem")).to_have_count(0)
    await panel.get_by_role("tab", name="Traffic").click()
    await expect(row(panel, "chat.postEphemeral")).to_contain_text("429")
    await expect(row(panel, "chat.postEphemeral")).to_contain_text("ordered")


async def test_the_table_is_read_with_the_keyboard(inspect: Inspect) -> None:
    page, panel = await inspect()
    await page.channel.say("Hello, all")
    await expect(row(panel, "acked")).to_be_visible()
    table = panel.get_by_role("listbox", name="Envelopes and calls")
    await table.focus()
    await page.page.keyboard.press("End")
    await page.page.keyboard.press("ArrowUp")
    await page.page.keyboard.press("Enter")
    entry = panel.get_by_role("region", name=re.compile("Entry"))
    await expect(entry).to_be_visible()
    await page.page.keyboard.press("Escape")
    await expect(entry).to_have_count(0)
    await page.page.keyboard.press("Escape")
    await expect(panel).to_have_count(0)
    await expect(page.page.get_by_role("button", name="Inspector")).to_be_focused()


async def test_what_was_done_is_exported_as_a_script(inspect: Inspect, room: str, tmp_path: Path) -> None:
    page, panel = await inspect()
    await page.channel.say("Hello, all of you")
    async with page.page.expect_download() as download:
        await panel.get_by_role("button", name="Export script").click()
    path = tmp_path / "script.yaml"
    await (await download.value).save_as(path)

    assert f"{{say: 'Hello, all of you', as: ben, in: {room}" in path.read_text(encoding="utf-8")
