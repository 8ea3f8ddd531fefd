"""Answers as they grow in Slack, over the wire: message after message, and nothing that Slack refuses is fatal."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import ChannelId, ChannelKey, MessageTs, ThreadKey
from bot.domain.question import AnswerReply, Question, Recorded
from bot.playground.slack import Line
from bot.playground.slack.faults import FaultKind
from bot.playground.slack.models import Message
from bot.services.ports import AnswerDeleted, Half, LeaseLost, Spot
from bot.slack.calling import SlackRefused
from bot.slack.streams import LIMITED_FOR, LONGEST, REFUSED_FOR, SlackStream, SlackStreams
from tests import builders
from tests.slack.door_kit import House, open_house

ANSWER = Recorded(AnswerReply("Because it is so.", cut=False, contestant="support"))
BELOW = "\n\n_Continued below._"


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    async with open_house(connect=False) as opened:
        yield opened


@dataclass
class Growing:
    """An answer that grows in the local Slack, and what its listeners were told."""

    house: House
    streams: SlackStreams
    question: Question
    lost: bool = False
    begun: list[int] = field(default_factory=list)
    kept: dict[int, MessageTs] = field(default_factory=dict)

    @property
    def spot(self) -> Spot:
        return Spot(self.question.thread.place, self.question.ts)

    def open(self, channel: str | None = None) -> SlackStream:
        place = self.question.thread.place
        if channel is not None:
            place = replace(place, channel=ChannelId(channel))
        asked = replace(self.question, thread=ThreadKey(place, self.question.ts))
        return self.streams.stream(asked, self.question.ts, "en", self.begin, self.keep)

    async def begin(self, number: int) -> None:
        if self.lost:
            raise LeaseLost
        self.begun.append(number)

    async def keep(self, number: int, ts: MessageTs) -> None:
        self.kept[number] = ts

    async def lines(self, viewer: str | None = None) -> list[Line]:
        """What the bot shows in the thread."""
        lines = await self.house.control.transcript("general", thread_ts=self.question.ts, viewer=viewer)
        return [line for line in lines if line.app_id]

    async def texts(self) -> list[str]:
        return [line.raw_text for line in await self.lines()]

    def live(self) -> list[Message]:
        return self.house.slack.core.live_streams()

    async def called(self, method: str) -> int:
        return len(await self.house.control.calls(method))

    def facts(self, name: str) -> list[Mapping[str, object]]:
        return list(self.house.store.observer.named(name))


async def ask(house: House, **limits: Any) -> Growing:
    ts = MessageTs(await house.control.say("ben", "general", "Why?"))
    asked = replace(
        builders.question("Why?", ts=ts, thread=ThreadKey(house.channel(), ts)), asker=house.user("ben")
    )
    return Growing(house, SlackStreams(house.chat, house.store.clock, house.store.observer, **limits), asked)


@pytest.fixture
async def growing(house: House) -> Growing:
    return await ask(house)


# ------------------------------------------------------------ growing


async def test_the_first_words_start_a_message_and_the_rest_is_appended(growing: Growing) -> None:
    stream = growing.open()
    for text in ("The", "The sky", "The sky", "The sky is blue."):
        await stream.show(text)

    (line,) = await growing.lines()
    assert (line.raw_text, [button.text for button in line.buttons]) == ("The sky is blue.", ["Stop"])
    assert (growing.begun, growing.kept) == ([0], {0: line.ts})
    assert await growing.called("chat.startStream") == 1
    assert await growing.called("chat.appendStream") == 2


async def test_its_ts_is_expected_before_slack_is_told(growing: Growing) -> None:
    growing.lost = True
    with pytest.raises(LeaseLost):
        await growing.open().show("The sky")

    assert await growing.called("chat.startStream") == 0


async def test_white_space_alone_starts_nothing(growing: Growing) -> None:
    await growing.open().show(" \n ")
    assert growing.begun == []


async def test_a_text_that_would_read_otherwise_now_grows_no_more(growing: Growing) -> None:
    stream = growing.open()
    await stream.show("The sky is")
    await stream.show("The sea is blue")

    assert not stream.alive
    assert await growing.texts() == ["The sky is"]
    assert growing.facts("stream_given_up") == []


# ------------------------------------------------------------ message after message


async def test_before_a_stream_dies_the_answer_goes_on_in_another_message(growing: Growing) -> None:
    stream = growing.open()
    await stream.show("First. ")
    growing.house.store.clock.time += LONGEST - timedelta(seconds=1)
    await stream.show("First. Second. ")
    assert len(await growing.lines()) == 1
    growing.house.store.clock.time += timedelta(seconds=1)
    await stream.show("First. Second. Third.")

    assert await growing.texts() == ["First. Second. " + BELOW, "Third."]
    assert growing.begun == [0, 1]
    assert list(growing.kept.values()) == [line.ts for line in await growing.lines()]
    assert [message.ts for message in growing.live()] == [growing.kept[1]]
    assert stream.alive


async def test_each_message_has_its_own_time(growing: Growing) -> None:
    stream = growing.open()
    text = ""
    for number in range(5):
        text += f"{number}. "
        await stream.show(text)
        growing.house.store.clock.time += LONGEST / 2

    assert await growing.texts() == ["0. 1. " + BELOW, "2. 3. " + BELOW, "4. "]


async def test_a_full_message_ends_where_a_paragraph_does(house: House) -> None:
    growing = await ask(house, most=60)
    stream = growing.open()
    await stream.show("A first paragraph.")
    await stream.show("A first paragraph. More of it.\n\nThe second paragraph goes on and on and on.")

    assert await growing.texts() == [
        "A first paragraph. More of it.\n\n" + BELOW,
        "The second paragraph goes on and on and on.",
    ]


async def test_a_text_that_comes_all_at_once_fills_as_many_messages_as_it_needs(house: House) -> None:
    growing = await ask(house, most=100)
    text = " ".join(f"word{number}" for number in range(60))
    await growing.open().show(text)

    texts = await growing.texts()
    assert "".join(part.removesuffix(BELOW) for part in texts) == text
    assert all(len(part.removesuffix(BELOW)) <= 100 for part in texts)
    assert growing.begun == list(range(len(texts)))


async def test_code_that_goes_on_below_is_closed_and_opened_again(house: House) -> None:
    growing = await ask(house, most=60)
    stream = growing.open()
    await stream.show("Look:\n```python\nfirst = 1\nsecond = 2\n")
    await stream.show("Look:\n```python\nfirst = 1\nsecond = 2\nthird = 3\nfourth = 4\n```\n")

    above, below = await growing.texts()
    assert above.removesuffix(BELOW).rstrip().endswith("\n```")
    assert below.startswith("```python\n")
    assert [line for line in (above + below).splitlines() if " = " in line] == [
        "first = 1",
        "second = 2",
        "third = 3",
        "fourth = 4",
    ]


# ------------------------------------------------------------ what Slack refuses


async def test_a_refused_start_is_not_tried_again_in_the_channel_for_a_while(growing: Growing) -> None:
    await growing.house.control.fault("chat.startStream", "error", error="channel_type_not_supported")
    stream = growing.open()
    await stream.show("The sky")
    assert (stream.alive, stream.unsure) == (False, False)
    await stream.show("The sky is")

    again = growing.open()
    assert not again.alive
    assert growing.open("C0ELSEWHERE").alive
    growing.house.store.clock.time += REFUSED_FOR
    later = growing.open()
    await later.show("The sky")
    assert await growing.texts() == ["The sky"]
    assert growing.facts("stream_given_up") == [{"error": "channel_type_not_supported", "messages": 1}]


async def test_a_channel_that_takes_nothing_at_all_is_remembered_too(growing: Growing) -> None:
    await growing.house.control.fault("chat.startStream", "error", error="not_in_channel")
    await growing.open().show("The sky")

    assert not growing.open().alive


async def test_a_limit_at_the_start_spares_the_whole_team_for_a_moment(growing: Growing) -> None:
    await growing.house.control.fault("chat.startStream", "ratelimited", times=5, seconds=20)
    stream = growing.open()
    await stream.show("The sky")

    assert (stream.alive, stream.unsure) == (False, False), "Slack said that it did not take it"
    assert not growing.open("C0ELSEWHERE").alive
    growing.house.store.clock.time += LIMITED_FOR
    assert growing.open().alive


@pytest.mark.parametrize("kind", ["drop_reply", "server_error"])
async def test_a_start_of_which_nobody_knows_is_found_by_its_stop_button(
    growing: Growing, kind: FaultKind
) -> None:
    await growing.house.control.fault("chat.startStream", kind)
    stream = growing.open()
    await stream.show("The sky")

    found = await growing.streams.find(growing.spot, growing.question, 0)
    assert (stream.alive, stream.unsure, growing.kept) == (False, True, {})
    assert found == (growing.live()[0].ts if kind == "drop_reply" else None)
    assert await growing.streams.find(growing.spot, growing.question, 1) is None
    other = replace(growing.question, ts=MessageTs("1795342999.000100"))
    assert await growing.streams.find(growing.spot, other, 0) is None


async def test_an_append_that_is_refused_at_306_seconds_ends_the_showing_only(growing: Growing) -> None:
    growing.streams.longest = timedelta(hours=1)
    stream = growing.open()
    await stream.show("The sky")
    growing.house.store.clock.time += timedelta(seconds=306)
    await stream.show("The sky is")
    await stream.show("The sky is blue")

    assert not stream.alive
    assert await growing.called("chat.appendStream") == 1
    assert await growing.called("chat.postMessage") == 0
    assert growing.facts("stream_given_up") == [{"error": "message_not_in_streaming_state", "messages": 1}]
    assert growing.open().alive, "the next answer grows again"


@pytest.mark.parametrize("method", ["chat.appendStream", "chat.stopStream"])
async def test_a_limit_while_it_grows_ends_the_showing_and_spares_nobody(
    growing: Growing, method: str
) -> None:
    await growing.house.control.fault(method, "ratelimited", times=5, seconds=20)
    stream = growing.open()
    await stream.show("First. ")
    growing.house.store.clock.time += LONGEST if method == "chat.stopStream" else timedelta(0)
    await stream.show("First. Second.")

    assert not stream.alive
    assert growing.open().alive


# ------------------------------------------------------------ at rest


async def test_what_grew_becomes_the_answer_in_its_place(growing: Growing) -> None:
    await growing.open().show("Because")
    ts = await growing.streams.settle(growing.spot, ANSWER, 0, "q/0", growing.kept[0])

    (line,) = await growing.lines()
    assert (line.ts, line.streaming) == (ts, False)
    assert "Because it is so." in line.text
    assert "Stop" not in [button.text for button in line.buttons]
    assert await growing.house.chat.find(growing.spot, "q/0") == ts


async def test_settling_again_changes_nothing(growing: Growing) -> None:
    await growing.open().show("Because")
    for _ in range(2):
        assert await growing.streams.settle(growing.spot, ANSWER, 0, "q/0", growing.kept[0])

    assert len(await growing.lines()) == 1
    assert growing.facts("stream_not_stopped") == []


async def test_what_somebody_deleted_cannot_be_settled_and_is_told_apart(growing: Growing) -> None:
    await growing.open().show("Because")
    await growing.streams.remove(growing.spot.place, growing.kept[0])

    with pytest.raises(AnswerDeleted):
        await growing.streams.settle(growing.spot, ANSWER, 0, "q/0", growing.kept[0])


async def test_what_nobody_can_change_any_more_cannot_be_settled(growing: Growing) -> None:
    await growing.open().show("Because")
    await growing.house.control.fault("chat.update", "error", error="edit_window_closed")

    assert await growing.streams.settle(growing.spot, ANSWER, 0, "q/0", growing.kept[0]) is None


def left(growing: Growing) -> Half:
    return Half(growing.question.thread, growing.question.ts, 0, growing.question.ts)


async def test_half_an_answer_that_nobody_writes_any_more_says_that_it_was_stopped(growing: Growing) -> None:
    await growing.open().show("Because")

    assert await growing.streams.end(left(growing), "en")

    (line,) = await growing.lines()
    assert line.text == "Stopped before the answer was complete. Please ask again."
    assert (line.streaming, line.buttons) == (False, [])
    assert not await growing.streams.end(left(growing), "en")


@pytest.mark.parametrize(
    ("error", "raised"),
    [("edit_window_closed", None), ("streaming_state_conflict", Outage), ("msg_too_long", SlackRefused)],
)
async def test_half_an_answer_that_slack_does_not_let_us_end(
    growing: Growing, error: str, raised: type[Exception] | None
) -> None:
    await growing.open().show("Because")
    await growing.house.control.fault("chat.update", "error", error=error)

    with pytest.raises(raised) if raised else nullcontext():
        assert await growing.streams.end(left(growing), "en")


async def test_a_message_that_slack_still_has_streaming_is_settled_later(growing: Growing) -> None:
    await growing.open().show("Because")
    await growing.house.control.fault("chat.stopStream", "error", error="not_allowed_token_type")

    with pytest.raises(Outage) as outage:
        await growing.streams.settle(growing.spot, ANSWER, 0, "q/0", growing.kept[0])

    assert outage.value.code is Code.SLACK_DOWN
    assert growing.facts("stream_not_stopped") == [{"error": "not_allowed_token_type"}]
    assert await growing.streams.settle(growing.spot, ANSWER, 0, "q/0", growing.kept[0])


async def test_another_refusal_of_the_answer_is_no_secret(growing: Growing) -> None:
    await growing.open().show("Because")
    await growing.house.control.fault("chat.update", "error", error="invalid_blocks")

    with pytest.raises(SlackRefused, match="invalid_blocks"):
        await growing.streams.settle(growing.spot, ANSWER, 0, "q/0", growing.kept[0])


async def test_a_message_is_taken_away_also_while_it_grows_and_when_it_is_gone(growing: Growing) -> None:
    await growing.open().show("Because")
    for _ in range(2):
        await growing.streams.remove(growing.spot.place, growing.kept[0])

    assert await growing.lines() == []
    assert growing.live() == []


async def test_a_message_that_may_not_be_taken_away_stays_and_other_refusals_are_told(
    growing: Growing,
) -> None:
    await growing.open().show("Because")
    await growing.house.control.fault("chat.delete", "error", error="cant_delete_message")
    await growing.streams.remove(growing.spot.place, growing.kept[0])
    await growing.house.control.fault("chat.delete", "error", error="compliance_exports_prevent_deletion")
    with pytest.raises(SlackRefused):
        await growing.streams.remove(growing.spot.place, growing.kept[0])


async def test_where_the_bot_is_no_longer_the_rest_is_told(growing: Growing) -> None:
    nowhere = ChannelKey(growing.spot.place.team, ChannelId("C0NOWHERE"))
    with pytest.raises(Refusal):
        await growing.streams.halt(nowhere, MessageTs("1.000100"))


async def test_an_app_that_is_no_agent_has_no_session_to_end(growing: Growing) -> None:
    await growing.streams.rest(growing.question.thread)
    await growing.house.control.fault("agents.sessions.setStatus", "ratelimited", times=9, seconds=99)
    await growing.streams.rest(growing.question.thread)

    assert growing.facts("session_not_ended") == [{"error": "SlackRefused"}, {"error": "Outage"}]
