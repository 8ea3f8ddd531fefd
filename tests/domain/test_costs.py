import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.costs import Account, Charged, Plan, Price, Range, Used, estimate, monthly_questions
from bot.domain.ids import Fingerprint

CHEF, PLAIN = Fingerprint("c" * 12), Fingerprint("a" * 12)
CHEAP, DEAR = Price(1.0, 2.0), Price(10.0, 30.0)
ACCOUNT = Account(10, {CHEF: Used(80, 8_000, 4_000), PLAIN: Used(20, 1_000, 4_000)}, 0)
NOBODY = (None, None)


def plan(share: int, *, chef: Price | None = CHEAP, plain: Price | None = DEAR) -> Plan:
    return Plan(Charged(CHEF, chef), (Charged(CHEF, chef), Charged(PLAIN, plain)), share)


def test_a_duel_costs_what_both_use_and_an_answer_what_one_uses() -> None:
    found = estimate(ACCOUNT, plan(0), plan(100), "EUR")

    # per question: chef 100 + 50 tokens, plain 50 + 200; duels add plain's to each of 300 questions
    assert found.monthly.middle == 300
    assert found.tokens.middle == pytest.approx(300 * 250)
    assert found.money is not None
    assert found.money.middle == pytest.approx(300 * (50 * 10 + 200 * 30) / 1_000_000)
    assert (found.questions, found.days, found.share, found.guessed) == (100, 10, 100, False)


def test_a_share_costs_its_share() -> None:
    some = estimate(ACCOUNT, plan(0), plan(20), "EUR")
    everything = estimate(ACCOUNT, plan(0), plan(100), "EUR")

    assert some.tokens.middle == pytest.approx(everything.tokens.middle / 5)
    assert estimate(ACCOUNT, plan(20), plan(20), "EUR").tokens.middle == pytest.approx(0)


def test_a_duel_counts_as_one_question() -> None:
    assert Account(1, {CHEF: Used(5, 1, 1), PLAIN: Used(3, 1, 1)}, 3).questions == 5
    assert Account(1, {}, 3).questions == 0


def test_who_has_given_no_answer_yet_uses_what_the_others_do() -> None:
    stranger = Charged(Fingerprint("e" * 12), CHEAP)
    found = estimate(
        ACCOUNT, plan(0), Plan(Charged(CHEF, CHEAP), (Charged(CHEF, CHEAP), stranger), 100), "EUR"
    )

    assert found.guessed
    assert found.tokens.middle == pytest.approx(300 * (9_000 + 8_000) / 100)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (plan(0), plan(100, plain=None)),
        (plan(0, chef=None), plan(100)),
        (plan(0), Plan(None, (Charged(CHEF, CHEAP), Charged(PLAIN, DEAR)), 50)),
        (plan(0), Plan(Charged(CHEF, CHEAP), NOBODY, 50)),
    ],
)
def test_without_every_price_there_are_tokens_only(before: Plan, after: Plan) -> None:
    found = estimate(ACCOUNT, before, after, "EUR")

    assert found.money is None
    assert found.tokens.middle > 0


def test_who_is_not_asked_needs_no_price() -> None:
    nobody_alone = Plan(None, (Charged(CHEF, CHEAP), Charged(PLAIN, DEAR)), 100)
    alone = Plan(Charged(CHEF, CHEAP), NOBODY, 0)

    assert estimate(ACCOUNT, alone, nobody_alone, "EUR").money is not None


def test_without_an_account_nothing_is_known() -> None:
    found = estimate(Account(0, {}, 0), plan(0), plan(100), "EUR")

    assert (found.questions, found.tokens, found.guessed) == (0, Range(0, 0, 0), True)


def test_a_count_comes_with_its_range() -> None:
    found = monthly_questions(100, 30)

    assert (found.low, found.middle, found.high) == pytest.approx((9.02**2, 100, 10.98**2))
    assert monthly_questions(100, 15).middle == 200
    assert monthly_questions(5, 0) == Range(0, 0, 0)


@given(st.integers(1, 10**6), st.integers(1, 30))
def test_a_range_holds_its_middle_and_never_falls_below_nothing(count: int, days: int) -> None:
    found = monthly_questions(count, days)

    assert 0 <= found.low <= found.middle <= found.high
    assert math.isfinite(found.high)


@given(st.integers(0, 100), st.integers(0, 100))
def test_more_duels_never_cost_less(one: int, other: int) -> None:
    low, high = sorted((one, other))

    assert estimate(ACCOUNT, plan(low), plan(high), "EUR").tokens.middle >= -1e-9
