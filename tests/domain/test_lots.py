"""Lots: always the same, spread evenly, and each word counts."""

import statistics

from bot.domain.lots import lot


def test_the_same_words_draw_the_same_and_others_something_else() -> None:
    assert lot("seed", 1, "order") == lot("seed", "1", "order") == 0.9855171169954706
    assert lot("seed", "a", "b") != lot("seed", "b", "a") != lot("seed", "ab")


def test_lots_are_spread_evenly() -> None:
    drawn = [lot("seed", number) for number in range(10_000)]

    assert all(0 <= number < 1 for number in drawn)
    assert abs(statistics.fmean(drawn) - 1 / 2) < 0.01
    assert abs(statistics.pvariance(drawn) - 1 / 12) < 0.003
