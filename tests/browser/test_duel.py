"""A duel: two answers without names, votes of several people, and who wrote what in the end."""

import re

import pytest
from playwright.async_api import Locator, expect

from tests.browser.conftest import OpenPage
from tests.browser.pages import SlackPage
from tests.fakes import openai_replies as replies
from tests.scenarios.house import House

LONG = "\n\n" + "\n\n".join(f"Step {number} explains it." for number in range(300))
NAMES = re.compile(r"star-chef|support|tokens|\bms\b")


def by_persona(received: replies.Received) -> str:
    """Answer after the system prompt, so that the test only can tell the sides apart."""
    return f"{'Chef' if 'chef' in str(received.system) else 'Help'} says: {received.question}"


@pytest.fixture
async def arena(house: House, room: str) -> str:
    """A room with a pair that duels."""
    house.openai.script("fake", by_persona)
    await house.tell(
        "ann", room, "/kostprobe config set pair=star-chef,support answer=support close_minutes=0 ballots=9"
    )
    return room


async def duel(page: SlackPage, question: str = "What is a roux?") -> Locator:
    """Ask for a duel; return the message with the ballot row, in the thread."""
    await page.channel.say(f"@kostprobe duel {question}")
    ballot = page.thread.message("Which is better, A or B?")
    await expect(page.channel.message(question)).to_contain_text("2 replies")
    await page.thread.to_end()  # long answers are shown from their beginning
    await expect(ballot.get_by_role("button", name="A better")).to_be_visible()
    return ballot


async def vote(page: SlackPage, ballot: Locator, choice: str) -> None:
    await ballot.get_by_role("button", name=choice, exact=True).click()
    await expect(page.thread.message("Only visible to you").last).to_contain_text(f"{choice}")


async def test_three_people_vote_one_changes_their_mind_and_names_come_out(
    arena: str, open_page: OpenPage
) -> None:
    page = await open_page("ben", arena)
    ballot = await duel(page)
    answers = page.thread.message("Chef says: What is a roux?")
    await expect(answers).to_contain_text("Help says: What is a roux?")
    await expect(ballot).to_contain_text("Nobody has voted yet.")
    await page.shot("duel")

    await vote(page, ballot, "A better")
    await expect(ballot).to_contain_text("1 person has voted.")
    await page.become("Cleo")
    await ballot.get_by_role("button", name="B better").click()
    await expect(ballot).to_contain_text("2 people have voted.")
    await page.become("Dora")
    await vote(page, ballot, "Tie")
    await expect(ballot).to_contain_text("3 people have voted.")
    await vote(page, ballot, "Both bad")
    await expect(page.thread.message("Only visible to you")).to_contain_text("Your vote is now: Both bad")
    await expect(ballot).to_contain_text("3 people have voted.")
    assert not NAMES.search(await page.thread.log.inner_text())

    await page.become("Ben")
    await ballot.get_by_role("button", name="Close", exact=True).click()
    await expect(page.modal).to_contain_text("Close this duel?")
    await page.shot("confirm")
    await page.modal.get_by_role("button", name="Cancel").click()
    await expect(page.page.get_by_role("dialog")).to_have_count(0)
    await expect(ballot).to_contain_text("3 people have voted.")
    await ballot.get_by_role("button", name="Close", exact=True).click()
    await page.modal.get_by_role("button", name="Close it").click()

    result = page.thread.message(re.compile("A was"))
    await expect(result).to_contain_text("star-chef")
    await expect(result).to_contain_text("A better: 1 · B better: 1 · Tie: 0 · Both bad: 1")
    await expect(result.get_by_role("button", name="A better")).to_have_count(0)
    await page.shot("reveal")


async def test_digits_vote_where_a_duel_is_seen(arena: str, open_page: OpenPage) -> None:
    page = await open_page("ben", arena)
    ballot = await duel(page)
    await page.thread.log.focus()
    await expect(page.thread.root).to_contain_text("Keys 1 to")

    await page.page.keyboard.press("3")

    await expect(ballot).to_contain_text("1 person has voted.")
    await expect(page.thread.message("Only visible to you")).to_contain_text("Tie")
    await page.thread.box.press_sequentially("4 of us")
    await expect(page.thread.box).to_have_value("4 of us")
    await expect(page.thread.message("Only visible to you")).to_contain_text("Tie")


async def test_a_follow_up_while_a_duel_is_open_gives_nothing_away(arena: str, open_page: OpenPage) -> None:
    page = await open_page("ben", arena)
    await duel(page)

    await page.thread.say("@kostprobe Why is it cooked?")

    answer = page.thread.message(re.compile("(Chef|Help) says: Why is it cooked"))
    await expect(answer).to_be_visible()
    assert not NAMES.search(await page.thread.log.inner_text())


async def test_both_answers_are_read_in_a_window_and_voted_on_there(
    house: House, arena: str, open_page: OpenPage
) -> None:
    house.openai.script("fake", lambda received: by_persona(received) + LONG)
    page = await open_page("ben", arena)
    ballot = await duel(page)

    await page.thread.log.get_by_role("button", name=re.compile("^Read (both|A)$")).first.click()
    await expect(page.modal).to_contain_text(re.compile("(Chef|Help) says"))
    first = "Chef" if "Chef says" in await page.modal.inner_text() else "Help"
    await page.shot("read-both")
    await page.modal.get_by_role("button").filter(has_text=re.compile("^B$")).first.click()
    await expect(page.modal).to_contain_text("Help says" if first == "Chef" else "Chef says")
    await page.modal.get_by_role("radio", name="B better").check()
    await page.modal.get_by_role("button", name="Vote").click()

    await expect(page.page.get_by_role("dialog")).to_have_count(0)
    await expect(ballot).to_contain_text("1 person has voted.")


async def test_a_guest_votes_and_is_refused_what_is_for_admins(arena: str, open_page: OpenPage) -> None:
    page = await open_page("ben", arena)
    ballot = await duel(page)
    await page.become("Gus")

    await ballot.get_by_role("button", name="A better").click()
    await expect(ballot).to_contain_text("1 person has voted.")
    await ballot.get_by_role("button", name="Close", exact=True).click()
    await page.modal.get_by_role("button", name="Close it").click()
    await expect(page.thread.message("Only visible to you")).to_contain_text(
        "Only the person who asked, or an admin, may close this duel."
    )
    await page.command("/kostprobe config set answer=star-chef")
    await expect(page.channel.message("Only visible to you")).to_contain_text("Only admins may do that")
