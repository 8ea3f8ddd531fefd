"""Pins and links that point at a message: each time they are followed they lead to it."""

import pytest
from playwright.async_api import expect

from bot.playground.slack import LocalSlack
from bot.playground.slack.seed import add_message
from tests.browser.conftest import OpenTab
from tests.browser.pages import SlackPage

MESSAGES = 150
_AWAY = "(log) => { log.scrollTop = log.scrollHeight; }"
_FOLLOW_LINK = """
(address) => {
  const link = document.createElement("a");
  link.href = address;
  link.textContent = "there";
  document.body.append(link);
  link.click();
  link.remove();
}
"""


async def with_a_pin(slack: LocalSlack, open_tab: OpenTab) -> tuple[SlackPage, str]:
    first = await slack.control.say("ann", "kitchen", "the pinned one")
    await slack.control.pin("ann", "kitchen", first)
    for number in range(MESSAGES):
        line = {"channel": "kitchen", "user": "ben", "text": f"line {number}."}
        add_message(slack.core.workspace, line, slack.core.clock)
    page = await (await open_tab(slack)).open("kitchen")
    await expect(page.channel.message(f"line {MESSAGES - 1}.")).to_be_in_viewport()
    return page, first


async def leave(page: SlackPage) -> None:
    await page.settle()
    await page.channel.log.evaluate(_AWAY)
    await expect(page.channel.messages("the pinned one")).to_have_count(0)


async def test_a_pin_leads_to_its_message_each_time(lonely: LocalSlack, open_tab: OpenTab) -> None:
    page, _ = await with_a_pin(lonely, open_tab)
    await page.page.get_by_role("main").get_by_text("1 pinned").click()
    pin = page.channel.root.get_by_role("listitem").get_by_role("button")
    await pin.click()
    await expect(page.channel.message("the pinned one")).to_be_in_viewport()
    await leave(page)

    await pin.click()

    await expect(page.channel.message("the pinned one")).to_be_in_viewport()


@pytest.mark.parametrize("number", [0, 49, 51, 60, 85], ids=lambda number: f"line {number}")
async def test_a_link_leads_to_its_message_wherever_that_is_loaded(
    lonely: LocalSlack, open_tab: OpenTab, number: int
) -> None:
    for one in range(MESSAGES):
        line = {"channel": "kitchen", "user": "ben", "text": f"line {one}."}
        add_message(lonely.core.workspace, line, lonely.core.clock)
    kitchen = lonely.core.workspace.channel("kitchen").id
    ts = list(lonely.core.workspace.messages[kitchen])[number]

    page = await open_tab(lonely, "ann", f"{kitchen}/p{ts.replace('.', '')}")

    await expect(page.channel.message(f"line {number}.")).to_be_in_viewport()
    await page.page.wait_for_timeout(300)  # what came in above it must not push it away
    await expect(page.channel.message(f"line {number}.")).to_be_in_viewport()


async def test_so_does_a_link_that_the_address_holds_already(lonely: LocalSlack, open_tab: OpenTab) -> None:
    page, first = await with_a_pin(lonely, open_tab)
    address = f"#{lonely.core.workspace.channel('kitchen').id}/p{first.replace('.', '')}"
    await page.page.evaluate(_FOLLOW_LINK, address)
    await expect(page.channel.message("the pinned one")).to_be_in_viewport()
    await leave(page)

    await page.page.evaluate(_FOLLOW_LINK, address)

    await expect(page.channel.message("the pinned one")).to_be_in_viewport()
    assert page.page.url.endswith(address)


async def test_a_pin_in_a_thread_leads_there_each_time(lonely: LocalSlack, open_tab: OpenTab) -> None:
    root = await lonely.control.say("ann", "kitchen", "who cooks?")
    reply = await lonely.control.say("ben", "kitchen", "the pinned one", thread_ts=root)
    await lonely.control.pin("ann", "kitchen", reply)
    for number in range(MESSAGES // 3):
        await lonely.control.say("ben", "kitchen", f"reply {number}.", thread_ts=root)
    page = await (await open_tab(lonely)).open("kitchen")
    await page.page.get_by_role("main").get_by_text("1 pinned").click()
    pin = page.channel.root.get_by_role("listitem").get_by_role("button")
    await pin.click()
    await expect(page.thread.message("the pinned one")).to_be_in_viewport()
    await page.settle()
    await page.thread.log.evaluate(_AWAY)
    await expect(page.thread.message("the pinned one")).not_to_be_in_viewport()

    await pin.click()

    await expect(page.thread.message("the pinned one")).to_be_in_viewport()


async def test_a_link_to_no_message_shows_the_conversation_at_its_end(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    page, _ = await with_a_pin(lonely, open_tab)
    address = f"#{lonely.core.workspace.channel('kitchen').id}"

    await page.page.evaluate(_FOLLOW_LINK, f"{address}/p1700000000000001")

    await expect(page.toast).to_contain_text("not there")
    await expect(page.channel.message(f"line {MESSAGES - 1}.")).to_be_in_viewport()
    assert page.page.url.endswith(address)


async def test_a_conversation_stays_when_the_message_that_is_pointed_at_is_deleted(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    page, _ = await with_a_pin(lonely, open_tab)
    kitchen = lonely.core.workspace.channel("kitchen").id
    texts = {one.text: one.ts for one in lonely.core.workspace.channel_messages(kitchen)}
    target = texts["line 80."]
    await page.page.evaluate(_FOLLOW_LINK, f"#{kitchen}/p{target.replace('.', '')}")
    await expect(page.channel.message("line 80.")).to_be_in_viewport()

    await lonely.control.delete("ben", "kitchen", target)

    await expect(page.channel.messages("line 80.")).to_have_count(0)
    await expect(page.channel.message("line 81.")).to_be_in_viewport()
    assert page.page.url.endswith(f"#{kitchen}")
