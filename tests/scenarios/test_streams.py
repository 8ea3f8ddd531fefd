"""Answers that grow before the asker's eyes, over Slack's wire: and at rest each is there once, whole."""

from bot.playground.slack import Line
from bot.playground.slack.models import Message
from tests.fakes import openai_replies as replies
from tests.scenarios.house import House

WORDS = " ".join(f"word{number}" for number in range(60))
SLOWLY = 0.03


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
    return [line for line in await house.control.transcript(channel, thread_ts=thread) if line.app_id]


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
    assert not answer.buttons
    assert len(house.openai.chats) == 1
    (start,) = await house.control.calls("chat.startStream")
    assert start["recipient_user_id"] == house.slack.core.workspace.user("ben").id
    assert await called(house, "chat.postMessage") == 0


async def test_an_answer_that_is_there_at_once_is_posted_in_one_call(house: House) -> None:
    answer = await house.ask("ben", "kitchen", "Why?")

    assert "Answer to: Why?" in answer.text
    assert await called(house, "chat.startStream") == 0
    assert await called(house, "chat.postMessage") == 1
