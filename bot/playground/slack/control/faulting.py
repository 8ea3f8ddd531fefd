"""Faults to order, and how to take them back."""

from bot.playground.slack.control.connection import Connection
from bot.playground.slack.faults import Fault, FaultKind


class FaultingClient(Connection):
    """Faults to order, and how to take them back."""

    async def fault(
        self,
        method: str,
        kind: FaultKind,
        *,
        times: int = 1,
        seconds: float = 1.0,
        error: str = "internal_error",
    ) -> int:
        """Make the next calls of a method (``*`` for any) fail: see `Fault`; returns its id."""
        answer = await self._do("fault", method=method, kind=kind, times=times, seconds=seconds, error=error)
        return int(answer["id"])

    async def faults(self) -> list[Fault]:
        """Return the faults that are ordered and still to come, the oldest first."""
        return [Fault(**fault) for fault in (await self._do("faults"))["faults"]]

    async def drop_acks(self, times: int = 1) -> int:
        """Lose the next acknowledgements; returns the id of this fault."""
        return int((await self._do("drop_acks", times=times))["id"])

    async def expire_stream(self, channel: str | None = None, ts: str | None = None) -> str | None:
        """End a stream now, as at the end of its life (306 seconds).

        Args:
            channel: Where it is; None takes the one that is live.
            ts: Which; None as above.

        Returns:
            Its ts; None when no stream is live: then the next one is over as soon as it starts.
        """
        ended: str | None = (await self._do("expire_stream", channel=channel, ts=ts))["ts"]
        return ended

    async def clear_faults(self, fault: int | None = None) -> None:
        """Take back all faults, or the one of this id."""
        await self._do("clear_faults", id=fault)

    async def disconnect(
        self, *, app_id: str | None = None, reason: str = "refresh_requested", abrupt: bool = False
    ) -> int:
        """Send apps away from their sockets (they reconnect); returns how many connections."""
        return int((await self._do("disconnect", app_id=app_id, reason=reason, abrupt=abrupt))["connections"])
