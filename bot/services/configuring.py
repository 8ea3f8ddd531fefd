"""A config as a form: opened, checked field by field, and written over the version it was opened with."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.channel_config import ChannelConfig, Rules, differences, show_value
from bot.domain.config_form import (
    Choices,
    ConfigForm,
    Meanwhile,
    Outcome,
    Overtaken,
    Saved,
    Submission,
    Unfit,
    merged,
)
from bot.domain.contestant import Roster
from bot.domain.errors import Code, Refusal
from bot.domain.ids import ChannelKey, TeamId, UserId
from bot.domain.locale import DEFAULT_LANGUAGE
from bot.services.administering import Administering, config_subject
from bot.services.config_reports import is_idle_fallback
from bot.services.ports import AuditEntry, Stored, TeamFacts

_LOOKED_BACK = 200
"""Entries of the audit stream among which those are looked for who wrote meanwhile."""


@dataclass(frozen=True, slots=True)
class Configuring:
    """Opens forms and takes them back."""

    administering: Administering

    async def open(self, place: ChannelKey, user: UserId, *, default: bool = False) -> ConfigForm:
        """Return the form of a channel's config, or of the team's default.

        Raises:
            Refusal: The person may not change it.
        """
        await self.administering.rights.check_admin(place, user, whole_team=default)
        stored, facts = await self.administering.read(place, default=default)
        return await self._form(place, stored, facts, stored.config.to_document(), default=default)

    async def choices(self, team: TeamId) -> Choices:
        """Return who can be named in a config."""
        facts = await self.administering.configs.team(team)
        return _choices(self.administering.contestants.roster(facts))

    async def check(
        self, place: ChannelKey, submission: Submission, *, default: bool = False
    ) -> Unfit | None:
        """Return what does not fit, by field, with the store's knowledge alone; None when all fits."""
        stored, facts = await self.administering.read(place, default=default)
        read = self._read(submission.values, stored, facts, default=default)
        return read if isinstance(read, Unfit) else None

    async def submit(
        self, place: ChannelKey, user: UserId, submission: Submission, *, default: bool = False
    ) -> Outcome:
        """Write what a person filled in, unless somebody else has written since the form was opened.

        A form sent twice is written once: the second time it is so already.

        Raises:
            Refusal: The person may not (any more).
        """
        await self.administering.rights.check_admin(place, user, whole_team=default)
        while True:
            stored, facts = await self.administering.read(place, default=default)
            read = self._read(submission.values, stored, facts, default=default)
            if isinstance(read, Unfit):
                return read
            if read != stored.config and _is_overtaken(stored, submission):
                return await self._overtaken(place, stored, facts, submission, default=default)
            change = await self.administering.save(place, user, stored, read, facts, default=default)
            if change is not None:
                return Saved(change)

    def _read(
        self, values: Mapping[str, str], stored: Stored, facts: TeamFacts, *, default: bool
    ) -> ChannelConfig | Unfit:
        """Read every field, those that do not fit each by itself, then all together."""
        errors: dict[str, Refusal] = {}
        for key, text in values.items():
            try:
                self.administering.applied(ChannelConfig(), {key: text}, facts)
            except Refusal as refusal:
                if refusal.code is not Code.FALLBACK_IS_ANSWER:  # the answer may be filled in as well
                    errors[key] = refusal
        if errors:
            return Unfit(errors)
        try:
            config = self.administering.applied(ChannelConfig(), values, facts)
            if config != stored.config:
                self.administering.check_house(config, replace(facts, defaults=config) if default else facts)
        except Refusal as refusal:
            return Unfit({_field(refusal, values): refusal})
        return config

    async def _overtaken(
        self, place: ChannelKey, stored: Stored, facts: TeamFacts, submission: Submission, *, default: bool
    ) -> Overtaken:
        now = stored.config.to_document()
        values = merged(submission.values, submission.base, now)
        form = await self._form(place, stored, facts, values, default=default)
        changed = differences(submission.base, now)
        found = await self.administering.configs.audited(place.team, _LOOKED_BACK)
        since = _since(found, submission.version, config_subject(place, default=default))
        meanwhile = tuple(_meanwhile(key, texts, since) for key, texts in changed.items())
        return Overtaken(replace(form, meanwhile=meanwhile))

    async def _form(
        self,
        place: ChannelKey,
        stored: Stored,
        facts: TeamFacts,
        values: Mapping[str, str],
        *,
        default: bool,
    ) -> ConfigForm:
        administering = self.administering
        roster = administering.contestants.roster(facts)
        under = replace(facts, defaults=ChannelConfig()) if default else facts
        estimate = None
        if not default:
            held = administering.holding(stored.config, facts)
            estimate = await administering.estimating.all_duels(place, held, roster)
        return ConfigForm(
            place=place,
            default=default,
            version=stored.version,
            base=stored.config.to_document(),
            values=values,
            below=self._below(stored.config, under, roster),
            choices=_choices(roster),
            languages=administering.languages,
            estimate=estimate,
        )

    def _below(self, own: ChannelConfig, facts: TeamFacts, roster: Roster) -> dict[str, str]:
        """Return what holds where fields are left open; nobody stands in who answers here anyway."""
        below = self.administering.holding(ChannelConfig(), facts)
        if is_idle_fallback(self.administering.holding(replace(own, fallback=None), facts), roster):
            below = replace(below, fallback=None)
        return {"language": DEFAULT_LANGUAGE, **_document(below)}


def _is_overtaken(stored: Stored, submission: Submission) -> bool:
    return stored.version != submission.version and stored.config.to_document() != submission.base


def _choices(roster: Roster) -> Choices:
    personas = tuple(sorted(slug for slug in roster.personas if _is_there(roster, slug)))
    models = tuple(sorted(name for name in roster.models if _is_there(roster, name)))
    hybrids = tuple(f"{persona}+{model}" for persona in sorted(roster.personas) for model in models)
    return Choices(personas, models, hybrids)


def _is_there(roster: Roster, name: str) -> bool:
    try:
        roster.find(name)
    except Refusal:
        return False
    return True


def _document(held: Rules) -> dict[str, str]:
    values = {name: getattr(held, name) for name in Rules.__dataclass_fields__}
    return {name: show_value(value) for name, value in values.items() if value is not None}


def _field(refusal: Refusal, values: Mapping[str, str]) -> str:
    """Return the field that a refusal of all of them together is about."""
    if refusal.code is Code.FALLBACK_IS_ANSWER:
        return "fallback"
    name = refusal.fields.get("name")
    named = {key: values.get(key, "").split(",") for key in ("answer", "pair", "fallback")}
    return next((key for key, names in named.items() if name in names), "sensitive")


def _since(entries: Sequence[AuditEntry], version: str, what: str) -> list[AuditEntry]:
    """Return what was changed after a version, the newest first."""
    since: list[AuditEntry] = []
    for entry in entries:
        if entry.id == version:
            break
        if entry.what == what:
            since.append(entry)
    return since


def _meanwhile(key: str, texts: tuple[str, str], since: Sequence[AuditEntry]) -> Meanwhile:
    before, after = texts
    entry = next((one for one in since if one.before.get(key) != one.after.get(key)), None)
    return Meanwhile(key, before, after, entry.actor if entry else None, entry.at if entry else None)
