"""Answers that grow and are ended from elsewhere: by Slack's limits, by its own button, by another process."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.ids import ChannelId, ChannelKey, TeamId, message_ts
from bot.playground.slack.faults import Fault
from bot.playground.slack.traffic import Entry
from bot.slack.manifest import Variant, derive, shipped
from tests.fakes import openai_replies as replies
from tests.scenarios.house import QUICK, House, Opener
from tests.scenarios.test_streams import SLOWLY, WORDS, at_rest, begin, called, growing, stoppable

ENDLESS = " ".join(f"w{number}" for number in range(3000))


async def test_an_answer_whose_message_dies_while_it_grows_is_whole_in_that_message(
    open_house: Opener,
) -> None:
    house = await open_house(timings=replace(QUICK, stream=0.8))
    house.openai.script("fake", replies.slow(WORDS, token_seconds=SLOWLY))

    ts, message = await begin(house)
    await house.until(lambda: house.observer.named("stream_given_up"))
    await house.control.wait_message("kitchen", "word59", thread_ts=ts, after=ts, seconds=30)
    (answer,) = await at_rest(house, ts)

    assert house.observer.named("stream_given_up") == [
        {"error": "message_not_in_streaming_state", "messages": 1}
    ]
    assert answer.ts == message.ts
    assert answer.text.count(WORDS) == 1
    assert not stoppable(answer)
    assert len(house.openai.chats) == 1
    assert await called(house, "chat.postMessage") == 0


def limit_every_second_call(house: House, seconds: float) -> list[str]:
    """Have Slack put every second call off; return what grows by the methods that were."""
    calls = 0
    limited: list[str] = []

    def on_entry(entry: Entry) -> None:
        nonlocal calls
        if (entry.kind, entry.outcome) != ("call", "open"):
            return
        calls += 1
        if calls % 2:
            # taken by this very call, which is looked at for faults next
            house.slack.core.faults.calls.insert(0, Fault(entry.name, "ratelimited", seconds=seconds))
            limited.append(entry.name)

    house.slack.core.traffic.listeners.append(on_entry)
    return limited


@pytest.mark.parametrize("seconds", [0, 2])
async def test_with_every_second_call_put_off_each_answer_is_there_once_and_whole(
    house: House, seconds: float
) -> None:
    house.openai.script("fake", replies.slow(WORDS, token_seconds=SLOWLY))
    limited = limit_every_second_call(house, seconds)

    asked = [await house.control.say("ben", "kitchen", f"@kostprobe Why {number}?") for number in range(3)]
    for ts in asked:
        await house.control.wait_message("kitchen", "Answered by", thread_ts=ts, after=ts, seconds=60)
    await house.control.wait_idle(30)

    for ts in asked:
        (answer,) = await at_rest(house, ts)
        assert answer.text.count(WORDS) == 1
        assert not stoppable(answer)
    assert len(house.openai.chats) == 3
    assert {"chat.startStream", "chat.appendStream", "chat.update"} & set(limited)


async def test_a_click_that_another_process_hears_stops_the_answer_of_this_one(open_house: Opener) -> None:
    door = await open_house(worker=False)
    await door.start_worker()
    door.openai.script("fake", replies.slow(ENDLESS, token_seconds=SLOWLY))

    ts, message = await begin(door)
    taken = await door.control.click("ben", "kitchen", message.ts, "stop_answer")
    (answer,) = await at_rest(door, ts)

    assert taken.acked
    assert "w0 w1" in answer.text
    assert "w2999" not in answer.text
    assert "Stopped by" in answer.text
    await door.until(lambda: door.openai.in_flight == 0)


async def test_a_stop_clicked_while_no_worker_is_there_counts_when_one_comes(open_house: Opener) -> None:
    house = await open_house()
    house.openai.script("fake", replies.slow(ENDLESS, token_seconds=SLOWLY))
    ts, message = await begin(house)
    assert house.bot is not None
    house.bot.engine._drain = timedelta(0)  # an endless answer would be waited for
    await house.stop()
    await house.start(worker=False)

    taken = await house.control.click("ben", "kitchen", message.ts, "stop_answer")
    await house.until(lambda: house.observer.named("stop_asked"))
    await house.start_worker()
    await house.take_over("kitchen", ts)
    await house.control.wait_message("kitchen", "[Ss]topped", thread_ts=ts, after=ts)
    (answer,) = await at_rest(house, ts)

    assert taken.acked
    assert answer.ts == message.ts
    assert not stoppable(answer)
    assert len(house.openai.chats) == 1


async def test_what_was_half_said_when_the_bot_was_removed_is_ended_when_it_is_back(house: House) -> None:
    house.openai.script("fake", replies.slow(ENDLESS, token_seconds=SLOWLY))
    ts, message = await begin(house)
    await house.control.leave("kostprobe", "kitchen")
    await house.until(lambda: not house.openai.in_flight)

    await house.control.join("kostprobe", "kitchen", inviter="ann")
    await house.control.wait_message("kitchen", "Stopped before", thread_ts=ts, after=ts)

    (line,) = await at_rest(house, ts)
    assert line.ts == message.ts
    assert not stoppable(line)
    assert growing(house) == []


async def test_a_click_on_stop_under_what_nobody_writes_any_more_ends_it(house: House) -> None:
    house.openai.script("fake", replies.slow(ENDLESS, token_seconds=SLOWLY))
    ts, message = await begin(house)
    assert house.bot is not None
    await house.bot.answering.conversations.drop(place(house), message_ts(message.ts))
    await house.until(lambda: not house.openai.in_flight)

    await house.control.click("cleo", "kitchen", message.ts, "stop_answer")
    await house.control.wait_message("kitchen", "Stopped before", thread_ts=ts, after=ts)

    (line,) = await at_rest(house, ts)
    assert not stoppable(line)


def place(house: House) -> ChannelKey:
    workspace = house.slack.core.workspace
    return ChannelKey(TeamId(workspace.team.id), ChannelId(workspace.channel("kitchen").id))


async def test_slacks_own_stop_button_stops_an_agents_answer_and_ends_the_session(
    open_house: Opener,
) -> None:
    house = await open_house(manifest=derive(shipped(), Variant(agent=True)))
    house.openai.script("fake", replies.slow(ENDLESS, token_seconds=SLOWLY))

    ts, message = await begin(house)
    stopped = await house.control.stop("ben", "kitchen", ts)
    await house.control.wait_message("kitchen", "Stopped by", thread_ts=ts, after=ts)
    (answer,) = await at_rest(house, ts)

    assert stopped == [message.ts]
    assert answer.ts == message.ts
    assert "w2999" not in answer.text
    assert "Stopped by" in answer.text
    assert not stoppable(answer)
    await house.until(lambda: house.openai.in_flight == 0)
    (status,) = await house.control.calls("agents.sessions.setStatus")
    assert (status["thread_ts"], status["status"]) == (ts, "active")


async def test_who_did_not_ask_cannot_stop_an_agents_answer_by_slacks_button_either(
    open_house: Opener,
) -> None:
    house = await open_house(manifest=derive(shipped(), Variant(agent=True)))
    house.openai.script("fake", replies.slow(WORDS, token_seconds=SLOWLY))

    ts, _ = await begin(house)
    await house.control.stop("cleo", "kitchen", ts)
    told = await house.control.wait_message("kitchen", "Only the person", viewer="cleo", ephemeral=True)
    await house.control.wait_message("kitchen", "word59", thread_ts=ts, after=ts, seconds=30)
    (answer,) = await at_rest(house, ts)

    assert told.ephemeral
    assert answer.text.count(WORDS) == 1
    assert "Stopped" not in answer.text
    assert growing(house) == []
    (status,) = await house.control.calls("agents.sessions.setStatus")
    assert status["status"] == "active"
