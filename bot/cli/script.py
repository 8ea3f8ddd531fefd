"""Scripted conversations: what people do in the local Slack, what they expect to see, and the transcript.

The language of the steps is explained at the head of `bot/cli/script_language.py`.
"""

import asyncio
import re
import shlex
import time
from collections.abc import Awaitable, Callable, Sequence

from bot.cli.playground import Stage
from bot.cli.script_acts import HOME, PATIENCE_SECONDS, POLL_SECONDS, Doing, missing
from bot.cli.script_language import KEYS, ScriptFault, Step, read_script
from bot.playground.slack import ControlRefused, Line

__all__ = ["Player", "ScriptFault", "Step", "read_script"]

_ACTLESS = frozenset({"expect", "find", "called", "note", "upload", "fill", "pick"})
"""Verbs that bring no message, so that what came before them is still new; `open` of a modal is one too."""


class Player(Doing):
    """Plays a script.

    Attributes:
        restart: Ends every process, starts all again and returns what is running then.
    """

    def __init__(
        self, stage: Stage, restart: Callable[[], Awaitable[Stage]], show: Callable[[str], None]
    ) -> None:
        super().__init__(stage, show)
        self.restart = restart
        self._since = "0"

    async def play(self, steps: Sequence[Step]) -> None:
        """Play every step; raise ScriptFault at the first that does not come out as expected."""
        for number, step in enumerate(steps, 1):
            try:
                await self._step(step)
            except (ScriptFault, ControlRefused) as fault:
                raise ScriptFault(f"Step {number}, {dict(step)}: {fault}") from None

    async def _step(self, step: Step) -> None:
        verb = next(verb for verb in KEYS if verb in step)
        if verb not in _ACTLESS and (verb != "open" or step[verb] == HOME):
            self._since = f"{time.time():.6f}"
        await getattr(self, f"_{verb}")(step)

    async def _expect(self, step: Step) -> None:
        line = await (self._kept_line(step) if "at" in step else self._new_line(step))
        if "never" in step and re.search(step["never"], line.text):
            raise ScriptFault(f"Found {step['never']!r} in: {line.text}")
        if "keep" in step:
            self.kept[step["keep"]] = line
        only = f" (only {step['to']} sees this)" if "to" in step else ""
        self.show(f"    {line.who}{only}: " + line.text.replace("\n", "\n        "))

    async def _new_line(self, step: Step) -> Line:
        known = [line.ts for line in self.kept.values()] if step.get("another") else []
        return await self.control.wait_message(
            await self._place(step),
            step["expect"],
            thread_ts=self._thread(step),
            after=self._since,
            viewer=step.get("to"),
            ephemeral="to" in step,
            buttons=step.get("buttons", ()),
            other_than=known,
            seconds=step.get("seconds", PATIENCE_SECONDS),
        )

    async def _kept_line(self, step: Step) -> Line:
        known = self.kept[step["at"]]
        end = time.monotonic() + step.get("seconds", PATIENCE_SECONDS)
        while True:
            line = await self._again(known.channel, known.ts, known.thread_ts, step.get("to"))
            lacking = missing(step, line)
            if re.search(step["expect"], line.text) and not lacking:
                return line
            if time.monotonic() > end:
                without = f" without {lacking}" if lacking else ""
                raise ScriptFault(f"Expected {step['expect']!r} in: {line.text}{without}")
            await asyncio.sleep(POLL_SECONDS)

    async def _find(self, step: Step) -> None:
        lines = await self.control.transcript(await self._place(step), viewer=step.get("as"))
        known = {line.ts for line in self.kept.values()}
        for line in lines:
            if line.ts not in known and re.search(step["find"], line.text):
                self.kept[step["keep"]] = line
                return
        there = "\n".join(f"{line.who}: {line.text}" for line in lines)
        raise ScriptFault(f"No message fits {step['find']!r} in:\n{there}")

    async def _called(self, step: Step) -> None:
        calls = await self.control.calls(step["called"])
        self.show(f"    ({step['called']}: {len(calls)} calls)")
        if not calls:
            raise ScriptFault("It was never called.")

    async def _restart(self, step: Step) -> None:
        self.show(f"    (restart: {step['restart']})")
        self.stage = await self.restart()

    async def _run(self, step: Step) -> None:
        self.show(f"    $ kostprobe {step['run']}")
        code, said = await self.stage.bot.beside(shlex.split(step["run"]))
        self.show("    " + said.strip().replace("\n", "\n    "))
        if code != step.get("code", 0):
            raise ScriptFault(f"It ended with {code}.")
        if not re.search(step.get("shows", ""), said):
            raise ScriptFault(f"Expected {step['shows']!r} in: {said}")

    async def _note(self, step: Step) -> None:
        self.show(f"\n{step['note']}")
