"""Channels: who is in them, making and ending them."""

from collections.abc import Sequence

from bot.playground.slack.control.connection import Connection


class PlacesClient(Connection):
    """Channels: who is in them, making and ending them."""

    async def join(self, user: str, channel: str, *, inviter: str | None = None) -> bool:
        """Bring a person or a bot into a channel; False when they are in it."""
        return bool((await self._do("join", user=user, channel=channel, inviter=inviter))["joined"])

    async def leave(self, user: str, channel: str) -> bool:
        """Leave a channel; False when they are not in it."""
        return bool((await self._do("leave", user=user, channel=channel))["left"])

    async def archive(self, user: str, channel: str) -> None:
        """Archive a channel."""
        await self._do("archive", user=user, channel=channel)

    async def delete_channel(self, user: str, channel: str) -> None:
        """Delete a channel, as an admin."""
        await self._do("delete_channel", user=user, channel=channel)

    async def create_channel(
        self, name: str, *, members: Sequence[str] = (), private: bool = False, creator: str | None = None
    ) -> str:
        """Create a channel and return its id."""
        answer = await self._do(
            "create_channel", name=name, members=list(members), private=private, creator=creator
        )
        return str(answer["channel"])

    async def open_dm(self, user: str, other: str) -> str:
        """Return the id of the direct message between a person and another, or an app."""
        return str((await self._do("open_dm", user=user, other=other))["channel"])
