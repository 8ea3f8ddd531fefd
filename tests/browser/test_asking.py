"""A question, an answer that grows, and what comes after it."""

from playwright.async_api import expect

from tests.browser.conftest import OpenPage
from tests.scenarios.house import House


async def test_a_question_in_a_channel_is_answered_in_its_thread(
    house: House, room: str, open_page: OpenPage
) -> None:
    house.openai.script("fake", "Because of Rayleigh scattering.")
    page = await open_page("ben", room)

    await page.channel.say("@kostprobe Why is the sky blue?")

    await expect(page.channel.message("Why is the sky blue?")).to_be_visible()
    await expect(page.thread.message("Because of Rayleigh scattering.")).to_be_visible()
    await expect(page.channel.log.get_by_role("button", name="Open the thread: 1 reply")).to_be_visible()
