"""The config as a form: opened by command or button, taken back field by field."""

import asyncio
from dataclasses import dataclass
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.context.ack.async_ack import AsyncAck

from bot.domain.config_form import Outcome, Overtaken, Saved, Unfit
from bot.domain.errors import BotError, Code, Refusal
from bot.domain.ids import ChannelKey, UserId
from bot.services.configuring import Configuring
from bot.slack import config_wire as wire
from bot.slack import ids
from bot.slack.callers import Caller, caller_of
from bot.slack.config_wire import ConfigContext
from bot.slack.inbound import clicker
from bot.slack.reception import Reception
from bot.slack.texts import Words
from bot.slack.views.config_fields import MOST_OPTIONS, options_asked_for
from bot.slack.views.config_form import config_form, field_errors, in_its_place, one_moment
from bot.slack.views.parts import Rendered
from bot.slack.views.reports import config_changed, config_refused

Shown = dict[str, Any] | Rendered
"""The form, or what a person is told in its place."""


@dataclass(frozen=True, slots=True)
class ConfigForms:
    """Opens the form, or says why not."""

    configuring: Configuring
    reception: Reception

    def open_later(self, trigger: str, caller: Caller, at: ConfigContext) -> None:
        """Open the form once the command or click is acknowledged."""
        self.reception.later("config form", caller, lambda: self._open(trigger, caller, at))

    async def _open(self, trigger: str, caller: Caller, at: ConfigContext) -> None:
        whisper = self.reception.whisper
        preparing = asyncio.ensure_future(self._prepare(caller, at))
        done, _ = await asyncio.wait({preparing}, timeout=self.reception.patience.opening.total_seconds())
        if not done:
            words = self.reception.words(caller)
            try:
                opened = await whisper.open(caller, trigger, one_moment(words, at))
            except BaseException:
                preparing.cancel()
                raise
            view = _as_view(words, at, await preparing)
            await whisper.replace(opened["id"], opened["hash"], view)
            return
        shown = preparing.result()
        if isinstance(shown, Rendered) and not at.home:
            await whisper.tell(caller, shown, replace=True)
        else:
            await whisper.open(caller, trigger, _as_view(self.reception.words(caller), at, shown))

    async def _prepare(self, caller: Caller, at: ConfigContext) -> Shown:
        place = ChannelKey(caller.place.team, at.channel)
        try:
            form = await self.configuring.open(place, caller.user, default=at.default)
            return config_form(self.reception.words(caller), form, at)
        except BotError as error:
            words = self.reception.words(caller)
            if error.code is not Code.ADMINS_ONLY:
                return self.reception.explained(words, error)
            report = await self.configuring.administering.show(place, default=at.default)
            return config_refused(words, report, error)
        except Exception as error:  # noqa: BLE001 (the boundary of work behind a modal that is open already)
            return self.reception.explained(self.reception.words(caller), error)


@dataclass(frozen=True, slots=True)
class ConfigListeners:
    """Takes in clicks on "Configure" and forms that are sent."""

    forms: ConfigForms

    def register(self, app: AsyncApp) -> None:
        """Listen."""
        app.action(ids.OPEN_CONFIG)(self.on_button)
        app.view(wire.CONFIG_MODAL)(self.on_submission)
        app.options(wire.CHOICE)(self.on_options)

    async def on_button(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Open the form of the channel that the button names, or of the team's default."""
        caller = clicker(body, self.forms.reception.me)
        at = context_of(body["actions"][0].get("value") or "", caller)
        await ack()
        self.forms.open_later(body["trigger_id"], caller, at)

    async def on_options(self, body: dict[str, Any], ack: AsyncAck) -> None:
        """Return who can be named and whose name holds what was typed."""
        reception = self.forms.reception
        caller = Caller(ChannelKey(reception.me.team, body["user"]["id"]), UserId(body["user"]["id"]))
        choices = await self.forms.configuring.choices(reception.me.team)
        found = choices.like(body.get("value") or "", MOST_OPTIONS - 2)
        groups = options_asked_for(reception.words(caller), body["action_id"], found)
        await ack(option_groups=[group.to_dict() for group in groups])

    async def on_submission(self, body: dict[str, Any], view: dict[str, Any], ack: AsyncAck) -> None:
        """Check the fields, then rights, then write; what takes Slack long goes on after the acknowledgement."""
        reception, at = self.forms.reception, ConfigContext.unpack(view["private_metadata"])
        caller = caller_of(body, reception.me)
        if caller is None:
            raise ValueError("a form without a person")
        sent = Sent(self.forms, caller, at, view)
        unfit = await sent.check()
        if unfit is not None:
            await ack(response_action="errors", errors=sent.errors(unfit))
            return
        saving = asyncio.ensure_future(sent.save())
        done, _ = await asyncio.wait({saving}, timeout=reception.patience.saving.total_seconds())
        if done:
            await ack(**sent.answer(saving.result()))
            return
        await ack(response_action="update", view=one_moment(reception.words(caller), at))
        reception.later("config", caller, lambda: sent.answer_later(saving))


@dataclass(frozen=True, slots=True)
class Sent:
    """A form that was sent."""

    forms: ConfigForms
    caller: Caller
    at: ConfigContext
    view: dict[str, Any]

    @property
    def words(self) -> Words:
        """The words of who sent it."""
        return self.forms.reception.words(self.caller)

    async def check(self) -> Unfit | None:
        """Return what does not fit, without asking Slack."""
        submission = wire.submitted(self.view["state"]["values"], self.at)
        return await self.forms.configuring.check(self._place, submission, default=self.at.default)

    async def save(self) -> Outcome | Rendered:
        """Write it, or return why not."""
        submission = wire.submitted(self.view["state"]["values"], self.at)
        try:
            if (gone := await self._gone()) is not None:
                return gone
            return await self.forms.configuring.submit(
                self._place, self.caller.user, submission, default=self.at.default
            )
        except Exception as error:  # noqa: BLE001 (the boundary of work that an acknowledgement waits for)
            return self.forms.reception.explained(self.words, error)

    async def _gone(self) -> Unfit | None:
        """Return, at the first field, that the bot is not in the channel (any more); None when it is."""
        try:
            if not self.at.default:
                await self.forms.reception.chat.people.check_member(self._place)
        except Refusal as refusal:
            return Unfit({"answer": refusal})
        return None

    def errors(self, unfit: Unfit) -> dict[str, str]:
        """Return what is said at which field."""
        values = wire.submitted(self.view["state"]["values"], self.at).values
        return field_errors(self.words, unfit, values, self.at.version)

    def answer(self, outcome: Outcome | Rendered) -> dict[str, Any]:
        """Return the acknowledgement; what was written is told beside it."""
        match outcome:
            case Saved(change):
                if not self.at.home:
                    self.forms.reception.tell(self.caller, config_changed(self.words, change))
                return {}
            case Unfit():
                return {"response_action": "errors", "errors": self.errors(outcome)}
            case _:
                return {"response_action": "update", "view": self._instead(outcome)}

    async def answer_later(self, saving: asyncio.Future[Outcome | Rendered]) -> None:
        """Show what came of it in the modal."""
        view = self._instead(await saving)
        await self.forms.reception.whisper.replace(self.view["id"], None, view)

    def _instead(self, outcome: Outcome | Rendered) -> dict[str, Any]:
        match outcome:
            case Overtaken(form):
                return config_form(self.words, form, self.at)
            case Saved(change):
                return in_its_place(self.words, self.at, config_changed(self.words, change))
            case Unfit(errors):
                first = next(iter(errors.values()))
                return in_its_place(self.words, self.at, self.forms.reception.explained(self.words, first))
            case Rendered():
                return in_its_place(self.words, self.at, outcome)

    @property
    def _place(self) -> ChannelKey:
        return ChannelKey(self.caller.place.team, self.at.channel)


def context_of(value: str, caller: Caller) -> ConfigContext:
    """Return what the form is of that a button's value names: a channel, or the team's default."""
    channel = ids.channel_in(value) if value != wire.DEFAULT else None
    return ConfigContext(
        channel or caller.place.channel,
        default=value == wire.DEFAULT,
        home=caller.direct,
        root=caller.root,
    )


def _as_view(words: Words, at: ConfigContext, shown: Shown) -> dict[str, Any]:
    return in_its_place(words, at, shown) if isinstance(shown, Rendered) else shown
