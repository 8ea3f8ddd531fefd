"""Faults and events that are sent again, against the running bot: a 429 and then the answer, a question asked anew."""

import re

from playwright.async_api import Locator, ViewportSize, expect

from tests.browser.conftest import OpenPage
from tests.browser.pages import SlackPage
from tests.scenarios.house import House

LARGE = ViewportSize(width=1600, height=1000)
"""Room for channel, thread and inspector beside each other."""


MENTION = re.compile(r"app_mention(?!\.)")


def panel(page: SlackPage) -> Locator:
    return page.page.get_by_role("complementary", name="Inspector")


def rows(page: SlackPage, name: str | re.Pattern[str]) -> Locator:
    return panel(page).get_by_role("option").filter(has_text=name)


async def opened(open_page: OpenPage, room: str, user: str = "ben") -> SlackPage:
    page = await open_page(user, room, viewport=LARGE)
    await page.page.get_by_role("button", name="Inspector", exact=True).click()
    await expect(panel(page)).to_be_visible()
    return page


async def test_a_call_is_limited_once_and_the_answer_comes_all_the_same(
    house: House, room: str, open_page: OpenPage
) -> None:
    house.openai.script("fake", "Butter and flour.")
    page = await opened(open_page, room)
    await panel(page).get_by_role("tab", name="Faults").click()
    await (
        panel(page)
        .get_by_role("textbox", name="Method")
        .or_(panel(page).get_by_role("combobox", name="Method"))
        .fill("chat.postMessage")
    )
    await panel(page).get_by_role("spinbutton", name="Seconds").fill("1")
    await panel(page).get_by_role("button", name="Order").click()
    await expect(panel(page).get_by_role("region", name="Ordered faults")).to_contain_text(
        re.compile(r"chat\.postMessage: .*429.*once")
    )
    await panel(page).get_by_role("tab", name="Traffic").click()

    await page.channel.say("@kostprobe What is a roux?")

    await expect(page.thread.message("Butter and flour.")).to_be_visible()
    calls = rows(page, "chat.postMessage")
    await expect(calls.filter(has_text="429")).to_have_count(1)
    await expect(calls.last).not_to_contain_text("429")
    await calls.last.click()
    entry = panel(page).get_by_role("region", name=re.compile("^Entry"))
    await expect(entry).to_contain_text("Scope needed")
    await expect(entry).to_contain_text("chat:write")
    await expect(entry).to_contain_text("Butter and flour.")
    await page.shot("inspector")
    await panel(page).get_by_role("button", name=re.compile("^Only problems")).click()
    await expect(rows(page, "chat.postMessage")).to_have_count(1)


async def test_an_event_is_sent_again(house: House, room: str, open_page: OpenPage) -> None:
    house.openai.script("fake", "Butter and flour.")
    page = await opened(open_page, room)
    await page.channel.say("@kostprobe What is a roux?")
    await expect(page.thread.message("Butter and flour.")).to_be_visible()
    asked = len(house.openai.chats)

    await rows(page, MENTION).last.click()
    await panel(page).get_by_role("button", name="Replay", exact=True).click()

    await expect(panel(page).get_by_role("term").filter(has_text="Replay of")).to_be_visible()
    await house.control.wait_idle()
    assert len(house.openai.chats) == asked, "the same event is answered once"
    await rows(page, MENTION).first.click()
    await panel(page).get_by_role("button", name="Replay as new").click()
    await expect(page.thread.root.or_(page.channel.root).get_by_text("What is a roux?").first).to_be_visible()
    await house.until(lambda: len(house.openai.chats) > asked)
