"""Scripted conversations: what people do in the local Slack, what they expect to see, and the transcript.

A script is a YAML list; each step is one mapping whose first key says what it is:

- `say: TEXT`, `as: PERSON`, `in: CHANNEL`; in a thread with `thread: NAME`; `keep: NAME` remembers the message
- `command: TEXT`, `as:`, `in:`
- `press: LABEL`, `as:`, `at: NAME` (a message kept before)
- `delete: NAME`, `as:`
- `expect: REGEX`, `in:`; `thread: NAME`; `to: PERSON` for what only that person sees; `never: REGEX` that it must
  not hold; `keep: NAME`; `seconds: N` to wait
- `at: NAME, expect: REGEX`: the kept message itself, as it is by then
- `restart: all`: every process ends and starts again on the same data
- `note: TEXT`: printed
"""

import asyncio
import re
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.cli.playground import Stage
from bot.playground.slack import Line, WaitTimeout

PATIENCE_SECONDS = 90.0
_POLL_SECONDS = 0.1
_VERBS = ("say", "command", "press", "delete", "expect", "restart", "note")


class ScriptFault(Exception):
    """The script is not one, or what happened is not what it expects."""


Step = Mapping[str, Any]


def read_script(path: Path) -> list[Step]:
    """Read a script; raise ScriptFault when a step is none."""
    steps = yaml.safe_load(path.read_text(encoding="utf-8"))
    if not isinstance(steps, list):
        raise ScriptFault(f"{path}: a script is a list of steps.")
    for number, step in enumerate(steps, 1):
        if not isinstance(step, dict) or not any(verb in step for verb in _VERBS):
            raise ScriptFault(f"{path}, step {number}: a step needs one of {', '.join(_VERBS)}.")
    return steps


@dataclass
class Player:
    """Plays a script.

    Attributes:
        stage: What is running.
        restart: Ends every process, starts all again and returns what is running then.
        show: Takes a line of the transcript.
        kept: Messages by the names that the script gave them.
    """

    stage: Stage
    restart: Callable[[], Awaitable[Stage]]
    show: Callable[[str], None]
    kept: dict[str, Line] = field(default_factory=dict)
    _since: str = "0"

    async def play(self, steps: Sequence[Step]) -> None:
        """Play every step; raise ScriptFault at the first that does not come out as expected."""
        for number, step in enumerate(steps, 1):
            try:
                await self._step(step)
            except (WaitTimeout, LookupError) as fault:
                raise ScriptFault(f"Step {number}, {dict(step)}: {fault}") from None

    async def _step(self, step: Step) -> None:
        verb = next(verb for verb in _VERBS if verb in step)
        if verb != "expect":
            self._since = f"{time.time():.6f}"
        await getattr(self, f"_{verb}")(step)

    async def _say(self, step: Step) -> None:
        control = self.stage.slack.control
        thread = self._thread(step)
        self.show(f"#{step['in']}  {step['as']}: {step['say']}")
        ts = await control.say(step["as"], step["in"], step["say"], thread_ts=thread)
        if "keep" in step:
            self.kept[step["keep"]] = await self._again(step["in"], ts, thread)

    async def _command(self, step: Step) -> None:
        self.show(f"#{step['in']}  {step['as']}: {step['command']}")
        taken = await self.stage.slack.control.command(step["as"], step["in"], step["command"])
        if not taken.acked:
            raise ScriptFault(f"The command was not acknowledged: {taken.error}.")

    async def _press(self, step: Step) -> None:
        line = self.kept[step["at"]]
        line = await self._again(line.channel, line.ts, line.thread_ts, step["as"])
        self.show(f"    {step['as']} presses [{step['press']}]")
        taken = await self.stage.slack.control.press(step["as"], line, step["press"])
        if not taken.acked:
            raise ScriptFault(f"The click was not acknowledged: {taken.error}.")

    async def _delete(self, step: Step) -> None:
        line = self.kept[step["delete"]]
        self.show(f"    {step['as']} deletes a message")
        await self.stage.slack.control.delete(step["as"], line.channel, line.ts)

    async def _expect(self, step: Step) -> None:
        line = await (self._kept_line(step) if "at" in step else self._new_line(step))
        if "never" in step and re.search(step["never"], line.text):
            raise ScriptFault(f"Found {step['never']!r} in: {line.text}")
        if "keep" in step:
            self.kept[step["keep"]] = line
        only = f" (only {step['to']} sees this)" if "to" in step else ""
        self.show(f"    {line.who}{only}: " + line.text.replace("\n", "\n        "))

    async def _new_line(self, step: Step) -> Line:
        return await self.stage.slack.control.wait_message(
            step["in"],
            step["expect"],
            thread_ts=self._thread(step),
            after=self._since,
            viewer=step.get("to"),
            ephemeral="to" in step,
            seconds=step.get("seconds", PATIENCE_SECONDS),
        )

    async def _kept_line(self, step: Step) -> Line:
        known = self.kept[step["at"]]
        end = time.monotonic() + step.get("seconds", PATIENCE_SECONDS)
        while True:
            line = await self._again(known.channel, known.ts, known.thread_ts)
            if re.search(step["expect"], line.text):
                return line
            if time.monotonic() > end:
                raise ScriptFault(f"Expected {step['expect']!r} in: {line.text}")
            await asyncio.sleep(_POLL_SECONDS)

    async def _restart(self, step: Step) -> None:
        self.show(f"    (restart: {step['restart']})")
        self.stage = await self.restart()

    async def _note(self, step: Step) -> None:
        self.show(f"\n{step['note']}")

    def _thread(self, step: Step) -> str | None:
        if "thread" not in step:
            return None
        line = self.kept[step["thread"]]
        return line.thread_ts or line.ts

    async def _again(self, channel: str, ts: str, thread: str | None, viewer: str | None = None) -> Line:
        lines = await self.stage.slack.control.transcript(channel, thread_ts=thread, viewer=viewer)
        for line in lines:
            if line.ts == ts:
                return line
        raise LookupError(f"the message {ts} is not there any more")
