"""The bot as a process of its own, as `kostprobe serve` would run it."""

import asyncio
import os
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

STOP_SECONDS = 30
BESIDE_SECONDS = 60
_OURS = ("KOSTPROBE_", "SLACK_", "OPENAI_", "REDIS_URL")


@dataclass
class BotProcess:
    """The bot, as `kostprobe serve` would run it."""

    environment: Mapping[str, str]
    folder: Path
    _process: asyncio.subprocess.Process | None = field(default=None, init=False)

    @property
    def log(self) -> Path:
        """Where it writes its log."""
        return self.folder / "bot.log"

    @property
    def pid(self) -> int | None:
        """Its process id; None while it does not run."""
        return self._process.pid if self._process and self._process.returncode is None else None

    async def start(self) -> None:
        """Start it; what it says goes to its log."""
        with self.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                "-m",
                "bot",
                "serve",
                env={**_inherited(), **self.environment},
                cwd=self.folder,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    async def beside(self, arguments: Sequence[str]) -> tuple[int, str]:
        """Run another command of ours with the same settings; return its exit code and all that it says."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "bot",
            *arguments,
            env={**_inherited(), "COLUMNS": "200", **self.environment},
            cwd=self.folder,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            async with asyncio.timeout(BESIDE_SECONDS):
                said, _ = await process.communicate()
        except TimeoutError:
            process.kill()
            await process.wait()
            return 124, f"It did not end within {BESIDE_SECONDS} s."
        return process.returncode or 0, said.decode("utf-8", errors="replace")

    async def wait(self) -> int:
        """Wait until it ends; return its exit code."""
        if self._process is None:
            raise AssertionError("it was never started")
        return await self._process.wait()

    async def stop(self) -> None:
        """Ask it to leave, and wait until it has."""
        if self._process is not None and self._process.returncode is None:
            self._process.terminate()
            try:
                await asyncio.wait_for(self._process.wait(), STOP_SECONDS)
            except TimeoutError:
                self._process.kill()
                await self._process.wait()

    def last_words(self, lines: int = 15) -> str:
        """Return the end of its log."""
        with suppress(OSError):
            return "\n".join(self.log.read_text(encoding="utf-8", errors="replace").splitlines()[-lines:])
        return ""


class BotDied(Exception):
    """The bot ended by itself or never came up; the message says so, and how its log ends."""


def _inherited() -> dict[str, str]:
    """The environment without what is set for another bot of ours."""
    return {name: value for name, value in os.environ.items() if not name.upper().startswith(_OURS)}
