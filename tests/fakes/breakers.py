"""Breakers of contestants, in memory."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from bot.domain.breaker import Breaker
from bot.domain.ids import Fingerprint, TeamId
from bot.services.ports import Changed
from tests.fakes.stepping import Faults, step


@dataclass
class FakeBreakers:
    """The breakers of each team."""

    faults: Faults = field(default_factory=Faults)
    held: dict[TeamId, dict[Fingerprint, Breaker]] = field(default_factory=dict)
    port: ClassVar[str] = "breakers"

    @step
    async def all(self, team: TeamId) -> Mapping[Fingerprint, Breaker]:
        return dict(self.held.get(team, {}))

    @step
    async def change(
        self, team: TeamId, fingerprint: Fingerprint, step: Callable[[Breaker | None], Breaker | None]
    ) -> Changed:
        held = self.held.setdefault(team, {})
        before = held.pop(fingerprint, None)
        after = step(before)
        if after is not None:
            held[fingerprint] = after
        return Changed(before, after)
