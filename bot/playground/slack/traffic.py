"""A record of everything that crosses the wire, in order."""

import json
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from bot.playground.slack.models import Json
from bot.playground.slack.wire import read_json

KEPT = 5000
BYTES_KEPT = 64 * 1024 * 1024
Kind = Literal["call", "envelope", "response_url", "file", "connection"]


@dataclass(slots=True, eq=False)
class Entry:
    """One envelope to an app or one call from it.

    What was sent and answered is kept as text, as it was then: the workspace goes on changing.

    Attributes:
        at: Seconds since the epoch.
        name: Method, event type, command or interaction type.
        sent: What was sent, as JSON text or as plain fields; tokens are left out.
        answered: What came back, as JSON text; None until it did.
        ms: Milliseconds until the answer or the acknowledgement; None until then.
        outcome: ``ok``, an error code, ``acked``, ``timeout``, ``dropped``, ``waiting`` ...
        attempt: Retry number of an event; 0 is the first delivery.
        findings: What the block checks said.
        scope: The scope that the call needed; empty when none.
        id: Of the envelope; empty for all else.
        envelope: ``events_api``, ``slash_commands`` or ``interactive``; empty for all else.
        door: How an envelope reaches its app: ``socket`` or ``http``; empty for all else.
        user: The person (id) who caused an envelope; empty when nobody did.
        reason: Why an event is sent again; empty at the first time.
        retry_of: The entry of the delivery before that was not acknowledged.
        replay_of: The entry that a person had sent again.
        fault: The kind of the ordered fault that struck; empty when none did.
        status: Of the HTTP answer to a call; 0 when there is none.
        retry_after: Seconds that a rate limit asked to wait.
        size: Bytes of both ways.
    """

    seq: int
    at: float
    kind: Kind
    app_id: str
    name: str
    sent: str | Json
    answered: str | None = None
    ms: float | None = None
    outcome: str = "open"
    attempt: int = 0
    findings: list[str] = field(default_factory=list)
    scope: str = ""
    id: str = ""
    envelope: str = ""
    door: str = ""
    user: str = ""
    reason: str = ""
    retry_of: int | None = None
    replay_of: int | None = None
    fault: str = ""
    status: int = 0
    retry_after: float | None = None
    size: int = 0

    @property
    def request(self) -> Json:
        """What was sent."""
        made: Json = read_json(self.sent) if isinstance(self.sent, str) else self.sent
        return made

    @property
    def response(self) -> Any:
        """What came back; None until it did, and when there is nothing in it."""
        return None if self.answered is None else json.loads(self.answered)

    def summary(self) -> Json:
        """Return all but what was sent and answered, as JSON; of the findings their number."""
        return {
            "seq": self.seq,
            "at": self.at,
            "kind": self.kind,
            "app_id": self.app_id,
            "name": self.name,
            "outcome": self.outcome,
            "ms": self.ms,
            "attempt": self.attempt,
            "findings": len(self.findings),
            "scope": self.scope,
            "id": self.id,
            "envelope": self.envelope,
            "door": self.door,
            "user": self.user,
            "reason": self.reason,
            "retry_of": self.retry_of,
            "replay_of": self.replay_of,
            "fault": self.fault,
            "status": self.status,
            "retry_after": self.retry_after,
            "size": self.size,
        }

    def to_json(self) -> Json:
        """Return the entry as JSON."""
        return {
            **self.summary(),
            "findings": self.findings,
            "request": self.request,
            "response": self.response,
        }


@dataclass(slots=True)
class Traffic:
    """The newest entries; older ones are forgotten.

    Attributes:
        bytes: Sum of the sizes of what is kept; `BYTES_KEPT` at most, unless one entry is larger.
    """

    entries: deque[Entry] = field(default_factory=deque)
    listeners: list[Callable[[Entry], None]] = field(default_factory=list)
    bytes: int = 0
    last: int = 0

    def add(
        self, kind: Kind, app_id: str, name: str, request: str | Json, *, at: float, **facts: Any
    ) -> Entry:
        """Record that something was sent.

        Args:
            kind: Of the entry.
            app_id: To or from which app; empty when nobody knows.
            name: See `Entry`.
            request: Text that is JSON, or a mapping that is copied as it is now.
            at: Seconds since the epoch.
            facts: Further attributes of the entry.
        """
        self.last += 1
        sent = request if isinstance(request, str) else _frozen(request)
        entry = Entry(self.last, at, kind, app_id, name, sent, **facts)
        if not self.entries:
            self.bytes = 0
        self.entries.append(entry)
        self._grew(entry, len(sent) if isinstance(sent, str) else sum(map(len, sent.values())))
        self._tell(entry)
        return entry

    def close(
        self,
        entry: Entry,
        outcome: str,
        response: Any = None,
        *,
        text: str | None = None,
        started: float | None = None,
    ) -> None:
        """Record what came of it.

        Args:
            entry: What was recorded before.
            outcome: See `Entry`.
            response: The answer; None when there is none.
            text: The answer where it is JSON text already.
            started: Value of `time.perf_counter` when it was sent; None leaves `ms` unset.
        """
        entry.outcome = outcome
        if response is not None:
            text = json.dumps(response, ensure_ascii=False)
        entry.answered = text
        if started is not None:
            entry.ms = round((time.perf_counter() - started) * 1000, 3)
        self._grew(entry, len(text or ""))
        self._tell(entry)

    def mark(self, entry: Entry, fault: str) -> None:
        """Record that an ordered fault struck."""
        entry.fault = fault
        self._tell(entry)

    def since(self, seq: int) -> list[Entry]:
        """Return the entries after number `seq`."""
        return [entry for entry in self.entries if entry.seq > seq]

    def find(self, seq: int) -> Entry | None:
        """Return the entry of a number, or None when it is forgotten or never was."""
        first = self.entries[0].seq if self.entries else 0
        return self.entries[seq - first] if 0 < first <= seq <= self.last else None

    def clear(self) -> None:
        """Forget all; the numbers go on."""
        self.entries.clear()
        self.bytes = 0

    def _grew(self, entry: Entry, size: int) -> None:
        entry.size += size
        entries = self.entries
        if not entries or entry.seq < entries[0].seq:
            return
        self.bytes += size
        while len(entries) > KEPT or (self.bytes > BYTES_KEPT and len(entries) > 1):
            self.bytes -= entries.popleft().size

    def _tell(self, entry: Entry) -> None:
        for listener in tuple(self.listeners):
            listener(entry)


def _frozen(fields: Json) -> str | Json:
    """Return fields as they are now: plain ones need no more than a copy."""
    if all(type(value) is str for value in fields.values()):
        return dict(fields)
    return json.dumps(fields, ensure_ascii=False)
