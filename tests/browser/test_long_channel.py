"""A channel of two thousand messages: little of it is drawn at a time, and it scrolls smoothly."""

import re
import statistics

from playwright.async_api import expect

from bot.playground.slack import LocalSlack
from bot.playground.slack.seed import add_message
from tests.browser.conftest import Figure, OpenTab

MESSAGES = 2000
MOST_DRAWN = 120
FRAME_MS = 100.0
"""The median of a frame while scrolling, on a machine that does other work; 16.7 is smooth."""
SLOW_FRAME_MS = 700.0
_SCROLL = """
(log) => new Promise((done) => {
  const frames = [];
  let before = performance.now();
  const begin = before;
  function step(now) {
    frames.push(now - before);
    before = now;
    log.scrollTop -= 150;
    if (now - begin < 3000) requestAnimationFrame(step);
    else done(frames);
  }
  requestAnimationFrame(step);
})
"""


def fill(slack: LocalSlack) -> None:
    for number in range(MESSAGES):
        text = f"Message number {number}. " + "It says a thing or two. " * (number % 9)
        add_message(
            slack.core.workspace,
            {"channel": "kitchen", "user": ("ann", "ben", "cleo")[number // 3 % 3], "text": text},
            slack.core.clock,
        )


async def test_two_thousand_messages_scroll_smoothly(
    lonely: LocalSlack, open_tab: OpenTab, record_property: Figure
) -> None:
    fill(lonely)
    page = await (await open_tab(lonely, "ann")).open("kitchen")
    await expect(page.channel.message(f"Message number {MESSAGES - 1}.")).to_be_in_viewport()

    frames = await page.channel.log.evaluate(_SCROLL)

    drawn = await page.channel.log.get_by_role("article").count()
    await expect(page.channel.messages(f"Message number {MESSAGES - 1}.")).to_have_count(0)
    record_property("frames while scrolling through 2,000 messages", len(frames))
    record_property("median of a frame, ms", round(statistics.median(frames), 1))
    record_property("slowest frame, ms", round(max(frames)))
    record_property("messages drawn of 2,000", drawn)
    assert statistics.median(frames) < FRAME_MS
    assert max(frames) < SLOW_FRAME_MS
    assert drawn < MOST_DRAWN


async def test_all_of_it_can_be_reached_and_none_twice(lonely: LocalSlack, open_tab: OpenTab) -> None:
    fill(lonely)
    page = await (await open_tab(lonely, "ann")).open("kitchen")
    await expect(page.channel.message(f"Message number {MESSAGES - 1}.")).to_be_in_viewport()
    seen: dict[int, None] = {}
    while 0 not in seen:
        texts = await page.channel.log.get_by_role("article").all_inner_texts()
        numbers = [int(found[1]) for text in texts if (found := re.search(r"Message number (\d+)\.", text))]
        assert len(numbers) == len(set(numbers))
        assert numbers == sorted(numbers)
        before = len(seen)
        seen |= dict.fromkeys(numbers)
        await page.channel.log.evaluate("(log) => { log.scrollTop -= log.clientHeight / 2; }")
        await page.settle()
        if len(seen) == before:
            await page.page.wait_for_timeout(30)

    assert len(seen) == MESSAGES


async def test_whoever_reads_older_messages_is_not_pulled_away(lonely: LocalSlack, open_tab: OpenTab) -> None:
    fill(lonely)
    page = await (await open_tab(lonely, "ann")).open("kitchen")
    await expect(page.channel.message(f"Message number {MESSAGES - 1}.")).to_be_in_viewport()
    await page.channel.log.evaluate("(log) => { log.scrollTop -= 1500; }")
    await expect(page.channel.message(f"Message number {MESSAGES - 1}.")).not_to_be_in_viewport()
    newer = page.channel.root.get_by_role("button", name=re.compile("New messages"))
    await expect(newer).to_have_count(0)

    await lonely.control.say("ben", "kitchen", "something new")

    await expect(newer).to_be_visible()
    await expect(page.channel.messages("something new")).not_to_be_in_viewport()
    await newer.click()
    await expect(page.channel.message("something new")).to_be_in_viewport()
    await expect(newer).to_have_count(0)


async def test_whoever_writes_sees_what_they_wrote_and_an_edit_far_below_is_no_news(
    lonely: LocalSlack, open_tab: OpenTab
) -> None:
    fill(lonely)
    page = await (await open_tab(lonely, "ann")).open("kitchen")
    last = await lonely.control.say("ben", "kitchen", "the last one")
    await expect(page.channel.message("the last one")).to_be_in_viewport()
    await page.channel.log.evaluate("(log) => { log.scrollTop -= 1500; }")
    await page.settle()
    await lonely.control.edit("ben", "kitchen", last, "the very last one")
    newer = page.channel.root.get_by_role("button", name=re.compile("New messages"))
    await page.settle()
    await expect(newer).to_have_count(0)

    await page.channel.say("here I am")

    await expect(page.channel.message("here I am")).to_be_in_viewport()
