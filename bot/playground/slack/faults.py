"""Faults to order: the next calls of a method fail in a chosen way, the next acknowledgements are lost."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

FaultKind = Literal["ratelimited", "server_error", "slow", "drop_reply", "error", "drop_ack", "expire_stream"]


@dataclass(slots=True)
class Fault:
    """What happens to the next calls of a method, or to what comes next of another kind.

    Attributes:
        method: A Web API method, ``response_url``, or ``file`` for fetching one (``slow`` and ``server_error`` only);
            ``*`` means any; empty for the two kinds that are about no call.
        kind: ``ratelimited`` (429), ``server_error`` (500, nothing is done), ``slow`` (done after a wait),
            ``drop_reply`` (done, then the connection is cut), ``error`` (an error code, nothing is done);
            ``drop_ack`` (an acknowledgement is lost), ``expire_stream`` (a stream is over as soon as it starts).
        times: How often it still strikes.
        seconds: Retry-After of a 429, or the wait of a slow call.
        error: The code of kind ``error``.
        id: By which it is taken back; 0 for one that nobody ordered through `Faults.order`.
    """

    method: str
    kind: FaultKind
    times: int = 1
    seconds: float = 1.0
    error: str = "internal_error"
    id: int = 0


@dataclass(slots=True)
class Faults:
    """The faults still to come, the oldest first."""

    calls: list[Fault] = field(default_factory=list)
    ordered: int = 0

    def order(self, fault: Fault) -> Fault:
        """Add a fault, and give it its id."""
        self.ordered += 1
        fault.id = self.ordered
        self.calls.append(fault)
        return fault

    def take(self, method: str) -> Fault | None:
        """Return the fault for this call, or None; each counts down."""
        if not self.calls:
            return None
        return self._strike(lambda fault: fault.method in {method, "*"})

    def take_ack(self) -> bool:
        """Return whether this acknowledgement gets lost."""
        return self._strike(lambda fault: fault.kind == "drop_ack") is not None

    def take_stream(self) -> bool:
        """Return whether this stream is over as soon as it starts."""
        return self._strike(lambda fault: fault.kind == "expire_stream") is not None

    def clear(self, identity: int | None = None) -> bool:
        """Forget one, or all; returns False when there is none to forget."""
        kept = [fault for fault in self.calls if identity is not None and fault.id != identity]
        fewer = len(kept) < len(self.calls)
        self.calls[:] = kept
        return fewer

    def _strike(self, fits: Callable[[Fault], bool]) -> Fault | None:
        for fault in self.calls:
            if fault.times > 0 and fits(fault):
                fault.times -= 1
                if fault.times == 0:
                    self.calls.remove(fault)
                return fault
        return None
