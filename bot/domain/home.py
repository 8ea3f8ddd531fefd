"""What App Home shows a person: who answers where, what they may still ask, which duels wait for them."""

from collections.abc import Container, Iterable
from dataclasses import dataclass

from bot.domain.duel import Duel
from bot.domain.ids import ChannelKey, UserId
from bot.domain.reports import ConfigReport


@dataclass(frozen=True, slots=True)
class SharedChannel:
    """A channel in which both a person and the bot are; `creator` is None when Slack does not say."""

    place: ChannelKey
    name: str
    creator: UserId | None


@dataclass(frozen=True, slots=True)
class HomeChannel:
    """A channel as Home shows it, and whether the person may change its config."""

    report: ConfigReport
    may_configure: bool


@dataclass(frozen=True, slots=True)
class Waiting:
    """An open duel in which the person has not voted; `question` is None when its text is gone."""

    duel: Duel
    question: str | None


@dataclass(frozen=True, slots=True)
class Home:
    """All of it.

    Attributes:
        locale: The person's language, as Slack says.
        used: How many answers they have had today; a duel counts two.
        cap: How many they may have a day.
        waiting: Open duels of the channels, newest first.
        channels: The channels, those with a config of their own first.
        more: How many channels there are besides.
        admins: Whether the person administers the whole team.
    """

    locale: str
    used: int
    cap: int
    waiting: tuple[Waiting, ...]
    channels: tuple[HomeChannel, ...]
    more: int
    admins: bool


def ordered(channels: Iterable[SharedChannel], configured: Container[ChannelKey]) -> list[SharedChannel]:
    """Return channels in the order of Home: those with a config of their own first, then by name."""
    return sorted(channels, key=lambda one: (one.place not in configured, one.name, one.place))
