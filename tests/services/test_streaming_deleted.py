"""What is deleted while its answer grows stays deleted, and nothing more is said."""

import asyncio

import pytest

from bot.domain.ids import ThreadKey
from bot.domain.thread import AskedTurn
from tests.builders import PLACE, ROOT, THREAD, question
from tests.fakes.models import Gate
from tests.fakes.stepping import Killed
from tests.services.house import House
from tests.services.test_streaming import PIECES, growing, shown


async def test_a_deleted_command_without_a_root_has_nothing_to_take_away(house: House) -> None:
    command = ThreadKey(PLACE, "cmd-1.2.abc")
    await house.send(question("Why?", thread=command))
    entry = house.memory.inbox(command)[question().ts]
    entry.withdrawn = True
    await house.work()

    assert house.memory.inbox(command) == {}
    assert house.chat.transcript == []


async def test_a_question_deleted_while_its_answer_grows_takes_the_half_of_it_away(house: House) -> None:
    gate, run = await growing(house)
    assert await house.intake.withdraw(THREAD, question().ts)
    await asyncio.wait({run})
    await house.intake.wake(THREAD)
    await house.work()

    assert shown(house) == []
    assert house.chat.transcript == []
    assert gate.cancelled
    assert house.memory.inbox(THREAD) == {}


@pytest.mark.parametrize("command", [False, True])
async def test_an_answer_deleted_while_it_grows_stops_and_nothing_more_is_said(
    house: House, *, command: bool
) -> None:
    asked_in = ThreadKey(PLACE, "cmd-1.2.abc") if command else THREAD
    gate = house.models.gates["support"] = Gate()
    house.models.pieces["support"] = PIECES
    await house.send(question("Why?", thread=asked_in))
    run = asyncio.create_task(house.work())
    await gate.reached.wait()
    await asyncio.sleep(2)
    root = house.chat.transcript[0].ts if command else ROOT
    (ts,) = house.live.grown
    del house.live.grown[ts]
    assert await house.intake.withdraw(ThreadKey(PLACE, root), ts)
    await asyncio.wait({run})
    await house.recover()

    assert gate.cancelled
    assert house.memory.inbox(asked_in) == {}
    assert [posted.ts for posted in house.chat.transcript] == ([root] if command else [])
    assert house.memory.thread(ThreadKey(PLACE, root)).turns == []


async def test_word_of_what_is_taken_away_with_a_deleted_question_changes_nothing(house: House) -> None:
    await growing(house)
    (ts,) = house.live.grown
    await house.intake.withdraw(THREAD, question().ts)

    assert not await house.intake.withdraw(THREAD, ts)


async def test_an_answer_deleted_before_anybody_heard_of_it_is_not_posted_again(house: House) -> None:
    house.live.roll_over_at = 10
    gate, run = await growing(house, "x" * 5)
    extra = await house.live.start(question(), 1)
    house.memory.inbox(THREAD)[question().ts].streamed[1] = extra
    run.cancel()
    await asyncio.wait({run})
    del house.live.grown[next(iter(house.live.grown))]
    house.models.gates.clear()
    await house.recover()

    assert gate.cancelled
    assert (shown(house), house.chat.transcript, house.memory.inbox(THREAD)) == ([], [], {})
    assert house.faults.count("chat.post") == 0


async def test_an_answer_deleted_between_its_posting_and_its_end_leaves_no_turn(house: House) -> None:
    def delete() -> None:
        house.memory.gone.add((PLACE, house.chat.transcript[-1].ts))

    house.faults.at("conversations.commit", delete)
    await house.ask()

    (turn,) = house.memory.thread(THREAD).turns
    assert isinstance(turn, AskedTurn)


async def test_in_place_of_a_deleted_answer_nobody_apologises(house: House) -> None:
    _, run = await growing(house)
    run.cancel()
    await asyncio.wait({run})
    house.live.grown.clear()
    house.memory.inbox(THREAD)[question().ts].attempts = 30
    await house.recover()

    assert house.chat.transcript == []


async def test_it_does_so_when_the_worker_died_before_it_knew_the_ts(house: House) -> None:
    house.faults.before("progress.keep", Killed())
    house.models.pieces["support"] = PIECES
    house.models.gates["support"] = Gate()
    await house.send(question("Why?"))
    run = asyncio.create_task(house.work())
    await asyncio.sleep(3)
    await asyncio.wait({run})
    await house.intake.withdraw(THREAD, question().ts)
    await house.recover()

    assert shown(house) == []
    assert house.memory.inbox(THREAD) == {}


async def test_a_message_begun_for_a_question_that_was_deleted_is_taken_away_at_once(house: House) -> None:
    house.faults.at("progress.keep", house.memory.inbox(THREAD).clear)
    _, run = await growing(house)
    await asyncio.wait({run})

    assert shown(house) == []


async def test_a_question_given_up_after_text_was_shown_apologises_in_its_place(house: House) -> None:
    gate, run = await growing(house)
    run.cancel()
    await asyncio.wait({run})
    house.memory.inbox(THREAD)[question().ts].attempts = 30
    await house.recover()

    assert len(house.chat.transcript) == 1
    assert house.chat.transcript[0].shown["is"] == "bug"
    assert shown(house) == []
    assert gate.cancelled


async def test_of_several_messages_one_apologises_and_the_others_go(house: House) -> None:
    house.live.roll_over_at = 10
    _, run = await growing(house, "x" * 5)
    entry = house.memory.inbox(THREAD)[question().ts]
    extra = await house.live.start(question(), 1)
    entry.streamed[1] = extra
    run.cancel()
    await asyncio.wait({run})
    entry.attempts = 30
    await house.recover()

    assert len(house.chat.transcript) == 1
    assert shown(house) == []
