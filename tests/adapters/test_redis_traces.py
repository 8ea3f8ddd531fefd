"""What is kept of a person, in a real store: collected for them, and forgotten."""

import inspect
import re
from dataclasses import replace
from datetime import date, timedelta

import pytest

from bot.adapters.redis_answers import RedisAnswers
from bot.adapters.redis_client import Store
from bot.adapters.redis_codec import to_json
from bot.adapters.redis_configs import RedisConfigs
from bot.adapters.redis_desk import RedisGrants
from bot.adapters.redis_keys import KINDS_OF_NOBODY, KINDS_OF_PEOPLE, Keys
from bot.adapters.redis_people import RedisTraces, RedisWishes
from bot.adapters.redis_team import RedisBudget, RedisOnce, RedisPseudonyms
from bot.adapters.system import SystemChance
from bot.domain.access import Grant
from bot.domain.answer import GivenAnswer, Thumbs
from bot.domain.ballot import Choice
from bot.domain.duel import ClosedBy
from bot.domain.earlier import Earlier, Extent
from bot.domain.ids import (
    ChannelId,
    ChannelKey,
    DuelId,
    Fingerprint,
    MessageTs,
    Pseudonym,
    TastingId,
    TeamId,
    ThreadKey,
    UserId,
)
from bot.domain.menu import QuestionId
from bot.domain.privacy import (
    AnswersGot,
    Asking,
    BallotCast,
    Changed,
    Forgotten,
    Numbered,
    PersonalData,
    RightHeld,
    ThumbGiven,
)
from bot.domain.question import DuelReply, Recorded
from bot.domain.speakers import Speakers
from bot.domain.thread import AnsweredTurn, AskedTurn
from bot.services.ports import AuditEntry, Caps, LeaseLost
from tests.adapters.people_kit import ANN, BEN, TEAM, a_life, duel, turns_of
from tests.adapters.redis_kit import NOON, PLACE, Build, Threads


@pytest.fixture
def traces(store: Store) -> RedisTraces:
    return RedisTraces(store, SystemChance())


@pytest.fixture
def pseudonyms(store: Store) -> RedisPseudonyms:
    return RedisPseudonyms(store, SystemChance())


# ------------------------------------------------------------ a person


async def test_everything_that_is_kept_of_a_person_is_collected_and_nothing_of_others(
    threads: Threads, build: Build, store: Store, traces: RedisTraces, pseudonyms: RedisPseudonyms
) -> None:
    opened, closed = await a_life(threads, build, store, pseudonyms)

    data = await traces.collect(TEAM, ANN)

    assert {said.text for said in data.messages} == {"How do I knead?"}
    assert len(data.messages) == 3
    assert {said.channel for said in data.messages} == {"C1"}
    assert {(one.duel, one.state, one.question) for one in data.duels} == {
        (opened, "open", "How do I knead?"),
        (closed, "closed", "How do I knead?"),
    }
    assert sorted(data.ballots, key=lambda cast: cast.duel) == sorted(
        (BallotCast("C1", one, "a", locked=False) for one in (opened, closed)), key=lambda cast: cast.duel
    )
    assert set(data.questions) == {
        Asking("C1", "Waiting?", given_up=False),
        Asking("C1", "Given up?", given_up=True),
    }
    assert data.changes == (Changed(NOON.isoformat(), "config C1"),)
    assert (data.no_training, data.complete) == (True, True)
    assert await traces.collect(TEAM, UserId("U9")) == PersonalData()


async def test_a_duel_whose_text_is_gone_is_collected_without_it(
    threads: Threads, build: Build, traces: RedisTraces, store: Store
) -> None:
    _, opened = await duel(threads, build)
    await store.redis.delete(store.keys.text(PLACE, opened))

    (asked,) = (await traces.collect(TEAM, ANN)).duels

    assert (asked.duel, asked.state, asked.question) == (opened, "open", None)


async def test_a_person_who_is_forgotten_leaves_tallies_and_nothing_to_trace_them_by(
    threads: Threads, build: Build, store: Store, traces: RedisTraces, pseudonyms: RedisPseudonyms
) -> None:
    opened, closed = await a_life(threads, build, store, pseudonyms)
    before = await pseudonyms.of(TEAM, ANN)

    forgotten = await traces.forget(TEAM, ANN, now=NOON)

    assert forgotten == Forgotten(messages=3, questions=4, kept=1, changes=1)
    left = await traces.collect(TEAM, ANN)
    assert (left.messages, left.duels, left.questions, left.no_training) == ((), (), (), True)
    assert left.ballots == (BallotCast("C1", opened, "a", locked=False),)
    after = await pseudonyms.of(TEAM, ANN)
    assert after != before
    for one in (opened, closed):
        assert await threads.duels.count(PLACE, one) == 2
        loaded = await threads.duels.load(PLACE, one)
        assert loaded is not None
        assert loaded.asker == ""
    async for check in threads.duels.check_tallies():
        assert check.agrees


async def test_who_was_forgotten_cannot_vote_a_second_time_where_they_voted(
    threads: Threads, build: Build, store: Store, traces: RedisTraces, pseudonyms: RedisPseudonyms
) -> None:
    opened, _ = await a_life(threads, build, store, pseudonyms)
    await threads.duels.lock(PLACE, opened, await pseudonyms.of(TEAM, ANN))
    await traces.forget(TEAM, ANN, now=NOON)

    again = await pseudonyms.of(TEAM, ANN)
    cast = await threads.duels.cast(PLACE, opened, again, Choice.B, asker=False, now=NOON)

    assert (cast.outcome.value, cast.ballots) == ("locked", 2)


async def test_once_no_duel_is_open_the_link_is_gone(
    threads: Threads, build: Build, store: Store, traces: RedisTraces, pseudonyms: RedisPseudonyms
) -> None:
    opened, _ = await a_life(threads, build, store, pseudonyms)
    await threads.duels.close(PLACE, opened, ClosedBy.TIME, now=NOON)

    assert (await traces.forget(TEAM, ANN, now=NOON)).kept == 0

    assert await store.redis.hget(store.keys.people(TEAM), ANN) is None
    assert (await traces.collect(TEAM, ANN)).ballots == ()
    assert await traces.forget(TEAM, ANN, now=NOON) == Forgotten(0, 0, 0, 1)


async def test_their_number_in_the_answers_of_duels_stays_empty_too(
    traces: RedisTraces, store: Store
) -> None:
    key = store.keys.text(PLACE, DuelId("d"))
    await store.redis.set(key, '{"question":"q","a":"Speaker 1","b":"","speakers":["U1","U2"]}', ex=99)

    await traces.forget(TEAM, ANN, now=NOON)

    assert '"speakers":["","U2"]' in str(await store.redis.get(key))
    assert 0 < await store.redis.ttl(key) <= 99


async def test_a_number_of_a_person_who_was_forgotten_stays_empty(
    threads: Threads, build: Build, traces: RedisTraces
) -> None:
    question = build.question()
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    await threads.commit(work, Recorded(build.answered(question).reply, (), speakers=(ANN, BEN)))

    await traces.forget(TEAM, ANN, now=NOON)

    await threads.ask(build.question(question.thread))
    assert (await threads.must_take(question.thread)).speakers == Speakers(("", BEN))


async def test_who_is_forgotten_while_somebody_else_is_answered_does_not_come_back_with_the_answer(
    threads: Threads, build: Build, traces: RedisTraces
) -> None:
    question = replace(build.question(), asker=BEN)
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    recorded = build.answered(question)
    said = AskedTurn("I love basil.", ANN, build.ts())
    recorded = Recorded(recorded.reply, (said, *recorded.turns), speakers=(BEN, ANN, "U3"))

    await traces.forget(TEAM, ANN, now=NOON)
    await threads.record(work, recorded)
    await threads.commit(work, recorded, build.ts())

    await threads.ask(replace(build.question(question.thread), asker=BEN))
    later = await threads.must_take(question.thread)
    assert later.speakers == Speakers((BEN, "", "U3"))
    assert later.turns[0] == recorded.turns[1]
    again = Recorded(recorded.reply, recorded.turns[1:], speakers=(BEN, "", "U3", ANN))
    await threads.record(later, again)
    await threads.commit(later, again, build.ts())
    assert (await traces.collect(TEAM, ANN)).numbers == (Numbered("C1", question.thread.conversation, 4),)


async def test_nor_with_the_texts_of_a_duel(threads: Threads, build: Build, traces: RedisTraces) -> None:
    question = replace(build.question(), asker=BEN)
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    recorded, opened = build.duelled(question)
    assert isinstance(recorded.reply, DuelReply)
    recorded = replace(recorded, reply=replace(recorded.reply, speakers=(ANN, BEN)))

    await traces.forget(TEAM, ANN, now=NOON)
    await threads.record(work, recorded)

    texts = await threads.duels.texts(PLACE, opened.id)
    assert texts is not None
    assert texts.speakers == ("", BEN)
    assert (await traces.collect(TEAM, BEN)).numbers == (Numbered("C1", opened.id, 2),)


async def test_what_is_under_way_when_its_asker_is_forgotten_leaves_no_turn(
    threads: Threads, build: Build, traces: RedisTraces
) -> None:
    question = build.question()
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    before = AskedTurn("Before.", ANN, build.ts())
    await threads.conversations.record_earlier(work, Earlier((before,), Extent(1, 1)))
    recorded = build.answered(question)
    recorded = Recorded(recorded.reply, (before, *recorded.turns))
    await threads.record(work, recorded)

    assert (await traces.forget(TEAM, ANN, now=NOON)).questions == 0
    await threads.commit(work, recorded, build.ts())

    (left,) = await turns_of(threads, build, question.thread)
    assert isinstance(left, AnsweredTurn)


async def test_a_question_that_waits_is_taken_out_and_its_worker_loses_the_lease(
    threads: Threads, build: Build, traces: RedisTraces
) -> None:
    question = build.question()
    await threads.ask(question)
    work = await threads.must_take(question.thread)

    assert (await traces.forget(TEAM, ANN, now=NOON)).questions == 1

    with pytest.raises(LeaseLost):
        await threads.record(work, build.answered(question))


async def test_there_may_be_more_keys_than_are_looked_at_in_one_go(
    build: Build, traces: RedisTraces, store: Store
) -> None:
    for number in range(250):
        turn = f'{{"asked":"x","author":"U1","ts":"{number}.000000"}}'
        thread = build.thread()
        await store.redis.rpush(store.keys.turns(thread), turn)
        await store.call("HSET", store.keys.thread(thread), "ours", "1")

    assert len((await traces.collect(TEAM, ANN)).messages) == 250
    assert (await traces.forget(TEAM, ANN, now=NOON)).messages == 250


async def test_a_wish_is_kept_until_it_is_taken_back(store: Store) -> None:
    wishes = RedisWishes(store)
    assert not await wishes.no_training(TEAM, ANN)

    await wishes.set_no_training(TEAM, ANN, wished=True)
    await wishes.set_no_training(TEAM, ANN, wished=True)

    assert await wishes.no_training(TEAM, ANN)
    assert await wishes.never_trained_on(TEAM) == {ANN}
    await wishes.set_no_training(TEAM, ANN, wished=False)
    assert await wishes.never_trained_on(TEAM) == frozenset()


# ------------------------------------------------------------ thumbs, rights, counts


async def thumbed(threads: Threads, build: Build, store: Store, voter: Pseudonym) -> GivenAnswer:
    """An answer that Ann and somebody else have thumbed up."""
    asked = build.question()
    await threads.ask(asked)
    work = await threads.must_take(asked.thread)
    given = GivenAnswer(
        asked.ts, asked.thread, asked.ts, "support", Fingerprint("aaaaaaaaaaaa"), NOON, timedelta(days=30)
    )
    recorded = replace(build.answered(asked), given=given)
    await threads.record(work, recorded)
    await threads.commit(work, recorded, build.ts())
    for who in (voter, Pseudonym("other")):
        await RedisAnswers(store).thumb(PLACE, given.id, who, up=True)
    return given


async def an_admins_life(store: Store) -> None:
    """Ann was given a right by Ben, has asked for another channel's, and got two answers."""
    grants, elsewhere = RedisGrants(store), ChannelKey(TEAM, ChannelId("C2"))
    await grants.give(PLACE, Grant(ANN, BEN, NOON))
    await grants.give(PLACE, Grant(BEN, BEN, NOON))
    for person in (ANN, BEN):
        await grants.ask(elsewhere, person, now=NOON)
        await RedisOnce(store).first(TEAM, f"access/C2/{person}/20261122T120000", timedelta(days=1))
    await RedisConfigs(store).audit(TEAM, AuditEntry(BEN, NOON, "admins C1", {}, {ANN: "allowed"}))
    await RedisBudget(store).reserve(TEAM, ANN, "q", 2, Caps(9, 9), now=NOON)


async def test_thumbs_rights_and_counts_are_collected(
    threads: Threads, build: Build, store: Store, traces: RedisTraces, pseudonyms: RedisPseudonyms
) -> None:
    given = await thumbed(threads, build, store, await pseudonyms.of(TEAM, ANN))
    await an_admins_life(store)

    data = await traces.collect(TEAM, ANN)

    assert data.thumbs == (ThumbGiven("C1", given.id, up=True),)
    assert data.rights == (
        RightHeld("C1", NOON.isoformat(), "held"),
        RightHeld("C2", NOON.isoformat(), "open"),
    )
    assert data.changes == (Changed(NOON.isoformat(), "admins C1", about_them=True),)
    assert data.answers == (AnswersGot(NOON.date().isoformat(), 2),)


async def test_a_forgotten_persons_thumbs_and_rights_go_and_those_of_others_stay(
    threads: Threads, build: Build, store: Store, traces: RedisTraces, pseudonyms: RedisPseudonyms
) -> None:
    await thumbed(threads, build, store, await pseudonyms.of(TEAM, ANN))
    await an_admins_life(store)

    forgotten = await traces.forget(TEAM, ANN, now=NOON)

    assert (forgotten.thumbs, forgotten.rights, forgotten.changes) == (1, 2, 1)
    assert await RedisAnswers(store).thumbs(PLACE) == {Fingerprint("aaaaaaaaaaaa"): Thumbs(up=1, down=0)}
    assert list((await RedisGrants(store).granted([PLACE]))[PLACE]) == [BEN]
    assert len((await traces.collect(TEAM, BEN)).rights) == 2


async def test_a_forgotten_persons_id_stays_only_in_the_audit_the_days_count_and_their_wish(
    threads: Threads, build: Build, store: Store, traces: RedisTraces, pseudonyms: RedisPseudonyms
) -> None:
    opened, _ = await a_life(threads, build, store, pseudonyms)
    await threads.duels.close(PLACE, opened, ClosedBy.TIME, now=NOON)
    await thumbed(threads, build, store, await pseudonyms.of(TEAM, ANN))
    await an_admins_life(store)

    await traces.forget(TEAM, ANN, now=NOON)

    left = set()
    async for key in store.scan(f"{store.keys.prefix}:*"):
        kind = key.removeprefix(f"{store.keys.prefix}:").partition(":")[0]
        read = {
            "string": ("GET", key),
            "list": ("LRANGE", key, 0, -1),
            "hash": ("HGETALL", key),
            "set": ("SMEMBERS", key),
            "zset": ("ZRANGE", key, 0, -1),
            "stream": ("XRANGE", key, "-", "+"),
        }[await store.call("TYPE", key)]
        if re.search(rf"\b{ANN}\b", f"{key} {await store.call(*read)}"):
            left.add(kind)
    assert left == {"audit", "budget", "no_training"}


async def test_a_forgotten_persons_question_leaves_the_second_opinion_that_others_wished_for(
    threads: Threads, build: Build, store: Store, traces: RedisTraces
) -> None:
    thread, opened = await duel(threads, build)
    _, other = await duel(threads, build)
    (turn,) = [turn for turn in await turns_of(threads, build, thread) if isinstance(turn, AskedTurn)]
    for one in (opened, other):
        fields = {"asker": BEN, "origin": "second_opinion", "asked_ts": turn.ts, "thread": thread.wire}
        if one == other:
            fields |= {"asked_ts": "1.000000"}
        for field, value in fields.items():
            await store.call("HSET", store.keys.duel(PLACE, one), field, to_json(value))

    await traces.forget(TEAM, ANN, now=NOON)

    texts, others = await threads.duels.texts(PLACE, opened), await threads.duels.texts(PLACE, other)
    assert texts is not None
    assert others is not None
    assert (texts.question, texts.a) == ("", "Long.")
    assert others.question == "How do I knead?"


def test_each_kind_of_key_is_known_to_hold_something_of_people_or_nothing() -> None:
    samples: dict[object, object] = {
        ThreadKey: ThreadKey(PLACE, "1795342100.000001"),
        ChannelKey: PLACE,
        DuelId: DuelId("d"),
        MessageTs: MessageTs("1795342100.000001"),
        date: NOON.date(),
        TeamId: TEAM,
        str: "told",
        Fingerprint: Fingerprint("0123456789ab"),
        QuestionId: QuestionId("0123456789abcdef"),
        TastingId: TastingId("t"),
        Pseudonym: Pseudonym("p"),
    }
    keys, kinds = Keys("kp"), {"pending"}
    for name, method in inspect.getmembers(Keys, inspect.isfunction):
        wanted = [one.annotation for one in inspect.signature(method).parameters.values()][1:]
        if name.startswith(("_", "every")) or name in {"duel_of", "parts"}:
            continue
        kinds.add(getattr(keys, name)(*(samples[one] for one in wanted)).split(":")[1])

    assert kinds == KINDS_OF_PEOPLE | KINDS_OF_NOBODY
    assert not KINDS_OF_PEOPLE & KINDS_OF_NOBODY
