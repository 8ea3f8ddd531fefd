"""When a contestant is taken to be down, and when it is tried again.

A breaker is closed while its contestant answers. Three failures in a row that mean "it is down", or one that
only an admin can mend (no such model, key refused), open it: then nobody waits for the contestant. While open it is
probed, by one worker a minute; a probe or an answer that comes through closes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.completion import Failure, FailureKind, Outcome
from bot.domain.contestant import Contestant

OPENS_AT = 3
"""Failures in a row after which it is no accident any more."""
PROBE_EVERY = timedelta(minutes=1)
"""Time from its opening to the first probe and between two; also the time that one worker has for its probe."""

_AT_ONCE = frozenset({FailureKind.AUTH, FailureKind.NOT_FOUND})
_ITS_ANSWER = frozenset({FailureKind.CONTENT_FILTER, FailureKind.REJECTED, FailureKind.EMPTY})
"""Kinds by which it was there and did not like this one question."""
_SCHEMA = 1


class Condition(StrEnum):
    """How a breaker is."""

    CLOSED = "closed"
    """Its contestant is asked."""
    OPEN = "open"
    """It is not asked."""
    PROBING = "probing"
    """It is not asked, but one worker is trying it."""


@dataclass(frozen=True, slots=True)
class Breaker:
    """The breaker of one contestant that has failed lately; one that is well and of which admins know so needs none.

    Attributes:
        name: What the contestant was called when it failed.
        endpoint: Where it is asked.
        model: Its model id there.
        failures: How many in a row since its last answer.
        kind: What the newest failure was.
        opened_at: When it opened; None while it is closed.
        probe_at: From when on a probe may begin; None while it is closed.
        probing: Whether a worker is at its probe; when that worker dies, the next may begin at `probe_at`.
        told_at: What admins believe: since when it is down; None when they take it to be well.
    """

    name: str
    endpoint: str
    model: str
    failures: int
    kind: FailureKind
    opened_at: datetime | None = None
    probe_at: datetime | None = None
    probing: bool = False
    told_at: datetime | None = None

    @property
    def condition(self) -> Condition:
        """How it is."""
        if self.opened_at is None:
            return Condition.CLOSED
        return Condition.PROBING if self.probing else Condition.OPEN

    @property
    def is_open(self) -> bool:
        """Whether its contestant is not asked."""
        return self.opened_at is not None

    @property
    def is_news(self) -> bool:
        """Whether admins believe otherwise."""
        return self.is_open is (self.told_at is None)

    def may_probe(self, now: datetime) -> bool:
        """Whether a probe is due."""
        return self.probe_at is not None and now >= self.probe_at

    def to_document(self) -> dict[str, Any]:
        """Return a plain mapping for storage."""
        return {
            "schema_version": _SCHEMA,
            "name": self.name,
            "endpoint": self.endpoint,
            "model": self.model,
            "failures": self.failures,
            "kind": self.kind.value,
            "opened_at": self.opened_at.isoformat() if self.opened_at else None,
            "probe_at": self.probe_at.isoformat() if self.probe_at else None,
            "probing": self.probing,
            "told_at": self.told_at.isoformat() if self.told_at else None,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Breaker":
        """Read what `to_document` wrote."""
        return cls(
            name=document["name"],
            endpoint=document["endpoint"],
            model=document["model"],
            failures=document["failures"],
            kind=FailureKind(document["kind"]),
            opened_at=_time(document["opened_at"]),
            probe_at=_time(document["probe_at"]),
            probing=document["probing"],
            told_at=_time(document["told_at"]),
        )


def means_down(outcome: Outcome) -> FailureKind | None:
    """Return the kind of a failure that counts; None for an answer and for what one question alone may cause."""
    if isinstance(outcome, Failure) and outcome.kind not in _ITS_ANSWER:
        return outcome.kind
    return None


def after_failure(
    breaker: Breaker | None, contestant: Contestant, kind: FailureKind, now: datetime
) -> Breaker:
    """Return the breaker after a failure that counts; None stands for one that is well.

    One that is open stays as it is: what was asked before it opened and fails now tells nothing new.
    """
    if breaker is not None and breaker.is_open:
        return breaker
    failures = (breaker.failures if breaker else 0) + 1
    opens = failures >= OPENS_AT or kind in _AT_ONCE
    return Breaker(
        name=contestant.name,
        endpoint=contestant.endpoint,
        model=contestant.model,
        failures=failures,
        kind=kind,
        opened_at=now if opens else None,
        probe_at=now + PROBE_EVERY if opens else None,
        told_at=breaker.told_at if breaker else None,
    )


def after_answer(breaker: Breaker | None) -> Breaker | None:
    """Return the breaker after an answer: closed, and kept only until admins know."""
    if breaker is None or breaker.told_at is None:
        return None
    return replace(breaker, failures=0, opened_at=None, probe_at=None, probing=False)


def with_probe(breaker: Breaker | None, now: datetime) -> Breaker | None:
    """Return the breaker with a probe begun, when one is due; otherwise as it is."""
    if breaker is None or not breaker.may_probe(now):
        return breaker
    return replace(breaker, probing=True, probe_at=now + PROBE_EVERY)


def after_probe(breaker: Breaker | None, outcome: Outcome, now: datetime) -> Breaker | None:
    """Return the breaker after a probe: what does not mean that it is down, closes it."""
    kind = means_down(outcome)
    if breaker is None or not breaker.is_open:
        return breaker
    if kind is None:
        return after_answer(breaker)
    return replace(breaker, kind=kind, probing=False, probe_at=now + PROBE_EVERY)


def after_telling(breaker: Breaker | None) -> Breaker | None:
    """Return the breaker with admins knowing how it is."""
    if breaker is None or not breaker.is_news:
        return breaker
    if not breaker.is_open and not breaker.failures:
        return None
    return replace(breaker, told_at=breaker.opened_at)


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
