"""Ids of buttons, fields and modals of tastings, and what travels in them: never who wrote what."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from bot.domain.course import Move
from bot.domain.ids import ChannelId, Fingerprint, MessageTs, TastingId, UserId, message_ts
from bot.domain.menu import QuestionId
from bot.domain.menu_source import GivenFile
from bot.domain.tasting import Part
from bot.slack.ids import checked_channel

TASTE_HERE = "taste_here"
"""Button that opens the form; its value is the channel, or `-`, the name of a contestant that is to be one, and when it ends."""
TASTE_ALONG = "taste_along"
"""Button of the invitation; its value names the tasting, as that of the two below does."""
TASTE_MINE = "taste_mine"
TASTE_OFF = "taste_off"
MOVE = re.compile(r"^taste:(a|b|tie|both_bad|skip|undo)$")
"""Action ids of what a voter can do; the first group is what."""
BOTTLE_NOW = "bottle_now"
"""Button that has answers bottled to a menu that fits; its value is the channel and the contestant's name."""
BOTTLE = "bottle"
"""Button that has answers bottled; its value is the channel, the contestant's fingerprint, and the menu."""
READ = "taste_read"
"""Button that opens both answers in full."""
FORM = "taste_form"
"""Callback id of the form in which a tasting is laid."""
CONFIRM = "taste_confirm"
"""Callback id of the modal in which its cost is confirmed; its metadata names the tasting."""
READING = "taste_reading"
"""Callback id of the modal with both answers in full; its metadata is what the buttons carry, and the message."""

FIRST, SECOND, MENU = "taste_first", "taste_second", "taste_menu"
LINES, FILE = "taste_lines", "taste_file"
COUNT, PART, VOTERS, SPAN = "taste_count", "taste_part", "taste_voters", "taste_span"
"""Blocks of the form; the field in each has the same name."""

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_QUESTION = re.compile(r"[0-9a-f]{12,16}|-")
_NAME = re.compile(r"[a-z0-9+-]{0,81}(?:@(?:[0-9a-f]{12}|draft))?")


@dataclass(frozen=True, slots=True)
class Seat:
    """What a voter was shown.

    Attributes:
        channel: The tasting's channel.
        tasting: Which.
        over: How many moves they had made.
        question: The question; None at the end.
    """

    channel: ChannelId
    tasting: TastingId
    over: int
    question: QuestionId | None

    def pack(self) -> str:
        """Return it as a button's value."""
        return f"{self.channel} {self.tasting} {self.over} {self.question or '-'}"

    @classmethod
    def unpack(cls, text: str) -> "Seat":
        """Read what `pack` wrote; raise ValueError when it is not that."""
        channel, tasting, over, question = text.split(" ")
        if not _ID.fullmatch(tasting) or not _QUESTION.fullmatch(question):
            raise ValueError(f"not a seat: {text[:80]!r}")
        shown = None if question == "-" else QuestionId(question)
        return cls(checked_channel(channel), TastingId(tasting), int(over), shown)


@dataclass(frozen=True, slots=True)
class Form:
    """The form as it was sent; names and numbers are not checked yet.

    Attributes:
        first: Name of one contestant.
        second: Name of the other.
        menu: Where the questions are from, packed.
        lines: What was typed as questions, a line each.
        file: The file that was uploaded; None for none.
        count: How many at most.
        part: Which part of the menu.
        voters: Who votes.
        hours: How long it is open at most.
    """

    first: str
    second: str
    menu: str
    lines: tuple[str, ...]
    file: GivenFile | None
    count: int
    part: Part
    voters: tuple[UserId, ...]
    hours: int


def move(what: Move | None) -> str:
    """Return the action id of a move; None takes the last one back."""
    return f"taste:{what.value if what else 'undo'}"


def moved(action: str) -> Move | None:
    """Return the move that an action id stands for; None takes the last one back."""
    found = MOVE.fullmatch(action)
    if found is None:
        raise ValueError(f"not a move: {action[:40]!r}")
    return None if found[1] == "undo" else Move(found[1])


def pack_reading(seat: Seat, channel: str, ts: str) -> str:
    """Return what the modal with both answers carries: the message that it was opened from, and the seat.

    Its first and third word are those that `bot.slack.ids.where` reads.
    """
    return f"{channel} {ts} - {seat.pack()}"


def unpack_reading(text: str) -> tuple[Seat, ChannelId, MessageTs]:
    """Read what `pack_reading` wrote; raise ValueError when it is not that."""
    channel, ts, _, seat = text.split(" ", 3)
    return Seat.unpack(seat), checked_channel(channel), message_ts(ts)


def pack_place(channel: ChannelId, tasting: TastingId) -> str:
    """Return a tasting as a button's value."""
    return f"{channel} {tasting}"


def unpack_place(text: str) -> tuple[ChannelId, TastingId]:
    """Read what `pack_place` wrote; raise ValueError when it is not that."""
    channel, tasting = text.split(" ")
    if not _ID.fullmatch(tasting):
        raise ValueError(f"not a tasting: {text[:80]!r}")
    return checked_channel(channel), TastingId(tasting)


def unpack_here(text: str) -> tuple[ChannelId | None, str | None, date | None]:
    """Return the channel, the contestant and its end that the button which opens the form names, as far as it does."""
    channel, name, ends, *_ = (*text.split(" ", 2), "", "")
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a contestant: {text[:80]!r}")
    there = None if channel in {"", "-"} else checked_channel(channel)
    return there, name or None, date.fromisoformat(ends) if ends else None


def pack_form(channel: ChannelId, name: str | None, ends: date | None) -> str:
    """Return what the form carries: the channel, and a contestant that ends; see `unpack_form`.

    Its first and third word are those that `bot.slack.ids.where` reads.
    """
    return f"{channel} - - {name} {ends.isoformat()}" if name and ends else f"{channel} -"


def unpack_form(text: str) -> tuple[ChannelId, Mapping[str, date]]:
    """Return the channel that the form is for, and by name of a contestant that ends: when."""
    channel, *rest = text.split(" ")
    ends = {rest[2]: date.fromisoformat(rest[3])} if len(rest) > 3 else {}  # noqa: PLR2004 (five words in all)
    return checked_channel(channel), ends


def unpack_bottle(text: str) -> tuple[ChannelId, Fingerprint, str]:
    """Return the channel, the exact contestant and the menu that the button names; raise ValueError for others."""
    channel, fingerprint, menu = text.split(" ", 2)
    if not _QUESTION.fullmatch(fingerprint):
        raise ValueError(f"not a contestant: {text[:80]!r}")
    return checked_channel(channel), Fingerprint(fingerprint), menu


def submitted(values: Mapping[str, Any]) -> Form:
    """Read a submitted form's `view.state.values`."""
    return Form(
        first=_option(values, FIRST),
        second=_option(values, SECOND),
        menu=_option(values, MENU),
        lines=tuple((_field(values, LINES).get("value") or "").splitlines()),
        file=next(map(file_of, _field(values, FILE).get("files") or ()), None),
        count=int(_field(values, COUNT).get("value") or 0),
        part=Part(_option(values, PART)),
        voters=tuple(UserId(user) for user in _field(values, VOTERS).get("selected_users") or ()),
        hours=int(_option(values, SPAN)),
    )


def file_of(shown: Mapping[str, Any]) -> GivenFile | None:
    """Read Slack's file object, which may say no more than the id; None when it says not even that."""
    size, address = shown.get("size"), shown.get("url_private_download") or shown.get("url_private")
    if not isinstance(shown.get("id"), str):
        return None
    return GivenFile(
        shown["id"],
        str(shown["name"]) if shown.get("name") else None,
        size if isinstance(size, int) else None,
        str(address) if address else None,
    )


def _field(values: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    field: Mapping[str, Any] = values.get(name, {}).get(name, {})
    return field


def _option(values: Mapping[str, Any], name: str) -> str:
    chosen = _field(values, name).get("selected_option") or {}
    return str(chosen.get("value", ""))
