"""Answers that grow before the asker's eyes, over Slack's wire: and at rest each is there once, whole."""

import pytest

from bot.playground.slack import Line
from bot.playground.slack.faults import FaultKind
from bot.playground.slack.models import Message
from bot.slack.texts import Texts
from tests.fakes import openai_replies as replies
from tests.scenarios.house import House

WORDS = " ".join(f"word{number}" for number in range(60))
SLOWLY = 0.03
BRISKLY = 0.015
"""Seconds a word: still long enough that an answer of sixty is shown before it is whole, and appended to."""


async def begin(house: House, channel: str = "kitchen", question: str = "Why?") -> tuple[str, Message]:
    """Ask, and return the question's ts and the answer as it begins to grow."""
    ts = await house.control.say("ben", channel, f"@kostprobe {question}")
    await house.until(lambda: growing(house, channel))
    (message,) = growing(house, channel)
    return ts, message


def growing(house: House, channel: str = "kitchen") -> list[Message]:
    place = house.slack.core.workspace.channel(channel).id
    return [message for message in house.slack.core.live_streams() if message.channel == place]


async def at_rest(house: House, thread: str, channel: str = "kitchen") -> list[Line]:
    """What the bot says in a thread once nothing is under way."""
    await house.control.wait_idle(20)
    lines = await house.control.transcript(channel, thread_ts=thread)
    return [line for line in lines if line.app_id and not line.ephemeral]


def stoppable(line: Line) -> bool:
    """Whether a message still has the button that stops it."""
    return any(button.action_id == "stop_answer" for button in line.buttons)


async def called(house: House, method: str) -> int:
    return len(await house.control.calls(method))


async def test_a_single_answer_grows_before_the_asker_and_is_whole_for_everybody(house: House) -> None:
    house.openai.script("fake", replies.slow(WORDS, token_seconds=SLOWLY))

    ts, _ = await begin(house)
    await house.until(lambda: "word30" in growing(house)[0].text)
    (live,) = [
        line for line in await house.control.transcript("kitchen", thread_ts=ts, viewer="ben") if line.app_id
    ]
    (others,) = [
        line for line in await house.control.transcript("kitchen", thread_ts=ts, viewer="cleo") if line.app_id
    ]
    (answer,) = await at_rest(house, ts)

    assert "word30" in live.text
    assert [button.text for button in live.buttons] == ["Stop"]
    assert "word30" not in others.text
    assert WORDS in answer.text
    assert "Answered by" in answer.text
    assert not stoppable(answer)
    assert len(house.openai.chats) == 1
    (start,) = await house.control.calls("chat.startStream")
    assert start["recipient_user_id"] == house.slack.core.workspace.user("ben").id
    assert await called(house, "chat.postMessage") == 0


async def test_an_answer_that_is_there_at_once_is_posted_in_one_call(house: House) -> None:
    answer = await house.ask("ben", "kitchen", "Why?")

    assert "Answer to: Why?" in answer.text
    assert await called(house, "chat.startStream") == 0
    assert await called(house, "chat.postMessage") == 1


async def test_in_a_german_channel_the_words_around_it_are_german(house: House) -> None:
    await house.tell("ann", "kitchen", "/kostprobe config set language=de")
    house.openai.script("fake", replies.slow(WORDS, token_seconds=SLOWLY))

    ts, _ = await begin(house)
    (live,) = [line for line in await house.control.transcript("kitchen", thread_ts=ts) if line.app_id]
    await house.control.click("ben", "kitchen", live.ts, "stop_answer")
    (answer,) = await at_rest(house, ts)

    assert [button.text for button in live.buttons] == [Texts.load().words("de").plain("buttons.stop")]
    assert "Gestoppt von" in answer.text


async def test_the_asker_stops_it_and_the_model_is_cut_off(house: House) -> None:
    house.openai.script("fake", replies.slow(" ".join(f"w{n}" for n in range(3000)), token_seconds=SLOWLY))

    ts, message = await begin(house)
    refused = await house.control.click("cleo", "kitchen", message.ts, "stop_answer")
    told = await house.control.wait_message("kitchen", "Only the person", viewer="cleo", ephemeral=True)
    await house.control.click("ben", "kitchen", message.ts, "stop_answer")
    (answer,) = await at_rest(house, ts)

    assert refused.acked
    assert told.ephemeral
    assert "w1 w2" in answer.text
    assert "w2999" not in answer.text
    assert "Stopped by" in answer.text
    await house.until(lambda: house.openai.in_flight == 0)
    assert not stoppable(answer)


async def test_a_question_deleted_while_its_answer_grows_takes_the_half_of_it_away(house: House) -> None:
    house.openai.script("fake", replies.slow(WORDS * 20, token_seconds=SLOWLY))
    ts, _ = await begin(house)

    await house.control.delete("ben", "kitchen", ts)

    await house.until(lambda: not [m for m in messages(house) if m.app_id])
    await house.until(lambda: house.openai.in_flight == 0)


async def test_an_answer_deleted_while_it_grows_stops_and_does_not_come_again(house: House) -> None:
    house.openai.script("fake", replies.slow(WORDS * 20, token_seconds=SLOWLY))
    ts, message = await begin(house)

    await house.control.delete("ann", "kitchen", message.ts)

    await house.until(lambda: house.openai.in_flight == 0)
    await house.until(lambda: house.observer.named("half_answer_removed"))
    assert await at_rest(house, ts) == []
    assert len(house.openai.chats) == 1


async def test_a_commands_answer_deleted_while_it_grows_does_not_come_again_either(house: House) -> None:
    house.openai.script("fake", replies.slow(WORDS * 20, token_seconds=SLOWLY))
    await house.control.command("ben", "kitchen", "/kostprobe ask Why?")
    await house.until(lambda: growing(house))
    (message,) = growing(house)

    await house.control.delete("ann", "kitchen", message.ts)

    await house.until(lambda: house.openai.in_flight == 0)
    await house.until(lambda: house.observer.named("half_answer_removed"))
    assert message.thread_ts is not None
    assert [line.ts for line in await at_rest(house, message.thread_ts)] == [message.thread_ts]


def messages(house: House) -> list[Message]:
    return list(
        house.slack.core.workspace.messages[house.slack.core.workspace.channel("kitchen").id].values()
    )


@pytest.mark.parametrize("kind", ["ratelimited", "server_error", "drop_reply", "error"])
@pytest.mark.parametrize(
    "method", ["chat.startStream", "chat.appendStream", "chat.stopStream", "chat.update"]
)
async def test_whatever_slack_refuses_the_answer_is_there_once_and_whole(
    house: House, method: str, kind: FaultKind
) -> None:
    house.openai.script("fake", replies.slow(WORDS, token_seconds=BRISKLY))
    error = "streaming_state_conflict" if method == "chat.update" else "channel_type_not_supported"
    await house.control.fault(method, kind, times=1, seconds=0, error=error)

    ts = await house.control.say("ben", "kitchen", "@kostprobe Why?")
    await house.control.wait_message("kitchen", "word59", thread_ts=ts, after=ts, seconds=30)
    (answer,) = await at_rest(house, ts)

    assert answer.text.count(WORDS) == 1
    assert not stoppable(answer)
    assert len(house.openai.chats) == 1


async def test_an_answer_over_several_messages_is_whole_and_in_order(house: House) -> None:
    text = "\n\n".join(f"Paragraph {n}: " + " ".join(f"word{n}.{at}" for at in range(40)) for n in range(50))
    assert len(text) > 19_000
    house.openai.script("fake", replies.slow(text, token_seconds=0.0005))

    ts = await house.control.say("ben", "kitchen", "@kostprobe Everything?")
    await house.control.wait_message("kitchen", "word49.39", thread_ts=ts, after=ts, seconds=40)
    lines = await at_rest(house, ts)

    assert len(lines) == 2
    assert await called(house, "chat.startStream") == 2
    assert [n for line in lines for n in range(50) if f"Paragraph {n}:" in line.text] == list(range(50))
    assert not any(map(stoppable, lines))


async def test_a_mention_that_comes_in_pieces_calls_nobody(house: House) -> None:
    house.openai.script(
        "fake", replies.slow("Ask < !chan nel> or <@U0BOB> or @here " + WORDS, token_seconds=SLOWLY)
    )

    ts, _ = await begin(house)
    await at_rest(house, ts)

    sent = [
        str(call)
        for name in ("chat.startStream", "chat.appendStream", "chat.update")
        for call in await house.control.calls(name)
    ]
    assert sent
    assert not [call for call in sent if "<@U0BOB>" in call or "@here" in call or "<!" in call]
