"""What belongs to a team, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import ClassVar

from bot.domain.channel_config import ChannelConfig
from bot.domain.contestant import Contestant, FineTunedModel
from bot.domain.ids import ChannelKey, Fingerprint, Pseudonym, TeamId, UserId
from bot.domain.reports import Keeps, StoreStatus
from bot.services.ports import AuditEntry, Backlog, Caps, Reserved, Stored, TeamFacts
from tests.fakes.breakers import FakeBreakers
from tests.fakes.stepping import Faults, step

_NOTHING = TeamFacts(ChannelConfig(), {})


@dataclass
class FakeConfigs:
    """Configs, models and the audit stream."""

    faults: Faults = field(default_factory=Faults)
    channels: dict[ChannelKey, ChannelConfig] = field(default_factory=dict)
    teams: dict[TeamId, TeamFacts] = field(default_factory=dict)
    stream: list[tuple[TeamId, AuditEntry]] = field(default_factory=list)
    breakers: FakeBreakers = field(default_factory=FakeBreakers)
    versions: dict[ChannelKey, str] = field(default_factory=dict)
    _entries: int = 0
    port: ClassVar[str] = "configs"

    def facts(self, team: TeamId) -> TeamFacts:
        return self.teams.get(team, _NOTHING)

    @step
    async def channel(self, place: ChannelKey) -> ChannelConfig:
        return self.channels.get(place, ChannelConfig())

    @step
    async def stored(self, place: ChannelKey) -> Stored:
        return Stored(self.channels.get(place, ChannelConfig()), self.versions.get(place, ""))

    @step
    async def save_channel(
        self, place: ChannelKey, config: ChannelConfig, *, over: str = "", version: str = ""
    ) -> bool:
        if self.versions.get(place, "") not in {over, version or over}:
            return False
        self.channels[place], self.versions[place] = config, version
        return True

    @step
    async def team(self, team: TeamId) -> TeamFacts:
        return replace(self.facts(team), breakers=dict(self.breakers.held.get(team, {})))

    @step
    async def save_defaults(
        self, team: TeamId, config: ChannelConfig, *, over: str = "", version: str = ""
    ) -> bool:
        if self.facts(team).version not in {over, version or over}:
            return False
        self.teams[team] = replace(self.facts(team), defaults=config, version=version)
        return True

    @step
    async def save_model(self, team: TeamId, model: FineTunedModel, *, over: bool = False) -> bool:
        known = self.facts(team)
        if model.name in known.models and not over:
            return False
        self.teams[team] = replace(known, models={**known.models, model.name: model})
        return True

    @step
    async def remove_model(self, team: TeamId, name: str) -> bool:
        known = self.facts(team)
        left = {key: model for key, model in known.models.items() if key != name}
        self.teams[team] = replace(known, models=left)
        return len(left) < len(known.models)

    @step
    async def configured(self, team: TeamId) -> Mapping[ChannelKey, ChannelConfig]:
        return {
            place: config
            for place, config in self.channels.items()
            if place.team == team and config != ChannelConfig()
        }

    @step
    async def audit(self, team: TeamId, entry: AuditEntry) -> str:
        self._entries += 1
        self.stream.append((team, replace(entry, id=f"{self._entries}-0")))
        return f"{self._entries}-0"

    @step
    async def take_back(self, team: TeamId, entry: str) -> None:
        self.stream = [(of, held) for of, held in self.stream if (of, held.id) != (team, entry)]

    @step
    async def audited(self, team: TeamId, limit: int) -> Sequence[AuditEntry]:
        return [entry for of, entry in reversed(self.stream) if of == team][:limit]


@dataclass
class FakeContestantStore:
    """Exact contestants by fingerprint, and the newest of each name."""

    faults: Faults = field(default_factory=Faults)
    exact: dict[tuple[TeamId, Fingerprint], Contestant] = field(default_factory=dict)
    names: dict[tuple[TeamId, str], Fingerprint] = field(default_factory=dict)
    before: dict[tuple[TeamId, str], Fingerprint] = field(default_factory=dict)
    port: ClassVar[str] = "contestants"

    @step
    async def save(self, team: TeamId, contestant: Contestant) -> None:
        self.exact[team, contestant.fingerprint] = contestant
        known = self.names.get((team, contestant.name), contestant.fingerprint)
        if known != contestant.fingerprint:
            self.before.setdefault((team, contestant.name), known)
        self.names[team, contestant.name] = contestant.fingerprint

    @step
    async def load(self, team: TeamId, fingerprint: Fingerprint) -> Contestant | None:
        return self.exact.get((team, fingerprint))

    @step
    async def newest(self, team: TeamId, name: str) -> Contestant | None:
        known = self.names.get((team, name))
        return None if known is None else self.exact.get((team, known))

    @step
    async def changed(self, team: TeamId) -> Mapping[str, Fingerprint]:
        return {name: before for (of, name), before in self.before.items() if of == team}

    @step
    async def told(self, team: TeamId, name: str) -> None:
        self.before.pop((team, name), None)


@dataclass
class FakeBudget:
    """Answers reserved per UTC day."""

    faults: Faults = field(default_factory=Faults)
    reserved: dict[tuple[TeamId, str], tuple[str, UserId, int]] = field(default_factory=dict)
    port: ClassVar[str] = "budget"

    @step
    async def reserve(
        self, team: TeamId, person: UserId, question: str, answers: int, caps: Caps, *, now: datetime
    ) -> Reserved:
        if (team, question) in self.reserved:
            return Reserved.OK
        day = now.date().isoformat()
        today = [
            (who, count) for (of, _), (when, who, count) in self.reserved.items() if (of, when) == (team, day)
        ]
        if sum(count for _, count in today) + answers > caps.team:
            return Reserved.TEAM
        if sum(count for who, count in today if who == person) + answers > caps.person:
            return Reserved.PERSON
        self.reserved[team, question] = (day, person, answers)
        return Reserved.OK

    @step
    async def used(self, team: TeamId, person: UserId, *, now: datetime) -> int:
        day = now.date().isoformat()
        return sum(
            count
            for (of, _), (when, who, count) in self.reserved.items()
            if (of, when, who) == (team, day, person)
        )

    @property
    def answers(self) -> int:
        """How many answers are reserved in all."""
        return sum(count for _, _, count in self.reserved.values())


@dataclass
class FakePseudonyms:
    """A pseudonym for each person, made at the first call."""

    faults: Faults = field(default_factory=Faults)
    names: dict[tuple[TeamId, UserId], Pseudonym] = field(default_factory=dict)
    port: ClassVar[str] = "pseudonyms"

    @step
    async def of(self, team: TeamId, person: UserId) -> Pseudonym:
        return self.names.setdefault((team, person), Pseudonym(f"voter-{len(self.names) + 1}"))

    @step
    async def known(self, team: TeamId, person: UserId) -> Pseudonym | None:
        return self.names.get((team, person))


@dataclass
class FakeHealth:
    """A store that is well unless told otherwise."""

    faults: Faults = field(default_factory=Faults)
    status: StoreStatus = field(
        default_factory=lambda: StoreStatus("valkey 9.1.2", Keeps.EVERY_WRITE, (), 0.2)
    )
    waiting: Backlog = field(default_factory=lambda: Backlog(0, 0, 1))
    port: ClassVar[str] = "health"

    @step
    async def store(self) -> StoreStatus:
        return self.status

    @step
    async def backlog(self, team: TeamId) -> Backlog:
        del team
        return self.waiting
