"""Work after the acknowledgement."""

import asyncio
from datetime import timedelta

from bot.domain.errors import Code, Outage
from bot.slack.background import Background
from tests.fakes.world import RecordingObserver


async def test_work_is_done_and_forgotten() -> None:
    done: list[int] = []
    background = Background(RecordingObserver())

    async def work(number: int) -> None:
        done.append(number)

    for number in range(3):
        background.spawn("count", work(number))
    await background.drain(timedelta(seconds=1))

    assert done == [0, 1, 2]
    assert background.pending == 0


async def test_only_so_many_run_at_once() -> None:
    running = most = 0
    background = Background(RecordingObserver(), at_once=2)

    async def work() -> None:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1

    for _ in range(9):
        background.spawn("count", work())
    await background.drain(timedelta(seconds=1))

    assert most == 2


async def test_what_is_too_much_is_dropped_and_noted() -> None:
    observer = RecordingObserver()
    background = Background(observer, most=1)
    for _ in range(2):
        background.spawn("nap", asyncio.sleep(0))
    await background.drain(timedelta(seconds=1))

    assert observer.named("background_full") == [{"work": "nap"}]


async def test_failures_are_noted_and_nothing_is_tried_again() -> None:
    observer = RecordingObserver()
    background = Background(observer)

    async def fail(error: Exception) -> None:
        raise error

    background.spawn("expected", fail(Outage(Code.SLACK_DOWN)))
    background.spawn("bug", fail(RuntimeError("boom")))
    await background.drain(timedelta(seconds=1))

    assert observer.named("background_refused") == [{"work": "expected", "code": "slack_down"}]
    assert [str(fact.error) for fact in observer.faults] == ["boom"]


async def test_at_the_end_what_takes_too_long_is_cut_off() -> None:
    observer = RecordingObserver()
    background = Background(observer, at_once=1)
    for _ in range(2):
        background.spawn("sleep", asyncio.sleep(60))
    await background.drain(timedelta(milliseconds=10))

    assert background.pending == 0
    assert observer.named("background_cut_off") == [{"tasks": 2}]


async def test_with_nothing_under_way_there_is_nothing_to_wait_for() -> None:
    await Background(RecordingObserver()).drain(timedelta(seconds=60))
