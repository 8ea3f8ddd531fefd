"""Where the focus is after something closed: where it was before, so that a keyboard goes on from there."""

from playwright.async_api import Locator, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import LocalSlack
from tests.browser.conftest import OpenTab
from tests.browser.pages import SlackPage


async def with_a_message(slack: LocalSlack, open_tab: OpenTab) -> tuple[SlackPage, Locator]:
    await slack.control.say("ann", "kitchen", "soup today")
    page = await (await open_tab(slack)).open("kitchen")
    return page, page.channel.message("soup today")


async def tool(message: Locator, name: str) -> Locator:
    """One of the buttons beside a message, reached by the keyboard."""
    await message.focus()
    button = message.get_by_role("button", name=name)
    await button.focus()
    await button.press("Enter")
    return button


async def test_a_message_s_menu_gives_the_focus_back_to_its_button(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    page, message = await with_a_message(lonely, open_tab)
    more = await tool(message, "More actions")
    await expect(page.page.get_by_role("menuitem").first).to_be_focused()
    await page.page.keyboard.press("Escape")
    await expect(more).to_be_focused()

    await more.press("Enter")
    await page.page.get_by_role("menuitem", name="Pin to channel").press("Enter")
    await expect(message).to_contain_text("Pinned")
    await expect(more).to_be_focused()


async def test_so_does_the_choice_of_an_emoji(lonely: LocalSlack, open_tab: OpenTab) -> None:
    page, message = await with_a_message(lonely, open_tab)
    smile = await tool(message, "Add a reaction")
    field = page.page.get_by_role("searchbox", name="Search emoji")
    await field.press("Escape")
    await expect(smile).to_be_focused()

    await smile.press("Enter")
    await field.press_sequentially("pizza")
    await field.press("Enter")
    await expect(message.get_by_role("button", name="pizza, 1")).to_be_visible()
    await expect(smile).to_be_focused()


async def test_who_has_edited_a_message_is_where_they_came_from(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    page, message = await with_a_message(lonely, open_tab)
    more = await tool(message, "More actions")
    await page.page.get_by_role("menuitem", name="Edit message").press("Enter")
    field = page.channel.log.get_by_role("textbox", name="Edit message")
    await field.fill("soup today, and stew")
    await field.press("Enter")
    await expect(field).to_have_count(0)
    await expect(more).to_be_focused()

    await page.channel.box.press("ArrowUp")
    await field.press("Escape")
    await expect(field).to_have_count(0)
    await expect(page.channel.box).to_be_focused()


async def test_who_is_asked_before_a_message_goes_is_at_its_button_or_in_the_list(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    page, message = await with_a_message(lonely, open_tab)
    more = await tool(message, "More actions")
    delete = page.page.get_by_role("menuitem", name="Delete message")
    await delete.press("Enter")
    await page.page.keyboard.press("Escape")
    await expect(page.page.get_by_role("dialog")).to_have_count(0)
    await expect(more).to_be_focused()

    await more.press("Enter")
    await delete.press("Enter")
    await expect(page.page.get_by_role("button", name="Delete", exact=True)).to_be_focused()
    await page.page.keyboard.press("Enter")
    await expect(page.channel.messages("soup today")).to_have_count(0)
    await expect(page.channel.log).to_be_focused()


async def test_who_is_asked_by_an_app_is_at_its_button_again(lonely: LocalSlack, open_tab: OpenTab) -> None:
    await lonely.control.join("kostprobe", "kitchen")
    text = {"type": "plain_text", "text": "Sure?"}
    button = {
        "type": "button",
        "action_id": "stop",
        "text": {"type": "plain_text", "text": "Stop it"},
        "confirm": {"title": text, "text": text, "confirm": text, "deny": text},
    }
    await AsyncWebClient(token=lonely.app.bot_token, base_url=lonely.api_url).chat_postMessage(
        channel=lonely.core.workspace.channel("kitchen").id,
        text="cooking",
        blocks=[{"type": "actions", "elements": [button]}],
    )
    page = await (await open_tab(lonely)).open("kitchen")
    stop = page.channel.log.get_by_role("button", name="Stop it")
    await stop.press("Enter")
    await expect(page.page.get_by_role("dialog")).to_be_visible()

    await page.page.keyboard.press("Escape")

    await expect(page.page.get_by_role("dialog")).to_have_count(0)
    await expect(stop).to_be_focused()


async def test_digits_press_nothing_while_an_emoji_is_looked_for(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    await lonely.control.join("kostprobe", "kitchen")
    buttons = [
        {"type": "button", "action_id": name, "text": {"type": "plain_text", "text": name}}
        for name in ("Soup", "Stew")
    ]
    await AsyncWebClient(token=lonely.app.bot_token, base_url=lonely.api_url).chat_postMessage(
        channel=lonely.core.workspace.channel("kitchen").id,
        text="which one?",
        blocks=[{"type": "actions", "elements": buttons}],
    )
    page = await (await open_tab(lonely)).open("kitchen")
    await page.channel.tool(page.channel.message("Stew"), "Add a reaction")
    search = page.page.get_by_role("searchbox", name="Search emoji")
    await expect(search).to_be_focused()
    await search.press("Tab")
    await expect(page.page.get_by_role("dialog").get_by_role("button").first).to_be_focused()
    clicks: list[str] = []
    page.page.on("request", lambda request: clicks.append(request.url))

    await page.page.keyboard.press("2")
    await page.page.keyboard.press("Enter")

    await expect(page.channel.log.get_by_role("button", name="+1, 1: Ann")).to_be_visible()
    assert [url for url in clicks if url.endswith("/click")] == []
