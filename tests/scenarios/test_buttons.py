"""Buttons under an answer over Slack's wire: thumbs and second opinions."""

import re

import pytest

from bot.playground.slack import Line
from tests.scenarios.house import House
from tests.scenarios.test_duels import NAMES, by_persona


@pytest.fixture
async def tasting(house: House) -> House:
    house.openai.script("fake", by_persona)
    await house.tell("ann", "kitchen", "/kostprobe config set pair=star-chef,support answer=support")
    return house


async def whispered(house: House, user: str, line: Line, label: str, value: str | None = None) -> Line:
    since = await house.now("kitchen")
    taken = await house.control.press(user, line, label, value)
    assert taken.acked, taken
    return await house.control.wait_message("kitchen", after=since, viewer=user, ephemeral=True)


async def test_a_thumb_is_confirmed_to_its_giver_only_and_can_be_changed(tasting: House) -> None:
    answer = await tasting.ask("ben", "kitchen", "What is a roux?")

    up = await whispered(tasting, "ben", answer, "thumb", "positive")
    down = await whispered(tasting, "ben", answer, "thumb", "negative")

    assert "a good answer" in up.text
    assert "Noted instead: a bad answer" in down.text
    assert up.visible_to == down.visible_to == tasting.slack.core.workspace.user("ben").id
    assert "vote" in up.text


async def test_a_second_opinion_comes_blind_into_the_thread_once(tasting: House) -> None:
    answer = await tasting.ask("ben", "kitchen", "What is a roux?")
    before = len(tasting.openai.chats)

    told = await whispered(tasting, "cleo", answer, "Second opinion")
    ballot = await tasting.control.wait_message("kitchen", "Nobody has voted", thread_ts=answer.thread_ts)
    lines = await tasting.control.transcript("kitchen", thread_ts=answer.thread_ts)
    both = next(line for line in lines if "Second opinion on" in line.text)
    again = await whispered(tasting, "ben", answer, "Second opinion")

    assert "asked the same question afresh" in told.text
    assert "What is a roux?" in both.text
    assert "Chef says: What is a roux?" in both.text
    assert "Help says: What is a roux?" in both.text
    assert not NAMES.search(both.text + ballot.text)
    assert "still open" in again.text
    assert len(tasting.openai.chats) == before + 2
    for chat in tasting.openai.chats[before:]:
        assert [m["content"] for m in chat.messages if m["role"] != "system"] == ["What is a roux?"]


async def test_a_second_opinion_is_voted_on_and_opened_like_any_duel(tasting: House) -> None:
    answer = await tasting.ask("ben", "kitchen", "What is a roux?")
    await whispered(tasting, "ben", answer, "Second opinion")
    ballot = await tasting.control.wait_message("kitchen", "Nobody has voted", thread_ts=answer.thread_ts)
    for user in ("ben", "cleo"):
        await tasting.control.press(user, ballot, "A better")
        await tasting.control.wait_idle()
    await tasting.control.press("ben", ballot, "Close")

    result = await tasting.control.wait_message("kitchen", r"\*A\* was", thread_ts=ballot.thread_ts)

    assert {"star-chef", "support"} <= set(re.findall(r"star-chef|support", result.text))


async def test_a_channel_without_a_pair_offers_thumbs_only(house: House) -> None:
    answer = await house.ask("ben", "kitchen", "What is a roux?")

    assert [button.action_id for button in answer.buttons] == ["thumb"]


async def test_sealed_follow_ups_have_no_buttons(tasting: House) -> None:
    ts = await tasting.control.say("ben", "kitchen", "@kostprobe duel What is a roux?")
    await tasting.control.wait_message("kitchen", "Nobody has voted", thread_ts=ts, after=ts)

    follow_up = await tasting.ask("ben", "kitchen", "And then?", thread=ts)

    assert follow_up.buttons == []


async def test_strangers_are_told_why_not(tasting: House) -> None:
    answer = await tasting.ask("ben", "kitchen", "What is a roux?")

    for label, value in (("thumb", "positive"), ("Second opinion", None)):
        told = await whispered(tasting, "stan", answer, label, value)
        assert "cannot" in told.text
