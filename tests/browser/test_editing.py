"""An edit belongs to its person, and is kept until they end it."""

from playwright.async_api import expect

from bot.playground.slack import LocalSlack
from tests.browser.conftest import OpenTab

LINES = 60
_TO_TOP = "(log) => { log.scrollTop = 0; }"


async def test_an_edit_is_seen_by_its_person_only_and_waits_for_them(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    await lonely.control.say("ann", "kitchen", "soup today")
    page = await (await open_tab(lonely)).open("kitchen")
    field = page.channel.log.get_by_role("textbox", name="Edit message")
    await page.channel.tool(page.channel.message("soup today"), "Edit message")
    await field.fill("soup tomorrow")

    await page.become("Ben")
    await expect(page.channel.message("soup today")).to_be_visible()
    await expect(field).to_have_count(0)

    await page.become("Ann")
    await expect(field).to_have_value("soup tomorrow")
    await field.press("Enter")
    await expect(page.channel.message("soup tomorrow")).to_contain_text("(edited)")


async def test_an_edit_that_is_scrolled_out_of_view_keeps_its_text(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    for number in range(LINES):
        await lonely.control.say("ben", "kitchen", f"line {number}.")
    await lonely.control.say("ann", "kitchen", "soup today")
    page = await (await open_tab(lonely)).open("kitchen")
    field = page.channel.log.get_by_role("textbox", name="Edit message")
    await page.channel.tool(page.channel.message("soup today"), "Edit message")
    await field.fill("soup tomorrow")

    await page.channel.log.evaluate(_TO_TOP)
    await expect(field).to_have_count(0)
    await page.channel.to_end()

    await expect(field).to_have_value("soup tomorrow")
    await field.press("Enter")
    await expect(page.channel.message("soup tomorrow")).to_be_focused()


async def test_a_message_has_one_field_where_its_edit_was_begun(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    root = await lonely.control.say("ann", "kitchen", "soup today")
    await lonely.control.say("ben", "kitchen", "which one?", thread_ts=root)
    page = await (await open_tab(lonely)).open("kitchen")
    await page.channel.message("soup today").get_by_role("button", name="Open the thread").click()
    await expect(page.thread.message("which one?")).to_be_visible()

    await page.thread.tool(page.thread.message("soup today"), "Edit message")

    await expect(page.thread.log.get_by_role("textbox", name="Edit message")).to_be_focused()
    await expect(page.page.get_by_role("textbox", name="Edit message")).to_have_count(1)
