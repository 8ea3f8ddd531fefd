"""The workspace as one JSON document."""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from types import MappingProxyType
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


SMALL: Mapping[str, Callable[[Workspace], Any]] = MappingProxyType(
    {
        "team": lambda w: asdict(w.team),
        "users": lambda w: [asdict(user) for user in w.users.values()],
        "channels": lambda w: [asdict(channel) for channel in w.channels.values()],
        "ephemerals": lambda w: [asdict(ephemeral) for ephemeral in w.ephemerals],
        "statuses": lambda w: [asdict(status) for status in w.statuses.values()],
        "views": lambda w: [asdict(view) for view in w.views.values()],
        "homes": lambda w: [asdict(view) for view in w.homes.values()],
        "groups": lambda w: {group: list(members) for group, members in w.groups.items()},
        "stored": lambda w: [asdict(file) for file in w.stored.values()],
        "last": lambda w: w.stamps.last,
    }
)
"""Parts of the document that stay small however long a workspace lives: all but messages and the bytes of files."""


def dump(workspace: Workspace) -> Json:
    """Return everything that survives a restart."""
    return {
        "schema_version": SCHEMA_VERSION,
        **{name: part(workspace) for name, part in SMALL.items()},
        "messages": [asdict(m) for log in workspace.messages.values() for m in log.values()],
        "files": {name: base64.b64encode(content).decode() for name, content in workspace.files.items()},
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
    workspace.threads = {}
    for message in (m for log in logs for m in log.values()):
        if message.thread_ts not in {None, message.ts}:
            workspace.threads.setdefault((message.channel, message.root), []).append(message.ts)
    workspace.ephemerals = [Ephemeral(**entry) for entry in document["ephemerals"]]
    workspace.statuses = {(e["channel"], e["thread_ts"]): Status(**e) for e in document["statuses"]}
    workspace.views = {entry["id"]: View(**entry) for entry in document["views"]}
    workspace.homes = {(e["app_id"], e["user"]): View(**e) for e in document["homes"]}
    workspace.groups = {group: list(members) for group, members in document["groups"].items()}
    workspace.files = {name: base64.b64decode(content) for name, content in document.get("files", {}).items()}
    workspace.stored = {entry["id"]: StoredFile(**entry) for entry in document.get("stored", ())}
    workspace.stamps.last = max(workspace.stamps.last, document["last"])
    workspace.changed("reset")
