"""What the services tell the surface: values to be shown, with nothing left to look up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.domain.answer import NO_THUMBS, Thumbs
from bot.domain.ballot import Choice
from bot.domain.breaker import Breaker
from bot.domain.channel_config import ChannelConfig, Mode, Rules
from bot.domain.completion import Completion, Failure, FailureKind
from bot.domain.contestant import ContestantKind, Endpoint, FineTunedModel
from bot.domain.costs import Estimate
from bot.domain.duel import Duel, Revealed
from bot.domain.ids import ChannelKey, DuelId, UserId
from bot.domain.persona import Persona
from bot.domain.thread import Side

_EVERY = 100
"""Of 100 questions."""


@dataclass(frozen=True, slots=True)
class ConfigReport:
    """The config of a channel, or the team's default.

    Attributes:
        place: The channel; None for the team's default.
        held: What holds once channel, team and built-in values are combined.
        own: What is set here itself.
        mode: The usual combination that this is; None when it is none of them.
        kinds: The kind of each contestant that is named and exists.
        missing: Names that are set but do not exist (any more).
        outside: Endpoints outside the house that questions here go to.
        writes: Of each persona here that is written in another language than the channel's: its locale.
        only_by_fallback: Whether nothing goes to `outside` but what the fallback answers.
        admins: Who may change it besides the team's admins.
        barred: Who is named but not asked, being outside the house while this is sensitive, with their endpoints.
        idle_fallback: Whether the fallback is who answers anyway, so that nobody stands in.
    """

    place: ChannelKey | None
    held: Rules
    own: ChannelConfig
    mode: Mode | None
    kinds: Mapping[str, ContestantKind]
    missing: tuple[str, ...]
    outside: tuple[str, ...]
    writes: Mapping[str, str] = field(default_factory=dict)
    only_by_fallback: bool = False
    admins: tuple[UserId, ...] = ()
    barred: Mapping[str, str] = field(default_factory=dict)
    idle_fallback: bool = False

    @property
    def answer(self) -> str | None:
        """Who answers; None when nobody is set, or only somebody who is not asked."""
        return None if self.held.answer in self.barred else self.held.answer

    @property
    def pair(self) -> tuple[str, str] | None:
        """Who duels; None when nobody is set, or one of them is not asked."""
        return None if self.barred.keys() & set(self.held.pair or ()) else self.held.pair

    @property
    def only_duels(self) -> bool:
        """Whether every question becomes a duel."""
        return self.pair is not None and self.held.duel_share >= _EVERY

    @property
    def stand_in(self) -> str | None:
        """Who answers in another's place; None when nobody does."""
        return None if self.idle_fallback or self.held.fallback in self.barred else self.held.fallback


@dataclass(frozen=True, slots=True)
class ConfigChange:
    """A change of config.

    Attributes:
        report: What holds now.
        changes: Each changed key with what was set before and after (empty text: not set).
        estimate: What duels will cost on top; None when there will not be more of them.
        shut: Channels where a new default bars somebody.
    """

    report: ConfigReport
    changes: Mapping[str, tuple[str, str]]
    estimate: Estimate | None = None
    shut: tuple[ChannelKey, ...] = ()


@dataclass(frozen=True, slots=True)
class Offered:
    """Who can be asked in a channel, or tasted.

    Attributes:
        names: Who can be asked, by name in order.
        pair: The two that are set to duel there, if any are.
        drafts: Drafts, which can be tasted only.
    """

    names: tuple[str, ...]
    pair: tuple[str, str] | None
    drafts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PersonaReport:
    """A persona and what it is answered with.

    Attributes:
        persona: The persona, or the draft of one.
        endpoint: Where it is answered.
        contestant_model: The model there; None when the endpoint is unknown or has none.
        writes: Its locale, when that is of another language than the channel's; else None.
        thumbs: For its answers in the channel, as it is now.
        draft: Whether this is a draft, which answers nobody.
        has_draft: Whether there is a draft beside it.
    """

    persona: Persona
    endpoint: str
    contestant_model: str | None
    writes: str | None = None
    thumbs: Thumbs = NO_THUMBS
    draft: bool = False
    has_draft: bool = False


@dataclass(frozen=True, slots=True)
class ModelReport:
    """A registered model, whether its endpoint is private, the channels that use it, and its thumbs in one."""

    model: FineTunedModel
    private: bool
    used_in: tuple[ChannelKey, ...]
    thumbs: Thumbs = NO_THUMBS


@dataclass(frozen=True, slots=True)
class Trial:
    """One tiny request to a model, and what came back."""

    name: str
    model: str
    endpoint: str
    outcome: Completion | Failure


@dataclass(frozen=True, slots=True)
class DuelReport:
    """A duel in a list: its question's start (None when its text is gone), and the ballots so far."""

    duel: Duel
    question: str | None
    ballots: int


@dataclass(frozen=True, slots=True)
class BallotReceipt:
    """What a voter is told after voting.

    Attributes:
        duel: The duel.
        choice: What the ballot says now.
        changed: Whether it said something else before.
        ballots: How many people have voted.
    """

    duel: DuelId
    choice: Choice
    changed: bool
    ballots: int


@dataclass(frozen=True, slots=True)
class MyBallot:
    """One's own ballot, and what can be done with it.

    Attributes:
        duel: The duel.
        choice: What it says; None when there is none.
        locked: Whether it can no longer be changed, since the names were shown.
        ballots: How many people have voted.
        may_close: Whether this person may close the duel now.
        revealed: The names, when this person may see them; else None.
    """

    duel: Duel
    choice: Choice | None
    locked: bool
    ballots: int
    may_close: bool
    revealed: Revealed | None


@dataclass(frozen=True, slots=True)
class Reading:
    """One side of a duel to be read in full, with one's own ballot.

    Attributes:
        duel: The duel.
        side: Which side.
        question: What was asked.
        text: The answer.
        choice: What one's own ballot says; None when there is none.
        open: Whether ballots are taken.
        locked: Whether one's own ballot can no longer be changed.
        speakers: Whose names are put in place of "Speaker 1", "Speaker 2", by number.
    """

    duel: DuelId
    side: Side
    question: str
    text: str
    choice: Choice | None
    open: bool
    locked: bool = False
    speakers: tuple[str, ...] = ()


class Keeps(StrEnum):
    """What a store keeps over a crash; the catalogues have a sentence for each (`keeps.<value>`)."""

    EVERY_WRITE = "every_write"
    ALL_BUT_A_SECOND = "all_but_a_second"
    A_FILE = "a_file"
    SNAPSHOTS = "snapshots"
    NOTHING = "nothing"
    UNSAID = "unsaid"

    @property
    def safe(self) -> bool:
        """Whether what was acknowledged is there after a crash, but for a second's worth."""
        return self in {Keeps.EVERY_WRITE, Keeps.ALL_BUT_A_SECOND, Keeps.A_FILE}


class StoreProblem(StrEnum):
    """What is wrong with a store; the catalogues have a sentence for each (`store_problems.<value>`)."""

    EVICTS = "evicts"
    TOO_OLD = "too_old"
    NO_FILE = "no_file"
    NO_REPLICA = "no_replica"


@dataclass(frozen=True, slots=True)
class StoreStatus:
    """The store: version, what it keeps over a crash, and what is wrong with it."""

    server: str
    keeps: Keeps
    problems: tuple[StoreProblem, ...]
    latency_ms: float


@dataclass(frozen=True, slots=True)
class EndpointStatus:
    """An endpoint: None as failure means that it answered."""

    endpoint: Endpoint
    failure: FailureKind | None
    latency_ms: float


@dataclass(frozen=True, slots=True)
class Status:
    """The state of the whole; `down` are the open breakers, for admins only."""

    version: str
    started_at: datetime
    waiting_threads: int
    dead_letters: int
    workers: int
    store: StoreStatus
    endpoints: tuple[EndpointStatus, ...]
    persona_faults: tuple[str, ...]
    down: tuple[Breaker, ...] = ()
