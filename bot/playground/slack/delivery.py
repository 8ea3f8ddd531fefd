"""Bringing envelopes to apps: one connection each, an acknowledgement deadline, retries for events."""

import asyncio
import json
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, Protocol

from bot.playground.slack.apps import App
from bot.playground.slack.faults import Faults
from bot.playground.slack.ids import Clock
from bot.playground.slack.models import Json
from bot.playground.slack.timings import Timings
from bot.playground.slack.traffic import Entry, Traffic

EnvelopeKind = Literal["events_api", "slash_commands", "interactive"]
UNACKED_KEPT = 10_000


@dataclass(frozen=True, slots=True)
class Ack:
    """How an app took an envelope.

    Attributes:
        ok: Whether it came in time and well.
        payload: What it answered with; None for nothing.
        reason: Why not, when not ok: ``timeout`` in Socket Mode; over HTTP ``http_timeout``, ``http_error``,
            ``too_many_redirects``, ``ssl_error``, ``connection_failed`` or ``unknown_error``.
        retry: Whether an event may be brought again; an app can say no.
    """

    ok: bool
    payload: Any = None
    reason: str = ""
    retry: bool = True

    @property
    def late(self) -> bool:
        """Whether the app did not react in time, by whichever door."""
        return self.reason in {"timeout", "http_timeout"}


@dataclass(slots=True)
class Delivery:
    """One envelope on its way.

    Attributes:
        body: The payload as it was when it was first sent, in JSON: a retry brings the same.
        retry_of: The entry of the delivery before that was not acknowledged.
        replay_of: The entry that a person has sent again.
    """

    app: App
    kind: EnvelopeKind
    name: str
    payload: Json
    body: str = ""
    attempt: int = 0
    reason: str = ""
    retry_of: int | None = None
    replay_of: int | None = None
    id: str = field(default_factory=lambda: str(uuid.uuid4()))
    outcome: asyncio.Future[Ack] | None = None
    entry: Entry | None = None
    started: float = 0.0
    timer: asyncio.TimerHandle | None = None

    def __post_init__(self) -> None:
        self.body = self.body or json.dumps(self.payload, separators=(",", ":"))

    def frame(self) -> str:
        """Return the Socket Mode envelope."""
        frame: Json = {
            "envelope_id": self.id,
            "type": self.kind,
            "accepts_response_payload": self.kind != "events_api",
        }
        if self.kind == "events_api":
            frame |= {"retry_attempt": self.attempt, "retry_reason": self.reason}
        return f'{json.dumps(frame, separators=(",", ":"))[:-1]},"payload":{self.body}}}'


class Door(Protocol):
    """A way to reach an app."""

    @property
    def name(self) -> str:
        """``socket`` or ``http``."""
        ...

    @property
    def too_late(self) -> str:
        """The reason of an acknowledgement that did not come in time."""
        ...

    def open_for(self, app: App) -> bool:
        """Return whether anything can be handed over now."""
        ...

    def hand_over(self, delivery: Delivery) -> None:
        """Send an envelope without waiting; the answer comes back through `Couriers.acknowledge`."""
        ...


@dataclass(slots=True)
class Couriers:
    """All deliveries of all apps.

    Attributes:
        waiting: Per app, the events that no open connection could take yet.
        open: Deliveries handed over and not yet acknowledged, by envelope id.
    """

    clock: Clock
    timings: Timings
    traffic: Traffic
    faults: Faults
    door_of: Callable[[App], Door]
    waiting: dict[str, deque[Delivery]] = field(default_factory=dict)
    open: dict[str, Delivery] = field(default_factory=dict)
    _timers: set[asyncio.TimerHandle] = field(default_factory=set)

    @property
    def busy(self) -> bool:
        """Whether an envelope is under way, or will be sent again within a second."""
        if self.open:
            return True
        soon = asyncio.get_running_loop().time() + 1.0
        return any(timer.when() < soon for timer in self._timers)

    def send_event(self, app: App, name: str, payload: Json, *, replay_of: int | None = None) -> None:
        """Deliver an event, now or as soon as the app connects; retried until it is acknowledged."""
        self._dispatch(Delivery(app, "events_api", name, payload, replay_of=replay_of))

    async def ask(
        self, app: App, kind: EnvelopeKind, name: str, payload: Json, *, replay_of: int | None = None
    ) -> Ack:
        """Deliver a command or an interaction once and return how it was taken."""
        future: asyncio.Future[Ack] = asyncio.get_running_loop().create_future()
        delivery = Delivery(app, kind, name, payload, replay_of=replay_of, outcome=future)
        if not self.door_of(app).open_for(app):
            entry = self._record(delivery)
            self.traffic.close(entry, "no_connection")
            return Ack(ok=False, reason="connection_failed")
        self._dispatch(delivery)
        return await future

    def connected(self, app: App) -> None:
        """Deliver what waited for this app, as it is set now, to be reached."""
        for delivery in self.waiting.pop(app.id, ()):
            delivery.app = app
            self._dispatch(delivery)

    def acknowledge(self, envelope_id: str, ack: Ack) -> None:
        """Settle a delivery; late and unknown acknowledgements are ignored."""
        delivery = self.open.get(envelope_id)
        if delivery is None:
            return
        if ack.ok and self.faults.take_ack():
            if delivery.entry:
                self.traffic.mark(delivery.entry, "drop_ack")
            return
        self._settle(delivery, ack)

    def close(self) -> None:
        """Forget everything under way."""
        for timer in (*self._timers, *(d.timer for d in self.open.values() if d.timer)):
            timer.cancel()
        self._timers.clear()
        for delivery in self.open.values():
            if delivery.outcome and not delivery.outcome.done():
                delivery.outcome.set_result(Ack(ok=False, reason="connection_failed"))
        self.open.clear()
        self.waiting.clear()

    def _record(self, delivery: Delivery) -> Entry:
        entry = self.traffic.add(
            "envelope",
            delivery.app.id,
            delivery.name,
            delivery.body,
            at=self.clock(),
            attempt=delivery.attempt,
            id=delivery.id,
            envelope=delivery.kind,
            door=self.door_of(delivery.app).name,
            user=person_of(delivery.payload),
            reason=delivery.reason,
            retry_of=delivery.retry_of,
            replay_of=delivery.replay_of,
        )
        delivery.entry = entry
        return entry

    def _dispatch(self, delivery: Delivery) -> None:
        door = self.door_of(delivery.app)
        if not door.open_for(delivery.app):
            self.waiting.setdefault(delivery.app.id, deque(maxlen=UNACKED_KEPT)).append(delivery)
            return
        self._record(delivery)
        delivery.started = time.perf_counter()
        self.open[delivery.id] = delivery
        delivery.timer = asyncio.get_running_loop().call_later(
            self.timings.ack, self._settle, delivery, Ack(ok=False, reason=door.too_late)
        )
        door.hand_over(delivery)

    def _settle(self, delivery: Delivery, ack: Ack) -> None:
        if self.open.pop(delivery.id, None) is None:
            return
        if delivery.timer:
            delivery.timer.cancel()
        if delivery.entry:
            outcome = "acked" if ack.ok else ack.reason
            self.traffic.close(delivery.entry, outcome, ack.payload, started=delivery.started)
        if delivery.outcome and not delivery.outcome.done():
            delivery.outcome.set_result(ack)
        again = ack.retry and delivery.kind == "events_api" and delivery.attempt < len(self.timings.retries)
        if not ack.ok and again:
            self._retry(delivery, ack.reason)

    def _retry(self, failed: Delivery, reason: str) -> None:
        again = Delivery(
            failed.app,
            failed.kind,
            failed.name,
            failed.payload,
            failed.body,
            attempt=failed.attempt + 1,
            reason=reason,
            retry_of=failed.entry.seq if failed.entry else None,
            replay_of=failed.replay_of,
        )

        def fire() -> None:
            self._timers.discard(timer)
            self._dispatch(again)

        timer = asyncio.get_running_loop().call_later(self.timings.retries[failed.attempt], fire)
        self._timers.add(timer)


def person_of(payload: Json) -> str:
    """Return the id of the user who caused an envelope, people or bots; empty when its payload names none."""
    event = payload.get("event")
    if isinstance(event, dict):
        inner = event.get("message") or event.get("previous_message") or {}
        found = event.get("user") or inner.get("edited", {}).get("user") or inner.get("user")
    else:
        found = payload.get("user_id") or payload.get("user")
    if isinstance(found, dict):
        found = found.get("id")
    return str(found or "")
