"""A config as a form: opened with what is set, filled in by a person, and compared with what others wrote."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.costs import Estimate
from bot.domain.errors import BotError
from bot.domain.ids import ChannelKey, UserId
from bot.domain.reports import ConfigChange


@dataclass(frozen=True, slots=True)
class Choices:
    """Who can be named in a config: personas, fine-tuned models, and personas on those models."""

    personas: tuple[str, ...]
    models: tuple[str, ...]
    hybrids: tuple[str, ...]

    def like(self, text: str, limit: int) -> "Choices":
        """Return those whose name holds a text, at most so many in all, single ones before hybrids."""
        wanted = text.strip().lower()
        left = limit
        kept: list[tuple[str, ...]] = []
        for names in (self.personas, self.models, self.hybrids):
            found = tuple(name for name in names if wanted in name)[:left]
            left -= len(found)
            kept.append(found)
        return Choices(*kept)

    @property
    def all(self) -> tuple[str, ...]:
        """Every name."""
        return (*self.personas, *self.models, *self.hybrids)


@dataclass(frozen=True, slots=True)
class Meanwhile:
    """A key that somebody else changed while the form was open; who did is None when it cannot be found."""

    key: str
    before: str
    after: str
    by: UserId | None
    at: datetime | None


@dataclass(frozen=True, slots=True)
class ConfigForm:
    """What a person is shown.

    Attributes:
        place: The channel in which it was asked for.
        default: Whether it is the team's default.
        version: Of the config that it shows.
        base: What is set in that version, as `config set` reads it.
        values: What the fields hold.
        below: What holds for each key that is left open; a key is missing where that is nothing.
        choices: Who can be named.
        languages: The languages there are, as tags.
        estimate: What it would cost if every question became a duel; None when that is no question.
        meanwhile: What others changed while the form was open.
    """

    place: ChannelKey
    default: bool
    version: str
    base: Mapping[str, str]
    values: Mapping[str, str]
    below: Mapping[str, str]
    choices: Choices
    languages: tuple[str, ...]
    estimate: Estimate | None = None
    meanwhile: tuple[Meanwhile, ...] = ()


@dataclass(frozen=True, slots=True)
class Submission:
    """What a person sends: every field that is not empty, and what the form was opened with."""

    values: Mapping[str, str]
    version: str
    base: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Saved:
    """It was written, or was so already."""

    change: ConfigChange


@dataclass(frozen=True, slots=True)
class Unfit:
    """Nothing was written; by key, why."""

    errors: Mapping[str, BotError] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Overtaken:
    """Nothing was written, since others wrote meanwhile; the form to look at again."""

    form: ConfigForm


Outcome = Saved | Unfit | Overtaken


def merged(values: Mapping[str, str], base: Mapping[str, str], now: Mapping[str, str]) -> dict[str, str]:
    """Return what a person filled in, with what others wrote where the person had changed nothing.

    Args:
        values: What the person filled in.
        base: What the form was opened with.
        now: What is set now.
    """
    result: dict[str, str] = {}
    for key in {*values, *base, *now}:
        touched = values.get(key, "") != base.get(key, "")
        if text := (values if touched else now).get(key, ""):
            result[key] = text
    return result
