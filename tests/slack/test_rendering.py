"""Markdown as Slack's own mrkdwn: whatever is written is shown, fits, and calls nobody."""

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.slack.rendering import to_mrkdwn, to_sections
from bot.slack.rendering.tables import PHONE_COLUMNS
from tests.slack.limits import MENTION
from tests.slack.test_mrkdwn import TRICKS, Z

NARROW = "| Flour | g |\n|---|--:|\n| Rye | 200 |\n| Wheat | 1,000 |"
WIDE = (
    "| Ingredient of the dough | Why it is in there | Shop |\n|---|---|---|\n"
    "| Rye | **Taste**<br>and colour | [mill](https://a.example) |\n| Wheat |  | none |"
)
WIDE_SHOWN = """\
• *Ingredient of the dough*: Rye
    *Why it is in there*: *Taste*
    and colour
    *Shop*: <https://a.example|mill>
• *Ingredient of the dough*: Wheat
    *Shop*: none"""


@pytest.mark.parametrize(
    ("markdown", "shown"),
    [
        ("**bold**, *slanted*, ***both***, ~~gone~~", "*bold*, _slanted_, _*both*_, ~gone~"),
        ("__bold__ and _slanted_", "*bold* and _slanted_"),
        ("**a *b* c**", "*a _b_ c*"),
        ("un**believ**able", f"un{Z}*believ*{Z}able"),
        ("**two\nlines**", "*two*\n*lines*"),
        ("## A **heading** of 2*3 ##", "*A heading of 2\u22173*"),
        ("Title\n===\nText", "*Title*\nText"),
        ("5 * 3 * 2 and snake_case_name", "5 * 3 * 2 and snake_case_name"),
        ("`a < b` and a < b", "`a &lt; b` and a &lt; b"),
        ("`**kept**` and `` a`b ``", "`**kept**` and a`b"),
        ("[the shop](https://a.example/?x=1&y=2)", "<https://a.example/?x=1&amp;y=2|the shop>"),
        ("[a **b** `c`](https://a.example)", "<https://a.example|a b c>"),
        ("[a\\]b](https://a.example/(y)z|w 'its title')", "<https://a.example/(y)z%7Cw|a]b>"),
        ("[x > y](<https://a.example/a b>)", "<https://a.example/a%20b|x &gt; y>"),
        ("![a cake](https://a.example/cake.png)", "<https://a.example/cake.png|a cake>"),
        ("![](https://a.example/cake.png)", "<https://a.example/cake.png>"),
        ("[x](javascript:alert(1))", "[x](javascript:alert(1))"),
        ("[here](./there) and [](./nowhere)", "here (./there) and ./nowhere"),
        ("See https://a.example/c_d?x=1&y=2.", "See <https://a.example/c_d?x=1&amp;y=2>."),
        ("<https://a.example|the shop> <https://a.example>", "<https://a.example|the shop> <https://a.example>"),
        ("[ann@a.example](mailto:ann@a.example)", "<mailto:ann@a.example>"),
        ("[later]: https://a.example", "[later]: <https://a.example>"),
        ("[<!channel>](https://a.example)", f"<https://a.example|@{Z}channel>"),
        ("<b>not bold</b> &amp; &lt;!here&gt;", f"&lt;b&gt;not bold&lt;/b&gt; &amp; @{Z}here"),
        ("- one\n  * two\n+ three\n1. four", "• one\n    ◦ two\n• three\n1. four"),
        ("3) three\n4) four\n\n   more", "3) three\n4) four\n\n    more"),
        ("- [ ] open\n- [x] done\n1. [X] counted", "☐ open\n☑ done\n1. ☑ counted"),
        ("- one\n  ```\n  code\n  ```\n- ", "• one\n```\ncode\n```\n•"),
        ("- > said", "•\n>     said"),
        ("> quoted **x**\n> - y\n>\n> > z", "> quoted *x*\n> • y\n>\n> &gt; z"),
        ("> ```\n> a < b\n> ```", "> `a &lt; b`"),
        ("---\nText", "────────────\nText"),
        ("```python\nif a < b:\n    **x**\n\n```", "```\nif a &lt; b:\n    **x**\n\n```"),
        ("~~~\nopen", "```\nopen\n```"),
        ("````\n```\n````", f"```\n`{Z}``\n```"),
        ("```\n```\nText", "Text"),
        ("    indented", "```\nindented\n```"),
        (NARROW, "```\nFlour      g\n─────  ─────\nRye      200\nWheat  1,000\n```"),
        (WIDE, WIDE_SHOWN),
        ("| a |\n|---|\n| b | beyond |", f"```\na\n{'─' * 10}\nb | beyond\n```"),
        ("| a | b |\n|---|---|", "```\na  b\n```"),
        ("> | a | b |\n> |---|---|\n> | 1 | 2 |", "> • *a*: 1\n>     *b*: 2"),
        ("- | a |\n  |---|\n  | 1 |", "•\n```\na\n─\n1\n```"),
    ],
)  # fmt: skip
def test_markdown_becomes_mrkdwn(markdown: str, shown: str) -> None:
    assert to_mrkdwn(markdown) == shown


def test_columns_stand_under_each_other_whatever_the_script() -> None:
    shown = to_mrkdwn("| 料理 | g |\n|---|--:|\n| 寿司 | 5 |\n| Cake | 12 |\n| é̀ | 7 |")

    assert shown.split("\n")[1:-1] == ["料理   g", "────  ──", "寿司   5", "Cake  12", "é̀      7"]


def test_a_table_that_goes_on_has_its_header_again() -> None:
    rows = [f"| Row {number} | {number} |" for number in range(400)]

    pieces = to_sections("\n".join(["| Name | No |", "|---|---|", *rows]))

    assert len(pieces) > 1
    for piece in pieces:
        assert piece.startswith("```\nName     No\n───────  ───\nRow ")
        assert piece.endswith("\n```")
    shown = [line for piece in pieces for line in piece.split("\n") if line.startswith("Row")]
    assert [line.split()[1] for line in shown] == [str(number) for number in range(400)]


def test_no_item_and_no_row_is_cut_where_it_fits() -> None:
    items = [f"- start{number} {'word ' * 90}end{number}" for number in range(20)]
    rows = [f"| start{number} {'word ' * 60}| {'cell ' * 60}end{number} |" for number in range(20)]
    for markdown in ("\n".join(items), "\n".join(["| a | b |", "|---|---|", *rows])):
        for piece in to_sections(markdown):
            assert re.findall(r"start(\d+)", piece) == re.findall(r"end(\d+)", piece)


def test_code_that_goes_on_is_fenced_again() -> None:
    pieces = to_sections("```\n" + "\n".join(f"line {number}" for number in range(900)) + "\n```")

    assert len(pieces) > 1
    assert all(piece.startswith("```\nline ") and piece.endswith("\n```") for piece in pieces)


def test_text_of_nothing_but_signs_still_fits_into_sections() -> None:
    for text in ("&" * 10_000, "> " * 50 + "& " * 4_000, "```\n" + "<" * 9_000):
        pieces = to_sections(text)

        assert all(len(piece) <= 3_000 for piece in pieces)
        assert sum(len(re.findall("&amp;|&lt;", piece)) for piece in pieces) == len(re.findall("[&<]", text))


def test_what_is_nested_too_deep_is_shown_as_it_was_written() -> None:
    markdown = ">" * 300 + " deep\n" + "- " * 200 + "deeper"

    assert re.findall("deep|deeper", "".join(to_sections(markdown))) == ["deep", "deep"]


WORD = st.from_regex(r"[a-zäß漢]{2,9}", fullmatch=True)
SAID = st.lists(
    WORD | WORD.map("**{}**".format) | WORD.map("`{}`".format) | WORD.map("[{}](https://a.example)".format),
    min_size=1,
    max_size=40,
).map(" ".join)
BLOCK = st.one_of(
    SAID,
    SAID.map("# {}".format),
    SAID.map("> {}".format),
    st.lists(SAID, min_size=1, max_size=6).map(lambda items: "\n".join(f"- {item}" for item in items)),
    st.lists(SAID, min_size=1, max_size=6).map(
        lambda items: "\n".join(f"{number}. {item}\n   - {item}" for number, item in enumerate(items))
    ),
    st.lists(st.tuples(SAID, SAID), min_size=1, max_size=8).map(
        lambda rows: "\n".join(f"| {a} | {b} |" for a, b in [rows[0], ("---", "---"), *rows])
    ),
    st.lists(SAID, max_size=8).map(lambda lines: "\n".join(["```python", *lines, "```"])),
)
DOCUMENT = st.lists(BLOCK, max_size=8).map("\n\n".join)


@settings(deadline=None, max_examples=50)
@given(DOCUMENT, st.integers(200, 3_000))
def test_every_word_is_shown_and_every_piece_fits(markdown: str, limit: int) -> None:
    pieces = to_sections(markdown, limit)

    written = re.findall(r"[a-zäß漢]{2,}", re.sub(r"\(https://a.example\)|```python|https", "", markdown))
    shown = set(re.findall(r"[a-zäß漢]{2,}", "\n".join(pieces)))
    whole = re.sub(r"\s|```", "", "".join(pieces))  # a line of code may be cut inside a word
    assert [word for word in written if word not in shown and word not in whole] == []
    assert all(piece.strip() and len(piece) <= limit for piece in pieces)
    assert to_mrkdwn(markdown).count("```") % 2 == 0
    assert all(piece.count("```") % 2 == 0 for piece in pieces)


@settings(deadline=None, max_examples=50)
@given(TRICKS | st.text(max_size=300), st.integers(1, 3))
def test_sections_fit_and_call_nobody(text: str, times: int) -> None:
    for piece in to_sections(text * times):
        assert 0 < len(piece) <= 3_000
        assert not MENTION.search(re.sub(r"<(?:https?://|mailto:)[^<>]*>", "", piece))


@settings(deadline=None, max_examples=50)
@given(st.text(alphabet="abz \n\t#>-+*_~`|:[]()!<>&1.)\\=", max_size=300))
def test_no_letter_is_lost_whatever_signs_are_around_it(text: str) -> None:
    written = re.sub(
        r"(?m)^[ \t>*+\-0-9.)]*(?:`{3,}|~{3,}).*$", "", text
    )  # the language of a fence is not shown
    kept = re.findall(r"[abz]", re.sub(r"<br>|&[abz]+;", "", written))
    shown = "".join(to_sections(text))

    assert len(re.findall(r"[abz]", shown)) >= len(kept)


def test_tables_fit_a_phone() -> None:
    wide = f"| {'a' * PHONE_COLUMNS} | b |\n|---|---|\n| 1 | 2 |"

    assert to_mrkdwn(wide).startswith("• *aaa")
