"""Who answers when the contestant that was asked cannot."""

import asyncio
from dataclasses import dataclass, replace

from bot.domain.channel_config import Rules
from bot.domain.completion import Failure, FailureKind, Outcome
from bot.domain.contestant import Contestant
from bot.domain.errors import Refusal
from bot.domain.question import AnswerReply, FailureReply, Recorded, asked_turn
from bot.domain.thread import AnsweredTurn
from bot.services.briefing import Brief, Briefing
from bot.services.contestants import Contestants
from bot.services.ports import Models, Observer, TeamFacts, Work

LONGEST_WAIT_S = 60.0
"""Who has waited for one contestant in vain is not kept waiting as long again."""


@dataclass(frozen=True, slots=True)
class StoodIn:
    """A contestant in another's place.

    Attributes:
        contestant: Who.
        brief: What it was given to read.
        outcome: What came of it.
        asked: Whether it was asked; otherwise it is down itself, and `outcome` is how it failed before.
    """

    contestant: Contestant
    brief: Brief
    outcome: Outcome
    asked: bool = True

    @property
    def told(self) -> tuple[tuple[Contestant, Outcome], ...]:
        """Who was asked and what came of it: one, or none."""
        return ((self.contestant, self.outcome),) if self.asked else ()

    def in_place_of(self, work: Work, missing: Contestant, missed: FailureReply) -> Recorded:
        """Return its answer, which belongs to it alone; or what was to be said anyway, and that it failed too."""
        if isinstance(self.outcome, Failure):
            return Recorded(replace(missed, fallback=self.contestant.name))
        answer = AnswerReply(
            self.outcome.text,
            self.outcome.cut,
            self.contestant.name,
            work.question.unread_files,
            looped=self.outcome.looped,
            instead_of=missing.name,
            because=missed.kind,
        )
        mine = AnsweredTurn(self.outcome.text, self.contestant.fingerprint)
        return Recorded(answer, (asked_turn(work.question), mine))


@dataclass(frozen=True, slots=True)
class FallingBack:
    """Asks the channel's fallback, once."""

    contestants: Contestants
    briefing: Briefing
    models: Models
    observer: Observer

    async def ask(self, work: Work, facts: TeamFacts, held: Rules, missing: Contestant) -> StoodIn | None:
        """Ask the fallback; None when there is none that may answer here.

        It is none, although one is set, when it is the same contestant, is outside the house while the channel
        is sensitive, or cannot read the question.

        Args:
            work: The question.
            facts: What the team has set.
            held: What holds in the channel.
            missing: Who does not answer.
        """
        if held.fallback is None:
            return None
        try:
            contestant = await self.contestants.find(work.question.thread.place.team, facts, held.fallback)
            outside = not self.contestants.endpoint(contestant).private
            if contestant.fingerprint == missing.fingerprint or (held.sensitive and outside):
                return None
            brief = await self.briefing.brief(work, [contestant], held, outside=outside)
        except Refusal as refusal:
            self.observer.fact("fallback_refused", code=refusal.code.value)
            return None
        breaker = facts.breakers.get(contestant.fingerprint)
        if breaker is not None and breaker.is_open:
            return StoodIn(contestant, brief, Failure(breaker.kind, 0), asked=False)
        outcome = brief.neutral(await self._outcome(contestant, brief))
        self.observer.fact("fell_back", contestant=contestant.name, failed=isinstance(outcome, Failure))
        return StoodIn(contestant, brief, outcome)

    async def _outcome(self, contestant: Contestant, brief: Brief) -> Outcome:
        try:
            async with asyncio.timeout(LONGEST_WAIT_S):
                return await self.models.complete(contestant, brief.messages[0])
        except TimeoutError:
            return Failure(FailureKind.TIMEOUT, round(LONGEST_WAIT_S * 1000))
