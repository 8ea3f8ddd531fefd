"""Thumbs and second opinions: kept per exact contestant, never evidence."""

from contextlib import suppress
from datetime import timedelta

import pytest

from bot.domain.answer import Thumbs
from bot.domain.ballot import Choice
from bot.domain.channel_config import ChannelConfig
from bot.domain.completion import FailureKind
from bot.domain.duel import ClosedBy, Origin
from bot.domain.errors import Code, Refusal
from bot.domain.ids import MessageTs, UserId
from bot.domain.question import AnswerReply, DuelReply, RefusalReply
from bot.domain.thread import AnsweredTurn, AskedTurn, DuelledTurn
from bot.services.opining import Picked
from bot.services.ports import Ingested, Thumbed
from tests.builders import ANN, BOB, PLACE, ROOT, THREAD, failure, person, ts
from tests.fakes.stepping import Killed
from tests.services.house import House

PAIR = ("support", "chef")
STAN = UserId("U0STAN00")


def given(house: House, at: int = -1) -> AnswerReply:
    reply = [reply for reply in house.chat.replies if isinstance(reply, AnswerReply)][at]
    assert reply.id is not None
    return reply


async def second(house: House, answer: AnswerReply, user: UserId = BOB) -> Ingested:
    assert answer.id is not None
    outcome = await house.opining.second_opinion(PLACE, answer.id, user)
    await house.intake.wake(THREAD)
    await house.work()
    return outcome


@pytest.fixture
async def answered(house: House) -> House:
    house.set(ChannelConfig(answer="support", pair=PAIR))
    await house.ask("How hot?")
    return house


async def test_an_answer_that_says_who_gave_it_has_buttons(answered: House) -> None:
    reply = given(answered)

    stored = await answered.answers.load(PLACE, MessageTs(str(reply.id)))

    assert (reply.id, reply.second) == (ROOT, True)
    assert stored is not None
    assert (stored.name, stored.thread, stored.asked_ts) == ("support", THREAD, ROOT)
    assert stored.kept == timedelta(days=30)


@pytest.mark.parametrize("pair", [None, ("support", "support")])
async def test_without_two_different_ones_there_is_no_second_opinion(
    house: House, pair: tuple[str, str] | None
) -> None:
    house.set(ChannelConfig(answer="support", pair=pair))
    await house.ask("How hot?")

    assert not given(house).second


async def test_failures_refusals_and_sealed_follow_ups_have_no_buttons(house: House) -> None:
    house.set(ChannelConfig(answer="support", pair=PAIR, duel_share=100))
    await house.ask("How hot?")
    sealed = await house.follow("And then?", 1)

    house.models.say("support", failure(FailureKind.TIMEOUT))
    house.set(ChannelConfig(answer="support"))
    await house.ask("Again?", at=ts(5), thread=type(THREAD)(PLACE, ts(5)))

    assert sealed.id is None
    assert house.memory.answers == {}


async def test_the_last_thumb_of_a_person_counts(answered: House) -> None:
    answer = MessageTs(str(given(answered).id))

    outcomes = [
        await answered.opining.thumb(PLACE, answer, user, up=up)
        for user, up in ((ANN, True), (BOB, True), (ANN, False), (ANN, False))
    ]

    stored = await answered.answers.load(PLACE, answer)
    assert outcomes == [Thumbed.GIVEN, Thumbed.GIVEN, Thumbed.CHANGED, Thumbed.SAME]
    assert stored is not None
    assert await answered.answers.thumbs(PLACE) == {stored.fingerprint: Thumbs(up=1, down=1)}
    assert answered.memory.duels == {}


async def test_strangers_have_no_thumb_and_ask_for_no_opinion(answered: House) -> None:
    answered.chat.people[STAN] = person(STAN, stranger=True)

    for call in (
        answered.opining.thumb(PLACE, ROOT, STAN, up=True),
        answered.opining.second_opinion(PLACE, ROOT, STAN),
    ):
        with pytest.raises(Refusal) as refused:
            await call
        assert refused.value.code is Code.NOT_A_VOTER


async def test_an_answer_whose_time_is_over_is_said_so(answered: House) -> None:
    answered.clock.advance(hours=24 * 31)

    for call in (
        answered.opining.thumb(PLACE, ROOT, ANN, up=True),
        answered.opining.second_opinion(PLACE, ROOT, ANN),
    ):
        with pytest.raises(Refusal) as refused:
            await call
        assert refused.value.code is Code.ANSWER_GONE


async def test_both_of_the_pair_answer_afresh_as_if_nobody_had(answered: House) -> None:
    outcome = await second(answered, given(answered))

    reply, duel = answered.chat.replies[-1], answered.duel
    assert outcome is Ingested.ACCEPTED
    assert isinstance(reply, DuelReply)
    assert reply.opinion_on == "How hot?"
    assert (duel.origin, duel.scored, duel.asker, duel.asked_ts) == (Origin.SECOND_OPINION, False, BOB, ROOT)
    for call in (-1, -2):
        assert [text for role, text in answered.read(call) if role != "system"] == ["How hot?"]
    texts = await answered.duels.texts(PLACE, duel.id)
    assert texts is not None
    assert texts.question == "How hot?"


async def test_asked_twice_it_is_done_once(answered: House) -> None:
    answer = given(answered)

    first = await answered.opining.second_opinion(PLACE, ROOT, BOB)
    again = await answered.opining.second_opinion(PLACE, ROOT, ANN)
    await second(answered, answer)

    assert (first, again) == (Ingested.ACCEPTED, Ingested.DUPLICATE)
    assert len(answered.memory.duels) == 1


async def test_while_a_duel_is_open_it_is_refused(answered: House) -> None:
    await second(answered, given(answered))

    with pytest.raises(Refusal) as refused:
        await answered.opining.second_opinion(PLACE, ROOT, ANN)

    assert refused.value.code is Code.DUEL_IS_OPEN


async def test_the_thread_holds_the_question_once_and_goes_on_from_the_side_that_leads(
    answered: House,
) -> None:
    await second(answered, given(answered))
    duel = answered.duel
    await answered.vote(duel.id, BOB, Choice.B)
    await answered.duels.close(PLACE, duel.id, ClosedBy.PERSON, now=answered.clock.now())

    await answered.follow("And then?", 7)

    turns = answered.memory.thread(THREAD).turns
    assert [type(turn) for turn in turns] == [AskedTurn, AnsweredTurn, DuelledTurn, AskedTurn, AnsweredTurn]
    _, b = answered.sides()
    assert [text for role, text in answered.read() if role != "system"] == ["How hot?", b, "And then?"]


async def test_an_opinion_on_a_follow_up_reads_what_was_said_before_it(answered: House) -> None:
    follow_up = await answered.follow("And then?", 3)

    await second(answered, follow_up)

    assert [text for role, text in answered.read() if role != "system"] == [
        "How hot?",
        "support says: How hot?",
        "And then?",
    ]


async def test_an_opinion_on_an_older_question_changes_nothing_that_was_said_since(answered: House) -> None:
    older = given(answered)
    await answered.follow("And then?", 3)
    await second(answered, older)

    await answered.follow("And now?", 9)

    assert [text for role, text in answered.read() if role != "system"] == [
        "How hot?",
        "support says: How hot?",
        "And then?",
        "support says: And then?",
        "And now?",
    ]


async def test_if_one_side_fails_the_other_is_given_and_the_thread_stays_as_it_was(answered: House) -> None:
    answered.models.say("chef", failure(FailureKind.TIMEOUT))

    await second(answered, given(answered))

    reply = answered.chat.replies[-1]
    assert isinstance(reply, AnswerReply)
    assert (reply.void, reply.id) == (FailureKind.TIMEOUT, None)
    assert len(answered.memory.thread(THREAD).turns) == 2


async def test_without_a_pair_by_now_it_is_refused_at_once(answered: House) -> None:
    answered.set(ChannelConfig(answer="support"))

    with pytest.raises(Refusal) as refused:
        await answered.opining.second_opinion(PLACE, ROOT, BOB)

    assert refused.value.code is Code.NO_PAIR
    assert answered.memory.inbox(THREAD) == {}


async def test_for_a_question_that_is_not_kept_any_more_it_is_refused_at_once(answered: House) -> None:
    await answered.intake.withdraw(THREAD, ROOT)

    with pytest.raises(Refusal) as refused:
        await answered.opining.second_opinion(PLACE, ROOT, BOB)

    assert refused.value.code is Code.ANSWER_GONE
    assert answered.memory.inbox(THREAD) == {}


async def test_for_an_answer_that_has_just_been_posted_it_is_taken_in(house: House) -> None:
    house.set(ChannelConfig(answer="support", pair=PAIR))
    house.faults.before("conversations.commit", Killed())
    with suppress(Killed, BaseExceptionGroup):
        await house.ask("How hot?")

    assert await house.opining.second_opinion(PLACE, ROOT, BOB) is Ingested.ACCEPTED


async def test_a_question_that_was_deleted_meanwhile_is_not_answered_again(answered: House) -> None:
    await answered.opining.second_opinion(PLACE, ROOT, BOB)
    answered.memory.thread(THREAD).turns.clear()

    await answered.intake.wake(THREAD)
    await answered.work()

    assert answered.chat.replies[-1] == RefusalReply(Code.ANSWER_GONE)


async def test_a_killed_worker_draws_no_second_coin(answered: House) -> None:
    await answered.opining.second_opinion(PLACE, ROOT, BOB)
    answered.faults.before("chat.post", RuntimeError("killed"))
    await answered.intake.wake(THREAD)
    await answered.work()
    await answered.recover()

    assert len(answered.memory.duels) == 1
    assert isinstance(answered.chat.replies[-1], DuelReply)


async def test_who_wishes_for_it_pays_for_it(answered: House) -> None:
    await second(answered, given(answered))

    assert [(who, count) for _, who, count in answered.budget.reserved.values()] == [(ANN, 1), (BOB, 2)]


def picked(at: MessageTs = ROOT, text: str = "How hot?") -> Picked:
    return Picked(THREAD, at, text)


async def duel_this(house: House, message: Picked, user: UserId = BOB) -> Ingested:
    outcome = await house.opining.duel_this(message, user)
    await house.intake.wake(message.thread)
    await house.work()
    return outcome


async def test_a_message_that_nobody_asked_becomes_a_duel_in_its_thread_once(house: House) -> None:
    house.set(ChannelConfig(answer="support", pair=PAIR))

    outcomes = [await house.opining.duel_this(picked(), user) for user in (BOB, ANN)]
    await duel_this(house, picked(ts(9), "Again?"), BOB)

    assert outcomes == [Ingested.ACCEPTED, Ingested.DUPLICATE]
    duel = next(state.duel for state in house.memory.duels.values())
    assert (duel.origin, duel.scored, duel.asked_ts, duel.asker) == (Origin.ASKED, True, ROOT, BOB)


async def test_a_question_that_was_answered_gets_a_second_opinion(answered: House) -> None:
    shown = answered.memory.thread(THREAD).turns[1]
    assert isinstance(shown, AnsweredTurn)

    await duel_this(answered, picked(shown.shown[0], ""))

    assert answered.duel.origin is Origin.SECOND_OPINION
    assert answered.duel.asked_ts == ROOT
    assert await answered.opining.answers.question_of(THREAD, ROOT) is not None


async def test_a_question_whose_answer_was_deleted_is_duelled_and_counts_for_nothing(
    answered: House,
) -> None:
    shown = answered.memory.thread(THREAD).turns[1]
    assert isinstance(shown, AnsweredTurn)
    await answered.intake.withdraw(THREAD, shown.shown[0])

    assert await duel_this(answered, picked()) is Ingested.ACCEPTED

    assert (answered.duel.origin, answered.duel.scored) == (Origin.SECOND_OPINION, False)
    assert answered.duel.asked_ts == ROOT


async def test_what_was_read_of_a_thread_before_becomes_one_duel_however_often_it_is_pressed(
    answered: House,
) -> None:
    answered.memory.thread(THREAD).turns.append(AskedTurn("And salt?", ANN, ts(4)))
    message = picked(ts(4), "And salt?")

    outcomes = [await answered.opining.duel_this(message, user) for user in (BOB, ANN)]

    assert outcomes == [Ingested.ACCEPTED, Ingested.DUPLICATE]
    assert list(answered.memory.inbox(THREAD)) == [ts(4)]


@pytest.mark.parametrize("text", ["", " \n"])
async def test_a_message_without_text_is_nothing_to_ask(house: House, text: str) -> None:
    for call in (house.opining.duel_this, house.opining.question_in):
        with pytest.raises(Refusal) as refused:
            await call(picked(text=text), BOB)
        assert refused.value.code is Code.NOTHING_TO_ASK


async def test_the_question_of_an_answer_is_asked_again(answered: House) -> None:
    shown = answered.memory.thread(THREAD).turns[1]
    assert isinstance(shown, AnsweredTurn)

    assert await answered.opining.question_in(picked(shown.shown[0], ""), BOB) == "How hot?"


async def test_no_second_duel_is_begun_from_a_menu_while_one_is_open(answered: House) -> None:
    await second(answered, given(answered))

    with pytest.raises(Refusal) as refused:
        await answered.opining.duel_this(picked(), BOB)

    assert refused.value.code is Code.DUEL_IS_OPEN
