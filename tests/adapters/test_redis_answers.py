"""Single answers and thumbs in a real store."""

from dataclasses import replace
from datetime import timedelta

from bot.adapters.redis_answers import RedisAnswers
from bot.adapters.redis_client import Store
from bot.domain.answer import GivenAnswer, Thumbs
from bot.domain.ids import ChannelId, ChannelKey, Fingerprint, Pseudonym, TeamId
from bot.domain.routing import Wish
from bot.services.ports import Thumbed
from tests.adapters.redis_kit import NOON, PLACE, Build, Threads

ANN, BEN = Pseudonym("p-ann"), Pseudonym("p-ben")
WHO = Fingerprint("0123456789ab")


async def give(threads: Threads, build: Build) -> GivenAnswer:
    asked = build.question()
    await threads.ask(asked)
    work = await threads.must_take(asked.thread)
    given = GivenAnswer(asked.ts, asked.thread, asked.ts, "support", WHO, NOON, timedelta(days=30))
    recorded = replace(build.answered(asked), given=given)
    await threads.record(work, recorded)
    await threads.commit(work, recorded, build.ts())
    return given


async def test_what_buttons_refer_to_is_kept_as_long_as_the_thread(
    threads: Threads, build: Build, store: Store
) -> None:
    given = await give(threads, build)
    answers = RedisAnswers(store)

    assert await answers.load(PLACE, given.id) == given
    assert 29 * 86_400 < await store.redis.ttl(store.keys.answer(PLACE, given.id)) <= 30 * 86_400
    elsewhere = ChannelKey(TeamId("T1"), ChannelId("C2"))
    assert await answers.load(elsewhere, given.id) is None


async def test_the_last_thumb_counts_for_its_contestant(threads: Threads, build: Build, store: Store) -> None:
    first, second = await give(threads, build), await give(threads, build)
    answers = RedisAnswers(store)

    outcomes = [
        await answers.thumb(PLACE, answer.id, voter, up=up)
        for answer, voter, up in (
            (first, ANN, True),
            (first, ANN, True),
            (first, ANN, False),
            (first, BEN, True),
            (second, ANN, True),
        )
    ]

    assert outcomes == [Thumbed.GIVEN, Thumbed.SAME, Thumbed.CHANGED, Thumbed.GIVEN, Thumbed.GIVEN]
    assert await answers.thumbs(PLACE) == {WHO: Thumbs(up=2, down=1)}
    assert await store.redis.ttl(store.keys.thumbs(PLACE)) == -1


async def test_a_thumb_for_nothing_is_not_kept(build: Build, store: Store) -> None:
    answers = RedisAnswers(store)

    assert await answers.thumb(PLACE, build.ts(), ANN, up=True) is Thumbed.GONE
    assert await answers.thumbs(PLACE) == {}


async def test_an_open_duel_of_a_thread_is_seen(threads: Threads, build: Build, store: Store) -> None:
    asked = build.question()
    answers = RedisAnswers(store)
    assert not await answers.duel_open(asked.thread)
    await threads.ask(asked)
    recorded, _ = build.duelled(asked)
    await threads.record(await threads.must_take(asked.thread), recorded)

    assert await answers.duel_open(asked.thread)


async def test_a_second_opinion_is_taken_in_once(threads: Threads, build: Build) -> None:
    asked = build.question()
    wished = replace(asked, text="", wish=Wish(duel=True, second=asked.ts))

    outcomes = [await threads.ask(replace(wished, ts=build.ts())) for _ in range(2)]
    work = await threads.must_take(asked.thread)

    assert outcomes == ["accepted", "duplicate"]
    assert work.question.wish.second == asked.ts
