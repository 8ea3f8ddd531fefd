"""What a duel shows while people vote, and how its thread goes on."""

from dataclasses import replace

import pytest

from bot.domain.ballot import Choice
from bot.domain.channel_config import ChannelConfig, ThreadMode
from bot.domain.completion import Failure, FailureKind
from bot.domain.duel import ClosedBy, State
from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import DuelId, ThreadKey
from bot.domain.question import AnswerReply, RefusalReply
from bot.services.dueling import FORGET_UNPOSTED, REFRESH_AFTER, REFRESH_AGAIN
from bot.services.ports import Job, JobKind
from tests.builders import ANN, BOB, CAT, DAN, PLACE, ROOT, question, ts
from tests.fakes.stepping import Killed
from tests.services.house import DUELS, House

A, B, TIE, BAD = Choice.A, Choice.B, Choice.TIE, Choice.BOTH_BAD
NO_DUEL = DuelId("there is none")


# ------------------------------------------------------------ the ballot message


async def test_however_many_vote_in_a_second_the_message_changes_once(open_house: House) -> None:
    house, duel = open_house, open_house.duel.id
    for user in (ANN, BOB):
        for choice in (A, B, TIE):
            await house.vote(duel, user, choice)
    house.clock.advance(seconds=REFRESH_AFTER.total_seconds())

    assert await house.keep_time() == [Job(JobKind.REFRESH_BALLOTS, PLACE, duel)]
    assert [update.ballots for update in house.chat.updates] == [2]


async def test_when_slack_does_not_take_an_update_it_is_tried_again(open_house: House) -> None:
    house, duel = open_house, open_house.duel.id
    house.faults.before("chat.show_ballots", Outage(Code.SLACK_DOWN))
    await house.vote(duel, ANN, A)
    house.clock.advance(seconds=1)
    await house.keep_time()
    assert house.chat.updates == []

    house.clock.advance(seconds=REFRESH_AGAIN.total_seconds())
    await house.keep_time()
    assert [update.ballots for update in house.chat.updates] == [1]


async def test_when_slack_says_how_long_to_wait_it_waits_so_long(open_house: House) -> None:
    house, duel = open_house, open_house.duel.id
    house.faults.before("chat.show_ballots", Outage(Code.SLACK_DOWN, retry_after=FORGET_UNPOSTED))
    await house.vote(duel, ANN, A)
    house.clock.advance(seconds=1)
    await house.keep_time()

    assert house.engine.jobs[Job(JobKind.REFRESH_BALLOTS, PLACE, duel)] == house.clock.now() + FORGET_UNPOSTED


async def test_a_message_that_is_gone_is_left_alone(open_house: House) -> None:
    house, duel = open_house, open_house.duel.id
    house.faults.before("chat.show_ballots", Refusal(Code.NOT_IN_CHANNEL))
    await house.vote(duel, ANN, A)
    house.clock.advance(seconds=1)
    await house.keep_time()

    assert house.observer.named("ballots_not_shown") == [{"duel": duel, "code": "not_in_channel"}]
    assert [job.kind for job in house.engine.jobs] == [JobKind.CLOSE_DUEL]


async def test_a_vote_before_the_ballot_message_is_noted_is_shown_once_it_is(house: House) -> None:
    house.set(DUELS)
    house.faults.before("conversations.commit", Outage(Code.STORE_DOWN))
    await house.ask()
    await house.vote(house.duel.id, ANN, A)
    house.clock.advance(seconds=1)
    await house.keep_time()
    assert house.chat.updates == []

    await house.recover()
    await house.keep_time()

    assert [update.ballots for update in house.chat.updates] == [1]


async def test_a_ballot_message_that_never_comes_is_not_waited_for_for_ever(house: House) -> None:
    house.set(DUELS)
    house.faults.before("conversations.commit", Outage(Code.STORE_DOWN))
    await house.ask()
    await house.vote(house.duel.id, ANN, A)
    house.clock.advance(seconds=FORGET_UNPOSTED.total_seconds())
    await house.keep_time()

    assert [job.kind for job in house.engine.jobs] == [JobKind.CLOSE_DUEL]


async def test_a_duel_that_closes_while_its_count_is_being_shown_ends_as_closed(open_house: House) -> None:
    house, duel = open_house, open_house.duel.id
    await house.vote(duel, ANN, A)
    await house.vote(duel, BOB, A)

    async def close_meanwhile() -> None:
        await house.dueling.close(PLACE, duel, ANN)

    house.chat.on_show = close_meanwhile
    house.clock.advance(seconds=1)
    await house.keep_time()

    assert [update.state for update in house.chat.updates] == [State.CLOSED, State.OPEN, State.CLOSED]


async def test_an_end_that_was_never_shown_is_shown_when_time_looks_at_it(open_house: House) -> None:
    house, duel = open_house, open_house.duel
    await house.duels.close(PLACE, duel.id, ClosedBy.PERSON, now=house.clock.now())
    house.clock.advance(minutes=10)

    await house.keep_time()

    assert [update.state for update in house.chat.updates] == [State.NOBODY_VOTED]


async def test_jobs_of_a_duel_that_is_gone_do_nothing(house: House) -> None:
    for kind in JobKind:
        await house.dueling.on_job(Job(kind, PLACE, NO_DUEL))

    assert house.chat.updates == []
    assert house.engine.jobs == {}


async def test_the_latest_duels_are_listed_newest_first(open_house: House) -> None:
    house, first = open_house, open_house.duel.id
    await house.vote(first, ANN, A)
    house.clock.advance(hours=24)
    await house.keep_time()
    await house.ask("Which?", at=ROOT, thread=ThreadKey(PLACE, "1795342000.000900"))
    await house.vote(house.duel.id, BOB, B)
    await house.vote(house.duel.id, CAT, B)

    newest, oldest = await house.dueling.latest(PLACE)

    assert (newest.question, newest.ballots) == ("Which?", 2)
    assert (oldest.duel.id, oldest.question, oldest.ballots) == (first, "Why?", 1)
    assert [report.duel for report in await house.dueling.latest(PLACE, 1)] == [newest.duel]


# ------------------------------------------------------------ how the thread goes on


def last_answer(house: House) -> str:
    return [text for role, text in house.read() if role == "assistant"][-1]


def last_contestant(house: House) -> str:
    return house.models.calls[-1][0].name


async def test_before_any_ballot_the_thread_goes_on_by_the_coin_and_without_a_name(open_house: House) -> None:
    reply = await open_house.follow("And?", 1)

    assert reply.contestant is None
    assert (last_contestant(open_house), last_answer(open_house)) == ("chef", "chef says: Why?")


@pytest.mark.parametrize(("choice", "goes_on"), [(A, "support"), (B, "chef"), (TIE, "chef"), (BAD, "chef")])
async def test_after_the_askers_ballot_it_goes_on_from_what_they_prefer(
    open_house: House, choice: Choice, goes_on: str
) -> None:
    await open_house.vote(open_house.duel.id, ANN, A)
    await open_house.vote(open_house.duel.id, ANN, choice)

    reply = await open_house.follow("And?", 1, asker=BOB)

    assert reply.contestant is None
    assert (last_contestant(open_house), last_answer(open_house)) == (goes_on, f"{goes_on} says: Why?")


async def test_others_ballots_turn_nothing_while_it_is_open(open_house: House) -> None:
    for user in (BOB, CAT, DAN):
        await open_house.vote(open_house.duel.id, user, A)

    await open_house.follow("And?", 1, asker=BOB)

    assert last_contestant(open_house) == "chef"


async def test_after_the_end_it_goes_on_with_the_leader_and_says_who(open_house: House) -> None:
    house, duel = open_house, open_house.duel.id
    await house.vote(duel, ANN, B)
    for user in (BOB, CAT):
        await house.vote(duel, user, A)
    house.clock.advance(minutes=10)
    await house.keep_time()

    reply = await house.follow("And?", 1)

    assert reply.contestant == "support"
    assert last_answer(house) == "support says: Why?"


async def test_after_an_end_without_a_leader_it_goes_on_by_the_coin(open_house: House) -> None:
    open_house.clock.advance(hours=24)
    await open_house.keep_time()

    await open_house.follow("And?", 1)

    assert last_contestant(open_house) == "chef"


async def test_the_thread_goes_on_with_the_exact_text_that_answered(open_house: House) -> None:
    open_house.edit_persona("chef", "# Role\nYou shout.")

    await open_house.follow("And?", 1)

    assert open_house.read()[0] == ("system", "# Role\nYou cook in Kiel.")


async def test_after_a_duel_that_nobody_voted_on_follow_ups_name_nobody_either(open_house: House) -> None:
    house = open_house
    house.clock.advance(hours=24)
    await house.keep_time()

    reply = await house.follow("And then?", 2)

    assert reply.contestant is None


@pytest.mark.parametrize("killed", [False, True])
async def test_a_refused_follow_up_does_not_tell_whose_side_it_was(open_house: House, killed: bool) -> None:
    house = open_house
    if killed:
        house.faults.before("models.complete", Killed())
        with pytest.raises(BaseExceptionGroup):
            await house.ask("And then?", at=ts(2))
    house.set(replace(DUELS, sensitive=True))
    if killed:
        await house.recover()
    else:
        await house.ask("And then?", at=ts(2))

    reply = house.chat.replies[-1]
    if isinstance(reply, RefusalReply):
        assert (reply.code, reply.fields) == (Code.FOLLOW_UP_SEALED, {})
    else:
        assert isinstance(reply, AnswerReply)
        assert reply.contestant is None


@pytest.mark.parametrize("side", [A, B])
async def test_a_follow_up_that_fails_does_not_tell_why(open_house: House, side: Choice) -> None:
    house = open_house
    await house.vote(house.duel.id, house.duel.asker, side)
    assert DUELS.pair is not None
    for name in DUELS.pair:
        house.models.say(name, Failure(FailureKind.UNREACHABLE, 10))

    await house.ask("And then?", at=ts(2), asker=house.duel.asker)

    reply = house.chat.replies[-1]
    assert isinstance(reply, RefusalReply)
    assert (reply.code, reply.fields) == (Code.FOLLOW_UP_SEALED, {})


async def test_a_follow_up_too_long_for_one_side_does_not_tell_for_which(open_house: House) -> None:
    await open_house.send(question("word " * 2_000, ts=ts(2)))
    for duel in open_house.memory.duels.values():
        assert duel.duel.is_open
    await open_house.work()

    reply = open_house.chat.replies[-1]
    assert not isinstance(reply, RefusalReply) or reply.code is Code.FOLLOW_UP_SEALED


async def test_a_follow_up_longer_than_any_question_may_be_is_refused(house: House) -> None:
    house.set(ChannelConfig(threads=ThreadMode.FOLLOW))
    await house.ask()
    await house.send(question("x" * 12_001, ts=ts(2)), follow_up=True)
    await house.work()

    reply = house.chat.replies[-1]
    assert isinstance(reply, RefusalReply)
    assert reply.code is Code.QUESTION_TOO_LONG
