"""A question, an answer that grows, and what comes after it."""

import re

from playwright.async_api import Locator, expect
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import LocalSlack
from tests.browser.conftest import OpenPage, OpenTab
from tests.browser.pages import SlackPage
from tests.fakes import openai_replies as replies
from tests.scenarios.house import House

WORDS = 60
STORY = " ".join(f"word{number}." for number in range(WORDS))


def caret(message: Locator) -> Locator:
    """The sign that an answer is still being written; people see it and nobody hears it."""
    return message.locator(".caret")


async def asked(page: SlackPage, question: str) -> None:
    await page.channel.say(f"@kostprobe {question}")


async def test_a_question_in_a_channel_is_answered_in_its_thread(
    house: House, room: str, open_page: OpenPage
) -> None:
    house.openai.script(
        "fake",
        "Because of **Rayleigh** scattering:\n\n- short waves\n- `blue` light\n\n```python\nprint(1)\n```",
    )
    page = await open_page("ben", room)

    await asked(page, "Why is the sky blue?")

    await expect(page.channel.message("Why is the sky blue?")).to_contain_text("@kostprobe")
    answer = page.thread.message("Because of Rayleigh scattering:")
    await expect(answer.get_by_text("Rayleigh", exact=True)).to_have_css("font-weight", re.compile("[67]00"))
    await expect(answer.get_by_role("listitem")).to_have_text(["short waves", "blue light"])
    await expect(answer.locator("pre")).to_contain_text("print(1)")
    await expect(answer).to_contain_text("Answered by plain")
    await expect(page.channel.log.get_by_role("button", name="Open the thread: 1 reply")).to_be_visible()
    await page.shot("answer")


async def test_the_status_says_that_somebody_thinks_and_then_the_text_grows(
    house: House, room: str, open_page: OpenPage
) -> None:
    house.openai.script("fake", replies.slow(STORY, first_byte_seconds=3.0, token_seconds=0.05))
    page = await open_page("ben", room)

    await asked(page, "Tell me a story")

    await expect(page.thread.log.get_by_text(re.compile("^kostprobe is thinking"))).to_be_visible()
    answer = page.thread.message("word1.")
    await expect(answer).to_be_visible()
    await expect(caret(answer)).to_be_visible()
    begun = await answer.inner_text()
    await page.shot("streaming")
    await expect(answer).not_to_contain_text(f"word{WORDS - 1}.")
    await expect(page.thread.log.get_by_text("is thinking")).to_have_count(0)
    await expect(answer).to_contain_text("word30.")
    await expect(answer).to_contain_text(f"word{WORDS - 1}.")
    await expect(caret(answer)).to_have_count(0)
    assert f"word{WORDS - 1}." not in begun
    await expect(page.thread.messages("word1.")).to_have_count(1)


async def test_loading_messages_take_turns(lonely: LocalSlack, open_tab: OpenTab) -> None:
    web = AsyncWebClient(token=lonely.app.bot_token, base_url=lonely.api_url)
    await lonely.control.join("kostprobe", "kitchen")
    root = await lonely.control.say("ben", "kitchen", "hello?")
    page = await (await open_tab(lonely, "ben")).open("kitchen")

    await web.assistant_threads_setStatus(
        channel_id=lonely.core.workspace.channel("kitchen").id,
        thread_ts=root,
        status="is cooking...",
        loading_messages=["Chopping onions...", "Boiling water..."],
    )

    await expect(page.channel.log).to_contain_text("kostprobe is cooking · Chopping onions")
    await expect(page.channel.log).to_contain_text("kostprobe is cooking · Boiling water")


async def test_an_answer_is_stopped_with_its_button(house: House, room: str, open_page: OpenPage) -> None:
    house.openai.script("fake", replies.slow(STORY, token_seconds=0.2))
    page = await open_page("ben", room)
    await asked(page, "Tell me a long story")

    answer = page.thread.message("word1.")
    await answer.get_by_role("button", name="Stop", exact=True).click()

    await expect(answer).to_contain_text(re.compile("stopped", re.IGNORECASE))
    await expect(answer.get_by_role("button", name="Stop", exact=True)).to_have_count(0)


async def test_a_follow_up_in_the_thread_knows_what_was_said(
    house: House, room: str, open_page: OpenPage
) -> None:
    house.openai.script("fake", "A roux is butter and flour.", "Because raw flour tastes raw.")
    page = await open_page("ben", room)
    await asked(page, "What is a roux?")
    await expect(page.thread.message("butter and flour")).to_be_visible()

    await page.thread.say("@kostprobe Why is it cooked?")

    await expect(page.thread.message("raw flour tastes raw")).to_be_visible()
    assert "butter and flour" in str(house.openai.chats[-1].messages)
    await expect(page.channel.log.get_by_role("button", name="Open the thread: 3 replies")).to_be_visible()


async def test_a_thumb_is_given_and_a_direct_message_answered(house: House, open_page: OpenPage) -> None:
    house.openai.script("fake", "With salt.")
    page = await open_page("dora")
    await page.open("kostprobe")
    await expect(page.page.get_by_role("tab", name="Messages")).to_have_attribute("aria-selected", "true")

    await page.channel.say("How is pasta cooked?")

    answer = page.thread.message("With salt.")
    good = answer.get_by_role("button", name="Good answer")
    await good.click()
    await expect(good).to_have_attribute("aria-pressed", "true")
    await expect(page.page.get_by_role("log").get_by_text("Nobody else sees it")).to_be_visible()


async def test_a_failing_model_is_said_and_nothing_hangs(
    house: House, room: str, open_page: OpenPage
) -> None:
    house.openai.script("fake", replies.bad_request())
    page = await open_page("ben", room)

    await asked(page, "Why?")

    await expect(page.thread.log.get_by_role("article")).to_have_count(2)
    await expect(page.thread.log.get_by_text("is thinking")).to_have_count(0)
