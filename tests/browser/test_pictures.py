"""Pictures of the main states for people who look, and what holds in each of them: nothing is wider than the screen."""

import pytest
from playwright.async_api import ViewportSize, expect

from tests.browser.conftest import OpenPage
from tests.browser.pages import SlackPage
from tests.fakes import openai_replies as replies
from tests.scenarios.house import House

WIDTHS = {
    "phone": ViewportSize(width=380, height=740),
    "laptop": ViewportSize(width=1280, height=800),
    "large": ViewportSize(width=1600, height=1000),
}
SENTENCE = "Step {number}: simmer the stock for {number} minutes, skim it, and taste it {half} times before you salt it. "
PARTS = [
    "## What it takes\n\n- **Flour**, 500 g, sifted\n- *Water*, 325 g, at 22 °C\n  - a little more in summer\n1. Mix\n2. Rest\n",
    "| Step | Minutes | What to look for |\n|---|---:|---|\n| Mix | 8 | a dough that leaves the bowl |\n| Rest | 60 | twice its size |\n",
    '```python\ndef bake(loaf: str, degrees: int = 250) -> str:\n    return f"{loaf} at {degrees}, and a very long comment behind it that does not fit on a narrow screen at all"\n```\n',
    (
        "> Patience is an ingredient.\n\nSee [the book](https://example.org/a/very/long/address/that/goes/on/and/on/and/on/for/ever?and=ever) or "
        "Averyveryverylongwordwithoutanyspaceinitthatnobodywouldeverwriteinasentencebutmodelsdo.\n"
    ),
]
_WIDER = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
_CUT = """
() => [...document.querySelectorAll(".log article, dialog, .thread, main")]
  .filter((one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1)
  .map((one) => `${one.tagName} ${one.className}: ${one.scrollWidth} > ${one.clientWidth}`)
"""


def long_answer(received: replies.Received) -> str:
    """Three thousand words with all that Markdown has; no two sentences are the same, since a loop would be cut."""
    side = "Chef" if "chef" in str(received.system) else "Help"
    sentences = [SENTENCE.format(number=number, half=number // 2 + 2) for number in range(160)]
    each = len(sentences) // len(PARTS)
    texts = ["".join(sentences[at * each : (at + 1) * each]) for at in range(len(PARTS))]
    return f"{side} says:\n\n" + "\n\n".join(
        f"{part}\n{text}" for part, text in zip(PARTS, texts, strict=True)
    )


async def pictured(page: SlackPage, name: str) -> None:
    """Take a picture in either colours; nothing may be wider than where it is."""
    for colours in ("dark", "light"):
        await page.page.emulate_media(color_scheme=colours)
        await expect(page.page.locator("html")).to_have_attribute("data-theme", colours)
        await page.shot(f"{name}-{colours}")
    assert await page.page.evaluate(_WIDER) <= 0
    assert await page.page.evaluate(_CUT) == []


@pytest.mark.parametrize("width", WIDTHS)
async def test_a_duel_of_two_answers_of_three_thousand_words(
    width: str, house: House, room: str, open_page: OpenPage
) -> None:
    house.openai.script("fake", long_answer)
    await house.tell("ann", room, "/kostprobe config set pair=star-chef,support mode=duel")
    ts = await house.control.say("ben", room, "@kostprobe How do I bake a loaf?")
    await house.control.wait_message(room, "Which is better", thread_ts=ts, after=ts)
    page = await open_page("ben", room, viewport=WIDTHS[width])
    await expect(page.channel.message("How do I bake a loaf?")).to_be_visible()
    await pictured(page, f"{width}-channel")
    await page.channel.log.get_by_role("button", name="Open the thread").click()
    ballot = page.thread.message("Which is better, A or B?")
    await page.thread.to_end()
    await expect(ballot).to_be_visible()
    await expect(ballot.get_by_text("at the latest")).to_be_in_viewport(ratio=1)
    await pictured(page, f"{width}-duel-end")
    await page.thread.log.evaluate("(log) => { log.scrollTop = 0; }")
    await expect(page.thread.message("How do I bake a loaf?")).to_be_in_viewport()
    await page.settle()
    await pictured(page, f"{width}-duel")
    await page.thread.to_end()
    await page.thread.log.get_by_role("button", name="Read A").last.click()
    await expect(page.modal).to_contain_text("What it takes")
    await pictured(page, f"{width}-duel-read")


@pytest.mark.parametrize("width", WIDTHS)
async def test_a_form_a_home_and_the_inspector(
    width: str, house: House, room: str, open_page: OpenPage
) -> None:
    page = await open_page("ann", room, viewport=WIDTHS[width])
    await house.tell("ann", room, "/kostprobe help")
    await expect(page.channel.message("Only visible to you")).to_be_visible()
    await pictured(page, f"{width}-help")
    await house.control.command("ann", room, "/kostprobe config")
    await expect(page.modal.get_by_role("button", name="Save")).to_be_visible()
    await pictured(page, f"{width}-form")
    await page.page.keyboard.press("Escape")
    await expect(page.page.get_by_role("dialog")).to_have_count(0)
    app = house.slack.app.id
    await page.page.goto(f"{house.slack.url}/#home/{app}")
    await expect(page.page.get_by_role("region", name="Home of kostprobe")).to_contain_text("Your channels")
    await pictured(page, f"{width}-home")
    await page.page.get_by_role("button", name="Inspector", exact=True).click()
    await expect(page.page.get_by_role("complementary", name="Inspector")).to_be_visible()
    await expect(page.page.get_by_role("option").filter(has_text="views.publish").first).to_be_visible()
    await pictured(page, f"{width}-inspector")
    if width == "phone":
        await page.page.keyboard.press("Escape")
        await page.page.get_by_role("button", name="Channels").click()
        await expect(page.place("kitchen")).to_be_in_viewport()
        await pictured(page, f"{width}-sidebar")
