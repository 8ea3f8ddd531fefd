"""The config as a form: a mistake is said at its field, mended, and saved."""

import re

from playwright.async_api import Locator, expect

from tests.browser.conftest import OpenPage
from tests.browser.pages import SlackPage
from tests.scenarios.house import House

PAIR = ("Two that duel: one", "Two that duel: the other")


async def choose(page: SlackPage, field: str, option: str) -> None:
    """Choose in a menu of the form by typing, as one does with the keyboard."""
    box = page.modal.get_by_role("combobox", name=field)
    await box.click()
    await box.press_sequentially(option)
    await page.page.get_by_role("option", name=re.compile(re.escape(option))).first.click()
    await expect(box).to_have_value(re.compile(re.escape(option)))


def field(page: SlackPage, name: str) -> Locator:
    return page.modal.get_by_role("combobox", name=name).or_(page.modal.get_by_role("textbox", name=name))


async def opened(open_page: OpenPage, room: str, user: str = "ann") -> SlackPage:
    page = await open_page(user, room)
    await page.command("/kostprobe config")
    await expect(page.modal.get_by_role("heading", name="Config")).to_be_visible()
    return page


async def test_a_mistake_is_said_at_its_field_mended_and_saved(
    house: House, room: str, open_page: OpenPage
) -> None:
    page = await opened(open_page, room)
    first, second = PAIR
    await choose(page, first, "support")
    await choose(page, second, "support")
    await page.modal.get_by_role("button", name="Save").click()

    wrong = page.modal.get_by_role("combobox", name=second)
    await expect(page.modal.get_by_role("alert")).to_contain_text("one and the same")
    await expect(wrong).to_have_accessible_description(re.compile("one and the same"))
    await expect(wrong).to_have_attribute("aria-invalid", "true")
    await expect(page.modal.get_by_role("combobox", name=first)).to_have_value("support")
    await page.shot("modal-error")

    await choose(page, second, "star-chef")
    await page.modal.get_by_role("button", name="Save").click()

    await expect(page.page.get_by_role("dialog")).to_have_count(0)
    await expect(page.channel.message("Only visible to you")).to_contain_text("star-chef")
    shown = (await house.tell("ben", room, "/kostprobe config show")).text
    assert "support" in shown
    assert "star-chef" in shown


async def test_a_form_that_is_closed_changes_nothing_and_the_focus_comes_back(
    house: House, room: str, open_page: OpenPage
) -> None:
    page = await opened(open_page, room)
    await choose(page, PAIR[0], "support")
    await page.page.keyboard.press("Escape")

    await expect(page.page.get_by_role("dialog")).to_have_count(0)
    await expect(page.channel.box).to_be_focused()
    assert "Nothing is set" in (await house.tell("ben", room, "/kostprobe config show")).text


async def test_members_and_guests_are_refused_in_words(room: str, open_page: OpenPage) -> None:
    page = await open_page("gus", room)
    await page.command("/kostprobe config")
    await expect(page.channel.message("Only visible to you")).to_contain_text("Only admins")
    await expect(page.page.get_by_role("button", name="Request access")).to_have_count(0)

    await page.become("Ben")
    await page.command("/kostprobe config")
    await expect(page.channel.log.get_by_role("button", name="Request access")).to_be_visible()
    await expect(page.page.get_by_role("dialog")).to_have_count(0)
