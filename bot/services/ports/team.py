"""What belongs to a whole team: config, models, exact contestants, caps, pseudonyms, health."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.domain.breaker import Breaker
from bot.domain.channel_config import ChannelConfig
from bot.domain.contestant import Contestant, FineTunedModel
from bot.domain.ids import ChannelKey, Fingerprint, Pseudonym, TeamId, UserId
from bot.domain.reports import StoreStatus


@dataclass(frozen=True, slots=True)
class TeamFacts:
    """What a question needs to know about its team.

    Attributes:
        defaults: Its default config.
        models: Its fine-tuned models, by name.
        version: Names the change that wrote the default config; empty when none is known.
        breakers: The breakers of its contestants that have failed since their last answer, by fingerprint.
    """

    defaults: ChannelConfig
    models: Mapping[str, FineTunedModel]
    version: str = ""
    breakers: Mapping[Fingerprint, Breaker] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Stored:
    """A config as it was read: `version` names the change that wrote it; empty when none is known."""

    config: ChannelConfig
    version: str


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change by an admin: who, when, what, before and after; `id` is empty until it is in the stream."""

    actor: UserId
    at: datetime
    what: str
    before: Mapping[str, str]
    after: Mapping[str, str]
    id: str = field(default="", compare=False)


class Configs(Protocol):
    """What admins have set, and the audit stream of their changes."""

    async def channel(self, place: ChannelKey) -> ChannelConfig:
        """Return what is set for a channel."""
        ...

    async def stored(self, place: ChannelKey) -> Stored:
        """Return what is set for a channel, with its version."""
        ...

    async def save_channel(
        self, place: ChannelKey, config: ChannelConfig, *, over: str = "", version: str = ""
    ) -> bool:
        """Replace what is set for a channel, unless it is no longer the version that was read.

        Args:
            place: The channel.
            config: What is to be set.
            over: The version that was read.
            version: The new one: the id of the change's audit entry.
        """
        ...

    async def team(self, team: TeamId) -> TeamFacts:
        """Return what is set for a team."""
        ...

    async def save_defaults(
        self, team: TeamId, config: ChannelConfig, *, over: str = "", version: str = ""
    ) -> bool:
        """Replace a team's default config, as `save_channel` does a channel's."""
        ...

    async def save_model(self, team: TeamId, model: FineTunedModel, *, over: bool = False) -> bool:
        """Register a model, if need be over one of its name (`over`); False when its name is taken."""
        ...

    async def remove_model(self, team: TeamId, name: str) -> bool:
        """Remove a model; False when there was none."""
        ...

    async def configured(self, team: TeamId) -> Mapping[ChannelKey, ChannelConfig]:
        """Return every channel for which something is set."""
        ...

    async def audit(self, team: TeamId, entry: AuditEntry) -> str:
        """Append a change to the team's audit stream and return its id there."""
        ...

    async def take_back(self, team: TeamId, entry: str) -> None:
        """Remove an entry of a change that did not come about."""
        ...

    async def audited(self, team: TeamId, limit: int) -> Sequence[AuditEntry]:
        """Return the newest changes, newest first."""
        ...


class ContestantStore(Protocol):
    """Exact contestants by fingerprint, so that every worker answers with the same text."""

    async def save(self, team: TeamId, contestant: Contestant) -> None:
        """Store the contestant by its fingerprint, and as the newest of its name."""
        ...

    async def load(self, team: TeamId, fingerprint: Fingerprint) -> Contestant | None:
        """Return the contestant; None when it was never stored."""
        ...

    async def newest(self, team: TeamId, name: str) -> Contestant | None:
        """Return the contestant last stored under that name; None when there was none."""
        ...

    async def changed(self, team: TeamId) -> Mapping[str, Fingerprint]:
        """Return what each name stood for before, of those that have changed and of which nobody was told."""
        ...

    async def told(self, team: TeamId, name: str) -> None:
        """Forget that a name has changed."""
        ...


@dataclass(frozen=True, slots=True)
class Caps:
    """Answers a day, for a team and for one person in it."""

    team: int
    person: int


class Reserved(StrEnum):
    """Whether answers could be reserved, or whose cap is reached."""

    OK = "ok"
    TEAM = "team"
    PERSON = "person"


class Budget(Protocol):
    """Caps on answers, counted per day (UTC)."""

    async def reserve(
        self, team: TeamId, person: UserId, question: str, answers: int, caps: Caps, *, now: datetime
    ) -> Reserved:
        """Reserve answers for a question, once: reserving again for the same question changes nothing."""
        ...

    async def used(self, team: TeamId, person: UserId, *, now: datetime) -> int:
        """Return how many answers a person has had today."""
        ...


@dataclass(frozen=True, slots=True)
class Backlog:
    """What waits: threads with an unanswered question, questions given up on, and workers that look."""

    waiting_threads: int
    dead_letters: int
    workers: int


class Health(Protocol):
    """How the dependencies are."""

    async def store(self) -> StoreStatus:
        """Look at the store."""
        ...

    async def backlog(self, team: TeamId) -> Backlog:
        """Count what waits: in all, the dead letters those of the team."""
        ...


class Pseudonyms(Protocol):
    """The link between a person and the name of their ballots."""

    async def of(self, team: TeamId, person: UserId) -> Pseudonym:
        """Return the person's pseudonym in this team, made at the first call."""
        ...

    async def known(self, team: TeamId, person: UserId) -> Pseudonym | None:
        """Return the person's pseudonym; None when they have none, and so have never voted."""
        ...
