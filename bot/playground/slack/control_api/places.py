"""Channels: who is in them, making and ending them."""

from bot.playground.slack.control_api.verbs import Verbs
from bot.playground.slack.models import Channel, Json


class PlacesVerbs(Verbs):
    """Channels: who is in them, making and ending them."""

    async def join(self, body: Json) -> Json:
        """Join a channel: user, channel, inviter."""
        return {"joined": self.people.join(**body)}

    async def leave(self, body: Json) -> Json:
        """Leave a channel: user, channel."""
        return {"left": self.people.leave(**body)}

    async def archive(self, body: Json) -> None:
        """Archive a channel: user, channel."""
        self.people.archive(**body)

    async def delete_channel(self, body: Json) -> None:
        """Delete a channel, as an admin: user, channel."""
        self.people.delete_channel(**body)

    async def create_channel(self, body: Json) -> Json:
        """Create a channel: name, private, members, creator."""
        core = self.core
        identity = core.workspace.stamps.next(core.clock()).replace(".", "")[-9:]
        members = [core.workspace.user(name).id for name in body.get("members", ())]
        channel = core.workspace.add_channel(
            Channel(
                f"C0{identity}",
                body["name"],
                "group" if body.get("private") else "channel",
                members,
                core.workspace.user(body["creator"]).id if body.get("creator") else next(iter(members), None),
                created=int(core.clock()),
            )
        )
        return {"channel": channel.id}

    async def open_dm(self, body: Json) -> Json:
        """Return the direct message of a person with another or an app: user, other."""
        core, person = self.core, self.people.person(body["user"])
        other = core.workspace.user(body["other"])
        return {"channel": core.workspace.direct([person.id, other.id], core.clock())[0].id}
