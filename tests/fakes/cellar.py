"""A cellar in memory."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from bot.domain.completion import Completion
from bot.domain.ids import Fingerprint, TeamId
from bot.domain.menu import QuestionId
from bot.services.ports import Clock
from tests.fakes.stepping import Faults, step

Key = tuple[TeamId, Fingerprint, QuestionId]


@dataclass
class FakeCellar:
    """Bottles, each with when it is thrown away; None for never."""

    clock: Clock
    faults: Faults = field(default_factory=Faults)
    bottles: dict[Key, tuple[Completion, datetime | None]] = field(default_factory=dict)
    port: ClassVar[str] = "cellar"

    @step
    async def bottled(
        self, team: TeamId, contestant: Fingerprint, questions: Collection[QuestionId]
    ) -> Mapping[QuestionId, Completion]:
        return {
            question: found for question in questions if (found := self._found((team, contestant, question)))
        }

    @step
    async def bottle(
        self,
        team: TeamId,
        contestant: Fingerprint,
        question: QuestionId,
        completion: Completion,
        *,
        keep: timedelta | None,
    ) -> None:
        key = (team, contestant, question)
        there = self._found(key)
        until = None if keep is None else self.clock.now() + keep
        if there is not None:
            before = self.bottles[key][1]
            until = None if before is None or until is None else max(before, until)
        self.bottles[key] = (there or completion, until)

    @step
    async def keep(
        self,
        team: TeamId,
        contestant: Fingerprint,
        questions: Collection[QuestionId],
        *,
        keep: timedelta | None,
    ) -> None:
        for question in questions:
            if (there := self._found((team, contestant, question))) is not None:
                await self.bottle(team, contestant, question, there, keep=keep)

    def _found(self, key: Key) -> Completion | None:
        completion, until = self.bottles.get(key, (None, None))
        return completion if until is None or until > self.clock.now() else None
