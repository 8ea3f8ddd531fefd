"""Personas and other contestants that change while the bot runs: served as they are now, told to admins once."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.contestant import Contestant, draft_name
from bot.domain.duel import State
from bot.domain.errors import Refusal
from bot.domain.ids import Fingerprint, TeamId
from bot.domain.notices import ContestantChanged, ContestantGone, DraftThere
from bot.services.contestants import Contestants
from bot.services.notifying import Notifying
from bot.services.ports import Clock, Configs, Duels, Observer, TeamFacts
from bot.services.using import Used, in_use

MOST_DUELS = 500
"""Of one channel; what a changed contestant leaves behind is counted among the newest so many."""
TELL_AGAIN = timedelta(hours=1)
"""A change that was told is struck off at once; only when that fails it is told again after this."""
GONE_AGAIN = timedelta(days=1)
DRAFT_AGAIN = timedelta(days=365)
"""A draft is told once for each of its versions; after this nobody remembers."""
TRY_AGAIN = timedelta(minutes=5)
"""After nobody could be told."""


@dataclass(slots=True)
class Minding:
    """Looks after who is named in configs.

    A change is noticed by comparing with what was stored for the name before, so edits of a running bot and those
    between two runs, of a prompt, a model or a setting, are told alike, once, whichever process comes first.
    """

    contestants: Contestants
    configs: Configs
    duels: Duels
    notifying: Notifying
    clock: Clock
    observer: Observer
    default_answer: str | None
    _stale: bool = field(default=True, init=False)
    _not_before: datetime | None = field(default=None, init=False)

    async def look(self, team: TeamId) -> None:
        """Read personas again where they have changed, and tell admins what that means; call it often.

        Raises:
            Outage: The store does not answer; call it again.
        """
        turnover = await self.contestants.personas.look()
        if turnover is not None:
            self._stale = True
            for slug in turnover.changed:
                self.observer.fact("persona_changed", persona=slug)
            for slug in turnover.gone:
                self.observer.fact("persona_gone", persona=slug)
            for slug in turnover.drafts:
                self.observer.fact("draft_changed", persona=slug)
            for fault in turnover.faults:
                self.observer.fact("persona_ill", fault=fault)
        if self._stale:
            await self._bring_up_to_date(team)
            await self._tell_drafts(team)
            self._stale = False
        await self._announce(team)

    async def _bring_up_to_date(self, team: TeamId) -> None:
        """Have everybody who is named stored as they are now; tell of those who are served from the store only."""
        facts, used = await in_use(self.configs, team, self.default_answer)
        roster = self.contestants.roster(facts)
        for name, where in used.items():
            try:
                contestant = await self.contestants.find(team, facts, name)
            except Refusal:
                continue  # `config show` says so
            try:
                roster.find(name)
            except Refusal:
                notice = ContestantGone(name, where.channels, where.by_default)
                key = f"gone/{name}/{contestant.fingerprint}"
                await self.notifying.admins(team, notice, key=key, again_after=GONE_AGAIN)

    async def _tell_drafts(self, team: TeamId) -> None:
        """Tell of drafts that would answer otherwise than what is in service."""
        drafts = self.contestants.personas.drafts()
        if not drafts:
            return
        facts, used = await in_use(self.configs, team, self.default_answer)
        for slug in drafts:
            try:
                draft = await self.contestants.tasted(team, facts, draft_name(slug))
            except Refusal:
                continue  # `kostprobe check` says so
            serving = await self._serving(team, facts, slug)
            if serving is not None and serving.fingerprint == draft.fingerprint:
                continue
            notice = DraftThere(slug, serving is not None, used.get(slug, Used()).channels)
            key = f"draft/{slug}/{draft.fingerprint}"
            await self.notifying.admins(team, notice, key=key, again_after=DRAFT_AGAIN)

    async def _serving(self, team: TeamId, facts: TeamFacts, slug: str) -> Contestant | None:
        try:
            return await self.contestants.find(team, facts, slug)
        except Refusal:
            return None

    async def _announce(self, team: TeamId) -> None:
        changed = await self.contestants.store.changed(team)
        now = self.clock.now()
        if not changed or (self._not_before is not None and now < self._not_before):
            return
        _, used = await in_use(self.configs, team, self.default_answer)
        for name, before in changed.items():
            if await self._announced(team, name, before, used.get(name)):
                await self.contestants.store.told(team, name)
            else:
                self._not_before = now + TRY_AGAIN

    async def _announced(self, team: TeamId, name: str, before: Fingerprint, where: Used | None) -> bool:
        """Tell admins of one change; whether that is done with."""
        now = await self.contestants.store.newest(team, name)
        if where is None or now is None or now.fingerprint == before:
            return True  # nobody uses it, or it is what it was
        scored = await self._scored(team, before)
        notice = ContestantChanged(name, where.channels, where.by_default, scored, before)
        key = f"changed/{name}/{before}/{now.fingerprint}"
        return await self.notifying.admins(team, notice, key=key, again_after=TELL_AGAIN) > 0

    async def _scored(self, team: TeamId, fingerprint: Fingerprint) -> int:
        """How many closed duels of a contestant are evidence, in channels that have a config."""
        count = 0
        for place in await self.configs.configured(team):
            for duel in await self.duels.latest(place, MOST_DUELS):
                sides = {duel.seal.a.fingerprint, duel.seal.b.fingerprint}
                count += duel.scored and duel.state is State.CLOSED and fingerprint in sides
        return count
