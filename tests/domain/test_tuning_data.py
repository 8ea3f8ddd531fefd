"""Training data: each fault is told with its line and no text, nothing is lost or there twice, nothing leaks."""

import hashlib
import json
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.thread import Message, Role
from bot.domain.tuning import DataCounts
from bot.domain.tuning_data import (
    FEWEST_EXAMPLES,
    DataFault,
    DataNote,
    Example,
    Odd,
    Preference,
    TrainingData,
    Wrong,
    read_data,
    split,
    with_validation,
)

HUSH = "Hush"
"""Stands in every text of a row, and must never be told."""
NO_TIMES = ["yesterday", "2026-11-22", True, [], 1e300, float("nan"), "9999-12-31T23:59:59-09:00"]
WORDS = st.sampled_from(list("abcdefghijklmnop"))
QUESTIONS = st.lists(WORDS, min_size=1, max_size=12).map(" ".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)
MESSAGES = st.lists(
    st.fixed_dictionaries(
        {
            "role": st.sampled_from(["system", "user", "assistant", "tool", "", "a b", None, ["user"]])
            | JSON,
            "content": st.just(HUSH) | st.just(" ") | JSON,
        }
    )
    | JSON,
    max_size=3,
)
ROWS = st.fixed_dictionaries(
    {},
    optional={
        "messages": MESSAGES | JSON,
        "input": st.fixed_dictionaries({"messages": MESSAGES | JSON}) | JSON,
        "preferred_output": MESSAGES | JSON,
        "non_preferred_output": MESSAGES | JSON,
        "created_at": JSON,
    },
)


def said(*texts: str, system: str | None = None) -> list[dict[str, str]]:
    before = [] if system is None else [{"role": "system", "content": system}]
    return before + [
        {"role": ("user", "assistant")[place % 2], "content": text} for place, text in enumerate(texts)
    ]


def taught(*texts: str, **more: Any) -> dict[str, Any]:
    return {"messages": said(*texts), **more}


def preferred(question: str, better: str = "Good.", worse: str = "Bad.", **more: Any) -> dict[str, Any]:
    return {
        "input": {"messages": said(question)},
        "preferred_output": [{"role": "assistant", "content": better}],
        "non_preferred_output": [{"role": "assistant", "content": worse}],
        **more,
    }


def file(*rows: Any) -> bytes:
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


def read(*rows: Any) -> TrainingData:
    return read_data(file(*rows))


def asked(*questions: str) -> TrainingData:
    return read(*(taught(question, "Because.") for question in questions))


def test_both_shapes_are_read() -> None:
    content = b"\xef\xbb\xbf" + file(
        {"messages": said("Why?", "So.", "And now?", "Rest.", system="You cook."), "created_at": 0},
        preferred("Why salt?", created_at="2026-11-22T12:00:00+02:00"),
    ).replace(b"\n", b"\r\n\n")
    data = read_data(content)

    assert (data.faults, data.notes) == ((), ())
    assert data.digest == hashlib.sha256(content).hexdigest()
    assert data.counts == DataCounts(train=1, validation=0, preferences=1)
    (one,), (two,) = data.examples, data.preferences
    assert (one.line, one.question, one.asked) == (1, "And now?", ("Why?", "And now?"))
    assert one.messages[0] == Message(Role.SYSTEM, "You cook.")
    assert one.made_at == datetime(1970, 1, 1, tzinfo=UTC)
    assert (two.line, two.question, two.asked) == (3, "Why salt?", ("Why salt?",))
    assert (two.better, two.worse) == ("Good.", "Bad.")
    assert data.newest() == two.made_at == datetime(2026, 11, 22, 10, tzinfo=UTC)
    assert asked("Why?").newest() is None


def test_rows_go_back_into_the_shape_of_their_file() -> None:
    rows = [taught("Why?", "So."), preferred("Why salt?")]

    assert [row.to_row() for row in read(*rows).rows] == rows


def test_a_preference_is_as_long_as_with_its_longer_answer() -> None:
    (one,) = read(preferred("Why salt?", worse="x" * 300)).preferences
    (other,) = read(taught("Why salt?", "x" * 300)).examples

    assert one.tokens == other.tokens > 100


@pytest.mark.parametrize(
    ("line", "wrong", "detail"),
    [
        (b'{"messages": "\xff"}', Wrong.NOT_UTF8, "15"),
        (b'{"messages": [{"role": "user", "content": "\\ud800"}]}', Wrong.NOT_UTF8, ""),
        (b"Hush", Wrong.NOT_JSON, "1"),
        (b"[" * 200_000, Wrong.NOT_JSON, ""),
        (b"1" * 5_000, Wrong.NOT_JSON, ""),
        (b"[]", Wrong.NO_SHAPE, ""),
        (b"{}", Wrong.NO_SHAPE, ""),
        (b'{"input": []}', Wrong.NO_SHAPE, ""),
        (b'{"input": {}}', Wrong.NO_SHAPE, ""),
        (b'{"messages": []}', Wrong.NO_SHAPE, ""),
        (b'{"messages": ["Hush"]}', Wrong.NO_SHAPE, ""),
        (b'{"messages": [{"content": "Hush"}]}', Wrong.BAD_ROLE, ""),
        (b'{"messages": [{"role": ["user"]}]}', Wrong.BAD_ROLE, ""),
        (b'{"messages": [{"role": "human", "content": "Hush"}]}', Wrong.BAD_ROLE, "human"),
        (b'{"messages": [{"role": "Hush a secret", "content": "Hush"}]}', Wrong.BAD_ROLE, ""),
        (file(taught("Hush", " ")), Wrong.EMPTY, "assistant"),
        (file(taught("Hush", None)), Wrong.EMPTY, "assistant"),  # type: ignore[arg-type]
        (file(taught("Hush")), Wrong.BAD_ORDER, "assistant"),
        (file({"messages": said(system="Hush")}), Wrong.BAD_ORDER, "assistant"),
        (file({"messages": [*said("Hush"), *said("Hush", "Hush")]}), Wrong.BAD_ORDER, "assistant"),
        (file({"messages": [*said("Hush", "Hush"), *said(system="Hush")]}), Wrong.BAD_ORDER, "assistant"),
        (file({**preferred("Hush"), "input": {"messages": said("Hush", "Hush")}}), Wrong.BAD_ORDER, "user"),
        (file({**preferred("Hush"), "preferred_output": said("Hush")}), Wrong.BAD_ORDER, "assistant"),
        (file({**preferred("Hush"), "preferred_output": None}), Wrong.NO_SHAPE, ""),
        (file(preferred("Hush", "Same.", "Same.")), Wrong.SAME_SIDES, ""),
        (file(preferred("Hush", created_at=[])), Wrong.BAD_TIME, ""),
    ],
)
def test_what_is_wrong_with_a_row_is_told_with_its_line(line: bytes, wrong: Wrong, detail: str) -> None:
    data = read_data(
        file(taught("Why?", "So.")) + b"\n" + line.rstrip() + b"\n" + file(taught("When?", "Now."))
    )

    assert data.faults == (DataFault(3, wrong, detail),)
    assert [row.line for row in data.examples] == [1, 4]


@pytest.mark.parametrize("time", NO_TIMES)
def test_a_time_that_is_none_is_told(time: Any) -> None:
    assert read(taught("Hush", "Hush", created_at=time)).faults == (DataFault(1, Wrong.BAD_TIME),)


def test_a_row_that_is_too_long_is_told_with_its_length() -> None:
    (fault,) = read(taught("Hush", "x" * 20_000)).faults

    assert fault.wrong is Wrong.TOO_LONG
    assert int(fault.detail) > 2_048


@given(st.binary(max_size=200))
@example(b"\n\r\n \xef\xbb\xbf")
def test_whatever_bytes_a_file_has_it_is_read(content: bytes) -> None:
    data = read_data(content)
    lines = content.removeprefix(b"\xef\xbb\xbf").split(b"\n")

    assert [fault.line for fault in data.faults] == [
        number for number, line in enumerate(lines, start=1) if line.strip()
    ]


@given(st.lists(ROWS | JSON, max_size=5))
def test_whatever_rows_there_are_each_is_kept_noted_or_told_and_no_text_is(rows: list[Any]) -> None:
    data = read(*rows)
    found = [
        *(row.line for row in data.rows),
        *(fault.line for fault in data.faults),
        *(note.line for note in data.notes if note.odd is Odd.DUPLICATE),
    ]

    assert sorted(found) == list(range(1, len(rows) + 1))
    assert all(HUSH not in fault.detail for fault in data.faults)
    assert [fault.line for fault in data.faults] == sorted(fault.line for fault in data.faults)
    data.seen()
    data.newest()


def test_what_is_there_twice_is_kept_once_and_noted() -> None:
    data = read(
        taught("Why?", "So."),
        taught("Why?", "Because."),
        {"created_at": 5, **taught("Why?", "So.")},
        preferred("Why?"),
        preferred("Why?"),
        preferred("Why?", "Better."),
        taught("When?", "Now.", "Why?", "So."),
    )

    assert [row.line for row in data.examples] == [1, 2, 7]
    assert [row.line for row in data.preferences] == [4, 6]
    assert data.notes == (
        DataNote(2, Odd.SAME_QUESTION, 1),
        DataNote(3, Odd.DUPLICATE, 1),
        DataNote(5, Odd.DUPLICATE, 4),
        DataNote(6, Odd.SAME_QUESTION, 4),
    )


def test_ten_examples_are_enough() -> None:
    questions = [f"Question {number}?" for number in range(FEWEST_EXAMPLES)]

    assert asked(*questions).enough
    assert not asked(*questions[1:]).enough


def test_all_that_people_asked_was_seen_also_what_is_only_looked_at() -> None:
    data = read(
        taught("When do we eat?", "Now.", "What do we eat?", "Rice."), preferred("Why salt at all?", "Taste.")
    )
    data = with_validation(data, asked("Who cooks tonight?"))
    seen = data.seen()

    for question in ("When do we eat?", "What do we eat?", "Why salt at all?", "Who cooks tonight?"):
        assert seen.knows(question)
    assert not seen.knows("Rice.")


@given(st.lists(QUESTIONS, max_size=30), st.floats(0, 1, exclude_max=True), st.integers(0, 99))
@example(["a b c d e f g h i", "a b c d e f g h j", "a b c d e f g k j"], 0.7, 0)
def test_what_is_kept_to_look_at_is_lost_nowhere_and_known_to_no_other(
    questions: list[str], share: float, seed: int
) -> None:
    data = read(
        *(taught(question, f"{place}.") for place, question in enumerate(questions)), preferred("a b")
    )
    parted = split(data, share, seed)
    rest = replace(parted, validation=()).seen()

    assert sorted([*parted.examples, *parted.validation], key=lambda row: row.line) == list(data.examples)
    assert len(parted.validation) <= len(questions) * share
    assert not any(rest.knows(one.question) for one in parted.validation)
    assert parted == split(data, share, seed)
    assert (parted.preferences, parted.seen()) == (data.preferences, data.seen())


def test_another_seed_draws_others_and_so_many_as_are_wanted() -> None:
    data = asked(*(f"Question number {number}?" for number in range(50)))
    draws = [split(data, 0.2, seed) for seed in range(3)]

    assert [len(draw.validation) for draw in draws] == [10, 10, 10]
    assert len({draw.validation for draw in draws}) == 3
    assert split(data, 0, 1) == data


def test_what_was_asked_on_the_way_to_a_question_is_known_to_the_rest() -> None:
    rows = [
        taught("Why salt?", "Taste."),
        *(taught("Why salt?", "Taste.", f"q{n}?", "So.") for n in range(9)),
    ]

    for seed in range(9):
        assert all(one.question != "Why salt?" for one in split(read(*rows), 0.5, seed).validation)


def test_questions_to_look_at_from_another_file_that_the_data_knows_are_noted_and_left_out() -> None:
    data = read(
        taught("Why salt?", "Taste."),
        taught("Why salt?", "Because."),
        taught("How long does a good sourdough rest in the fridge?", "A night.", "And thyme?", "Yes."),
        preferred("Is basil a herb?"),
        b"Hush".decode(),
    )
    other = read(
        taught("salt: why", "So."),
        taught("How long does a good sourdough rest in a fridge?", "So."),
        taught("And thyme?", "So."),
        taught("Is basil a herb?", "So."),
        {},
        taught("Who cooks tonight?", "So."),
        taught("Who cooks tonight?", "So."),
    )
    both = with_validation(data, other)

    assert [one.question for one in both.validation] == ["Who cooks tonight?"]
    assert (both.examples, both.preferences, both.digest) == (data.examples, data.preferences, data.digest)
    assert both.faults == (
        DataFault(5, Wrong.NO_SHAPE),
        DataFault(5, Wrong.NO_SHAPE, in_validation=True),
    )
    assert both.notes == (
        DataNote(2, Odd.SAME_QUESTION, 1),
        DataNote(7, Odd.DUPLICATE, 6, in_validation=True),
        DataNote(1, Odd.LEAK, 1, in_validation=True),
        DataNote(2, Odd.LEAK, None, in_validation=True),
        DataNote(3, Odd.LEAK, 3, in_validation=True),
        DataNote(4, Odd.LEAK, 4, in_validation=True),
    )
    assert both.counts == DataCounts(train=3, validation=1, preferences=1)


def test_an_example_is_as_long_as_its_messages() -> None:
    short, long = Example(1, (Message(Role.USER, "a"),)), Example(1, (Message(Role.USER, "a" * 300),))

    assert short.tokens < long.tokens
    assert Preference(1, (Message(Role.USER, "a"),), "b", "c").tokens > short.tokens
