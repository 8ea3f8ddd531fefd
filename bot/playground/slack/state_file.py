"""The file that a workspace is kept in: a document, and beside it a journal of what changed since.

What a change costs must not grow with what is there already, so a save writes down only what changed. Entries say how
something is, not what happened to it, so that reading them twice does no harm. They belong to one document, by its
generation: over a newer one, which a crash may have left beside them, they would bring back what was before.
"""

import asyncio
import base64
import json
import os
import secrets
from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any

from bot.playground.slack.models import Json, Message
from bot.playground.slack.persistence import SMALL, dump, load
from bot.playground.slack.workspace import Workspace

JOURNAL_BYTES = 256 * 1024 * 1024
"""A journal of this size becomes part of the document while the server runs, which it stands still for."""
RETRY_SECONDS = 10.0
"""Until what could not be written is tried again."""
_PARTS = {
    "call": (),
    "connection": (),
    "user": ("users",),
    "channel": ("channels",),
    "ephemeral": ("ephemerals",),
    "status": ("statuses",),
    "view": ("views", "homes"),
    "file": ("stored",),
    "message": ("statuses",),
    "message_changed": (),
    "message_deleted": ("statuses",),
}
"""Which small parts a change touches, by its kind; all of them for every other kind."""
_OF_MESSAGES = tuple(each.name for each in fields(Message))


def write(path: Path, document: Json) -> None:
    """Write a document so that a crash leaves the old or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.new")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


def journal_of(path: Path) -> Path:
    """Return where the journal of a state file is."""
    return path.with_name(f"{path.name}.journal")


@dataclass(slots=True)
class Changes:
    """What is not written down yet: ids of messages and files, names of small parts."""

    messages: dict[tuple[str, str], None] = field(default_factory=dict)
    files: dict[str, None] = field(default_factory=dict)
    parts: dict[str, None] = field(default_factory=dict)
    all: bool = False

    def __bool__(self) -> bool:
        return bool(self.messages or self.files or self.parts or self.all)

    def note(self, kind: str, facts: Mapping[str, Any]) -> None:
        """Remember a change as the workspace tells of it."""
        self.all = self.all or kind == "reset"
        self.parts.update(dict.fromkeys(_PARTS.get(kind, SMALL)))
        if kind == "file":
            self.files[facts["file"]] = None
        elif kind.startswith("message"):
            self.messages[facts["channel"], facts["ts"]] = None

    def entries(self, workspace: Workspace) -> list[str]:
        """Return the lines that say how all this is now."""
        made: list[Json] = [
            {"file": name, "content": base64.b64encode(workspace.files[name]).decode()}
            for name in self.files
            if name in workspace.files
        ]
        for channel, ts in self.messages:
            message = workspace.messages.get(channel, {}).get(ts)
            now = {name: getattr(message, name) for name in _OF_MESSAGES} if message else None
            made.append({"channel": channel, "ts": ts, "message": now})
        parts = {name: SMALL[name](workspace) for name in self.parts}
        made.append({"parts": parts | {"last": workspace.stamps.last}})
        return [json.dumps(entry, ensure_ascii=False, default=asdict) for entry in made]


def merged(document: Json, entries: Sequence[Json]) -> Json:
    """Return a document as the entries of its journal made it."""
    messages = {(entry["channel"], entry["ts"]): entry for entry in document["messages"]}
    files, parts = dict(document.get("files", {})), dict(document)
    for entry in entries:
        if "parts" in entry:
            parts |= entry["parts"]
        elif "file" in entry:
            files[entry["file"]] = entry["content"]
        elif entry["message"] is None:
            messages.pop((entry["channel"], entry["ts"]), None)
        else:
            messages[entry["channel"], entry["ts"]] = entry["message"]
    there = {channel["id"] for channel in parts["channels"]}
    kept = [messages[key] for key in sorted(messages) if key[0] in there]
    return {**parts, "messages": kept, "files": files}


class StateInUseError(OSError):
    """Another process keeps its workspace in this file."""


@contextmanager
def locked(path: Path) -> Generator[None]:
    """Keep other processes from a state file; whoever is killed holds it no longer.

    Raises:
        StateInUseError: Another process has it.
    """
    try:
        import fcntl
    except ImportError:  # Windows has none
        yield
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.with_name(f"{path.name}.lock").open("a") as held:
        try:
            fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise StateInUseError(f"Another local Slack keeps its workspace in {path} already.") from None
        yield


def read_journal(path: Path, generation: str | None) -> list[Json]:
    """Return the entries of a journal up to the first that a crash has cut.

    Args:
        path: The journal; without one there are no entries.
        generation: Of the document; the journal of another has no entries for it.
    """
    entries: list[Json] = []
    with suppress(FileNotFoundError), path.open(encoding="utf-8") as lines:
        for line in lines:
            try:
                entries.append(json.loads(line))
            except ValueError:
                break
    head = entries.pop(0)["generation"] if entries and "generation" in entries[0] else None
    return entries if head == generation else []


@dataclass(slots=True)
class StateFile:
    """Saves a workspace some time after a change, and once more at the end.

    Attributes:
        delay: Seconds that changes gather.
    """

    workspace: Workspace
    path: Path
    delay: float
    changes: Changes = field(default_factory=Changes)
    _generation: str = ""
    _saving: asyncio.Task[None] | None = None
    _closing: asyncio.Event = field(default_factory=asyncio.Event)

    async def restore(self) -> bool:
        """Load the file; returns False when there is none.

        Raises:
            ValueError: It is no state of this version.
        """
        try:
            text = await asyncio.to_thread(self.path.read_text, encoding="utf-8")
        except FileNotFoundError:
            return False
        document = json.loads(text)
        generation = document.get("generation")
        entries = await asyncio.to_thread(read_journal, journal_of(self.path), generation)
        load(self.workspace, merged(document, entries) if entries else document)
        return True

    async def watch(self) -> None:
        """Write down all that is there, and changes from now on.

        Raises:
            OSError: The file cannot be written.
        """
        await self._whole()
        self.workspace.listeners.append(self._changed)

    async def close(self) -> None:
        """Save what is not yet saved.

        Raises:
            OSError: The file cannot be written.
        """
        if self._changed in self.workspace.listeners:
            self.workspace.listeners.remove(self._changed)
        self._closing.set()
        if self._saving:
            # ended, not cancelled: a thread that is writing goes on, and would write what was over what is
            await asyncio.gather(
                self._saving, return_exceptions=True
            )  # all that it could not write is written now
        await self._whole()

    def _changed(self, kind: str, facts: dict[str, Any]) -> None:
        self.changes.note(kind, facts)
        if self.changes and (self._saving is None or self._saving.done()):
            self._saving = asyncio.create_task(self._save())

    async def _save(self) -> None:
        journal = journal_of(self.path)
        while self.changes and await self._go_on_after(self.delay):
            taken, self.changes = self.changes, Changes()
            try:
                size = (
                    0
                    if taken.all
                    else await asyncio.to_thread(
                        _append, journal, self._generation, taken.entries(self.workspace)
                    )
                )
                if taken.all or size > JOURNAL_BYTES:
                    await self._whole()
            except OSError:
                # a full disk ends no conversation; the end says it when it is full still
                self.changes.all = True
                await self._go_on_after(RETRY_SECONDS)

    async def _go_on_after(self, seconds: float) -> bool:
        """Wait; returns False, at once, when the end comes, which writes down all that is left."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._closing.wait(), seconds)
        return not self._closing.is_set()

    async def _whole(self) -> None:
        generation = secrets.token_hex(8)
        document = {"generation": generation, **dump(self.workspace)}
        await asyncio.to_thread(_replace, self.path, document)
        self._generation = generation


def _append(journal: Path, generation: str, lines: Sequence[str]) -> int:
    with journal.open("a", encoding="utf-8") as file:
        if file.tell() == 0:
            lines = [json.dumps({"generation": generation}), *lines]
        file.write("".join(f"{line}\n" for line in lines))
        file.flush()
        os.fsync(file.fileno())
        return file.tell()


def _replace(path: Path, document: Json) -> None:
    write(path, document)
    journal_of(path).unlink(missing_ok=True)
