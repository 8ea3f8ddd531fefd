"""Faults to order: the next calls of a method fail in a chosen way, the next acknowledgements are lost."""

from dataclasses import dataclass, field
from typing import Literal

FaultKind = Literal["ratelimited", "server_error", "slow", "drop_reply", "error"]


@dataclass(slots=True)
class Fault:
    """What happens to the next calls of a method.

    Attributes:
        method: A Web API method, ``response_url``, or ``file`` for fetching one (``slow`` and ``server_error`` only); ``*`` means any.
        kind: ``ratelimited`` (429), ``server_error`` (500, nothing is done), ``slow`` (done after a wait),
            ``drop_reply`` (done, then the connection is cut), ``error`` (an error code, nothing is done).
        times: Calls it still applies to.
        seconds: Retry-After of a 429, or the wait of a slow call.
        error: The code of kind ``error``.
    """

    method: str
    kind: FaultKind
    times: int = 1
    seconds: float = 1.0
    error: str = "internal_error"


@dataclass(slots=True)
class Faults:
    """The faults still to come."""

    calls: list[Fault] = field(default_factory=list)
    dropped_acks: int = 0

    def take(self, method: str) -> Fault | None:
        """Return the fault for this call, or None; each counts down."""
        for fault in self.calls:
            if fault.method in {method, "*"} and fault.times > 0:
                fault.times -= 1
                if fault.times == 0:
                    self.calls.remove(fault)
                return fault
        return None

    def take_ack(self) -> bool:
        """Return whether this acknowledgement gets lost."""
        if self.dropped_acks > 0:
            self.dropped_acks -= 1
            return True
        return False

    def clear(self) -> None:
        """Forget all of them."""
        self.calls.clear()
        self.dropped_acks = 0
