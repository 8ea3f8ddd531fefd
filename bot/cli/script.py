"""Scripted conversations: what people do in the local Slack, what they expect to see, and the transcript.

A script is a YAML list; each step is one mapping whose first key says what it is:

- `say: TEXT`, `as: PERSON`, `in: CHANNEL`; in a thread with `thread: NAME`; `keep: NAME` remembers the message
- `command: TEXT`, `as:`, `in:`
- `press: LABEL`, `as:`, `at: NAME` (a message kept before)
- `delete: NAME`, `as:`
- `open: TITLE`, `as:`: the modal of that title is on the person's screen; `open: home` opens App Home; `shows: REGEX`
- `fill: VALUE`, `field: ACTION`, `as:`: types or chooses in a field of the modal, by its action id
- `submit: LABEL`, `as:`: sends the modal, by its button; `error: REGEX` is then said at a field, else it is taken
- `expect: REGEX`, `in:`; `thread: NAME`; `to: PERSON` for what only that person sees; `never: REGEX` that it must
  not hold; `keep: NAME`; `seconds: N` to wait
- `at: NAME, expect: REGEX`: the kept message itself, as it is by then
- `called: METHOD`: the bot has called a method of Slack's Web API, such as `chat.startStream`
- `restart: all`: every process ends and starts again on the same data
- `run: ARGUMENTS`: `kostprobe ARGUMENTS` beside the bot, with its settings; `shows: REGEX`, `code: N` (0 unless told)
- `note: TEXT`: printed
"""

import asyncio
import re
import shlex
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from bot.cli.playground import Stage
from bot.playground.slack import ControlRefused, Line, Screen, Taken

PATIENCE_SECONDS = 90.0
_POLL_SECONDS = 0.1
_HOME = "home"
_KEYS: Mapping[str, tuple[frozenset[str], frozenset[str]]] = {
    "say": (frozenset({"as", "in"}), frozenset({"thread", "keep"})),
    "command": (frozenset({"as", "in"}), frozenset()),
    "press": (frozenset({"as", "at"}), frozenset()),
    "delete": (frozenset({"as"}), frozenset()),
    "open": (frozenset({"as"}), frozenset({"shows", "seconds"})),
    "fill": (frozenset({"as", "field"}), frozenset()),
    "submit": (frozenset({"as"}), frozenset({"error"})),
    "expect": (frozenset(), frozenset({"in", "at", "thread", "to", "never", "keep", "seconds"})),
    "called": (frozenset(), frozenset()),
    "restart": (frozenset(), frozenset()),
    "run": (frozenset(), frozenset({"shows", "code"})),
    "note": (frozenset(), frozenset()),
}
"""For each verb the keys that it needs beside its own, and those that it may have."""
_REFERENCES = ("at", "thread", "delete")
"""Keys whose value is the name of a message kept before."""


class ScriptFault(Exception):
    """The script is not one, or what happened is not what it expects."""


Step = Mapping[str, Any]


def read_script(path: Path) -> list[Step]:
    """Read a script; raise ScriptFault, with file and step, when it is none."""
    try:
        steps = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (yaml.YAMLError, UnicodeDecodeError) as error:
        raise ScriptFault(f"{path}: this is not YAML: {error}") from None
    if not isinstance(steps, list):
        raise ScriptFault(f"{path}: a script is a list of steps.")
    kept: set[str] = set()
    for number, step in enumerate(steps, 1):
        if wrong := _wrong(step, kept):
            raise ScriptFault(f"{path}, step {number}: {wrong}")
        kept |= {step["keep"]} if "keep" in step else set()
    return steps


def _wrong(step: object, kept: set[str]) -> str | None:
    """Say what is wrong with a step, given the names of what is kept before it; None when nothing is."""
    verbs = [verb for verb in _KEYS if isinstance(step, dict) and verb in step]
    if not isinstance(step, dict) or len(verbs) != 1:
        return f"a step needs one of {', '.join(_KEYS)}, and not two."
    needed, allowed = _KEYS[verbs[0]]
    if missing := sorted(needed - step.keys()):
        return f"`{verbs[0]}` needs `{'` and `'.join(missing)}` too."
    if verbs[0] == "expect" and ("in" in step) is ("at" in step):
        return "`expect` needs either `in` or `at` too."
    if unknown := sorted(str(key) for key in step.keys() - needed - allowed - {verbs[0]}):
        return f"`{verbs[0]}` has no `{unknown[0]}`."
    return _wrong_values(step, kept)


def _wrong_values(step: Step, kept: set[str]) -> str | None:
    for key, value in step.items():
        if key in {"seconds", "code"}:
            if not isinstance(value, int | float):
                return f"`{key}` needs a number."
        elif not isinstance(value, str):
            return f"`{key}` needs a text; put it in quotes."
        elif key in _REFERENCES and value not in kept:
            return f"no message was kept as `{value}` before this step."
        elif key in {"expect", "never", "shows", "error"} and (unfit := _unfit(value)):
            return f"`{key}` is no regular expression: {unfit}."
    return None


def _unfit(pattern: str) -> str | None:
    try:
        re.compile(pattern)
    except re.error as error:
        return str(error)
    return None


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
    _filled: dict[str, dict[str, str]] = field(default_factory=dict)

    async def play(self, steps: Sequence[Step]) -> None:
        """Play every step; raise ScriptFault at the first that does not come out as expected."""
        for number, step in enumerate(steps, 1):
            try:
                await self._step(step)
            except (ScriptFault, ControlRefused) as fault:
                raise ScriptFault(f"Step {number}, {dict(step)}: {fault}") from None

    async def _step(self, step: Step) -> None:
        verb = next(verb for verb in _KEYS if verb in step)
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
        _acknowledged(await self.stage.slack.control.command(step["as"], step["in"], step["command"]))

    async def _press(self, step: Step) -> None:
        line = self.kept[step["at"]]
        line = await self._again(line.channel, line.ts, line.thread_ts, step["as"])
        self.show(f"    {step['as']} presses [{step['press']}]")
        try:
            _acknowledged(await self.stage.slack.control.press(step["as"], line, step["press"]))
        except LookupError as fault:
            raise ScriptFault(str(fault.args[0])) from None

    async def _delete(self, step: Step) -> None:
        line = self.kept[step["delete"]]
        self.show(f"    {step['as']} deletes a message")
        await self.stage.slack.control.delete(step["as"], line.channel, line.ts)

    async def _open(self, step: Step) -> None:
        control, person = self.stage.slack.control, step["as"]
        end = time.monotonic() + step.get("seconds", PATIENCE_SECONDS)
        if step["open"] == _HOME:
            await control.open_home(person)
        while True:
            screen = await self._screen(person, step["open"])
            if screen and re.search(step.get("shows", ""), screen.text):
                break
            if time.monotonic() > end:
                there = screen.text if screen else "nothing of that title is on the screen"
                raise ScriptFault(f"Expected {step.get('shows', step['open'])!r} in: {there}")
            await asyncio.sleep(_POLL_SECONDS)
        self.show(f"    {person} sees [{screen.title or step['open']}]: {screen.text.splitlines()[0]} ...")

    async def _screen(self, person: str, title: str) -> Screen | None:
        control = self.stage.slack.control
        if title == _HOME:
            return await control.home(person)
        return next((screen for screen in await control.modals(person) if screen.title == title), None)

    async def _fill(self, step: Step) -> None:
        self.show(f"    {step['as']} fills in {step['field']}: {step['fill']}")
        self._filled.setdefault(step["as"], {})[step["field"]] = step["fill"]

    async def _submit(self, step: Step) -> None:
        control, person = self.stage.slack.control, step["as"]
        self.show(f"    {person} presses [{step['submit']}]")
        screens = await control.modals(person)
        if not screens or screens[-1].submit != step["submit"]:
            raise ScriptFault(f"No modal with the button {step['submit']!r} is on the screen.")
        done = await control.submit(person, self._filled.pop(person, {}))
        said = done.error or " ".join(done.errors.values())
        if not re.search(step["error"], said) if "error" in step else said:
            raise ScriptFault(f"The form was answered with: {said or 'nothing, it was taken'}")
        if said:
            self.show(f"    at the field: {said}")

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

    async def _called(self, step: Step) -> None:
        calls = await self.stage.slack.control.calls(step["called"])
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
        raise ScriptFault(f"The message {ts} is not there any more.")


def _acknowledged(taken: Taken) -> None:
    if not taken.acked:
        raise ScriptFault(f"The bot did not acknowledge it: {taken.error}.")
