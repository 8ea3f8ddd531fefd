"""The workspace as one JSON document, and the file it is kept in."""

import asyncio
import base64
import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from bot.playground.slack.models import (
    Channel,
    Ephemeral,
    Json,
    Message,
    Status,
    StoredFile,
    Stream,
    Team,
    User,
    View,
)
from bot.playground.slack.workspace import Workspace

SCHEMA_VERSION = 1


def dump(workspace: Workspace) -> Json:
    """Return everything that survives a restart."""
    return {
        "schema_version": SCHEMA_VERSION,
        "team": asdict(workspace.team),
        "users": [asdict(user) for user in workspace.users.values()],
        "channels": [asdict(channel) for channel in workspace.channels.values()],
        "messages": [asdict(m) for log in workspace.messages.values() for m in log.values()],
        "threads": [[channel, root, list(ts)] for (channel, root), ts in workspace.threads.items()],
        "ephemerals": [asdict(ephemeral) for ephemeral in workspace.ephemerals],
        "statuses": [asdict(status) for status in workspace.statuses.values()],
        "views": [asdict(view) for view in workspace.views.values()],
        "homes": [asdict(view) for view in workspace.homes.values()],
        "groups": {group: list(members) for group, members in workspace.groups.items()},
        "files": {name: base64.b64encode(content).decode() for name, content in workspace.files.items()},
        "stored": [asdict(file) for file in workspace.stored.values()],
        "last": workspace.stamps.last,
    }


def load(workspace: Workspace, document: Json) -> None:
    """Replace the content of a workspace.

    Raises:
        ValueError: The document has another schema version.
    """
    if document.get("schema_version") != SCHEMA_VERSION:
        raise ValueError(f"cannot read state of schema version {document.get('schema_version')}")
    workspace.team = Team(**document["team"])
    workspace.users = {entry["id"]: User(**entry) for entry in document["users"]}
    workspace.channels = {
        entry["id"]: Channel(**{**entry, "members": list(entry["members"])}) for entry in document["channels"]
    }
    workspace.messages = {identity: {} for identity in workspace.channels}
    for entry in document["messages"]:
        stream = Stream(**entry["stream"]) if entry["stream"] else None
        message = Message(**{**json.loads(json.dumps(entry)), "stream": stream})
        workspace.messages[message.channel][message.ts] = message
    logs = workspace.messages.values()
    workspace.streaming = {(m.channel, m.ts) for log in logs for m in log.values() if m.stream}
    workspace.threads = {(channel, root): list(replies) for channel, root, replies in document["threads"]}
    workspace.ephemerals = [Ephemeral(**entry) for entry in document["ephemerals"]]
    workspace.statuses = {(e["channel"], e["thread_ts"]): Status(**e) for e in document["statuses"]}
    workspace.views = {entry["id"]: View(**entry) for entry in document["views"]}
    workspace.homes = {(e["app_id"], e["user"]): View(**e) for e in document["homes"]}
    workspace.groups = {group: list(members) for group, members in document["groups"].items()}
    workspace.files = {name: base64.b64decode(content) for name, content in document.get("files", {}).items()}
    workspace.stored = {entry["id"]: StoredFile(**entry) for entry in document.get("stored", ())}
    workspace.stamps.last = max(workspace.stamps.last, document["last"])
    workspace.changed("reset")


def write(path: Path, document: Json) -> None:
    """Write a document so that a crash leaves the old or the new one, never half of it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with temporary.open("w", encoding="utf-8") as file:
        json.dump(document, file, ensure_ascii=False)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)


@dataclass(slots=True)
class StateFile:
    """Saves a workspace some time after a change, and once more at the end.

    Attributes:
        delay: Seconds that changes gather.
    """

    workspace: Workspace
    path: Path
    delay: float
    _timer: asyncio.TimerHandle | None = None
    _saving: set[asyncio.Task[None]] = field(default_factory=set)

    async def restore(self) -> bool:
        """Load the file; returns False when there is none.

        Raises:
            ValueError: It is no state of this version.
        """
        try:
            text = await asyncio.to_thread(self.path.read_text, encoding="utf-8")
        except FileNotFoundError:
            return False
        load(self.workspace, json.loads(text))
        return True

    def watch(self) -> None:
        """Save after changes from now on."""
        self.workspace.listeners.append(self._changed)

    async def close(self) -> None:
        """Save what is not yet saved."""
        if self._timer:
            self._timer.cancel()
        await asyncio.gather(*self._saving)
        await asyncio.to_thread(write, self.path, dump(self.workspace))

    def _changed(self, kind: str, _facts: dict[str, Any]) -> None:
        if kind != "call" and self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(self.delay, self._save)

    def _save(self) -> None:
        self._timer = None
        task = asyncio.create_task(asyncio.to_thread(write, self.path, dump(self.workspace)))
        self._saving.add(task)
        task.add_done_callback(self._saving.discard)
