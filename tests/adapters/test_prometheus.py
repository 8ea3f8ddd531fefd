"""Metrics: which facts move what, and that nothing in them names a contestant."""

import re

import pytest
from prometheus_client.parser import text_string_to_metric_families

from bot.adapters.prometheus import COUNTS, TIMINGS, PrometheusObserver


def read(metrics: PrometheusObserver) -> dict[str, float]:
    """Every sample of ours, as `name{labels}`; those about the process and about times of making left out."""
    found = {}
    for family in text_string_to_metric_families(metrics.text().decode()):
        for sample in family.samples:
            if sample.name.startswith("kostprobe_") and not sample.name.endswith("_created"):
                labels = ",".join(f"{name}={value}" for name, value in sorted(sample.labels.items()))
                found[f"{sample.name}{{{labels}}}"] = sample.value
    return found


def moved(metrics: PrometheusObserver, name: str, **fields: object) -> dict[str, float]:
    """What a fact changes, but for the buckets and for the count of its name."""
    before = read(metrics)
    metrics.fact(name, **fields)
    after = read(metrics)
    assert (
        after[f"kostprobe_facts_total{{name={name}}}"]
        == before.get(f"kostprobe_facts_total{{name={name}}}", 0) + 1
    )
    return {
        key: value
        for key, value in after.items()
        if value != before.get(key, 0) and "_bucket" not in key and not key.startswith("kostprobe_facts")
    }


@pytest.fixture
def metrics() -> PrometheusObserver:
    return PrometheusObserver(version="1.2.3")


@pytest.mark.parametrize(
    ("name", "fields", "key"),
    [
        (
            "question_ingested",
            {"outcome": "accepted", "thread": "T1:C1:1.0"},
            "questions_taken_total{outcome=accepted}",
        ),
        ("question_refused", {"code": "cap_team"}, "questions_refused_total{code=cap_team}"),
        ("question_delayed", {"why": "slack_down", "attempts": 2}, "questions_delayed_total{why=slack_down}"),
        ("question_buried", {"why": "bug", "reference": "ab"}, "questions_buried_total{why=bug}"),
        ("lease_lost", {"thread": "T1:C1:1.0"}, "leases_lost_total{}"),
        ("ballot_cast", {"outcome": "changed", "duel": "d1"}, "ballots_total{outcome=changed}"),
        ("duel_closed", {"duel": "d1", "by": "ballots"}, "duels_closed_total{by=ballots}"),
        ("completion_failed", {"kind": "timeout", "ms": 10}, "model_failures_total{kind=timeout}"),
        ("redelivered", {"attempt": 1, "reason": "http_timeout"}, "redeliveries_total{reason=http_timeout}"),
        ("request_refused", {"why": "not_signed"}, "requests_refused_total{why=not_signed}"),
        ("slack_limited", {"method": "chat.postMessage"}, "slack_limited_total{method=chat.postMessage}"),
        ("background_full", {"work": "tell"}, "background_dropped_total{work=tell}"),
    ],
)
def test_a_fact_moves_its_counter(
    metrics: PrometheusObserver, name: str, fields: dict[str, object], key: str
) -> None:
    assert moved(metrics, name, **fields) == {f"kostprobe_{key}": 1}


def test_a_fact_that_nobody_foresaw_is_counted_by_its_name(metrics: PrometheusObserver) -> None:
    assert moved(metrics, "something_new", value=1) == {}


def test_faults_are_counted_by_name_and_leave_the_reference_to_the_log(metrics: PrometheusObserver) -> None:
    assert metrics.fault("run_failed", ValueError("a text"), thread="T1") == ""
    assert read(metrics)["kostprobe_faults_total{name=run_failed}"] == 1
    assert b"a text" not in metrics.text()


def test_an_answer_is_counted_and_timed_by_kind(metrics: PrometheusObserver) -> None:
    assert moved(metrics, "question_answered", reply="AnswerReply", attempts=1, ms=1500) == {
        "kostprobe_questions_answered_total{reply=answer}": 1,
        "kostprobe_answer_seconds_count{reply=answer}": 1,
        "kostprobe_answer_seconds_sum{reply=answer}": 1.5,
    }


def test_a_duel_answered_is_one_opened(metrics: PrometheusObserver) -> None:
    found = moved(metrics, "question_answered", reply="DuelReply", attempts=1, ms=0)

    assert found["kostprobe_duels_opened_total{}"] == 1


def test_acknowledgements_are_timed_in_milliseconds(metrics: PrometheusObserver) -> None:
    metrics.fact("acknowledged", kind="events_api", status=200, ms=4.2)
    found = read(metrics)

    assert found["kostprobe_ack_seconds_bucket{kind=events_api,le=0.0025}"] == 0
    assert found["kostprobe_ack_seconds_bucket{kind=events_api,le=0.005}"] == 1


def test_models_are_timed_together_and_named_only_where_the_answer_says_who(
    metrics: PrometheusObserver,
) -> None:
    assert moved(metrics, "models_asked", asked=2, ms=2000, endpoint=None) == {
        "kostprobe_model_seconds_count{asked=2,endpoint=}": 1,
        "kostprobe_model_seconds_sum{asked=2,endpoint=}": 2,
    }
    assert "kostprobe_model_seconds_count{asked=1,endpoint=local}" in moved(
        metrics, "models_asked", asked=1, ms=1, endpoint="local"
    )


def test_the_state_of_things_is_shown_as_it_is_when_asked(metrics: PrometheusObserver) -> None:
    pending = [1, 2]
    metrics.pending(lambda: len(pending))
    metrics.show({"store_up": 1, "threads_waiting": 7, "workers": 2})
    pending.append(3)
    found = read(metrics)

    assert found["kostprobe_background_tasks{}"] == 3
    assert (found["kostprobe_store_up{}"], found["kostprobe_threads_waiting{}"]) == (1, 7)
    assert found["kostprobe_info{version=1.2.3}"] == 1


def test_no_label_is_a_person_a_place_or_a_contestant() -> None:
    labels = {label for metric in (*COUNTS, *TIMINGS) for label in metric.labels}

    assert labels == {
        "outcome",
        "reply",
        "code",
        "why",
        "kind",
        "by",
        "reason",
        "method",
        "work",
        "asked",
        "endpoint",
    }
    assert all(re.fullmatch(r"[a-z_]+", metric.name) for metric in (*COUNTS, *TIMINGS))


def test_the_order_of_lines_does_not_tell_what_came_first() -> None:
    def lines(outcomes: list[str]) -> list[str]:
        metrics = PrometheusObserver(version="1")
        for outcome in outcomes:
            metrics.fact("question_ingested", outcome=outcome)
            metrics.fact("acknowledged", kind=outcome, ms=2)
        return [
            line.split("}")[0]
            for line in metrics.text().decode().splitlines()
            if "outcome=" in line or "kind=" in line
        ]

    assert lines(["accepted", "duplicate"]) == lines(["duplicate", "accepted"])
    buckets = [line for line in lines(["accepted"]) if "ack_seconds_bucket" in line]
    assert buckets == sorted(buckets, key=lambda line: float(line.split('le="')[1].split('"')[0])), (
        "buckets rise"
    )


def test_two_observers_share_nothing() -> None:
    first, second = PrometheusObserver(version="1"), PrometheusObserver(version="2")
    first.fact("lease_lost")

    assert read(second)["kostprobe_leases_lost_total{}"] == 0
