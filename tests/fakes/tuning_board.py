"""Messages that show tuning jobs, in memory."""

from dataclasses import dataclass, field
from typing import ClassVar

from bot.domain.ids import ChannelId, ChannelKey, MessageTs, UserId
from bot.domain.tuning import TuningJob
from tests.builders import ts as numbered
from tests.fakes.stepping import Faults, step


@dataclass
class FakeTuningBoard:
    """What each message has shown, the newest last, and who reads it; what was deleted is not there any more."""

    faults: Faults = field(default_factory=Faults)
    shown: dict[tuple[ChannelKey, MessageTs], list[TuningJob]] = field(default_factory=dict)
    readers: list[UserId] = field(default_factory=list)
    port: ClassVar[str] = "tuning_board"

    @step
    async def post(self, user: UserId, job: TuningJob) -> tuple[ChannelKey, MessageTs]:
        there = (ChannelKey(job.team, ChannelId("D1")), numbered(len(self.shown)))
        self.shown[there] = [job]
        self.readers.append(user)
        return there

    @step
    async def change(self, place: ChannelKey, ts: MessageTs, user: UserId, job: TuningJob) -> bool:
        self.readers.append(user)
        if (place, ts) not in self.shown:
            return False
        self.shown[place, ts].append(job)
        return True
