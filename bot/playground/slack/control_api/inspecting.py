"""What crossed the wire."""

from bot.playground.slack.control_api.verbs import Verbs
from bot.playground.slack.models import Json


class InspectingVerbs(Verbs):
    """What crossed the wire."""

    async def log(self, body: Json) -> Json:
        """Return the record of envelopes and calls: since (a seq), name, kind."""
        found = [
            entry.to_json()
            for entry in self.core.traffic.since(int(body.get("since") or 0))
            if body.get("name") in {None, entry.name} and body.get("kind") in {None, entry.kind}
        ]
        return {"entries": found}
