"""A record of everything that crosses the wire, in order."""

import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from bot.playground.slack.models import Json

KEPT = 5000
Kind = Literal["call", "envelope", "response_url", "connection"]


@dataclass(slots=True)
class Entry:
    """One envelope to an app or one call from it.

    Attributes:
        at: Seconds since the epoch.
        name: Method, event type, command or interaction type.
        request: What was sent; tokens are left out.
        response: What came back; None until it did.
        ms: Milliseconds until the answer or the acknowledgement; None until then.
        outcome: ``ok``, an error code, ``acked``, ``timeout``, ``dropped``, ``waiting`` ...
        attempt: Retry number of an event; 0 is the first delivery.
        findings: What the block checks said.
        scope: The scope that the call needed; empty when none.
    """

    seq: int
    at: float
    kind: Kind
    app_id: str
    name: str
    request: Json
    response: Any = None
    ms: float | None = None
    outcome: str = "open"
    attempt: int = 0
    findings: list[str] = field(default_factory=list)
    scope: str = ""
    id: str = ""

    def to_json(self) -> Json:
        """Return the entry as JSON."""
        return asdict(self)


@dataclass(slots=True)
class Traffic:
    """The newest entries; older ones are forgotten."""

    entries: deque[Entry] = field(default_factory=lambda: deque(maxlen=KEPT))
    listeners: list[Callable[[Entry], None]] = field(default_factory=list)
    _seq: int = 0

    def add(self, kind: Kind, app_id: str, name: str, request: Json, *, at: float, attempt: int = 0) -> Entry:
        """Record that something was sent."""
        self._seq += 1
        entry = Entry(self._seq, at, kind, app_id, name, request, attempt=attempt)
        self.entries.append(entry)
        self._tell(entry)
        return entry

    def close(
        self, entry: Entry, outcome: str, response: Any = None, *, started: float | None = None
    ) -> None:
        """Record what came of it.

        Args:
            entry: What was recorded before.
            outcome: See `Entry`.
            response: The answer; None when there is none.
            started: Value of `time.perf_counter` when it was sent; None leaves `ms` unset.
        """
        entry.outcome = outcome
        entry.response = response
        if started is not None:
            entry.ms = round((time.perf_counter() - started) * 1000, 3)
        self._tell(entry)

    def since(self, seq: int) -> list[Entry]:
        """Return the entries after number `seq`."""
        return [entry for entry in self.entries if entry.seq > seq]

    def _tell(self, entry: Entry) -> None:
        for listener in tuple(self.listeners):
            listener(entry)
