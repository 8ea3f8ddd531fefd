"""Threads of people over the wire: read once, and their speakers shown by name."""

from collections.abc import AsyncGenerator
from dataclasses import replace
from typing import Any

import pytest

from bot.domain.earlier import Extent
from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import MessageTs, ThreadKey, UserId
from bot.domain.question import AnswerReply, DuelReply, Recorded
from bot.domain.speakers import Speakers
from bot.services.ports import Spot
from bot.slack import threads
from bot.slack.calling import SlackApi
from bot.slack.views.names import named
from bot.slack.views.parts import Rendered
from tests import builders
from tests.slack.door_kit import House, open_house


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    async with open_house(connect=False) as opened:
        yield opened


async def spot(house: House) -> Spot:
    ts = await house.control.say("ben", "general", "Why?")
    return Spot(house.channel(), MessageTs(ts))


async def fill(house: House, there: Spot, replies: int) -> str:
    """Write replies into a thread and return the ts of the last one."""
    written = [
        await house.control.say("ben", "general", f"{number}", thread_ts=there.root)
        for number in range(replies)
    ]
    return written[-1]


async def test_a_thread_is_read_in_one_call_when_it_is_short(house: House) -> None:
    there = await spot(house)
    await house.control.say("ada", "general", "Because.", thread_ts=there.root)
    asked = await house.control.say("ben", "general", "@kostprobe Really?", thread_ts=there.root)

    earlier = await house.chat.earlier(there, MessageTs(asked))

    assert [turn.text for turn in earlier.turns] == ["Why?", "Because."]
    assert earlier.extent == Extent(2, 2)
    assert len(await house.control.calls("conversations.replies")) == 1


async def test_of_a_very_long_thread_no_more_than_three_pages_are_read(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(threads, "PAGE", 20)
    there = await spot(house)
    asked = await fill(house, there, 90)

    earlier = await house.chat.earlier(there, MessageTs(asked))

    assert earlier.extent == Extent(60, 90)
    assert len(await house.control.calls("conversations.replies")) == 3


async def test_where_slack_gives_fifteen_these_are_taken_and_no_more_is_asked(house: House) -> None:
    there = await spot(house)
    asked = await fill(house, there, 42)
    house.slack.core.apps[house.slack.app.id] = replace(house.slack.app, distributed=True)

    earlier = await house.chat.earlier(there, MessageTs(asked))

    assert earlier.extent == Extent(15, 42)
    with pytest.raises(Outage):
        await house.chat.earlier(there, MessageTs(asked))


async def test_what_came_before_a_page_failed_is_kept(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "PAGE", 20)
    there = await spot(house)
    asked = await fill(house, there, 30)
    first = house.chat.api.call

    async def once(*args: Any, **given: Any) -> Any:
        if "cursor" in given:
            raise Outage(Code.SLACK_DOWN)
        return await first(*args, **given)

    monkeypatch.setattr(SlackApi, "call", lambda _self, *args, **given: once(*args, **given))

    assert (await house.chat.earlier(there, MessageTs(asked))).extent == Extent(20, 30)


async def test_a_thread_that_may_not_be_read_is_a_refusal(house: House) -> None:
    there = await spot(house)
    await house.control.fault("conversations.replies", "error", error="missing_scope")

    with pytest.raises(Refusal):
        await house.chat.earlier(there, there.root or MessageTs("0.000000"))


async def test_numbers_of_speakers_are_shown_as_names(house: House) -> None:
    there = await spot(house)
    people = [house.user(name) for name in ("ada", "ben")]
    reply = AnswerReply("Speaker 2 is right, Speaker 1.", cut=False, contestant=None, speakers=tuple(people))

    ts = await house.chat.post(there, Recorded(reply), 0, "q/0")

    line = (await house.control.transcript("general", thread_ts=there.root))[-1]
    assert line.ts == ts
    assert line.text == "ben is right, ada."
    assert len(await house.control.calls("users.info")) == 2


async def test_both_sides_of_a_duel_show_names(house: House) -> None:
    there = await spot(house)
    duel = builders.duel()
    speakers = (house.user("ada"), house.user("ben"))
    reply = DuelReply(duel.id, "As Speaker 1 says.", "No.", cut_a=False, cut_b=False, speakers=speakers)

    await house.chat.post(there, Recorded(reply, duel=duel), 0, "q/0")

    assert "As ada says." in (await house.control.transcript("general", thread_ts=there.root))[-1].text


async def test_without_numbers_in_the_answer_nobody_is_looked_up(house: House) -> None:
    there = await spot(house)
    reply = AnswerReply("Yes.", cut=False, contestant=None, speakers=(house.user("ada"), house.user("ben")))

    await house.chat.post(there, Recorded(reply), 0, "q/0")

    assert await house.control.calls("users.info") == []


async def test_a_commands_question_shows_whom_it_mentions(house: House) -> None:
    question = builders.question(
        f"What does @{house.user('ben')} mean?",
        thread=ThreadKey(house.channel(), "cmd-1.2.a"),
        asker=UserId(house.user("ada")),
    )

    await house.chat.post_root(question, "q/0", "en")

    assert "What does @ben mean?" in (await house.control.transcript("general"))[-1].text.replace(
        "\u200b", ""
    )


async def test_who_cannot_be_looked_up_keeps_their_number(house: House) -> None:
    await house.control.fault("users.info", "error", error="internal_error", times=9)

    assert await house.chat.names(house.me.team, [UserId(house.user("ben"))]) == {}
    assert await house.chat.names(house.me.team, [UserId("U0NOBODY01")]) == {}


def test_a_message_that_names_would_make_too_long_keeps_its_numbers() -> None:
    speakers = Speakers(("U0ANN00001", "U0BEN00002"))
    names = {UserId("U0ANN00001"): "A" * 40}
    short, long = (
        Rendered("Speaker 1", [{"type": "markdown", "text": "Speaker 1 " * times, "n": 1}])
        for times in (2, 40)
    )

    assert named(short, speakers, names).text == "A" * 40
    assert named(long, speakers, names) is long
