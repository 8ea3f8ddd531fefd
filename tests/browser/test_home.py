"""App Home, the tab of messages beside it, and forms that begin there."""

import re

from playwright.async_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.pages import named
from tests.scenarios.house import House


async def test_home_and_messages_are_two_tabs(house: House, room: str, open_page: OpenPage) -> None:
    page = await open_page("ann", room)
    await page.place("⌂ kostprobe").click()
    home = page.page.get_by_role("region", name="Home of kostprobe")

    await expect(home).to_contain_text("I answer questions")
    await expect(home).to_contain_text("#kitchen")
    await expect(page.page.get_by_role("tab", name="Home")).to_have_attribute("aria-selected", "true")
    await expect(home.get_by_role("button", name="Configure").first).to_be_visible()
    await page.shot("home")

    await page.page.get_by_role("tab", name="Messages").click()
    await expect(page.page.get_by_role("tab", name="Messages")).to_have_attribute("aria-selected", "true")
    await expect(page.channel.box).to_be_editable()
    await page.page.get_by_role("tab", name="Home").click()
    await page.become("Gus")
    await expect(home).to_contain_text("I answer questions")
    await expect(home.get_by_role("button", name="Configure")).to_have_count(0)
    assert house.bot is not None


async def test_a_question_is_asked_from_home(house: House, room: str, open_page: OpenPage) -> None:
    house.openai.script("fake", "Butter and flour.")
    page = await open_page("ben", room)
    await page.place("⌂ kostprobe").click()
    home = page.page.get_by_role("region", name="Home of kostprobe")
    await home.get_by_role("button", name=re.compile("^Ask")).first.click()

    await page.modal.get_by_role("textbox").fill("What is a roux?")
    await page.modal.get_by_role("button", name="Ask").click()

    await expect(page.modal).to_contain_text(
        "Asked in #cellar. The answer comes into the thread of your question."
    )
    await page.modal.get_by_role("button", name="Back").click()
    await expect(page.page.get_by_role("dialog")).to_have_count(0)
    await home.get_by_role("link", name="#cellar").first.click()
    await expect(page.page.get_by_role("heading", level=1)).to_have_text(named("cellar"))
    assert "Butter and flour." in (await house.control.wait_message("cellar", "Butter and flour")).text
