"""Duels: two sealed answers, ballots, closing, and the one door through which names come out."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.domain.ballot import Choice, Tally
from bot.domain.channel_config import Rules
from bot.domain.checks import NOTHING_NOTICED, Checks
from bot.domain.completion import Completion
from bot.domain.errors import Code, Refusal
from bot.domain.ids import DuelId, Fingerprint, MessageTs, ThreadKey, UserId
from bot.domain.locale import DEFAULT_LANGUAGE
from bot.domain.thread import Side

SPLIT_FROM_BALLOTS = 3
"""With fewer ballots the split would tell who voted what; then only who leads is said."""
CLOSE_FROM_BALLOTS = 2
"""Ballots after which the asker or an admin may close before the time is up."""
LOOK_AGAIN = timedelta(minutes=15)
"""Time between two looks at an open duel that ballots may close."""
_SCHEMA = 1


class Origin(StrEnum):
    """How a duel came about."""

    DRAWN = "drawn"
    ASKED = "asked"
    SECOND_OPINION = "second_opinion"
    """Asked for after a single answer to the question was seen; never evidence."""


class State(StrEnum):
    """Where a duel stands. Edges: open -> closed, open -> nobody_voted; a void one was never open."""

    OPEN = "open"
    CLOSED = "closed"
    NOBODY_VOTED = "nobody_voted"


class ClosedBy(StrEnum):
    """What closed a duel."""

    BALLOTS = "ballots"
    TIME = "time"
    PERSON = "person"


@dataclass(frozen=True, slots=True)
class Corner:
    """One side's contestant and how it fared; known to nobody while the duel is open.

    Attributes:
        name: What people call the contestant.
        fingerprint: Which exact contestant it is.
        prompt_tokens: Tokens read.
        completion_tokens: Tokens written.
        total_ms: Milliseconds from the request to the end.
        reported_model: The model id that the endpoint named in its reply; None when it named none.
        system_fingerprint: The endpoint's own mark of its build; None when it sends none.
        checks: What was noticed about its answer.
    """

    name: str
    fingerprint: Fingerprint
    prompt_tokens: int
    completion_tokens: int
    total_ms: int
    reported_model: str | None = None
    system_fingerprint: str | None = None
    checks: Checks = NOTHING_NOTICED

    @classmethod
    def of(
        cls, name: str, fingerprint: Fingerprint, completion: Completion, checks: Checks = NOTHING_NOTICED
    ) -> "Corner":
        """Take down how a contestant fared."""
        usage = completion.usage
        return cls(
            name,
            fingerprint,
            usage.prompt_tokens,
            usage.completion_tokens,
            completion.total_ms,
            completion.reported_model,
            completion.system_fingerprint,
            checks,
        )


@dataclass(frozen=True, slots=True)
class Seal:
    """Who wrote A and who wrote B."""

    a: Corner
    b: Corner

    def of(self, side: Side) -> Corner:
        """The corner of one side."""
        return self.a if side is Side.A else self.b


@dataclass(frozen=True, slots=True)
class Duel:
    """A duel as it is kept for good; its texts are kept apart and have a lifetime.

    Attributes:
        id: Random, opaque; the only thing about it that Slack ever sees.
        thread: Where it was asked.
        asker: Who asked.
        asked_ts: The question's ts.
        seal: Who wrote what.
        origin: Drawn by the coin or asked for.
        scored: Whether it counts for a verdict: the first of its thread, after a history without text of
            either contestant.
        follow: The side that a follow-up goes on from when the asker's ballot names none; drawn at opening.
        opened_at: When both answers were recorded.
        ballots_to_close: Ballots after which it closes.
        close_after: Time before which it never closes by itself.
        close_latest: Time after which it closes anyway.
        state: Where it stands.
        closed_at: When it closed; None while it is open.
        closed_by: What closed it; None while it is open.
        answers_ts: Ts of the message that shows both answers; None until it is posted.
        ballot_ts: Ts of the message with the ballot row; None until it is posted.
        tally: The counts at closing; None while it is open.
        language: The language that it was opened in and is shown in to its end.
    """

    id: DuelId
    thread: ThreadKey
    asker: UserId
    asked_ts: MessageTs
    seal: Seal = field(repr=False)  # no log and no traceback breaks it
    origin: Origin
    scored: bool
    follow: Side
    opened_at: datetime
    ballots_to_close: int
    close_after: timedelta
    close_latest: timedelta
    state: State = State.OPEN
    closed_at: datetime | None = None
    closed_by: ClosedBy | None = None
    answers_ts: MessageTs | None = None
    ballot_ts: MessageTs | None = None
    tally: Tally | None = None
    language: str = DEFAULT_LANGUAGE

    @property
    def is_open(self) -> bool:
        """Whether ballots are taken."""
        return self.state is State.OPEN

    def due(self, ballots: int, now: datetime) -> ClosedBy | None:
        """Say what closes the duel now; None when it stays open."""
        if not self.is_open:
            return None
        if now >= self.opened_at + self.close_latest:
            return ClosedBy.TIME
        if ballots >= self.ballots_to_close and now >= self.opened_at + self.close_after:
            return ClosedBy.BALLOTS
        return None

    def next_check(self, now: datetime) -> datetime:
        """When to look again whether the duel is due.

        That is the time from which ballots may close it; after that now and then, in case the process that
        took the deciding ballot died before it could close the duel; and at the latest when it must close.
        """
        latest = self.opened_at + self.close_latest
        early = min(self.opened_at + self.close_after, latest)
        return early if now < early else min(max(now, early) + LOOK_AGAIN, latest)

    def check_cast(self) -> None:
        """Raise Refusal when no ballot can be cast or changed any more."""
        if not self.is_open:
            raise Refusal(Code.DUEL_CLOSED, when=self.closed_at)

    def check_close(self, actor: UserId, *, admin: bool, voted: bool, ballots: int, now: datetime) -> None:
        """Raise Refusal when the person may not close the duel now.

        Args:
            actor: Who wants to close.
            admin: Whether that person is an admin.
            voted: Whether that person has cast a ballot.
            ballots: How many people have voted.
            now: The time.
        """
        self.check_cast()
        if actor != self.asker and not admin:
            raise Refusal(Code.ASKER_OR_ADMIN)
        if not voted:
            raise Refusal(Code.NO_BALLOT_YET)
        early = self.opened_at + self.close_after
        if ballots < CLOSE_FROM_BALLOTS and now < early:
            raise Refusal(Code.TOO_EARLY_TO_CLOSE, when=early, ballots=CLOSE_FROM_BALLOTS)

    def closed(self, tally: Tally, by: ClosedBy, now: datetime) -> "Duel":
        """Return the duel closed with these ballots."""
        state = State.CLOSED if tally.ballots else State.NOBODY_VOTED
        return replace(self, state=state, closed_at=now, closed_by=by, tally=tally)

    def followed_side(self, askers_ballot: Choice | None) -> Side:
        """The side that the thread goes on from.

        Open: what the asker's own ballot prefers, else the coin of the opening; never the tally. Closed: the
        side that leads, else the same coin.
        """
        if self.is_open or self.tally is None:
            preferred = askers_ballot.prefers if askers_ballot else None
        else:
            preferred = self.tally.leader
        return preferred or self.follow

    def reveal(self, *, locked: bool = False) -> "Revealed":
        """Break the seal: the only way by which names leave a duel.

        Args:
            locked: Whether it is told to one person only, whose ballot is locked: to them an open duel is
                revealed, without its counts.

        Raises:
            Refusal: The duel is open, or closed without a ballot, in which case it stays unnamed.
        """
        if self.is_open and locked:
            return Revealed(self.seal, None)
        if self.state is not State.CLOSED or self.tally is None:
            raise Refusal(Code.DUEL_STILL_OPEN)
        return Revealed(self.seal, self.tally)

    def to_document(self) -> dict[str, Any]:
        """Return a plain mapping for storage."""
        return {
            "schema_version": _SCHEMA,
            "id": self.id,
            "thread": self.thread.wire,
            "asker": self.asker,
            "asked_ts": self.asked_ts,
            "a": _corner_document(self.seal.a),
            "b": _corner_document(self.seal.b),
            "origin": self.origin.value,
            "scored": self.scored,
            "follow": self.follow.value,
            "opened_at": self.opened_at.isoformat(),
            "ballots_to_close": self.ballots_to_close,
            "close_after_s": self.close_after.total_seconds(),
            "close_latest_s": self.close_latest.total_seconds(),
            "state": self.state.value,
            "closed_at": self.closed_at.isoformat() if self.closed_at else None,
            "closed_by": self.closed_by.value if self.closed_by else None,
            "answers_ts": self.answers_ts,
            "ballot_ts": self.ballot_ts,
            "tally": self.tally.document() if self.tally else None,
            "language": self.language,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Duel":
        """Read what `to_document` wrote."""
        closed_at, closed_by, tally = document["closed_at"], document["closed_by"], document["tally"]
        return cls(
            id=document["id"],
            thread=ThreadKey.from_wire(document["thread"]),
            asker=document["asker"],
            asked_ts=document["asked_ts"],
            seal=Seal(_corner(document["a"]), _corner(document["b"])),
            origin=Origin(document["origin"]),
            scored=document["scored"],
            follow=Side(document["follow"]),
            opened_at=datetime.fromisoformat(document["opened_at"]),
            ballots_to_close=document["ballots_to_close"],
            close_after=timedelta(seconds=document["close_after_s"]),
            close_latest=timedelta(seconds=document["close_latest_s"]),
            state=State(document["state"]),
            closed_at=datetime.fromisoformat(closed_at) if closed_at else None,
            closed_by=ClosedBy(closed_by) if closed_by else None,
            answers_ts=document["answers_ts"],
            ballot_ts=document["ballot_ts"],
            tally=Tally(**tally) if tally else None,
            language=document.get("language", DEFAULT_LANGUAGE),
        )


def _corner_document(corner: Corner) -> dict[str, Any]:
    return {
        "name": corner.name,
        "fingerprint": corner.fingerprint,
        "prompt_tokens": corner.prompt_tokens,
        "completion_tokens": corner.completion_tokens,
        "total_ms": corner.total_ms,
        "reported_model": corner.reported_model,
        "system_fingerprint": corner.system_fingerprint,
        "checks": corner.checks.to_document(),
    }


def _corner(document: Mapping[str, Any]) -> Corner:
    return Corner(**{**document, "checks": Checks.from_document(document.get("checks", {}))})


@dataclass(frozen=True, slots=True)
class Revealed:
    """What may be told once the seal is broken.

    Attributes:
        seal: Who wrote what.
        tally: The counts; None when the duel is still open for others, whose ballots are not told.
    """

    seal: Seal
    tally: Tally | None

    @property
    def split(self) -> Tally | None:
        """The counts, when there are enough of them that they do not tell who voted what; else None."""
        if self.tally is None or self.tally.ballots < SPLIT_FROM_BALLOTS:
            return None
        return self.tally


def open_duel(
    *,
    duel: DuelId,
    thread: ThreadKey,
    asker: UserId,
    asked_ts: MessageTs,
    corners: tuple[Corner, Corner],
    swapped: bool,
    follow: Side,
    origin: Origin,
    scored: bool,
    held: Rules,
    now: datetime,
) -> Duel:
    """Open a duel between two contestants, in the order of the pair, or swapped as the coin fell."""
    first, second = corners[::-1] if swapped else corners
    return Duel(
        id=duel,
        thread=thread,
        asker=asker,
        asked_ts=asked_ts,
        seal=Seal(first, second),
        origin=origin,
        scored=scored,
        follow=follow,
        opened_at=now,
        ballots_to_close=held.ballots,
        close_after=timedelta(minutes=held.close_minutes),
        close_latest=timedelta(hours=held.close_hours),
        language=held.language or DEFAULT_LANGUAGE,
    )
