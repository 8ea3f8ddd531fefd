"""What people asked in a channel, in a real store."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from bot.adapters.redis_asked import RedisAsked
from bot.adapters.redis_client import Store
from bot.domain.ids import ChannelId, ChannelKey, TeamId, UserId
from bot.domain.menu_source import AskedQuestion
from bot.domain.question import Question
from tests.adapters.redis_kit import PLACE, Build, Threads

LONG_AGO = datetime(2020, 1, 1, tzinfo=UTC)


async def answer(threads: Threads, build: Build, question: Question) -> None:
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    recorded = build.answered(question)
    await threads.record(work, recorded)
    await threads.commit(work, recorded, build.ts())


async def test_the_first_question_of_each_thread_is_found_once(
    threads: Threads, build: Build, store: Store
) -> None:
    root = build.ts()
    first = replace(build.question(), thread=build.thread(root), ts=root, text="Why?")
    await answer(threads, build, first)
    await answer(threads, build, build.question(first.thread, text="And then?"))
    await answer(threads, build, build.question(build.thread(), text="Asked in a thread of others"))
    asked = RedisAsked(store)

    found = await asked.asked(PLACE, LONG_AGO)

    assert found == [AskedQuestion("Why?", UserId("U1"), root)]
    after = datetime.fromtimestamp(float(root), UTC) + timedelta(seconds=1)
    assert await asked.asked(PLACE, after) == []
    assert await asked.asked(ChannelKey(TeamId("T1"), ChannelId("C2")), LONG_AGO) == []


async def test_a_duels_question_is_found_when_its_thread_is_gone(
    threads: Threads, build: Build, store: Store
) -> None:
    root = build.ts()
    question = replace(build.question(), thread=build.thread(root), ts=root)
    await threads.ask(question)
    recorded, duel = build.duelled(question)
    work = await threads.must_take(question.thread)
    await threads.record(work, recorded)
    await threads.commit(work, recorded, build.ts(), build.ts())
    await store.call("DEL", store.keys.turns(question.thread))
    asked = RedisAsked(store)

    assert await asked.asked(PLACE, LONG_AGO) == [AskedQuestion("How do I knead?", UserId("U1"), root)]
    await store.call("HSET", store.keys.duel(PLACE, duel.id), "origin", '"second_opinion"')
    assert await asked.asked(PLACE, LONG_AGO) == []
    await store.call("HSET", store.keys.duel(PLACE, duel.id), "origin", '"drawn"')
    await store.call("ZADD", store.keys.duels(PLACE), float(root), duel.id)  # the kit opens it a day later
    await threads.duels.unsay(PLACE, root)
    assert await asked.asked(PLACE, LONG_AGO) == []
    await store.call("DEL", store.keys.text(PLACE, duel.id))
    assert await asked.asked(PLACE, LONG_AGO) == []
