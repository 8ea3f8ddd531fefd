"""What duels would cost in a channel, reckoned from what its answers have used lately.

A question that is answered alone costs one answer; a duel costs two. With N questions in 30 days, a share s of
duels, and t(c) for what an answer of contestant c uses on average, a month uses

    N * ((1 - s) * t(answer) + s * (t(a) + t(b)))

t(c) is the mean of c's own answers in this channel; for one that has given none, the mean of all answers here.
N is the count n of the account's d days, times 30 / d. Questions come by themselves, so n is taken as a Poisson
count: its square root has a variance of about 1/4 whatever the mean (Bartlett 1936, "The square root
transformation in analysis of variance"), which gives (sqrt(n) - 0.98)^2 to (sqrt(n) + 0.98)^2 at 95 %.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from bot.domain.ids import Fingerprint

MONTH_DAYS = 30
"""Days that are looked back on, and reckoned for."""
_HALF_WIDTH = 0.98
_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Price:
    """What an endpoint takes for a million tokens read and a million written, in whole units of a currency."""

    read: float
    written: float


@dataclass(frozen=True, slots=True)
class Used:
    """What one contestant's answers have used: how many there were, and tokens in all."""

    answers: int
    prompt_tokens: int
    completion_tokens: int


@dataclass(frozen=True, slots=True)
class Account:
    """What a channel has used.

    Attributes:
        days: From its first day with an answer to its last that is counted, 1 to 30; 0 when there is none.
        used: By contestant.
        duels: How many of its questions were duels.
    """

    days: int
    used: Mapping[Fingerprint, Used]
    duels: int

    @property
    def questions(self) -> int:
        """How many questions were answered: a duel has two answers to one."""
        return max(0, sum(used.answers for used in self.used.values()) - self.duels)


@dataclass(frozen=True, slots=True)
class Charged:
    """An exact contestant and what its endpoint takes; None when nobody has said."""

    fingerprint: Fingerprint
    price: Price | None


@dataclass(frozen=True, slots=True)
class Plan:
    """Who answers: alone, and in duels, and how many of 100 questions are duels.

    A contestant is None where nobody is named or known; then it uses what the others do on average.
    """

    answer: Charged | None
    pair: tuple[Charged | None, Charged | None]
    share: int


@dataclass(frozen=True, slots=True)
class Range:
    """The likeliest value, and between which two it lies at 95 %."""

    low: float
    middle: float
    high: float

    def times(self, factor: float) -> "Range":
        """Return the range of that many."""
        return Range(self.low * factor, self.middle * factor, self.high * factor)


@dataclass(frozen=True, slots=True)
class Estimate:
    """What a plan would cost on top of another, in 30 days.

    Attributes:
        share: How many of 100 questions are duels then.
        questions: How many the account has; 0: nothing is known, and the rest says nothing.
        days: Over how many days.
        monthly: Questions in 30 days.
        tokens: Tokens on top.
        money: Money on top; None when a price is not known.
        currency: Of the money.
        guessed: Whether somebody has given no answer here yet, so that the others' mean stands in.
    """

    share: int
    questions: int
    days: int
    monthly: Range
    tokens: Range
    money: Range | None
    currency: str
    guessed: bool


def estimate(account: Account, before: Plan, after: Plan, currency: str) -> Estimate:
    """Return what one plan would cost on top of another."""
    monthly = monthly_questions(account.questions, account.days)
    tokens = _tokens(account, after) - _tokens(account, before)
    then, now = _money(account, after), _money(account, before)
    return Estimate(
        share=after.share,
        questions=account.questions,
        days=account.days,
        monthly=monthly,
        tokens=monthly.times(tokens),
        money=None if then is None or now is None else monthly.times(then - now),
        currency=currency,
        guessed=any(one is None or one.fingerprint not in account.used for one in after.pair),
    )


def monthly_questions(count: int, days: int) -> Range:
    """Return how many questions 30 days have, when `count` were asked in some days."""
    if not count or not days:
        return Range(0, 0, 0)
    root = math.sqrt(count)
    return Range(max(0.0, root - _HALF_WIDTH) ** 2, float(count), (root + _HALF_WIDTH) ** 2).times(
        MONTH_DAYS / days
    )


def _tokens(account: Account, plan: Plan) -> float:
    alone, *both = (sum(_mean(account, one)) for one in (plan.answer, *plan.pair))
    return _mixed(plan.share, alone, sum(both))


def _money(account: Account, plan: Plan) -> float | None:
    """Money for a question; None when somebody who would be asked has no price."""
    alone = _price_of(account, plan.answer)
    both = [_price_of(account, one) for one in plan.pair]
    if plan.share and None in both:
        return None
    if plan.share < 100 and alone is None:  # noqa: PLR2004 (per cent)
        return None
    return _mixed(plan.share, alone or 0, sum(price or 0 for price in both))


def _price_of(account: Account, one: Charged | None) -> float | None:
    if one is None or one.price is None:
        return None
    read, written = _mean(account, one)
    return (read * one.price.read + written * one.price.written) / _MILLION


def _mixed(share: int, alone: float, both: float) -> float:
    return (1 - share / 100) * alone + share / 100 * both


def _mean(account: Account, one: Charged | None) -> tuple[float, float]:
    """Tokens that an answer reads and writes on average: the contestant's own, else everybody's."""
    own = account.used.get(one.fingerprint) if one is not None else None
    counted = [own] if own is not None and own.answers else list(account.used.values())
    answers = sum(used.answers for used in counted)
    if not answers:
        return 0, 0
    read = sum(used.prompt_tokens for used in counted) / answers
    return read, sum(used.completion_tokens for used in counted) / answers
