"""Time and chance of the machine."""

import re
from datetime import UTC, datetime, timedelta

from bot.adapters.system import SystemChance, SystemClock


def test_the_clock_tells_the_time_in_utc() -> None:
    before = datetime.now(UTC)
    now = SystemClock().now()

    assert now.utcoffset() == timedelta(0)
    assert before <= now <= datetime.now(UTC)


def test_numbers_are_spread_over_zero_to_one() -> None:
    numbers = [SystemChance().number() for _ in range(2000)]

    assert all(0 <= number < 1 for number in numbers)
    assert 0.4 < sum(numbers) / len(numbers) < 0.6
    assert len(set(numbers)) == len(numbers)


def test_tokens_are_of_one_form_and_never_the_same() -> None:
    tokens = {SystemChance().token() for _ in range(1000)}

    assert len(tokens) == 1000
    assert all(re.fullmatch(r"[a-z0-9]{16}", token) for token in tokens)
