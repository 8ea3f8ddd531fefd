"""What models were trained on, in memory."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from bot.domain.contamination import TrainedOn
from bot.domain.ids import TeamId
from tests.fakes.stepping import Faults, step


@dataclass
class FakeTrainingMemory:
    """What models were trained on."""

    faults: Faults = field(default_factory=Faults)
    trained: dict[tuple[TeamId, str], TrainedOn] = field(default_factory=dict)
    port: ClassVar[str] = "training"

    @step
    async def remember(self, team: TeamId, model: str, trained: TrainedOn) -> None:
        self.trained[team, model] = trained

    @step
    async def recall(self, team: TeamId, models: Collection[str]) -> Mapping[str, TrainedOn]:
        return {model: self.trained[team, model] for model in models if (team, model) in self.trained}
