"""What comes into the inbox, what is withdrawn, what the sweeper finds."""

import pytest

from bot.adapters.redis_client import Store
from bot.adapters.redis_configs import RedisConfigs
from bot.adapters.redis_inbox import MOST_WAITING
from bot.domain.channel_config import ChannelConfig, ThreadMode
from bot.domain.ids import ChannelId, ChannelKey, MessageTs, TeamId, ThreadKey
from bot.services.ports import LeaseLost
from tests.adapters.redis_kit import Build, FakeClock, Threads

FOLLOW = ChannelConfig(threads=ThreadMode.FOLLOW)


async def test_a_question_is_accepted_once(threads: Threads, build: Build) -> None:
    question = build.question()

    outcomes = [await threads.ask(question) for _ in range(3)]

    assert outcomes == ["accepted", "duplicate", "duplicate"]


async def test_a_question_that_was_answered_is_still_a_duplicate(threads: Threads, build: Build) -> None:
    question = build.question()
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    await threads.commit(work, build.answered(question))

    assert await threads.ask(question) == "duplicate"
    assert await threads.take(question.thread) is None


async def test_a_message_is_forgotten_after_a_day(
    threads: Threads, build: Build, clock: FakeClock, store: Store
) -> None:
    question = build.question()
    await threads.ask(question)
    clock.advance(hours=25)
    await threads.ask(build.question(question.thread))

    assert await store.redis.zcard(store.keys.seen(question.thread)) == 1
    assert 0 < await store.redis.ttl(store.keys.seen(question.thread)) <= 86_400


async def test_a_command_delivered_again_later_is_a_duplicate(threads: Threads, build: Build) -> None:
    thread = build.thread("cmd-123.456.abc")

    assert await threads.ask(build.question(thread)) == "accepted"
    assert await threads.ask(build.question(thread)) == "duplicate"


async def test_a_question_with_half_a_surrogate_pair_survives(threads: Threads, build: Build) -> None:
    question = build.question(text="broken \ud83c emoji 🍕 and ü")
    await threads.ask(question)

    assert (await threads.must_take(question.thread)).question == question


async def test_the_fifty_first_question_is_full_and_its_twin_a_duplicate(
    threads: Threads, build: Build
) -> None:
    thread = build.thread()
    for _ in range(MOST_WAITING):
        assert await threads.ask(build.question(thread)) == "accepted"
    one_more = build.question(thread)

    assert await threads.ask(one_more) == "full"
    assert await threads.ask(one_more) == "duplicate"


async def test_progress_of_a_question_takes_no_place_in_the_inbox(threads: Threads, build: Build) -> None:
    thread = build.thread()
    for _ in range(MOST_WAITING - 1):
        await threads.ask(build.question(thread))
    await threads.record(await threads.must_take(thread), build.answered(build.question(thread)))

    assert await threads.ask(build.question(thread)) == "accepted"


# ---------------------------------------------------------------- follow-ups


async def answer_one(threads: Threads, build: Build) -> ThreadKey:
    question = build.question()
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    await threads.commit(work, build.answered(question))
    return question.thread


async def test_a_follow_up_is_ignored_where_threads_want_mentions(threads: Threads, build: Build) -> None:
    thread = await answer_one(threads, build)

    assert await threads.ask(build.question(thread), follow_up=True) == "ignored"
    assert await threads.conversations.overdue(threads.clock.advance(minutes=1), 10) == []


async def test_a_follow_up_is_accepted_where_the_channel_follows(
    threads: Threads, build: Build, store: Store
) -> None:
    thread = await answer_one(threads, build)
    await RedisConfigs(store).save_channel(build.place, FOLLOW)
    question = build.question(thread)

    assert await threads.ask(question, follow_up=True) == "accepted"
    assert await threads.ask(question, follow_up=True) == "duplicate"


async def test_a_follow_up_is_accepted_where_the_team_follows(
    threads: Threads, build: Build, store: Store
) -> None:
    thread = await answer_one(threads, build)
    await RedisConfigs(store).save_defaults(build.place.team, FOLLOW)

    assert await threads.ask(build.question(thread), follow_up=True) == "accepted"


async def test_the_channels_own_thread_mode_wins_over_the_teams(
    threads: Threads, build: Build, store: Store
) -> None:
    thread = await answer_one(threads, build)
    configs = RedisConfigs(store)
    await configs.save_defaults(build.place.team, FOLLOW)
    await configs.save_channel(build.place, ChannelConfig(threads=ThreadMode.MENTION))

    assert await threads.ask(build.question(thread), follow_up=True) == "ignored"


async def test_a_follow_up_in_a_strangers_thread_is_ignored(
    threads: Threads, build: Build, store: Store
) -> None:
    await RedisConfigs(store).save_channel(build.place, FOLLOW)

    assert await threads.ask(build.question(), follow_up=True) == "ignored"


async def test_a_follow_up_written_before_the_first_answer_is_accepted(
    threads: Threads, build: Build, store: Store
) -> None:
    await RedisConfigs(store).save_channel(build.place, FOLLOW)
    first = build.question()
    await threads.ask(first)

    assert await threads.ask(build.question(first.thread), follow_up=True) == "accepted"


async def test_an_ignored_message_may_come_in_as_a_mention(threads: Threads, build: Build) -> None:
    question = build.question()
    await threads.ask(question, follow_up=True)

    assert await threads.ask(question) == "accepted"


# ---------------------------------------------------------------- withdrawing


async def test_a_waiting_question_is_withdrawn(threads: Threads, build: Build) -> None:
    question = build.question()
    await threads.ask(question)

    assert await threads.conversations.withdraw(question.thread, question.ts)
    assert not await threads.conversations.withdraw(question.thread, question.ts)
    assert await threads.take(question.thread) is None


async def test_a_message_deleted_before_it_comes_in_is_no_question(threads: Threads, build: Build) -> None:
    question = build.question()

    assert not await threads.conversations.withdraw(question.thread, question.ts)
    assert await threads.ask(question) == "duplicate"


async def test_withdrawing_what_is_being_answered_takes_the_lease_away(
    threads: Threads, build: Build
) -> None:
    first = build.question()
    second = build.question(first.thread)
    await threads.ask(first)
    await threads.ask(second)
    work = await threads.must_take(first.thread)

    assert await threads.conversations.withdraw(first.thread, first.ts)

    with pytest.raises(LeaseLost):
        await threads.conversations.renew(first.thread, work.token)
    with pytest.raises(LeaseLost):
        await threads.record(work, build.answered(first))
    assert (await threads.must_take(first.thread)).question == second


async def test_withdrawing_a_later_question_leaves_the_worker_alone(threads: Threads, build: Build) -> None:
    first = build.question()
    second = build.question(first.thread)
    await threads.ask(first)
    await threads.ask(second)
    work = await threads.must_take(first.thread)

    assert await threads.conversations.withdraw(first.thread, second.ts)

    await threads.conversations.renew(first.thread, work.token)
    assert not await threads.commit(work, build.answered(first))


async def test_what_is_decided_cannot_be_withdrawn(threads: Threads, build: Build) -> None:
    question = build.question()
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    await threads.record(work, build.answered(question))

    assert not await threads.conversations.withdraw(question.thread, question.ts)
    await threads.commit(work, build.answered(question))


# ---------------------------------------------------------------- the sweeper


async def test_the_sweeper_finds_what_nobody_has_taken_once_each_five_seconds(
    threads: Threads, build: Build, clock: FakeClock
) -> None:
    question = build.question()
    await threads.ask(question)
    found = [await threads.conversations.overdue(clock.now(), 10)]
    for _ in range(2):
        clock.advance(seconds=5)
        found += [await threads.conversations.overdue(clock.now(), 10) for _ in range(2)]

    assert found == [[], [question.thread], [], [question.thread], []]


async def test_the_sweeper_leaves_a_thread_to_its_worker(
    threads: Threads, build: Build, clock: FakeClock
) -> None:
    question = build.question()
    await threads.ask(question)
    work = await threads.must_take(question.thread)

    assert await threads.conversations.overdue(clock.advance(seconds=6), 10) == []
    await threads.conversations.release(work)
    assert await threads.conversations.overdue(clock.advance(seconds=6), 10) == [question.thread]


async def test_the_sweeper_drops_a_thread_without_questions(
    threads: Threads, build: Build, clock: FakeClock, store: Store
) -> None:
    await answer_one(threads, build)
    assert await store.redis.zcard(store.keys.pending) == 1

    assert await threads.conversations.overdue(clock.advance(seconds=6), 10) == []
    assert await store.redis.zcard(store.keys.pending) == 0


async def test_a_thread_into_which_something_comes_while_it_is_swept_stays(
    threads: Threads, build: Build, clock: FakeClock, store: Store
) -> None:
    thread = await answer_one(threads, build)
    given_by_the_sweeper = clock.advance(seconds=6).timestamp() + 5
    clock.advance(milliseconds=1)
    await threads.ask(build.question(thread))

    await threads.conversations._forget([store.keys.pending], [given_by_the_sweeper, thread.wire])

    assert await threads.conversations.overdue(clock.advance(seconds=6), 10) == [thread]


async def test_the_sweeper_returns_no_more_than_asked_and_the_longest_waiting_first(
    threads: Threads, build: Build, clock: FakeClock
) -> None:
    questions = [build.question() for _ in range(3)]
    for question in questions:
        await threads.ask(question)
        clock.advance(seconds=1)
    later = clock.advance(minutes=1)

    assert await threads.conversations.overdue(later, 2) == [question.thread for question in questions[:2]]
    assert await threads.conversations.overdue(later, 2) == [questions[2].thread]


async def test_threads_of_all_teams_are_swept(threads: Threads, build: Build, clock: FakeClock) -> None:
    elsewhere = ThreadKey(ChannelKey(TeamId("T2"), ChannelId("D7")), MessageTs("1.000000"))
    await threads.ask(build.question(elsewhere))

    assert await threads.conversations.overdue(clock.advance(seconds=6), 10) == [elsewhere]


async def test_threads_in_which_questions_wait_are_counted(threads: Threads, build: Build) -> None:
    assert await threads.conversations.waiting() == 0
    await answer_one(threads, build)
    thread = build.thread()
    for _ in range(2):
        await threads.ask(build.question(thread))

    assert await threads.conversations.waiting() == 1
