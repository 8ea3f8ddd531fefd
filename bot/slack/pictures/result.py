"""The picture of what a tasting has come to: a headline, the score with its interval, and all votes.

It is made to be read on a phone, and by people who see colours otherwise or not at all: everything that a
colour says is said by place, pattern or words, too.
"""

from dataclasses import dataclass

from bot.domain.judging import Result
from bot.domain.thread import Side
from bot.domain.verdict import FEWEST_QUESTIONS, Interval
from bot.slack.cutting import clip
from bot.slack.pictures.canvas import Area, Canvas, Face, Letters, without_common
from bot.slack.texts import Safe, Words

WIDTH = 360
"""Points, as wide as a small phone."""
ALT_LIMIT = 2_000
"""Characters: docs.slack.dev/reference/block-kit/blocks/image-block."""

PAPER, INK, QUIET = "#ffffff", "#1a1d21", "#565b62"
FIRST, SECOND = "#0b4f9e", "#f5a623"
TIE, ZONE, LINE = "#c9ced6", "#e6e9ee", "#767b82"
ON_FIRST = "#ffffff"
"""What is written on the colour of the first; on the others ink is."""

_EDGE = 20
_RIGHT = WIDTH - _EDGE
_MIDDLE = WIDTH / 2
_HEAD, _BOLD, _TEXT, _SMALL = Face(25, bold=True), Face(15, bold=True), Face(14.5), Face(13)
_AXIS = 50
_BAR = 34
_ROW = 26
_NAME = 136
"""How wide a name beside the axis may be."""
_LABEL = 204
"""How wide what a kind of votes is called may be."""
_LONGEST_NAME = 120


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture.

    Attributes:
        png: Its bytes.
        alt: The same in words, for who does not see it; at most 2,000 characters.
    """

    png: bytes
    alt: str


@dataclass(frozen=True, slots=True)
class _Share:
    """One kind of votes."""

    label: str
    votes: int
    fill: str
    ink: str
    hatched: bool = False


def draw(words: Words, names: tuple[str, str], result: Result, *, margin: float, alpha: float) -> Picture:
    """Draw a result; takes some tenths of a second, so it belongs into a thread.

    Args:
        words: The language of the channel.
        names: What the first and the second contestant are called.
        result: What the tasting has come to.
        margin: The difference of scores that is still called equal.
        alpha: How often, at most, equal contestants may be called different.
    """
    return _Drawing(words, names, result, margin, alpha).picture()


class _Drawing:
    def __init__(
        self, words: Words, names: tuple[str, str], result: Result, margin: float, alpha: float
    ) -> None:
        self.words, self.result, self.margin, self.alpha = words, result, margin, alpha
        self.full = names
        self.letters = Letters()
        self.names = without_common(*names) if self._look_alike(*names) else names
        self.shares = self._shares()

    def picture(self) -> Picture:
        wide = _RIGHT - _EDGE
        head = self.letters.wrapped(self._headline(short=True), _HEAD, wide)
        figures = self.letters.wrapped(self._score(), _TEXT, wide)
        names = [self._name_lines(name) for name in self.names]
        deep = 72 + 31 * len(head)
        axis = deep + 19 * max(map(len, names)) + 38
        votes = axis + _AXIS + 48 + 20 * len(figures)
        height = votes + 22 + _BAR + 14 + _ROW * len(self.shares) + 10
        self.canvas = Canvas(WIDTH, height, PAPER)
        self.canvas.box((0, 0, WIDTH, 6), INK)
        self.canvas.text(_EDGE, 33, self.words.plain("pictures.title"), _BOLD, colour=INK)
        self.canvas.text(_EDGE, 53, self._facts(), _SMALL, colour=QUIET)
        self._lines(_EDGE, 88, head, _HEAD, 31)
        self._ends(deep + 18, names)
        self._axis(axis)
        self._lines(_EDGE, axis + _AXIS + 46, figures, _TEXT, 20)
        self._votes(votes)
        return Picture(self.canvas.png(), clip(self._alt(), ALT_LIMIT))

    def _look_alike(self, first: str, second: str) -> bool:
        """Whether two different names would be the same once they are shortened."""
        places = ((_BOLD, _NAME), (_TEXT, _LABEL), (_HEAD, _RIGHT - _EDGE))
        shown = [[self.letters.shortened(name, *place) for place in places] for name in (first, second)]
        lines = [self._name_lines(name) for name in (first, second)]
        alike = lines[0] == lines[1] or any(one == other for one, other in zip(*shown, strict=True))
        return alike and first != second

    # ---------------------------------------------------------------- what is said

    def _facts(self) -> str:
        verdict = self.result.verdict
        return self.words.plain(
            "pictures.facts", questions=verdict.questions, voters=verdict.voters, votes=verdict.ballots
        )

    def _headline(self, *, short: bool) -> str:
        verdict = self.result.verdict
        first, second = self.names if short else self._clipped()
        winner = second if verdict.side is Side.B else first
        if short:
            winner = self.letters.shortened(winner, _HEAD, _RIGHT - _EDGE)
        return self.words.plain(f"pictures.headlines.{verdict.state.value}", winner=winner)

    def _score(self) -> str:
        verdict = self.result.verdict
        interval = verdict.interval
        if interval is None:
            return self.words.plain(
                "pictures.no_interval", questions=verdict.questions, needed=FEWEST_QUESTIONS
            )
        return self.words.plain(
            "pictures.score",
            mean=self._signed(interval.mean),
            low=self._signed(interval.low),
            high=self._signed(interval.high),
            confidence=Safe(self.words.percent(1 - self.alpha)),
        )

    def _alt(self) -> str:
        first, second = self._clipped()
        tally = self.result.tally
        return self.words.plain(
            "pictures.alt",
            headline=Safe(self._headline(short=False)),
            score=Safe(self._score()),
            first=first,
            second=second,
            margin=self._margin(),
            a=tally.a,
            b=tally.b,
            tie=tally.tie,
            both_bad=tally.both_bad,
        )

    def _shares(self) -> list[_Share]:
        words, tally = self.words, self.result.tally
        first, second = self.names
        return [
            _Share(words.plain("pictures.prefers", name=first), tally.a, FIRST, ON_FIRST),
            _Share(words.plain("pictures.tie"), tally.tie, TIE, INK),
            _Share(words.plain("pictures.both_bad"), tally.both_bad, PAPER, INK, hatched=True),
            _Share(words.plain("pictures.prefers", name=second), tally.b, SECOND, INK),
        ]

    def _clipped(self) -> tuple[str, str]:
        return clip(self.full[0], _LONGEST_NAME), clip(self.full[1], _LONGEST_NAME)

    def _signed(self, value: float) -> Safe:
        return Safe(self.words.decimal(round(value, 2) + 0.0, 2, sign=True))

    def _margin(self) -> Safe:
        return Safe(self.words.decimal(self.margin, 2))

    # ---------------------------------------------------------------- what is drawn

    def _lines(self, x: float, y: float, lines: list[str], face: Face, step: int) -> None:
        for number, line in enumerate(lines):
            self.canvas.text(x, y + number * step, line, face, colour=INK)

    def _name_lines(self, name: str) -> list[str]:
        """A name beside the middle, in two lines where a persona has a model of its own."""
        persona, plus, model = name.partition("+")
        if not plus or self.letters.width(name, _BOLD) <= _NAME:
            return [self.letters.shortened(name, _BOLD, _NAME)]
        return [self.letters.shortened(part, _BOLD, _NAME) for part in (persona, f"+{model}")]

    def _ends(self, y: float, names: list[list[str]]) -> None:
        for x, inwards, lines, fill in (
            (_EDGE, 1, names[0], FIRST),
            (_RIGHT, -1, names[1], SECOND),
        ):
            tip = (x, y - 5, x + inwards * 11, y - 11, x + inwards * 11, y + 1)
            self.canvas.shape(tip, fill)
            self.canvas.line((*tip, x, y - 5), INK)
            for number, line in enumerate(lines):
                anchor = "ls" if inwards > 0 else "rs"
                self.canvas.text(x + inwards * 17, y + number * 19, line, _BOLD, colour=INK, anchor=anchor)

    def _axis(self, top: float) -> None:
        canvas, bottom = self.canvas, top + _AXIS
        low, high = _at(-self.margin), _at(self.margin)
        note = self.words.plain("pictures.zone", margin=self._margin())
        canvas.text(_MIDDLE, top - 8, note, _SMALL, colour=QUIET, anchor="ms")
        canvas.box((low, top, high, bottom), ZONE)
        for x in (low, high):
            canvas.dashes(x, top, bottom, LINE)
        canvas.line((_EDGE, bottom, _RIGHT, bottom), INK, 1.5)
        for value in (-1.0, -0.5, 0.0, 0.5, 1.0):
            canvas.line((_at(value), bottom, _at(value), bottom + 5), INK, 1.5)
        for value, anchor in ((-1, "ls"), (0, "ms"), (1, "rs")):
            label = self.words.decimal(value, 0, sign=value != 0)
            canvas.text(_at(value), bottom + 20, label, _SMALL, colour=QUIET, anchor=anchor)
        if self.result.verdict.interval is not None:
            self._interval(top + _AXIS / 2, self.result.verdict.interval)

    def _interval(self, y: float, interval: Interval) -> None:
        low, high = _at(interval.low), _at(interval.high)
        self.canvas.line((low, y, high, y), INK, 3)
        for x in (low, high):
            self.canvas.line((x, y - 8, x, y + 8), INK, 3)
        fill = PAPER if interval.mean == 0 else FIRST if interval.mean < 0 else SECOND
        self.canvas.dot(_at(interval.mean), y, 8, fill, INK)

    def _votes(self, y: float) -> None:
        self.canvas.text(_EDGE, y + 10, self.words.plain("pictures.votes"), _BOLD, colour=INK)
        all_votes = self.result.tally.ballots
        top = y + 22.0
        left = float(_EDGE)
        self.canvas.box((_EDGE, top, _RIGHT, top + _BAR), PAPER, LINE)
        for share in self.shares:
            if share.votes:
                right = left + (_RIGHT - _EDGE) * share.votes / all_votes
                self._segment(share, (left, top, right, top + _BAR))
                left = right
        for number, share in enumerate(self.shares):
            self._row(share, top + _BAR + 14 + _ROW * number, share.votes / all_votes if all_votes else 0.0)

    def _segment(self, share: _Share, area: Area) -> None:
        left, top, right, bottom = area
        self._fill(share, area)
        figure = self.words.number(share.votes)
        wide = self.letters.width(figure, _BOLD)
        if wide + 10 > right - left:
            return
        middle, base = (left + right) / 2, (top + bottom) / 2 + 5.5
        if share.hatched:
            self.canvas.box((middle - wide / 2 - 4, top + 7, middle + wide / 2 + 4, bottom - 7), share.fill)
        self.canvas.text(middle, base, figure, _BOLD, colour=share.ink, anchor="ms")

    def _row(self, share: _Share, top: float, part: float) -> None:
        base = top + 15
        self._fill(share, (_EDGE, top + 2, _EDGE + 16, top + 18))
        label = self.letters.shortened(share.label, _TEXT, _LABEL)
        self.canvas.text(_EDGE + 25, base, label, _TEXT, colour=INK)
        self.canvas.text(_RIGHT - 48, base, self.words.number(share.votes), _BOLD, colour=INK, anchor="rs")
        self.canvas.text(_RIGHT, base, self.words.percent(part), _TEXT, colour=QUIET, anchor="rs")

    def _fill(self, share: _Share, area: Area) -> None:
        if share.hatched:
            self.canvas.hatched(area, INK, share.fill)
        else:
            self.canvas.box(area, share.fill, INK)


def _at(score: float) -> float:
    """Where a score is on the axis."""
    return _MIDDLE + score * (_RIGHT - _EDGE) / 2
