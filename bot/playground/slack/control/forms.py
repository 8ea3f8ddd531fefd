"""What people do with modals and Home tabs."""

import base64
from typing import Any

from bot.playground.slack.control.connection import Connection, ControlRefused
from bot.playground.slack.control_values import Submitted, Taken
from bot.playground.slack.models import Json


class FormsClient(Connection):
    """What people do with modals and Home tabs."""

    async def act(
        self,
        user: str,
        action_id: str,
        *,
        view_id: str | None = None,
        block_id: str | None = None,
        value: Any = None,
    ) -> Taken:
        """Click or choose in the topmost modal, or in the view named (a Home tab too)."""
        answer = await self._do(
            "act", user=user, action_id=action_id, view_id=view_id, block_id=block_id, value=value
        )
        return Taken(**answer)

    async def suggest(
        self, user: str, action_id: str, typed: str = "", *, channel: str | None = None, ts: str | None = None
    ) -> list[str]:
        """Type into a menu whose options the app is asked for; return their values.

        Args:
            user: Who types.
            action_id: Of the menu.
            typed: What they type.
            channel: With `ts`, the message that the menu is in; None for the topmost modal.
            ts: See `channel`.
        """
        answer = await self._do(
            "suggest", user=user, action_id=action_id, typed=typed, channel=channel, ts=ts
        )
        if answer["error"]:
            raise ControlRefused(answer["error"])
        groups = answer.get("option_groups") or [{"options": answer.get("options", [])}]
        return [str(option["value"]) for group in groups for option in group["options"]]

    async def upload(self, user: str, name: str, content: bytes) -> str:
        """Upload a file from a person's computer; return its id, which a list in a field of files names."""
        encoded = base64.b64encode(content).decode()
        return str((await self._do("upload", user=user, name=name, content=encoded))["id"])

    async def submit(self, user: str, values: Json | None = None, *, view_id: str | None = None) -> Submitted:
        """Fill in and submit the topmost modal; values by action id or ``block_id/action_id``."""
        return Submitted(**await self._do("submit", user=user, values=values or {}, view_id=view_id))

    async def close_view(self, user: str, *, view_id: str | None = None, whole: bool = False) -> None:
        """Close the topmost modal, or the whole stack."""
        await self._do("close_view", user=user, view_id=view_id, whole=whole)
