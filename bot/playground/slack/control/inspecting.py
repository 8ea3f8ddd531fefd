"""What crossed the wire, and sending it again."""

from bot.playground.slack.control.connection import Connection
from bot.playground.slack.control_values import Exported, Replayed
from bot.playground.slack.models import Json
from bot.playground.slack.script_words import WORDS


class InspectingClient(Connection):
    """What crossed the wire, and sending it again."""

    async def log(self, *, since: int = 0, name: str | None = None, kind: str | None = None) -> list[Json]:
        """Return the record of envelopes (kind ``envelope``) and calls (``call``) after number `since`."""
        entries: list[Json] = (await self._do("log", since=since, name=name, kind=kind))["entries"]
        return entries

    async def calls(self, method: str) -> list[Json]:
        """Return the arguments of all calls of a Web API method, oldest first."""
        return [entry["request"] for entry in await self.log(name=method, kind="call")]

    async def entry(self, seq: int) -> Json:
        """Return one entry of the record by its number."""
        return await self._do("entry", seq=seq)

    async def replay(self, seq: int, *, fresh: bool = False) -> Replayed:
        """Send an envelope of the record to its app again; returns after the acknowledgement, for an event at once.

        Args:
            seq: Number of its entry.
            fresh: Whether an event is to be news to the app: with a new ``event_id``, and for a message with a copy
                of it in the channel. Otherwise it comes as when Slack sends an event twice.
        """
        return Replayed(**await self._do("replay", seq=seq, fresh=fresh))

    async def script(self, *, since: int = 0, words: int = WORDS) -> Exported:
        """Return what people did as a script for ``kostprobe play --script``, with what they are to see.

        Args:
            since: Acts before this entry of the record are left out; 0 means all since the seed.
            words: Of an app's own words, so many are expected; 0 expects only that something is said.
        """
        return Exported(**await self._do("script", since=since, words=words))
