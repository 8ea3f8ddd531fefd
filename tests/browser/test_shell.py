"""Who one is, where one is, and how it looks."""

import re

from playwright.async_api import ViewportSize, expect

from bot.playground.slack import LocalSlack
from tests.browser.conftest import Figure, OpenTab, lonely_slack
from tests.browser.pages import named

PHONE = ViewportSize(width=380, height=740)
USABLE_SECONDS = 3.0
"""On a machine that does other work; alone it is well below one."""


async def test_one_becomes_somebody_else_with_one_click(lonely: LocalSlack, open_tab: OpenTab) -> None:
    page = await open_tab(lonely, "ann")
    await expect(page.sidebar).to_contain_text("You are Ann (admin)")
    await page.open("kitchen")
    await page.channel.say("from Ann")

    await page.become("Ben")
    await page.channel.say("from Ben")

    await expect(page.channel.messages("from ").get_by_text(re.compile("^(Ann|Ben)$"))).to_have_text(
        ["Ann", "Ben"]
    )
    await expect(page.sidebar).to_contain_text("You are Ben (member)")
    await page.become("Gus")
    await expect(page.sidebar).to_contain_text("A guest may ask and vote in their channels")
    await page.become("Cleo")
    await expect(page.sidebar).to_contain_text("You are Cleo (member, de)")


async def test_nobody_sees_the_channels_that_they_are_not_in(lonely: LocalSlack, open_tab: OpenTab) -> None:
    page = await open_tab(lonely, "ann")
    await page.open("office")
    await page.channel.say("for admins only")

    await page.become("Ben")

    await expect(page.place("office")).to_have_count(0)
    await expect(page.page.get_by_text("for admins only")).to_have_count(0)
    await expect(page.page.get_by_role("heading", level=1)).not_to_have_text(named("office"))


async def test_two_tabs_are_two_people(lonely: LocalSlack, open_tab: OpenTab) -> None:
    ann, ben = await open_tab(lonely, "ann"), await open_tab(lonely, "ben")
    await ann.open("kitchen")
    await ben.open("kitchen")

    await ann.channel.say("hello Ben")
    await expect(ben.channel.message("hello Ben")).to_be_visible()
    await ben.channel.say("hello Ann")
    await expect(ann.channel.message("hello Ann")).to_be_visible()

    await ann.page.reload()
    await expect(ann.sidebar).to_contain_text("You are Ann")
    await expect(ann.channel.message("hello Ann")).to_be_visible()


async def test_two_tabs_of_one_browser_are_two_people(lonely: LocalSlack, open_tab: OpenTab) -> None:
    ann = await open_tab(lonely, "ann")
    other = await ann.page.context.new_page()
    await other.goto(f"{lonely.url}/?as=ben")
    await expect(other.get_by_text("You are Ben")).to_be_visible()

    await ann.page.reload()

    await expect(ann.sidebar).to_contain_text("You are Ann")


async def test_one_stays_whom_one_became_whatever_the_address_said(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    page = await open_tab(lonely, "ann", "office")
    await page.open("kitchen")
    await page.open("office")
    await page.become("Gus")
    heading = page.page.get_by_role("heading", level=1)
    await expect(heading).not_to_have_text(named("office"))
    place = await heading.inner_text()

    await page.page.reload()
    await expect(page.sidebar).to_contain_text("You are Gus")
    await expect(heading).to_have_text(place)

    await page.page.go_back()
    await expect(page.sidebar).to_contain_text("You are Gus")
    await page.page.reload()
    await expect(page.sidebar).to_contain_text("You are Gus")


async def test_what_is_unread_is_marked_until_it_is_seen(lonely: LocalSlack, open_tab: OpenTab) -> None:
    page = await open_tab(lonely, "ben")
    await page.open("kitchen")
    await lonely.control.say("ann", "cellar", "old news")
    await page.open("cellar")
    await expect(page.channel.message("old news")).to_be_visible()
    await page.open("kitchen")
    cellar = page.place("cellar")
    await expect(cellar).to_have_accessible_name(re.compile(r"cellar$"))

    await lonely.control.say("ann", "cellar", "news")

    await expect(cellar).to_have_accessible_name(re.compile(r"cellar, unread$"))
    await page.open("cellar")
    await expect(page.channel.log.get_by_role("heading", name="New")).to_be_visible()
    await expect(page.channel.message("news")).to_be_visible()
    await expect(cellar).to_have_accessible_name(re.compile(r"cellar$"))
    await page.page.reload()
    await expect(cellar).to_have_accessible_name(re.compile(r"cellar$"))


async def test_a_link_leads_to_its_message_and_a_thread_has_one_too(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    stamps = [await lonely.control.say("ann", "kitchen", f"line {number}.") for number in range(120)]
    await lonely.control.say("ben", "kitchen", "an answer", thread_ts=stamps[5])
    kitchen = lonely.core.workspace.channel("kitchen").id
    page = await open_tab(lonely, "dora")

    await page.page.goto(f"{lonely.url}/archives/{kitchen}/p{stamps[110].replace('.', '')}")
    await expect(page.channel.message("line 110.")).to_be_in_viewport()
    await expect(page.channel.message("line 110.")).to_have_class(re.compile("target"))

    await page.page.goto(f"{lonely.url}/archives/{kitchen}/p{stamps[5].replace('.', '')}")
    old = page.channel.message("line 5.")
    await expect(old).to_be_in_viewport()
    await old.get_by_role("button", name="Open the thread: 1 reply").click()
    await expect(page.thread.message("an answer")).to_be_visible()
    await page.page.reload()
    await expect(page.thread.message("an answer")).to_be_visible()
    await expect(page.sidebar).to_contain_text("You are Dora")
    await page.page.go_back()
    await expect(page.thread.root).to_have_count(0)


async def test_dark_as_the_system_has_it_or_as_one_chose(lonely: LocalSlack, open_tab: OpenTab) -> None:
    page = await open_tab(lonely, "ann", color_scheme="dark")
    html = page.page.locator("html")
    body = page.page.locator("body")
    dark = await body.evaluate("(body) => getComputedStyle(body).backgroundColor")
    await expect(html).to_have_attribute("data-theme", "dark")

    await page.page.emulate_media(color_scheme="light")
    await expect(html).to_have_attribute("data-theme", "light")
    await expect(body).not_to_have_css("background-color", dark)

    colours = page.sidebar.get_by_role("button", name=re.compile("Colours: "))
    await expect(colours).to_have_accessible_name("Colours: system")
    await colours.click()
    await expect(html).to_have_attribute("data-theme", "light")
    await colours.click()
    await expect(colours).to_have_accessible_name("Colours: dark")
    await expect(html).to_have_attribute("data-theme", "dark")
    await page.page.reload()
    await expect(html).to_have_attribute("data-theme", "dark")
    await expect(body).to_have_css("background-color", dark)


async def test_on_a_narrow_screen_the_sidebar_is_a_drawer_and_a_thread_lies_over_all(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    root = await lonely.control.say("ann", "kitchen", "a question")
    await lonely.control.say("ben", "kitchen", "an answer", thread_ts=root)
    page = await open_tab(lonely, "ann", viewport=PHONE)
    await expect(page.place("kitchen")).not_to_be_in_viewport()

    await page.page.get_by_role("button", name="Channels").click()
    await expect(page.place("kitchen")).to_be_in_viewport()
    await page.page.keyboard.press("Escape")
    await expect(page.place("kitchen")).not_to_be_in_viewport()
    await page.page.get_by_role("button", name="Channels").click()
    await page.open("kitchen")
    await expect(page.place("kitchen")).not_to_be_in_viewport()

    await page.page.get_by_role("combobox", name="You are").select_option("Ben")
    await expect(page.channel.box).to_have_attribute("placeholder", re.compile("as Ben$"))
    await page.channel.log.get_by_role("button", name="Open the thread").click()
    await expect(page.thread.message("an answer")).to_be_in_viewport()
    box = await page.thread.root.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 380)
    await page.thread.root.get_by_role("button", name="Close thread").click()
    await expect(page.channel.message("a question")).to_be_in_viewport()
    assert await page.page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


async def test_the_page_is_usable_soon_after_the_server_is_up(
    open_tab: OpenTab, record_property: Figure
) -> None:
    async with lonely_slack() as slack:
        page = await open_tab(slack, "ann")
        await expect(page.channel.box).to_be_editable()
        seconds = await page.page.evaluate("window.usableAfter") / 1000
        page.watch.expected.append("/changes")  # the server goes before its page
        await page.page.close()

    record_property("page usable after, s", round(seconds, 2))
    assert seconds < USABLE_SECONDS
