"""Pinning messages to their channel: the rules, and telling the apps."""

from bot.playground.slack import events
from bot.playground.slack.core import Core
from bot.playground.slack.errors import SlackError
from bot.playground.slack.models import Json, Message

NOT_PINNABLE = frozenset({"channel_join", "pinned_item"})
"""Lines that Slack itself writes (docs.slack.dev/reference/methods/pins.add)."""


def pin(core: Core, message: Message, user: str) -> None:
    """Pin a message for a user; the channel is told by a line of its own, as in Slack.

    Raises:
        SlackError: ``already_pinned`` or ``not_pinnable``.
    """
    if message.subtype in NOT_PINNABLE:
        raise SlackError("not_pinnable")
    if message.pinned:
        raise SlackError("already_pinned")
    message.pinned = {"by": user, "at": int(core.clock())}
    core.workspace.touched(message)
    _tell(core, message, user, dict(message.pinned), added=True)
    line = f"<@{user}> pinned a message to this channel."
    core.posted(Message(core.ts(), message.channel, user, line, subtype="pinned_item"))


def unpin(core: Core, message: Message, user: str) -> None:
    """Take a pin away for a user.

    Raises:
        SlackError: ``no_pin``.
    """
    if not message.pinned:
        raise SlackError("no_pin")
    info, message.pinned = message.pinned, None
    core.workspace.touched(message)
    _tell(core, message, user, info, added=False)


def pinned(core: Core, channel: str) -> list[Message]:
    """Return what is pinned to a channel, the latest pin first."""
    found = [message for message in core.workspace.messages[channel].values() if message.pinned]
    return sorted(found, key=lambda message: ((message.pinned or {})["at"], message.ts), reverse=True)


def item(core: Core, message: Message, info: Json) -> Json:
    """Return a pinned message as `pins.list` and the events name it; `info` says who pinned it and when."""
    return {
        "type": "message",
        "channel": message.channel,
        "created": info["at"],
        "created_by": info["by"],
        "message": {
            **core.workspace.shown(message),
            "permalink": f"{core.base_url}/archives/{message.channel}/p{message.ts.replace('.', '')}",
        },
    }


def _tell(core: Core, message: Message, user: str, info: Json, *, added: bool) -> None:
    channel = core.workspace.channels[message.channel]
    count, ts = len(pinned(core, channel.id)), core.ts()
    for app in core.apps.values():
        if events.hears(app, channel, "pin_added" if added else "pin_removed", "pins:read"):
            event = events.pin_moved(
                channel, item(core, message, info), user=user, count=count, ts=ts, added=added
            )
            core.event(app, event)
