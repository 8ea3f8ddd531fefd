"""Pieces of mrkdwn, and how they are put together into texts of a limited length."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """What stands around lines that belong together, in each text that has some of them."""

    opening: str
    closing: str

    @property
    def size(self) -> int:
        """Characters that it takes."""
        return len(self.opening) + len(self.closing) + 2


@dataclass(frozen=True, slots=True)
class Piece:
    """Ready mrkdwn that is not cut where it fits.

    Attributes:
        text: One line or more.
        glue: What stands between it and the piece before: a line break, or two with an empty line between.
        smaller: Makes pieces out of it that are about as long as is asked for.
        frame: What stands around it and its neighbours of the same frame; None for nothing.
    """

    text: str
    glue: str
    smaller: Callable[[int], Sequence["Piece"]]
    frame: Frame | None = None


def pack(pieces: Sequence[Piece], limit: int | None) -> list[str]:
    """Return the pieces as few texts.

    Args:
        pieces: In order.
        limit: Most characters in a text; None for one text of any length.
    """
    texts: list[str] = []
    current = ""
    frame: Frame | None = None
    for piece in pieces if limit is None else chain.from_iterable(_fit(piece, limit) for piece in pieces):
        goes_on = bool(current) and piece.frame is frame
        if not goes_on:
            current = _closed(current, frame)
        added = piece.glue + piece.text if goes_on else (piece.glue if current else "") + _opened(piece)
        closing = len(piece.frame.closing) + 1 if piece.frame else 0
        if current and limit is not None and len(current) + len(added) + closing > limit:
            texts.append(_closed(current, frame) if goes_on else current)
            current, added = "", _opened(piece)
        current += added
        frame = piece.frame
    texts.append(_closed(current, frame))
    return [text for text in texts if text.strip()]


def _fit(piece: Piece, limit: int, size: int | None = None) -> Iterator[Piece]:
    """Cut a piece that is too long, smaller and smaller until all of it fits."""
    room = limit - (piece.frame.size if piece.frame else 0)
    if len(piece.text) <= room:
        yield piece
        return
    size = max(1, size or room * 4 // 5)
    for part in piece.smaller(size):
        yield from _fit(part, limit, size // 2)


def _opened(piece: Piece) -> str:
    return f"{piece.frame.opening}\n{piece.text}" if piece.frame else piece.text


def _closed(text: str, frame: Frame | None) -> str:
    return f"{text}\n{frame.closing}" if frame and text else text
