"""Where the questions of a tasting come from."""

from dataclasses import dataclass
from enum import StrEnum

from bot.domain.ids import MessageTs, UserId

MOST_DAYS = 365
"""How far back a channel's own questions may be looked for."""
_LONGEST_NAME = 80


class MenuKind(StrEnum):
    """The kinds of sources."""

    CHANNEL = "channel"
    LINES = "lines"
    FILE = "file"
    PERSONA = "persona"
    SHIPPED = "shipped"


_NAMED = (MenuKind.PERSONA, MenuKind.SHIPPED)


@dataclass(frozen=True, slots=True)
class MenuSource:
    """Where the questions come from.

    Attributes:
        kind: The kind of source.
        name: Of the persona or the shipped menu; None for the other kinds.
        days: How many days back the channel's questions count, 1 to MOST_DAYS; None for the other kinds.

    Raises:
        ValueError: What the kind needs is missing, or something else is there.
    """

    kind: MenuKind
    name: str | None = None
    days: int | None = None

    def __post_init__(self) -> None:
        named = self.name is not None and 0 < len(self.name) <= _LONGEST_NAME
        dated = self.days is not None and 1 <= self.days <= MOST_DAYS
        if named != (self.kind in _NAMED) or (not named and self.name is not None):
            raise ValueError(f"a menu of kind {self.kind} with the name {self.name!r:.90}")
        if dated != (self.kind is MenuKind.CHANNEL) or (not dated and self.days is not None):
            raise ValueError(f"a menu of kind {self.kind} of {self.days} days")

    def pack(self) -> str:
        """Return it as one short string: `channel:30`, `persona:support`, `lines`."""
        detail = self.name if self.name is not None else self.days
        return self.kind.value if detail is None else f"{self.kind.value}:{detail}"

    @classmethod
    def unpack(cls, packed: str) -> "MenuSource":
        """Read what `pack` wrote; raise ValueError when it is not that."""
        word, colon, detail = packed.partition(":")
        kind = MenuKind(word)
        if kind is MenuKind.CHANNEL:
            return cls(kind, days=int(detail))
        return cls(kind, name=detail if colon else None)


@dataclass(frozen=True, slots=True)
class GivenFile:
    """A file that somebody hands over.

    Attributes:
        id: What it is found by.
        name: With its ending; None when it was not said.
        size: Bytes; None when it was not said.
        address: Where its content is; None when it was not said.
    """

    id: str
    name: str | None = None
    size: int | None = None
    address: str | None = None


@dataclass(frozen=True, slots=True)
class AskedQuestion:
    """A question that a person asked in a channel, the first of its thread.

    Attributes:
        text: What they asked; mentions of people are their ids.
        asker: Who asked.
        ts: The thread's root.
    """

    text: str
    asker: UserId
    ts: MessageTs


@dataclass(frozen=True, slots=True)
class Offer:
    """A question that a menu can be set from; who asked it with which message, None where it is nobody's."""

    text: str
    asker: UserId | None = None
    ts: MessageTs | None = None
