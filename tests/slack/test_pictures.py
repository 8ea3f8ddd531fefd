"""The picture of a result: the same for the same votes, readable, and said in words as well."""

import io
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.domain.ballot import Tally
from bot.domain.judging import Result
from bot.domain.thread import Side
from bot.domain.verdict import Interval, State, Verdict
from bot.slack.pictures import Picture, draw, result
from bot.slack.pictures.canvas import DENSITY, Canvas, Face, Letters, without_common
from bot.slack.texts import Texts

TEXTS = Texts.load()
NAMES = ("support", "pizzaiolo")
VOTES = Tally(a=31, b=57, tie=20, both_bad=12)
AHEAD = Interval(0.31, 0.12, 0.5)
LETTERS = Letters()
BOLD = Face(15, bold=True)


def said(
    state: State = State.BETTER,
    side: Side | None = Side.B,
    interval: Interval | None = AHEAD,
    tally: Tally = VOTES,
) -> Result:
    return Result(Verdict(state, side, interval, 40, 3, tally.ballots), tally, (), 40)


def drawn(of: Result, names: tuple[str, str] = NAMES, locale: str = "en", margin: float = 0.2) -> Picture:
    return draw(TEXTS.words(locale), names, of, margin=margin, alpha=0.05)


def opened(picture: Picture) -> Image.Image:
    return Image.open(io.BytesIO(picture.png)).convert("RGB")


def luminance(colour: str) -> float:
    """Of WCAG 2.2, from 0 to 1."""
    parts = [int(colour[start : start + 2], 16) / 255 for start in (1, 3, 5)]
    red, green, blue = (
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("locale", TEXTS.locales)
def test_the_same_result_is_the_same_bytes(locale: str) -> None:
    first, second = drawn(said(), locale=locale), drawn(said(), locale=locale)

    assert first == second
    assert first != drawn(said(tally=Tally(a=57, b=31, tie=20, both_bad=12)), locale=locale)
    assert opened(first).width == 360 * DENSITY


@pytest.mark.parametrize(("state", "locale"), [*product(State, TEXTS.locales)])
def test_every_verdict_has_a_headline_in_every_language(state: State, locale: str) -> None:
    side = Side.A if state not in {State.EQUAL, State.CANNOT_TELL, State.TOO_FEW} else None
    interval = None if state is State.TOO_FEW else AHEAD
    picture = drawn(said(state, side, interval), locale=locale)

    headline = picture.alt.split(".")[0]
    assert ("support" in headline) is (side is not None)
    assert "pizzaiolo" not in headline


def test_the_alternative_text_says_all_that_is_drawn() -> None:
    assert drawn(said()).alt == (
        "pizzaiolo is better. Mean score +0.31, with 95% confidence from +0.12 to +0.50; the scale goes from -1 "
        "(support) to +1 (pizzaiolo), within 0.20 they count as equal. Votes: 31 for support, 57 for pizzaiolo; "
        "ties: 20, both bad: 12."
    )
    assert drawn(said(State.TOO_FEW, None, None), locale="de").alt.startswith(
        "Zu wenige Fragen für ein Urteil. Fragen mit Stimmen: 40; für ein Urteil braucht es 20;"
    )


def test_a_score_of_nearly_nothing_has_no_minus() -> None:
    assert "Mean score +0.00," in drawn(said(State.EQUAL, None, Interval(-0.001, -0.1, 0.1))).alt


def test_a_dot_stands_where_its_score_is() -> None:
    def dots(mean: float) -> set[int]:
        """The columns that have the colour of the side ahead, right above the axis."""
        picture = opened(drawn(said(interval=Interval(mean, max(-1, mean - 0.2), min(1, mean + 0.2)))))
        blank = opened(drawn(said(interval=None)))
        return {
            x // DENSITY
            for x, y in product(range(picture.width), range(150 * DENSITY, 180 * DENSITY, 2))
            if picture.getpixel((x, y)) != blank.getpixel((x, y)) and _is(picture.getpixel((x, y)))
        }

    def _is(pixel: object) -> bool:
        return pixel in {(11, 79, 158), (245, 166, 35)}

    left, right = dots(-0.5), dots(0.5)
    assert left
    assert abs((min(left) + max(left)) / 2 - 100) <= 2
    assert abs((min(right) + max(right)) / 2 - 260) <= 2


def test_what_is_written_stands_out_from_what_it_is_written_on() -> None:
    on_paper = [contrast(colour, result.PAPER) for colour in (result.INK, result.QUIET)]
    on_colours = [contrast(result.INK, colour) for colour in (result.SECOND, result.TIE, result.ZONE)]

    assert min(*on_paper, *on_colours, contrast(result.ON_FIRST, result.FIRST)) >= 4.5
    assert contrast(result.LINE, result.PAPER) >= 3


def test_the_sides_differ_without_colours_too() -> None:
    assert contrast(result.FIRST, result.SECOND) >= 3
    assert contrast(result.FIRST, result.TIE) >= 3


def test_nobody_voted_can_be_drawn() -> None:
    assert "Votes: 0 for support" in drawn(said(State.TOO_FEW, None, None, Tally())).alt


LONG = "pizza-house-support-persona-of-the-whole-team+ft:gpt-4.1-mini-2025-04-14:bakery"


def test_long_names_are_shortened_and_still_told_apart() -> None:
    ends = drawn(said(), (LONG + ":B7", LONG + ":C9"))
    middle = drawn(said(), (LONG[:40] + "x" + LONG[40:], LONG[:40] + "y" + LONG[40:]))

    assert opened(ends).width == opened(middle).width == 360 * DENSITY
    assert LONG + ":C9" in ends.alt
    assert middle != drawn(said(), (LONG[:40] + "y" + LONG[40:], LONG[:40] + "x" + LONG[40:]))
    assert drawn(said(), (LONG, LONG)).png


@pytest.mark.parametrize(
    ("first", "second", "shown"),
    [
        ("support-formal-long-x1", "support-formal-long-y1", ("…x1", "…y1")),
        ("a" * 40 + "x", "a" * 40 + "y", ("…" + "a" * 12 + "x", "…" + "a" * 12 + "y")),
        ("ab", "ac", ("ab", "ac")),
        ("one", "two", ("one", "two")),
    ],
)
def test_what_both_names_begin_with_can_be_left_out(first: str, second: str, shown: tuple[str, str]) -> None:
    assert without_common(first, second) == shown


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=120))
@settings(max_examples=50, deadline=None)
def test_every_line_fits(text: str) -> None:
    lines = LETTERS.wrapped(text, BOLD, 136)

    assert all(LETTERS.width(line, BOLD) <= 136 for line in lines)
    assert LETTERS.width(LETTERS.shortened(text, BOLD, 100), BOLD) <= 100


def test_lines_are_about_equally_long() -> None:
    face = Face(25, bold=True)
    lines = LETTERS.wrapped("Zu wenige Fragen für ein Urteil", face, 320)

    assert lines == ["Zu wenige Fragen", "für ein Urteil"]


def test_what_the_font_does_not_have_is_a_question_mark() -> None:
    assert LETTERS.known("Müßiggänger „x“ 🍕日\u00a0€") == "Müßiggänger „x“ ??\u00a0€"


@pytest.mark.parametrize("locale", TEXTS.locales)
def test_the_font_has_every_character_of_every_text(locale: str) -> None:
    for key, text in TEXTS.words(locale).catalogues[0].texts.items():
        if key.startswith(("pictures.", "figures.percent")):
            assert LETTERS.known(text) == text, key


@given(
    st.tuples(st.text(min_size=1, max_size=200), st.text(min_size=1, max_size=200)),
    st.floats(-1, 1),
    st.floats(0, 2),
    st.builds(Tally, *[st.integers(0, 5_000)] * 4),
    st.sampled_from(TEXTS.locales),
)
@settings(max_examples=15, deadline=None)
def test_every_result_can_be_drawn_and_said(
    names: tuple[str, str], mean: float, half: float, tally: Tally, locale: str
) -> None:
    interval = Interval(mean, max(-1.0, mean - half), min(1.0, mean + half))
    of = said(State.LEANING, Side.A, interval, tally)
    picture = drawn(of, names, locale, margin=1)

    assert picture.png.startswith(b"\x89PNG")
    assert 0 < len(picture.alt) <= result.ALT_LIMIT


def test_an_empty_sheet_is_paper() -> None:
    image = Image.open(io.BytesIO(Canvas(4, 2, "#ffffff").png()))

    assert image.size == (4 * DENSITY, 2 * DENSITY)
    assert image.getextrema() == ((255, 255),) * 3
