"""A page as narrow as a phone, or as half a screen, by finger and by mouse."""

from typing import Any

import pytest
from playwright.async_api import Locator, expect

from bot.playground.slack import LocalSlack
from tests.browser.conftest import OpenTab

PHONE: dict[str, Any] = {"viewport": {"width": 380, "height": 800}, "has_touch": True, "is_mobile": True}
HALF: dict[str, Any] = {"viewport": {"width": 700, "height": 800}}


@pytest.mark.parametrize("width", [PHONE, HALF], ids=["touch", "mouse"])
async def test_the_tools_of_a_message_work(
    lonely: LocalSlack, open_tab: OpenTab, width: dict[str, Any]
) -> None:
    await lonely.control.say("ann", "kitchen", "soup today")
    place = lonely.core.workspace.channel("kitchen").id
    page = await open_tab(lonely, "ben", place, **width)
    message = page.channel.message("soup today")

    async def press(what: Locator) -> None:
        await (what.tap() if "has_touch" in width else what.click())

    async def tool(name: str) -> None:
        await press(message.get_by_role("button", name=name, exact=True))

    await press(message.get_by_text("soup today"))
    await tool("React with eyes")
    await expect(message.get_by_role("button", name="eyes, 1: Ben")).to_be_visible()
    await tool("More actions")
    await expect(page.page.get_by_role("menuitem", name="Copy link")).to_be_visible()
    await page.page.keyboard.press("Escape")
    await tool("Add a reaction")
    await press(page.page.get_by_role("dialog").get_by_role("button", name="tada"))
    await expect(message.get_by_role("button", name="tada, 1: Ben")).to_be_visible()
    await tool("Reply in thread")
    await expect(page.thread.root).to_be_visible()
