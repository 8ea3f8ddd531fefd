"""What is done once, in memory."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import ClassVar

from bot.domain.ids import TeamId
from tests.fakes.stepping import Faults, step
from tests.fakes.world import FrozenClock


@dataclass
class FakeOnce:
    """Remembers what was come to, and until when."""

    clock: FrozenClock
    faults: Faults = field(default_factory=Faults)
    until: dict[tuple[TeamId, str], datetime] = field(default_factory=dict)
    port: ClassVar[str] = "once"

    @step
    async def first(self, team: TeamId, key: str, again_after: timedelta) -> bool:
        now = self.clock.now()
        if self.until.get((team, key), now) > now:
            return False
        self.until[team, key] = now + again_after
        return True

    @step
    async def forget(self, team: TeamId, key: str) -> None:
        self.until.pop((team, key), None)
