"""When it is told that a model will be shut down."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.shutdowns import DAYS_BEFORE, GONE, Shutdown, Source, due, shutdown_of

END = Shutdown(date(2027, 1, 14), Source.ANNOUNCED)
OTHER = Shutdown(date(2027, 2, 1), Source.ENDPOINT)


def told(first_day: int, last_day: int = -400) -> list[int]:
    """What a bot tells that looks every day, from so many days before the end on, each notice once."""
    every = [due(days) for days in range(first_day, last_day - 1, -1)]
    return list(dict.fromkeys(threshold for threshold in every if threshold is not None))


@pytest.mark.parametrize(
    ("days", "threshold"),
    [
        (61, None),
        (60, 60),
        (31, 60),
        (30, 30),
        (15, 30),
        (14, 14),
        (4, 14),
        (3, 3),
        (1, 3),
        (0, GONE),
        (-9, GONE),
    ],
)
def test_the_nearest_notice_is_due(days: int, threshold: int | None) -> None:
    assert due(days) == threshold


def test_all_are_told_in_their_order() -> None:
    assert told(400) == [60, 30, 14, 3, GONE]


def test_who_begins_twenty_days_before_tells_the_notice_of_thirty_days_and_those_to_come() -> None:
    assert due(20) == 30
    assert told(20) == [30, 14, 3, GONE]


@given(st.integers(-400, 400))
def test_whenever_a_bot_begins_it_tells_one_notice_at_once_at_most_and_each_later_one(first: int) -> None:
    to_come = [threshold for threshold in DAYS_BEFORE if threshold < first]

    notices = told(first)

    assert notices == sorted(notices, reverse=True)
    assert notices[-1] == GONE
    assert set(to_come) <= set(notices)
    assert len(notices) <= len(to_come) + 2


@given(st.integers(-400, 400))
def test_a_notice_is_never_told_before_its_time(days: int) -> None:
    threshold = due(days)

    assert threshold is None or days <= threshold


@pytest.mark.parametrize(
    ("model", "end"),
    [
        ("gpt-4o", END),
        ("gpt-4o-2024-05-13", None),
        ("gpt", None),
        ("ft:gpt-4o:bakery::abc", END),
        ("ft:gpt-4o", END),
        ("ft:gpt-4o-2024-05-13:bakery::abc", None),
        ("ft:special", OTHER),
        ("my:gpt-4o:bakery", None),
        ("gpt-4o:free", None),
    ],
)
def test_whole_ids_count_and_the_base_of_a_fine_tuned_model(model: str, end: Shutdown | None) -> None:
    assert shutdown_of(model, {"gpt-4o": END, "ft:special": OTHER}) == end
