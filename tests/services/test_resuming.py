"""A question goes on where it stopped: never a second coin, a second bill, a second answer."""

from contextlib import suppress
from datetime import timedelta

import pytest

from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import ThreadKey
from bot.domain.question import AnswerReply, BugReply, DuelReply, RefusalReply
from bot.domain.thread import AskedTurn, DuelledTurn
from bot.services.answering import MAX_ATTEMPTS, MOST_ATTEMPTS
from bot.services.ports import JobKind
from tests.builders import PLACE, THREAD, completion, question, ts
from tests.fakes.stepping import Killed
from tests.services.house import ADMIN, DUELS, House

COMMAND = ThreadKey(PLACE, "cmd-123.456.abc")
STEPS = [
    "conversations.take",
    "configs.team",
    "contestants.save",
    "budget.reserve",
    "conversations.record_route",
    "models.complete",
    "conversations.record",
    "engine.schedule",
    "chat.post",
    "conversations.posted",
    "conversations.commit",
]
"""Every step of a duel's way, in order."""


async def interrupted(house: House, thread: ThreadKey = THREAD) -> None:
    """Ask, and let whatever was planned happen."""
    await house.send(question("Why?", thread=thread))
    with suppress(Killed, BaseExceptionGroup):
        await house.work()


def routes_recorded(house: House) -> int:
    return house.faults.count("conversations.record_route")


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize("step", STEPS)
async def test_a_worker_killed_at_any_step_of_a_duel_leaves_one_duel(
    house: House, step: str, when: str
) -> None:
    house.set(DUELS)
    getattr(house.faults, when)(step, Killed())

    await interrupted(house)
    known = list(house.memory.duels)
    asked, drawn = len(house.models.calls), routes_recorded(house)
    kept = house.memory.inbox(THREAD).get(question().ts)
    route, decided = (kept.routed, kept.recorded) if kept else (None, None)
    await house.recover()

    reply = house.chat.unique_reply()
    assert isinstance(reply, DuelReply)
    assert [message.part for message in house.chat.transcript] == [0, 1]
    assert len({message.marker for message in house.chat.transcript}) == 2
    assert len(house.memory.duels) == 1
    assert house.memory.inbox(THREAD) == {}
    turns = house.memory.thread(THREAD).turns
    assert [type(turn) for turn in turns] == [AskedTurn, DuelledTurn]
    assert (house.duel.answers_ts, house.duel.ballot_ts) == tuple(
        message.ts for message in house.chat.transcript
    )
    assert house.budget.answers == 2
    assert [job.kind for job in house.engine.jobs] == [JobKind.CLOSE_DUEL]
    if known:
        assert list(house.memory.duels) == known
    if route:
        assert routes_recorded(house) == drawn, "a second coin"
        assert house.duel.id == route.duel
        assert (house.duel.seal.a.name == "chef") is route.swapped
    if decided:
        assert len(house.models.calls) == asked, "a second bill"
    assert len(house.models.calls) <= 4


@pytest.mark.parametrize("when", ["before", "after"])
@pytest.mark.parametrize(
    "step",
    ["chat.post_root", "conversations.rooted", "conversations.record", "chat.post", "conversations.commit"],
)
async def test_a_command_killed_at_any_step_has_one_root_and_one_answer(
    house: House, step: str, when: str
) -> None:
    getattr(house.faults, when)(step, Killed())

    await interrupted(house, COMMAND)
    await house.recover()

    assert [message.shown["is"] for message in house.chat.transcript] == ["root", "answer"]
    root, answer = house.chat.transcript
    assert answer.spot.root == root.ts
    assert house.memory.inbox(COMMAND) == {}


@pytest.mark.parametrize("part", [1, 2, 3])
async def test_a_worker_killed_between_two_parts_posts_each_part_once(house: House, part: int) -> None:
    house.models.say("support", completion("x" * 2500), completion("something else"))
    for _ in range(part - 1):
        house.faults.after("chat.post", Outage(Code.SLACK_DOWN))
    house.faults.after("chat.post", Killed())

    await interrupted(house)
    for _ in range(part):
        with suppress(Killed):
            await house.recover(after=70)

    assert [message.part for message in house.chat.transcript] == [0, 1, 2]
    assert len({message.shown["text"] for message in house.chat.transcript}) == 1
    assert len(house.models.calls) == 1


async def test_a_post_whose_answer_was_lost_is_found_and_not_repeated(house: House) -> None:
    house.faults.after("chat.post", Outage(Code.SLACK_DOWN))

    await house.ask()
    assert house.memory.inbox(THREAD) != {}
    await house.recover()

    assert len(house.chat.transcript) == 1
    assert house.memory.inbox(THREAD) == {}


async def test_a_route_that_was_recorded_stands_whatever_the_channel_says_meanwhile(house: House) -> None:
    house.faults.before("models.complete", Killed())
    await interrupted(house)
    house.set(DUELS)
    house.edit_persona("support", "# Role\nYou shout.")
    house.remove_persona("support")

    await house.recover()

    assert house.text() == "support says: Why?"
    assert house.read()[0] == ("system", "# Role\nYou help.")


async def test_a_channel_that_became_sensitive_meanwhile_is_respected(house: House) -> None:
    house.faults.before("models.complete", Killed())
    await interrupted(house)
    asked = len(house.models.calls)
    await house.administering.change(PLACE, ADMIN, {"answer": "pizzaiolo", "sensitive": "on"})

    await house.recover()

    reply = house.chat.unique_reply()
    assert isinstance(reply, RefusalReply)
    assert reply.code is Code.SENSITIVE_CHANNEL
    assert len(house.models.calls) == asked


async def test_a_contestant_that_was_never_stored_is_refused(house: House) -> None:
    house.faults.before("models.complete", Killed())
    await interrupted(house)
    house.store.exact.clear()

    await house.recover()

    reply = house.chat.unique_reply()
    assert isinstance(reply, RefusalReply)
    assert reply.code is Code.UNKNOWN_CONTESTANT


async def test_a_sign_that_a_killed_worker_left_is_taken_away_with_the_answer(house: House) -> None:
    house.faults.before("chat.post", Killed())
    house.faults.before("chat.unsign", Killed())
    await interrupted(house)
    assert house.chat.unsigned == []

    await house.recover()

    assert house.chat.unsigned == [question("Why?")]


# ------------------------------------------------------------ outages


async def test_while_slack_is_down_the_question_waits_longer_each_time_and_is_never_asked_again(
    house: House,
) -> None:
    house.faults.before("chat.post", Outage(Code.SLACK_DOWN), times=3)
    await house.ask()

    waits = []
    for _ in range(3):
        entry = house.memory.inbox(THREAD)[question().ts]
        assert entry.not_before is not None
        waits.append(entry.not_before - house.clock.now())
        house.clock.time = entry.not_before
        await house.answering.sweep()
        await house.work()

    assert waits == [timedelta(seconds=2), timedelta(seconds=4), timedelta(seconds=8)]
    assert len(house.chat.transcript) == 1
    assert len(house.models.calls) == 1
    assert house.observer.named("question_delayed") == [
        {"why": "slack_down", "attempts": attempt} for attempt in (1, 2, 3)
    ]


async def test_a_question_that_waits_is_not_taken_early(house: House) -> None:
    house.faults.before("chat.post", Outage(Code.SLACK_DOWN))
    await house.ask()

    await house.ask(at=ts(1))

    assert house.chat.transcript == []


@pytest.mark.parametrize("error", [Outage(Code.SLACK_DOWN), RuntimeError("a bug in delivery")])
async def test_after_the_last_attempt_it_is_buried_and_the_next_question_is_answered(
    house: House, error: Exception
) -> None:
    most = MOST_ATTEMPTS if isinstance(error, Outage) else MAX_ATTEMPTS
    house.faults.before("chat.post", error, times=most)
    await house.send(question("first", ts=ts(1)))
    await house.send(question("second", ts=ts(2)))
    house.engine.wakes[1:] = []

    await house.work()
    for _ in range(most - 1):
        assert house.memory.dead == []
        await house.recover(after=60)

    assert [entry.question.text for entry in house.memory.dead] == ["first"]
    assert [reply.text for reply in house.chat.replies if isinstance(reply, AnswerReply)] == [
        "support says: second"
    ]
    why = "slack_down" if isinstance(error, Outage) else "bug"
    (buried,) = house.observer.named("question_buried")
    assert (buried["why"], buried["thread"]) == (why, THREAD.wire)
    assert len(house.observer.faults) == (0 if isinstance(error, Outage) else MAX_ATTEMPTS)
    (apology,) = [reply for reply in house.chat.replies if isinstance(reply, BugReply)]
    assert apology.reference == buried["reference"]


async def test_a_command_whose_root_can_never_be_posted_is_given_up_in_silence(house: House) -> None:
    house.faults.before("chat.post_root", RuntimeError("a bug"), times=MAX_ATTEMPTS)
    await house.send(question("Why?", thread=COMMAND))
    await house.work()
    for _ in range(MAX_ATTEMPTS - 1):
        await house.recover(after=60)

    assert len(house.memory.dead) == 1
    assert house.chat.transcript == []


async def test_a_question_whose_worker_dies_each_time_is_given_up_and_that_is_said(house: House) -> None:
    house.faults.before("models.complete", Killed(), times=MOST_ATTEMPTS)
    await interrupted(house)
    for _ in range(MOST_ATTEMPTS - 1):
        with pytest.raises(BaseExceptionGroup):
            await house.recover(after=60)

    await house.recover(after=60)

    assert isinstance(house.chat.unique_reply(), BugReply)
    assert len(house.memory.dead) == 1


async def test_what_slack_will_never_take_is_buried_at_once(house: House) -> None:
    house.faults.before("chat.post", Refusal(Code.NOT_IN_CHANNEL))

    await house.ask()

    assert len(house.memory.dead) == 1
    assert house.observer.named("undeliverable") == [{"code": "not_in_channel", "thread": THREAD.wire}]


async def test_a_duel_that_was_never_shown_goes_with_its_question(house: House) -> None:
    house.set(DUELS)
    house.faults.before("chat.post", Refusal(Code.NOT_IN_CHANNEL))

    await house.ask()
    house.clock.advance(hours=24)
    await house.keep_time()

    assert house.memory.duels == {}
    assert house.engine.jobs == {}


async def test_a_duel_of_which_half_was_shown_closes_all_the_same(house: House) -> None:
    house.set(DUELS)
    house.faults.before("conversations.posted", RuntimeError("a bug"), times=MAX_ATTEMPTS)
    house.faults.after("conversations.posted", Refusal(Code.NOT_IN_CHANNEL))

    await house.ask()
    for _ in range(MAX_ATTEMPTS):
        await house.recover(after=60)
    assert len(house.memory.dead) == 1

    house.clock.advance(hours=24)
    await house.keep_time()
    assert all(not state.duel.is_open for state in house.memory.duels.values())


@pytest.mark.parametrize(
    "step", ["contestants.save", "budget.reserve", "conversations.record_route", "conversations.record"]
)
async def test_while_the_store_is_down_the_question_waits(house: House, step: str) -> None:
    house.faults.before(step, Outage(Code.STORE_DOWN))

    await house.ask()
    assert house.chat.transcript == []
    await house.recover()

    assert house.text() == "support says: Why is the sky blue?"
    assert house.budget.answers == 1


async def test_a_store_that_is_down_at_the_start_leaves_the_question_for_the_sweeper(house: House) -> None:
    await house.send(question())
    house.faults.after("configs.team", Outage(Code.STORE_DOWN))

    await house.work()
    assert house.chat.transcript == []
    await house.recover()

    assert isinstance(house.chat.unique_reply(), AnswerReply)


async def test_a_wake_up_that_got_lost_is_made_up_for(house: House) -> None:
    house.faults.before("engine.wake", Outage(Code.STORE_DOWN))
    with pytest.raises(Outage):
        await house.send(question())

    house.clock.advance(seconds=4)
    assert await house.answering.sweep() == 0
    house.clock.advance(seconds=1)
    assert await house.answering.sweep() == 1
    await house.work()

    assert isinstance(house.chat.unique_reply(), AnswerReply)


# ------------------------------------------------------------ bugs


async def test_a_bug_in_the_decision_is_apologised_for_once_even_after_a_crash(house: House) -> None:
    house.models.say("support", RuntimeError("what is this"))
    house.faults.before("chat.post", Killed())

    await interrupted(house)
    await house.recover()

    assert house.chat.unique_reply() == BugReply("ref-1")
    assert len(house.models.calls) == 1
