"""What people asked, in memory."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from bot.domain.ids import ChannelKey
from bot.domain.menu_source import AskedQuestion
from tests.fakes.stepping import Faults, step


@dataclass
class FakeAsked:
    """Questions by channel, as a test lays them down."""

    questions: dict[ChannelKey, list[AskedQuestion]] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    port: ClassVar[str] = "asked"

    @step
    async def asked(self, place: ChannelKey, since: datetime) -> Sequence[AskedQuestion]:
        there = self.questions.get(place, [])
        return sorted(
            (one for one in there if float(one.ts) >= since.timestamp()), key=lambda one: float(one.ts)
        )
