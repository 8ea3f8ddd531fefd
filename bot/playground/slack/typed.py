"""Text as people type it, turned into text as Slack stores it. Pure."""

import re

from bot.playground.slack.workspace import Workspace

_TYPED = re.compile(
    r"(?P<token><(?:[@#!][^<>\s]+|https?://[^<>\s]+)(?:\|[^<>]*)?>)"
    r"|(?P<url>https?://[^\s<>|]*[^\s<>|.,;:!?)'\"])"
    r"|(?P<special>[&<>])"
    r"|(?<![\w.@])@(?P<user>[a-z0-9][\w.-]*)"
    r"|(?<![\w/&#])#(?P<channel>[a-z0-9][\w-]*)",
    re.IGNORECASE,
)
_SPECIAL = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_BROADCASTS = {"here", "channel", "everyone"}


def encode(workspace: Workspace, typed: str, *, labels: bool = False, escape: bool = True) -> str:
    """Return typed text as Slack stores it: names become ids, three characters become entities.

    Args:
        workspace: Whose names count.
        typed: Such as ``@kostprobe what is <b>?``; tokens like ``<@U0...>`` stay as they are.
        labels: Whether mentions carry the name too, as in escaped commands.
        escape: Whether ``&``, ``<`` and ``>`` become entities.
    """

    def swap(found: re.Match[str]) -> str:
        if url := found["url"]:
            return f"<{url.replace('&', '&amp;')}>" if escape else url
        if found["special"]:
            return _SPECIAL[found["special"]] if escape else found[0]
        if name := found["user"]:
            return _mention(workspace, name, labels=labels)
        if name := found["channel"]:
            return _channel_link(workspace, name, labels=labels)
        return found[0]

    return _TYPED.sub(swap, typed)


def _mention(workspace: Workspace, name: str, *, labels: bool) -> str:
    if name in _BROADCASTS:
        return f"<!{name}>"
    bare = name.rstrip(".-")
    for user in workspace.users.values():
        if user.name.lower() == bare.lower():
            label = f"|{user.name}" if labels else ""
            return f"<@{user.id}{label}>{name[len(bare) :]}"
    return f"@{name}"


def _channel_link(workspace: Workspace, name: str, *, labels: bool) -> str:
    for channel in workspace.channels.values():
        if channel.name == name and channel.kind in {"channel", "group"}:
            return f"<#{channel.id}|{channel.name if labels else ''}>"
    return f"#{name}"
