"""The button "Configure": shows who answers in the channel, and what changes it."""

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.ids import ChannelKey
from bot.slack import ids
from bot.slack.callers import Caller, caller_of
from bot.slack.commands import ConfigShow
from bot.slack.desk import Desk
from bot.slack.reception import Reception
from bot.slack.views.parts import Rendered, context


@dataclass(frozen=True, slots=True)
class ConfiguringListeners:
    """Answers the button to whoever pressed it, with the channel's config."""

    desk: Desk
    reception: Reception

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.action(ids.OPEN_CONFIG)(self.on_configure)

    async def on_configure(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Show the config, and the command that changes it."""
        caller = caller_of(body, self.reception.me)
        channel = ids.channel_in(body["actions"][0].get("value") or "")
        await ack()
        if caller is None or channel is None:
            return
        words = self.reception.words(caller)
        asked = Caller(ChannelKey(caller.place.team, channel), caller.user)

        async def show() -> None:
            shown = await self.desk.answer(ConfigShow(), asked, words)
            how = context(words.say("config.how"))
            await self.reception.whisper.tell(caller, Rendered(shown.text, [*shown.blocks, how.to_dict()]))

        self.reception.later("configure", caller, show)
