"""What nobody else listens to: acknowledged, so that Slack does not bring it again, and noted."""

import re
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.services.ports import Observer

_ANY = re.compile(r"(?s).*")


@dataclass(frozen=True, slots=True)
class CatchAll:
    """Registered last."""

    observer: Observer

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.event(_ANY)(self.on_anything)
        app.command(_ANY)(self.on_anything)
        app.action(_ANY)(self.on_anything)
        app.shortcut(_ANY)(self.on_anything)
        app.options(_ANY)(self.on_anything)
        app.view(_ANY)(self.on_anything)
        app.view_closed(_ANY)(self.on_anything)

    async def on_anything(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Acknowledge and note."""
        await ack()
        event = body.get("event") or {}
        self.observer.fact("unhandled", kind=event.get("type") or body.get("type") or "command")
