"""What is stored of an answer while it is written: only by who holds the lease, and gone with its question."""

import pytest

from bot.adapters.redis_client import Store
from bot.adapters.redis_progress import RedisProgress
from bot.domain.ids import MessageTs, ThreadKey, UserId
from bot.domain.question import Question
from bot.services.ports import Half, LeaseLost, Work
from tests.adapters.redis_kit import Build, Threads

ANN, BOB = UserId("UANN"), UserId("UBOB")
SHOWN = MessageTs("1795342099.000100")


@pytest.fixture
def progress(store: Store) -> RedisProgress:
    return RedisProgress(store)


async def being_answered(threads: Threads, build: Build) -> Work:
    question = build.question()
    await threads.ask(question)
    return await threads.must_take(question.thread)


async def lose(threads: Threads, work: Work, store: Store) -> Work:
    """Have another worker take the question over; return it as that one has it."""
    await store.redis.delete(store.keys.lease(work.question.thread))
    return await threads.must_take(work.question.thread)


async def deleted(threads: Threads, question: Question) -> bool:
    return await threads.conversations.withdraw(question.thread, question.ts)


# ------------------------------------------------------------ what was begun


async def test_the_next_worker_knows_every_message_that_was_begun(
    threads: Threads, build: Build, progress: RedisProgress, store: Store
) -> None:
    work = await being_answered(threads, build)
    await progress.begin(work, 0)
    await progress.keep(work, 0, SHOWN)
    await progress.begin(work, 1)

    taken = await lose(threads, work, store)

    assert (work.streaming, work.streamed) == (None, {})
    assert (taken.streaming, taken.streamed) == (1, {0: SHOWN})


async def test_beginning_keeps_the_lease_for_its_full_time(
    threads: Threads, build: Build, progress: RedisProgress, store: Store
) -> None:
    work = await being_answered(threads, build)
    lease = store.keys.lease(work.question.thread)
    await store.redis.pexpire(lease, 1_000)

    await progress.begin(work, 0)

    assert await store.redis.pttl(lease) > 5_000


async def test_who_lost_the_lease_writes_nothing_and_learns_of_it(
    threads: Threads, build: Build, progress: RedisProgress, store: Store
) -> None:
    work = await being_answered(threads, build)
    ours = await lose(threads, work, store)

    with pytest.raises(LeaseLost):
        await progress.begin(work, 0)
    with pytest.raises(LeaseLost):
        await progress.keep(work, 0, SHOWN)
    with pytest.raises(LeaseLost):
        await progress.stop_asked(work)
    with pytest.raises(LeaseLost):
        await progress.clear(work)

    assert await progress.stop_asked(ours) is None
    again = await threads.take(ours.question.thread, ours.token)
    assert again is not None
    assert (again.streaming, again.streamed) == (None, {})


async def test_nothing_of_it_is_left_once_the_question_is_answered(
    threads: Threads, build: Build, progress: RedisProgress, store: Store
) -> None:
    work = await being_answered(threads, build)
    recorded = build.answered(work.question)
    await progress.begin(work, 0)
    await progress.keep(work, 0, SHOWN)
    await progress.ask_to_stop(work.question, ANN)
    await threads.record(work, recorded)
    await threads.commit(work, recorded, SHOWN)

    assert await store.redis.hgetall(store.keys.inbox(work.question.thread)) == {}


# ------------------------------------------------------------ deleting


async def test_deleting_what_is_shown_of_an_answer_takes_its_question_out(
    threads: Threads, build: Build, progress: RedisProgress
) -> None:
    work = await being_answered(threads, build)
    thread = work.question.thread
    await progress.begin(work, 0)
    await progress.keep(work, 0, SHOWN)

    assert await threads.conversations.withdraw(thread, SHOWN)

    with pytest.raises(LeaseLost):
        await progress.stop_asked(work)
    taken = await threads.must_take(thread)
    assert (taken.question, taken.withdrawn, taken.streamed) == (work.question, True, {0: SHOWN})
    assert not await threads.conversations.withdraw(thread, SHOWN)
    assert not await progress.clear(taken)


async def test_of_a_commands_answer_too(threads: Threads, build: Build, progress: RedisProgress) -> None:
    command, root = build.thread("cmd-1.2.abc"), build.ts()
    await threads.ask(build.question(command))
    work = await threads.must_take(command)
    await threads.conversations.rooted(work, root)
    await progress.begin(work, 0)
    await progress.keep(work, 0, SHOWN)

    assert await threads.conversations.withdraw(build.thread(root), SHOWN)

    assert (await threads.must_take(command)).withdrawn


async def test_an_answer_whose_message_is_gone_when_it_ends_leaves_no_turn(
    threads: Threads, build: Build
) -> None:
    work = await being_answered(threads, build)
    recorded = build.answered(work.question)
    await threads.record(work, recorded)
    assert not await threads.conversations.withdraw(work.question.thread, SHOWN)
    await threads.commit(work, recorded, SHOWN)

    later = build.question(work.question.thread)
    await threads.ask(later)
    assert (await threads.must_take(later.thread)).turns == (recorded.turns[0],)


# ------------------------------------------------------------ left half said


async def test_what_is_half_said_when_its_question_is_dropped_is_kept_to_be_ended(
    threads: Threads, build: Build, progress: RedisProgress, store: Store
) -> None:
    work = await being_answered(threads, build)
    thread = work.question.thread
    await progress.begin(work, 0)
    await progress.keep(work, 0, SHOWN)
    await progress.begin(work, 1)
    command, root = build.thread("cmd-1.2.abc"), build.ts()
    await threads.ask(build.question(command))
    commanded = await threads.must_take(command)
    await threads.conversations.rooted(commanded, root)
    await progress.begin(commanded, 0)
    await threads.ask(build.question())
    assert await progress.waits(thread, work.question.ts)

    assert await threads.conversations.drop(thread.place, build.ts()) == 3

    halves = [
        Half(thread, work.question.ts, 0, MessageTs(thread.conversation)),
        Half(thread, work.question.ts, 1, MessageTs(thread.conversation)),
        Half(command, commanded.question.ts, 0, root),
    ]
    assert sorted(await progress.halves(thread.place), key=str) == sorted(halves, key=str)
    assert await store.redis.ttl(store.keys.halves(thread.place)) > 0
    assert not await progress.waits(thread, work.question.ts)
    for half in halves:
        await progress.ended(half)
    assert await progress.halves(thread.place) == []


# ------------------------------------------------------------ stopping


async def test_the_first_who_wants_it_to_stop_counts(
    threads: Threads, build: Build, progress: RedisProgress, store: Store
) -> None:
    work = await being_answered(threads, build)
    assert await progress.stop_asked(work) is None

    assert await progress.ask_to_stop(work.question, ANN)
    assert await progress.ask_to_stop(work.question, BOB)

    assert await progress.stop_asked(work) == ANN
    assert (await lose(threads, work, store)).stopped_by == ANN


async def test_what_is_decided_deleted_or_done_can_not_be_stopped(
    threads: Threads, build: Build, progress: RedisProgress
) -> None:
    decided, gone = await being_answered(threads, build), await being_answered(threads, build)
    await threads.record(decided, build.answered(decided.question))
    await progress.begin(gone, 0)
    assert await deleted(threads, gone.question)

    assert not await progress.ask_to_stop(decided.question, ANN)
    assert not await progress.ask_to_stop(gone.question, ANN)
    assert not await progress.ask_to_stop(build.question(), ANN)


async def test_only_a_question_that_a_worker_has_taken_is_under_way(
    threads: Threads, build: Build, progress: RedisProgress
) -> None:
    first = build.question()
    await threads.ask(first)
    second = build.question(first.thread)
    await threads.ask(second)
    assert await progress.under_way(first.thread, None) is None

    work = await threads.must_take(first.thread)

    assert await progress.under_way(first.thread, None) == first
    assert await progress.under_way(first.thread, first.ts) == first
    assert await progress.under_way(first.thread, second.ts) is None
    await threads.record(work, build.answered(first))
    assert await progress.under_way(first.thread, None) is None


async def test_of_two_that_were_taken_the_older_is_meant_whatever_the_length_of_its_ts(
    threads: Threads, build: Build, progress: RedisProgress, store: Store
) -> None:
    older = build.question(ts=MessageTs("999999999.000100"))
    await threads.ask(older)
    await threads.must_take(older.thread)
    newer = build.question(older.thread, ts=MessageTs("1000000000.000100"))
    await threads.ask(newer)
    await store.redis.hset(store.keys.inbox(older.thread), f"{newer.ts}/token", "another")

    assert await progress.under_way(older.thread, None) == older


async def test_a_command_that_is_being_answered_is_found_under_its_root(
    threads: Threads, build: Build, progress: RedisProgress
) -> None:
    command = build.question(build.thread("cmd-1.2.abc"))
    await threads.ask(command)
    work = await threads.must_take(command.thread)
    root = build.ts()
    await threads.conversations.rooted(work, root)

    assert await progress.under_way(ThreadKey(command.thread.place, root), None) == command


# ------------------------------------------------------------ deleting


async def test_a_deleted_question_whose_answer_was_begun_waits_to_be_taken_away(
    threads: Threads, build: Build, progress: RedisProgress
) -> None:
    work = await being_answered(threads, build)
    await progress.begin(work, 0)
    await progress.keep(work, 0, SHOWN)

    assert await deleted(threads, work.question)
    with pytest.raises(LeaseLost):
        await progress.stop_asked(work)
    taken = await threads.must_take(work.question.thread)

    assert taken.withdrawn
    assert taken.streamed == {0: SHOWN}
    assert await progress.clear(taken) is False
    assert await threads.take(work.question.thread) is None


async def test_clearing_away_leaves_the_next_question_and_frees_the_lease(
    threads: Threads, build: Build, progress: RedisProgress
) -> None:
    work = await being_answered(threads, build)
    following = build.question(work.question.thread)
    await threads.ask(following)
    await progress.begin(work, 0)
    await deleted(threads, work.question)
    taken = await threads.must_take(work.question.thread)

    assert await progress.clear(taken) is True
    assert (await threads.must_take(work.question.thread)).question == following


async def test_clearing_again_changes_nothing(
    threads: Threads, build: Build, progress: RedisProgress
) -> None:
    work = await being_answered(threads, build)
    following = build.question(work.question.thread)
    await threads.ask(following)
    assert await progress.clear(work) is True
    held = await threads.must_take(work.question.thread)

    assert await progress.clear(work) is True, "the reply of the first was lost"
    assert await progress.stop_asked(held) is None, "whoever has the thread now keeps it"
