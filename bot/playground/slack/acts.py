"""What people did, in order, and what apps showed them after it."""

import copy
from collections import deque
from dataclasses import dataclass, field
from typing import Any

from bot.playground.slack import transcript
from bot.playground.slack.core import Core
from bot.playground.slack.elements import all_blocks
from bot.playground.slack.errors import ControlError, SlackError
from bot.playground.slack.models import Ephemeral, Json, Message
from bot.playground.slack.people import People

KEPT = 1000
TOUCHED_KEPT = 200
"""Of what changes while nobody acts, so much is looked at: more is no answer to an act."""


_OF_FORMS = frozenset({"submit", "close_view"})


@dataclass(frozen=True, slots=True)
class Shown:
    """A message of an app, a modal or a Home tab as it was some time after an act.

    Attributes:
        kind: ``message``, ``modal`` or ``home``.
        user: Whose screen it is on; of a message the only person who sees it, or None.
        words: What the app itself says in it; empty where all words may be a model's.
        buttons: Labels of what one can press.
        new: Whether it was not there before.
        title: Of a modal.
        reader: Of a message in a direct message with an app, whose it is; None elsewhere.
    """

    kind: str
    user: str | None
    words: str
    buttons: tuple[str, ...] = ()
    channel: str = ""
    ts: str = ""
    thread_ts: str | None = None
    new: bool = True
    title: str = ""
    reader: str | None = None


@dataclass(slots=True)
class Act:
    """One act of a person, as the control API took it.

    Attributes:
        stamp: The newest ts of the workspace when it began.
        seq: The first entry of the record that it can have brought.
        answer: What the verb answered.
        shown: What was to be seen when the next act began.
        user: Id of the person; empty when there is none.
        channel: Id of where it was done; empty for acts that are nowhere.
        about: The message that the act is about as it was, of a form its view; None for acts about neither.
        direct: Whether that is a direct message.
        seeding: Whether it belongs to what the workspace begins with.
    """

    verb: str
    body: Json
    stamp: int
    seq: int
    answer: Any = None
    shown: list[Shown] = field(default_factory=list)
    user: str = ""
    channel: str = ""
    about: Json | None = None
    direct: bool = False
    seeding: bool = False


@dataclass(slots=True)
class Acts:
    """The acts since the seed, as far as they are kept."""

    core: Core
    log: deque[Act] = field(default_factory=lambda: deque(maxlen=KEPT))
    _touched: dict[tuple[str, str], None] = field(default_factory=dict)
    _screens: dict[str, None] = field(default_factory=dict)
    _known: set[tuple[str, str]] = field(default_factory=set)

    def watch(self) -> None:
        """Notice what changes from now on."""
        self.core.workspace.listeners.append(self._changed)

    def begin(self, verb: str, body: Json, *, seeding: bool = False) -> Act:
        """Record an act that begins now; what the one before has brought is looked at."""
        self.settle()
        kept = {key: value for key, value in body.items() if key != "content"}
        act = Act(verb, copy.deepcopy(kept), self.core.workspace.stamps.last, self.core.traffic.last + 1)
        act.seeding = seeding
        act.user, act.channel = self._where(body)
        place = self.core.workspace.channels.get(act.channel)
        act.direct = place is not None and place.kind == "im"
        act.about = self._form(act.user) if verb in _OF_FORMS else self._about(act)
        self.log.append(act)
        return act

    def refused(self, act: Act) -> None:
        """Forget an act that was not taken."""
        if act in self.log:
            self.log.remove(act)

    def clear(self) -> None:
        """Forget all."""
        self.log.clear()
        self._touched.clear()
        self._screens.clear()
        self._known.clear()

    def settle(self) -> None:
        """Look at what apps have shown since the newest act began."""
        if self.log:
            act = self.log[-1]
            act.shown += [shown for key in self._touched if (shown := self._message(*key))]
            act.shown += [shown for user in self._screens for shown in self._screen(user)]
        self._touched.clear()
        self._screens.clear()

    def _changed(self, kind: str, facts: dict[str, Any]) -> None:
        if not self.log:
            return
        if kind in {"message", "message_changed", "ephemeral"} and len(self._touched) < TOUCHED_KEPT:
            self._touched[facts["channel"], facts["ts"]] = None
        elif kind == "view":
            self._screens[facts["user"]] = None

    def _find(self, channel: str, ts: str) -> Message | Ephemeral | None:
        workspace = self.core.workspace
        return workspace.ephemeral(channel, ts) or workspace.messages.get(channel, {}).get(ts)

    def _where(self, body: Json) -> tuple[str, str]:
        user, channel = str(body.get("user") or body.get("creator") or ""), str(body.get("channel") or "")
        people = People(self.core)
        try:
            person = self.core.workspace.user(user).id
            return person, people.place(user, channel)[1].id if channel else ""
        except (ControlError, SlackError):
            return user, ""

    def _about(self, act: Act) -> Json | None:
        ts = str(act.body.get("ts") or act.body.get("thread_ts") or "")
        found = self._find(act.channel, ts)
        return transcript.entry(self.core.workspace, found) if found else None

    def _form(self, user: str) -> Json | None:
        stack = self.core.workspace.stack(user)
        return copy.deepcopy(transcript.view_entry(self.core.workspace, stack[-1])) if stack else None

    def _message(self, channel: str, ts: str) -> Shown | None:
        found = self._find(channel, ts)
        if found is None or (isinstance(found, Message) and found.stream):
            return None
        if found.app_id is None and isinstance(found, Message):
            return None
        workspace = self.core.workspace
        blocks = [block for block in found.blocks if block.get("type") != "markdown"]
        models = len(blocks) < len(found.blocks)
        words = transcript.readable(workspace, "" if models else found.text, blocks, found.attachments)
        new = (channel, ts) not in self._known
        self._known.add((channel, ts))
        offered = transcript.buttons(all_blocks(found))
        pressed = [b["text"] for b in offered if b["type"] == "button" and b["text"]]
        return Shown(
            "message",
            found.user if isinstance(found, Ephemeral) else None,
            words,
            tuple(pressed),
            channel,
            ts,
            found.thread_ts,
            new,
            reader=self._reader(channel),
        )

    def _reader(self, channel: str) -> str | None:
        workspace = self.core.workspace
        if workspace.channels[channel].kind != "im":
            return None
        people = [one for one in workspace.channels[channel].members if not workspace.user(one).app_id]
        return people[0] if len(people) == 1 else None

    def _screen(self, user: str) -> list[Shown]:
        workspace = self.core.workspace
        shown = []
        if stack := workspace.stack(user):
            top = transcript.view_entry(workspace, stack[-1])
            key = (user, top["id"])
            if key not in self._known:
                self._known.add(key)
                shown.append(Shown("modal", user, top["text"], title=top["title"]))
        homes = [view for (_, owner), view in workspace.homes.items() if owner == user]
        if homes:
            text = transcript.view_entry(workspace, homes[0])["text"]
            shown.append(Shown("home", user, text))
        return shown
