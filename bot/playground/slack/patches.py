"""What changed for somebody who looks at the page: gathered by key, so that a slow page costs no memory."""

import asyncio
from dataclasses import dataclass, field
from typing import Any

from bot.playground.slack.models import Json
from bot.playground.slack.reading import Reading

_OF_THE_STATE = frozenset({"channel", "user", "connection", "status", "progress", "app"})


@dataclass(slots=True, eq=False)
class Patches:
    """The changes that one open page was not told yet.

    Attributes:
        reading: Reads for the viewer.
        waiting: Set while there is something to tell.
        ended: Whether the server is closing.
        messages: Channel and ts of the messages that look different now.
        state: Whether people, channels, apps or statuses changed.
        screen: Whether the viewer's modals or App Homes did.
        all: Whether everything is to be told again, as after a reset.
    """

    reading: Reading
    waiting: asyncio.Event = field(default_factory=asyncio.Event)
    ended: bool = False
    messages: dict[tuple[str, str], None] = field(default_factory=dict)
    state: bool = False
    screen: bool = False
    all: bool = False

    def note(self, kind: str, facts: dict[str, Any]) -> None:
        """Remember a change that the workspace tells of."""
        if kind in {"message", "message_changed", "message_deleted", "ephemeral"}:
            if kind == "ephemeral" and facts["user"] != self.reading.viewer.id:
                return
            self.messages[facts["channel"], facts["ts"]] = None
            if root := facts.get("thread_ts"):
                self.messages[facts["channel"], root] = None
        elif kind == "view":
            self.screen = self.screen or facts.get("user") in {None, self.reading.viewer.id}
        elif kind in _OF_THE_STATE:
            self.state = True
        elif kind == "reset":
            self.all = True
        if self.messages or self.state or self.screen or self.all:
            self.waiting.set()

    def end(self) -> None:
        """Tell nothing more."""
        self.ended = True
        self.waiting.set()

    def whole(self) -> Json:
        """Return everything but the messages, which the page asks for where it needs them."""
        self._forget()
        return {"all": True, "state": self.reading.state(), "screen": self.reading.screen()}

    def take(self) -> Json:
        """Return what changed since the last time: ``messages``, ``gone``, ``state``, ``screen``, as far as it did."""
        if self.all:
            return self.whole()
        patch: Json = {}
        keys, state, screen = list(self.messages), self.state, self.screen
        self._forget()
        found = {key: self.reading.message(*key) for key in keys if self.reading.sees(key[0])}
        if shown := [entry for entry in found.values() if entry]:
            patch["messages"] = shown
        if gone := [list(key) for key, entry in found.items() if entry is None]:
            patch["gone"] = gone
        if state:
            patch["state"] = self.reading.state()
        if screen:
            patch["screen"] = self.reading.screen()
        return patch

    def _forget(self) -> None:
        self.messages.clear()
        self.state = self.screen = self.all = False
        self.waiting.clear()
