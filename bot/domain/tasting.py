"""Tastings: a menu asked of two fixed contestants, voted on under seal by people named before, opened once.

Questions, voters, deadline, margin and alpha are fixed before the first vote, and until the end nobody sees a
split, a name or a figure. That is what lets `bot.domain.verdict` take the votes for a sample of fixed size.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum

from bot.domain.ballot import Tally
from bot.domain.course import Course
from bot.domain.ids import ChannelKey, Fingerprint, MessageTs, Pseudonym, TastingId, UserId
from bot.domain.menu import Left, QuestionId
from bot.domain.verdict import DEFAULT_ALPHA, DEFAULT_MARGIN

_SATURDAY = 5
_WEEK = 7
_BESIDE = timedelta(days=7)
"""What may come on top of a tasting's span: its cooking, a weekend, and the reading of its result."""
MOST_VOTERS = 30
"""People who can be named as voters of one tasting."""


class Stage(StrEnum):
    """Where a tasting stands.

    Edges: drafted -> cooking -> open -> closed; from each of the first three also -> called off.
    """

    DRAFTED = "drafted"
    """Somebody has been told what it would cost, and has not said yes."""
    COOKING = "cooking"
    """Both contestants are being asked."""
    OPEN = "open"
    """People vote."""
    CLOSED = "closed"
    """The seals are open."""
    CALLED_OFF = "called_off"
    """It came to no end, and its seals stay shut."""


class Part(StrEnum):
    """Which part of a menu is served."""

    WHOLE = "whole"
    PRACTICE = "practice"
    """The half that may be looked at while a prompt is improved."""
    FINAL = "final"
    """The other half, kept for the tasting that counts."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What holds for a tasting, fixed before the first vote and told with the result.

    Attributes:
        voters: Who votes.
        deadline: When it ends though not all are through.
        margin: The difference of scores that is still called equal.
        alpha: How often, at most, equal contestants may be called different.
    """

    voters: tuple[Pseudonym, ...]
    deadline: datetime
    margin: float = DEFAULT_MARGIN
    alpha: float = DEFAULT_ALPHA


@dataclass(frozen=True, slots=True)
class Rival:
    """One of the two exact contestants.

    Attributes:
        name: Its name when the tasting was laid.
        fingerprint: Which exact contestant it is.
        ends: The first day on which its model may not answer any more; its answers are then kept for good, so that
            a successor can meet them. None when no such day was named, or the questions do not last either.
    """

    name: str
    fingerprint: Fingerprint
    ends: date | None = None


@dataclass(frozen=True, slots=True)
class Dish:
    """A question on a tasting's menu as it is kept.

    Attributes:
        text: The question.
        asker: Who asked it in the channel, which is never shown; None when it comes from elsewhere.
        ts: The message with which it was asked there; None when it comes from elsewhere.
    """

    text: str
    asker: UserId | None = None
    ts: MessageTs | None = None

    @property
    def asked_at(self) -> datetime | None:
        """When it was asked there; None when it comes from elsewhere."""
        return datetime.fromtimestamp(float(self.ts), UTC) if self.ts else None


@dataclass(frozen=True, slots=True)
class Fare:
    """What one contestant took for its answers, measured.

    Attributes:
        answers: How many it gave.
        failures: How many it did not give, by kind.
        read: Tokens that it read for one answer, on average.
        written: Tokens that it wrote for one, on average.
        seconds: Time for one, on average.
        money: Money for one, on average; None when its endpoint has no price.
    """

    answers: int
    failures: Mapping[str, int]
    read: float = 0.0
    written: float = 0.0
    seconds: float = 0.0
    money: float | None = None


@dataclass(frozen=True, slots=True)
class Tasting:
    """A tasting as it is kept; its questions are kept apart and have a lifetime, its answers in the cellar.

    Attributes:
        id: Random, opaque.
        place: The channel.
        host: Who laid it; empty once that person was forgotten.
        language: Tag of the language that prompts are filled in with and that the channel is told in.
        rivals: The two, in the order in which they were named; sealed until it is closed.
        source: Where the menu is from, packed.
        part: Which part of it is served.
        draw: The seed that the menu was drawn with; None when nothing was drawn by chance.
        left: What is not on the menu, and why.
        questions: The menu, in its order.
        invited: Who was named as a voter, sorted, so that it does not tell whose pseudonym is whose.
        voters: Their pseudonyms, in an order of their own.
        span: How long it is open at most.
        margin: See Terms.
        alpha: See Terms.
        seed: What order and sides are drawn with; nobody knows it before the end.
        laid_at: When it was laid.
        stage: Where it stands.
        opened_at: When voting began; None before.
        deadline: When voting ends at the latest; None before it began.
        closed_at: When the seals were opened; None before.
        out: Questions that are not served: without both answers, or taken out by who asked them.
        gone: Voters who were forgotten: what they did counts, and nobody waits for more.
        fares: What each of the two took; None before all is cooked.
        tally: All votes as they were counted at the end; None before, and where nobody counted them then.
        status_ts: The message with the progress; None before it is posted.
        invitation_ts: The message with the invitation; None before it is posted.
        result_ts: The message with the result; None before it is posted.
    """

    id: TastingId
    place: ChannelKey
    host: UserId
    language: str
    rivals: tuple[Rival, Rival]
    source: str
    part: Part
    draw: int | None
    left: Left
    questions: tuple[QuestionId, ...]
    invited: tuple[UserId, ...]
    voters: tuple[Pseudonym, ...]
    span: timedelta
    margin: float
    alpha: float
    seed: str
    laid_at: datetime
    stage: Stage = Stage.DRAFTED
    opened_at: datetime | None = None
    deadline: datetime | None = None
    closed_at: datetime | None = None
    out: frozenset[QuestionId] = frozenset()
    gone: frozenset[Pseudonym] = frozenset()
    fares: tuple[Fare, Fare] | None = None
    tally: Tally | None = None
    status_ts: MessageTs | None = None
    invitation_ts: MessageTs | None = None
    result_ts: MessageTs | None = None

    @property
    def served(self) -> tuple[QuestionId, ...]:
        """The questions that are voted on."""
        return tuple(question for question in self.questions if question not in self.out)

    @property
    def terms(self) -> Terms:
        """What holds; raise ValueError before it was opened."""
        if self.deadline is None:
            raise ValueError(f"the tasting {self.id} was not opened")
        return Terms(self.voters, self.deadline, self.margin, self.alpha)

    @property
    def awaited(self) -> tuple[Pseudonym, ...]:
        """The voters who can still vote."""
        return tuple(voter for voter in self.voters if voter not in self.gone)


def is_over(
    courses: Mapping[Pseudonym, Course], awaited: Collection[Pseudonym], deadline: datetime, now: datetime
) -> bool:
    """Whether the seals are to be opened: all who can vote are through, or the deadline has come."""
    through = all(voter in courses and courses[voter].through for voter in awaited)
    return through or now >= deadline


def texts_kept(text_days: int, span: timedelta) -> timedelta:
    """Return how long the texts of a tasting are kept: as those of duels are, but until it surely has ended.

    Args:
        text_days: Days that texts of duels are kept.
        span: How long it is open at most.
    """
    return max(timedelta(days=text_days), span + _BESIDE)


def deadline_after(opened: datetime, span: timedelta) -> datetime:
    """Return when a tasting ends: that long after it was opened, on a weekend (UTC) at that time on Monday.

    A span of less than a day ends when it ends: who opens one on a Saturday is there on a Saturday.
    """
    end = opened + span
    if span < timedelta(days=1) or end.weekday() < _SATURDAY:
        return end
    return end + timedelta(days=_WEEK - end.weekday())
