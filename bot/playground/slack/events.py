"""Payloads of the Events API. Pure."""

import re

from bot.playground.slack.apps import App
from bot.playground.slack.ids import random_id
from bot.playground.slack.models import Channel, Json, Message
from bot.playground.slack.workspace import Workspace

MESSAGE_EVENTS = {
    "channel": ("message.channels", "channels:history"),
    "group": ("message.groups", "groups:history"),
    "im": ("message.im", "im:history"),
    "mpim": ("message.mpim", "mpim:history"),
}
_MENTION = re.compile(r"<@([UW][A-Z0-9]+)(?:\|[^>]*)?>")
_TOKEN = re.compile(
    r"<(?:@(?P<user>[UW][A-Z0-9]+)|#(?P<channel>C[A-Z0-9]+)|!(?P<range>here|channel|everyone)|(?P<url>https?://[^|>]+))(?:\|(?P<label>[^>]*))?>"
)


def mentions(text: str) -> set[str]:
    """Return the ids of the users mentioned in mrkdwn text."""
    return set(_MENTION.findall(text))


def unescape(text: str) -> str:
    """Turn Slack's three entities back into characters."""
    return text.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def rich_text(text: str) -> list[Json]:
    """Return the minimal rich_text block that Slack's client would send for typed text."""
    elements: list[Json] = []
    position = 0
    for token in _TOKEN.finditer(text):
        if token.start() > position:
            elements.append({"type": "text", "text": unescape(text[position : token.start()])})
        if token["user"]:
            elements.append({"type": "user", "user_id": token["user"]})
        elif token["channel"]:
            elements.append({"type": "channel", "channel_id": token["channel"]})
        elif token["range"]:
            elements.append({"type": "broadcast", "range": token["range"]})
        else:
            link: Json = {"type": "link", "url": token["url"]}
            elements.append({**link, "text": token["label"]} if token["label"] else link)
        position = token.end()
    if position < len(text):
        elements.append({"type": "text", "text": unescape(text[position:])})
    return [
        {
            "type": "rich_text",
            "block_id": random_id("b", 5),
            "elements": [{"type": "rich_text_section", "elements": elements}],
        }
    ]


def callback(workspace: Workspace, app: App, event: Json, now: float) -> Json:
    """Wrap an event as it reaches the app."""
    return {
        "token": "local-verification-token",
        "team_id": workspace.team.id,
        "context_team_id": workspace.team.id,
        "context_enterprise_id": None,
        "api_app_id": app.id,
        "event": event,
        "type": "event_callback",
        "event_id": random_id("Ev"),
        "event_time": int(now),
        "authorizations": [
            {
                "enterprise_id": None,
                "team_id": workspace.team.id,
                "user_id": app.user_id,
                "is_bot": True,
                "is_enterprise_install": False,
            }
        ],
        "is_ext_shared_channel": False,
        "event_context": f"4-{random_id('E', 24)}",
    }


def hears(app: App, channel: Channel, event: str, scope: str) -> bool:
    """Return whether the app subscribes to the event, holds its scope and is in the channel."""
    return event in app.events and scope in app.scopes and app.user_id in channel.members


def message_posted(workspace: Workspace, app: App, channel: Channel, message: Message) -> list[Json]:
    """Return the events that one new message makes for an app: none, `message`, or two for a mention."""
    shown = workspace.shown(message, metadata="metadata.message:read" in app.scopes)
    for derived in ("reply_count", "reply_users", "reply_users_count", "latest_reply"):
        shown.pop(derived, None)
    base = {**shown, "channel": channel.id, "event_ts": message.ts}
    author = workspace.users.get(message.user)
    if author and author.team_id:
        base |= {"team": author.team_id, "user_team": author.team_id, "source_team": author.team_id}
    events: list[Json] = []
    wanted, scope = MESSAGE_EVENTS[channel.kind]
    if hears(app, channel, wanted, scope):
        events.append({**base, "channel_type": channel.kind})
    if (
        app.user_id in mentions(message.text)
        and channel.kind != "im"
        and message.app_id != app.id
        and hears(app, channel, "app_mention", "app_mentions:read")
    ):
        events.append({**base, "type": "app_mention"})
    return events


def message_altered(
    workspace: Workspace, app: App, message: Message, previous: Json, *, ts: str, deleted: bool
) -> list[Json]:
    """Return the `message_changed` or `message_deleted` event for an app, if it hears it.

    Args:
        workspace: The state after the change.
        app: Who might hear it.
        message: The message that changed.
        previous: The message as it was, in Slack's JSON.
        ts: The event's own timestamp.
        deleted: Whether the message is gone.
    """
    channel = workspace.channels[message.channel]
    wanted, scope = MESSAGE_EVENTS[channel.kind]
    if not hears(app, channel, wanted, scope):
        return []
    event: Json = {
        "type": "message",
        "subtype": "message_deleted" if deleted else "message_changed",
        "hidden": True,
        "channel": channel.id,
        "channel_type": channel.kind,
        "ts": ts,
        "event_ts": ts,
        "previous_message": previous,
    }
    if deleted:
        event["deleted_ts"] = message.ts
    else:
        event["message"] = {**workspace.shown(message), "source_team": workspace.team.id}
    return [event]


def member_moved(
    workspace: Workspace, app: App, channel: Channel, user: str, *, ts: str, inviter: str | None, joined: bool
) -> list[Json]:
    """Return the join or leave event for an app; a bot hears of its own joining too."""
    name = "member_joined_channel" if joined else "member_left_channel"
    scope = "groups:read" if channel.kind == "group" else "channels:read"
    present = app.user_id in channel.members or user == app.user_id
    if name not in app.events or scope not in app.scopes or not present:
        return []
    event: Json = {
        "type": name,
        "user": user,
        "channel": channel.id,
        "channel_type": "G" if channel.kind == "group" else "C",
        "team": workspace.team.id,
        "event_ts": ts,
    }
    return [{**event, "inviter": inviter} if inviter else event]


def channel_gone(app: App, channel: Channel, how: str, *, ts: str, user: str | None = None) -> list[Json]:
    """Return the event of a channel that is archived, deleted or left, for an app that was in it.

    Args:
        app: Who might hear it; of ``left`` the app that left.
        channel: The channel.
        how: ``archive``, ``deleted`` or ``left``.
        ts: The event's own timestamp.
        user: Who did it; None where Slack does not say.
    """
    kind, scope = ("group", "groups:read") if channel.kind == "group" else ("channel", "channels:read")
    name = f"{kind}_{how}"
    present = app.user_id in channel.members or how == "left"
    if name not in app.events or scope not in app.scopes or not present:
        return []
    event: Json = {"type": name, "channel": channel.id, "event_ts": ts}
    return [{**event, "user": user} if user else event]


def reacted(
    app: App, channel: Channel, message: Message, name: str, *, user: str, ts: str, added: bool
) -> list[Json]:
    """Return the reaction event for an app, if it hears it."""
    kind = "reaction_added" if added else "reaction_removed"
    if not hears(app, channel, kind, "reactions:read"):
        return []
    return [
        {
            "type": kind,
            "user": user,
            "reaction": name,
            "item": {"type": "message", "channel": channel.id, "ts": message.ts},
            "item_user": message.user,
            "event_ts": ts,
        }
    ]


def pin_moved(channel: Channel, item: Json, *, user: str, count: int, ts: str, added: bool) -> Json:
    """Return the event of a pin that was set or taken away.

    Args:
        channel: Where.
        item: The pinned message, as `pins.list` names it.
        user: Who did it.
        count: Pins of the channel after it.
        ts: The event's own timestamp.
        added: Whether it was set.
    """
    event: Json = {
        "type": "pin_added" if added else "pin_removed",
        "user": user,
        "channel_id": channel.id,
        "item": item,
        "item_user": item["message"]["user"],
        "pin_count": str(count),
        "pinned_info": {
            "channel": channel.id,
            "pinned_by": item["created_by"],
            "pinned_ts": item["created"],
        },
        "event_ts": ts,
    }
    return event if added else {**event, "has_pins": count > 0}


def session_stopped(channel: Channel, user: str, thread_ts: str, streams: list[str], *, ts: str) -> Json:
    """Return the event of Slack's own Stop button, which only agents have."""
    return {
        "type": "agent_session_stopped",
        "channel": channel.id,
        "user": user,
        "thread_ts": thread_ts,
        "streaming_message_ts": streams,
        "event_ts": ts,
    }
