"""One run of the model server's process, from its start until it is gone."""

import asyncio
import contextlib
import json
import os
from collections import deque
from collections.abc import AsyncGenerator, Coroutine, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Self

from bot.playground.model.weights import MODEL_ID

_TAIL_LINES = 20
_LONGEST_LINE_BYTES = 1024 * 1024
_STOP_SECONDS = 3.0


class ModelServerError(Exception):
    """The model server did not become ready.

    Attributes:
        last_lines: What it wrote to stderr at the end, at most 20 lines; empty when it said nothing.
    """

    def __init__(self, message: str, last_lines: Sequence[str] = ()) -> None:
        super().__init__("\n".join([message, *last_lines]))
        self.last_lines = tuple(last_lines)


@dataclass(slots=True, eq=False)
class Child:
    """The process and what it said. Both its outputs are read all the time, so that it never blocks on them."""

    process: asyncio.subprocess.Process
    address: str = ""
    model: str = MODEL_ID
    start_seconds: float = 0.0
    _tail: deque[str] = field(default_factory=lambda: deque(maxlen=_TAIL_LINES))
    _readers: list[asyncio.Task[None]] = field(default_factory=list)

    @classmethod
    async def start(
        cls, command: Sequence[str], *, adapters: Sequence[Path] = (), timeout_seconds: float
    ) -> Self:
        """Start the process and return when it says that it is ready.

        Args:
            command: The program and its first arguments.
            adapters: The LoRA adapters that it has to load.
            timeout_seconds: How long it may take.

        Raises:
            ModelServerError: It ended, or was not ready in time.
        """
        clock = asyncio.get_running_loop().time
        began = clock()
        process = await asyncio.create_subprocess_exec(
            *command,
            "--port=0",
            f"--parent-pid={os.getpid()}",
            *(f"--lora={path}" for path in adapters),
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.PIPE,
            limit=_LONGEST_LINE_BYTES,
            start_new_session=True,  # a Ctrl-C is for the bot, which ends this process when nobody asks any more
        )
        child = cls(process)
        child._read(child._keep_tail())
        try:
            async with asyncio.timeout(timeout_seconds):
                await child._wait_until_ready()
        except TimeoutError:
            await child.stop()
            message = f"The model server was not ready after {timeout_seconds:g} s."
            raise ModelServerError(message, child._tail) from None
        except BaseException:
            await child.stop()
            raise
        child._read(child._drain_stdout())
        child.start_seconds = clock() - began
        return child

    async def stop(self) -> None:
        """End the process, at first politely; return when it is gone. Does nothing the second time."""
        if self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                self.process.terminate()
            try:
                async with asyncio.timeout(_STOP_SECONDS):
                    await self.process.wait()
            except TimeoutError:
                with contextlib.suppress(ProcessLookupError):
                    self.process.kill()
                await self.process.wait()
        for reader in self._readers:
            reader.cancel()
        await asyncio.gather(*self._readers, return_exceptions=True)

    def _read(self, reading: Coroutine[Any, Any, None]) -> None:
        self._readers.append(asyncio.create_task(reading, name="model-server-output"))

    async def _wait_until_ready(self) -> None:
        async for line in _lines(self.process.stdout):
            if line.startswith(b'{"address"'):
                ready = json.loads(line)
                self.address, self.model = ready["address"], ready["model"]
                return
        code = await self.process.wait()
        await asyncio.gather(*self._readers, return_exceptions=True)
        raise ModelServerError(f"The model server ended with code {code} before it was ready.", self._tail)

    async def _keep_tail(self) -> None:
        async for line in _lines(self.process.stderr):
            self._tail.append(line.decode(errors="replace").rstrip())

    async def _drain_stdout(self) -> None:
        async for _line in _lines(self.process.stdout):
            pass


async def _lines(stream: asyncio.StreamReader | None) -> AsyncGenerator[bytes]:
    while stream is not None and (line := await stream.readline()):
        yield line
