"""Faults to order, and how to take them back."""

from bot.playground.slack.control.connection import Connection
from bot.playground.slack.faults import FaultKind


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
    ) -> None:
        """Make the next calls of a method (``*`` for any) fail: see `Fault`."""
        await self._do("fault", method=method, kind=kind, times=times, seconds=seconds, error=error)

    async def drop_acks(self, times: int = 1) -> None:
        """Lose the next acknowledgements."""
        await self._do("drop_acks", times=times)

    async def clear_faults(self) -> None:
        """Take back all faults."""
        await self._do("clear_faults")

    async def disconnect(
        self, *, app_id: str | None = None, reason: str = "refresh_requested", abrupt: bool = False
    ) -> int:
        """Send apps away from their sockets (they reconnect); returns how many connections."""
        return int((await self._do("disconnect", app_id=app_id, reason=reason, abrupt=abrupt))["connections"])
