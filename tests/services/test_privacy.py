"""What people may know, take with them and have deleted; messages that are deleted or edited; channels gone."""

import asyncio
import json

import pytest

from bot.domain.channel_config import ChannelConfig
from bot.domain.ids import TastingId, ThreadKey
from bot.domain.privacy import Awaiting, BallotCast, Forgotten, PersonalData, Said
from bot.domain.thread import AnsweredTurn, AskedTurn
from bot.services.ports import Job, JobKind
from bot.services.privacy import PRIVACY_JOBS
from tests.builders import ANN, BOB, PLACE, ROOT, TEAM, THREAD, question, ts
from tests.fakes.models import Gate
from tests.services.house import DUELS, House


async def test_everybody_may_ask_what_a_channel_does_with_words(house: House) -> None:
    house.set(ChannelConfig(answer="support", redact=False))

    report = await house.privacy.report(PLACE, ANN)

    assert report.config.outside == ("openai",)
    assert not report.config.held.redact
    assert not report.no_training


async def test_ones_data_goes_to_that_person_as_json(house: House) -> None:
    data = PersonalData(
        messages=(Said("C1", ROOT, ROOT, "Wie kräftig? 🙂"),),
        ballots=(BallotCast("C1", "d", "a", locked=True),),
        no_training=True,
    )
    house.traces.kept[TEAM, ANN] = data

    assert await house.privacy.my_data(TEAM, ANN) == data
    assert data.entries == 2

    ((person, name, content),) = house.parcels.sent
    assert (person, name) == (ANN, "kostprobe-2026-11-22.json")
    document = json.loads(content)
    assert document["messages"] == [{"channel": "C1", "thread": ROOT, "ts": ROOT, "text": "Wie kräftig? 🙂"}]
    assert document["ballots"] == [{"channel": "C1", "duel": "d", "choice": "a", "locked": True}]
    assert (document["person"], document["team"], document["schema_version"]) == (ANN, TEAM, 1)
    assert (document["no_training"], document["complete"]) == (True, True)
    assert "Wie" not in str(house.observer.facts)


async def test_half_a_character_in_a_message_does_not_keep_anybody_from_their_data(house: House) -> None:
    house.traces.kept[TEAM, ANN] = PersonalData(messages=(Said("C1", ROOT, ROOT, "\ud83d"),))

    await house.privacy.my_data(TEAM, ANN)

    assert house.parcels.sent[0][2]


async def test_being_forgotten_and_wishes(house: House) -> None:
    house.traces.kept[TEAM, ANN] = PersonalData(messages=(Said("C1", ROOT, ROOT, "x"),))

    assert await house.privacy.forget(TEAM, ANN) == Forgotten(1, 0, 0, 0)

    await house.privacy.set_no_training(TEAM, ANN, wished=True)
    await house.privacy.forget(TEAM, ANN)
    assert (await house.privacy.report(PLACE, ANN)).no_training
    await house.privacy.set_no_training(TEAM, ANN, wished=False)
    assert await house.wishes.never_trained_on(TEAM) == frozenset()


async def test_tastings_that_waited_for_who_is_forgotten_are_looked_at(house: House) -> None:
    house.traces.waited[TEAM, ANN] = (Awaiting(PLACE, TastingId("t1")),)

    await house.privacy.forget(TEAM, ANN)

    assert list(house.engine.jobs) == [Job(JobKind.END_TASTING, PLACE, "t1")]


# ------------------------------------------------------------ channels


async def test_in_a_channel_that_was_left_nothing_waits_any_more(house: House) -> None:
    await house.send(question("Wait?"))

    await house.privacy.left(PLACE, ts(5))
    (job,) = house.engine.jobs
    await house.privacy.on_job(job)
    await house.work()

    assert job.kind is JobKind.DROP_WAITING
    assert not house.models.calls
    assert house.traces.cleared == []


async def test_what_is_asked_after_coming_back_is_answered_however_late_the_leaving_is_dealt_with(
    house: House,
) -> None:
    await house.privacy.left(PLACE, ts(5))
    await house.send(question("Back?", ts=ts(6), thread=ThreadKey(PLACE, ts(6))))

    (job,) = [job for job in house.engine.jobs if job.kind is JobKind.DROP_WAITING]
    await house.privacy.on_job(job)
    await house.work()

    assert len(house.models.calls) == 1


async def test_of_a_channel_that_was_deleted_no_text_stays(house: House) -> None:
    await house.privacy.deleted(PLACE, ts(5))
    (job,) = house.engine.jobs
    await house.privacy.on_job(job)

    assert house.traces.cleared == [PLACE]
    assert {job.kind} <= PRIVACY_JOBS


# ------------------------------------------------------------ messages


@pytest.mark.parametrize("whose", ["question", "answer"])
async def test_a_message_that_is_deleted_later_takes_its_turn_with_it(house: House, whose: str) -> None:
    await house.ask("Why?")
    deleted = ROOT if whose == "question" else house.chat.transcript[0].ts

    assert not await house.intake.withdraw(THREAD, deleted)

    (left,) = house.memory.thread(THREAD).turns
    assert isinstance(left, AnsweredTurn if whose == "question" else AskedTurn)


async def test_what_was_read_of_a_thread_goes_with_its_message_too(house: House) -> None:
    await house.ask("Why?")
    said = AskedTurn("Said before.", BOB, ts(50))
    house.memory.thread(THREAD).turns.insert(0, said)

    await house.intake.withdraw(THREAD, said.ts)

    assert said not in house.memory.thread(THREAD).turns


async def test_a_duels_question_goes_with_its_message_and_its_answers_with_theirs(house: House) -> None:
    house.set(DUELS)
    await house.ask("Why?")
    duel = house.duel

    await house.intake.amend(THREAD, ROOT, "Why, really?")
    texts = await house.duels.texts(PLACE, duel.id)
    assert texts is not None
    assert texts.question == "Why, really?"
    await house.intake.withdraw(THREAD, ROOT)
    texts = await house.duels.texts(PLACE, duel.id)
    assert texts is not None
    assert texts.question == ""

    assert house.duel.answers_ts is not None
    await house.intake.withdraw(THREAD, house.duel.answers_ts)
    assert await house.duels.texts(PLACE, duel.id) is None
    assert house.memory.thread(THREAD).turns == []


async def test_an_edit_changes_what_is_kept_and_asks_nobody_again(house: House) -> None:
    await house.ask("Why?")

    await house.intake.amend(THREAD, ROOT, "Why not?")
    await house.work()

    asked = house.memory.thread(THREAD).turns[0]
    assert isinstance(asked, AskedTurn)
    assert asked.text == "Why not?"
    assert len(house.models.calls) == 1


async def test_a_question_that_is_edited_while_it_waits_is_asked_as_it_reads_now(house: House) -> None:
    await house.send(question("Why?"))
    await house.intake.amend(THREAD, ROOT, "Why not?")
    await house.work()

    assert house.read()[-1] == ("user", "Why not?")


async def test_a_question_edited_while_it_is_being_answered_keeps_the_edit(house: House) -> None:
    gate = house.models.gates["support"] = Gate()
    await house.send(question("Why?"))
    working = asyncio.ensure_future(house.work())
    await gate.reached.wait()
    await house.intake.amend(THREAD, ROOT, "Why not?")
    gate.opened.set()
    await working

    asked = house.memory.thread(THREAD).turns[0]
    assert isinstance(asked, AskedTurn)
    assert asked.text == "Why not?"
    assert house.text() == "support says: Why?"
