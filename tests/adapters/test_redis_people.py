"""What is kept of messages, speakers and channels, in a real store, and what goes with them."""

import pytest

from bot.adapters.redis_client import Store
from bot.adapters.redis_configs import RedisConfigs
from bot.adapters.redis_people import RedisTraces
from bot.adapters.redis_team import RedisPseudonyms
from bot.adapters.system import SystemChance
from bot.domain.channel_config import ChannelConfig
from bot.domain.earlier import Earlier, Extent
from bot.domain.ids import (
    ChannelId,
    ChannelKey,
    MessageTs,
)
from bot.domain.question import Recorded
from bot.domain.speakers import Speakers
from bot.domain.thread import AnsweredTurn, AskedTurn
from bot.services.ports import LeaseLost
from tests.adapters.people_kit import ANN, BEN, LATEST, TEAM, answer, at_its_time, duel, turns_of
from tests.adapters.redis_kit import MONTH, PLACE, Build, Threads


@pytest.fixture
def traces(store: Store) -> RedisTraces:
    return RedisTraces(store, SystemChance())


@pytest.fixture
def pseudonyms(store: Store) -> RedisPseudonyms:
    return RedisPseudonyms(store, SystemChance())


# ------------------------------------------------------------ a message that was deleted or edited


async def test_a_deleted_message_takes_its_turn_with_it(threads: Threads, build: Build) -> None:
    thread = await answer(threads, build, build.ts())
    asked = (await turns_of(threads, build, thread))[0]
    assert isinstance(asked, AskedTurn)

    assert not await threads.conversations.withdraw(thread, asked.ts)

    (left,) = await turns_of(threads, build, thread)
    assert isinstance(left, AnsweredTurn)


@pytest.mark.parametrize("ts", ["1795350000.000001", "1795350000.000002"])
async def test_an_answer_goes_with_any_of_its_messages(threads: Threads, build: Build, ts: str) -> None:
    thread = await answer(threads, build)

    await threads.conversations.withdraw(thread, MessageTs(ts))

    (left,) = await turns_of(threads, build, thread)
    assert isinstance(left, AskedTurn)


async def test_what_is_deleted_while_it_is_being_answered_leaves_no_turn(
    threads: Threads, build: Build
) -> None:
    question = build.question()
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    before = build.ts()
    said = Recorded(
        build.answered(question).reply,
        (AskedTurn("Before.", BEN, before), *build.answered(question).turns),
        speakers=(BEN, ANN),
    )
    await threads.record(work, said)
    for ts in (question.ts, before):
        await threads.conversations.withdraw(question.thread, ts)
    await threads.commit(work, said, build.ts())

    (left,) = await turns_of(threads, build, question.thread)
    assert isinstance(left, AnsweredTurn)


async def test_a_turn_follows_the_edit_of_its_message(threads: Threads, build: Build) -> None:
    ts = build.ts()
    thread = await answer(threads, build, ts)

    assert await threads.conversations.amend(thread, ts, "How do I fold?")

    asked = (await turns_of(threads, build, thread))[0]
    assert isinstance(asked, AskedTurn)
    assert asked == AskedTurn("How do I fold?", ANN, ts)


async def test_a_waiting_question_follows_too_and_one_under_work_leaves_the_edited_turn(
    threads: Threads, build: Build
) -> None:
    question = build.question()
    await threads.ask(question)
    await threads.conversations.amend(question.thread, question.ts, "Edited once?")
    work = await threads.must_take(question.thread)
    assert work.question.text == "Edited once?"
    await threads.conversations.amend(question.thread, question.ts, "Edited twice?")
    recorded = build.answered(work.question)
    await threads.record(work, recorded)
    await threads.commit(work, recorded, build.ts())

    asked = (await turns_of(threads, build, question.thread))[0]
    assert isinstance(asked, AskedTurn)
    assert asked.text == "Edited twice?"


async def test_an_edit_of_something_unknown_changes_nothing(threads: Threads, build: Build) -> None:
    assert not await threads.conversations.amend(build.thread(), build.ts(), "What?")


async def test_a_duels_question_is_deleted_and_follows_edits_and_answers_go_with_their_message(
    threads: Threads, build: Build
) -> None:
    thread, opened = await duel(threads, build)
    loaded = await threads.duels.load(PLACE, opened)
    assert loaded is not None

    await threads.duels.amend(PLACE, loaded.asked_ts, "How do I fold?")
    texts = await threads.duels.texts(PLACE, loaded.id)
    assert texts is not None
    assert (texts.question, texts.a) == ("How do I fold?", "Long.")

    await threads.duels.unsay(PLACE, loaded.asked_ts)
    texts = await threads.duels.texts(PLACE, loaded.id)
    assert texts is not None
    assert (texts.question, texts.a) == ("", "Long.")

    await threads.duels.amend(PLACE, MessageTs("1795342100.000001"), "Nonsense.")
    await threads.duels.unsay(PLACE, MessageTs("1795342100.000002"))
    assert await threads.duels.texts(PLACE, loaded.id) is not None
    await threads.duels.unsay(PLACE, MessageTs("1795342100.000001"))
    assert await threads.duels.texts(PLACE, loaded.id) is None
    await threads.duels.unsay(PLACE, loaded.asked_ts)
    await threads.duels.amend(PLACE, loaded.asked_ts, "Again?")
    assert thread.conversation == loaded.thread.conversation


async def test_the_lifetime_of_a_duels_texts_stays_as_it_was(
    threads: Threads, build: Build, store: Store
) -> None:
    _, opened = await duel(threads, build)
    loaded = await threads.duels.load(PLACE, opened)
    assert loaded is not None

    await threads.duels.unsay(PLACE, loaded.asked_ts)

    assert await store.redis.ttl(store.keys.text(PLACE, loaded.id)) > MONTH.total_seconds()


async def test_a_commands_duel_goes_with_the_root_message_that_shows_its_question(
    threads: Threads, build: Build, store: Store
) -> None:
    question = build.question(build.thread("cmd-1.2.a"))
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    root = MessageTs("1795343000.000000")
    await threads.conversations.rooted(work, root)
    recorded, opened = at_its_time(*build.duelled(question, build.thread(root)))
    await threads.record(work, recorded)
    await threads.commit(work, recorded, build.ts(), build.ts())
    await store.redis.zadd(store.keys.duels(PLACE), {"unknown": float(root)})

    await threads.duels.unsay(PLACE, root)

    texts = await threads.duels.texts(PLACE, opened.id)
    assert texts is not None
    assert texts.question == ""


# ------------------------------------------------------------ who speaks, what was read


async def test_numbers_of_speakers_are_given_once_and_kept(threads: Threads, build: Build) -> None:
    thread = build.thread()
    for speakers in (("U1",), ("U1", "U2"), ("U2", "U3")):
        question = build.question(thread)
        await threads.ask(question)
        work = await threads.must_take(thread)
        await threads.commit(work, Recorded(build.answered(question).reply, (), speakers=speakers))

    await threads.ask(build.question(thread))
    assert (await threads.must_take(thread)).speakers == Speakers(("U1", "U2", "U3"))


async def test_what_was_read_before_is_there_for_the_next_attempt_and_only_under_the_lease(
    threads: Threads, build: Build
) -> None:
    question = build.question()
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    earlier = Earlier((AskedTurn("Before.", BEN, build.ts()),), Extent(1, 4))

    await threads.conversations.record_earlier(work, earlier)
    await threads.conversations.release(work)
    threads.clock.advance(minutes=2)
    again = await threads.must_take(question.thread)

    assert again.earlier == earlier
    assert again.history == earlier.turns
    with pytest.raises(LeaseLost):
        await threads.conversations.record_earlier(work, earlier)


# ------------------------------------------------------------ a channel that is gone


async def test_dropping_takes_every_waiting_question_of_one_channel(threads: Threads, build: Build) -> None:
    elsewhere = Build(ChannelKey(TEAM, ChannelId("C2")))
    asked = [build.question(), build.question(), elsewhere.question()]
    for question in asked:
        await threads.ask(question)
    work = await threads.must_take(asked[0].thread)

    assert await threads.conversations.drop(PLACE, LATEST) == 2

    with pytest.raises(LeaseLost):
        await threads.record(work, build.answered(asked[0]))
    assert await threads.take(asked[1].thread) is None
    assert await threads.take(asked[2].thread) is not None


async def test_what_was_asked_after_that_time_stays_and_so_does_its_worker(
    threads: Threads, build: Build
) -> None:
    before, after = build.question(), build.question()
    await threads.ask(before)
    await threads.ask(after)
    work = await threads.must_take(after.thread)

    assert await threads.conversations.drop(PLACE, before.ts) == 1

    assert await threads.take(before.thread) is None
    await threads.record(work, build.answered(after))


async def test_clearing_a_channel_deletes_its_texts_and_nothing_else(
    threads: Threads, build: Build, traces: RedisTraces, store: Store
) -> None:
    thread, opened = await duel(threads, build)
    elsewhere = Build(ChannelKey(TEAM, ChannelId("C2")))
    other = await answer(threads, elsewhere)
    await RedisConfigs(store).save_channel(PLACE, ChannelConfig(answer="support"))

    assert await traces.clear(PLACE) >= 3

    loaded = await threads.duels.load(PLACE, opened)
    assert loaded is not None
    assert await threads.duels.texts(PLACE, loaded.id) is None
    assert await turns_of(threads, build, thread) == ()
    assert len(await turns_of(threads, elsewhere, other)) == 2
    assert (await RedisConfigs(store).channel(PLACE)).answer == "support"
    assert await traces.clear(ChannelKey(TEAM, ChannelId("C9"))) == 0
