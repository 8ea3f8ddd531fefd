"""A single answer grows before the asker's eyes, and at rest it is there once, whole."""

import asyncio
from contextlib import suppress

import pytest

from bot.domain.completion import Failure, FailureKind
from bot.domain.errors import Code, Outage
from bot.domain.question import AnswerReply, DuelReply, FailureReply
from bot.services.streaming import A_LOT
from tests.builders import ROOT, THREAD, completion, question, ts
from tests.fakes.models import Gate
from tests.fakes.stepping import Killed
from tests.services.house import DUELS, House

WHOLE = "The sky is blue because of how air scatters light."
PIECES = ("The sky ", "is blue")


async def growing(house: House, *pieces: str, whole: str = WHOLE) -> tuple[Gate, "asyncio.Task[None]"]:
    """Ask, and return once the model has said these pieces and waits, and they are shown."""
    gate = house.models.gates["support"] = Gate()
    house.models.pieces["support"] = pieces or PIECES
    house.models.say("support", completion(whole))
    await house.send(question("Why?"))
    run = asyncio.create_task(house.work())
    await gate.reached.wait()
    await asyncio.sleep(2)
    return gate, run


def shown(house: House) -> list[str]:
    return [message.text for message in house.live.grown.values()]


async def test_what_is_said_is_shown_before_it_is_whole_and_becomes_the_answer(house: House) -> None:
    gate, run = await growing(house)
    assert shown(house) == ["The sky is blue"]

    gate.opened.set()
    await run

    assert house.text() == WHOLE
    assert shown(house) == []
    assert house.faults.count("chat.post") == 0
    assert house.models.asked("support") == 1
    (posted,) = house.chat.transcript
    assert posted.marker == f"{ROOT}/0"
    assert house.memory.inbox(THREAD) == {}


async def test_an_answer_that_is_whole_at_once_is_posted_and_never_grows(house: House) -> None:
    house.models.pieces["support"] = PIECES
    await house.ask()

    assert house.faults.count("live.start") == 0
    assert house.faults.count("chat.post") == 1


async def test_nothing_is_shown_before_the_first_word(house: House) -> None:
    gate, run = await growing(house, " ", "\n")
    assert shown(house) == []
    gate.opened.set()
    await run


async def test_the_sign_is_shown_before_the_first_words_and_gives_way_to_them(house: House) -> None:
    gate, run = await growing(house)
    gate.opened.set()
    await run

    assert house.faults.log.index("chat.sign") < house.faults.log.index("live.start")
    assert house.chat.answered == [True]


async def test_a_lot_of_text_does_not_wait_for_the_next_look(house: House) -> None:
    seen: list[int] = []
    house.live.on_show = lambda text: seen.append(len(text))
    gate = house.models.gates["support"] = Gate()
    house.models.pieces["support"] = ["x" * A_LOT] * 3
    await house.send(question("Why?"))
    run = asyncio.create_task(house.work())
    await gate.reached.wait()
    await asyncio.sleep(0.1)
    assert seen == [3 * A_LOT]
    gate.opened.set()
    await run


@pytest.mark.parametrize("config", ["off", "duel"])
async def test_where_nothing_may_be_shown_nothing_grows(house: House, config: str) -> None:
    house.models.pieces = {"support": PIECES, "chef": PIECES}
    if config == "duel":
        house.set(DUELS)
    else:
        house.streaming = False
        house.start()
    gate = house.models.gates["support"] = Gate()
    await house.send(question("Why?"))
    run = asyncio.create_task(house.work())
    await gate.reached.wait()
    await asyncio.sleep(2)
    assert shown(house) == []
    gate.opened.set()
    await run

    assert house.faults.count("live.start") == 0
    assert isinstance(house.chat.replies[-1], DuelReply if config == "duel" else AnswerReply)


async def test_a_follow_up_while_a_duel_is_open_never_grows(house: House) -> None:
    house.set(DUELS)
    await house.ask("Why?")
    house.models.pieces = {"support": PIECES, "chef": PIECES}
    gates = {name: Gate() for name in ("support", "chef")}
    house.models.gates |= gates
    await house.send(question("And then?", ts=ts(5)))
    run = asyncio.create_task(house.work())
    await asyncio.sleep(3)
    assert shown(house) == []
    for gate in gates.values():
        gate.opened.set()
    await run
    assert house.faults.count("live.start") == 0


# ------------------------------------------------------------ what goes wrong


async def test_a_failure_after_text_was_shown_stands_in_its_place(house: House) -> None:
    gate, run = await growing(house)
    house.models.say("support", Failure(FailureKind.GARBLED, 100))
    gate.opened.set()
    await run

    assert isinstance(house.chat.unique_reply(), FailureReply)
    assert len(house.chat.transcript) == 1
    assert shown(house) == []


@pytest.mark.parametrize("step", ["live.start", "progress.begin", "progress.keep"])
async def test_when_the_showing_fails_the_answer_is_there_once_nevertheless(house: House, step: str) -> None:
    house.faults.before(step, Outage(Code.SLACK_DOWN))
    gate, run = await growing(house)
    gate.opened.set()
    await run

    assert house.text() == WHOLE
    assert len(house.chat.transcript) == 1
    assert house.models.asked("support") == 1


async def test_a_bug_in_the_showing_is_noted_and_harms_no_answer(house: House) -> None:
    def fail(text: str) -> None:
        raise ZeroDivisionError(text)

    house.live.on_show = fail
    gate, run = await growing(house)
    gate.opened.set()
    await run

    assert house.text() == WHOLE
    assert "stream_failed" in [fact.name for fact in house.observer.faults]


async def test_a_message_whose_ts_was_lost_is_found_and_becomes_the_answer(house: House) -> None:
    house.live.loses_ts = True
    gate, run = await growing(house)
    gate.opened.set()
    await run

    assert house.text() == WHOLE
    assert (len(house.chat.transcript), shown(house)) == (1, [])


async def test_a_message_of_unknown_ts_that_is_not_there_is_posted(house: House) -> None:
    house.live.loses_ts = True
    gate, run = await growing(house)
    house.live.grown.clear()
    gate.opened.set()
    await run

    assert house.text() == WHOLE
    assert house.faults.count("chat.post") == 1


async def test_in_place_of_a_message_that_nobody_can_change_any_more_another_is_posted(house: House) -> None:
    house.live.unchangeable = True
    gate, run = await growing(house)
    gate.opened.set()
    await run

    assert house.text() == WHOLE
    assert house.faults.count("chat.post") == 1


async def test_more_messages_than_the_answer_has_parts_are_removed(house: House) -> None:
    house.live.roll_over_at = 30
    gate, run = await growing(house, "A first part of some length. ")
    house.models.pieces["support"] = []
    gate.opened.set()
    await run
    assert len(house.chat.transcript) == 1

    house.models.gates.clear()
    house.live.roll_over_at = 20
    gate = house.models.gates["support"] = Gate()
    house.models.pieces["support"] = ["x" * 50]
    await house.send(question("Again?", ts=ts(7)))
    run = asyncio.create_task(house.work())
    await asyncio.sleep(3)
    assert shown(house)
    gate.opened.set()
    await run
    assert shown(house) == []
    assert len(house.chat.transcript) == 2


async def test_an_answer_of_several_parts_fills_what_grew_and_posts_the_rest(house: House) -> None:
    gate, run = await growing(house, whole="y" * 2500)
    gate.opened.set()
    await run

    assert [message.part for message in house.chat.transcript] == [0, 1, 2]
    assert house.faults.count("chat.post") == 2


# ------------------------------------------------------------ kills


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    "step",
    [
        "progress.begin",
        "live.start",
        "progress.keep",
        "models.complete",
        "conversations.record",
        "live.settle",
        "conversations.commit",
    ],
)
async def test_a_worker_killed_at_any_step_of_a_growing_answer_leaves_one_answer(
    house: House, step: str, when: str
) -> None:
    getattr(house.faults, when)(step, Killed())
    gate = house.models.gates["support"] = Gate()
    house.models.pieces["support"] = PIECES
    house.models.say("support", completion(WHOLE))
    await house.send(question("Why?"))
    run = asyncio.create_task(house.work())
    await asyncio.sleep(3)
    gate.opened.set()
    with suppress(Killed, BaseExceptionGroup):
        await run
    asked = house.models.asked("support")
    kept = house.memory.inbox(THREAD).get(question().ts)
    decided = kept is not None and kept.recorded is not None
    await house.recover()

    assert house.text() == WHOLE
    assert (len(house.chat.transcript), shown(house)) == (1, [])
    assert house.memory.inbox(THREAD) == {}
    if decided:
        assert house.models.asked("support") == asked, "a second bill"


async def test_the_next_worker_has_an_orphan_grow_no_more_and_starts_no_second_one(house: House) -> None:
    gate, run = await growing(house)
    run.cancel()
    await asyncio.wait({run})
    (orphan,) = house.live.grown.values()
    house.models.gates.clear()
    await house.recover()

    assert not orphan.grows
    assert house.chat.answered[-1] is False, "nothing new was posted, so nobody else takes the sign away"
    assert house.faults.count("live.start") == 1
    assert house.text() == WHOLE
    assert gate.cancelled
