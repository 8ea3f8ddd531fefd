"""A single answer grows before the asker's eyes, and at rest it is there once, whole."""

import asyncio
from contextlib import suppress

import pytest

from bot.domain.channel_config import ChannelConfig
from bot.domain.completion import Failure, FailureKind
from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import ThreadKey
from bot.domain.question import AnswerReply, DuelReply, FailureReply, Recorded, StoppedReply
from bot.domain.thread import AskedTurn
from bot.services.ports import Half, JobKind
from bot.services.streaming import A_LOT
from tests.builders import ANN, BOB, PLACE, ROOT, THREAD, completion, question, ts
from tests.fakes.models import Gate
from tests.fakes.stepping import Killed
from tests.services.house import ADMIN, DUELS, House

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


# ------------------------------------------------------------ stopping


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


# ------------------------------------------------------------ deleting


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
