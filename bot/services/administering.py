"""Config and models: shown to everybody, changed by admins, every change in the audit stream."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from bot.domain.channel_config import (
    ChannelConfig,
    Rules,
    ThreadMode,
    changed,
    differences,
    rules,
    without,
)
from bot.domain.contestant import Roster, draft_name
from bot.domain.costs import Estimate
from bot.domain.errors import Code, Refusal
from bot.domain.ids import ChannelKey, TeamId, UserId
from bot.domain.locale import DEFAULT_LANGUAGE, nearest, read_tag
from bot.domain.reports import ConfigChange, ConfigReport, Offered
from bot.services.config_reports import barred, config_report, is_idle_fallback, named
from bot.services.contestants import Contestants
from bot.services.estimating import Estimating
from bot.services.ports import AuditEntry, Clock, Configs, Observer, Stored, TeamFacts
from bot.services.rights import Rights

_ANSWERING = frozenset({"answer", "fallback", "mode"})
"""What is set where who answers, or who stands in, may become another."""
_TRIES = 4
"""How often a change is made again on what others have written at the same moment."""


@dataclass(frozen=True, slots=True)
class Administering:
    """What admins do, and what anybody may look at.

    What is changed or removed stands in the audit stream first: better one entry too many than one too few.
    `may_follow` is whether Slack brings messages that do not mention the bot, without which no thread is followed;
    `languages` are those that the bot speaks, as tags.
    """

    configs: Configs
    contestants: Contestants
    rights: Rights
    clock: Clock
    observer: Observer
    default_answer: str | None
    estimating: Estimating
    may_follow: bool = True
    languages: tuple[str, ...] = (DEFAULT_LANGUAGE,)

    async def show(self, place: ChannelKey, *, default: bool = False) -> ConfigReport:
        """Return the config of a channel, or of the team's default."""
        facts = await self.configs.team(place.team)
        if default:
            return self._report(None, facts.defaults, facts)
        report = self._report(place, await self.configs.channel(place), facts)
        granted = await self.rights.grants.granted([place])
        return replace(report, admins=tuple(granted[place]))

    async def reports(self, places: Sequence[ChannelKey]) -> dict[ChannelKey, ConfigReport]:
        """Return the config of each of a team's channels, in two round trips; without who may change it."""
        if not places:
            return {}
        team = places[0].team
        facts, configured = await asyncio.gather(self.configs.team(team), self.configs.configured(team))
        return {place: self._report(place, configured.get(place, ChannelConfig()), facts) for place in places}

    async def change(
        self, place: ChannelKey, user: UserId, settings: Mapping[str, str], *, default: bool = False
    ) -> ConfigChange:
        """Change a channel's config, or the team's default.

        Raises:
            Refusal: The person may not, or a key or value does not fit; nothing was changed.
        """
        await self.rights.check_admin(place, user, whole_team=default)
        return await self._edit(
            place, user, lambda held, facts: self.applied(held, settings, facts), default=default
        )

    async def unset(
        self, place: ChannelKey, user: UserId, keys: Sequence[str], *, default: bool = False
    ) -> ConfigChange:
        """Leave single keys of a channel to the team's default, or of the default to what is built in.

        Raises:
            Refusal: The person may not, or there is no such key; nothing was changed.
        """
        await self.rights.check_admin(place, user, whole_team=default)
        return await self._edit(place, user, lambda held, _: without(held, keys), default=default)

    async def reset(self, place: ChannelKey, user: UserId, *, default: bool = False) -> ConfigChange:
        """Unset everything that is set for a channel, or as the team's default.

        Raises:
            Refusal: The person may not.
        """
        await self.rights.check_admin(place, user, whole_team=default)
        return await self._edit(place, user, lambda _, __: ChannelConfig(), default=default)

    def applied(self, before: ChannelConfig, settings: Mapping[str, str], facts: TeamFacts) -> ChannelConfig:
        """Return a config with settings applied; raise Refusal when one of them does not fit."""
        after = changed(before, settings, self.contestants.roster(facts), self.holding(before, facts))
        if after.threads is ThreadMode.FOLLOW and not self.may_follow:
            raise Refusal(Code.FOLLOW_NEEDS_HISTORY)
        if after.fallback and not _ANSWERING.isdisjoint(settings):
            self._check_fallback(self.holding(after, facts), self.contestants.roster(facts))
        if "language" in settings:
            after = replace(after, language=self._spoken(settings["language"]))
        return after

    async def offered(self, place: ChannelKey) -> Offered:
        """Return who can be asked in a channel, or tasted: those only that it allows."""
        held, facts = await self.held(place)
        roster = self.contestants.roster(facts)
        names = dict.fromkeys((*roster.names(), *named(held)))
        allowed = sorted(name for name in names if _is_allowed(roster, name, held))
        drafts = sorted(name for name in map(draft_name, roster.drafts) if _is_allowed(roster, name, held))
        return Offered(tuple(allowed), held.pair, tuple(drafts))

    async def held(self, place: ChannelKey) -> tuple[Rules, TeamFacts]:
        """Return what holds in a channel, and what is set for its team."""
        facts = await self.configs.team(place.team)
        return self.holding(await self.configs.channel(place), facts), facts

    async def read(self, place: ChannelKey, *, default: bool = False) -> tuple[Stored, TeamFacts]:
        """Return what is set for a channel, or as the team's default, with its version; and the team's facts."""
        facts = await self.configs.team(place.team)
        if default:
            return Stored(facts.defaults, facts.version), facts
        return await self.configs.stored(place), facts

    async def save(
        self,
        place: ChannelKey,
        user: UserId,
        before: Stored,
        after: ChannelConfig,
        facts: TeamFacts,
        *,
        default: bool,
    ) -> ConfigChange | None:
        """Write a config over the version that was read, with its audit entry; rights were checked before.

        Returns:
            What was changed; None when somebody else wrote meanwhile, and nothing was changed.

        Raises:
            Refusal: The channel is sensitive and somebody named answers outside the house.
        """
        before_it = facts
        if default:
            facts = replace(facts, defaults=after)
        self.check_house(after, facts)
        was, now = before.config.to_document(), after.to_document()
        if was != now and not await self._swap(place, user, before, after, default=default):
            return None
        return ConfigChange(
            self._report(None if default else place, after, facts),
            differences(was, now),
            None if default else await self._more(place, before.config, after, facts),
            await self._shut(place.team, before_it, facts) if default else (),
        )

    async def _shut(self, team: TeamId, was: TeamFacts, now: TeamFacts) -> tuple[ChannelKey, ...]:
        """Return the channels where a new default bars somebody who is set there, or is so by default."""
        roster = self.contestants.roster(now)
        configured = await self.configs.configured(team)
        return tuple(
            place
            for place, own in sorted(configured.items())
            if barred(self.holding(own, now), roster).keys() - barred(self.holding(own, was), roster)
        )

    async def _more(
        self, place: ChannelKey, before: ChannelConfig, after: ChannelConfig, facts: TeamFacts
    ) -> Estimate | None:
        was, now = self.holding(before, facts), self.holding(after, facts)
        return await self.estimating.more(place, was, now, self.contestants.roster(facts))

    async def _swap(
        self, place: ChannelKey, user: UserId, before: Stored, after: ChannelConfig, *, default: bool
    ) -> bool:
        team, what = place.team, config_subject(place, default=default)
        entry = AuditEntry(user, self.clock.now(), what, before.config.to_document(), after.to_document())
        version = await self.configs.audit(team, entry)
        if default:
            saved = await self.configs.save_defaults(team, after, over=before.version, version=version)
        else:
            saved = await self.configs.save_channel(place, after, over=before.version, version=version)
        if saved:
            self.observer.fact("config_changed", what=what, team=team)
        else:
            await self.configs.take_back(team, version)
        return saved

    async def _edit(
        self,
        place: ChannelKey,
        user: UserId,
        edit: Callable[[ChannelConfig, TeamFacts], ChannelConfig],
        *,
        default: bool,
    ) -> ConfigChange:
        """Edit what is set, again on what others have written meanwhile."""
        for _ in range(_TRIES):
            before, facts = await self.read(place, default=default)
            after = edit(before.config, facts)
            change = await self.save(place, user, before, after, facts, default=default)
            if change is not None:
                return change
        raise Refusal(Code.CHANGED_MEANWHILE)

    @staticmethod
    def _check_fallback(held: Rules, roster: Roster) -> None:
        """Refuse a fallback that is who answers here anyway."""
        if is_idle_fallback(held, roster):
            raise Refusal(Code.FALLBACK_IS_ANSWER, name=held.fallback)

    def check_house(self, config: ChannelConfig, facts: TeamFacts) -> None:
        """Refuse a config that is sensitive and names somebody who answers outside the house."""
        held, roster = self.holding(config, facts), self.contestants.roster(facts)
        for name, endpoint in barred(held, roster).items():
            raise Refusal(Code.SENSITIVE_CHANNEL, name=name, endpoint=endpoint)

    def _spoken(self, text: str) -> str:
        """The one of our languages that a person typed, or a Refusal."""
        language = nearest(read_tag(text) or "", self.languages)
        if language is None:
            known = ", ".join(self.languages)
            raise Refusal(Code.BAD_VALUE, key="language", value=text, wanted=known, suggestion=None)
        return language

    def holding(self, own: ChannelConfig, facts: TeamFacts) -> Rules:
        """Return what holds where this is set."""
        held = rules(own, facts.defaults, self.default_answer)
        return held if self.may_follow else replace(held, threads=ThreadMode.MENTION)

    def _report(self, place: ChannelKey | None, own: ChannelConfig, facts: TeamFacts) -> ConfigReport:
        return config_report(place, own, self.holding(own, facts), self.contestants.roster(facts))


def config_subject(place: ChannelKey, *, default: bool) -> str:
    """Return what a change of config is called in the audit stream."""
    return "default config" if default else f"config {place.channel}"


def _is_allowed(roster: Roster, name: str, held: Rules) -> bool:
    try:
        endpoint = roster.endpoint(roster.tasted(name).endpoint)
    except Refusal:
        return False
    return endpoint.private or not held.sensitive
