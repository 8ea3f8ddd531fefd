"""A loop is cut after its first time, and nothing else is ever cut."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.loops import LEAST, TIMES, loop_starts

BLOCKS = st.lists(
    st.text("abcdefghijklmnopqrstuvwxyzäöü", min_size=2, max_size=9), min_size=3, max_size=30, unique=True
).map(lambda words: " ".join(words).capitalize() + ". ")
PROSE = st.lists(
    st.text("bcdfghklmnprst", min_size=5, max_size=12), min_size=1, max_size=40, unique=True
).map(" ".join)


def kept(text: str) -> str:
    start = loop_starts(text)
    return text if start is None else text[:start]


@given(PROSE, BLOCKS)
def test_a_passage_said_without_end_is_said_once(before: str, block: str) -> None:
    times = max(TIMES + 1, LEAST // len(block) + 2)

    assert kept(f"{before}.\n{block * times}").rstrip() == f"{before}.\n{block}".rstrip()


@given(PROSE, BLOCKS, st.data())
def test_a_loop_is_seen_wherever_the_text_breaks_off(before: str, block: str, data: st.DataObject) -> None:
    whole = f"{before}.\n" + block * max(TIMES + 1, LEAST // len(block) + 2)
    end = data.draw(st.integers(len(whole) - len(block), len(whole)))

    assert loop_starts(whole[:end]) is not None


@given(st.lists(st.text(min_size=1, max_size=60), max_size=60).map("\n".join))
def test_what_is_cut_is_there_again_and_again(text: str) -> None:
    start = loop_starts(text)

    assert start is None or (text[:start] and len(text) - start >= LEAST * (TIMES - 2) / TIMES)


@given(st.lists(PROSE, min_size=1, max_size=30, unique=True).map("\n\n".join))
def test_prose_is_never_cut(text: str) -> None:
    assert loop_starts(text) is None


@given(BLOCKS, st.lists(PROSE, min_size=2, max_size=6, unique=True))
def test_a_poem_keeps_its_refrain_twice_after_each_verse(refrain: str, verses: list[str]) -> None:
    assert loop_starts("\n\n".join(f"{verse}\n{refrain}\n{refrain}" for verse in verses)) is None


@given(st.integers(2, 6), st.integers(2, 30), st.sampled_from(["0", "yes", "-", "n/a"]))
def test_a_table_of_equal_rows_is_a_table(columns: int, rows: int, cell: str) -> None:
    head = "| Name " + "| Value " * columns + "|\n" + "|---" * (columns + 1) + "|\n"

    assert loop_starts(head + f"| item {'| ' + cell + ' ' * 1}|\n" * min(rows, 11)) is None
    assert (
        loop_starts(head + "".join(f"| item {n} " + f"| {cell} " * columns + "|\n" for n in range(rows)))
        is None
    )


@pytest.mark.parametrize(
    "text",
    [
        "No, no, no, no, no, no, no!",
        "Let it be, let it be, let it be, let it be.\n" * 3,
        "1. ______________________________\n" * 12,
        "- [ ] Taste\n- [ ] Salt\n- [ ] Taste again\n" * 3,
        "Intro\n\n" + "-" * 300,
        "Matrix:\n" + "0 0 0 0 0 0 0 0 0 0\n" * 12,
        "```python\n" + "    total += 1\n" * 20 + "```\n",
        "```python\n" + "    counts.append(next(numbers))\n" * 12,
        "```\n" + "AAAAAAAAAAAAAAAA" * 20,
        "2 * 2 = 4\n2 * 3 = 6\n2 * 4 = 8\n" * 2,
        "".join(f"{n}. Step number {n} of the recipe is to stir.\n" for n in range(1, 20)),
    ],
)
def test_what_people_repeat_on_purpose_stays(text: str) -> None:
    assert loop_starts(text) is None


@pytest.mark.parametrize(
    ("text", "rest"),
    [
        ("It is about a bat. " + "Foo bar baz has a cat. " * 14, "It is about a bat. Foo bar baz has a cat."),
        ("I am " + "very " * 80, "I am very"),
        (
            "Do this:\n\n"
            + "".join(f"{n}. Use fresh herbs, and add them at the end.\n" for n in range(1, 9)),
            "Do this:\n\n1. Use fresh herbs, and add them at the end.",
        ),
        (
            "So: " + "Der Ofen wird warm.\nDer Teig wird kalt.\n" * 9,
            "So: Der Ofen wird warm.\nDer Teig wird kalt.",
        ),
        ("答案" + "这是一个测试句子它会重复。" * 30, "答案这是一个测试句子它会重复。"),
        ("```\n" + "x = again(x)\n" * 120, "```\nx = again(x)"),
    ],
)
def test_a_loop_ends_where_something_ends(text: str, rest: str) -> None:
    assert kept(text).rstrip() == rest


def test_a_loop_without_any_border_is_cut_where_it_has_been_said_once() -> None:
    assert kept("Well: " + "ha" * 200) == "Well: ha"
