"""Who can answer: personas and fine-tuned models, listed for everybody; models are registered by admins."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from bot.domain.answer import NO_THUMBS, Thumbs
from bot.domain.channel_config import ChannelConfig
from bot.domain.completion import Failure
from bot.domain.contestant import FineTunedModel, Roster, check_new_name, draft_name, drafted
from bot.domain.errors import Code, Refusal
from bot.domain.ids import ChannelKey, Fingerprint, TeamId, UserId
from bot.domain.locale import DEFAULT_LANGUAGE
from bot.domain.model_settings import read_model, shown_model
from bot.domain.reports import ModelReport, PersonaReport, Trial
from bot.domain.suggestions import suggest
from bot.services.administering import Administering
from bot.services.config_reports import other_language
from bot.services.contestants import Contestants
from bot.services.ports import Answers, AuditEntry, Clock, Configs, Models, Observer, TeamFacts
from bot.services.rights import Rights


@dataclass(frozen=True, slots=True)
class Enlisting:
    """Lists who there is, and registers and removes models.

    What is changed stands in the audit stream first: better one entry too many than one too few.
    """

    administering: Administering
    configs: Configs
    contestants: Contestants
    models: Models
    answers: Answers
    rights: Rights
    clock: Clock
    observer: Observer

    async def personas(self, place: ChannelKey) -> list[PersonaReport]:
        """Return every persona with what answers for it, as seen from a channel; drafts only without a persona."""
        roster, language = await self._seen(place)
        unborn = [draft_name(slug) for slug in roster.drafts if slug not in roster.personas]
        return [_persona_report(roster, name, language) for name in sorted((*roster.personas, *unborn))]

    async def persona(self, place: ChannelKey, name: str) -> PersonaReport:
        """Return one persona, or `support@draft`, with its thumbs in the channel; raise Refusal when it is not there."""
        roster, language = await self._seen(place)
        known = (*roster.personas, *map(draft_name, roster.drafts))
        if name not in known:
            raise Refusal(Code.UNKNOWN_PERSONA, name=name, suggestion=suggest(name, known))
        return _persona_report(roster, name, language, await self.answers.thumbs(place))

    async def registered(self, place: ChannelKey) -> list[ModelReport]:
        """Return every fine-tuned model, where it is used, and its thumbs in the channel."""
        facts = await self.configs.team(place.team)
        used, thumbs = await self._used(place.team), await self.answers.thumbs(place)
        roster, endpoints = self.contestants.roster(facts), self.contestants.endpoints
        return [
            ModelReport(
                model,
                private=model.endpoint in endpoints and endpoints[model.endpoint].private,
                used_in=used.get(model.name, ()),
                thumbs=_thumbs(roster, model.name, thumbs),
            )
            for model in facts.models.values()
        ]

    async def add_model(
        self, place: ChannelKey, user: UserId, name: str, settings: Mapping[str, str]
    ) -> tuple[FineTunedModel, Trial]:
        """Register a fine-tuned model after one tiny request to it.

        Raises:
            Refusal: The person may not, the name is taken, a setting does not fit, or the model did not
                answer; nothing was registered.
        """
        await self.rights.check_admin(place, user, whole_team=True)
        facts = await self.configs.team(place.team)
        roster = self.contestants.roster(facts)
        check_new_name(name, roster.names())
        model = read_model(name, settings, self.contestants.default_endpoint)
        trial = await self._try(roster, model)
        if isinstance(trial.outcome, Failure):
            raise Refusal(Code.MODEL_TRIAL_FAILED, name=name, kind=trial.outcome.kind.value)
        if not await self.configs.save_model(place.team, model):
            raise Refusal(Code.NAME_TAKEN, name=name)
        await self._audit(place.team, user, f"model {name}", {}, shown_model(model))
        return model, trial

    async def test_model(self, place: ChannelKey, user: UserId, name: str) -> Trial:
        """Make one tiny request to a registered model.

        Raises:
            Refusal: The person may not (it costs money), or there is no such model.
        """
        await self.rights.check_admin(place, user, whole_team=True)
        facts = await self.configs.team(place.team)
        return await self._try(self.contestants.roster(facts), _known(facts, name))

    async def remove_model(self, place: ChannelKey, user: UserId, name: str) -> None:
        """Remove a registered model.

        Raises:
            Refusal: The person may not, there is no such model, or a channel or the default uses it.
        """
        await self.rights.check_admin(place, user, whole_team=True)
        facts = await self.configs.team(place.team)
        model = _known(facts, name)
        used = (await self._used(place.team)).get(name, ())
        if used or name in _named(facts.defaults):
            channels = ", ".join(f"<#{channel.channel}>" for channel in used)
            raise Refusal(Code.MODEL_IN_USE, name=name, channels=channels)
        await self._audit(place.team, user, f"model {name}", shown_model(model), {})
        await self.configs.remove_model(place.team, name)

    async def _seen(self, place: ChannelKey) -> tuple[Roster, str]:
        """Who there is, and the channel's language."""
        facts = await self.configs.team(place.team)
        held = self.administering.holding(await self.configs.channel(place), facts)
        return self.contestants.roster(facts), held.language or DEFAULT_LANGUAGE

    async def _used(self, team: TeamId) -> dict[str, tuple[ChannelKey, ...]]:
        used: dict[str, tuple[ChannelKey, ...]] = {}
        for place, config in sorted((await self.configs.configured(team)).items()):
            for name in _named(config):
                used[name] = (*used.get(name, ()), place)
        return used

    async def _try(self, roster: Roster, model: FineTunedModel) -> Trial:
        outcome = await self.models.probe(roster.endpoint(model.endpoint).name, model.model)
        self.observer.fact("model_tried", model=model.name, failed=isinstance(outcome, Failure))
        return Trial(model.name, model.model, model.endpoint, outcome)

    async def _audit(
        self, team: TeamId, user: UserId, what: str, before: Mapping[str, str], after: Mapping[str, str]
    ) -> None:
        await self.configs.audit(team, AuditEntry(user, self.clock.now(), what, before, after))
        self.observer.fact("config_changed", what=what, team=team)


def _persona_report(
    roster: Roster, name: str, language: str, thumbs: Mapping[Fingerprint, Thumbs] | None = None
) -> PersonaReport:
    slug = drafted(name)
    persona = roster.personas[name] if slug is None else roster.drafts[slug]
    report = PersonaReport(
        persona,
        persona.endpoint or roster.default_endpoint,
        None,
        other_language(persona, language),
        draft=slug is not None,
        has_draft=name in roster.drafts,
    )
    try:
        contestant = roster.tasted(name)
    except Refusal:
        return report
    counted = (thumbs or {}).get(contestant.fingerprint, NO_THUMBS)
    return replace(report, endpoint=contestant.endpoint, contestant_model=contestant.model, thumbs=counted)


def _thumbs(roster: Roster, name: str, thumbs: Mapping[Fingerprint, Thumbs]) -> Thumbs:
    try:
        return thumbs.get(roster.find(name).fingerprint, NO_THUMBS)
    except Refusal:
        return NO_THUMBS


def _known(facts: TeamFacts, name: str) -> FineTunedModel:
    if name not in facts.models:
        raise Refusal(Code.UNKNOWN_MODEL, name=name, suggestion=suggest(name, facts.models))
    return facts.models[name]


def _named(config: ChannelConfig) -> set[str]:
    """Every part of every contestant that a config names: a hybrid counts as its persona and its model."""
    named = [*(name for name in (config.answer, config.fallback) if name), *(config.pair or ())]
    return {part for name in named for part in (name, *name.split("+"))}
