"""A lease that is lost, a lease that is kept, and questions that are deleted."""

import asyncio
from contextlib import suppress

import pytest

from bot.domain.channel_config import ChannelConfig
from bot.domain.errors import Code, Outage
from bot.domain.ids import ThreadKey
from bot.domain.question import AnswerReply, DuelReply
from bot.domain.routing import Wish
from tests.builders import THREAD, question, ts
from tests.fakes.models import Gate
from tests.fakes.stepping import Killed
from tests.services.house import DUELS, House


async def lose(house: House, thread: ThreadKey = THREAD) -> None:
    """Another worker takes the thread over."""
    house.clock.advance(seconds=11)
    assert await house.conversations.take(thread, "another", now=house.clock.now()) is not None


async def test_a_lost_lease_cancels_the_call_to_the_model_and_nothing_is_posted(house: House) -> None:
    gate = house.models.gates["support"] = Gate()
    await house.send(question())
    running = asyncio.create_task(house.work())
    await gate.reached.wait()

    await lose(house)
    await running

    assert gate.cancelled
    assert house.chat.transcript == []
    assert house.observer.named("lease_lost")[0]["attempts"] == 1
    assert house.faults.count("conversations.record") == 0
    current = asyncio.current_task()
    assert current is not None
    assert current.cancelling() == 0


async def test_a_lease_that_is_kept_lasts_as_long_as_the_model_takes(house: House) -> None:
    gate = house.models.gates["support"] = Gate()
    await house.send(question())
    running = asyncio.create_task(house.work())
    await gate.reached.wait()
    for _ in range(10):
        await asyncio.sleep(3)
        house.clock.advance(seconds=3)
    assert await house.conversations.take(THREAD, "another", now=house.clock.now()) is None

    gate.opened.set()
    await running

    assert isinstance(house.chat.unique_reply(), AnswerReply)


async def test_a_store_that_is_down_for_a_moment_is_no_lost_lease(house: House) -> None:
    gate = house.models.gates["support"] = Gate()
    house.faults.before("conversations.renew", Outage(Code.STORE_DOWN))
    await house.send(question())
    running = asyncio.create_task(house.work())
    await gate.reached.wait()
    await asyncio.sleep(7)

    gate.opened.set()
    await running

    assert house.faults.count("conversations.renew") == 2
    assert isinstance(house.chat.unique_reply(), AnswerReply)


@pytest.mark.parametrize(
    "step",
    ["conversations.record_route", "conversations.record", "conversations.posted", "conversations.commit"],
)
async def test_a_worker_that_lost_its_lease_writes_nothing_and_the_other_ends_it(
    house: House, step: str
) -> None:
    house.set(DUELS)
    await house.send(question())
    house.faults.at(step, lambda: house.clock.advance(seconds=11))

    await house.work()
    await house.recover()

    assert house.observer.named("lease_lost") != []
    assert isinstance(house.chat.unique_reply(), DuelReply)
    assert [message.part for message in house.chat.transcript] == [0, 1]
    assert len(house.memory.duels) == 1


@pytest.mark.parametrize("config", [ChannelConfig(answer="support"), DUELS], ids=["question", "duel"])
async def test_a_worker_that_slept_over_its_lease_posts_nothing(house: House, config: ChannelConfig) -> None:
    house.set(config)

    async def sleep() -> None:
        """The answer is stored and waits for its sign; when the worker wakes up, another has posted it."""
        house.chat.slow_sign = None
        await asyncio.sleep(1)
        house.clock.advance(seconds=11)
        await house.answering.run(THREAD)

    house.chat.slow_sign = sleep
    await house.ask()

    assert len(house.chat.replies) == 1
    assert house.observer.named("lease_lost") != []


async def test_a_question_deleted_before_it_is_taken_is_never_answered(house: House) -> None:
    await house.send(question())

    assert await house.intake.withdraw(THREAD, question().ts)
    await house.work()

    assert house.chat.transcript == []
    assert house.observer.named("question_withdrawn") == [{"thread": THREAD.wire}]


async def test_a_question_deleted_while_it_is_answered_stops_the_answer(house: House) -> None:
    gate = house.models.gates["support"] = Gate()
    await house.send(question("first", ts=ts(1)))
    await house.send(question("second", ts=ts(2)))
    running = asyncio.create_task(house.work())
    await gate.reached.wait()

    assert await house.intake.withdraw(THREAD, ts(1))
    del house.models.gates["support"]
    await running

    assert gate.cancelled
    assert house.chat.unsigned[:1] == [question("first", ts=ts(1))]
    assert [reply.text for reply in house.chat.replies if isinstance(reply, AnswerReply)] == [
        "support says: second"
    ]


async def test_once_it_is_decided_a_deletion_comes_too_late(house: House) -> None:
    house.faults.before("chat.post", Outage(Code.SLACK_DOWN))
    await house.ask()

    assert not await house.intake.withdraw(THREAD, question().ts)
    await house.recover()

    assert isinstance(house.chat.unique_reply(), AnswerReply)
    assert house.observer.named("question_withdrawn") == []


async def test_word_of_a_deletion_may_come_before_the_message(house: House) -> None:
    assert not await house.intake.withdraw(THREAD, question().ts)

    await house.ask()

    assert house.chat.transcript == []


async def test_a_process_that_is_told_to_leave_lets_the_question_wait(house: House) -> None:
    gate = house.models.gates["support"] = Gate()
    await house.send(question())
    running = asyncio.create_task(house.work())
    await gate.reached.wait()

    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert house.observer.named("lease_lost") == []

    del house.models.gates["support"]
    await house.recover()
    assert isinstance(house.chat.unique_reply(), AnswerReply)


async def test_a_lost_lease_and_an_order_to_leave_at_once_is_an_order_to_leave(house: House) -> None:
    gate = house.models.gates["support"] = Gate()
    await house.send(question())
    running = asyncio.create_task(house.answering.run(THREAD))
    await gate.reached.wait()
    await lose(house)
    house.faults.at("conversations.renew", running.cancel)
    with suppress(asyncio.CancelledError):
        await running
    assert gate.cancelled
    assert house.chat.transcript == []


async def test_a_wish_survives_a_crash(house: House) -> None:
    house.faults.before("conversations.record_route", Killed())
    await house.send(question(wish=Wish(contestant="chef")))
    with suppress(Killed):
        await house.work()

    await house.recover()

    assert house.text() == "chef says: Why is the sky blue?"
