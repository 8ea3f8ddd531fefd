"""What is told by direct message, to admins or to one person, without anybody having asked just then."""

from dataclasses import dataclass
from datetime import datetime

from bot.domain.completion import FailureKind
from bot.domain.ids import ChannelId, ChannelKey, Fingerprint, UserId
from bot.domain.shutdowns import Shutdown


@dataclass(frozen=True, slots=True)
class AccessWanted:
    """To admins: a person wants to administer a channel."""

    place: ChannelKey
    user: UserId


@dataclass(frozen=True, slots=True)
class AccessDecided:
    """To the person who asked for it: what an admin decided."""

    place: ChannelKey
    allowed: bool
    by: UserId


@dataclass(frozen=True, slots=True)
class ContestantDown:
    """To admins: a contestant is down and not asked any more.

    Attributes:
        name: What it is called.
        endpoint: Where it is asked.
        kind: Why it failed last.
        since: When it was taken to be down.
    """

    name: str
    endpoint: str
    kind: FailureKind
    since: datetime


@dataclass(frozen=True, slots=True)
class ContestantUp:
    """To admins: a contestant answers again; `since` is from when it did not."""

    name: str
    endpoint: str
    since: datetime


@dataclass(frozen=True, slots=True)
class ContestantChanged:
    """To admins: what a name stands for is another contestant now.

    Attributes:
        name: The name.
        channels: Whose configs name it.
        by_default: Whether the team's default names it.
        scored: Closed duels that are evidence for the one before, in channels that have a config.
        before: The one before; None where nobody knows it any more.
    """

    name: str
    channels: tuple[ChannelId, ...]
    by_default: bool
    scored: int
    before: Fingerprint | None = None


@dataclass(frozen=True, slots=True)
class ContestantGone:
    """To admins: a persona has no file that can be read, and is served from the store; see ContestantChanged."""

    name: str
    channels: tuple[ChannelId, ...]
    by_default: bool


@dataclass(frozen=True, slots=True)
class DraftThere:
    """To admins: there is a draft that can be tasted, and answers nobody.

    Attributes:
        slug: The persona that it may become.
        rival: Whether that persona is there already.
        channels: Whose configs name that persona.
    """

    slug: str
    rival: bool
    channels: tuple[ChannelId, ...]


@dataclass(frozen=True, slots=True)
class ModelDies:
    """To admins: a model will be shut down, or is.

    Attributes:
        model: Its id at its endpoint.
        endpoint: Where it is asked.
        names: Contestants that it answers as, in the order of the alphabet; at least one.
        channels: Whose configs name one of them.
        by_default: Whether the team's default names one of them.
        end: When, and who says so.
        days: How many whole days are left; 0 when the day has come.
        chosen: Who of them is named in the first of the channels; None where there is no channel.
    """

    model: str
    endpoint: str
    names: tuple[str, ...]
    channels: tuple[ChannelId, ...]
    by_default: bool
    end: Shutdown
    days: int
    chosen: str | None = None


@dataclass(frozen=True, slots=True)
class Bottled:
    """To who wanted it: a contestant's answers to a menu are kept for good; so many, and so many are missing."""

    name: str
    source: str
    answers: int
    failures: int


Notice = (
    Bottled
    | AccessWanted
    | AccessDecided
    | ContestantDown
    | ContestantUp
    | ContestantChanged
    | ContestantGone
    | DraftThere
    | ModelDies
)
