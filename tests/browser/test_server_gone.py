"""The server goes and comes back while a page is open."""

from pathlib import Path

import pytest
from playwright.async_api import expect
from slack_sdk.web.async_client import AsyncWebClient

from tests.browser.conftest import OpenTab, lonely_slack

GONE = r"ERR_CONNECTION_REFUSED|ERR_INCOMPLETE_CHUNKED|ERR_CONNECTION_RESET|ERR_EMPTY_RESPONSE|ERR_INVALID_HTTP_RESPONSE"
MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "Who cooks"},
    "submit": {"type": "plain_text", "text": "Save"},
    "blocks": [
        {
            "type": "input",
            "label": {"type": "plain_text", "text": "Name"},
            "element": {"type": "plain_text_input", "action_id": "name"},
        }
    ],
}


async def test_the_page_finds_a_server_that_was_restarted_and_nothing_is_lost_or_doubled(
    tmp_path: Path, open_tab: OpenTab
) -> None:
    state = tmp_path / "slack.json"
    async with lonely_slack(state_path=state) as first:
        page = await (await open_tab(first, "ann")).open("kitchen")
        page.watch.expected.append(GONE)
        await page.channel.say("before")
        await expect(page.channel.message("before")).to_be_visible()
        root = await first.control.say("ben", "kitchen", "a question")
        await page.channel.tool(page.channel.message("a question"), "Reply in thread")
        port = int(first.url.rpartition(":")[2])

    lost = page.page.get_by_text("Connection lost")
    await expect(lost).to_be_visible()
    await page.channel.box.fill("while it was away")
    await page.channel.box.press("Enter")
    await expect(page.toast).to_contain_text("does not answer")
    await expect(page.channel.box).to_have_value("while it was away")

    async with lonely_slack(state_path=state, port=port) as second:
        await second.control.say("ben", "kitchen", "meanwhile")
        await second.control.say("ben", "kitchen", "in the thread", thread_ts=root)
        await expect(lost).to_have_count(0)
        await expect(page.channel.messages("meanwhile")).to_have_count(1)
        await expect(page.thread.messages("in the thread")).to_have_count(1)
        await page.channel.box.press("Enter")
        await expect(page.channel.messages("while it was away")).to_have_count(1)
        await expect(page.channel.messages("before")).to_have_count(1)
        await expect(page.thread.messages("a question")).to_have_count(1)


async def test_a_page_that_is_opened_while_no_server_is_there_finds_it_later(
    tmp_path: Path, open_tab: OpenTab
) -> None:
    state = tmp_path / "slack.json"
    async with lonely_slack(state_path=state) as first:
        page = await (await open_tab(first, "ann")).open("kitchen")
        page.watch.expected.append(GONE)
        port = int(first.url.rpartition(":")[2])
    await page.page.route("**/changes*", lambda route: route.abort())
    await page.page.wait_for_timeout(100)

    async with lonely_slack(state_path=state, port=port) as second:
        await page.page.unroute("**/changes*")
        await second.control.say("ben", "kitchen", "back again")
        await expect(page.channel.message("back again")).to_be_visible()


@pytest.mark.parametrize("times", [3])
async def test_a_reset_shows_the_seed_again(times: int, open_tab: OpenTab) -> None:
    async with lonely_slack() as slack:
        page = await (await open_tab(slack, "ann")).open("kitchen")
        page.watch.expected.append(GONE)
        for number in range(times):
            await page.channel.say(f"line {number}")
            await expect(page.channel.message(f"line {number}")).to_be_visible()
            await slack.control.reset()
            await expect(page.channel.messages("line")).to_have_count(0)


async def test_a_modal_that_was_to_be_closed_meanwhile_is_still_there(
    tmp_path: Path, open_tab: OpenTab
) -> None:
    state = tmp_path / "slack.json"
    async with lonely_slack(state_path=state) as first:
        page = await open_tab(first, "ann")
        page.watch.expected.append(GONE)
        trigger = first.core.trigger(first.app, first.core.workspace.user("ann").id)
        web = AsyncWebClient(token=first.app.bot_token, base_url=first.api_url)
        await web.views_open(trigger_id=trigger, view=MODAL)
        field = page.modal.get_by_role("textbox", name="Name")
        await field.fill("half a na")
        port = int(first.url.rpartition(":")[2])
    await expect(page.page.get_by_text("Connection lost")).to_be_attached()

    for _ in range(3):
        await page.page.keyboard.press("Escape")

    await expect(page.modal).to_be_visible()
    await expect(field).to_be_focused()
    async with lonely_slack(state_path=state, port=port):
        await expect(page.page.get_by_text("Connection lost")).to_have_count(0)
        await expect(field).to_have_value("half a na")
        await page.page.keyboard.press("Escape")
        await expect(page.modal).to_have_count(0)
