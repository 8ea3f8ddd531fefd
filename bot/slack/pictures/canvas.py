"""A sheet to draw on, measured in points of a phone of 360, and text that is made to fit it.

The letters are Lato's, under the SIL Open Font License (`fonts/OFL.txt`): Pillow's own font has no umlauts.
"""

import io
import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

from PIL import Image, ImageDraw, ImageFont

DENSITY = 3
"""Pixels of the finished picture to a point, so that it is sharp on every screen."""
_FINER = 2
"""Pixels of the sheet to a pixel of the picture: edges are smooth once it is made smaller."""
_FACTOR = DENSITY * _FINER
_LEAST = 3
"""Characters that are left of the shortest text."""
_SIGNS = "+-:/._ "
"""Where one part of a name ends and the next begins."""
_LONGEST_PART = 12
_STEP = 4
"""Points by which lines become narrower while they are balanced."""

Colour = str
"""`#rrggbb`."""
Area = tuple[float, float, float, float]
"""Left, top, right, bottom."""


@dataclass(frozen=True, slots=True)
class Face:
    """Letters of one size.

    Attributes:
        size: In points.
        bold: Whether they are heavy.
    """

    size: float
    bold: bool = False


_PROBE = Face(8)
_NOWHERE = "\uffff"
"""No font has this character: it shows what is drawn for one that is missing."""


class Canvas:
    """A sheet; all places and sizes are in points, from the upper left.

    Args:
        width: Of the sheet.
        height: Of the sheet.
        paper: The colour of it.
    """

    def __init__(self, width: int, height: int, paper: Colour) -> None:
        self._image = Image.new("RGB", (width * _FACTOR, height * _FACTOR), paper)
        self._pen = ImageDraw.Draw(self._image)
        self._letters = Letters()

    def text(self, x: float, y: float, text: str, face: Face, *, colour: Colour, anchor: str = "ls") -> None:
        """Write one line; the anchor is Pillow's, `ls` being the left end of the baseline."""
        font = self._letters.font(face)
        place = (round(x * _FACTOR), round(y * _FACTOR))
        self._pen.text(place, self._letters.known(text), fill=colour, font=font, anchor=anchor)

    def box(self, area: Area, fill: Colour | None, edge: Colour | None = None) -> None:
        """Fill a rectangle."""
        self._pen.rectangle(_scaled(*area), fill=fill, outline=edge, width=_FACTOR)

    def hatched(self, area: Area, ink: Colour, paper: Colour) -> None:
        """Fill a rectangle with slanting lines."""
        left, top, right, bottom = _scaled(*area)
        width, height = right - left + 1, bottom - top + 1
        patch = Image.new("RGB", (width, height), paper)
        pen = ImageDraw.Draw(patch)
        for start in range(-height, width, 5 * _FACTOR):
            pen.line((start, height, start + height, 0), fill=ink, width=_FACTOR)
        self._image.paste(patch, (left, top))
        self.box(area, None, ink)

    def line(self, places: Sequence[float], colour: Colour, width: float = 1) -> None:
        """Draw a line through places, x and y in turn."""
        self._pen.line(_scaled(*places), fill=colour, width=round(width * _FACTOR))

    def dashes(self, x: float, top: float, bottom: float, colour: Colour) -> None:
        """Draw a dashed line downwards."""
        step = 3
        for start in range(round(top), round(bottom), 2 * step):
            self.line((x, start, x, min(start + step, bottom)), colour)

    def shape(self, places: Sequence[float], colour: Colour) -> None:
        """Fill a shape of corners, x and y in turn."""
        self._pen.polygon(_scaled(*places), fill=colour)

    def dot(self, x: float, y: float, radius: float, fill: Colour, edge: Colour) -> None:
        """Draw a filled circle with an edge."""
        area = _scaled(x - radius, y - radius, x + radius, y + radius)
        self._pen.ellipse(area, fill=fill, outline=edge, width=2 * _FACTOR)

    def png(self) -> bytes:
        """Return the picture; the same bytes for the same drawing."""
        wide, high = self._image.size
        smaller = self._image.resize((wide // _FINER, high // _FINER), Image.Resampling.BOX)
        to = io.BytesIO()
        smaller.save(to, "PNG", optimize=True)
        return to.getvalue()


class Letters:
    """Fonts, read when they are first used, and what can be done to make a text fit."""

    def __init__(self) -> None:
        self._fonts: dict[Face, ImageFont.FreeTypeFont] = {}
        self._there: dict[str, bool] = {}

    def font(self, face: Face) -> ImageFont.FreeTypeFont:
        """Return the font, at the size of the sheet."""
        if face not in self._fonts:
            name = "Lato-Bold.ttf" if face.bold else "Lato-Regular.ttf"
            data = (resources.files("bot.slack.pictures") / "fonts" / name).read_bytes()
            # the basic engine, since the other one is not everywhere and would set the same text otherwise
            self._fonts[face] = ImageFont.truetype(
                io.BytesIO(data), face.size * _FACTOR, layout_engine=ImageFont.Layout.BASIC
            )
        return self._fonts[face]

    def known(self, text: str) -> str:
        """Return a text with `?` in place of characters that the font does not have."""
        return "".join(character if self._has(character) else "?" for character in text)

    def _has(self, character: str) -> bool:
        if character not in self._there:
            font = self.font(_PROBE)
            drawn = bytes(font.getmask(character))
            self._there[character] = character.isspace() or drawn != bytes(font.getmask(_NOWHERE))
        return self._there[character]

    def width(self, text: str, face: Face) -> float:
        """Return how wide a line is, in points."""
        return self.font(face).getlength(self.known(text)) / _FACTOR

    def shortened(self, text: str, face: Face, width: float) -> str:
        """Return a line that is no wider: its middle left out, since names differ at their ends."""
        if self.width(text, face) <= width:
            return text
        for kept in range(len(text) - 1, _LEAST, -1):
            head = (kept + 1) // 2
            shorter = f"{text[:head]}…{text[len(text) - (kept - head) :]}"
            if self.width(shorter, face) <= width:
                return shorter
        return text[:_LEAST]

    def wrapped(self, text: str, face: Face, width: float) -> list[str]:
        """Return few lines that are no wider, about equally long, broken between words; a wider word is shortened."""
        words = [self.shortened(word, face, width) for word in text.split(" ")]
        lines = self._broken(words, face, width)
        while len(narrower := self._broken(words, face, width - _STEP)) == len(lines):
            if max(self.width(line, face) for line in narrower) > width - _STEP:
                break
            lines, width = narrower, width - _STEP
        return lines

    def _broken(self, words: Sequence[str], face: Face, width: float) -> list[str]:
        lines: list[str] = []
        for word in words:
            if lines and self.width(f"{lines[-1]} {word}", face) <= width:
                lines[-1] += f" {word}"
            else:
                lines.append(word)
        return lines


def without_common(first: str, second: str) -> tuple[str, str]:
    """Return two names without most of what both begin with: from the part of a name on in which they differ."""
    pairs = zip(first, second, strict=False)
    same = sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
    start = max(first.rfind(sign, 0, same) for sign in _SIGNS) + 1
    start = start if same - start <= _LONGEST_PART else same - _LONGEST_PART
    return (f"…{first[start:]}", f"…{second[start:]}") if start > 0 else (first, second)


def _scaled(*places: float) -> tuple[int, ...]:
    return tuple(round(place * _FACTOR) for place in places)
