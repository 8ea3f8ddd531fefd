"""A tasting, voted through with the keyboard only, and its report."""

import re

import pytest
from playwright.async_api import expect

from tests.browser.conftest import OpenPage
from tests.browser.pages import SlackPage
from tests.fakes import openai_replies as replies
from tests.scenarios.house import House
from tests.scenarios.test_tasting import served

QUESTIONS = 20


def by_persona(received: replies.Received) -> str:
    return f"{'Fine' if 'chef' in str(received.system) else 'Plain'} words on {received.question}"


async def tabbed_to(page: SlackPage, name: str, most: int = 40) -> None:
    """Press Tab until a button of this name has the focus."""
    for _ in range(most):
        await page.page.keyboard.press("Tab")
        if await page.page.evaluate("document.activeElement?.textContent") == name:
            return
    raise AssertionError(f"Tab never reached {name!r}")


@pytest.mark.timeout(180)
async def test_twenty_pairs_are_voted_through_without_a_mouse(house: House, open_page: OpenPage) -> None:
    house.openai.script("fake", by_persona)
    page = await open_page("ben", "kitchen")
    await served(house, ["ben"])
    invitation = page.channel.message("A tasting is served.")
    await expect(invitation).to_be_visible()
    await page.shot("tasting-invitation")
    await page.channel.log.focus()

    await tabbed_to(page, "Taste along")
    await page.page.keyboard.press("Enter")
    direct = page.place("kostprobe").first
    await expect(direct).to_have_accessible_name(re.compile("unread"))
    await direct.focus()
    await page.page.keyboard.press("Enter")
    pair = page.channel.message(f"1 of {QUESTIONS}")
    await expect(pair).to_be_visible()
    await page.channel.log.focus()
    await expect(page.channel.root).to_contain_text("Keys 1 to")
    await page.shot("tasting")

    for number in range(1, QUESTIONS):
        pair = page.channel.message(f"{number} of {QUESTIONS}")
        await expect(pair.locator("[data-keyed]")).to_have_count(1)
        if number % 7 == 0:
            await pair.get_by_role("button", name="Tie", exact=True).focus()
            await page.page.keyboard.press("Enter")
        else:
            text = await pair.inner_text()
            fine = text.index("Fine words") < text.index("Plain words")
            await page.page.keyboard.press("1" if fine else "2")
        await expect(page.channel.message(f"{number + 1} of {QUESTIONS}")).to_be_visible()
    await expect(page.channel.message(f"{QUESTIONS} of {QUESTIONS}").locator("[data-keyed]")).to_have_count(1)
    await page.page.keyboard.press("4")

    await expect(page.channel.message("You are through")).to_be_visible()
    await page.open("kitchen")
    report = page.channel.message("star-chef")
    await expect(report).to_contain_text(re.compile("is ahead of|is better than"))
    picture = report.get_by_role("img")
    await expect(picture).to_be_visible()
    await picture.scroll_into_view_if_needed()
    await page.shot("report")
