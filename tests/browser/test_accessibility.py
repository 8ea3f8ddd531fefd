"""The page for people who use a keyboard or a screen reader: names, landmarks, a focus that is seen, contrast."""

import re
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Page, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import LocalSlack
from tests.browser.conftest import OpenPage, OpenTab
from tests.fakes import openai_replies as replies
from tests.scenarios.house import House

NAMED: tuple[Literal["button", "link", "textbox", "combobox", "checkbox", "img", "dialog", "log"], ...] = (
    "button",
    "link",
    "textbox",
    "combobox",
    "checkbox",
    "img",
    "dialog",
    "log",
)
_SEEN = """
() => {
  const at = document.activeElement;
  const looks = [at, at.closest(".frame"), at.parentElement].filter(Boolean).map((one) => getComputedStyle(one));
  const outlined = looks.some((look) => look.outlineStyle !== "none" && parseFloat(look.outlineWidth) > 0);
  return [at.tagName + " " + (at.getAttribute("aria-label") || at.textContent).slice(0, 40),
    outlined || looks.some((look) => look.boxShadow !== "none")];
}
"""


async def checked(page: Page) -> None:
    """All that can be pressed or filled in has a name, and axe finds nothing."""
    for role in NAMED:
        every = page.get_by_role(role)
        assert await every.count() == await page.get_by_role(role, name=re.compile(r"\S")).count(), role
    found = await Axe().run(page)
    assert [
        f"{one['id']}: {node['html'][:200]} ({node.get('failureSummary', '')[:300]})"
        for one in found.response["violations"]
        for node in one["nodes"]
    ] == []


@pytest.mark.parametrize("colours", ["light", "dark"])
async def test_a_duel_in_a_thread(colours: str, house: House, room: str, open_page: OpenPage) -> None:
    house.openai.script(
        "fake", replies.Answer("Some *words* and `code`, a [link](https://example.org).\n\n- one\n- two")
    )
    await house.tell("ann", room, "/kostprobe config set pair=star-chef,support mode=duel")
    page = await open_page("ben", room, color_scheme=colours)
    await page.channel.say("@kostprobe Why is the sky blue?")
    ballot = page.thread.message("Which is better, A or B?")
    await ballot.get_by_role("button", name="A better").click()
    await expect(ballot).to_contain_text("1 person has voted.")
    await page.command("/kostprobe help")
    await expect(page.channel.message("Only visible to you")).to_be_visible()

    await checked(page.page)

    await expect(page.page.get_by_role("main")).to_have_count(1)
    await expect(page.page.get_by_role("navigation")).to_have_count(1)
    await expect(page.page.get_by_role("complementary")).to_have_count(1)
    await expect(page.page.get_by_role("heading", level=1)).to_have_count(1)
    assert await page.page.locator("html").get_attribute("lang") == "en"


@pytest.mark.parametrize("colours", ["light", "dark"])
async def test_a_form_and_a_home(colours: str, room: str, open_page: OpenPage) -> None:
    page = await open_page("ann", room, color_scheme=colours)
    await page.command("/kostprobe config")
    await expect(page.modal.get_by_role("button", name="Save")).to_be_visible()
    await checked(page.page)
    await page.page.keyboard.press("Escape")
    await expect(page.page.get_by_role("dialog")).to_have_count(0)

    await page.place("⌂ kostprobe").click()
    await expect(page.page.get_by_role("region", name="Home of kostprobe")).to_contain_text("Your channels")
    await checked(page.page)


async def test_tab_goes_through_all_of_it_and_one_sees_where_one_is(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    await lonely.control.say("ann", "kitchen", "hello")
    page = await (await open_tab(lonely, "ann")).open("kitchen")
    await page.page.locator("body").click(position={"x": 640, "y": 20})
    passed: dict[str, bool] = {}
    for _ in range(60):
        await page.page.keyboard.press("Tab")
        what, is_seen = await page.page.evaluate(_SEEN)
        if what in passed and len(passed) > 10:
            break
        passed[what] = is_seen

    assert [what for what, is_seen in passed.items() if not is_seen and not what.startswith("BODY")] == []
    for name in ("Ben, member", "# kitchen", "Colours: system", "Messages in", "Message #", "Send"):
        assert any(name in what.replace("\u2009", " ") for what in passed), name


async def test_what_others_write_is_said_to_who_hears_the_page(lonely: LocalSlack, open_tab: OpenTab) -> None:
    page = await (await open_tab(lonely, "ann")).open("kitchen")
    await page.channel.say("hello")
    await expect(page.channel.message("hello")).to_be_visible()

    await lonely.control.say("ben", "kitchen", "good morning")

    await expect(page.page.get_by_role("status").filter(has_text="Ben: good morning")).to_be_attached()


async def test_what_an_app_streams_is_said_when_it_is_all_there(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    page = await (await open_tab(lonely, "ann")).open("kitchen")
    await lonely.control.join("kostprobe", "kitchen")
    asked = await lonely.control.say("ann", "kitchen", "Why is the sky blue?")
    workspace = lonely.core.workspace
    channel = workspace.channel("kitchen").id
    await page.channel.tool(page.channel.message("Why is the sky blue?"), "Reply in thread")
    web = AsyncWebClient(token=lonely.app.bot_token, base_url=lonely.api_url)
    stream = await web.chat_startStream(
        channel=channel,
        thread_ts=asked,
        recipient_user_id=workspace.user("ann").id,
        recipient_team_id=workspace.team.id,
        markdown_text="Blue light",
    )
    await expect(page.thread.message("Blue light")).to_be_visible()
    said = page.page.get_by_role("status").filter(has_text="kostprobe: Blue light")
    await expect(said).to_have_count(0)

    await web.chat_stopStream(channel=channel, ts=str(stream["ts"]), markdown_text=" is scattered most.")

    await expect(said).to_contain_text("Blue light is scattered most.")


async def test_arrows_go_from_message_to_message_and_tab_into_their_tools(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    for number in range(5):
        await lonely.control.say("ben", "kitchen", f"line {number}.")
    page = await (await open_tab(lonely, "ann")).open("kitchen")
    await expect(page.channel.message("line 4.")).to_be_visible()
    await page.channel.log.focus()

    await page.page.keyboard.press("ArrowUp")
    await expect(page.channel.message("line 4.")).to_be_focused()
    await page.page.keyboard.press("ArrowUp")
    await expect(page.channel.message("line 3.")).to_be_focused()
    await page.page.keyboard.press("Tab")
    tool = page.channel.message("line 3.").get_by_role("button", name="React with +1")
    await expect(tool).to_be_focused()
    await expect(tool).to_be_visible()
    await page.page.keyboard.press("Enter")

    await expect(page.channel.message("line 3.").get_by_role("button", name="+1, 1: Ann")).to_be_visible()
