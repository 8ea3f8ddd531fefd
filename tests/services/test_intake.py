from dataclasses import replace

import pytest

from bot.domain.channel_config import ChannelConfig, ThreadMode
from bot.domain.errors import Code, Outage, Refusal
from bot.domain.question import MAX_QUESTION_CHARACTERS, RefusalReply
from bot.services.intake import check_question
from bot.services.ports import Ingested
from tests.builders import THREAD, question, ts
from tests.services.house import House


@pytest.mark.parametrize(
    "text", ["Why?", "x" * MAX_QUESTION_CHARACTERS, ":pizza: or pasta?", "?", "12:30 or 14:00"]
)
def test_a_question_is_anything_that_says_something(text: str) -> None:
    check_question(text)


@pytest.mark.parametrize("text", ["", "  \n", ":pizza:", ":+1::skin-tone-3: :wave:", ":man-woman_girl's:"])
def test_nothing_and_emoji_alone_are_no_question(text: str) -> None:
    with pytest.raises(Refusal) as caught:
        check_question(text)
    assert caught.value.code is Code.EMPTY_QUESTION


def test_a_question_can_be_too_long() -> None:
    with pytest.raises(Refusal) as caught:
        check_question("x" * 40_000)
    assert caught.value.code is Code.QUESTION_TOO_LONG
    assert caught.value.fields == {"tokens": 13_333, "limit": 4000}


async def test_an_accepted_question_is_durable_before_anybody_is_woken(house: House) -> None:
    assert await house.intake.accept(question()) is Ingested.ACCEPTED

    assert list(house.memory.inbox(THREAD)) == [question().ts]
    assert house.engine.wakes == []
    await house.intake.wake(THREAD)
    assert house.engine.wakes == [THREAD]
    assert house.observer.named("question_ingested") == [{"outcome": "accepted", "thread": THREAD.wire}]


async def test_a_refused_question_leaves_nothing(house: House) -> None:
    with pytest.raises(Refusal):
        await house.intake.accept(question(":pizza:"))

    assert house.faults.log == []


async def test_a_thread_takes_so_many_questions_and_no_more(house: House) -> None:
    house.conversations.most_waiting = 2
    await house.intake.accept(question(ts=ts(1)))
    await house.intake.accept(question(ts=ts(2)))

    with pytest.raises(Refusal) as caught:
        await house.intake.accept(question(ts=ts(3)))
    assert caught.value.code is Code.THREAD_FULL


async def test_a_store_that_is_down_is_an_outage_and_slack_delivers_again(house: House) -> None:
    house.faults.before("conversations.ingest", Outage(Code.STORE_DOWN))
    with pytest.raises(Outage):
        await house.intake.accept(question())

    assert await house.intake.accept(question()) is Ingested.ACCEPTED


async def test_a_long_follow_up_is_taken_in_and_refused_where_it_would_be_read(house: House) -> None:
    house.set(ChannelConfig(threads=ThreadMode.FOLLOW))
    await house.ask()

    assert await house.send(question("x" * 40_000, ts=ts(1)), follow_up=True) is Ingested.ACCEPTED
    await house.work()

    reply = house.chat.replies[-1]
    assert isinstance(reply, RefusalReply)
    assert reply.code is Code.QUESTION_TOO_LONG


async def test_files_without_a_word_are_said_not_to_have_been_read(house: House) -> None:
    with pytest.raises(Refusal) as caught:
        await house.intake.accept(replace(question(" "), unread_files=2))

    assert caught.value.code is Code.ONLY_FILES
