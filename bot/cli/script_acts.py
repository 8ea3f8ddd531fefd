"""What a script has people do."""

import asyncio
import base64
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.cli.playground import Stage
from bot.cli.script_language import ScriptFault, Step
from bot.playground.slack import Button, Line, LocalSlackClient, Screen, Taken

PATIENCE_SECONDS = 90.0
POLL_SECONDS = 0.1
HOME = "home"


@dataclass
class Doing:
    """The acts of people.

    Attributes:
        stage: What is running.
        show: Takes a line of the transcript.
        kept: Messages by the names that the script gave them.
        files: Ids of uploaded files by the names that the script gave them.
    """

    stage: Stage
    show: Callable[[str], None]
    kept: dict[str, Line] = field(default_factory=dict)
    files: dict[str, str] = field(default_factory=dict)
    _filled: dict[str, dict[str, Any]] = field(default_factory=dict)

    @property
    def control(self) -> LocalSlackClient:
        """By which people act."""
        return self.stage.slack.control

    async def _say(self, step: Step) -> None:
        channel, thread = await self._place(step), self._thread(step)
        self.show(f"#{step['in']}  {step['as']}: {step['say']}")
        files = [{"id": self.files[name]} for name in step.get("files", ())]
        broadcast = bool(step.get("broadcast"))
        ts = await self.control.say(
            step["as"], channel, step["say"], thread_ts=thread, files=files, broadcast=broadcast
        )
        if "keep" in step:
            self.kept[step["keep"]] = await self._again(channel, ts, thread)

    async def _upload(self, step: Step) -> None:
        try:
            content = (
                step["text"].encode() if "text" in step else base64.b64decode(step["base64"], validate=True)
            )
        except ValueError as fault:
            raise ScriptFault(f"What is in {step['upload']} is no text, or no Base64: {fault}") from None
        self.show(f"    {step['as']} uploads {step['upload']} ({len(content)} bytes)")
        self.files[step["keep"]] = await self.control.upload(step["as"], step["upload"], content)

    async def _edit(self, step: Step) -> None:
        line = self.kept[step["edit"]]
        self.show(f"    {step['as']} makes it: {step['text']}")
        await self.control.edit(step["as"], line.channel, line.ts, step["text"])

    async def _delete(self, step: Step) -> None:
        line = self.kept[step["delete"]]
        self.show(f"    {step['as']} deletes a message")
        await self.control.delete(step["as"], line.channel, line.ts)

    async def _react(self, step: Step) -> None:
        await self._reaction(step, "react")

    async def _unreact(self, step: Step) -> None:
        await self._reaction(step, "unreact")

    async def _reaction(self, step: Step, verb: str) -> None:
        line, add = self.kept[step["at"]], verb == "react"
        self.show(f"    {step['as']} {'reacts with' if add else 'takes back'} :{step[verb]}:")
        await self.control.react(step["as"], line.channel, line.ts, step[verb], add=add)

    async def _pin(self, step: Step) -> None:
        line = self.kept[step["pin"]]
        self.show(f"    {step['as']} pins a message")
        await self.control.pin(step["as"], line.channel, line.ts)

    async def _unpin(self, step: Step) -> None:
        line = self.kept[step["unpin"]]
        self.show(f"    {step['as']} takes a pin away")
        await self.control.unpin(step["as"], line.channel, line.ts)

    async def _command(self, step: Step) -> None:
        self.show(f"#{step['in']}  {step['as']}: {step['command']}")
        channel, thread = await self._place(step), self._thread(step)
        taken = await self.control.command(step["as"], channel, step["command"], thread_ts=thread)
        if "error" not in step:
            _acknowledged(taken)
        elif not re.search(step["error"], taken.error or ""):
            raise ScriptFault(f"The bot answered with: {taken.error or 'nothing, it was taken'}")

    async def _press(self, step: Step) -> None:
        person, label, value = step["as"], step["press"], step.get("choose")
        chosen = f" and chooses {value}" if value else ""
        self.show(f"    {person} presses [{label}]{chosen}")
        try:
            if "screen" in step:
                await self._press_on_screen(person, label, value, step["screen"])
                return
            line = self.kept[step["at"]]
            line = await self._again(line.channel, line.ts, line.thread_ts, person)
            _fit(value, line.buttons, label)
            _acknowledged(await self.control.press(person, line, label, value))
        except LookupError as fault:
            raise ScriptFault(str(fault.args[0])) from None

    async def _press_on_screen(self, person: str, label: str, value: Any, where: str) -> None:
        screens = await self.control.modals(person) if where == "modal" else []
        screen = screens[-1] if screens else await self.control.home(person) if where == HOME else None
        if screen is None:
            raise ScriptFault(f"No {where} is on the screen.")
        found = _element(screen.buttons, label, value)
        _fit(value, screen.buttons, found.action_id)
        _acknowledged(
            await self.control.act(
                person, found.action_id, view_id=screen.id, block_id=found.block_id, value=value
            )
        )

    async def _shortcut(self, step: Step) -> None:
        self.show(f"    {step['as']} uses the shortcut {step['shortcut']}")
        line = self.kept[step["at"]] if "at" in step else None
        where = {"channel": line.channel, "ts": line.ts} if line else {}
        _acknowledged(await self.control.shortcut(step["as"], step["shortcut"], **where))

    async def _stop(self, step: Step) -> None:
        line = self.kept[step["stop"]]
        self.show(f"    {step['as']} presses Slack's Stop button")
        await self.control.stop(step["as"], line.channel, line.thread_ts or line.ts)

    async def _open(self, step: Step) -> None:
        person = step["as"]
        end = time.monotonic() + step.get("seconds", PATIENCE_SECONDS)
        if step["open"] == HOME:
            await self.control.open_home(person)
        while True:
            screen = await self._screen(person, step["open"])
            if screen and re.search(step.get("shows", ""), screen.text):
                break
            if time.monotonic() > end:
                there = screen.text if screen else "nothing of that title is on the screen"
                raise ScriptFault(f"Expected {step.get('shows', step['open'])!r} in: {there}")
            await asyncio.sleep(POLL_SECONDS)
        first = next(iter(screen.text.splitlines()), "")
        self.show(f"    {person} sees [{screen.title or step['open']}]: {first} ...")

    async def _screen(self, person: str, title: str) -> Screen | None:
        if title == HOME:
            return await self.control.home(person)
        return next((screen for screen in await self.control.modals(person) if screen.title == title), None)

    async def _fill(self, step: Step) -> None:
        self.show(f"    {step['as']} fills in {step['field']}: {step['fill']}")
        self._filled.setdefault(step["as"], {})[step["field"]] = step["fill"] or None

    async def _pick(self, step: Step) -> None:
        self.show(f"    {step['as']} picks {', '.join(step['pick'])} in {step['field']}")
        picked = [self.files[name] for name in step["pick"]]
        self._filled.setdefault(step["as"], {})[step["field"]] = picked

    async def _submit(self, step: Step) -> None:
        person = step["as"]
        self.show(f"    {person} presses [{step['submit']}]")
        screens = await self.control.modals(person)
        if not screens or screens[-1].submit != step["submit"]:
            raise ScriptFault(f"No modal with the button {step['submit']!r} is on the screen.")
        values = self._filled.pop(person, {})
        for name, value in values.items():
            _fit(value, screens[-1].buttons, name)
        done = await self.control.submit(person, values)
        said = done.error or " ".join(done.errors.values())
        if not re.search(step["error"], said) if "error" in step else said:
            raise ScriptFault(f"The form was answered with: {said or 'nothing, it was taken'}")
        if said:
            self.show(f"    at the field: {said}")

    async def _close(self, step: Step) -> None:
        person = step["as"]
        screen = await self._screen(person, step["close"])
        if screen is None:
            raise ScriptFault("Nothing of that title is on the screen.")
        self.show(f"    {person} closes [{step['close']}]")
        await self.control.close_view(person, view_id=screen.id)

    async def _join(self, step: Step) -> None:
        by = f", invited by {step['by']}" if "by" in step else ""
        self.show(f"    {step['as']} joins #{step['join']}{by}")
        await self.control.join(step["as"], step["join"], inviter=step.get("by"))

    async def _leave(self, step: Step) -> None:
        self.show(f"    {step['as']} leaves #{step['leave']}")
        await self.control.leave(step["as"], step["leave"])

    async def _archive(self, step: Step) -> None:
        self.show(f"    {step['as']} archives #{step['archive']}")
        await self.control.archive(step["as"], step["archive"])

    async def _delete_channel(self, step: Step) -> None:
        self.show(f"    {step['as']} deletes #{step['delete_channel']}")
        await self.control.delete_channel(step["as"], step["delete_channel"])

    async def _create(self, step: Step) -> None:
        self.show(f"    {step['as']} creates #{step['create']}")
        await self.control.create_channel(
            step["create"],
            members=step.get("members", [step["as"]]),
            private=bool(step.get("private")),
            creator=step["as"],
        )

    async def _place(self, step: Step) -> str:
        """Return the channel of a step; of a direct message its id."""
        channel: str = step["in"]
        if not channel.startswith("@"):
            return channel
        return await self.control.open_dm(step.get("as") or step["to"], channel)

    def _thread(self, step: Step) -> str | None:
        if "thread" not in step:
            return None
        line = self.kept[step["thread"]]
        return line.thread_ts or line.ts

    async def _again(self, channel: str, ts: str, thread: str | None, viewer: str | None = None) -> Line:
        lines = await self.control.transcript(channel, thread_ts=thread, viewer=viewer)
        for line in lines:
            if line.ts == ts:
                return line
        raise ScriptFault(f"The message {ts} is not there any more.")


def _acknowledged(taken: Taken) -> None:
    if not taken.acked:
        raise ScriptFault(f"The bot did not acknowledge it: {taken.error}.")


def _element(elements: Sequence[Button], label: str, value: Any) -> Button:
    """Return the element of this label or action id; of several buttons the one with this value.

    Raises:
        LookupError: There is none.
    """
    named = [one for one in elements if label in {one.text, one.action_id}]
    if not named:
        raise LookupError(f"no {label!r} among {[one.text for one in elements]}")
    return next((one for one in named if one.type == "button" and one.value == value), named[0])


def _fit(value: Any, elements: Sequence[Button], name: str) -> None:
    """Raise ScriptFault for a number or a mapping in an element that has no such values."""
    wanted = "datetimepicker" if isinstance(value, int) else "rich_text_input"
    if not isinstance(value, int | Mapping):
        return
    action = name.rpartition("/")[2]
    if wanted not in {one.type for one in elements if action in {one.action_id, one.text}}:
        raise ScriptFault(f"{name} takes a text; put {value!r} in quotes.")


def missing(wanted: Mapping[str, Any], line: Line) -> list[str]:
    """Return the labels of buttons that a step expects and a message does not have."""
    return [label for label in wanted.get("buttons", ()) if label not in {b.text for b in line.buttons}]
