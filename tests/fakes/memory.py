"""What FakeConversations and FakeDuels share: the threads' notes of their duels, as the store keeps them."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.answer import GivenAnswer
from bot.domain.ballot import Choice
from bot.domain.duel import Duel
from bot.domain.earlier import Earlier
from bot.domain.ids import ChannelKey, DuelId, Fingerprint, MessageTs, Pseudonym, ThreadKey, UserId
from bot.domain.question import Question, Recorded, Routed
from bot.domain.thread import AskedTurn, Side, Turn
from bot.services.ports import Ballot, DuelInThread, DuelTexts, Half

LEASE = timedelta(seconds=10)
MOST_TURNS = 200


@dataclass
class Note:
    """A thread's note of one of its duels."""

    duel: Duel
    open: bool
    side: Side
    named: bool = False

    def known(self) -> DuelInThread:
        corner, rival = self.duel.seal.of(self.side), self.duel.seal.of(self.side.other)
        return DuelInThread(
            self.open, self.named, self.side, corner.name, corner.fingerprint, rival.fingerprint
        )


@dataclass
class ThreadState:
    """A thread as the store knows it."""

    ours: bool = False
    gate: str | None = None
    ended: str | None = None
    turns: list[Turn] = field(default_factory=list)
    speakers: list[str] = field(default_factory=list)
    notes: dict[DuelId, Note] = field(default_factory=dict)
    expires: datetime | None = None


@dataclass
class Entry:
    """A question in an inbox, and how far it has come."""

    question: Question
    attempts: int = 0
    token: str | None = None
    not_before: datetime | None = None
    routed: Routed | None = None
    earlier: Earlier | None = None
    edited: str | None = None
    recorded: Recorded | None = None
    root: MessageTs | None = None
    posting: int | None = None
    posted: dict[int, MessageTs] = field(default_factory=dict)
    streaming: int | None = None
    streamed: dict[int, MessageTs] = field(default_factory=dict)
    stopped_by: UserId | None = None
    withdrawn: bool = False


@dataclass
class Lease:
    """Who holds a thread, and until when."""

    token: str
    until: datetime


@dataclass
class DuelState:
    """A duel, its texts for their lifetime, its ballots and the log of every one that was cast."""

    duel: Duel
    texts: DuelTexts
    texts_until: datetime
    ballots: dict[Pseudonym, Ballot] = field(default_factory=dict)
    log: list[tuple[Pseudonym, Choice]] = field(default_factory=list)


@dataclass
class Memory:
    """Everything that one fake store holds."""

    threads: dict[ThreadKey, ThreadState] = field(default_factory=dict)
    inboxes: dict[ThreadKey, dict[MessageTs, Entry]] = field(default_factory=dict)
    leases: dict[ThreadKey, Lease] = field(default_factory=dict)
    gone: set[tuple[ChannelKey, str]] = field(default_factory=set)
    seen: set[tuple[ThreadKey, str]] = field(default_factory=set)
    pending: dict[ThreadKey, datetime] = field(default_factory=dict)
    duels: dict[tuple[ChannelKey, DuelId], DuelState] = field(default_factory=dict)
    dead: list[Entry] = field(default_factory=list)
    records: list[Recorded] = field(default_factory=list)
    answers: dict[tuple[ChannelKey, MessageTs], GivenAnswer] = field(default_factory=dict)
    halves: list[Half] = field(default_factory=list)
    thumbs: dict[tuple[ChannelKey, Fingerprint, MessageTs, Pseudonym], bool] = field(default_factory=dict)

    def thread(self, key: ThreadKey) -> ThreadState:
        return self.threads.setdefault(key, ThreadState())

    def inbox(self, key: ThreadKey) -> dict[MessageTs, Entry]:
        return self.inboxes.setdefault(key, {})

    @staticmethod
    def drop_turns(state: ThreadState, ts: MessageTs) -> None:
        """Take out the turn of a message: what it asked, or the answer that it shows."""
        state.turns = [turn for turn in state.turns if ts not in Memory.messages(turn)]

    @staticmethod
    def messages(turn: Turn) -> tuple[MessageTs, ...]:
        """The messages in Slack that a turn stands for."""
        return (turn.ts,) if isinstance(turn, AskedTurn) else turn.shown

    def note(self, duel: Duel) -> Note | None:
        return self.thread(duel.thread).notes.get(duel.id)
