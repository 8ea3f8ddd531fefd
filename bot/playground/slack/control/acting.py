"""Acts of people on messages."""

from collections.abc import Sequence
from typing import Any

from bot.playground.slack.control.connection import Connection
from bot.playground.slack.control_values import Line, Taken
from bot.playground.slack.models import Json


class ActingClient(Connection):
    """Acts of people on messages."""

    async def say(
        self,
        user: str,
        channel: str,
        text: str,
        *,
        thread_ts: str | None = None,
        files: Sequence[Json] = (),
        broadcast: bool = False,
    ) -> str:
        """Post as a person and return the ts; ``@name`` in the text mentions, ``@name`` as channel is a DM.

        Files are Slack's file objects; the id alone is enough of one that the person has uploaded (`upload`).
        """
        answer = await self._do(
            "say",
            user=user,
            channel=channel,
            text=text,
            thread_ts=thread_ts,
            files=list(files) or None,
            broadcast=broadcast,
        )
        return str(answer["ts"])

    async def edit(self, user: str, channel: str, ts: str, text: str) -> None:
        """Edit one's own message."""
        await self._do("edit", user=user, channel=channel, ts=ts, text=text)

    async def delete(self, user: str, channel: str, ts: str) -> None:
        """Delete one's own message, as an admin anybody's."""
        await self._do("delete", user=user, channel=channel, ts=ts)

    async def react(self, user: str, channel: str, ts: str, name: str, *, add: bool = True) -> None:
        """Add or remove a reaction."""
        await self._do("react", user=user, channel=channel, ts=ts, name=name, add=add)

    async def pin(self, user: str, channel: str, ts: str) -> None:
        """Pin a message to its channel."""
        await self._do("pin", user=user, channel=channel, ts=ts)

    async def unpin(self, user: str, channel: str, ts: str) -> None:
        """Take a pin away, whoever set it."""
        await self._do("unpin", user=user, channel=channel, ts=ts)

    async def command(self, user: str, channel: str, text: str, *, thread_ts: str | None = None) -> Taken:
        """Run a slash command, typed in full (``/kostprobe help``); returns after the acknowledgement."""
        answer = await self._do("command", user=user, channel=channel, text=text, thread_ts=thread_ts)
        return Taken(**answer)

    async def click(
        self,
        user: str,
        channel: str,
        ts: str,
        action_id: str,
        *,
        block_id: str | None = None,
        value: Any = None,
    ) -> Taken:
        """Click a button or choose in a select of a message.

        Args:
            user: Who.
            channel: Where.
            ts: The message, also an ephemeral one.
            action_id: Of the element.
            block_id: None when the action id is enough.
            value: An option's value, a list of them, or ``positive`` / ``negative`` for feedback buttons.
        """
        answer = await self._do(
            "click", user=user, channel=channel, ts=ts, action_id=action_id, block_id=block_id, value=value
        )
        return Taken(**answer)

    async def stop(self, user: str, channel: str, thread_ts: str) -> list[str]:
        """Press Slack's own Stop button of an agent in a thread; returns the ts of the streams it stopped."""
        return list((await self._do("stop", user=user, channel=channel, thread_ts=thread_ts))["streams"])

    async def press(self, user: str, line: Line, label: str, value: Any = None) -> Taken:
        """Click the element of a message that has this label or action id."""
        button = line.button(label)
        return await self.click(
            user,
            line.channel,
            line.ts,
            button.action_id,
            block_id=button.block_id,
            value=value or button.value,
        )

    async def shortcut(
        self, user: str, callback_id: str, *, channel: str | None = None, ts: str | None = None
    ) -> Taken:
        """Use a message shortcut (with channel and ts) or a global one."""
        return Taken(**await self._do("shortcut", user=user, callback_id=callback_id, channel=channel, ts=ts))

    async def open_home(self, user: str, *, app_id: str | None = None, tab: str = "home") -> None:
        """Open App Home of the first app or the one named."""
        await self._do("open_home", user=user, app_id=app_id, tab=tab)
