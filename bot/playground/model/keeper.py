"""Keeps one model server running with the adapters that lie in a folder, and none of its requests cut."""

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from bot.playground.model import llama
from bot.playground.model.adapters import Adapter, AdapterFolder
from bot.playground.model.child import Child, ModelServerError

Progress = Callable[[str], None]
"""Receives one short English line for each thing worth telling the person who waits."""

_CALM_SECONDS = 60.0
"""A server that ran this long before it crashed gets its full number of restarts back."""

_PAUSE_SECONDS = 0.1
"""Before the first restart; the second waits twice as long, and so on."""

_LOOK_SECONDS = 2.0
"""Between two looks into the folder that nobody asked for."""

DRAIN_SECONDS = 60.0
"""How long the requests of a process that has a successor may go on."""


@dataclass(slots=True)
class ModelServer:
    """The running server. Address and model stay the same through restarts.

    Attributes:
        base_url: Where the OpenAI-compatible API is, ending in ``/v1``. Any API key will do.
        model: The id of the base model.
        pid: llama.cpp's process at this moment; None while it is being restarted and after the last crash.
        restarts: How often it crashed and was started again.
        adapters: The ids of the adapters that are served beside the base model.
    """

    base_url: str = ""
    model: str = ""
    pid: int | None = None
    restarts: int = 0
    adapters: tuple[str, ...] = ()


@dataclass(slots=True, eq=False)
class Upstream:
    """One run of llama.cpp with the adapters that it has.

    Attributes:
        child: Its process.
        adapters: What it has loaded.
        positions: Where, by id.
        idle: Set while no request is under way.
    """

    child: Child
    adapters: tuple[Adapter, ...]
    positions: Mapping[str, int]
    idle: asyncio.Event = field(default_factory=asyncio.Event)
    _under_way: int = 0

    def __post_init__(self) -> None:
        self.idle.set()

    def serves(self, model: str) -> bool:
        """Whether it has this model."""
        return model == self.child.model or model in self.positions

    @contextmanager
    def held(self) -> Generator[None]:
        """Count a request as under way."""
        self._under_way += 1
        self.idle.clear()
        try:
            yield
        finally:
            self._under_way -= 1
            if not self._under_way:
                self.idle.set()


class _Refused(Exception):
    """Adapters that cannot be served, by id, and why."""

    def __init__(self, why: Mapping[str, str]) -> None:
        super().__init__(why)
        self.why = why


@dataclass(slots=True, kw_only=True)
class Keeper:
    """Starts, replaces and mends the process.

    Attributes:
        server: What others see; kept up to date.
        command: The program to run.
        folder: Where adapters lie; None serves none.
        session: For the few questions of our own.
        tell: Told what is going on.
        warn: Told what went wrong.
        start_timeout_seconds: How long loading may take.
        max_restarts: Crashes in a row after which it is left alone.
    """

    server: ModelServer
    command: Sequence[str]
    folder: AdapterFolder | None
    session: aiohttp.ClientSession
    tell: Progress
    warn: Progress
    start_timeout_seconds: float
    max_restarts: int
    _now: Upstream | None = None
    _ready: asyncio.Event = field(default_factory=asyncio.Event)
    _turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _alive: set[Child] = field(default_factory=set)
    _tasks: set[asyncio.Task[None]] = field(default_factory=set)
    _proven: set[str] = field(default_factory=set)
    _refused: set[str] = field(default_factory=set)
    _failed: tuple[Adapter, ...] | None = None
    _crashes: int = 0

    async def open(self) -> None:
        """Start the first process, with whatever adapters work.

        Raises:
            ModelServerError: It does not even work without any.
        """
        async with self._turn:
            self._use(await self._start(await self._wanted()))
        if self.folder is not None:
            _ = self._spawn(self._look_now_and_then())

    async def close(self) -> None:
        """End whatever runs."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self.server.pid = None
        await asyncio.gather(*(child.stop() for child in self._alive))

    async def refresh(self) -> None:
        """Look into the folder and return when what lies there is served; what cannot be was told."""
        if self.folder is not None:
            await asyncio.shield(self._spawn(self._refresh()))  # a client that goes away ends no start

    @asynccontextmanager
    async def hold(self) -> AsyncGenerator[Upstream]:
        """Give the process that answers now, and let it live until the request is done.

        Raises:
            ModelServerError: There is none, and there will be none soon.
        """
        try:
            async with asyncio.timeout(self.start_timeout_seconds):
                await self._ready.wait()
        except TimeoutError:
            raise ModelServerError("The model server is being started again; try later.") from None
        if self._now is None:
            raise ModelServerError("The model server ended too often and is left alone.")
        with self._now.held():
            yield self._now

    async def _look_now_and_then(self) -> None:
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            await self._refresh()

    async def _refresh(self) -> None:
        async with self._turn:
            now = self._now
            if now is None or (wanted := await self._wanted()) == self._failed:
                return
            self._failed = None
            if wanted == now.adapters:
                return
            try:
                fresh = await self._start(wanted, now)
            except llama.NoAnswerYetError as error:
                self.warn(f"the adapters stay as they are for now: {error}")
                return
            except (ModelServerError, OSError) as error:
                self.warn(f"the adapters stay as they are: {error}")
                self._failed = wanted
                return
            if fresh is not now:
                self._use(fresh)
                _ = self._spawn(self._retire(now))

    async def _wanted(self) -> tuple[Adapter, ...]:
        if self.folder is None:
            return ()
        look = await asyncio.to_thread(self.folder.look)
        for complaint in look.complaints:
            self.warn(complaint)
        self._refused &= {adapter.id for adapter in look.adapters}  # put there anew, it gets another chance
        return self._accepted(look.adapters)

    def _accepted(self, adapters: Sequence[Adapter]) -> tuple[Adapter, ...]:
        return tuple(adapter for adapter in adapters if adapter.id not in self._refused)

    async def _start(self, adapters: tuple[Adapter, ...], now: Upstream | None = None) -> Upstream:
        """Start a process with those of the adapters that work; return `now` when it has just these.

        Raises:
            ModelServerError: It does not start for another reason.
        """
        while now is None or adapters != now.adapters:
            try:
                return await self._try(adapters)
            except _Refused as refused:
                for name, why in refused.why.items():
                    self.warn(f"the adapter {name} is not served: {why}")
                self._refused |= set(refused.why)
                adapters = self._accepted(adapters)
        return now

    async def _try(self, adapters: tuple[Adapter, ...]) -> Upstream:
        """Start a process with all of the adapters.

        Raises:
            _Refused: Some cannot be served.
            ModelServerError: It does not start, for no reason that lies in them.
        """
        unproven = [adapter for adapter in adapters if adapter.id not in self._proven]
        try:
            child = await self._child(adapters)
        except ModelServerError as error:
            why = llama.refused_in(error.last_lines, adapters) or await self._culprits(adapters, unproven)
            raise _Refused(why) if why else error from None
        try:
            positions = await llama.positions(self.session, child, adapters)
            await self._prove(child, unproven, positions)
        except BaseException:
            await self._end(child)
            raise
        return Upstream(child, adapters, positions)

    async def _prove(self, child: Child, unproven: Sequence[Adapter], positions: Mapping[str, int]) -> None:
        for adapter in unproven:
            try:
                fault = await llama.fault_of(self.session, child, adapter, positions)
            except llama.NoAnswerYetError:
                raise
            except ModelServerError:
                fault = "the model server ends when it is asked"
            if fault:
                raise _Refused({adapter.id: fault})
            self._proven.add(adapter.id)

    async def _culprits(self, adapters: Sequence[Adapter], unproven: Sequence[Adapter]) -> dict[str, str]:
        """Say which adapters end a process that has only one of them; all new ones where that is only one."""
        if len(adapters) <= 1:
            return {adapter.id: "the model server does not start with it" for adapter in unproven}
        why = {}
        for adapter in unproven:
            try:
                await self._end(await self._child([adapter]))
            except ModelServerError:
                why[adapter.id] = "the model server does not start with it"
        return why

    async def _child(self, adapters: Sequence[Adapter]) -> Child:
        paths = [adapter.path for adapter in adapters]
        child = await Child.start(self.command, adapters=paths, timeout_seconds=self.start_timeout_seconds)
        self._alive.add(child)
        return child

    async def _end(self, child: Child) -> None:
        await child.stop()
        self._alive.discard(child)

    def _use(self, fresh: Upstream) -> None:
        """Send requests there from now on."""
        before, ids = self.server.adapters, tuple(fresh.positions)
        self._failed = None
        self._now, self.server.pid, self.server.model = fresh, fresh.child.process.pid, fresh.child.model
        self.server.adapters = ids
        for name in ids:
            if name not in before:
                self.tell(f"the adapter {name} is served")
        for name in before:
            if name not in ids:
                self.tell(f"the adapter {name} is no longer served")
        self._ready.set()
        _ = self._spawn(self._watch(fresh))

    async def _retire(self, old: Upstream) -> None:
        """End a process that has a successor, when its requests are done."""
        try:
            async with asyncio.timeout(DRAIN_SECONDS):
                await old.idle.wait()
        except TimeoutError:
            self.warn(f"requests under way for more than {DRAIN_SECONDS:g} s were cut for new adapters")
        await self._end(old.child)

    async def _watch(self, upstream: Upstream) -> None:
        """Wait for the end of a process; mend it unless it has a successor."""
        clock = asyncio.get_running_loop().time
        began = clock()
        code = await upstream.child.process.wait()
        if upstream is self._now:
            self._ready.clear()
            self.server.pid = None
        async with self._turn:
            if upstream is self._now:
                await self._end(upstream.child)
                if clock() - began > _CALM_SECONDS:
                    self._crashes = 0
                await self._mend(code)

    async def _mend(self, code: int) -> None:
        while True:
            self._crashes += 1
            if self._crashes > self.max_restarts:
                self._now = None
                self._ready.set()  # for those who wait: they are told
                self.warn(
                    f"the model server ended ({code}) and is left alone after {self.max_restarts} restarts"
                )
                return
            self.warn(f"the model server ended unexpectedly ({code}) and is started again")
            await asyncio.sleep(_PAUSE_SECONDS * self._crashes)
            try:
                fresh = await self._start(await self._wanted())
            except (ModelServerError, OSError) as error:
                self.warn(str(error))
                continue
            self.server.restarts += 1
            self._use(fresh)
            self.tell(f"the model server is back after {fresh.child.start_seconds:.1f} s")
            return

    def _spawn(self, doing: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(doing, name="model-server")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
