"""What holds for a tasting, and when it ends."""

from datetime import datetime, timedelta

import pytest

from bot.domain.tasting import Terms, deadline_after, texts_kept
from tests.builders import NOON, tasting


@pytest.mark.parametrize(
    ("opened", "span", "end"),
    [
        ("2026-11-26T16:00", timedelta(hours=1), "2026-11-26T17:00"),
        ("2026-11-26T16:00", timedelta(days=1), "2026-11-27T16:00"),
        ("2026-11-27T16:00", timedelta(days=1), "2026-11-30T16:00"),
        ("2026-11-27T16:00", timedelta(days=2), "2026-11-30T16:00"),
        ("2026-11-28T10:00", timedelta(hours=4), "2026-11-28T14:00"),
    ],
)
def test_a_deadline_on_a_weekend_moves_on_to_monday(opened: str, span: timedelta, end: str) -> None:
    at = datetime.fromisoformat(f"{opened}:00+00:00")

    assert deadline_after(at, span) == datetime.fromisoformat(f"{end}:00+00:00")


def test_texts_outlive_the_tasting() -> None:
    assert texts_kept(90, timedelta(days=7)) == timedelta(days=90)
    assert texts_kept(1, timedelta(days=7)) == timedelta(days=14)


def test_what_holds_is_known_once_it_is_open() -> None:
    with pytest.raises(ValueError, match="was not opened"):
        tasting().terms  # noqa: B018 (it raises)
    held = tasting(deadline=NOON, out=frozenset(tasting().questions[:1]))

    assert held.terms == Terms(held.voters, NOON, 0.2, 0.05)
    assert held.served == held.questions[1:]
