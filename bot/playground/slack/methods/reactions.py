"""reactions.*: emoji on messages."""

import re

from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods.table import Call, method
from bot.playground.slack.models import Json, Message

_NAME = re.compile(r"[a-z0-9_+'-]+(::skin-tone-[2-6])?\Z")


def _item(call: Call) -> Message:
    if not call.text("channel") or not call.text("timestamp"):
        raise SlackError("no_item_specified")
    return call.message(call.channel(), "timestamp")


def _name(call: Call) -> str:
    name = call.text("name").strip(":")
    if not _NAME.match(name):
        raise SlackError("invalid_name")
    return name


@method("reactions.add", "reactions:write")
def add(call: Call) -> Json:
    """Add a reaction of the app."""
    call.core.react(_item(call), _name(call), call.app.user_id, add=True)
    return {}


@method("reactions.remove", "reactions:write")
def remove(call: Call) -> Json:
    """Take a reaction of the app away."""
    call.core.react(_item(call), _name(call), call.app.user_id, add=False)
    return {}


@method("reactions.get", "reactions:read")
def get(call: Call) -> Json:
    """Return a message with its reactions."""
    message = _item(call)
    return {"type": "message", "channel": message.channel, "message": call.core.workspace.shown(message)}
