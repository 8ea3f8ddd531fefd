"""Tastings: buttons of the invitation, the pair in the direct message, the modal with both answers."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.course import Move
from bot.domain.errors import BotError, Code
from bot.domain.ids import ChannelId, ChannelKey, MessageTs, TastingId, UserId, message_ts
from bot.services.bottling import Bottling
from bot.services.inviting import Inviting
from bot.services.ports import Taken
from bot.services.tasting_room import Page
from bot.slack import ids
from bot.slack import taste_wire as wire
from bot.slack.callers import Caller
from bot.slack.inbound import clicker
from bot.slack.reception import Reception
from bot.slack.taste_wire import Seat
from bot.slack.texts import Safe
from bot.slack.views import tasting_page as views
from bot.slack.views.ballots import notice_modal
from bot.slack.views.bottles import bottle_begun
from bot.slack.views.parts import notice
from bot.slack.views.refusals import refused

_ENDS = frozenset({Code.TASTING_OVER, Code.TASTING_GONE, Code.NOT_A_MEMBER, Code.NOT_INVITED})
"""Refusals after which a pair has nothing to be voted on any more."""


@dataclass(frozen=True, slots=True)
class TastingListeners:
    """Takes in what voters do."""

    inviting: Inviting
    bottling: Bottling
    reception: Reception

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.action(wire.TASTE_ALONG)(self.on_along)
        app.action(wire.TASTE_MINE)(self.on_mine)
        app.action(wire.TASTE_OFF)(self.on_off)
        app.action(wire.MOVE)(self.on_move)
        app.action(wire.READ)(self.on_read)
        app.view(wire.READING)(self.on_reading)
        app.action(wire.BOTTLE)(self.on_bottle)
        app.action(wire.BOTTLE_NOW)(self.on_bottle_now)

    async def on_bottle(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Have a contestant's answers bottled."""
        caller = clicker(body, self.reception.me)
        channel, fingerprint, menu = wire.unpack_bottle(body["actions"][0]["value"])
        place = ChannelKey(caller.place.team, channel)

        async def begin() -> None:
            await self.bottling.begin(place, caller.user, fingerprint, menu)
            said = bottle_begun(self.reception.words(caller))
            await self.reception.whisper.tell(caller, said, replace=True)

        await self._later(ack, caller, begin)

    async def on_bottle_now(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Have a contestant's answers bottled to a menu that fits; the message with the button stays."""
        caller = clicker(body, self.reception.me)
        channel, name, _ = wire.unpack_here(body["actions"][0]["value"])
        place = ChannelKey(caller.place.team, channel or caller.place.channel)

        async def begin() -> None:
            plan = await self.bottling.plan_own(place, caller.user, name or "")
            await self.bottling.begin(place, caller.user, plan.fingerprint, plan.source.pack())
            await self.reception.whisper.tell(caller, bottle_begun(self.reception.words(caller), plan))

        await self._later(ack, caller, begin)

    async def on_along(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Send the person the pair in front of them, in the direct message with them."""
        caller, place, tasting = self._clicked(body)

        async def send() -> None:
            page = await self.inviting.page(place, caller.user, tasting)
            rendered = views.page(self.reception.words(caller), page)
            there = await self.reception.whisper.direct(caller.user, rendered)
            link = Safe(f"<{self.reception.me.link(*there)}|")
            said = self.reception.words(caller).say("tastings.opened_in_dm", link=link, end=Safe(">"))
            await self.reception.whisper.tell(caller, notice(said))

        await self._later(ack, caller, send)

    async def on_mine(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Take the person's own questions out."""
        caller, place, tasting = self._clicked(body)

        async def take() -> None:
            count = await self.inviting.take_out_mine(place, caller.user, tasting)
            words = self.reception.words(caller)
            said = (
                words.say("tastings.mine_out", count=count) if count else words.say("tastings.none_of_yours")
            )
            await self.reception.whisper.tell(caller, notice(said))

        await self._later(ack, caller, take)

    async def on_off(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Call the tasting off for a person who may."""
        caller, place, tasting = self._clicked(body)

        async def call_off() -> None:
            await self.inviting.call_off(place, caller.user, tasting)
            said = notice(self.reception.words(caller).say("tastings.off_done"))
            await self.reception.whisper.tell(caller, said)

        await self._later(ack, caller, call_off)

    async def on_move(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Store the move, acknowledge it, then put the next pair in place of this one."""
        caller, action = clicker(body, self.reception.me), body["actions"][0]
        seat, what = Seat.unpack(action["value"]), wire.moved(action["action_id"])
        message = (body.get("container") or {}).get("message_ts") or body["message"]["ts"]
        moving = await self.reception.begin(self._move(caller, seat, what))
        await ack()
        there = caller.place.channel, message_ts(message)
        self.reception.later("taste", caller, lambda: self._turn(caller, there, moving))

    async def on_read(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Open both answers in full."""
        caller = clicker(body, self.reception.me)
        seat = Seat.unpack(body["actions"][0]["value"])
        message = (body.get("container") or {}).get("message_ts") or body["message"]["ts"]

        async def show() -> None:
            place = ChannelKey(caller.place.team, seat.channel)
            page = await self.inviting.page(place, caller.user, seat.tasting)
            now = Seat(seat.channel, seat.tasting, page.over, page.question)
            words = self.reception.words(caller)
            if page.question is None:
                view = notice_modal(words, views.page(words, page).text)
            else:
                view = views.both_in_full(words, page, wire.pack_reading(now, caller.place.channel, message))
            await self.reception.whisper.open(caller, body["trigger_id"], view)

        await self._later(ack, caller, show)

    async def on_reading(self, body: dict[str, Any], view: dict[str, Any], ack: AsyncAck) -> None:
        """Store the vote of the modal; without one it just closes."""
        seat, channel, ts = wire.unpack_reading(view["private_metadata"])
        user = UserId(body["user"]["id"])
        caller = Caller(ChannelKey(self.reception.me.team, channel), user, direct=True)
        choice = ids.submitted_choice(view["state"]["values"])
        if choice is None:
            await ack()
            return
        moving = await self.reception.begin(self._move(caller, seat, Move(choice.value)))
        await ack()
        self.reception.later("taste", caller, lambda: self._turn(caller, (channel, ts), moving))

    def _clicked(self, body: dict[str, Any]) -> tuple[Caller, ChannelKey, TastingId]:
        """Return who clicked under an invitation, and to which tasting of which channel that belongs."""
        caller = clicker(body, self.reception.me)
        channel, tasting = wire.unpack_place(body["actions"][0]["value"])
        return caller, ChannelKey(caller.place.team, channel), tasting

    async def _later(self, ack: AsyncAck, caller: Caller, work: Callable[[], Awaitable[None]]) -> None:
        await ack()
        self.reception.later("taste", caller, work)

    async def _move(self, caller: Caller, seat: Seat, what: Move | None) -> tuple[Page, Taken]:
        place = ChannelKey(caller.place.team, seat.channel)
        page, taken = await self.inviting.move(
            place, caller.user, seat.tasting, move=what, on=seat.question, over=seat.over
        )
        if taken is Taken.TAKEN:
            self.reception.background.spawn("settle", self.inviting.settle(page))
        return page, taken

    async def _turn(
        self, caller: Caller, there: tuple[ChannelId, MessageTs], moving: asyncio.Future[tuple[Page, Taken]]
    ) -> None:
        """Put what the voter has in front of them in place of the message that they clicked in."""
        words = self.reception.words(caller)
        at = Caller(ChannelKey(caller.place.team, there[0]), caller.user, direct=True)
        try:
            page, taken = await moving
        except BotError as error:
            if error.code not in _ENDS:
                raise
            await self.reception.whisper.rewrite(at, there[1], views.ended(refused(words, error).text))
            return
        rendered = views.page(words, page, moved_on=taken is Taken.MOVED_ON)
        await self.reception.whisper.rewrite(at, there[1], rendered)
