"""Writing: what completes itself, what can be done with a message afterwards, and files."""

import asyncio
import re

import pytest
from playwright.async_api import FilePayload, Locator, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import LocalSlack
from tests.browser.conftest import OpenPage, OpenTab
from tests.browser.pages import SlackPage
from tests.scenarios.house import House

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154789c63f8cfc0000003010100"
    "c9fe92ef0000000049454e44ae426082"
)


async def kitchen(slack: LocalSlack, open_tab: OpenTab, user: str = "ann") -> SlackPage:
    return await (await open_tab(slack, user)).open("kitchen")


async def test_names_emoji_channels_and_commands_complete_themselves(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    page = await kitchen(lonely, open_tab)
    box = page.channel.box

    await box.press_sequentially("hello @cl")
    await expect(page.channel.suggestions).to_have_text([re.compile("@cleo")])
    await box.press("Enter")
    await expect(box).to_have_value("hello @cleo ")
    await box.press_sequentially("have some :pizz")
    await box.press("Tab")
    await expect(box).to_have_value("hello @cleo have some :pizza: ")
    await box.press_sequentially("in #cel")
    await page.channel.suggestions.first.click()
    await expect(box).to_have_value("hello @cleo have some :pizza: in #cellar ")
    await box.press("Enter")
    await expect(page.channel.message("🍕")).to_contain_text("hello @Cleo have some 🍕 in")

    await box.press_sequentially("/")
    first = page.channel.suggestions.first
    await expect(first).to_contain_text("/kostprobe")
    await box.press("ArrowDown")
    await expect(first).to_have_attribute("aria-selected", "true")
    await box.press("Escape")
    await expect(page.channel.suggestions).to_have_count(0)
    await expect(box).to_have_value("/")


async def test_whoever_types_on_after_a_completion_writes_behind_it_however_slow_frames_are(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    page = await kitchen(lonely, open_tab)
    await page.page.evaluate(
        "() => { const next = requestAnimationFrame;"
        " window.requestAnimationFrame = (draw) => next(() => setTimeout(draw, 300)); }"
    )
    box = page.channel.box

    await box.press_sequentially(":pizz")
    await box.press("Tab")
    await box.press_sequentially("now ")
    await page.page.wait_for_timeout(400)
    await box.press_sequentially("and then")

    await expect(box).to_have_value(":pizza: now and then")


@pytest.mark.parametrize("away", ["ArrowLeft", "Home", "click", "Shift+ArrowLeft"])
async def test_nothing_is_completed_once_the_caret_is_elsewhere(
    lonely: LocalSlack, open_tab: OpenTab, away: str
) -> None:
    page = await kitchen(lonely, open_tab)
    box = page.channel.box
    await box.press_sequentially("hello @be")
    await expect(page.channel.suggestions).to_have_text([re.compile("@ben")])

    await (box.click(position={"x": 14, "y": 20}) if away == "click" else box.press(away))
    await expect(page.channel.suggestions).to_have_count(0)
    await box.press("Enter")

    await expect(page.channel.message("hello @be")).to_be_visible()
    await expect(box).to_have_value("")


async def test_shift_enter_makes_a_line_and_what_is_half_written_stays_where_it_was(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    page = await kitchen(lonely, open_tab)
    await page.channel.box.press_sequentially("one")
    await page.channel.box.press("Shift+Enter")
    await page.channel.box.press_sequentially("two")
    await expect(page.channel.box).to_have_value("one\ntwo")

    await page.open("cellar")
    await expect(page.channel.box).to_have_value("")
    await page.open("kitchen")
    await expect(page.channel.box).to_have_value("one\ntwo")
    await page.channel.box.press("Enter")
    await expect(page.channel.message("one")).to_contain_text("two")


async def test_one_s_own_message_is_edited_and_deleted(lonely: LocalSlack, open_tab: OpenTab) -> None:
    page = await kitchen(lonely, open_tab)
    reader = await kitchen(lonely, open_tab, "ben")
    await page.channel.say("early")

    await page.channel.tool(page.channel.message("early"), "Edit message")
    field = page.channel.log.get_by_role("textbox", name="Edit message")
    await expect(field).to_be_focused()
    await field.fill("first")
    await field.press("Enter")
    await expect(reader.channel.message("first")).to_contain_text("(edited)")
    await expect(reader.channel.messages("early")).to_have_count(0)

    await page.channel.box.press("ArrowUp")
    await expect(field).to_have_value("first")
    await field.press("Escape")
    await expect(field).to_have_count(0)

    await page.channel.tool(page.channel.message("first"), "Delete message")
    await page.page.get_by_role("button", name="Cancel", exact=True).click()
    await expect(page.channel.messages("first")).to_have_count(1)
    await page.channel.tool(page.channel.message("first"), "Delete message")
    await page.page.get_by_role("button", name="Delete", exact=True).click()
    await expect(reader.channel.messages("first")).to_have_count(0)
    await expect(page.channel.messages("first")).to_have_count(0)


async def test_others_messages_have_no_such_tools(lonely: LocalSlack, open_tab: OpenTab) -> None:
    await lonely.control.say("ann", "kitchen", "by Ann")
    page = await kitchen(lonely, open_tab, "ben")
    message = page.channel.message("by Ann")
    await message.hover()
    await message.get_by_role("button", name="More actions").click()

    await expect(page.page.get_by_role("menuitem").first).to_be_focused()
    await expect(page.page.get_by_role("menuitem", name="Copy link")).to_be_visible()
    await expect(page.page.get_by_role("menuitem", name=re.compile("Edit|Delete"))).to_have_count(0)
    await page.page.keyboard.press("Escape")
    await expect(page.page.get_by_role("menu")).to_have_count(0)


async def test_reactions_of_two_people_are_counted_and_taken_back(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    await lonely.control.say("ann", "kitchen", "pizza today")
    page = await kitchen(lonely, open_tab, "ben")
    message = page.channel.message("pizza today")

    def reaction(name: str) -> Locator:
        return message.get_by_role("button", name=re.compile(rf"^{name}, \d"))

    await page.channel.tool(message, "React with +1")
    await expect(reaction(r"\+1")).to_have_accessible_name("+1, 1: Ben")
    await page.become("Cleo")
    await reaction(r"\+1").click()
    await expect(reaction(r"\+1")).to_have_accessible_name("+1, 2: Ben, Cleo")
    await expect(reaction(r"\+1")).to_have_attribute("aria-pressed", "true")
    await reaction(r"\+1").click()
    await expect(reaction(r"\+1")).to_have_accessible_name("+1, 1: Ben")

    await page.channel.tool(message, "Add a reaction")
    await page.page.get_by_role("searchbox", name="Search emoji").press_sequentially("pizza")
    await page.page.keyboard.press("Enter")
    await expect(reaction("pizza")).to_have_text("🍕 1")


async def test_a_thread_is_answered_and_the_answer_told_to_the_channel(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    await lonely.control.say("ann", "kitchen", "who cooks?")
    page = await kitchen(lonely, open_tab, "ben")
    await page.channel.tool(page.channel.message("who cooks?"), "Reply in thread")

    await page.thread.say("I do")
    await expect(page.channel.message("who cooks?")).to_contain_text("1 reply")
    await expect(page.channel.messages("I do")).to_have_count(0)
    await page.thread.root.get_by_role("checkbox", name="Also send to the channel").check()
    await page.thread.say("at eight")

    await expect(page.channel.message("at eight")).to_contain_text("replied to a thread")
    await page.page.keyboard.press("Escape")
    await page.page.keyboard.press("Escape")
    await expect(page.thread.root).to_have_count(0)


async def test_a_picture_is_shown_and_another_file_offered_for_download(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    page = await kitchen(lonely, open_tab)
    files = page.channel.root.locator("input[type=file]")
    await files.set_input_files(
        [
            FilePayload(name="dish.png", mimeType="image/png", buffer=PNG),
            FilePayload(name="recipe.txt", mimeType="text/plain", buffer=b"Flour, water, salt."),
        ]
    )
    await expect(page.channel.root.get_by_role("button", name="Remove recipe.txt")).to_be_visible()
    await page.channel.say("two files")

    picture = page.channel.message("two files").get_by_role("img", name="dish.png")
    await expect(picture).to_be_visible()
    await expect(picture).to_have_js_property("naturalWidth", 1)
    async with page.page.expect_download() as downloading:
        await page.channel.message("two files").get_by_role("link", name="Download").click()
    path = await (await downloading.value).path()
    assert await asyncio.to_thread(path.read_bytes) == b"Flour, water, salt."


async def test_what_is_said_to_one_person_only_can_be_dismissed(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    web = AsyncWebClient(token=lonely.app.bot_token, base_url=lonely.api_url)
    await lonely.control.join("kostprobe", "kitchen")
    ben = await kitchen(lonely, open_tab, "ben")
    ann = await kitchen(lonely, open_tab, "ann")
    workspace = lonely.core.workspace

    await web.chat_postEphemeral(
        channel=workspace.channel("kitchen").id, user=workspace.user("ben").id, text="psst, Ben"
    )
    await ben.channel.say("what?")

    whispered = ben.channel.message("psst, Ben")
    await expect(whispered).to_contain_text("Only visible to you")
    await expect(ann.channel.message("what?")).to_be_visible()
    await expect(ann.channel.messages("psst, Ben")).to_have_count(0)
    await whispered.get_by_role("button", name="Dismiss").click()
    await expect(ben.channel.messages("psst, Ben")).to_have_count(0)


async def test_an_app_that_does_not_run_is_said_where_one_looks(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    page = await kitchen(lonely, open_tab)
    await expect(page.page.get_by_role("main")).to_contain_text("kostprobe is not connected just now")

    await page.command("/kostprobe help")

    await expect(page.toast).to_contain_text("is not connected")


async def test_a_slash_command_and_a_message_shortcut_reach_the_bot(
    house: House, room: str, open_page: OpenPage
) -> None:
    page = await open_page("ben", room)
    await page.command("/kostprobe help")
    await expect(page.channel.message("Only visible to you").last).to_contain_text("/kostprobe")

    await page.channel.say("Why is the sky blue?")
    await page.channel.tool(page.channel.message("Why is the sky blue?"), "Duel this question")
    await house.control.wait_message(room, "duel|Duel")


async def test_a_refused_act_is_said_and_the_text_kept(lonely: LocalSlack, open_tab: OpenTab) -> None:
    page = await kitchen(lonely, open_tab, "ben")
    page.watch.expected.append(r"control/say")
    await page.channel.box.fill("to be kept")
    await lonely.control.archive("ann", "kitchen")

    await page.channel.box.press("Enter")

    await expect(page.toast).to_contain_text("That did not work")


DROP = """
([box, name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "text/csv" }));
  for (const kind of ["dragover", "drop"])
    box.dispatchEvent(new DragEvent(kind, { bubbles: true, cancelable: true, dataTransfer: data }));
}
"""
PASTE = """
([box, name, text]) => {
  const data = new DataTransfer();
  data.items.add(new File([text], name, { type: "image/png" }));
  box.dispatchEvent(new ClipboardEvent("paste", { bubbles: true, cancelable: true, clipboardData: data }));
}
"""


async def test_files_are_chosen_dropped_or_pasted_and_sent_with_a_message(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    page = await kitchen(lonely, open_tab)
    form = page.channel.root.get_by_role("form", name="New message")

    async with page.page.expect_file_chooser() as choosing:
        await form.get_by_role("button", name="Attach a file").click()
    await (await choosing.value).set_files({"name": "menu.txt", "mimeType": "text/plain", "buffer": b"Soup"})
    await expect(form.get_by_role("button", name="Remove menu.txt")).to_be_visible()
    log = await page.channel.log.element_handle()
    await page.page.evaluate(DROP, [log, "dishes.csv", "dish"])
    await expect(form.get_by_role("button", name="Remove dishes.csv")).to_be_visible()
    box = await page.channel.box.element_handle()
    await page.page.evaluate(PASTE, [box, "wrong.png", "x"])
    await form.get_by_role("button", name="Remove wrong.png").click()
    await page.channel.say("Look at these")

    message = page.channel.message("Look at these")
    await expect(message).to_contain_text("menu.txt")
    await expect(message).to_contain_text("dishes.csv")
    await expect(message).not_to_contain_text("wrong.png")
    kept = lonely.core.workspace
    assert {file.name: kept.files[file.id] for file in kept.stored.values()} == {
        "menu.txt": b"Soup",
        "dishes.csv": b"dish",
        "wrong.png": b"x",
    }
