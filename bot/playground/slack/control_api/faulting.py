"""Faults to order, and how to take them back."""

from bot.playground.slack.control_api.verbs import Verbs
from bot.playground.slack.faults import Fault
from bot.playground.slack.models import Json


class FaultingVerbs(Verbs):
    """Faults to order, and how to take them back."""

    async def fault(self, body: Json) -> None:
        """Order a fault: method, kind, times, seconds, error."""
        self.core.faults.calls.append(Fault(**body))

    async def drop_acks(self, body: Json) -> None:
        """Lose the next acknowledgements: times."""
        self.core.faults.dropped_acks += int(body.get("times", 1))

    async def clear_faults(self, _body: Json) -> None:
        """Take back all faults."""
        self.core.faults.clear()

    async def disconnect(self, body: Json) -> Json:
        """Disconnect apps: app_id, reason, abrupt."""
        reason = body.get("reason", "refresh_requested")
        count = await self.core.sockets.disconnect(
            body.get("app_id"), reason, abrupt=bool(body.get("abrupt"))
        )
        return {"connections": count}
