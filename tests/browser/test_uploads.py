"""Files that are large, unreadable or slow: what is said of them, and that no message goes without its files."""

import asyncio

from playwright.async_api import FilePayload, Route, expect

from bot.playground.slack import LocalSlack
from tests.browser.conftest import OpenTab

MORE_THAN_A_BODY = bytes(13_000_000)


async def test_a_file_that_is_too_large_is_named_and_those_after_it_are_uploaded(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    page = await (await open_tab(lonely)).open("kitchen")

    await page.channel.root.locator("input[type=file]").set_input_files(
        [
            FilePayload(name="film.mp4", mimeType="video/mp4", buffer=MORE_THAN_A_BODY),
            FilePayload(name="menu.txt", mimeType="text/plain", buffer=b"Soup"),
        ]
    )

    await expect(page.toast).to_contain_text(
        "film.mp4 cannot be uploaded: a file has a byte at least, and 10 MB at most."
    )
    await expect(page.channel.root.get_by_role("button", name="Remove menu.txt")).to_be_visible()
    await expect(page.channel.root.get_by_role("button", name="Remove film.mp4")).to_have_count(0)


async def test_a_message_waits_for_its_files(lonely: LocalSlack, open_tab: OpenTab) -> None:
    page = await (await open_tab(lonely)).open("kitchen")
    arrived = asyncio.Event()

    async def slowly(route: Route) -> None:
        await arrived.wait()
        await route.continue_()

    await page.page.route("**/control/upload", slowly)
    await page.channel.root.locator("input[type=file]").set_input_files(
        [FilePayload(name="menu.txt", mimeType="text/plain", buffer=b"Soup")]
    )
    uploading = page.channel.root.get_by_role("status").filter(has_text="Uploading")
    await expect(uploading).to_be_visible()
    await page.channel.box.fill("Look at this")
    await page.channel.box.press("Enter")
    await expect(uploading).to_contain_text("then it is sent")
    await expect(page.channel.box).to_have_value("Look at this")

    arrived.set()

    await expect(page.channel.message("Look at this")).to_contain_text("menu.txt")
    await expect(page.channel.box).to_have_value("")
    await expect(uploading).to_have_count(0)


async def test_a_message_whose_file_does_not_arrive_stays_where_it_is_written(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    page = await (await open_tab(lonely)).open("kitchen")
    page.watch.expected.append(r"control/upload")
    refused = asyncio.Event()

    async def not_at_all(route: Route) -> None:
        await refused.wait()
        await route.fulfill(status=413, content_type="text/plain", body="Maximum request body size exceeded")

    await page.page.route("**/control/upload", not_at_all)
    await page.channel.root.locator("input[type=file]").set_input_files(
        [FilePayload(name="menu.txt", mimeType="text/plain", buffer=b"Soup")]
    )
    await page.channel.box.fill("Look at this")
    await page.channel.box.press("Enter")

    refused.set()

    await expect(page.toast).to_contain_text(
        "menu.txt cannot be uploaded: it is too large for the local Slack."
    )
    await expect(page.channel.box).to_have_value("Look at this")
    await expect(page.channel.messages("Look at this")).to_have_count(0)
