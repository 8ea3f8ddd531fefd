"""Tuning jobs and what was trained on, in Redis and in memory."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.adapters.redis_client import Store
from bot.adapters.redis_people import RedisTraces
from bot.adapters.redis_tuning import MOST_JOBS, RedisTrainingMemory, RedisTuningJobs
from bot.adapters.system import SystemChance
from bot.domain.contamination import SeenQuestions, TrainedOn
from bot.domain.ids import TeamId
from bot.domain.privacy import TuningOrdered
from bot.domain.tuning import (
    DataCounts,
    JobId,
    Recipe,
    TuningJob,
    TuningProgress,
    TuningStage,
)
from bot.services.ports import TrainingMemory, TuningJobs
from tests.builders import ANN, BOB, NOON, TEAM
from tests.fakes.training_memory import FakeTrainingMemory
from tests.fakes.tuning import FakeTuningJobs

OTHER = TeamId("T2")


def job(number: int = 1, **values: Any) -> TuningJob:
    made = TuningJob(
        id=JobId(f"job{number:04d}"),
        team=TEAM,
        name="pizzaiolo",
        trainer="local-lora",
        base="smollm2",
        data="ab" * 32,
        recipe=Recipe(),
        by=ANN,
        created_at=NOON + timedelta(minutes=number),
        beat_at=NOON,
        system="You bake.",
    )
    return replace(made, **values)


@pytest.fixture(params=["redis", "fake"])
async def jobs(request: pytest.FixtureRequest, store: Store) -> TuningJobs:
    return RedisTuningJobs(store) if request.param == "redis" else FakeTuningJobs()


@pytest.fixture(params=["redis", "fake"])
async def memory(request: pytest.FixtureRequest, store: Store) -> TrainingMemory:
    return RedisTrainingMemory(store) if request.param == "redis" else FakeTrainingMemory()


async def test_a_job_comes_back_as_it_was_stored_last(jobs: TuningJobs) -> None:
    await jobs.add(job())
    assert await jobs.load(TEAM, job().id) == job()

    running = replace(
        job().moved(TuningStage.VALIDATING, NOON).moved(TuningStage.RUNNING, NOON),
        counts=DataCounts(9, 1),
        progress=TuningProgress(3, 60, 1.5, None, 12.0),
    )
    await jobs.save(running)

    assert await jobs.load(TEAM, job().id) == running
    assert await jobs.load(OTHER, job().id) is None
    assert await jobs.load(TEAM, JobId("job0002")) is None


async def test_the_newest_come_first(jobs: TuningJobs) -> None:
    for number in (2, 1, 3):
        await jobs.add(job(number))
    await jobs.add(job(9, team=OTHER))

    assert [one.id for one in await jobs.latest(TEAM, 2)] == ["job0003", "job0002"]
    assert [one.id for one in await jobs.latest(OTHER, 5)] == ["job0009"]
    assert await jobs.latest(TeamId("T3"), 5) == []


async def test_the_wish_to_cancel_is_nothing_that_storing_undoes(jobs: TuningJobs) -> None:
    await jobs.add(job())
    await jobs.ask_to_cancel(TEAM, job().id)
    await jobs.save(job())

    loaded = await jobs.load(TEAM, job().id)
    assert loaded is not None
    assert loaded.cancelling
    assert [one.cancelling for one in await jobs.latest(TEAM, 5)] == [True]


async def test_of_too_many_the_oldest_are_dropped_with_all_that_is_theirs(store: Store) -> None:
    jobs, fake = RedisTuningJobs(store), FakeTuningJobs()
    key = store.keys.tunings(TEAM)
    for number in range(MOST_JOBS + 2):
        await jobs.add(job(number))
        await fake.add(job(number))
        if number == 0:
            await jobs.ask_to_cancel(TEAM, job(0).id)

    kept = await jobs.latest(TEAM, 500)
    assert (len(kept), kept[-1].id) == (MOST_JOBS, "job0002")
    assert await store.call("HLEN", key) == 2 * MOST_JOBS
    assert await fake.latest(TEAM, 500) == kept


async def test_what_was_trained_on_is_known_by_model_id(memory: TrainingMemory) -> None:
    one = TrainedOn(SeenQuestions.of(["How do I knead the dough for a pizza?"]), NOON)
    two = TrainedOn(SeenQuestions.of(["Why?"]), None)
    await memory.remember(TEAM, "pizza-1", two)
    await memory.remember(TEAM, "pizza-1", one)
    await memory.remember(OTHER, "pizza-2", two)

    assert await memory.recall(TEAM, ["pizza-1", "pizza-2"]) == {"pizza-1": one}
    assert await memory.recall(OTHER, ["pizza-2"]) == {"pizza-2": two}
    assert await memory.recall(TEAM, []) == {}


async def test_who_ordered_a_job_can_be_forgotten_while_it_runs(store: Store) -> None:
    jobs, traces = RedisTuningJobs(store), RedisTraces(store, SystemChance())
    await jobs.add(job(1))
    await jobs.add(job(2, by=BOB))
    at = job(1).created_at.isoformat()
    assert (await traces.collect(TEAM, ANN)).tunings == (TuningOrdered("job0001", "pizzaiolo", at),)

    await traces.forget(TEAM, ANN, now=NOON)
    await jobs.save(job(1))

    assert [one.by for one in await jobs.latest(TEAM, 5)] == [BOB, ""]
    assert (await traces.collect(TEAM, ANN)).tunings == ()
