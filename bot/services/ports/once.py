"""What is done once, whichever process comes to it first."""

from datetime import timedelta
from typing import Protocol

from bot.domain.ids import TeamId


class Once(Protocol):
    """What is done once in a time, whichever process comes to it."""

    async def first(self, team: TeamId, key: str, again_after: timedelta) -> bool:
        """Whether nobody has come to this in that time; from now on somebody has."""
        ...

    async def forget(self, team: TeamId, key: str) -> None:
        """Have nobody come to this: it did not work out."""
        ...
