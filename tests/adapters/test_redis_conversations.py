"""The lease, the progress of a question and its end."""

from datetime import timedelta

import pytest

from bot.adapters.redis_client import Store
from bot.adapters.redis_configs import RedisConfigs
from bot.adapters.redis_conversations import LEASE, MOST_TURNS
from bot.domain.channel_config import ChannelConfig
from bot.domain.completion import FailureKind
from bot.domain.ids import (
    ChannelId,
    ChannelKey,
    DuelId,
    Fingerprint,
    MessageTs,
    TeamId,
    ThreadKey,
    message_ts,
)
from bot.domain.question import FailureReply, Question, Recorded, Routed
from bot.domain.routing import Reason, Route
from bot.domain.thread import AnsweredTurn, Side, as_shown
from bot.services.ports import DuelInThread, LeaseLost, Work
from tests.adapters.redis_kit import MONTH, Build, FakeClock, Threads

ROUTED = Routed(Route(("support",), Reason.CONFIG), (Fingerprint("aaaaaaaaaaaa"),))


async def lose_lease(store: Store, thread: ThreadKey) -> None:
    """Let ten seconds pass for the store."""
    await store.redis.delete(store.keys.lease(thread))


# ---------------------------------------------------------------- taking


async def test_an_empty_inbox_has_nothing_to_take(threads: Threads, build: Build) -> None:
    assert await threads.take(build.thread()) is None


async def test_a_fresh_question_is_taken_with_nothing_behind_it(threads: Threads, build: Build) -> None:
    question = build.question()
    await threads.ask(question)

    assert await threads.take(question.thread, "fence") == Work(
        question=question,
        token="fence",
        attempts=1,
        routed=None,
        recorded=None,
        posted={},
        posting=None,
        root_ts=MessageTs(question.thread.conversation),
        turns=(),
        duels={},
        config=ChannelConfig(),
    )


async def test_a_lease_keeps_others_out_until_it_is_over(
    threads: Threads, build: Build, store: Store
) -> None:
    question = build.question()
    await threads.ask(question)
    await threads.must_take(question.thread)

    assert await threads.take(question.thread) is None
    assert (
        9_000 < await store.redis.pttl(store.keys.lease(question.thread)) <= LEASE / timedelta(milliseconds=1)
    )
    await lose_lease(store, question.thread)
    assert (await threads.must_take(question.thread)).attempts == 2


async def test_taking_again_with_the_same_token_changes_nothing(threads: Threads, build: Build) -> None:
    question = build.question()
    await threads.ask(question)
    first = await threads.take(question.thread, "fence")

    assert await threads.take(question.thread, "fence") == first


async def test_the_head_is_the_question_with_the_smallest_ts(threads: Threads, build: Build) -> None:
    thread = build.thread()
    order = ["999999999.999999", "1795342000.000100", "1795342000.000200", "1795342001.000000"]
    for ts in [order[2], order[3], order[0], order[1]]:
        await threads.ask(build.question(thread, message_ts(ts)))

    taken = []
    for _ in order:
        work = await threads.must_take(thread)
        taken.append(work.question.ts)
        await threads.commit(work, build.answered(work.question))

    assert taken == order


async def test_work_brings_the_channels_config_along(threads: Threads, build: Build, store: Store) -> None:
    config = ChannelConfig(answer="support", pair=("support", "pizzaiolo"), sensitive=True)
    await RedisConfigs(store).save_channel(build.place, config)
    question = build.question()
    await threads.ask(question)

    assert (await threads.must_take(question.thread)).config == config


async def test_a_renewed_lease_has_its_full_time_again(threads: Threads, build: Build, store: Store) -> None:
    question = build.question()
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    lease = store.keys.lease(question.thread)
    await store.redis.pexpire(lease, 500)

    await threads.conversations.renew(question.thread, work.token)

    assert await store.redis.pttl(lease) > 9_000
    with pytest.raises(LeaseLost):
        await threads.conversations.renew(question.thread, "another")


# ---------------------------------------------------------------- backing off


@pytest.mark.parametrize(("attempt", "wait_s"), [(1, 2), (2, 4), (5, 32), (6, 60), (9, 60)])
async def test_a_released_question_waits_longer_each_time(
    threads: Threads, build: Build, clock: FakeClock, attempt: int, wait_s: int
) -> None:
    question = build.question()
    await threads.ask(question)
    for _ in range(attempt - 1):
        await threads.conversations.release(await threads.must_take(question.thread))
        clock.advance(minutes=1)
    work = await threads.must_take(question.thread)
    assert work.attempts == attempt

    await threads.conversations.release(work)

    clock.advance(seconds=wait_s - 0.1)
    assert await threads.take(question.thread) is None
    assert await threads.conversations.overdue(clock.now(), 10) == []
    clock.advance(seconds=0.1)
    assert await threads.conversations.overdue(clock.now(), 10) == [question.thread]
    assert await threads.take(question.thread) is not None


async def test_releasing_a_lost_lease_leaves_the_new_one_alone(
    threads: Threads, build: Build, store: Store
) -> None:
    question = build.question()
    await threads.ask(question)
    stale = await threads.must_take(question.thread)
    await lose_lease(store, question.thread)
    fresh = await threads.must_take(question.thread)

    await threads.conversations.release(stale)

    await threads.conversations.renew(question.thread, fresh.token)


async def test_later_questions_wait_behind_a_head_that_backs_off(threads: Threads, build: Build) -> None:
    question = build.question()
    await threads.ask(question)
    await threads.conversations.release(await threads.must_take(question.thread))
    await threads.ask(build.question(question.thread))

    assert await threads.take(question.thread) is None


# ---------------------------------------------------------------- resuming


async def test_the_next_worker_resumes_where_the_last_one_stopped(
    threads: Threads, build: Build, store: Store
) -> None:
    question = build.question()
    recorded, parts = build.answered(question), [build.ts(), build.ts()]
    await threads.ask(question)

    async def next_worker() -> Work:
        await lose_lease(store, question.thread)
        return await threads.must_take(question.thread)

    work = await threads.must_take(question.thread)
    await threads.conversations.record_route(work, ROUTED)
    work = await next_worker()
    assert (work.routed, work.recorded, work.posting) == (ROUTED, None, None)

    await threads.record(work, recorded)
    work = await next_worker()
    assert (work.routed, work.recorded, work.posting, work.posted) == (ROUTED, recorded, 0, {})

    await threads.conversations.posted(work, 0, parts[0])
    work = await next_worker()
    assert (work.posting, work.posted) == (1, {0: parts[0]})

    await threads.conversations.posted(work, 1, parts[1])
    work = await next_worker()
    assert (work.posting, work.posted) == (2, dict(enumerate(parts)))
    assert work.attempts == 5


async def test_a_stale_worker_writes_nothing(threads: Threads, build: Build, store: Store) -> None:
    question = build.question()
    recorded, _ = build.duelled(question)
    await threads.ask(question)
    stale = await threads.must_take(question.thread)
    await lose_lease(store, question.thread)
    fresh = await threads.must_take(question.thread)
    before = await everything(store)

    for write in (
        lambda: threads.conversations.record_route(stale, ROUTED),
        lambda: threads.record(stale, recorded),
        lambda: threads.conversations.posted(stale, 0, build.ts()),
        lambda: threads.conversations.rooted(stale, build.ts()),
        lambda: threads.commit(stale, recorded),
        lambda: threads.conversations.bury(stale, now=threads.clock.now()),
    ):
        with pytest.raises(LeaseLost):
            await write()

    assert await everything(store) == before
    await threads.commit(fresh, recorded)


async def everything(store: Store) -> dict[str, object]:
    """All that the store holds of this test, except for the lease's time and the sweeper's index."""
    found: dict[str, object] = {}
    async for key in store.scan(f"{store.keys.prefix}:*"):
        match await store.redis.type(key):
            case "hash":
                found[key] = await store.redis.hgetall(key)
            case "list":
                found[key] = await store.redis.lrange(key, 0, -1)
            case "string":
                found[key] = await store.redis.get(key)
            case "stream":
                found[key] = await store.redis.xrange(key)
            case "zset" if not key.endswith(":pending"):
                found[key] = await store.redis.zrange(key, 0, -1)
    return found


# ---------------------------------------------------------------- the end


async def test_commit_appends_the_turns_and_says_whether_more_wait(threads: Threads, build: Build) -> None:
    first = build.question()
    second = build.question(first.thread)
    await threads.ask(first)
    work = await threads.must_take(first.thread)
    await threads.ask(second)
    recorded = build.answered(first)
    await threads.record(work, recorded)

    posted = build.ts()
    assert await threads.commit(work, recorded, posted) is True

    work = await threads.must_take(first.thread)
    turns = as_shown(recorded.turns, {0: posted})
    assert (work.question, work.turns, work.attempts, work.recorded) == (second, turns, 1, None)
    assert await threads.commit(work, build.answered(second)) is False
    assert await threads.take(first.thread) is None


async def test_commit_repeated_after_a_lost_reply_says_the_same(
    threads: Threads, build: Build, store: Store
) -> None:
    first = build.question()
    await threads.ask(first)
    await threads.ask(build.question(first.thread))
    work = await threads.must_take(first.thread)

    assert [await threads.commit(work, build.answered(first)) for _ in range(2)] == [True, True]
    assert await store.redis.llen(store.keys.turns(first.thread)) == 2


async def test_an_answer_without_turns_leaves_none(threads: Threads, build: Build) -> None:
    question = build.question()
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    await threads.commit(work, Recorded(FailureReply(FailureKind.TIMEOUT, "abc123")))
    await threads.ask(build.question(question.thread))

    assert (await threads.must_take(question.thread)).turns == ()


async def test_a_thread_keeps_its_newest_turns_for_its_lifetime(
    threads: Threads, build: Build, store: Store
) -> None:
    question = build.question()
    turns = tuple(AnsweredTurn(str(n), Fingerprint("aaaaaaaaaaaa")) for n in range(MOST_TURNS + 5))
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    await threads.commit(work, Recorded(build.answered(question).reply, turns))
    await threads.ask(build.question(question.thread))

    assert (await threads.must_take(question.thread)).turns == turns[-MOST_TURNS:]
    for key in (store.keys.turns(question.thread), store.keys.thread(question.thread)):
        assert MONTH.total_seconds() - 60 < await store.redis.ttl(key) <= MONTH.total_seconds()


async def test_a_buried_question_is_a_letter_and_the_next_one_is_taken(
    threads: Threads, build: Build, store: Store
) -> None:
    first = build.question()
    second = build.question(first.thread)
    await threads.ask(first)
    await threads.ask(second)
    work = await threads.must_take(first.thread)

    buried = [await threads.conversations.bury(work, now=threads.clock.now()) for _ in range(2)]

    assert buried == [True, True]
    assert await store.redis.llen(store.keys.dead(build.place)) == 1
    letter = (await store.redis.lrange(store.keys.dead(build.place), 0, -1))[0]
    assert first.text in str(letter)
    assert (await threads.must_take(first.thread)).question == second


@pytest.mark.parametrize("resumed", [True, False])
async def test_a_duel_buried_before_anyone_saw_it_does_not_stay_open(
    threads: Threads, build: Build, store: Store, *, resumed: bool
) -> None:
    question = build.question()
    recorded, duel = build.duelled(question)
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    await threads.record(work, recorded)
    if resumed:
        await lose_lease(store, question.thread)
        work = await threads.must_take(question.thread)
    await threads.conversations.bury(work, now=threads.clock.now())
    await threads.ask(build.question(question.thread))

    assert (await threads.must_take(question.thread)).duels == {}
    assert await threads.duels.load(build.place, duel.id) is None
    assert await threads.duels.latest(build.place, 5) == []


async def test_a_duel_that_was_shown_outlives_the_burial_of_its_question(
    threads: Threads, build: Build
) -> None:
    question = build.question()
    recorded, duel = build.duelled(question)
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    await threads.record(work, recorded)
    await threads.conversations.posted(work, 0, build.ts())
    await threads.conversations.bury(work, now=threads.clock.now())

    assert await threads.duels.load(build.place, duel.id) == duel


# ---------------------------------------------------------------- duels


async def test_a_recorded_duel_is_kept_and_known_to_its_thread(threads: Threads, build: Build) -> None:
    question = build.question()
    recorded, duel = build.duelled(question, follow=Side.B)
    parts = [build.ts(), build.ts()]
    await threads.ask(question)
    work = await threads.must_take(question.thread)
    await threads.record(work, recorded)
    assert await threads.duels.load(build.place, duel.id) == duel

    await threads.commit(work, recorded, *parts)
    await threads.ask(build.question(question.thread))
    work = await threads.must_take(question.thread)

    stored = await threads.duels.load(build.place, duel.id)
    assert stored is not None
    assert [stored.answers_ts, stored.ballot_ts] == parts
    assert work.duels == {
        duel.id: DuelInThread(
            True, False, Side.B, "pizzaiolo", Fingerprint("bbbbbbbbbbbb"), Fingerprint("aaaaaaaaaaaa")
        )
    }
    assert work.open_duel == duel.id
    assert work.turns == as_shown(recorded.turns, {0: parts[0], 1: parts[1]})


async def test_a_duel_of_another_channel_is_a_bug(threads: Threads, build: Build) -> None:
    question = build.question()
    elsewhere = ThreadKey(ChannelKey(TeamId("T1"), ChannelId("C2")), build.ts())
    recorded, _ = build.duelled(question, elsewhere)
    await threads.ask(question)

    with pytest.raises(ValueError, match="does not belong"):
        await threads.record(await threads.must_take(question.thread), recorded)


# ---------------------------------------------------------------- commands


async def asked_by_command(threads: Threads, build: Build) -> Question:
    question = build.question(build.thread("cmd-1.2.a"))
    await threads.ask(question)
    return question


async def test_a_commands_turns_go_to_the_thread_under_its_root(threads: Threads, build: Build) -> None:
    question, root = await asked_by_command(threads, build), build.ts()
    work = await threads.must_take(question.thread)
    assert work.root_ts is None
    await threads.conversations.rooted(work, root)
    recorded, duel = build.duelled(question, build.thread(root))
    await threads.record(work, recorded)
    answers = build.ts()
    await threads.commit(work, recorded, answers, build.ts())

    await threads.ask(build.question(build.thread(root)))
    follow_up = await threads.must_take(build.thread(root))
    assert follow_up.turns == as_shown(recorded.turns, {0: answers})
    assert list(follow_up.duels) == [duel.id]
    assert await threads.take(question.thread) is None


async def test_a_resumed_command_has_its_root_and_what_is_in_its_thread(
    threads: Threads, build: Build, store: Store
) -> None:
    question, root = await asked_by_command(threads, build), build.ts()
    work = await threads.must_take(question.thread)
    await threads.conversations.rooted(work, root)
    recorded, duel = build.duelled(question, build.thread(root))
    await threads.record(work, recorded)
    await lose_lease(store, question.thread)

    work = await threads.must_take(question.thread)

    assert work.root_ts == root
    assert work.recorded == recorded
    assert list(work.duels) == [duel.id]


async def test_a_question_under_a_commands_root_waits_for_the_commands_answer(
    threads: Threads, build: Build, clock: FakeClock
) -> None:
    question, root = await asked_by_command(threads, build), build.ts()
    work = await threads.must_take(question.thread)
    await threads.conversations.rooted(work, root)
    await threads.ask(build.question(build.thread(root)))

    assert await threads.take(build.thread(root)) is None
    assert await threads.commit(work, build.answered(question)) is False
    assert await threads.conversations.overdue(clock.now(), 10) == [build.thread(root)]
    assert (await threads.must_take(build.thread(root))).turns != ()


async def test_a_gate_left_behind_by_a_command_that_is_gone_is_lifted(
    threads: Threads, build: Build, store: Store
) -> None:
    question, root = await asked_by_command(threads, build), build.ts()
    await threads.conversations.rooted(await threads.must_take(question.thread), root)
    await threads.ask(build.question(build.thread(root)))
    await store.redis.delete(store.keys.inbox(question.thread))

    assert await threads.take(build.thread(root)) is not None


async def test_a_command_that_is_buried_opens_its_thread(threads: Threads, build: Build) -> None:
    question, root = await asked_by_command(threads, build), build.ts()
    work = await threads.must_take(question.thread)
    await threads.conversations.rooted(work, root)
    await threads.ask(build.question(build.thread(root)))
    await threads.conversations.bury(work, now=threads.clock.now())

    assert await threads.take(build.thread(root)) is not None


async def test_follow_ups_under_a_commands_root_are_known_at_once(
    threads: Threads, build: Build, store: Store
) -> None:
    await RedisConfigs(store).save_channel(build.place, ChannelConfig.from_document({"threads": "follow"}))
    question, root = await asked_by_command(threads, build), build.ts()
    await threads.conversations.rooted(await threads.must_take(question.thread), root)

    assert await threads.ask(build.question(build.thread(root)), follow_up=True) == "accepted"


async def test_a_duel_id_with_odd_characters_never_becomes_a_key(threads: Threads, build: Build) -> None:
    with pytest.raises(ValueError, match="not a duel"):
        await threads.duels.load(build.place, DuelId("x}:y"))
