"""What is kept of people, in memory: what a test puts there."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from bot.domain.ids import ChannelKey, TeamId, UserId
from bot.domain.privacy import Awaiting, Forgotten, PersonalData
from tests.fakes.stepping import Faults, step


@dataclass
class FakeTraces:
    """Data of people by team and person; a channel's is cleared by being written down."""

    faults: Faults = field(default_factory=Faults)
    kept: dict[tuple[TeamId, UserId], PersonalData] = field(default_factory=dict)
    cleared: list[ChannelKey] = field(default_factory=list)
    waited: dict[tuple[TeamId, UserId], tuple[Awaiting, ...]] = field(default_factory=dict)
    port: ClassVar[str] = "traces"

    @step
    async def collect(self, team: TeamId, person: UserId) -> PersonalData:
        return self.kept.get((team, person), PersonalData())

    @step
    async def forget(self, team: TeamId, person: UserId, *, now: datetime) -> Forgotten:
        del now
        had = self.kept.pop((team, person), PersonalData())
        if had.no_training:
            self.kept[team, person] = PersonalData(no_training=True)
        return Forgotten(
            len(had.messages),
            len(had.duels) + len(had.questions),
            0,
            len(had.changes),
            waited=self.waited.pop((team, person), ()),
        )

    @step
    async def clear(self, place: ChannelKey) -> int:
        self.cleared.append(place)
        return 1


@dataclass
class FakeWishes:
    """Wishes in memory."""

    faults: Faults = field(default_factory=Faults)
    people: set[tuple[TeamId, UserId]] = field(default_factory=set)
    port: ClassVar[str] = "wishes"

    @step
    async def no_training(self, team: TeamId, person: UserId) -> bool:
        return (team, person) in self.people

    @step
    async def set_no_training(self, team: TeamId, person: UserId, *, wished: bool) -> None:
        (self.people.add if wished else self.people.discard)((team, person))

    @step
    async def never_trained_on(self, team: TeamId) -> frozenset[UserId]:
        return frozenset(person for of, person in self.people if of == team)


@dataclass
class FakeParcels:
    """Files that were sent, in order."""

    faults: Faults = field(default_factory=Faults)
    sent: list[tuple[UserId, str, bytes]] = field(default_factory=list)
    port: ClassVar[str] = "parcels"

    @step
    async def send(self, team: TeamId, person: UserId, name: str, content: bytes) -> None:
        del team
        self.sent.append((person, name, content))
