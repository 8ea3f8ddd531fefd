"""pydocket as the engine: it wakes workers and keeps time; what there is to do stands in the inbox.

Keys begin with the engine's name and are docket's own; nothing but short ids goes into them. What docket does
otherwise than one would think, and what is done about it here:

- A key that is in use swallows `add`, also while its task runs. Wake-ups have keys of their own, so none is ever
  swallowed; a job asked for while the same one runs replaces it, which lets the running one finish, and is put
  off until it has.
- A task of unknown name is dropped. Here it is kept for a worker that knows it (rolling deploys).
- A worker waits for its tasks without end. Here it waits for a while, then they are cancelled; docket gives a
  cancelled one to another worker.
- Its periodic tasks stop for as long as the redelivery takes when their worker is killed. The sweep is a loop of
  each worker's own: what it looks at is shared out by the store.
"""

import asyncio
import logging
import os
import secrets
import socket
from collections.abc import AsyncGenerator, Awaitable, Callable, Generator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from docket import (
    CurrentExecution,
    Disposition,
    Docket,
    Execution,
    ExecutionState,
    ExponentialRetry,
    Retry,
    Worker,
)

from bot.adapters.redis_address import with_options
from bot.adapters.redis_client import translated
from bot.domain.errors import Outage
from bot.domain.ids import ThreadKey
from bot.services.ports import Job, Observer

T = TypeVar("T")

_THREAD: Final = "thread"
_JOB: Final = "job"
_REDELIVERY = timedelta(seconds=12)
_RECORDS_LIFETIME = timedelta(minutes=10)
_ALONE = timedelta(seconds=20)
_PUT_OFF = timedelta(milliseconds=250)
_UNKNOWN_DELAY = timedelta(seconds=5)
_CALL_TIMEOUT_S = 2.0
_CANCEL_TIMEOUT_S = 5.0
_MOST_ATTEMPTS = 10
_PENDING = frozenset({ExecutionState.SCHEDULED, ExecutionState.QUEUED})


@dataclass(frozen=True, slots=True)
class EngineHandlers:
    """What a worker does.

    Attributes:
        on_thread: Looks at a thread. What it raises is told and forgotten: the sweep comes again.
        on_job: Does a job. What it raises is told and the job tried again, during an outage for as long as
            that lasts, otherwise ten times.
        on_sweep: Looks for what was forgotten, every few seconds.
    """

    on_thread: Callable[[ThreadKey], Awaitable[None]]
    on_job: Callable[[Job], Awaitable[None]]
    on_sweep: Callable[[], Awaitable[None]]


class JobFailedError(Exception):
    """Tells docket to try again; the reason has been told to the observer."""


@asynccontextmanager
async def open_docket_engine(
    url: str,
    observer: Observer,
    *,
    name: str = "kostprobe:engine",
    concurrency: int = 64,
    sweep_every: timedelta = timedelta(seconds=5),
    drain: timedelta = timedelta(seconds=20),
) -> AsyncGenerator["DocketEngine"]:
    """Open the engine, for waking only or for working too.

    Args:
        url: Address of the Redis or Valkey, as `redis_address` writes it.
        observer: Is told what handlers raise.
        name: What its keys begin with; all processes that work together use the same.
        concurrency: Most threads and jobs at once in this process.
        sweep_every: Time between two sweeps.
        drain: How long running tasks may go on when the worker stops.
    """
    _quieten()
    options = {"max_connections": str(2 * concurrency + 50), "health_check_interval": "25"}
    async with Docket(name=name, url=with_options(url, options), execution_ttl=_RECORDS_LIFETIME) as docket:
        yield DocketEngine(docket, observer, concurrency, sweep_every, drain)


class DocketEngine:
    """An open engine; made by `open_docket_engine`."""

    def __init__(
        self, docket: Docket, observer: Observer, concurrency: int, sweep_every: timedelta, drain: timedelta
    ) -> None:
        self._docket = docket
        self._observer = observer
        self._concurrency = concurrency
        self._sweep_every = sweep_every
        self._drain = drain
        self._handlers: EngineHandlers | None = None
        self._running: set[asyncio.Task[Any]] = set()
        docket.register(self._look_at_thread, names=[_THREAD])
        docket.register(self._do_job, names=[_JOB])

    # ------------------------------------------------------------ the port

    async def wake(self, thread: ThreadKey) -> None:
        """Have some worker look at the thread soon; raise Outage when the store does not answer in time."""
        await _in_time(self._docket.add(_THREAD)(thread.wire))

    async def schedule(self, job: Job, at: datetime) -> None:
        """Have some worker do the job at that time, once; of two times for the same job the earlier counts.

        A job that is running just now is done again at that time.

        Raises:
            Outage: The store does not answer in time.
        """
        key = job.wire
        asked = await _in_time(self._docket.add(_JOB, when=at, key=key)(key))
        if asked.disposition is not Disposition.ALREADY_SCHEDULED:
            return
        known = await _in_time(self._docket.get_execution(key))
        if known is None or known.state not in _PENDING or known.when > at:
            await _in_time(self._docket.replace(_JOB, when=at, key=key)(key))

    # ------------------------------------------------------------ the worker

    async def run(self, handlers: EngineHandlers) -> None:
        """Work until cancelled; then take nothing more, let running tasks end for a while, and be cancelled.

        Cancelled a second time, it cancels them at once.
        """
        self._handlers = handlers
        stop = asyncio.Event()
        serving = asyncio.create_task(self._serve(stop), name="engine")
        try:
            await asyncio.shield(serving)
        except asyncio.CancelledError:
            stop.set()
            await self._leave(serving)
            raise

    async def workers(self) -> int:
        """Return how many workers have been seen lately; raise Outage when the store does not answer."""
        return len(await _in_time(self._docket.workers()))

    async def _serve(self, stop: asyncio.Event) -> None:
        async with Worker(
            self._docket,
            name=f"{socket.gethostname()}#{os.getpid()}#{secrets.token_hex(3)}",
            concurrency=self._concurrency,
            redelivery_timeout=_REDELIVERY,
            reconnection_delay=timedelta(seconds=1),
            minimum_check_interval=timedelta(milliseconds=50),
            fallback_task=self._keep_unknown,
        ) as worker:
            working = asyncio.create_task(worker.run_forever(), name="engine worker")
            sweeping = asyncio.create_task(self._sweep(), name="engine sweep")
            stopping = asyncio.create_task(stop.wait(), name="engine stop")
            try:
                await asyncio.wait({working, stopping}, return_when=asyncio.FIRST_COMPLETED)
            finally:
                sweeping.cancel()
                stopping.cancel()
        await working

    async def _leave(self, serving: "asyncio.Task[None]") -> None:
        try:
            await asyncio.wait({serving}, timeout=self._drain.total_seconds())
        except asyncio.CancelledError:
            self._observer.fact("engine_hurried")
        if not serving.done():
            self._observer.fact("engine_cancels", tasks=len(self._running))
            for task in self._running:
                task.cancel()
            await asyncio.wait({serving}, timeout=_CANCEL_TIMEOUT_S)
        if not serving.done():
            serving.cancel()
            await asyncio.wait({serving}, timeout=_CANCEL_TIMEOUT_S)
        if serving.done() and not serving.cancelled() and (error := serving.exception()) is not None:
            self._observer.fault("engine_failed", error)

    async def _sweep(self) -> None:
        assert self._handlers is not None  # noqa: S101 (set by run)
        while True:
            try:
                await self._handlers.on_sweep()
            except Exception as error:  # noqa: BLE001 (told; the next sweep comes)
                self._observer.fault("sweep_failed", error)
            await asyncio.sleep(self._sweep_every.total_seconds())

    # ------------------------------------------------------------ docket's tasks

    async def _look_at_thread(self, wire: str) -> None:
        assert self._handlers is not None  # noqa: S101 (set by run)
        with self._noted():
            try:
                await self._handlers.on_thread(ThreadKey.from_wire(wire))
            except Exception as error:  # noqa: BLE001 (told; the inbox still has the question)
                self._observer.fault("thread_failed", error)

    async def _do_job(
        self,
        wire: str,
        retry: Retry = ExponentialRetry.forever(  # noqa: B008 (docket reads the default)
            delay=timedelta(seconds=1), maximum_delay=timedelta(seconds=60)
        ),
    ) -> None:
        assert self._handlers is not None  # noqa: S101 (set by run)
        with self._noted():
            try:
                job = Job.from_wire(wire)
                async with self._alone(wire) as alone:
                    if alone:
                        await self._handlers.on_job(job)
                    else:
                        await self.schedule(job, datetime.now(UTC) + _PUT_OFF)
            except Exception as error:  # noqa: BLE001 (told; docket tries again)
                self._observer.fault("job_failed", error, attempt=retry.attempt)
                if not isinstance(error, Outage) and retry.attempt >= _MOST_ATTEMPTS:
                    return
                raise JobFailedError from None

    @asynccontextmanager
    async def _alone(self, wire: str) -> AsyncGenerator[bool]:
        """Say whether no other run of the same job is going on, and keep others out for a while."""
        key, token = self._docket.key(f"busy:{wire}"), secrets.token_hex(8).encode()
        async with self._docket.redis() as redis:
            alone = bool(await redis.set(key, token, nx=True, px=_ALONE))
            try:
                yield alone
            finally:
                if alone and await redis.get(key) == token:
                    await redis.delete(key)

    async def _keep_unknown(
        self,
        *_arguments: object,
        execution: Execution = CurrentExecution(),  # noqa: B008 (docket reads the default)
        retry: Retry = Retry(attempts=None, delay=_UNKNOWN_DELAY),  # noqa: ARG002, B008 (the same)
        **_named: object,
    ) -> None:
        self._observer.fact("task_unknown", task=execution.function_name)
        raise JobFailedError

    @contextmanager
    def _noted(self) -> Generator[None]:
        """Note the current task as running, so that leaving can cancel it."""
        task = asyncio.current_task()
        assert task is not None  # noqa: S101 (we are inside one)
        self._running.add(task)
        try:
            yield
        finally:
            self._running.discard(task)


async def _in_time(call: Awaitable[T]) -> T:
    """Wait for docket, which itself would wait for a server that hangs."""
    with translated():
        async with asyncio.timeout(_CALL_TIMEOUT_S):
            return await call


def _terse(record: logging.LogRecord) -> bool:
    """Drop the tracebacks that docket logs every second while the store is away."""
    if record.levelno < logging.ERROR or "heartbeat" in str(record.msg):
        record.exc_info = None
    return True


def _quieten() -> None:
    """Have docket log what an operator can act on: our own observer tells the rest."""
    logging.getLogger("docket").setLevel(logging.WARNING)
    logging.getLogger("docket.dependencies").setLevel(logging.CRITICAL)
    for name in ("docket.worker", "docket.strikelist"):
        logging.getLogger(name).addFilter(_terse)
