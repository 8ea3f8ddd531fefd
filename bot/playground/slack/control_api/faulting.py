"""Faults to order, and how to take them back."""

import difflib
from dataclasses import asdict

from bot.playground.slack.control_api.verbs import Verbs
from bot.playground.slack.errors import ControlError
from bot.playground.slack.faults import Fault
from bot.playground.slack.methods import METHODS
from bot.playground.slack.models import Json

_OTHER_DOORS = ("*", "response_url", "file")


class FaultingVerbs(Verbs):
    """Faults to order, and how to take them back."""

    async def fault(self, body: Json) -> Json:
        """Order a fault: method, kind, times, seconds, error."""
        fault = Fault(**{"method": "", **body, "id": 0})
        if fault.kind not in {"drop_ack", "expire_stream"}:
            _known(fault.method)
        return asdict(self.core.faults.order(fault))

    async def faults(self, _body: Json) -> Json:
        """Return what is ordered and still to come, and the methods that can be named."""
        ordered = [asdict(fault) for fault in self.core.faults.calls]
        return {"faults": ordered, "methods": [*_OTHER_DOORS, *sorted(METHODS)]}

    async def drop_acks(self, body: Json) -> Json:
        """Lose the next acknowledgements: times."""
        return asdict(self.core.faults.order(Fault("", "drop_ack", int(body.get("times", 1)))))

    async def expire_stream(self, body: Json) -> Json:
        """End a stream as at the end of its life: channel, ts; without them the live one, or the next to start."""
        core = self.core
        if body.get("ts"):
            wanted = core.workspace.message(core.workspace.channel(body["channel"]).id, body["ts"])
            live = [message for message in core.live_streams() if message is wanted]
            if not live:
                raise ControlError("this message is not streaming", 404)
        else:
            live = core.live_streams()
        for message in live[:1]:
            core.expire(message)
            return {"channel": message.channel, "ts": message.ts, "ordered": None}
        fault = core.faults.order(Fault("", "expire_stream"))
        return {"channel": None, "ts": None, "ordered": asdict(fault)}

    async def clear_faults(self, body: Json) -> None:
        """Take back all faults, or one: id."""
        identity = body.get("id")
        if not self.core.faults.clear(None if identity is None else int(identity)) and identity is not None:
            raise ControlError("this fault is not ordered any more", 404)

    async def disconnect(self, body: Json) -> Json:
        """Disconnect apps: app_id, reason, abrupt."""
        reason = body.get("reason", "refresh_requested")
        count = await self.core.sockets.disconnect(
            body.get("app_id"), reason, abrupt=bool(body.get("abrupt"))
        )
        return {"connections": count}


def _known(method: str) -> None:
    if method in METHODS or method in _OTHER_DOORS:
        return
    near = difflib.get_close_matches(method, METHODS, 1)
    hint = f"did you mean {near[0]}?" if near else "name one as Slack does, or * for any."
    raise ControlError(f"the local Slack has no method {method!r}; {hint}", 400)
