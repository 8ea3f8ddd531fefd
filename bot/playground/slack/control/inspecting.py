"""What crossed the wire."""

from bot.playground.slack.control.connection import Connection
from bot.playground.slack.models import Json


class InspectingClient(Connection):
    """What crossed the wire."""

    async def log(self, *, since: int = 0, name: str | None = None, kind: str | None = None) -> list[Json]:
        """Return the record of envelopes (kind ``envelope``) and calls (``call``) after number `since`."""
        entries: list[Json] = (await self._do("log", since=since, name=name, kind=kind))["entries"]
        return entries

    async def calls(self, method: str) -> list[Json]:
        """Return the arguments of all calls of a Web API method, oldest first."""
        return [entry["request"] for entry in await self.log(name=method, kind="call")]
