"""Buttons by which people ask for the right to administer a channel, and admins give it."""

from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.ids import ChannelKey
from bot.services.access import Access
from bot.slack import ids
from bot.slack.callers import Caller
from bot.slack.inbound import clicker
from bot.slack.reception import Reception
from bot.slack.views import access as views


@dataclass(frozen=True, slots=True)
class AccessListeners:
    """Takes in requests and decisions."""

    access: Access
    reception: Reception

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.action(ids.REQUEST_ACCESS)(self.on_request)
        app.action(ids.ALLOW_ACCESS)(self.on_decision)
        app.action(ids.DENY_ACCESS)(self.on_decision)

    async def on_request(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Ask the admins, and tell the person so."""
        caller = clicker(body, self.reception.me)
        channel = ids.channel_in(body["actions"][0].get("value") or "") or caller.place.channel
        await ack()
        self.reception.later("access", caller, lambda: self._request(caller, channel))

    async def on_decision(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Decide, and put what was decided in place of the question."""
        caller = clicker(body, self.reception.me)
        action = body["actions"][0]
        await ack()
        allow = action["action_id"] == ids.ALLOW_ACCESS
        ts = (body.get("container") or {}).get("message_ts")
        self.reception.later("access", caller, lambda: self._decide(caller, action["value"], ts, allow=allow))

    async def _request(self, caller: Caller, channel: str) -> None:
        place = ChannelKey(caller.place.team, ids.checked_channel(channel))
        earlier = await self.access.request(place, caller.user)
        rendered = views.requested(self.reception.words(caller), earlier)
        await self.reception.whisper.tell(caller, rendered, replace=True)

    async def _decide(self, caller: Caller, value: str, ts: str | None, *, allow: bool) -> None:
        channel, user = ids.unpack_access(value)
        place = ChannelKey(caller.place.team, channel)
        request = await self.access.decide(place, caller.user, user, allow=allow)
        rendered = views.settled(self.reception.words(caller), place, request)
        await self.reception.whisper.rewrite(caller, ts, rendered)
