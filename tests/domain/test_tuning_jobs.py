"""Which job is meant, and whether a name is free."""

from dataclasses import replace
from typing import Any

import pytest

from bot.domain.contamination import SeenQuestions, TrainedOn
from bot.domain.errors import Code, Refusal
from bot.domain.thread import Message, Role
from bot.domain.tuning import JobId, Recipe, TuningJob, TuningStage
from bot.domain.tuning_data import Example, TrainingData
from bot.domain.tuning_jobs import check_name, find_job
from tests.builders import ANN, NOON, TEAM, tuned

FREE: dict[str, Any] = {"personas": ["chef"], "models": {}, "trained": [], "jobs": [], "again": False}
OURS: dict[str, Any] = FREE | {"models": {"pizzaiolo": tuned()}, "trained": ["ft:pizzaiolo"]}


def job(number: str, name: str = "pizzaiolo", stage: TuningStage = TuningStage.RUNNING) -> TuningJob:
    made = TuningJob(JobId(number), TEAM, name, "local-lora", "base", "", Recipe(), ANN, NOON, NOON)
    return replace(made, stage=stage)


JOBS = [job("abc1"), job("abx2", "baker"), job("b3", "baker"), job("baker-and-more", "cook")]


def refused(**given: Any) -> Code:
    with pytest.raises(Refusal) as refusal:
        check_name("pizzaiolo", **(FREE | given))
    return refusal.value.code


@pytest.mark.parametrize(
    ("which", "found"),
    [
        (None, "abc1"),
        ("b3", "b3"),
        ("abx", "abx2"),
        ("baker", "abx2"),
        ("abc1", "abc1"),
        ("baker-", "baker-and-more"),
    ],
)
def test_a_job_is_found_by_what_people_know_of_it(which: str | None, found: str) -> None:
    assert find_job(JOBS, which).id == found


@pytest.mark.parametrize(
    ("jobs", "which", "code", "fields"),
    [
        ([], None, Code.TUNING_NONE, {}),
        (JOBS, "ab", Code.TUNING_AMBIGUOUS, {"name": "ab", "jobs": 2}),
        (JOBS, "bakr", Code.TUNING_UNKNOWN, {"name": "bakr", "suggestion": "baker"}),
        (JOBS, "", Code.TUNING_UNKNOWN, {"name": "", "suggestion": None}),
    ],
)
def test_what_cannot_be_meant_is_refused(
    jobs: list[TuningJob], which: str | None, code: Code, fields: dict[str, object]
) -> None:
    with pytest.raises(Refusal) as refusal:
        find_job(jobs, which)
    assert (refusal.value.code, refusal.value.fields) == (code, fields)


def test_a_free_name_is_free() -> None:
    check_name("pizzaiolo", **FREE)
    check_name("pizzaiolo", **FREE | {"jobs": [job("a", stage=TuningStage.FAILED), job("b", "baker")]})
    check_name("pizzaiolo", **OURS | {"again": True})


def test_a_name_that_is_none_or_somebodys_is_refused() -> None:
    with pytest.raises(Refusal) as refusal:
        check_name("Pizza Ai", **FREE)
    assert refusal.value.code is Code.BAD_NAME
    assert refused(personas=["pizzaiolo"]) is Code.NAME_TAKEN
    assert refused(models={"pizzaiolo": tuned()}) is Code.NAME_TAKEN
    assert refused(models={"pizzaiolo": tuned()}, trained=["other"], again=True) is Code.NAME_TAKEN
    assert refused(**OURS | {"personas": ["pizzaiolo"], "again": True}) is Code.NAME_TAKEN


def test_a_model_that_was_trained_here_is_replaced_only_when_somebody_says_so() -> None:
    assert refused(**OURS) is Code.TUNING_NAME_KNOWN


@pytest.mark.parametrize("stage", [stage for stage in TuningStage if not stage.over])
def test_two_jobs_of_one_name_are_never_under_way(stage: TuningStage) -> None:
    assert refused(jobs=[job("a", stage=stage)], again=True) is Code.TUNING_UNDER_WAY


def test_what_two_trainings_saw_was_seen_by_a_model_of_both() -> None:
    one, two = SeenQuestions.of(["Why salt?"]), SeenQuestions.of(["How much?"])

    assert TrainedOn(one, NOON) | TrainedOn(two, None) == TrainedOn(one | two, NOON)
    assert TrainedOn(one, None) | TrainedOn(two, None) == TrainedOn(one | two, None)


def _example(line: int, *system: str) -> Example:
    prompt = [Message(Role.SYSTEM, text) for text in system]
    return Example(line, (*prompt, Message(Role.USER, "Why?"), Message(Role.ASSISTANT, "So.")))


@pytest.mark.parametrize(
    ("examples", "system"),
    [
        ((), None),
        ((_example(1), _example(2)), None),
        ((_example(1, "You bake."), _example(2, "You bake.")), "You bake."),
        ((_example(1, "You bake."), _example(2, "You cook.")), None),
        ((_example(1, "You bake."), _example(2)), None),
    ],
)
def test_a_system_prompt_is_one_that_every_example_begins_with(
    examples: tuple[Example, ...], system: str | None
) -> None:
    assert TrainingData("", examples).system == system
