"""Building a workspace from plain data, and the small one used when none is given."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any

from bot.playground.slack.events import rich_text
from bot.playground.slack.ids import Clock, stable_id
from bot.playground.slack.models import Channel, Message, Team, User
from bot.playground.slack.workspace import Workspace

DEFAULT: Mapping[str, Any] = {
    "team": {"name": "Trattoria", "domain": "trattoria"},
    "users": [
        {"name": "ada", "real_name": "Ada Rossi", "is_admin": True, "is_owner": True},
        {"name": "ben", "real_name": "Ben Marino"},
        {"name": "carla", "real_name": "Carla Weber", "locale": "de-DE"},
        {"name": "dario", "real_name": "Dario Conti"},
        {"name": "gina", "real_name": "Gina Guest", "is_restricted": True},
    ],
    "channels": [
        {"name": "general", "topic": "Company-wide announcements"},
        {"name": "taste-test", "topic": "Where answers are tasted"},
    ],
}


def workspace_from(data: Mapping[str, Any], clock: Clock) -> Workspace:
    """Build a workspace from plain data, such as a YAML file holds.

    Args:
        data: ``team`` (name, domain, id), ``users`` (name, real_name and the flags of `User`), ``channels``
            (name, kind, members by name, creator, topic), ``groups`` (name to members), ``messages`` in order
            (channel, user, text, ``replies``, and ``pinned: true``). Missing ids are derived from the names; a channel without
            ``members`` holds every person, and guests too.
        clock: Times of the messages.

    Raises:
        ValueError: A part has an unknown key or names somebody unknown.
    """
    team = data.get("team", {})
    name = team.get("name", "Trattoria")
    workspace = Workspace(
        Team(team.get("id") or stable_id("T", name), name, team.get("domain", name.lower()))
    )
    for entry in data.get("users", ()):
        workspace.add_user(_user(entry))
    for entry in data.get("channels", ()):
        workspace.add_channel(_channel(workspace, entry, clock))
    for group, members in data.get("groups", {}).items():
        workspace.groups[group if group.startswith("S0") else stable_id("S", group)] = _ids(
            workspace, members
        )
    for entry in data.get("messages", ()):
        add_message(workspace, entry, clock)
    return workspace


def default_workspace(clock: Clock) -> Workspace:
    """Return the team "Trattoria": an admin, three members, a guest, two channels."""
    return workspace_from(DEFAULT, clock)


def add_message(
    workspace: Workspace, entry: Mapping[str, Any], clock: Clock, thread_ts: str | None = None
) -> None:
    """Put a message and its ``replies`` into the history without telling any app.

    Raises:
        ValueError: It names somebody or some place unknown.
    """
    user = _known(workspace, entry["user"])
    channel = next((c for c in workspace.channels.values() if entry["channel"] in {c.id, c.name}), None)
    if channel is None:
        raise ValueError(f"no channel {entry['channel']!r}")
    text = entry["text"]
    message = workspace.post(
        Message(
            workspace.stamps.next(clock()),
            channel.id,
            user.id,
            text,
            thread_ts=thread_ts,
            blocks=entry.get("blocks") or rich_text(text),
            bot_id=user.bot_id,
            app_id=user.app_id,
            pinned={"by": user.id, "at": int(clock())} if entry.get("pinned") else None,
        )
    )
    for reply in entry.get("replies", ()):
        add_message(workspace, {"channel": channel.id, **reply}, clock, message.ts)


def _user(entry: Mapping[str, Any]) -> User:
    unknown = set(entry) - {field.name for field in fields(User)}
    if unknown:
        raise ValueError(f"user {entry.get('name')!r} has unknown keys: {', '.join(sorted(unknown))}")
    filled = {"id": stable_id("U", entry["name"]), "real_name": entry["name"].title(), **entry}
    return User(**filled)


def _channel(workspace: Workspace, entry: Mapping[str, Any], clock: Clock) -> Channel:
    unknown = set(entry) - {field.name for field in fields(Channel)}
    if unknown:
        raise ValueError(f"channel {entry.get('name')!r} has unknown keys: {', '.join(sorted(unknown))}")
    people = [user.id for user in workspace.users.values() if not user.is_bot]
    members = _ids(workspace, entry["members"]) if "members" in entry else people
    creator = _known(workspace, entry["creator"]).id if entry.get("creator") else next(iter(members), None)
    filled = {"id": stable_id("C", entry["name"]), "created": int(clock()), **entry}
    return Channel(**(filled | {"members": members, "creator": creator}))


def _ids(workspace: Workspace, names: Sequence[str]) -> list[str]:
    return [_known(workspace, name).id for name in names]


def _known(workspace: Workspace, name: str) -> User:
    for user in workspace.users.values():
        if name in {user.id, user.name}:
            return user
    raise ValueError(f"no user {name!r}")
