"""What is kept of one person, what was deleted of it, and what a channel does with people's words; pure."""

from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from bot.domain.ids import ChannelKey, TastingId
from bot.domain.reports import ConfigReport

_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class Said:
    """A message of theirs that is kept in a thread."""

    channel: str
    thread: str
    ts: str
    text: str


@dataclass(frozen=True, slots=True)
class DuelAsked:
    """A duel that they asked for, or that was drawn for their question.

    Attributes:
        channel: Where.
        duel: Its id.
        opened_at: When, as an ISO time.
        state: `open`, `closed` or `nobody_voted`.
        question: What they asked; None when its text is gone.
    """

    channel: str
    duel: str
    opened_at: str
    state: str
    question: str | None


@dataclass(frozen=True, slots=True)
class BallotCast:
    """A ballot of theirs; what it says is told to nobody but them.

    Attributes:
        channel: Where.
        duel: The duel's id.
        choice: What it says.
        locked: Whether it can no longer be changed.
    """

    channel: str
    duel: str
    choice: str
    locked: bool


@dataclass(frozen=True, slots=True)
class Asking:
    """A question of theirs that waits, or that was given up; `given_up` tells which."""

    channel: str
    text: str
    given_up: bool


@dataclass(frozen=True, slots=True)
class Changed:
    """A change in the audit: one that they made as an admin, or, with `about_them`, of a right of theirs."""

    at: str
    what: str
    about_them: bool = False


@dataclass(frozen=True, slots=True)
class ThumbGiven:
    """A thumb of theirs for an answer; `answer` is the ts of its question."""

    channel: str
    answer: str
    up: bool


@dataclass(frozen=True, slots=True)
class RightHeld:
    """A right of theirs to administer a channel, or a request for it.

    Attributes:
        channel: Which.
        at: When it was given, or asked for, as an ISO time.
        state: `held`, or of a request `open`, `allowed` or `denied`.
    """

    channel: str
    at: str
    state: str


@dataclass(frozen=True, slots=True)
class AnswersGot:
    """How many answers they got on a day (UTC), for the cap."""

    day: str
    answers: int


@dataclass(frozen=True, slots=True)
class Numbered:
    """The number by which they are told apart in a thread, or in the answers of a duel.

    Attributes:
        channel: Where.
        about: The thread, or the duel's id.
        number: Theirs; 1 is Speaker 1.
    """

    channel: str
    about: str
    number: int


@dataclass(frozen=True, slots=True)
class TastingJoined:
    """A tasting that they laid (`host`), or in which they were named as a voter."""

    channel: str
    tasting: str
    host: bool
    voter: bool


@dataclass(frozen=True, slots=True)
class TastingQuestion:
    """A question of theirs on the menu of a tasting."""

    channel: str
    tasting: str
    text: str


@dataclass(frozen=True, slots=True)
class Tasted:
    """A move of theirs in a tasting; what it says is told to nobody but them.

    Attributes:
        channel: Where.
        tasting: The tasting's id.
        question: The question's id: a hash of its words.
        move: What they did, in terms of what was shown to them as A and B.
    """

    channel: str
    tasting: str
    question: str
    move: str


@dataclass(frozen=True, slots=True)
class TuningOrdered:
    """A tuning job that they ordered: its id, the model's name, and when, as an ISO time."""

    job: str
    name: str
    at: str


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Everything that is kept of one person in a team.

    Attributes:
        messages: What they said in threads.
        duels: The duels of their questions.
        ballots: Their ballots.
        questions: Questions that wait or were given up.
        changes: What they changed as an admin, and changes of their rights.
        thumbs: Their thumbs.
        rights: Channels that they may administer, and requests for that.
        answers: How many answers they got, by day.
        numbers: As whom threads and duels know them.
        tastings: Tastings that they laid or were invited to.
        menus: Their questions on menus of tastings.
        tasted: What they did in tastings.
        tunings: Tuning jobs that they ordered.
        no_training: Whether their questions never become training rows.
        complete: Whether that is all: False when there was more than is read at once.
    """

    messages: tuple[Said, ...] = ()
    duels: tuple[DuelAsked, ...] = ()
    ballots: tuple[BallotCast, ...] = ()
    questions: tuple[Asking, ...] = ()
    changes: tuple[Changed, ...] = ()
    thumbs: tuple[ThumbGiven, ...] = ()
    rights: tuple[RightHeld, ...] = ()
    answers: tuple[AnswersGot, ...] = ()
    numbers: tuple[Numbered, ...] = ()
    tastings: tuple[TastingJoined, ...] = ()
    menus: tuple[TastingQuestion, ...] = ()
    tasted: tuple[Tasted, ...] = ()
    tunings: tuple[TuningOrdered, ...] = ()
    no_training: bool = False
    complete: bool = True

    @property
    def entries(self) -> int:
        """How many entries that are."""
        lists = (getattr(self, f.name) for f in fields(self))
        return sum(len(value) for value in lists if isinstance(value, tuple))

    def to_document(self, *, person: str, team: str, now: datetime) -> dict[str, Any]:
        """Return it as plain JSON for the person themself."""
        lists = {f.name: getattr(self, f.name) for f in fields(self)}
        return {
            "schema_version": _SCHEMA,
            "person": person,
            "team": team,
            "generated_at": now.isoformat(timespec="seconds"),
            **{
                name: [asdict(item) for item in value] if isinstance(value, tuple) else value
                for name, value in lists.items()
            },
        }


@dataclass(frozen=True, slots=True)
class Awaiting:
    """An open tasting that waited for a person's votes."""

    place: ChannelKey
    tasting: TastingId


@dataclass(frozen=True, slots=True)
class Forgotten:
    """What was deleted of a person, in numbers.

    Attributes:
        messages: Messages in threads.
        questions: Questions of duels and of tastings, and such as waited or were given up.
        kept: Ballots in open duels, the link to which stays until these are closed.
        changes: Changes by them as an admin, or of their rights, that stay in the audit stream, with their id.
        thumbs: Thumbs that were taken back.
        rights: Rights to administer a channel, and requests for it.
        waited: Open tastings that waited for their votes, and do so no more.
    """

    messages: int
    questions: int
    kept: int
    changes: int
    thumbs: int = 0
    rights: int = 0
    waited: tuple[Awaiting, ...] = ()


@dataclass(frozen=True, slots=True)
class PrivacyReport:
    """What a channel does with people's words, for one person who asks.

    Attributes:
        config: The channel's config, with the endpoints outside the house.
        no_training: Whether this person's questions never become training rows.
    """

    config: ConfigReport
    no_training: bool
