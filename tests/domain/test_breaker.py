"""When a contestant is taken to be down, and when it is tried again."""

import json
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.breaker import (
    OPENS_AT,
    PROBE_EVERY,
    Breaker,
    Condition,
    after_answer,
    after_failure,
    after_probe,
    after_telling,
    means_down,
    with_probe,
)
from bot.domain.completion import FailureKind
from tests.builders import NOON, completion, contestant, failure

SUPPORT = contestant("support")
COUNTED = [kind for kind in FailureKind if means_down(failure(kind))]
AT_ONCE = (FailureKind.AUTH, FailureKind.NOT_FOUND)
LATER = NOON + PROBE_EVERY


def failed(times: int, kind: FailureKind = FailureKind.UNREACHABLE) -> Breaker:
    breaker = None
    for _ in range(times):
        breaker = after_failure(breaker, SUPPORT, kind, NOON)
    assert breaker is not None
    return breaker


def told(breaker: Breaker) -> Breaker:
    after = after_telling(breaker)
    assert after is not None
    return after


@pytest.mark.parametrize("kind", FailureKind)
def test_what_one_question_alone_may_cause_does_not_count(kind: FailureKind) -> None:
    own = {FailureKind.CONTENT_FILTER, FailureKind.REJECTED, FailureKind.EMPTY}

    assert means_down(failure(kind)) == (None if kind in own else kind)


def test_an_answer_does_not_count_however_it_ended() -> None:
    assert means_down(completion(cut=True)) is None


@pytest.mark.parametrize("kind", [kind for kind in COUNTED if kind not in AT_ONCE])
def test_three_failures_in_a_row_open_it(kind: FailureKind) -> None:
    assert [failed(times, kind).is_open for times in (1, 2, 3)] == [False, False, True]
    assert failed(OPENS_AT, kind).condition is Condition.OPEN
    assert failed(OPENS_AT, kind).opened_at == NOON


@pytest.mark.parametrize("kind", AT_ONCE)
def test_what_only_an_admin_can_mend_opens_it_at_once(kind: FailureKind) -> None:
    assert failed(1, kind).is_open


def test_an_answer_in_between_begins_the_row_anew() -> None:
    assert after_answer(failed(2)) is None


def test_an_answer_closes_it() -> None:
    assert after_answer(failed(3)) is None


def test_a_late_failure_of_an_open_one_changes_nothing() -> None:
    opened = failed(3)

    assert after_failure(opened, SUPPORT, FailureKind.AUTH, LATER) == opened


def test_it_names_who_failed_and_where() -> None:
    breaker = failed(1, FailureKind.TIMEOUT)

    assert (breaker.name, breaker.endpoint, breaker.model) == ("support", "openai", "gpt-5-mini")
    assert (breaker.kind, breaker.failures, breaker.condition) == (FailureKind.TIMEOUT, 1, Condition.CLOSED)


# ------------------------------------------------------------ probes


def test_a_probe_begins_a_minute_after_it_opened_and_by_one_worker_only() -> None:
    opened = failed(3)

    assert with_probe(opened, LATER - timedelta(microseconds=1)) == opened
    probing = with_probe(opened, LATER)
    assert probing is not None
    assert (probing.condition, probing.is_open) == (Condition.PROBING, True)
    assert with_probe(probing, LATER) == probing


def test_the_probe_of_a_worker_that_died_is_begun_again() -> None:
    probing = with_probe(failed(3), LATER)
    assert probing is not None

    assert probing.may_probe(LATER + PROBE_EVERY)


def test_nothing_is_probed_that_is_not_open() -> None:
    assert with_probe(None, LATER) is None
    assert with_probe(failed(2), LATER) == failed(2)


def test_a_probe_that_fails_leaves_it_open_for_another_minute_and_says_why() -> None:
    after = after_probe(with_probe(failed(3), LATER), failure(FailureKind.QUOTA), LATER)

    assert after is not None
    assert (after.condition, after.kind) == (Condition.OPEN, FailureKind.QUOTA)
    assert after.probe_at == LATER + PROBE_EVERY
    assert after.opened_at == NOON


@pytest.mark.parametrize("outcome", [completion(), failure(FailureKind.REJECTED)])
def test_a_probe_that_finds_it_there_closes_it(outcome: object) -> None:
    assert after_probe(with_probe(failed(3), LATER), outcome, LATER) is None  # type: ignore[arg-type]


def test_a_probe_that_ends_after_an_answer_came_changes_nothing() -> None:
    assert after_probe(None, failure(FailureKind.TIMEOUT), LATER) is None
    assert after_probe(failed(1), failure(FailureKind.TIMEOUT), LATER) == failed(1)


# ------------------------------------------------------------ what admins know


def test_opening_is_news_until_it_is_told_and_closing_again() -> None:
    assert not failed(2).is_news
    opened = failed(3)
    assert opened.is_news
    assert not told(opened).is_news

    closed = after_answer(told(opened))
    assert closed is not None
    assert (closed.is_open, closed.is_news, closed.told_at) == (False, True, NOON)
    assert after_telling(closed) is None


def test_what_closed_before_it_was_told_is_no_news_at_all() -> None:
    assert after_answer(failed(3)) is None


def test_a_failure_before_the_closing_was_told_is_kept() -> None:
    closed = after_answer(told(failed(3)))
    again = after_failure(closed, SUPPORT, FailureKind.TIMEOUT, LATER)

    assert again.is_news
    after = told(again)
    assert (after.failures, after.told_at, after.is_news) == (1, None, False)


def test_one_that_opens_again_before_its_closing_was_told_is_what_admins_believe() -> None:
    closed = after_answer(told(failed(3)))
    again = after_failure(closed, SUPPORT, FailureKind.NOT_FOUND, LATER)

    assert again.is_open
    assert not again.is_news


def test_nothing_is_told_of_what_is_no_news() -> None:
    assert after_telling(None) is None
    assert after_telling(failed(1)) == failed(1)


# ------------------------------------------------------------ always

STEPS = st.sampled_from(["answer", "tell", "probe", "up", *COUNTED])


@given(st.lists(STEPS, max_size=40))
def test_whatever_happens_it_is_open_only_after_a_failure_that_counts_and_admins_end_up_knowing(
    steps: list[str],
) -> None:
    breaker, now, row = None, NOON, 0
    for step in steps:
        now += timedelta(seconds=31)
        match step:
            case "answer":
                breaker, row = after_answer(breaker), 0
            case "up":
                if breaker is not None and breaker.is_open:
                    breaker, row = after_probe(breaker, completion(), now), 0
            case "tell":
                breaker = after_telling(breaker)
            case "probe":
                breaker = with_probe(breaker, now)
            case _:
                kind = FailureKind(step)
                was_open = breaker is not None and breaker.is_open
                breaker = after_failure(breaker, SUPPORT, kind, now)
                row = row if was_open else row + 1
                if kind in AT_ONCE:
                    row = max(row, OPENS_AT)
        assert (breaker is not None and breaker.is_open) == (row >= OPENS_AT)
        if breaker is not None:
            assert Breaker.from_document(json.loads(json.dumps(breaker.to_document()))) == breaker
    known = after_telling(breaker)
    assert known is None or not known.is_news
