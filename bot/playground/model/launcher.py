"""Starts the model server in a process of its own, watches it, starts it again after a crash, and ends it."""

import asyncio
import sys
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from bot.playground.model.child import Child, ModelServerError
from bot.playground.model.weights import find_weights

__all__ = ["ModelServer", "ModelServerError", "Progress", "open_model_server"]

Progress = Callable[[str], None]
"""Receives one short English line for each thing worth telling the person who waits."""

SERVER_COMMAND = (sys.executable, "-m", "bot.playground.model")

_CALM_SECONDS = 60.0
"""A server that ran this long before it crashed gets its full number of restarts back."""

_PAUSE_SECONDS = 0.1
"""Before the first restart; the second waits twice as long, and so on."""


@dataclass(slots=True)
class ModelServer:
    """The running server. Address and model stay the same through restarts.

    Attributes:
        base_url: Where the OpenAI-compatible API is, ending in ``/v1``. Any API key will do.
        model: The model id to ask for.
        pid: The process at this moment; None while it is being restarted and after the last crash.
        restarts: How often it crashed and was started again.
    """

    base_url: str
    model: str
    pid: int | None
    restarts: int = 0


@asynccontextmanager
async def open_model_server(
    *,
    progress: Progress | None = None,
    start_timeout_seconds: float = 60.0,
    max_restarts: int = 3,
    command: Sequence[str] = SERVER_COMMAND,
) -> AsyncGenerator[ModelServer]:
    """Start the server, wait until it answers, keep it running, and end it on leaving.

    Args:
        progress: Told what is going on; None tells nobody.
        start_timeout_seconds: How long loading may take.
        max_restarts: Crashes in a row after which it is left alone; a minute without one forgives them.
        command: The program to run; another than the default only in tests.

    Raises:
        ModelServerError: It ended, or was not ready in time. Only on entering: later failures go to ``progress``.
        WeightsNotFoundError: The model file is not installed.
    """
    tell = progress or _tell_nobody
    if command == SERVER_COMMAND:
        weights = find_weights()
        tell(f"loading the model {weights.stem} ({weights.stat().st_size / 1e6:.0f} MB)")
    child = await Child.start(command, port=0, timeout_seconds=start_timeout_seconds)
    server = ModelServer(base_url=f"{child.address}/v1", model=child.model, pid=child.process.pid)
    tell(f"the model {server.model} answers at {server.base_url} after {child.start_seconds:.1f} s")
    keeper = _Keeper(server, child, command, tell, start_timeout_seconds, max_restarts)
    watching = asyncio.create_task(keeper.watch(), name="model-server-watch")
    try:
        yield server
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
        server.pid = None
        await keeper.child.stop()


@dataclass(slots=True)
class _Keeper:
    """Starts a crashed server again, at the same port."""

    server: ModelServer
    child: Child
    command: Sequence[str]
    tell: Progress
    start_timeout_seconds: float
    max_restarts: int

    async def watch(self) -> None:
        """Wait for crashes until there were too many of them."""
        clock = asyncio.get_running_loop().time
        crashes = 0
        while True:
            began = clock()
            code = await self.child.process.wait()
            self.server.pid = None
            crashes = 1 if clock() - began > _CALM_SECONDS else crashes + 1
            if crashes > self.max_restarts:
                self.tell(
                    f"the model server ended ({code}) and is left alone after {self.max_restarts} restarts"
                )
                return
            self.tell(f"the model server ended unexpectedly ({code}) and is started again")
            await asyncio.sleep(_PAUSE_SECONDS * crashes)
            await self._start_again()

    async def _start_again(self) -> None:
        await self.child.stop()
        try:
            self.child = await Child.start(
                self.command,
                port=self.child.port,
                timeout_seconds=self.start_timeout_seconds,
            )
        except (ModelServerError, OSError) as error:
            self.tell(str(error))
            return  # the dead child stays, so that the next look counts one more crash
        self.server.pid = self.child.process.pid
        self.server.restarts += 1
        self.tell(f"the model server is back after {self.child.start_seconds:.1f} s")


def _tell_nobody(_line: str) -> None:
    """Stand in when nobody wants to know."""
