"""Slack's escaped text as people mean it: `&lt;` is `<`, `<#C1|general>` is `#general`; pure."""

import re

_TOKEN = re.compile(
    r"<(?:@(?P<user>[UWB][A-Z0-9]+)(?:\|(?P<user_name>[^<>|]*))?"
    r"|\#(?P<channel>[CGD][A-Z0-9]+)(?:\|(?P<channel_name>[^<>|]*))?"
    r"|!subteam\^(?P<group>[A-Z0-9]+)(?:\|@?(?P<group_name>[^<>|]*))?"
    r"|!date\^[^<>|]*\|(?P<date>[^<>]*)"
    r"|!(?P<everybody>here|channel|everyone|group)(?:\|[^<>]*)?"
    r"|(?P<url>(?:https?|mailto|tel|ftp|slack):[^<>|]+)(?:\|(?P<label>[^<>]*))?)>"
)
_ENTITIES = (("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&"))


def unescape(text: str) -> str:
    """Turn Slack's three entities back into characters."""
    for entity, character in _ENTITIES:
        text = text.replace(entity, character)
    return text


def readable(text: str) -> str:
    """Return a question as it reads: names for channels and groups, ids for people, links with their address.

    People stay ids, also where Slack tells their names: who may read names is decided later.
    """
    return unescape(_TOKEN.sub(_as_read, text)).strip()


def meant(text: str) -> str:
    """Return a setting's value as it is meant: ids for people and channels, the bare address for a link."""
    return unescape(_TOKEN.sub(_as_meant, text))


def _as_read(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "user" | "user_name":
            return f"@{found['user']}"
        case "channel" | "channel_name":
            return f"#{found['channel_name'] or found['channel']}"
        case "group" | "group_name":
            return f"@{found['group_name'] or found['group']}"
        case "date":
            return found["date"]
        case "everybody":
            return f"@{found['everybody']}"
        case _:
            return _link(found["url"], found["label"])


def _link(url: str, label: str | None) -> str:
    address = url.removeprefix("mailto:").removeprefix("tel:")
    if not label or label == url:
        return address
    if label == address or url in {f"http://{label}", f"https://{label}"}:
        return label
    return f"{label} ({address})"


def _as_meant(found: re.Match[str]) -> str:
    match found.lastgroup:
        case "user" | "user_name":
            return found["user"]
        case "channel" | "channel_name":
            return found["channel"]
        case "url" | "label":
            url = found["url"]
            shown = found["label"]
            return shown if shown and url == f"http://{shown}" else url.removeprefix("mailto:")
        case _:
            return _as_read(found)
