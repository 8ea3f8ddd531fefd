"""Answers that end while they grow: stopped by people, or because the bot was removed."""

import asyncio

import pytest

from bot.domain.channel_config import ChannelConfig
from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import ThreadKey
from bot.domain.question import AnswerReply, Recorded, StoppedReply
from bot.services.ports import Half, JobKind
from tests.builders import ANN, BOB, PLACE, ROOT, THREAD, question, ts
from tests.fakes.models import Gate
from tests.services.house import ADMIN, DUELS, House
from tests.services.test_streaming import PIECES, WHOLE, growing, shown


async def test_what_was_said_so_far_is_the_answer_when_the_asker_stops_it(house: House) -> None:
    gate, run = await growing(house)
    await house.stopping.stop(THREAD, question().ts, ANN)
    await run

    reply = house.chat.unique_reply()
    assert isinstance(reply, AnswerReply)
    assert (reply.text, reply.cut, reply.stopped_by) == ("The sky is blue", True, ANN)
    assert gate.cancelled
    assert shown(house) == []
    assert len(house.memory.thread(THREAD).turns) == 2


async def test_an_answer_stopped_before_its_first_word_says_so_and_no_more(house: House) -> None:
    gate, run = await growing(house, " ")
    await house.stopping.stop(THREAD, None, ANN)
    await run

    assert house.chat.unique_reply() == StoppedReply(ANN)
    assert gate.cancelled
    assert house.memory.thread(THREAD).turns == []


async def test_a_duel_can_be_stopped_and_opens_none(house: House) -> None:
    house.set(DUELS)
    gate = house.models.gates["support"] = Gate()
    await house.send(question("Why?"))
    run = asyncio.create_task(house.work())
    await gate.reached.wait()
    await house.stopping.stop(THREAD, None, ANN)
    await run

    assert house.chat.unique_reply() == StoppedReply(ANN)
    assert not house.memory.duels


async def test_a_stop_outlives_the_worker_that_should_have_heard_it(house: House) -> None:
    _, run = await growing(house)
    await house.stopping.stop(THREAD, question().ts, ANN)
    run.cancel()
    await asyncio.wait({run})
    asked = house.models.asked("support")
    await house.recover()

    assert house.chat.unique_reply() == StoppedReply(ANN)
    assert house.models.asked("support") == asked
    assert shown(house) == []


async def test_an_admin_may_stop_anybodys_answer_and_others_may_not(house: House) -> None:
    _, run = await growing(house)
    with pytest.raises(Refusal) as refused:
        await house.stopping.stop(THREAD, question().ts, BOB)
    assert refused.value.code is Code.NOT_YOURS_TO_STOP

    await house.stopping.stop(THREAD, question().ts, ADMIN)
    await run
    reply = house.chat.unique_reply()
    assert isinstance(reply, AnswerReply)
    assert reply.stopped_by == ADMIN


async def test_a_stop_that_comes_too_late_says_so(house: House) -> None:
    await house.ask()
    with pytest.raises(Refusal) as refused:
        await house.stopping.stop(THREAD, question().ts, ANN)
    assert refused.value.code is Code.TOO_LATE_TO_STOP


async def test_an_answer_that_is_decided_between_two_looks_is_too_late_to_stop(house: House) -> None:
    gate, run = await growing(house)
    house.faults.at("progress.ask_to_stop", lambda: house.memory.inbox(THREAD).clear())
    with pytest.raises(Refusal) as refused:
        await house.stopping.stop(THREAD, question().ts, ANN)
    assert refused.value.code is Code.TOO_LATE_TO_STOP
    gate.opened.set()
    await run


async def test_slacks_own_button_stops_what_is_being_answered_and_ends_the_session(house: House) -> None:
    _, run = await growing(house)
    await house.stopping.stop_session(THREAD, ANN)
    await run
    with pytest.raises(Refusal):
        await house.stopping.stop_session(THREAD, ANN)

    assert house.live.rested == [THREAD, THREAD]


async def test_a_store_that_is_away_for_a_moment_stops_nothing(house: House) -> None:
    gate, run = await growing(house)
    house.faults.before("progress.stop_asked", Outage(Code.STORE_DOWN))
    await asyncio.sleep(2)
    gate.opened.set()
    await run

    assert house.text() == WHOLE


async def test_a_commands_answer_is_stopped_by_its_thread(house: House) -> None:
    gate = house.models.gates["support"] = Gate()
    house.models.pieces["support"] = PIECES
    command = ThreadKey(PLACE, "cmd-1.2.abc")
    await house.send(question("Why?", thread=command))
    run = asyncio.create_task(house.work())
    await gate.reached.wait()
    root = house.chat.transcript[0].ts
    await house.stopping.stop(ThreadKey(PLACE, root), None, ANN)
    await run

    reply = house.chat.unique_reply()
    assert isinstance(reply, AnswerReply)
    assert reply.stopped_by == ANN


# ------------------------------------------------------------ removed from the channel


async def left_half_said(house: House, *, command: bool = False) -> Half:
    """Have the bot removed while an answer grows; return what is left of that."""
    gate = house.models.gates["support"] = Gate()
    house.models.pieces["support"] = PIECES
    thread = ThreadKey(PLACE, "cmd-1.2.abc") if command else THREAD
    await house.send(question("Why?", thread=thread))
    run = asyncio.create_task(house.work())
    await gate.reached.wait()
    await asyncio.sleep(2)
    await house.conversations.drop(PLACE, ts(90))
    await asyncio.wait({run})
    assert gate.cancelled
    return Half(thread, question().ts, 0, house.chat.transcript[0].ts if command else ROOT)


@pytest.mark.parametrize("command", [False, True])
async def test_what_was_half_said_when_the_bot_was_removed_is_ended_when_it_is_back(
    house: House, *, command: bool
) -> None:
    house.set(ChannelConfig(language="de"))
    half = await left_half_said(house, command=command)
    (message,) = house.live.grown
    house.faults.before("live.end", Refusal(Code.NOT_IN_CHANNEL))
    await house.stopping.end_halves(PLACE)
    assert house.live.ended == []
    assert house.memory.halves == [half]

    await house.stopping.end_halves(PLACE)

    assert house.live.ended == [(message, "de")]
    assert house.memory.halves == []
    await house.stopping.end_halves(PLACE)
    assert house.faults.count("live.end") == 2


async def test_it_is_ended_too_when_the_removal_is_dealt_with_after_the_return(house: House) -> None:
    gate, run = await growing(house)
    await house.privacy.left(PLACE, ts(90))
    (job,) = [job for job in house.engine.jobs if job.kind is JobKind.DROP_WAITING]
    await house.privacy.on_job(job)
    await asyncio.wait({run})

    assert len(house.live.ended) == 1
    assert gate.cancelled


async def test_at_the_latest_a_click_on_stop_ends_it(house: House) -> None:
    half = await left_half_said(house)
    house.memory.halves.clear()

    await house.stopping.stop_shown(half, BOB)

    assert len(house.live.ended) == 1
    with pytest.raises(Refusal) as refused:
        await house.stopping.stop_shown(half, BOB)
    assert refused.value.code is Code.TOO_LATE_TO_STOP


async def test_a_click_on_stop_leaves_an_answer_alone_that_is_being_delivered(house: House) -> None:
    gate, run = await growing(house)
    half = Half(THREAD, question().ts, 0, ROOT)
    with pytest.raises(Refusal) as refused:
        await house.stopping.stop_shown(half, BOB)
    assert refused.value.code is Code.NOT_YOURS_TO_STOP
    house.memory.inbox(THREAD)[question().ts].recorded = Recorded(StoppedReply(ANN))
    with pytest.raises(Refusal) as refused:
        await house.stopping.stop_shown(half, ANN)
    assert refused.value.code is Code.TOO_LATE_TO_STOP
    assert house.live.ended == []
    gate.opened.set()
    await run
