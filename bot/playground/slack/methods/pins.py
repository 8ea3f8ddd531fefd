"""pins.*: messages that are kept at hand in their channel."""

import re

from bot.playground.slack import pins
from bot.playground.slack.errors import SlackError
from bot.playground.slack.methods.table import Call, method
from bot.playground.slack.models import Json, Message

_STAMP = re.compile(r"\d+\.\d+\Z")


def _item(call: Call) -> Message:
    channel = call.channel()
    ts = call.required("timestamp", "no_item_specified")
    if not _STAMP.match(ts):
        raise SlackError("bad_timestamp")
    return call.core.workspace.message(channel.id, ts)


@method("pins.add", "pins:write")
def add(call: Call) -> Json:
    """Pin a message for the app."""
    pins.pin(call.core, _item(call), call.app.user_id)
    return {}


@method("pins.remove", "pins:write")
def remove(call: Call) -> Json:
    """Take a pin away, whoever set it."""
    pins.unpin(call.core, _item(call), call.app.user_id)
    return {}


@method("pins.list", "pins:read")
def list_pins(call: Call) -> Json:
    """Return what is pinned to a channel, the latest pin first."""
    found = pins.pinned(call.core, call.channel().id)
    return {"items": [pins.item(call.core, message, message.pinned or {}) for message in found]}
