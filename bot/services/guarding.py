"""Contestants that are down: not asked while they are, tried each minute, and told to admins once."""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from bot.domain.breaker import (
    Breaker,
    after_answer,
    after_failure,
    after_probe,
    after_telling,
    means_down,
    with_probe,
)
from bot.domain.completion import Completion, Failure, FailureKind, Outcome
from bot.domain.contestant import Contestant
from bot.domain.errors import Outage, Refusal
from bot.domain.ids import Fingerprint, TeamId
from bot.domain.notices import ContestantDown, ContestantUp
from bot.services.contestants import Contestants
from bot.services.notifying import Notifying
from bot.services.ports import Breakers, Changed, Clock, Configs, Models, Observer, TeamFacts

ONCE = timedelta(days=1)
"""How long it is remembered that admins were told of one opening, or of its end; each is told once."""
LONGEST_PROBE_S = 20.0
"""A contestant that takes longer to say hello is still down."""


@dataclass(frozen=True, slots=True)
class Guarding:
    """Keeps the breakers of contestants.

    On the way of a question nothing is asked of the store for it: breakers come with the team's facts, and only a
    failure, or the first answer after one, is written down. All else is done by `look`, beside questions.
    """

    breakers: Breakers
    configs: Configs
    contestants: Contestants
    models: Models
    notifying: Notifying
    clock: Clock
    observer: Observer

    @staticmethod
    def resting(facts: TeamFacts, fingerprints: Sequence[Fingerprint]) -> Mapping[Fingerprint, Failure]:
        """Return those of the contestants that are not to be asked, each with the failure that stands for it."""
        breakers = {fingerprint: facts.breakers.get(fingerprint) for fingerprint in fingerprints}
        return {
            fingerprint: Failure(breaker.kind, 0)
            for fingerprint, breaker in breakers.items()
            if breaker is not None and breaker.is_open
        }

    async def note(self, team: TeamId, facts: TeamFacts, told: Sequence[tuple[Contestant, Outcome]]) -> None:
        """Take down what came of asking contestants; while the store is away nothing is."""
        for contestant, outcome in told:
            with suppress(Outage):
                await self._note(team, facts.breakers.get(contestant.fingerprint), contestant, outcome)

    async def look(self, team: TeamId) -> None:
        """Tell admins what they do not know yet, drop what is over, and probe what is due; call it often.

        Of many workers that look at the same time one does each thing.

        Raises:
            Outage: The store does not answer.
        """
        facts = await self.configs.team(team)
        if not facts.breakers:
            return
        async with asyncio.TaskGroup() as group:
            for fingerprint, breaker in facts.breakers.items():
                group.create_task(self._look(team, fingerprint, breaker, facts))

    async def _note(
        self, team: TeamId, known: Breaker | None, contestant: Contestant, outcome: Outcome
    ) -> None:
        kind = means_down(outcome)
        if kind is not None:
            now = self.clock.now()
            changed = await self.breakers.change(
                team, contestant.fingerprint, lambda breaker: after_failure(breaker, contestant, kind, now)
            )
        elif isinstance(outcome, Completion) and known is not None:
            changed = await self.breakers.change(team, contestant.fingerprint, after_answer)
        else:
            return
        self._tell(contestant.name, changed)

    async def _look(self, team: TeamId, fingerprint: Fingerprint, breaker: Breaker, facts: TeamFacts) -> None:
        with suppress(Outage):
            if await self._is_over(team, facts, fingerprint, breaker):
                await self.breakers.change(team, fingerprint, lambda _: None)
                self.observer.fact("breaker_dropped", contestant=breaker.name)
                return
            if breaker.is_news:
                await self._announce(team, fingerprint)
            if breaker.may_probe(self.clock.now()):
                await self._probe(team, fingerprint)

    async def _announce(self, team: TeamId, fingerprint: Fingerprint) -> None:
        changed = await self.breakers.change(team, fingerprint, after_telling)
        before = changed.before
        if before is None or not before.is_news:
            return  # another worker was faster, or it is no news any more
        notice = _notice(before)
        what = "down" if isinstance(notice, ContestantDown) else "up"
        key = f"{what}/{fingerprint}/{notice.since.timestamp():.6f}"
        await self.notifying.admins(team, notice, key=key, again_after=ONCE)

    async def _is_over(
        self, team: TeamId, facts: TeamFacts, fingerprint: Fingerprint, breaker: Breaker
    ) -> bool:
        """Whether the contestant is not that any more: its prompt, model or endpoint was changed, or removed."""
        try:
            contestant = await self.contestants.find(team, facts, breaker.name)
            self.contestants.endpoint(contestant)
        except Refusal:
            return True
        return contestant.fingerprint != fingerprint

    async def _probe(self, team: TeamId, fingerprint: Fingerprint) -> None:
        now = self.clock.now()
        begun = await self.breakers.change(team, fingerprint, lambda breaker: with_probe(breaker, now))
        if begun.before is None or begun.after == begun.before:
            return  # another worker is at it
        outcome = await self._try(begun.before)
        ended = self.clock.now()
        changed = await self.breakers.change(
            team, fingerprint, lambda breaker: after_probe(breaker, outcome, ended)
        )
        self._tell(begun.before.name, changed)

    async def _try(self, breaker: Breaker) -> Outcome:
        try:
            async with asyncio.timeout(LONGEST_PROBE_S):
                return await self.models.probe(breaker.endpoint, breaker.model)
        except TimeoutError:
            return Failure(FailureKind.TIMEOUT, round(LONGEST_PROBE_S * 1000))

    def _tell(self, name: str, changed: Changed) -> None:
        if changed.opened or changed.closed:
            kind = changed.after.kind.value if changed.after else None
            self.observer.fact(
                "breaker_opened" if changed.opened else "breaker_closed", contestant=name, kind=kind
            )


def _notice(breaker: Breaker) -> ContestantDown | ContestantUp:
    since = breaker.opened_at or breaker.told_at
    if since is None:
        raise AssertionError("it is news that it is down, or that it is not down any more")
    if breaker.is_open:
        return ContestantDown(breaker.name, breaker.endpoint, breaker.kind, since)
    return ContestantUp(breaker.name, breaker.endpoint, since)
