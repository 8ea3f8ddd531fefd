"""Labels, words and names that are longer than anybody expects: they keep to their place."""

from typing import Any

from playwright.async_api import FilePayload, Locator, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import LocalSlack
from tests.browser.conftest import OpenTab
from tests.browser.pages import SlackPage

PHONE = {"width": 380, "height": 650}


async def shown(slack: LocalSlack, open_tab: OpenTab, *blocks: dict[str, Any]) -> SlackPage:
    await slack.control.join("kostprobe", "kitchen")
    await AsyncWebClient(token=slack.app.bot_token, base_url=slack.api_url).chat_postMessage(
        channel=slack.core.workspace.channel("kitchen").id, text="look", blocks=list(blocks)
    )
    return await (await open_tab(slack)).open("kitchen")


async def width_of(what: Locator) -> float:
    """How wide it is drawn."""
    box = await what.bounding_box()
    assert box
    return box["width"]


async def test_a_button_beside_a_text_leaves_it_most_of_the_room(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    label = "Put it on the list of what is cooked next week, if nobody has eaten it"
    page = await shown(
        lonely,
        open_tab,
        {
            "type": "section",
            "text": {"type": "mrkdwn", "text": "A stew of what was left of Sunday, with beans. " * 3},
            "accessory": {
                "type": "button",
                "action_id": "list",
                "text": {"type": "plain_text", "text": label},
            },
        },
    )
    button = page.channel.log.get_by_role("button", name=label)
    await expect(button).to_be_visible()

    assert await width_of(page.channel.log.locator(".section > .text")) > await width_of(button)
    assert await button.evaluate("(one) => one.scrollWidth <= one.clientWidth")


async def test_a_word_in_a_table_stays_in_its_cell(lonely: LocalSlack, open_tab: OpenTab) -> None:
    text = f"| a | b |\n|---|---|\n| {'x' * 200} | stew |"
    page = await shown(lonely, open_tab, {"type": "markdown", "text": text})
    cell = page.channel.log.get_by_role("cell", name="xxx")
    await expect(cell).to_be_visible()

    assert await cell.evaluate("(one) => one.scrollWidth <= one.clientWidth")


async def test_files_to_be_sent_leave_room_for_the_field(lonely: LocalSlack, open_tab: OpenTab) -> None:
    place = lonely.core.workspace.channel("kitchen").id
    page = await open_tab(lonely, "ann", place, viewport=PHONE)
    names = [f"{'long' * 50}.txt", *(f"{number}.txt" for number in range(32))]

    await page.channel.root.locator("input[type=file]").set_input_files(
        [FilePayload(name=name, mimeType="text/plain", buffer=b"Soup") for name in names]
    )

    await expect(page.channel.root.get_by_role("button", name="Remove 31.txt")).to_be_attached()
    await expect(page.channel.box).to_be_in_viewport(ratio=1)
    form = page.channel.root.get_by_role("form", name="New message")
    assert await width_of(form.get_by_role("button", name="Remove long")) <= await width_of(form)
