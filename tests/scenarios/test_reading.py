"""Long answers over Slack's wire: split where they may be, read in full in one modal, voted on in it."""

import re

from bot.playground.slack import Line
from tests.fakes import openai_replies as replies
from tests.scenarios.house import House

TABLE = "\n".join(
    ["| Flour | Grams |", "|---|---:|", *(f"| Rye {number} | {number} |" for number in range(900))]
)


def both_long(received: replies.Received) -> str:
    system = str(received.messages[0]["content"]) if received.messages[0]["role"] == "system" else ""
    who = "Chef" if "chef" in system else "Help"
    return f"{who} begins.\n\n{TABLE}\n\n- [ ] {who} kneads\n\n{who} ends."


async def long_duel(house: House) -> tuple[Line, Line]:
    house.openai.script("fake", both_long)
    await house.tell("ann", "kitchen", "/kostprobe config set pair=star-chef,support answer=support")
    ts = await house.control.say("ben", "kitchen", "@kostprobe duel How much rye?")
    ballot = await house.control.wait_message("kitchen", "Nobody has voted", thread_ts=ts, after=ts)
    lines = await house.control.transcript("kitchen", thread_ts=ts)
    return next(line for line in lines if line.app_id and line.ts < ballot.ts), ballot


async def test_a_long_table_has_its_header_in_each_message(house: House) -> None:
    house.openai.script("fake", both_long)
    ts = await house.control.say("ben", "kitchen", "@kostprobe How much rye?")
    await house.control.wait_message("kitchen", "ends.", thread_ts=ts, after=ts)
    await house.control.wait_idle()

    parts = [line for line in await house.control.transcript("kitchen", thread_ts=ts) if line.app_id]
    texts = ["".join(block["text"] for block in line.blocks if block["type"] == "markdown") for line in parts]

    assert len(texts) > 1
    assert all("| Flour | Grams |\n|---|---:|\n| Rye" in text for text in texts if "| Rye" in text)
    rows = [int(number) for text in texts for number in re.findall(r"\| Rye (\d+) \|", text)]
    assert rows == list(range(900))


async def test_both_answers_are_read_whole_and_voted_on_without_closing_the_window(house: House) -> None:
    answers, ballot = await long_duel(house)

    await house.control.press("cleo", answers, "Read A")
    one = await house.control.wait_view("cleo", title="Answer A")
    await house.control.act("cleo", "show:b")
    other = await house.control.wait_view("cleo", title="Answer B")
    submitted = await house.control.submit("cleo", {"ballot_choice": "a"})

    assert submitted.view_id is None
    for view in (one, other):
        assert "How much rye?" in view.text
        assert "Rye 899" in view.text
        assert "☐" in view.text
        assert "ends." in view.text
    await house.control.wait_message(
        "kitchen", "1 person has voted", thread_ts=ballot.thread_ts, ephemeral=False
    )


async def test_a_closed_duel_is_still_read(house: House) -> None:
    answers, ballot = await long_duel(house)
    for user in ("ben", "cleo"):
        await house.control.press(user, ballot, "A better")
        await house.control.wait_idle()
    await house.control.press("ben", ballot, "Close")
    await house.control.wait_message("kitchen", "leads", thread_ts=ballot.thread_ts)

    await house.control.press("dora", answers, "Read B")
    view = await house.control.wait_view("dora", title="Answer B")

    assert view.submit == ""
    assert "This duel is closed" in view.text
    assert "You did not vote" in view.text
