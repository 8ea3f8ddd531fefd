"""What crossed the wire, and sending it again."""

from bot.playground.slack.control_api.verbs import Verbs
from bot.playground.slack.errors import ControlError
from bot.playground.slack.models import Json
from bot.playground.slack.replay import Replay
from bot.playground.slack.script_export import ScriptWriter
from bot.playground.slack.script_words import WORDS


class InspectingVerbs(Verbs):
    """What crossed the wire, and sending it again."""

    async def log(self, body: Json) -> Json:
        """Return the record of envelopes and calls: since (a seq), name, kind."""
        found = [
            entry.to_json()
            for entry in self.core.traffic.since(int(body.get("since") or 0))
            if body.get("name") in {None, entry.name} and body.get("kind") in {None, entry.kind}
        ]
        return {"entries": found}

    async def entry(self, body: Json) -> Json:
        """Return one entry of the record: seq."""
        found = self.core.traffic.find(int(body["seq"]))
        if found is None:
            raise ControlError(f"entry {body['seq']} is forgotten, or never was", 404)
        return found.to_json()

    async def replay(self, body: Json) -> Json:
        """Send an envelope of the record to its app again: seq, fresh."""
        found = self.core.traffic.find(int(body["seq"]))
        if found is None:
            raise ControlError(f"entry {body['seq']} is forgotten, or never was", 404)
        return await Replay(self.people).send(found, fresh=bool(body.get("fresh")))

    async def script(self, body: Json) -> Json:
        """Return what people did as a script for ``kostprobe play --script``: since (a seq), words."""
        writer = ScriptWriter(self.acts, int(body.get("words", WORDS)))
        yaml, acts = writer.write(int(body.get("since") or 0))
        return {"yaml": yaml, "acts": acts}
