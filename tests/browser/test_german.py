"""Cleo's Slack is German and Ann's is English: each reads their own."""

from playwright.async_api import expect

from tests.browser.conftest import OpenPage
from tests.scenarios.house import House


async def test_cleo_reads_german_and_ann_english(house: House, room: str, open_page: OpenPage) -> None:
    page = await open_page("cleo", room)
    await page.command("/kostprobe help")
    await expect(page.channel.message("Only visible to you")).to_contain_text("Ich beantworte Fragen")
    await page.place("⌂ kostprobe").click()
    home = page.page.get_by_role("region", name="Home of kostprobe")
    await expect(home).to_contain_text("Ich beantworte Fragen")
    await page.shot("home-german")

    await page.become("Ann")
    await page.place("⌂ kostprobe").click()
    await expect(home).to_contain_text("I answer questions")
    await expect(home).not_to_contain_text("Ich beantworte")
    await page.open(room)
    await page.command("/kostprobe help")
    await expect(page.channel.message("Only visible to you")).to_contain_text("I answer questions")
    await expect(page.channel.messages("Ich beantworte")).to_have_count(0)
    assert house.bot is not None


async def test_a_refusal_in_german(room: str, open_page: OpenPage) -> None:
    page = await open_page("cleo", room)

    await page.command("/kostprobe config set answer=support")

    await expect(page.channel.message("Only visible to you")).to_contain_text("Das dürfen nur Admins")
