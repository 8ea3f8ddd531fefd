"""The process that trains: started with low priority, read line by line, ended by request, by time or with us.

It has a session of its own, so that Ctrl-C reaches us first, and its stdin is a pipe that nobody writes to: it ends
when that closes, and so with us, however we came to our end.
"""

import asyncio
import contextlib
import json
import os
import signal
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncGenerator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path
from typing import Any

NICE = 10
GRACE_S = 5.0
"""Between the request to end and the end by force."""
_PIECE = 65_536
_LONGEST_LINE = 65_536
_LONGEST_TAIL = 8_192


class Ended(StrEnum):
    """Who ended a process before its time."""

    CANCELLED = "cancelled"
    TIME_LIMIT = "time_limit"


@dataclass
class TuningChild:
    """A process that trains.

    Attributes:
        process: It.
        seconds: How long it may take.
        stop: Set when it is to end.
        ended: Who ended it; None when it did so itself.
        tail: The end of what it wrote to stderr.
    """

    process: Process
    seconds: float
    stop: asyncio.Event
    ended: Ended | None = None
    tail: bytes = b""
    _helpers: list[asyncio.Task[None]] = field(default_factory=list)

    @classmethod
    async def start(
        cls,
        command: Sequence[str],
        *,
        env: Mapping[str, str],
        folder: Path,
        lock: int,
        seconds: float,
        stop: asyncio.Event,
    ) -> "TuningChild":
        """Start it.

        Args:
            command: The program and its arguments.
            env: Its whole environment.
            folder: Where it runs.
            lock: A descriptor that it holds open, too.
            seconds: How long it may take.
            stop: Set when it is to end.

        Raises:
            OSError: It cannot be started.
        """
        process = await asyncio.create_subprocess_exec(
            *command,
            stdin=PIPE,
            stdout=PIPE,
            stderr=PIPE,
            env=dict(env),
            cwd=folder,
            pass_fds=(lock,),
            start_new_session=True,
        )
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.setpriority(os.PRIO_PROCESS, process.pid, NICE)
        child = cls(process, seconds, stop)
        child._helpers = [asyncio.create_task(child._watch()), asyncio.create_task(child._listen())]
        return child

    async def said(self) -> AsyncGenerator[Mapping[str, Any]]:
        """Yield each JSON object that it writes to stdout, a line each; what else stands there is left out."""
        rest = b""
        while piece := await _read(self.process.stdout):
            *lines, rest = (rest + piece).split(b"\n")
            for line in lines:
                if (value := _object(line)) is not None:
                    yield value
            rest = rest[-_LONGEST_LINE:]
        if (value := _object(rest)) is not None:
            yield value

    async def code(self) -> int:
        """Wait for its end and return its exit code, of a signal the negative."""
        code = await self.process.wait()
        await asyncio.wait(self._helpers)
        return code

    async def close(self) -> None:
        """End it by force, if it is still there."""
        self._kill()
        await self.process.wait()
        for helper in self._helpers:
            helper.cancel()
        await asyncio.wait(self._helpers)

    async def _watch(self) -> None:
        """End it when somebody wants that or its time is up; what it leaves behind ends with it."""
        stop = asyncio.create_task(self.stop.wait())
        exited = asyncio.create_task(self.process.wait())
        try:
            await asyncio.wait({stop, exited}, timeout=self.seconds, return_when=asyncio.FIRST_COMPLETED)
            if not exited.done():
                self.ended = Ended.CANCELLED if stop.done() else Ended.TIME_LIMIT
                self._signal(signal.SIGTERM)
                await asyncio.wait({exited}, timeout=GRACE_S)
            self._kill()
            await exited
        finally:
            stop.cancel()
            exited.cancel()

    async def _listen(self) -> None:
        while piece := await _read(self.process.stderr):
            self.tail = (self.tail + piece)[-_LONGEST_TAIL:]

    def _kill(self) -> None:
        self._signal(signal.SIGKILL)

    def _signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, number)


async def _read(pipe: asyncio.StreamReader | None) -> bytes:
    return await pipe.read(_PIECE) if pipe is not None else b""


def _object(line: bytes) -> Mapping[str, Any] | None:
    try:
        value = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
