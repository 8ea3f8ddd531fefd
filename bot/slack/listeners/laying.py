"""The form in which a tasting is laid, and the confirmation of what it costs."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.errors import BotError, Code, Refusal
from bot.domain.ids import ChannelId, ChannelKey
from bot.domain.menu_source import MenuSource
from bot.services.hosting import Hosting
from bot.services.laying import Wanted
from bot.slack import taste_wire as wire
from bot.slack.callers import Caller
from bot.slack.ids import checked_channel
from bot.slack.inbound import clicker
from bot.slack.reception import Reception
from bot.slack.taste_wire import Form
from bot.slack.texts import Words
from bot.slack.views.ballots import notice_modal
from bot.slack.views.refusals import refused_at_field
from bot.slack.views.taste_form import field_for, shows_field_for, sums, taste_form, with_field_for

_FIELDS = {
    Code.TASTING_VOTERS: wire.VOTERS,
    Code.NOT_A_VOTER: wire.VOTERS,
    Code.NOT_A_MEMBER: wire.VOTERS,
    Code.TASTING_SAME: wire.SECOND,
    Code.BAD_VALUE: wire.COUNT,
    Code.UNKNOWN_CONTESTANT: wire.FIRST,
    Code.SENSITIVE_CHANNEL: wire.FIRST,
}
"""At which field a refusal is said; all others where the questions are."""


@dataclass(frozen=True, slots=True)
class TasteForms:
    """Opens the form."""

    hosting: Hosting
    reception: Reception

    def open_later(
        self,
        trigger: str,
        caller: Caller,
        channel: ChannelId | None = None,
        chosen: str | None = None,
        ends: date | None = None,
    ) -> None:
        """Open the form once the command or click is acknowledged; the person is told when that cannot be done.

        Args:
            trigger: What a form is opened with.
            caller: Who wants it.
            channel: Where the tasting will be; None where the person is.
            chosen: A contestant that is chosen already.
            ends: When its model ends; None when that is not why it is tasted.
        """

        async def show() -> None:
            place = ChannelKey(caller.place.team, channel or caller.place.channel)
            choices = await self.hosting.choices(place, caller.user)
            words = self.reception.words(caller)
            view = taste_form(words, place.channel, caller.user, choices, chosen, ends=ends)
            await self.reception.whisper.open(caller, trigger, view)

        self.reception.later("taste form", caller, show)


@dataclass(frozen=True, slots=True)
class LayingListeners:
    """Takes in forms that are sent."""

    forms: TasteForms

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.action(wire.TASTE_HERE)(self.on_button)
        app.action(wire.MENU)(self.on_menu)
        app.view(wire.FORM)(self.on_form)
        app.view(wire.CONFIRM)(self.on_confirm)

    async def on_button(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Open the form."""
        caller = clicker(body, self.forms.reception.me)
        channel, chosen, ends = wire.unpack_here(body["actions"][0].get("value") or "")
        await ack()
        self.forms.open_later(body["trigger_id"], caller, channel, chosen, ends)

    async def on_menu(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Show the field that the chosen source of questions needs, and no other."""
        view = body["view"]
        caller = self._caller(body, wire.unpack_form(view["private_metadata"])[0])
        source = MenuSource.unpack(body["actions"][0]["selected_option"]["value"])
        await ack()
        if not shows_field_for(view, source):
            reception = self.forms.reception
            reception.later(
                "taste source",
                caller,
                lambda: reception.whisper.replace(view["id"], None, self._with_field(caller, view, source)),
            )

    async def on_form(self, body: dict[str, Any], view: dict[str, Any], ack: AsyncAck) -> None:
        """Store a draft, and show what it would cost; what does not fit is said at its field."""
        reception = self.forms.reception
        channel, ends = wire.unpack_form(view["private_metadata"])
        caller = self._caller(body, channel)
        words, form = reception.words(caller), wire.submitted(view["state"]["values"])
        source = MenuSource.unpack(form.menu)
        if not shows_field_for(view, source):  # sent before the field came
            await ack(response_action="update", view=self._with_field(caller, view, source))
            return
        if missing := _missing(words, form, source):
            await ack(response_action="errors", errors=missing)
            return
        laying = asyncio.ensure_future(self._lay(caller, form, ends))
        done, _ = await asyncio.wait({laying}, timeout=reception.patience.saving.total_seconds())
        if not done:
            await ack(response_action="update", view=notice_modal(words, words.say("form.one_moment")))
            reception.later("laying", caller, lambda: self._show(caller, view["id"], laying))
            return
        outcome = laying.result()
        if isinstance(outcome, BotError):
            at = _FIELDS.get(outcome.code, field_for(source) or wire.MENU)
            await ack(response_action="errors", errors={at: refused_at_field(words, outcome)})
        else:
            await ack(response_action="update", view=outcome)

    async def on_confirm(self, body: dict[str, Any], view: dict[str, Any], ack: AsyncAck) -> None:
        """Have the draft cooked."""
        reception = self.forms.reception
        channel, tasting = wire.unpack_place(view["private_metadata"])
        caller = self._caller(body, channel)
        await ack()

        async def begin() -> None:
            await self.forms.hosting.inviting.begin(caller.place, caller.user, tasting)

        reception.later("cook", caller, begin)

    def _caller(self, body: dict[str, Any], channel: str) -> Caller:
        known = clicker(body, self.forms.reception.me)
        return Caller(ChannelKey(known.place.team, checked_channel(channel)), known.user)

    def _with_field(self, caller: Caller, view: Mapping[str, Any], source: MenuSource) -> dict[str, Any]:
        words = self.forms.reception.words(caller)
        return with_field_for(words, view, source, self.forms.hosting.endings)

    async def _lay(self, caller: Caller, form: Form, ends: Mapping[str, date]) -> dict[str, Any] | BotError:
        words = self.forms.reception.words(caller)
        wanted = Wanted(
            rivals=(form.first, form.second),
            source=form.menu,
            dishes=(),
            count=form.count,
            part=form.part,
            invited=form.voters,
            span=timedelta(hours=form.hours),
            ends=ends,
        )
        source = MenuSource.unpack(form.menu)
        given = form.file or form.lines
        try:
            laid = await self.forms.hosting.lay(caller.place, caller.user, source, wanted, given)
        except BotError as error:
            if isinstance(error, Refusal):
                self.forms.reception.observer.fact("refused", code=error.code.value)
            return error
        return sums(words, laid)

    async def _show(
        self, caller: Caller, view_id: str, laying: asyncio.Future[dict[str, Any] | BotError]
    ) -> None:
        reception = self.forms.reception
        words, outcome = reception.words(caller), await laying
        if isinstance(outcome, BotError):
            outcome = notice_modal(words, reception.explained(words, outcome).text)
        await reception.whisper.replace(view_id, None, outcome)


def _missing(words: Words, form: Form, source: MenuSource) -> dict[str, str]:
    """Return what is said at fields before anything is looked up."""
    if form.first == form.second:
        return {wire.SECOND: words.plain("tasteform.same")}
    if field_for(source) == wire.LINES and not any(line.strip() for line in form.lines):
        return {wire.LINES: words.plain("tasteform.no_lines")}
    return {}
