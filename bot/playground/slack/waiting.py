"""Waiting until something has happened, without polling from outside."""

import asyncio
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.playground.slack import transcript
from bot.playground.slack.core import Core
from bot.playground.slack.errors import ControlError
from bot.playground.slack.models import Json

RECHECK_SECONDS = 0.25


@dataclass(slots=True)
class Waiting:
    """Wakes those who wait whenever anything changes."""

    core: Core
    changed_at: float = field(default_factory=time.monotonic)
    _waiters: set[asyncio.Future[None]] = field(default_factory=set)

    def watch(self) -> None:
        """Notice changes from now on."""
        self.core.workspace.listeners.append(lambda _kind, _facts: self._wake())
        self.core.traffic.listeners.append(lambda _entry: self._wake())

    async def until(self, check: Callable[[], Any], seconds: float, why: Callable[[], str]) -> Any:
        """Return the first value of `check` that is not None.

        Args:
            check: Looked at after every change.
            seconds: Until it gives up.
            why: Says what is still missing.

        Raises:
            ControlError: Time is up (408).
        """
        deadline = time.monotonic() + seconds
        while (found := check()) is None:
            left = deadline - time.monotonic()
            if left <= 0:
                raise ControlError(f"waited {seconds:g} s in vain: {why()}", 408)
            waiter: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiters.add(waiter)
            await asyncio.wait(
                [waiter], timeout=min(left, RECHECK_SECONDS, self._quiet_left() or RECHECK_SECONDS)
            )
            self._waiters.discard(waiter)
        return found

    def idle(self) -> bool | None:
        """Return True when nothing is under way and nothing changed for a while, None otherwise."""
        if self.unfinished() or self._quiet_left() > 0:
            return None
        return True

    def unfinished(self) -> list[str]:
        """Return what is under way, in words."""
        core = self.core
        found = []
        if core.couriers.busy:
            found.append(
                f"{len(core.couriers.open)} envelopes are not acknowledged, or about to be sent again"
            )
        if core.calls:
            found.append(f"{core.calls} Web API calls are open")
        for app_id, queue in core.couriers.waiting.items():
            if queue:
                found.append(f"{len(queue)} events wait for a connection of {core.apps[app_id].name}")
        found += [f"status: {status.text}" for status in core.workspace.live_statuses(core.clock())]
        if streams := core.live_streams():
            found.append(f"{len(streams)} streams are open")
        return found

    def message(self, wanted: Json) -> Json | None:
        """Return the first message that fits, or None.

        Args:
            wanted: ``channel``; ``pattern`` (a regular expression, searched in the readable text);
                ``thread_ts``; ``after`` (a ts); ``by`` (``bot``, ``anyone`` or a user name); ``viewer``;
                ``ephemeral`` (true, false or null for both); ``buttons`` (labels that it must have); ``other_than``
                (a list of ts).
        """
        channel = self.core.workspace.channel(wanted["channel"])
        pattern = re.compile(wanted.get("pattern") or "", re.DOTALL)
        viewer = self.core.workspace.user(wanted["viewer"]).id if wanted.get("viewer") else None
        for entry in transcript.entries(self.core.workspace, channel.id, wanted.get("thread_ts"), viewer):
            if (
                entry["ts"] > (wanted.get("after") or "")
                and wanted.get("ephemeral") in {None, entry["ephemeral"]}
                and _by(entry, wanted.get("by") or "bot")
                and not entry.get("streaming")
                and pattern.search(entry["text"])
                and {button["text"] for button in entry["buttons"]}.issuperset(wanted.get("buttons") or ())
                and entry["ts"] not in (wanted.get("other_than") or ())
            ):
                return entry
        return None

    def _quiet_left(self) -> float:
        return max(0.0, self.changed_at + self.core.timings.quiet - time.monotonic())

    def _wake(self) -> None:
        self.changed_at = time.monotonic()
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)


def _by(entry: Json, author: str) -> bool:
    if author == "anyone":
        return True
    if author == "bot":
        return entry["app_id"] is not None or entry["who"] == "slackbot"
    return author in {entry["who"], entry["user"]}
