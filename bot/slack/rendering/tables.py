"""Tables that can be read on a phone: narrow ones aligned, wide ones as a list of what each row says."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

PHONE_COLUMNS = 36
"""Characters of code that a phone of 360 pixels shows in one line."""
_BETWEEN = "  "


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell.

    Attributes:
        source: As it was written.
        shown: As mrkdwn.
        plain: As one line without marks; signs are not escaped.
        linked: Whether something in it leads elsewhere, which code cannot.
    """

    source: str
    shown: str
    plain: str
    linked: bool


def is_narrow(rows: Sequence[Sequence[Cell]]) -> bool:
    """Whether the table fits aligned onto a phone, and loses nothing by it."""
    widths = _widths(rows)
    total = sum(widths) + len(_BETWEEN) * (len(widths) - 1)
    return total <= PHONE_COLUMNS and not any(
        cell.linked or "\n" in cell.shown for row in rows for cell in row
    )


def aligned(rows: Sequence[Sequence[Cell]], right: Sequence[bool]) -> list[str]:
    """Return the lines of a table under each other, not escaped: the header, a rule, the rows.

    Args:
        rows: The header first.
        right: For each column whether it is set to the right.
    """
    widths = _widths(rows)
    lines = [
        _BETWEEN.join(
            _set(cell.plain, width, to_right=to_right)
            for cell, width, to_right in zip(row, widths, right, strict=True)
        ).rstrip()
        for row in rows
    ]
    return [lines[0], _BETWEEN.join("─" * width for width in widths), *lines[1:]]


def labelled(header: Cell, cell: Cell) -> str:
    """Return a cell with what its column is called, as Markdown; empty when there is nothing in it."""
    if not cell.source.strip():
        return ""
    return f"**{header.plain}**: {cell.source}" if header.plain else cell.source


def _widths(rows: Sequence[Sequence[Cell]]) -> list[int]:
    return [max(_width(cell.plain) for cell in column) for column in zip(*rows, strict=True)]


def _set(text: str, width: int, *, to_right: bool) -> str:
    gap = " " * (width - _width(text))
    return gap + text if to_right else text + gap


def _width(text: str) -> int:
    """Columns that a text takes where all characters are equally wide."""
    return sum(
        0
        if unicodedata.category(character) in {"Mn", "Me", "Cf"}
        else 2
        if unicodedata.east_asian_width(character) in {"W", "F"}
        else 1
        for character in text
    )
