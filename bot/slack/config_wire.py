"""Ids of the config's form, what travels in it, and what a submitted one says; pure.

A block's id carries the version that the form shows: Slack keeps what a person typed for as long as block and
action stay the same, and would keep it over what others wrote meanwhile.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.domain.config_form import Submission
from bot.domain.ids import ChannelId, MessageTs, message_ts
from bot.slack.ids import CONFIG_MODAL, checked_channel

__all__ = ["CONFIG_MODAL", "ConfigContext", "action_of", "block_of", "submitted"]

CHOICE = re.compile(r"config:(?:answer|fallback|pair_a|pair_b)")
"""Action ids of the menus of contestants, whose options Slack asks for when they are many."""
OPEN = "-"
"""The option that leaves a field open; no contestant is called so."""
PAIR = ("pair_a", "pair_b")
DEFAULT = "default"
"""A button's value in place of a channel: the team's default."""
_WHAT = re.compile(r"config-(channel|default)(-home)?")


@dataclass(frozen=True, slots=True)
class ConfigContext:
    """What a form is of.

    Attributes:
        channel: The channel, also where the team's default was asked for.
        default: Whether it is of the team's default.
        home: Whether it was opened in App Home, where nothing is said into a channel.
        root: The thread in which it was asked for; None for the channel itself.
        version: Of the config that the form shows.
        base: What is set in that version.
    """

    channel: ChannelId
    default: bool = False
    home: bool = False
    root: MessageTs | None = None
    version: str = ""
    base: Mapping[str, str] = field(default_factory=dict)

    def pack(self) -> str:
        """Return it as text for `private_metadata`; its first and third words are where it was opened."""
        what = f"config-{'default' if self.default else 'channel'}{'-home' if self.home else ''}"
        held = json.dumps({"version": self.version, "base": dict(self.base)}, separators=(",", ":"))
        return f"{self.channel} {what} {self.root or '-'} {held}"

    @classmethod
    def unpack(cls, text: str) -> "ConfigContext":
        """Read what `pack` wrote; raise ValueError when it is not that."""
        channel, what, root, held = text.split(" ", 3)
        found = _WHAT.fullmatch(what)
        if found is None:
            raise ValueError(f"not the context of a config: {text[:80]!r}")
        document = json.loads(held)
        return cls(
            checked_channel(channel),
            found[1] == "default",
            bool(found[2]),
            None if root == "-" else message_ts(root),
            str(document["version"]),
            {str(key): str(value) for key, value in document["base"].items()},
        )


def action_of(name: str) -> str:
    """Return the action id of a field."""
    return f"config:{name}"


def block_of(name: str, version: str) -> str:
    """Return the block id of a field in a form that shows this version."""
    return f"config:{name}:{version}"


def submitted(values: Mapping[str, Any], context: ConfigContext) -> Submission:
    """Return what a submitted form's `view.state.values` says; fields left open are left out."""
    texts: dict[str, str] = {}
    for block in values.values():
        for action, held in block.items():
            if action.startswith("config:"):
                texts[action.removeprefix("config:")] = _text(held)
    a, b = (texts.pop(name, "") for name in PAIR)
    if a or b:
        texts["pair"] = f"{a},{b}"
    filled = {key: text for key, text in texts.items() if text}
    return Submission(filled, context.version, context.base)


def _text(held: Mapping[str, Any]) -> str:
    option = held.get("selected_option")
    text = (option or {}).get("value") if "selected_option" in held else held.get("value")
    return "" if text in {None, OPEN} else str(text).strip()
