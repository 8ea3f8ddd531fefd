"""Commands carried out: each a call of one service and a view of what it returns."""

from dataclasses import dataclass

from bot.domain.duel import Duel
from bot.domain.errors import Refusal
from bot.domain.ids import DuelId
from bot.domain.reports import DuelReport
from bot.services.access import Access
from bot.services.administering import Administering
from bot.services.bottling import Bottling
from bot.services.dueling import Dueling
from bot.services.enlisting import Enlisting
from bot.services.overseeing import Overseeing
from bot.services.privacy import Privacy
from bot.services.tending import Tending
from bot.slack.callers import Caller
from bot.slack.commands import (
    AdminsAdd,
    AdminsCommand,
    AdminsList,
    AdminsRemove,
    Ask,
    Bottle,
    Command,
    ConfigCommand,
    ConfigOpen,
    ConfigReset,
    ConfigSet,
    ConfigShow,
    ConfigUnset,
    DuelAsk,
    Duels,
    ForgetMe,
    Help,
    ModelAdd,
    ModelCommand,
    ModelList,
    ModelRemove,
    ModelTest,
    MyData,
    NoTraining,
    PersonaCommand,
    PersonaList,
    PersonaShow,
    PrivacyCommand,
    ShowPrivacy,
    ShowStatus,
    Taste,
    TuneCancel,
    TuneCommand,
    TuneList,
    TuneShow,
    TuneStart,
)
from bot.slack.identity import Identity
from bot.slack.texts import Words
from bot.slack.views import access, contestants, privacy, reports, tuning_jobs
from bot.slack.views.bottles import bottle_planned
from bot.slack.views.help import help_shown
from bot.slack.views.parts import Rendered
from bot.slack.views.taste_form import taste_offered

Answered = (
    Help
    | ConfigCommand
    | AdminsCommand
    | PersonaCommand
    | ModelCommand
    | TuneCommand
    | PrivacyCommand
    | Taste
    | Bottle
    | Duels
    | ShowStatus
)
"""Commands that are answered to one person; questions go another way."""
_QUICK = (
    Help,
    ConfigShow,
    AdminsList,
    PersonaList,
    PersonaShow,
    ModelList,
    ShowPrivacy,
    ForgetMe,
    NoTraining,
)


def is_quick(command: Command) -> bool:
    """Whether a command needs nothing but the store: neither Slack, to know an admin, nor an endpoint."""
    return isinstance(command, _QUICK)


@dataclass(frozen=True, slots=True)
class Desk:
    """Carries out commands."""

    me: Identity
    administering: Administering
    enlisting: Enlisting
    dueling: Dueling
    overseeing: Overseeing
    privacy: Privacy
    access: Access
    bottling: Bottling
    tending: Tending

    async def answer(  # noqa: PLR0911 (one for each kind of command)
        self, command: Command, caller: Caller, words: Words
    ) -> Rendered:
        """Carry out a command and return what the person is told.

        Raises:
            Refusal: The person may not, or something does not fit.
            Outage: A dependency does not answer.
        """
        match command:
            case ConfigOpen() | ConfigShow() | ConfigSet() | ConfigUnset() | ConfigReset():
                return await self._config(command, caller, words)
            case AdminsList() | AdminsAdd() | AdminsRemove():
                return await self._admins(command, caller, words)
            case PersonaList() | PersonaShow():
                return await self._persona(command, caller, words)
            case ModelList() | ModelAdd() | ModelTest() | ModelRemove():
                return await self._model(command, caller, words)
            case TuneStart() | TuneList() | TuneShow() | TuneCancel():
                return await self._tune(command, caller, words)
            case ShowPrivacy() | MyData() | ForgetMe() | NoTraining():
                return await self._privacy(command, caller, words)
            case Help() | Ask() | DuelAsk():
                return help_shown(words)
            case Taste() | Bottle():
                return await self._taste(command, caller, words)
            case Duels() | ShowStatus():
                return await self._look(command, caller, words)

    async def _taste(self, command: Taste | Bottle, caller: Caller, words: Words) -> Rendered:
        match command:
            case Taste():
                return taste_offered(words, caller.place.channel)
            case Bottle():
                plan = await self.bottling.plan(caller.place, caller.user, command.name, command.menu)
                return bottle_planned(words, caller.place, plan)

    async def _look(self, command: Duels | ShowStatus, caller: Caller, words: Words) -> Rendered:
        match command:
            case Duels():
                latest = await self.dueling.latest(caller.place)
                return reports.duels_listed(words, latest, links(self.me, latest))
            case ShowStatus():
                rights = self.administering.rights
                for_admin = await rights.is_admin(caller.place, caller.user, whole_team=True)
                status = await self.overseeing.status(caller.place.team, for_admin=for_admin)
                return reports.status_shown(words, status)

    async def _config(self, command: ConfigCommand, caller: Caller, words: Words) -> Rendered:
        place, user, default = caller.place, caller.user, command.default
        match command:
            case ConfigOpen():
                return await self._config_offered(caller, words, default=default)
            case ConfigShow():
                return reports.config_shown(words, await self.administering.show(place, default=default))
            case ConfigSet():
                change = await self.administering.change(place, user, command.settings, default=default)
                return reports.config_changed(words, change)
            case ConfigUnset():
                change = await self.administering.unset(place, user, command.keys, default=default)
                return reports.config_changed(words, change)
            case ConfigReset():
                change = await self.administering.reset(place, user, default=default)
                return reports.config_changed(words, change)

    async def _config_offered(self, caller: Caller, words: Words, *, default: bool) -> Rendered:
        report = await self.administering.show(caller.place, default=default)
        try:
            await self.administering.rights.check_admin(caller.place, caller.user, whole_team=default)
        except Refusal as refusal:
            return reports.config_refused(words, report, refusal)
        return reports.config_offered(words, report)

    async def _privacy(self, command: PrivacyCommand, caller: Caller, words: Words) -> Rendered:
        team, user = caller.place.team, caller.user
        match command:
            case ShowPrivacy():
                return privacy.privacy_shown(words, await self.privacy.report(caller.place, user))
            case MyData():
                return privacy.data_sent(words, await self.privacy.my_data(team, user))
            case ForgetMe():
                return privacy.forget_asked(words)
            case NoTraining(None):
                report = await self.privacy.report(caller.place, user)
                return privacy.training_shown(words, wished=report.no_training)
            case NoTraining(wished):
                await self.privacy.set_no_training(team, user, wished=bool(wished))
                return privacy.training_shown(words, wished=bool(wished))

    async def _tune(self, command: TuneCommand, caller: Caller, words: Words) -> Rendered:
        place, user = caller.place, caller.user
        match command:
            case TuneStart():
                return tuning_jobs.begun_elsewhere(words, place.team)
            case TuneList():
                return tuning_jobs.jobs_listed(words, await self.tending.list(place, user), place.team)
            case TuneShow():
                shown = await self.tending.show(place, user, command.which)
                if shown.place is None or shown.ts is None:
                    return tuning_jobs.job_shown(words, shown.job)
                link = self.me.link(shown.place.channel, shown.ts)
                return tuning_jobs.job_sent(words, shown.job, link)
            case TuneCancel():
                return tuning_jobs.job_cancelled(words, await self.tending.cancel(place, user, command.which))

    async def _admins(self, command: AdminsCommand, caller: Caller, words: Words) -> Rendered:
        place, user = caller.place, caller.user
        match command:
            case AdminsList():
                return access.admins_listed(words, await self.access.listed(place))
            case AdminsAdd():
                done = await self.access.add(place, user, command.user)
                return access.admin_changed(words, command.user, added=True, done=done)
            case AdminsRemove():
                done = await self.access.remove(place, user, command.user)
                return access.admin_changed(words, command.user, added=False, done=done)

    async def _persona(self, command: PersonaCommand, caller: Caller, words: Words) -> Rendered:
        match command:
            case PersonaList():
                found = await self.enlisting.personas(caller.place)
                return contestants.personas_listed(words, found)
            case PersonaShow():
                one = await self.enlisting.persona(caller.place, command.slug)
                return contestants.persona_shown(words, one)

    async def _model(self, command: ModelCommand, caller: Caller, words: Words) -> Rendered:
        place, user = caller.place, caller.user
        match command:
            case ModelList():
                registered = await self.enlisting.registered(place)
                return contestants.models_listed(words, registered)
            case ModelAdd():
                model, trial = await self.enlisting.add_model(place, user, command.name, command.settings)
                return contestants.model_added(words, model, trial)
            case ModelTest():
                return contestants.model_tested(
                    words, await self.enlisting.test_model(place, user, command.name)
                )
            case ModelRemove():
                await self.enlisting.remove_model(place, user, command.name)
                return contestants.model_removed(words, command.name)


def links(me: Identity, latest: list[DuelReport]) -> dict[DuelId, str]:
    """Return the address of each duel's answers that are posted, by its id."""
    return {report.duel.id: link for report in latest if (link := duel_link(me, report.duel))}


def duel_link(me: Identity, duel: Duel) -> str | None:
    """Return the address of a duel's answers; None while they are not posted."""
    place = duel.thread.place
    ts = duel.answers_ts or duel.ballot_ts
    if ts is None:
        return None
    return f"{me.link(place.channel, ts)}?thread_ts={duel.thread.conversation}&cid={place.channel}"
