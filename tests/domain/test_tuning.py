"""Tuning jobs: which stage comes after which, when a job has lost its process, and what a recipe may be."""

import itertools
import math
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tuning import (
    LOST_AFTER,
    FailureKind,
    JobId,
    Recipe,
    TuningFailure,
    TuningJob,
    TuningStage,
    model_id,
)
from tests.builders import NOON, TEAM
from tests.domain import strategies as some

SUBMITTED, VALIDATING, RUNNING, WAITING, SUCCEEDED, FAILED, CANCELLED = TuningStage
ENDS = (FAILED, CANCELLED)
MOVES = {
    SUBMITTED: {VALIDATING, *ENDS},
    VALIDATING: {RUNNING, WAITING, *ENDS},
    RUNNING: {RUNNING, SUCCEEDED, *ENDS},
    WAITING: {SUCCEEDED, *ENDS},
    SUCCEEDED: set(),
    FAILED: set(),
    CANCELLED: set(),
}
LATER = NOON + timedelta(seconds=5)


def job(stage: TuningStage = SUBMITTED, **values: Any) -> TuningJob:
    given_values: dict[str, Any] = {"recipe": Recipe(), "created_at": NOON, "beat_at": NOON, **values}
    return TuningJob(
        JobId("job1"),
        TEAM,
        "pizzaiolo",
        "local-lora",
        "base",
        "d" * 64,
        by="ann",
        stage=stage,
        **given_values,
    )


@pytest.mark.parametrize(("before", "after"), [*itertools.product(TuningStage, repeat=2)])
def test_stages_come_after_one_another_as_they_may(before: TuningStage, after: TuningStage) -> None:
    if after in MOVES[before]:
        moved = job(before).moved(after, LATER, device="cpu")
        assert (moved.stage, moved.beat_at, moved.device) == (after, LATER, "cpu")
        assert moved.ended_at == (LATER if after.over else None)
    else:
        with pytest.raises(ValueError, match=f"^{after} does not come after {before}$"):
            job(before).moved(after, LATER)


def test_only_what_nothing_comes_after_is_over() -> None:
    assert {stage for stage in TuningStage if stage.over} == {
        stage for stage, after in MOVES.items() if not after
    }


def test_training_began_when_it_first_ran() -> None:
    first = job(VALIDATING).moved(RUNNING, LATER)
    again = first.moved(RUNNING, LATER + timedelta(seconds=3))

    assert (first.started_at, again.started_at) == (LATER, LATER)
    assert again.beat_at == LATER + timedelta(seconds=3)


def test_a_job_that_failed_says_why() -> None:
    why = TuningFailure(FailureKind.NO_SPACE, "12")

    assert job(RUNNING).failed(why, LATER).failure == why


@pytest.mark.parametrize("stage", [SUBMITTED, VALIDATING, RUNNING])
def test_a_job_whose_process_says_nothing_has_lost_it(stage: TuningStage) -> None:
    silent = job(stage)

    assert silent.at(NOON + LOST_AFTER - timedelta(seconds=1)) == silent
    lost = silent.at(NOON + LOST_AFTER)
    assert (lost.stage, lost.failure, lost.ended_at) == (
        FAILED,
        TuningFailure(FailureKind.LOST),
        NOON + LOST_AFTER,
    )


@pytest.mark.parametrize("stage", [WAITING, SUCCEEDED, FAILED, CANCELLED])
def test_a_job_without_a_process_loses_none(stage: TuningStage) -> None:
    assert job(stage).at(NOON + timedelta(days=400)) == job(stage)


@given(some.tuning_jobs, some.times, st.timedeltas(timedelta(0), timedelta(days=9)))
def test_a_job_looks_the_same_whoever_looked_before(
    seen: TuningJob, first: datetime, later: timedelta
) -> None:
    assert seen.at(first).at(first + later) == seen.at(first + later)


@pytest.mark.parametrize(
    "values",
    [
        *({name: 0} for name in ("epochs", "batch", "rank", "alpha")),
        *({name: -1} for name in ("patience", "preference_epochs", "seed")),
        *({"validation": share} for share in (-0.1, 1, math.nan)),
        *(
            {name: size}
            for name in ("learning_rate", "preference_rate", "preference_beta", "hours")
            for size in (0, -1, math.nan, math.inf)
        ),
    ],
    ids=str,
)
def test_what_is_no_recipe_is_refused(values: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=r"out of its range|from 0 to below 1|are above 0"):
        Recipe(**values)


def test_a_recipe_may_keep_nothing_to_look_at_and_never_stop_early() -> None:
    assert Recipe(validation=0, patience=0, preference_epochs=0, seed=0).validation == 0


def test_an_id_holds_the_name_and_the_file() -> None:
    assert model_id("pizzaiolo", "0123456789abcdef") == "pizzaiolo-01234567"


@pytest.mark.parametrize("name", ["", "-a", "Pizza", "a b", "a" * 41, "ä", "a\n"])
def test_what_is_no_name_gets_no_id(name: str) -> None:
    with pytest.raises(ValueError, match="not a name"):
        model_id(name, "0123456789abcdef")
