"""Acts of people on messages."""

from bot.playground.slack.control_api.verbs import Verbs, taken
from bot.playground.slack.models import Json


class ActingVerbs(Verbs):
    """Acts of people on messages."""

    async def say(self, body: Json) -> Json:
        """Post as a person: user, channel, text, thread_ts, files, broadcast."""
        message = self.people.say(**body)
        return {"ts": message.ts, "channel": message.channel, "thread_ts": message.thread_ts}

    async def edit(self, body: Json) -> None:
        """Edit one's own message: user, channel, ts, text."""
        self.people.edit(**body)

    async def delete(self, body: Json) -> None:
        """Delete one's own message, as an admin anybody's: user, channel, ts."""
        self.people.delete(**body)

    async def react(self, body: Json) -> None:
        """React: user, channel, ts, name, add."""
        self.people.react(**body)

    async def pin(self, body: Json) -> None:
        """Pin a message to its channel: user, channel, ts."""
        self.people.pin(**body)

    async def unpin(self, body: Json) -> None:
        """Take a pin away: user, channel, ts."""
        self.people.unpin(**body)

    async def command(self, body: Json) -> Json:
        """Run a slash command: user, channel, text (in full), thread_ts."""
        return taken(await self.people.command(**body))

    async def click(self, body: Json) -> Json:
        """Click or choose in a message: user, channel, ts, action_id, block_id, value."""
        return taken(await self.people.click(**body))

    async def stop(self, body: Json) -> Json:
        """Press Slack's own Stop button of an agent: user, channel, thread_ts, app_id."""
        return {"streams": self.people.stop(**body)}

    async def shortcut(self, body: Json) -> Json:
        """Use a shortcut: user, callback_id, channel, ts."""
        return taken(await self.people.shortcut(**body))

    async def open_home(self, body: Json) -> None:
        """Open App Home: user, app_id, tab."""
        self.people.open_home(**body)
