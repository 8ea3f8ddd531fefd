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


@pytest.mark.parametrize("how", ["pair", "deleted", "forgotten"])
async def test_a_second_opinion_that_cannot_be_is_refused_to_who_clicked_only(
    tasting: House, how: str
) -> None:
    answer = await tasting.ask("ben", "kitchen", "What is a roux?")
    assert answer.thread_ts is not None
    await tasting.control.wait_idle()
    if how == "pair":
        await tasting.tell("ann", "kitchen", "/kostprobe config unset pair")
    elif how == "deleted":
        await tasting.control.delete("ben", "kitchen", answer.thread_ts)
    else:
        line = await tasting.tell("ben", "kitchen", "/kostprobe forget-me")
        await tasting.control.press("ben", line, "Delete it all")
        await tasting.control.wait_message("kitchen", "Deleted:", viewer="ben", ephemeral=True)
    await tasting.control.wait_idle()

    told = await whispered(tasting, "cleo", answer, "Second opinion")
    await tasting.control.wait_idle()

    assert ("No two are set to duel" if how == "pair" else "no longer kept") in told.text
    lines = await tasting.control.transcript("kitchen", thread_ts=answer.thread_ts)
    assert not [line.text for line in lines if line.app_id and line.ts > answer.ts and not line.ephemeral]


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


async def used(house: House, user: str, callback_id: str, ts: str, channel: str = "kitchen") -> Line:
    """Use a message shortcut and return what the person is told."""
    since = await house.now(channel)
    taken = await house.control.shortcut(user, callback_id, channel=channel, ts=ts)
    assert taken.acked, taken
    return await house.control.wait_message(channel, after=since, viewer=user, ephemeral=True)


async def test_any_message_of_a_person_can_be_duelled_in_its_thread_once(tasting: House) -> None:
    ts = await tasting.control.say("ben", "kitchen", "What is a roux?")

    told = await used(tasting, "cleo", "duel_this", ts)
    await tasting.control.wait_message("kitchen", "Nobody has voted", thread_ts=ts, after=ts)
    again = await used(tasting, "ben", "duel_this", ts)

    lines = await tasting.control.transcript("kitchen", thread_ts=ts)
    assert "Both are asked" in told.text
    assert any("Chef says: What is a roux?" in line.text for line in lines)
    assert "still open" in again.text
    assert len(tasting.openai.chats) == 2


async def test_an_answer_can_be_duelled_too_and_then_it_counts_for_nothing(tasting: House) -> None:
    answer = await tasting.ask("ben", "kitchen", "What is a roux?")

    await used(tasting, "ben", "duel_this", answer.ts)

    await tasting.control.wait_message("kitchen", "Second opinion on", thread_ts=answer.thread_ts)


async def test_a_question_whose_answer_was_deleted_can_be_duelled(tasting: House) -> None:
    answer = await tasting.ask("ben", "kitchen", "What is a roux?")
    assert answer.thread_ts is not None
    await tasting.control.wait_idle()
    await tasting.control.delete("ann", "kitchen", answer.ts)
    await tasting.control.wait_idle()

    told = await used(tasting, "ben", "duel_this", answer.thread_ts)

    assert "Both are asked" in told.text
    await tasting.control.wait_message("kitchen", "Second opinion on", thread_ts=answer.thread_ts)


async def test_a_message_is_asked_again_of_somebody_named_with_another_text(tasting: House) -> None:
    answer = await tasting.ask("ben", "kitchen", "What is a roux?")

    taken = await tasting.control.shortcut("cleo", "ask_again", channel="kitchen", ts=answer.ts)
    view = await tasting.control.wait_view("cleo")
    submitted = await tasting.control.submit(
        "cleo", {"question_text": "And a stock?", "who_choice": "star-chef"}
    )
    said = await tasting.control.wait_message("kitchen", "Chef says: And a stock", after=answer.ts)
    asked = await tasting.control.wait_message("kitchen", "asks:", after=answer.ts)

    assert taken.acked
    assert "What is a roux?" in str(view.blocks)
    assert submitted.error is None
    assert said.thread_ts == asked.ts
    assert "And a stock?" in asked.text


@pytest.mark.parametrize("shortcut", ["duel_this", "ask_again"])
async def test_who_may_not_or_cannot_is_told_alone(tasting: House, shortcut: str) -> None:
    ts = await tasting.control.say("ben", "kitchen", "What is a roux?")
    empty = await tasting.control.say("ben", "kitchen", "", files=[{"name": "menu.pdf"}])
    elsewhere = await tasting.control.say("ben", "cellar", "What is a roux?")
    await tasting.control.leave("kostprobe", "cellar")

    assert "cannot" in (await used(tasting, "stan", shortcut, ts)).text
    assert "nothing in that message" in (await used(tasting, "ben", shortcut, empty)).text
    assert "not in this channel" in (await used(tasting, "ben", shortcut, elsewhere, "cellar")).text
    assert tasting.openai.chats == []


async def test_without_a_pair_a_message_cannot_be_duelled(house: House) -> None:
    ts = await house.control.say("ben", "kitchen", "What is a roux?")

    assert "No two are set" in (await used(house, "ben", "duel_this", ts)).text
