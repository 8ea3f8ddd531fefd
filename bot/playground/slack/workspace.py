"""The state of a workspace and its rules of memory: what exists, who sees it, what is forgotten.

No I/O, no clock of its own: times come in as arguments.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from bot.playground.slack.errors import SlackError
from bot.playground.slack.ids import Stamps, stable_id
from bot.playground.slack.models import (
    Channel,
    ChannelKind,
    Ephemeral,
    Json,
    Message,
    Status,
    StoredFile,
    Team,
    User,
    View,
)

SLACKBOT = "USLACKBOT"
STATUS_LIFE_SECONDS = 120.0
"""A status clears itself after two minutes (docs.slack.dev, assistant.threads.setStatus)."""
EPHEMERALS_KEPT = 500


def by_name(items: Iterable[Any], reference: str) -> Any:
    """Return the item whose id or name (with or without # or @) is `reference`, or None."""
    bare = reference.lstrip("#@")
    for item in items:
        if item.id == reference or item.name == bare:
            return item
    return None


@dataclass(slots=True)
class Workspace:
    """One team with everything in it.

    Attributes:
        messages: Per channel, by ts, oldest first.
        threads: Per channel and root ts, the ts of the replies, oldest first.
        homes: The published App Home by (app id, user id).
        groups: User groups: id to members.
        files: Bytes of uploaded files by id.
        stored: What else is known of them, by id.
        streaming: Channel and ts of the messages that were started as streams.
        revision: Grows with every change.
    """

    team: Team
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)
    messages: dict[str, dict[str, Message]] = field(default_factory=dict)
    threads: dict[tuple[str, str], list[str]] = field(default_factory=dict)
    ephemerals: list[Ephemeral] = field(default_factory=list)
    statuses: dict[tuple[str, str], Status] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    homes: dict[tuple[str, str], View] = field(default_factory=dict)
    groups: dict[str, list[str]] = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    stored: dict[str, StoredFile] = field(default_factory=dict)
    streaming: set[tuple[str, str]] = field(default_factory=set)
    stamps: Stamps = field(default_factory=Stamps)
    revision: int = 0
    listeners: list[Callable[[str, Json], None]] = field(default_factory=list)

    def changed(self, kind: str, **facts: Any) -> None:
        """Count a change and tell those who watch."""
        self.revision += 1
        for listener in tuple(self.listeners):
            listener(kind, facts)

    def keep(self, file: StoredFile, content: bytes) -> None:
        """Keep a file."""
        self.files[file.id], self.stored[file.id] = content, file
        self.changed("file", file=file.id)

    def user(self, reference: str) -> User:
        """Find a user by id or name.

        Raises:
            SlackError: ``user_not_found``.
        """
        found = self.users.get(reference) or by_name(self.users.values(), reference)
        if not isinstance(found, User):
            raise SlackError("user_not_found")
        return found

    def channel(self, reference: str) -> Channel:
        """Find a channel by id or name.

        Raises:
            SlackError: ``channel_not_found``.
        """
        found = self.channels.get(reference) or by_name(self.channels.values(), reference)
        if not isinstance(found, Channel):
            raise SlackError("channel_not_found")
        return found

    def message(self, channel: str, ts: str) -> Message:
        """Find a message.

        Raises:
            SlackError: ``message_not_found``.
        """
        found = self.messages.get(channel, {}).get(ts)
        if found is None or found.subtype == "tombstone":
            raise SlackError("message_not_found")
        return found

    def add_user(self, user: User) -> User:
        """Add or replace a user."""
        self.users[user.id] = user
        self.changed("user", user=user.id)
        return user

    def add_channel(self, channel: Channel) -> Channel:
        """Add or replace a channel."""
        self.channels[channel.id] = channel
        self.messages.setdefault(channel.id, {})
        self.changed("channel", channel=channel.id)
        return channel

    def remove_channel(self, channel: Channel) -> None:
        """Forget a channel and everything in it."""
        del self.channels[channel.id], self.messages[channel.id]
        self.threads = {key: ts for key, ts in self.threads.items() if key[0] != channel.id}
        self.statuses = {key: status for key, status in self.statuses.items() if key[0] != channel.id}
        self.ephemerals = [one for one in self.ephemerals if one.channel != channel.id]
        self.streaming = {key for key in self.streaming if key[0] != channel.id}
        self.changed("channel", channel=channel.id)

    def direct(self, members: Iterable[str], now: float) -> tuple[Channel, bool]:
        """Return the direct or group message of these people and whether it is new."""
        wanted = sorted(set(members))
        kind: ChannelKind = "im" if len(wanted) <= 2 else "mpim"  # noqa: PLR2004 - two people make a direct message
        for channel in self.channels.values():
            if channel.kind == kind and sorted(channel.members) == wanted:
                return channel, False
        identity = stable_id("D" if kind == "im" else "G", ",".join(wanted))
        return self.add_channel(
            Channel(identity, f"dm-{identity.lower()}", kind, wanted, wanted[0], created=int(now))
        ), True

    def post(self, message: Message) -> Message:
        """Store a message; its ts must come from `stamps`."""
        self.messages[message.channel][message.ts] = message
        self.stamps.saw(message.ts)
        if message.stream:
            self.streaming.add((message.channel, message.ts))
        if message.thread_ts and message.thread_ts != message.ts:
            self.threads.setdefault((message.channel, message.thread_ts), []).append(message.ts)
            status = self.statuses.get((message.channel, message.thread_ts))
            if status and status.app_id == message.app_id:
                self._clear_status(message.channel, message.thread_ts)
        self.changed("message", channel=message.channel, ts=message.ts, thread_ts=message.root)
        return message

    def touched(self, message: Message) -> None:
        """Tell the watchers that a stored message looks different now."""
        self.changed("message_changed", channel=message.channel, ts=message.ts, thread_ts=message.root)

    def delete(self, message: Message) -> None:
        """Remove a message, and the status line under it; a root that has replies leaves a tombstone."""
        self._clear_status(message.channel, message.ts)
        if self.threads.get((message.channel, message.ts)):
            self.messages[message.channel][message.ts] = Message(
                message.ts, message.channel, SLACKBOT, "This message was deleted.", subtype="tombstone"
            )
        else:
            del self.messages[message.channel][message.ts]
            if message.thread_ts:
                replies = self.threads[message.channel, message.thread_ts]
                replies.remove(message.ts)
        self.changed("message_deleted", channel=message.channel, ts=message.ts, thread_ts=message.root)

    def whisper(self, ephemeral: Ephemeral) -> Ephemeral:
        """Show a message to one person only."""
        self.stamps.saw(ephemeral.ts)
        self.ephemerals.append(ephemeral)
        del self.ephemerals[:-EPHEMERALS_KEPT]
        self.changed("ephemeral", channel=ephemeral.channel, ts=ephemeral.ts, user=ephemeral.user)
        return ephemeral

    def ephemeral(self, channel: str, ts: str) -> Ephemeral | None:
        """Return the ephemeral message, or None when there is none (any more)."""
        return next((e for e in self.ephemerals if e.channel == channel and e.ts == ts), None)

    def unwhisper(self, ephemeral: Ephemeral) -> None:
        """Take an ephemeral message away."""
        self.ephemerals.remove(ephemeral)
        self.changed("ephemeral", channel=ephemeral.channel, ts=ephemeral.ts, user=ephemeral.user)

    def set_status(self, status: Status) -> None:
        """Set the status of a thread; an empty text clears it."""
        key = (status.channel, status.thread_ts)
        if status.text:
            self.statuses[key] = status
        else:
            self.statuses.pop(key, None)
        self.changed("status", channel=status.channel, thread_ts=status.thread_ts)

    def _clear_status(self, channel: str, thread_ts: str) -> None:
        if self.statuses.pop((channel, thread_ts), None):
            self.changed("status", channel=channel, thread_ts=thread_ts)

    def live_statuses(self, now: float) -> list[Status]:
        """Return the statuses that have not yet cleared themselves."""
        for key, status in list(self.statuses.items()):
            if now - status.set_at >= STATUS_LIFE_SECONDS:
                del self.statuses[key]
        return list(self.statuses.values())

    def live_streams(self, started_after: float) -> list[Message]:
        """Return the messages still streaming; those started at `started_after` or before come to rest."""
        live: list[Message] = []
        for channel, ts in tuple(self.streaming):
            message = self.messages.get(channel, {}).get(ts)
            if message is None or message.stream is None:
                self.streaming.discard((channel, ts))
            elif message.stream.started <= started_after:
                message.stream = None
                self.streaming.discard((channel, ts))
                self.touched(message)
            else:
                live.append(message)
        return live

    def react(self, message: Message, name: str, user: str) -> None:
        """Add a reaction.

        Raises:
            SlackError: ``already_reacted``.
        """
        people = message.reactions.setdefault(name, [])
        if user in people:
            raise SlackError("already_reacted")
        people.append(user)
        self.touched(message)

    def unreact(self, message: Message, name: str, user: str) -> None:
        """Remove a reaction.

        Raises:
            SlackError: ``no_reaction``.
        """
        people = message.reactions.get(name, [])
        if user not in people:
            raise SlackError("no_reaction")
        people.remove(user)
        if not people:
            del message.reactions[name]
        self.touched(message)

    def channel_messages(self, channel: str) -> list[Message]:
        """Return what the channel itself shows: roots and broadcast replies, oldest first."""
        return [m for m in self.messages[channel].values() if m.thread_ts in {None, m.ts} or m.broadcast]

    def thread_messages(self, channel: str, root: str) -> list[Message]:
        """Return root and replies, oldest first; empty when the thread does not exist."""
        messages = self.messages[channel]
        if root not in messages:
            return []
        return [messages[root], *(messages[ts] for ts in self.threads.get((channel, root), ()))]

    def stack(self, user: str) -> list[View]:
        """Return the modals open on a person's screen, the topmost last."""
        return [view for view in self.views.values() if view.user == user]

    def close_stack(self, view: View, *, whole: bool) -> list[View]:
        """Close a modal, or the `whole` stack it is in; returns what was closed, topmost first."""
        closing = [v for v in self.stack(view.user) if whole or v.id == view.id]
        for closed in closing:
            del self.views[closed.id]
        self.changed("view", user=view.user)
        return closing[::-1]

    def open_view(self, view: View) -> View:
        """Put a modal on top of its user's screen, or publish a Home tab."""
        if view.kind == "home":
            self.homes[view.app_id, view.user] = view
        else:
            self.views[view.id] = view
        self.changed("view", user=view.user)
        return view

    def shown(self, message: Message, *, metadata: bool = False) -> Json:
        """Return the message as Slack's JSON, without its channel."""
        shown: Json = {
            "type": "message",
            "user": message.user,
            "ts": message.ts,
            "text": message.text,
            "team": self.team.id,
        }
        if message.client_msg_id:
            shown["client_msg_id"] = message.client_msg_id
        for key in ("subtype", "username", "blocks", "attachments", "files", "edited", "thread_ts"):
            if value := getattr(message, key):
                shown[key] = value
        if message.bot_id:
            shown |= self._bot_facts(message)
        if metadata and message.metadata:
            shown["metadata"] = message.metadata
        if message.reactions:
            shown["reactions"] = [
                {"name": name, "users": list(users), "count": len(users)}
                for name, users in message.reactions.items()
            ]
        if message.pinned:
            shown["pinned_to"] = [message.channel]
            shown["pinned_info"] = {
                "channel": message.channel,
                "pinned_by": message.pinned["by"],
                "pinned_ts": message.pinned["at"],
            }
        return shown | self._thread_facts(message)

    def _bot_facts(self, message: Message) -> Json:
        facts: Json = {
            "bot_id": message.bot_id,
            "app_id": message.app_id,
            "bot_profile": {
                "id": message.bot_id,
                "app_id": message.app_id,
                "name": self.users[message.user].real_name if message.user in self.users else "",
                "team_id": self.team.id,
                "deleted": False,
            },
        }
        if message.stream:
            facts["streaming_state"] = "in_progress"
        return facts

    def _thread_facts(self, message: Message) -> Json:
        if message.thread_ts and message.thread_ts != message.ts:
            root = self.messages[message.channel].get(message.thread_ts)
            if message.broadcast and root and not message.subtype:
                return {"subtype": "thread_broadcast", "root": self.shown(root)}
            return {"parent_user_id": root.user if root else ""}
        replies = self.threads.get((message.channel, message.ts))
        if not replies:
            return {}
        people = list(dict.fromkeys(self.messages[message.channel][ts].user for ts in replies))
        return {
            "thread_ts": message.ts,
            "reply_count": len(replies),
            "reply_users": people,
            "reply_users_count": len(people),
            "latest_reply": replies[-1],
        }
