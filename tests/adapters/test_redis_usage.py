"""The channel's account of the day."""

from dataclasses import replace

from bot.adapters.redis_client import Store
from bot.domain.ids import Fingerprint
from bot.domain.question import Spent
from tests.adapters.redis_kit import Build, Threads


async def test_what_was_spent_is_counted_once_a_question_on_the_channels_account_of_the_day(
    threads: Threads, build: Build, store: Store
) -> None:
    mark = Fingerprint("aaaaaaaaaaaa")
    for failed in (False, True):
        question = build.question()
        spent = Spent(mark, 30, 4, 500, failed=failed)
        recorded = replace(build.answered(question), spent=(spent,))
        await threads.ask(question)
        work = await threads.must_take(question.thread)
        await threads.record(work, recorded)
        await threads.record(work, recorded)

    account = await store.call("HGETALL", store.keys.usage(build.place, threads.clock.now().date()))

    assert account == {
        f"{mark}/answers": "1",
        f"{mark}/failures": "1",
        f"{mark}/prompt_tokens": "60",
        f"{mark}/completion_tokens": "8",
        f"{mark}/total_ms": "1000",
    }
