"""The engine: what is woken, what is kept, how a worker leaves."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial

import pytest
from docket import Docket

from bot.adapters import docket_engine
from bot.adapters.docket_engine import DocketEngine, EngineHandlers, open_docket_engine
from bot.domain.errors import Code, Outage
from bot.domain.ids import DuelId, MessageTs, ThreadKey
from bot.services.ports import Job, JobKind
from tests.adapters.redis_kit import PLACE

TS = MessageTs("1795342000.000100")
THREAD = ThreadKey(PLACE, TS)
REFRESH = Job(JobKind.REFRESH_BALLOTS, PLACE, DuelId("abc"))
CLOSE = Job(JobKind.CLOSE_DUEL, PLACE, DuelId("abc"))


@dataclass
class RecordingObserver:
    facts: list[str] = field(default_factory=list)
    faults: list[tuple[str, BaseException]] = field(default_factory=list)

    def fact(self, name: str, /, **_fields: object) -> None:
        self.facts.append(name)

    def fault(self, name: str, error: BaseException, /, **_fields: object) -> str:
        self.faults.append((name, error))
        return "ref"


@dataclass
class Bench:
    """Handlers that note what they are called with, and wait while they are told to."""

    threads: list[ThreadKey] = field(default_factory=list)
    jobs: list[Job] = field(default_factory=list)
    sweeps: int = 0
    cancelled: int = 0
    finished: int = 0
    hold: asyncio.Event | None = None
    errors: list[Exception] = field(default_factory=list)

    async def on_thread(self, thread: ThreadKey) -> None:
        self.threads.append(thread)
        await self._work()

    async def on_job(self, job: Job) -> None:
        self.jobs.append(job)
        await self._work()

    async def on_sweep(self) -> None:
        self.sweeps += 1
        if self.errors:
            raise self.errors.pop()

    async def _work(self) -> None:
        if self.errors:
            raise self.errors.pop()
        try:
            if self.hold is not None:
                await self.hold.wait()
        except asyncio.CancelledError:
            self.cancelled += 1
            raise
        self.finished += 1

    def has_finished(self, count: int) -> bool:
        return self.finished == count

    @property
    def handlers(self) -> EngineHandlers:
        return EngineHandlers(self.on_thread, self.on_job, self.on_sweep)


async def until(condition: Callable[[], bool], seconds: float = 10) -> None:
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 (conditions of many kinds)
            await asyncio.sleep(0.002)


@asynccontextmanager
async def working(engine: DocketEngine, bench: Bench) -> AsyncIterator["asyncio.Task[None]"]:
    task = asyncio.create_task(engine.run(bench.handlers))
    await until(lambda: bench.sweeps > 0)
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait({task})


@pytest.fixture
def observer() -> RecordingObserver:
    return RecordingObserver()


@pytest.fixture
def name(store_prefix: str) -> str:
    return f"{store_prefix}:engine"


@pytest.fixture
async def engine(store_url: str, name: str, observer: RecordingObserver) -> AsyncIterator[DocketEngine]:
    async with open_docket_engine(
        store_url, observer, name=name, sweep_every=timedelta(seconds=0.1)
    ) as opened:
        yield opened


def soon(**span: float) -> datetime:
    return datetime.now(UTC) + timedelta(**span)


# ---------------------------------------------------------------- waking


async def test_a_wake_up_reaches_the_worker_soon(engine: DocketEngine) -> None:
    bench = Bench()
    async with working(engine, bench):
        await engine.wake(THREAD)
        await until(lambda: bool(bench.threads))
        started = time.monotonic()
        await engine.wake(THREAD)
        await until(lambda: len(bench.threads) == 2)

    assert bench.threads == [THREAD, THREAD]
    assert time.monotonic() - started < 1


async def test_a_wake_up_is_not_swallowed_while_the_same_one_runs(engine: DocketEngine) -> None:
    bench = Bench(hold=asyncio.Event())
    async with working(engine, bench):
        await engine.wake(THREAD)
        await until(lambda: len(bench.threads) == 1)
        await engine.wake(THREAD)
        await until(lambda: len(bench.threads) == 2)
        assert bench.hold is not None
        bench.hold.set()


async def test_wake_ups_wait_for_a_worker(engine: DocketEngine) -> None:
    bench = Bench()
    await engine.wake(THREAD)
    async with working(engine, bench):
        await until(lambda: bench.threads == [THREAD])


async def test_two_workers_share_the_work(
    engine: DocketEngine, store_url: str, name: str, observer: RecordingObserver
) -> None:
    benches = [Bench(hold=asyncio.Event()), Bench(hold=asyncio.Event())]
    async with (
        open_docket_engine(store_url, observer, name=name, concurrency=1) as other,
        working(engine, benches[0]),
        working(other, benches[1]),
    ):
        async with asyncio.timeout(5):
            while await engine.workers() < 2:  # noqa: ASYNC110 (the store has no event for it)
                await asyncio.sleep(0.02)
        for _ in range(20):
            await engine.wake(THREAD)
        await until(lambda: all(bench.threads for bench in benches))
        for bench in benches:
            assert bench.hold is not None
            bench.hold.set()
        await until(lambda: sum(bench.finished for bench in benches) == 20)


async def test_what_a_handler_raises_is_told_and_the_worker_goes_on(
    engine: DocketEngine, observer: RecordingObserver
) -> None:
    bench = Bench()
    async with working(engine, bench):
        bench.errors = [RuntimeError("one"), RuntimeError("two")]
        await until(lambda: not bench.errors)
        await engine.wake(THREAD)
        await until(lambda: bench.finished == 1)

    assert {name for name, _ in observer.faults} <= {"thread_failed", "sweep_failed"}
    assert len(observer.faults) == 2


# ---------------------------------------------------------------- jobs


async def test_a_job_asked_for_often_runs_once(engine: DocketEngine) -> None:
    bench = Bench()
    async with working(engine, bench):
        at = soon(seconds=0.3)
        for _ in range(5):
            await engine.schedule(REFRESH, at)
        await engine.schedule(CLOSE, at)
        await until(lambda: len(bench.jobs) == 2)
        await asyncio.sleep(0.05)

    assert sorted(bench.jobs, key=lambda job: job.kind) == [CLOSE, REFRESH]


async def test_a_job_that_has_run_can_be_asked_for_again(engine: DocketEngine) -> None:
    bench = Bench()
    async with working(engine, bench):
        for _ in range(3):
            done = bench.finished
            await engine.schedule(REFRESH, soon())
            await until(partial(bench.has_finished, done + 1))


async def test_a_job_asked_for_while_it_runs_runs_once_more_after_it(engine: DocketEngine) -> None:
    bench = Bench(hold=asyncio.Event())
    async with working(engine, bench):
        await engine.schedule(REFRESH, soon())
        await until(lambda: len(bench.jobs) == 1)
        for _ in range(3):
            await engine.schedule(REFRESH, soon())
            await asyncio.sleep(0.03)
        assert len(bench.jobs) == 1
        assert bench.hold is not None
        bench.hold.set()
        await until(lambda: bench.finished == 2)
        await asyncio.sleep(0.05)

    assert len(bench.jobs) == 2


async def test_a_job_may_ask_for_itself(engine: DocketEngine) -> None:
    bench = Bench()

    async def again(job: Job) -> None:
        bench.jobs.append(job)
        if len(bench.jobs) < 3:
            await engine.schedule(job, soon())

    task = asyncio.create_task(engine.run(EngineHandlers(bench.on_thread, again, bench.on_sweep)))
    await engine.schedule(CLOSE, soon())
    await until(lambda: len(bench.jobs) == 3)
    task.cancel()
    await asyncio.wait({task})


async def test_a_job_in_the_past_runs_at_once(engine: DocketEngine) -> None:
    bench = Bench()
    async with working(engine, bench):
        await engine.schedule(CLOSE, soon(days=-3))
        await until(lambda: bench.jobs == [CLOSE])


async def test_of_two_times_the_earlier_counts(engine: DocketEngine) -> None:
    bench = Bench()
    async with working(engine, bench):
        await engine.schedule(CLOSE, soon(days=1))
        await engine.schedule(CLOSE, soon())
        await engine.schedule(CLOSE, soon(days=2))
        await until(lambda: bench.jobs == [CLOSE])


async def test_a_job_that_fails_is_tried_again(engine: DocketEngine, observer: RecordingObserver) -> None:
    bench, outages = Bench(), [Outage(Code.SLACK_DOWN)]
    failing = outages[0]

    async def on_job(job: Job) -> None:
        bench.jobs.append(job)
        if outages:
            raise outages.pop()

    task = asyncio.create_task(engine.run(EngineHandlers(bench.on_thread, on_job, bench.on_sweep)))
    await engine.schedule(CLOSE, soon())
    await until(lambda: len(bench.jobs) == 2)
    task.cancel()
    await asyncio.wait({task})

    assert observer.faults == [("job_failed", failing)]


async def test_a_job_that_can_only_fail_is_given_up(
    engine: DocketEngine, observer: RecordingObserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(docket_engine, "_MOST_ATTEMPTS", 1)

    async def fail(_job: Job) -> None:
        raise KeyError("bug")

    bench = Bench()
    task = asyncio.create_task(engine.run(EngineHandlers(bench.on_thread, fail, bench.on_sweep)))
    await engine.schedule(CLOSE, soon())
    await until(lambda: len(observer.faults) == 1)
    await asyncio.sleep(0.05)
    assert await engine._docket.get_execution(CLOSE.wire) is not None
    task.cancel()
    await asyncio.wait({task})


# ---------------------------------------------------------------- rolling deploys


async def test_a_task_of_a_newer_version_is_kept_for_a_worker_that_knows_it(
    engine: DocketEngine, store_url: str, name: str, observer: RecordingObserver
) -> None:
    async def newer(wire: str) -> None:
        raise AssertionError(wire)

    async with Docket(name=name, url=store_url) as newer_docket:
        execution = await newer_docket.add(newer, key="n1")("x")
        async with working(engine, Bench()):
            await until(lambda: "task_unknown" in observer.facts)
            await asyncio.sleep(0.05)
        await execution.sync()

    assert execution.state.value == "scheduled"


# ---------------------------------------------------------------- leaving


async def test_a_worker_that_stops_lets_running_tasks_end_and_takes_no_more(
    engine: DocketEngine, observer: RecordingObserver
) -> None:
    bench = Bench(hold=asyncio.Event())
    task = asyncio.create_task(engine.run(bench.handlers))
    await engine.wake(THREAD)
    await until(lambda: bool(bench.threads))
    task.cancel()
    await asyncio.sleep(0.5)
    await engine.wake(THREAD)
    await asyncio.sleep(0.5)
    assert bench.hold is not None
    bench.hold.set()
    await asyncio.wait({task})

    assert task.cancelled()
    assert (bench.finished, bench.cancelled, len(bench.threads)) == (1, 0, 1)
    assert observer.facts == []


async def test_a_worker_that_waited_long_enough_cancels_and_the_task_is_not_lost(
    store_url: str, name: str, observer: RecordingObserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench = Bench(hold=asyncio.Event())
    brief = timedelta(seconds=0.2)
    async with open_docket_engine(store_url, observer, name=name, drain=brief) as engine:
        task = asyncio.create_task(engine.run(bench.handlers))
        await engine.wake(THREAD)
        await until(lambda: bool(bench.threads))
        task.cancel()
        await asyncio.wait({task}, timeout=10)

    assert task.cancelled()
    assert (bench.finished, bench.cancelled) == (0, 1)
    assert observer.facts == ["engine_cancels"]

    monkeypatch.setattr(docket_engine, "_REDELIVERY", timedelta(seconds=0.3))
    successor = Bench()
    async with open_docket_engine(store_url, observer, name=name) as other, working(other, successor):
        await until(lambda: successor.threads == [THREAD])


async def test_cancelled_twice_a_worker_leaves_at_once(
    store_url: str, name: str, observer: RecordingObserver
) -> None:
    bench = Bench(hold=asyncio.Event())
    async with open_docket_engine(store_url, observer, name=name) as engine:
        task = asyncio.create_task(engine.run(bench.handlers))
        await engine.wake(THREAD)
        await until(lambda: bool(bench.threads))
        task.cancel()
        await asyncio.sleep(0.05)
        task.cancel()
        await asyncio.wait({task}, timeout=10)

    assert task.cancelled()
    assert bench.cancelled == 1


async def test_a_store_that_is_away_is_an_outage(observer: RecordingObserver) -> None:
    async with open_docket_engine("redis://127.0.0.1:1/0", observer, name="away:engine") as engine:
        started = time.monotonic()
        with pytest.raises(Outage):
            await engine.wake(THREAD)
        assert time.monotonic() - started < 2.5
