"""Long Markdown in parts that each stand for themselves."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.slack.cutting import balanced, clip, clip_both, clip_markdown, open_fence, split_markdown

LINES = st.lists(
    st.sampled_from(
        [
            "```",
            "```python",
            "~~~",
            "````",
            "  ```",
            "```a`b",
            "",
            "",
            "- item",
            "# Heading",
            "    indented",
            "word " * 30,
            "x" * 700,
            "Sentence one. Sentence two! Three? " * 12,
            "👩‍👩‍👧‍👦" * 60,
            "e\u0301" * 300,
            "🇩🇪" * 200,
            "漢字。" * 100,
            "| a | b |",
            "`" * 30,
            "```" + "i" * 200,
            "a" * 420 + "```" + "b" * 200,
            "\u2028",
            "\t",
        ]
    )
    | st.text(max_size=40),
    max_size=40,
).map("\n".join)


@given(LINES, st.integers(400, 2_000))
def test_parts_fit_and_lose_nothing_but_white_space_and_fence_marks(text: str, limit: int) -> None:
    parts = split_markdown(text, limit)

    assert all(len(part) <= limit for part in parts)
    assert all(part.strip() for part in parts)
    assert _is_subsequence(_substance(text), _substance("\n".join(parts)))


@given(LINES, st.integers(400, 2_000))
def test_fences_are_balanced_in_each_part(text: str, limit: int) -> None:
    for part in split_markdown(text, limit):
        assert open_fence(part) is None


@given(LINES, st.integers(400, 2_000))
def test_no_character_is_torn(text: str, limit: int) -> None:
    for part in split_markdown(text, limit)[1:]:
        first = part.lstrip("`~ \n")[:1]
        own = re.search(r"(?:^|\s)" + re.escape(first), text) if first else None
        assert own or not (unicodedata.category(first).startswith("M") or first == "\u200d")


def _substance(text: str) -> str:
    return re.sub(r"[\s`~]", "", text)


def _is_subsequence(wanted: str, found: str) -> bool:
    """Languages of fences come again in each part, so what is found may hold more."""
    signs = iter(found)
    return all(sign in signs for sign in wanted)


def test_short_text_is_one_part_and_empty_text_none() -> None:
    assert split_markdown("Hello.\n") == ["Hello."]
    assert split_markdown(" \n\t\n") == []


def test_paragraphs_stay_whole() -> None:
    paragraphs = [f"Paragraph {number}. " + "word " * 40 for number in range(6)]

    parts = split_markdown("\n\n".join(paragraphs), 500)

    assert [part[:12] for part in parts] == ["Paragraph 0.", "Paragraph 2.", "Paragraph 4."]


def test_lines_are_preferred_to_sentences_and_sentences_to_words() -> None:
    lines = "\n".join(f"Line {number}: " + "word. " * 12 for number in range(10))
    sentences = "This is a sentence. " * 40
    words = "word " * 200

    assert all(part.startswith("Line ") for part in split_markdown(lines, 400))
    assert all(part.endswith(".") for part in split_markdown(sentences, 400))
    assert all(part.endswith("word") for part in split_markdown(words, 400))


def test_a_fence_is_closed_and_opened_again_with_its_language() -> None:
    code = "\n".join(f"print({number})  # {'x' * 20}" for number in range(30))

    first, second, *_ = split_markdown(f"Look:\n\n```python\n{code}\n```\n\nDone.", 600)

    assert first.endswith("\n```")
    assert second.startswith("```python\nprint(")


def test_a_cut_before_the_end_of_a_fence_leaves_no_empty_fence() -> None:
    code = "\n".join("y" * 19 for _ in range(40))

    parts = split_markdown(f"```\n{code}\n```\nAfter.", 860)

    assert "```\n```" not in "\n".join(parts)
    assert parts[-1].endswith("After.")


def test_indentation_stays() -> None:
    text = "a\n\n" + "\n".join("    - deep " + "x" * 50 for _ in range(20))

    assert all(part.startswith(("a", "    - deep")) for part in split_markdown(text, 500))


def test_too_small_parts_are_refused() -> None:
    with pytest.raises(ValueError, match="too small"):
        split_markdown("x", 100)


@pytest.mark.parametrize(
    ("text", "limit", "clipped"),
    [
        ("short", 10, "short"),
        ("one two three four", 15, "one two three…"),
        ("abcdefghij", 5, "abcd…"),
        ("👩‍👩‍👧‍👦👩‍👩‍👧‍👦", 10, "👩‍👩‍👧‍👦…"),
        ("🇩🇪🇫🇷🇮🇹", 4, "🇩🇪…"),
        ("e\u0301e\u0301e\u0301", 4, "e\u0301…"),
        ("\ud83d\ude00\ud83d\ude00\ud83d\ude00", 4, "\ud83d\ude00…"),
        ("a" + "\u0301" * 200, 90, "a" + "\u0301" * 88 + "…"),
    ],
)
def test_clipping_ends_between_words_and_tears_no_character(text: str, limit: int, clipped: str) -> None:
    assert clip(text, limit) == clipped


@given(st.text(), st.integers(2, 50))
def test_clipped_text_fits(text: str, limit: int) -> None:
    assert len(clip(text, limit)) <= limit


@given(LINES, st.integers(500, 3_000))
def test_clipped_markdown_fits_and_closes_its_fences(text: str, limit: int) -> None:
    clipped = clip_markdown(text, limit)

    assert len(clipped) <= limit
    assert open_fence(clipped) is None


@given(LINES, LINES, st.integers(1_200, 6_000))
def test_both_are_cut_alike(a: str, b: str, total: int) -> None:
    pair = clip_both(a, b, total)
    swapped = clip_both(b, a, total)

    assert (pair.a, pair.b) == (swapped.b, swapped.a)
    assert len(pair.a) + len(pair.b) <= total
    assert pair.cut == (len(balanced(a)) + len(balanced(b)) > total)


def test_two_long_texts_get_half_each_and_a_short_one_stays_whole() -> None:
    long = "word " * 2_000

    both, uneven = clip_both(long, long, 5_500), clip_both("Short.", long, 5_500)

    assert both.a == both.b
    assert 2_600 < len(both.a) <= 2_750
    assert uneven.a == "Short."
    assert 5_300 < len(uneven.b) <= 5_494


def test_a_cut_in_code_marks_the_end_outside_of_it() -> None:
    code = "```js\n" + "x = 1;\n" * 300 + "```"

    assert clip_markdown(code, 800).endswith("\n```\n…")


def _table(rows: int, cell: str = "flour") -> list[str]:
    return ["| Name | No |", "|:---|---:|", *(f"| {cell} | {number} |" for number in range(rows))]


def test_a_table_that_is_cut_has_its_header_in_each_part() -> None:
    parts = split_markdown("\n".join(["Look:", "", *_table(200)]), 900)

    assert len(parts) > 2
    for part in parts[1:]:
        assert part.startswith("| Name | No |\n|:---|---:|\n| flour | ")
    rows = [line for part in parts for line in part.split("\n") if line.startswith("| flour")]
    assert rows == _table(200)[2:]


def test_a_header_never_stands_alone() -> None:
    for words in range(60, 130):
        for part in split_markdown("\n".join(["word " * words, *_table(20)]), 600):
            lines = part.split("\n")
            assert not lines[-1].startswith(("| Name", "|:---"))


def test_a_part_after_a_table_does_not_begin_with_its_header() -> None:
    parts = split_markdown("\n".join([*_table(20), "", "word " * 200]), 500)

    assert parts[-1].startswith("word")


def test_a_header_that_is_too_long_is_not_repeated() -> None:
    long = ["| " + "h" * 300 + " | b |", "|---|---|", *(f"| flour | {number} |" for number in range(60))]

    assert sum("hhh" in part for part in split_markdown("\n".join(long), 500)) == 1


def test_lists_are_cut_between_items() -> None:
    items = [f"- item {number}\n  goes on here and on {'and on ' * 6}" for number in range(30)]

    for part in split_markdown("\n".join(items), 600):
        assert part.startswith("- item")


@given(LINES, st.integers(400, 2_000), st.integers(0, 60))
def test_tables_fit_and_lose_nothing(text: str, limit: int, rows: int) -> None:
    whole = "\n".join([text, *_table(rows), text])
    parts = split_markdown(whole, limit)

    assert all(len(part) <= limit for part in parts)
    assert _is_subsequence(_substance(whole), _substance("\n".join(parts)))
