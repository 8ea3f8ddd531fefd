"""Being forgotten, and channels that are gone."""

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.ids import ChannelId, ChannelKey, MessageTs, message_ts
from bot.services.privacy import Privacy
from bot.slack import ids
from bot.slack.callers import caller_of
from bot.slack.reception import Reception
from bot.slack.views.privacy import forgotten


@dataclass(frozen=True, slots=True)
class PrivacyListeners:
    """Takes in what has something to be deleted."""

    privacy: Privacy
    reception: Reception

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.action(ids.FORGET_ME)(self.on_forget)
        app.event("channel_deleted")(self.on_deleted)
        app.event("group_deleted")(self.on_deleted)
        app.event("channel_archive")(self.on_left)
        app.event("group_archive")(self.on_left)
        app.event("channel_left")(self.on_left)
        app.event("group_left")(self.on_left)
        app.event("member_left_channel")(self.on_member_left)

    async def on_forget(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Acknowledge, then forget the person who clicked, whoever the button was shown to."""
        caller = caller_of(body, self.reception.me)
        if caller is None:
            raise ValueError("a click without a channel")
        await ack()

        async def forget() -> None:
            done = await self.privacy.forget(caller.place.team, caller.user)
            rendered = forgotten(self.reception.words(caller), done)
            await self.reception.whisper.tell(caller, rendered, replace=True)

        self.reception.later("forget", caller, forget)

    async def on_deleted(self, event: dict[str, Any], ack: AsyncAck) -> None:
        """Have the texts of a channel that was deleted deleted too, then acknowledge."""
        await self.privacy.deleted(*self._gone(event))
        await ack()

    async def on_left(self, event: dict[str, Any], ack: AsyncAck) -> None:
        """Have what waits in a channel dropped where nothing can be said any more, then acknowledge."""
        await self.privacy.left(*self._gone(event))
        await ack()

    async def on_member_left(self, event: dict[str, Any], ack: AsyncAck) -> None:
        """The same when it is the bot that has left; of others nothing follows."""
        if event["user"] == self.reception.me.user:
            await self.privacy.left(*self._gone(event))
        await ack()

    def _gone(self, event: dict[str, Any]) -> tuple[ChannelKey, MessageTs]:
        """Which channel, no more remembered as one of ours, and when by Slack's clock, which is that of questions."""
        place = ChannelKey(self.reception.me.team, ChannelId(event["channel"]))
        self.reception.chat.people.forget_channel(place)
        return place, message_ts(event["event_ts"])
