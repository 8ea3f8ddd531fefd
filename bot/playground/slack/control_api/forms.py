"""What people do with modals and Home tabs."""

import base64

from bot.playground.slack.control_api.verbs import Verbs, taken
from bot.playground.slack.models import Json


class FormsVerbs(Verbs):
    """What people do with modals and Home tabs."""

    async def act(self, body: Json) -> Json:
        """Click or choose in a view: user, action_id, view_id, block_id, value."""
        return taken(await self.people.modals.act(**body))

    async def suggest(self, body: Json) -> Json:
        """Type into a menu whose options the app is asked for.

        Takes user, action_id, typed, block_id, and view_id, or channel and ts of a message.
        """
        if body.get("ts"):
            return await self.people.suggest(**{"typed": "", **body})
        return await self.people.modals.suggest(**{"typed": "", **body})

    async def upload(self, body: Json) -> Json:
        """Upload a file for a field of a form, and return it: user, name, content (base64)."""
        content = base64.b64decode(body["content"], validate=True)
        return self.people.modals.upload(body["user"], body["name"], content)

    async def submit(self, body: Json) -> Json:
        """Fill in and submit a modal: user, values, view_id."""
        return await self.people.modals.submit(**{"values": {}, **body})

    async def close_view(self, body: Json) -> None:
        """Close a modal: user, view_id, whole."""
        await self.people.modals.close(**body)
