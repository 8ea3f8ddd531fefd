"""Tuning: jobs are ordered, run, watched, cancelled, and end as a model of the team."""

import asyncio
import json
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.channel_config import ChannelConfig
from bot.domain.contamination import TrainedOn
from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import UserId
from bot.domain.tuning import (
    FailureKind,
    Recipe,
    TunedModel,
    TuningFailure,
    TuningJob,
    TuningProgress,
    TuningStage,
)
from bot.domain.tuning_data import TrainingData, read_data, with_validation
from bot.services.ports import (
    HandedOver,
    Queued,
    Stepped,
    TeamFacts,
    Trained,
    TrainerEvent,
    TrainingFailed,
    Validating,
)
from bot.services.tuning import PATIENCE, PAUSE_S, Ordered, Tuning, Wanted
from tests.builders import ANN, BOB, TEAM, persona, tuned
from tests.fakes.training_memory import FakeTrainingMemory
from tests.fakes.tuning import FakeTuningJobs, ScriptedTrainer
from tests.services.house import House

MADE = "2026-11-20T10:00:00+00:00"
MODEL = TunedModel("pizza-1a2b3c4d", "local", 80.0, 1900.0, 1.2)
STEP = Stepped(TuningProgress(3, 60, 1.5, None, 30.0), "cpu, float32")
GOOD = (Queued(), Validating(), Stepped(None), STEP, Stepped(None), Trained(MODEL))
DOWN = Outage(Code.STORE_DOWN)


def rows(count: int = 20, **values: Any) -> bytes:
    return b"\n".join(
        json.dumps(
            {
                "messages": [
                    {"role": "system", "content": "You bake."},
                    {"role": "user", "content": f"What about thing number{number}?"},
                    {"role": "assistant", "content": "So."},
                ],
                "created_at": MADE,
                **values,
            }
        ).encode()
        for number in range(count)
    )


DATA = read_data(rows())
WANTED = Wanted("pizza", "local-lora", "smollm2", Recipe(epochs=2))


@dataclass
class Bench:
    """Tuning on fakes."""

    house: House = field(default_factory=House)
    trainer: ScriptedTrainer = field(default_factory=ScriptedTrainer)

    def __post_init__(self) -> None:
        self.jobs = FakeTuningJobs(self.house.faults)
        self.memory = FakeTrainingMemory(self.house.faults)
        self.tuning = Tuning(
            self.jobs,
            self.memory,
            {"local-lora": self.trainer},
            self.house.configs,
            self.house.contestants,
            self.house.clock,
            self.house.chance,
            self.house.observer,
            Path("jobs"),
        )

    async def order(self, wanted: Wanted = WANTED, data: TrainingData = DATA) -> Ordered:
        return await self.tuning.order(TEAM, ANN, wanted, data)

    async def play(self, *script: TrainerEvent | float | BaseException, **wanted: Any) -> TuningJob:
        self.trainer.script = script
        return await self.tuning.run(await self.order(replace(WANTED, **wanted)))

    async def refused(self, wanted: Wanted = WANTED, data: TrainingData = DATA) -> Refusal:
        with pytest.raises(Refusal) as refusal:
            await self.order(wanted, data)
        return refusal.value

    async def stored(self) -> TuningJob:
        return await self.tuning.show(TEAM)


@pytest.fixture
def bench() -> Bench:
    return Bench()


# ------------------------------------------------------------ ordering


async def test_an_order_is_a_job_with_what_is_known_of_its_data(bench: Bench) -> None:
    ordered = await bench.order()

    job = await bench.stored()
    assert job == ordered.job
    assert (job.name, job.by, job.stage, job.base) == ("pizza", ANN, TuningStage.SUBMITTED, "smollm2")
    assert (job.data, job.counts, job.system) == (DATA.digest, ordered.data.counts, "You bake.")
    assert len(ordered.data.validation) == 2
    assert bench.trainer.orders == []


async def test_validation_examples_of_ones_own_are_taken_as_they_are(bench: Bench) -> None:
    other = read_data(rows(1).replace(b"number0", b"salt"))

    ordered = await bench.order(data=with_validation(DATA, other))

    assert ordered.data.validation == other.examples
    assert ordered.data.examples == DATA.examples


async def test_what_cannot_be_trained_is_refused_before_there_is_a_job(bench: Bench) -> None:
    refusal = await bench.refused(replace(WANTED, trainer="local-lor"))
    assert (refusal.code, refusal.fields["suggestion"]) == (Code.BAD_VALUE, "local-lora")
    refusal = await bench.refused(data=read_data(rows() + b"\nnothing"))
    assert (refusal.code, refusal.fields) == (Code.TUNING_BAD_DATA, {"faults": 1, "line": 21})
    refusal = await bench.refused(data=read_data(rows(9)))
    assert (refusal.code, refusal.fields) == (Code.TUNING_TOO_FEW, {"examples": 9, "least": 10})
    assert (await bench.refused(replace(WANTED, name="chef"))).code is Code.NAME_TAKEN
    assert (await bench.refused(replace(WANTED, name="pizzaiolo", again=True))).code is Code.NAME_TAKEN
    assert bench.jobs.documents == {}


async def test_a_name_is_taken_as_long_as_its_job_lives(bench: Bench) -> None:
    await bench.order()
    assert (await bench.refused()).code is Code.TUNING_UNDER_WAY

    bench.house.clock.advance(seconds=61)
    lost = await bench.stored()
    assert (lost.stage, lost.failure) == (TuningStage.FAILED, TuningFailure(FailureKind.LOST))
    await bench.order()


# ------------------------------------------------------------ running


async def test_a_job_becomes_a_model_of_the_team(bench: Bench) -> None:
    told: list[TuningJob] = []
    bench.trainer.script = GOOD
    ordered = await bench.order()

    job = await bench.tuning.run(ordered, told.append)

    assert [one.stage.value for one in told] == [
        "submitted",
        "validating",
        "running",
        "running",
        "running",
        "succeeded",
    ]
    assert (told[2].progress, told[2].device) == (None, None)
    assert (told[4].progress, told[4].device) == (STEP.progress, "cpu, float32")
    assert (job.result, job.folder) == (MODEL, str(Path("jobs") / job.id))
    assert await bench.stored() == job
    (order,) = bench.trainer.orders
    assert (order.job, order.name, order.base) == (job.id, "pizza", "smollm2")
    assert (order.data, order.recipe) == (ordered.data, WANTED.recipe)
    model = bench.house.configs.facts(TEAM).models["pizza"]
    assert (model.model, model.endpoint, model.system) == ("pizza-1a2b3c4d", "local", "You bake.")
    ((_, entry),) = bench.house.configs.stream
    assert (entry.actor, entry.what, entry.before) == (ANN, "model pizza", {})
    assert entry.after == {"model": "pizza-1a2b3c4d", "endpoint": "local", "system": "You bake."}


async def test_what_was_seen_is_remembered_before_the_model_can_be_asked(bench: Bench) -> None:
    job = await bench.play(*GOOD)

    trained = bench.memory.trained[TEAM, "pizza-1a2b3c4d"]
    assert trained == TrainedOn(DATA.seen(), DATA.newest())
    assert trained.newest is not None
    steps = bench.house.faults.log
    order = [steps.index(one) for one in ("training.remember", "configs.save_model", "configs.audit")]
    assert order == sorted(order)
    assert max(order) < len(steps) - 1 - steps[::-1].index("jobs.save")
    assert job.stage is TuningStage.SUCCEEDED


@pytest.mark.parametrize(
    ("last", "stage", "kind"),
    [
        (
            TrainingFailed(TuningFailure(FailureKind.NO_MEMORY)),
            TuningStage.FAILED,
            FailureKind.NO_MEMORY,
        ),
        (Validating(), TuningStage.FAILED, FailureKind.BROKEN),
    ],
)
async def test_a_training_that_fails_leaves_no_model(
    bench: Bench, last: TrainerEvent, stage: TuningStage, kind: FailureKind
) -> None:
    job = await bench.play(Validating(), last)

    assert job.stage is stage
    assert job.failure is not None
    assert job.failure.kind is kind
    assert await bench.stored() == job
    assert bench.memory.trained == {}
    assert "pizza" not in bench.house.configs.facts(TEAM).models
    await bench.play(*GOOD)


async def test_a_trainer_that_cannot_begin_says_why(bench: Bench) -> None:
    bench.trainer.refusal = TuningFailure(FailureKind.NOT_INSTALLED)

    job = await bench.play()

    assert (job.stage, job.failure) == (TuningStage.FAILED, TuningFailure(FailureKind.NOT_INSTALLED))
    assert bench.house.observer.named("tuning_over")[0]["kind"] == "not_installed"


async def test_a_job_is_stored_once_a_second_at_most_and_gives_a_sign_of_life_every_ten(bench: Bench) -> None:
    await bench.play(*(one for _ in range(100) for one in (STEP, 0.1)), 25.0)

    running = [job for job in bench.jobs.saved if job.stage is TuningStage.RUNNING]
    assert 11 <= len(running) <= 13


async def test_the_sign_of_life_says_when_it_was(bench: Bench) -> None:
    bench.trainer.script = (Validating(), 15.0)
    ordered = await bench.order()
    clock = bench.house.clock
    bench.house.faults.at("jobs.load", lambda: clock.advance(seconds=5))

    await bench.tuning.run(ordered)

    assert bench.jobs.saved[0].beat_at == ordered.job.beat_at + timedelta(seconds=5)


async def test_a_model_whose_name_was_taken_meanwhile_is_not_registered(bench: Bench) -> None:
    bench.trainer.script = GOOD
    ordered = await bench.order()
    bench.house.configs.teams[TEAM] = TeamFacts(ChannelConfig(), {"pizza": tuned("pizza")})

    job = await bench.tuning.run(ordered)

    assert (job.stage, job.failure) == (TuningStage.FAILED, TuningFailure(FailureKind.NAME_TAKEN))
    assert job.result == MODEL
    assert bench.house.configs.facts(TEAM).models["pizza"] == tuned("pizza")


async def test_a_model_whose_name_is_taken_in_that_moment_is_not_registered(bench: Bench) -> None:
    configs = bench.house.configs
    taken = TeamFacts(ChannelConfig(), {"pizza": tuned("pizza")})
    bench.house.faults.at("configs.save_model", lambda: configs.teams.update({TEAM: taken}))

    assert (await bench.play(*GOOD)).failure == TuningFailure(FailureKind.NAME_TAKEN)


async def test_a_persona_that_came_meanwhile_keeps_its_name(bench: Bench) -> None:
    bench.trainer.script = GOOD
    ordered = await bench.order()
    bench.house.personas.files["pizza"] = persona("pizza")

    assert (await bench.tuning.run(ordered)).failure == TuningFailure(FailureKind.NAME_TAKEN)


async def test_a_second_training_takes_the_place_of_the_first_when_somebody_says_so(bench: Bench) -> None:
    await bench.play(*GOOD)
    assert (await bench.refused()).code is Code.TUNING_NAME_KNOWN

    newer = replace(MODEL, model="pizza-99999999")
    job = await bench.play(Trained(newer), again=True)

    assert job.stage is TuningStage.SUCCEEDED
    assert bench.house.configs.facts(TEAM).models["pizza"].model == "pizza-99999999"
    entry = bench.house.configs.stream[-1][1]
    assert (entry.before["model"], entry.after["model"]) == ("pizza-1a2b3c4d", "pizza-99999999")


async def test_what_an_admin_registered_meanwhile_is_not_replaced(bench: Bench) -> None:
    await bench.play(*GOOD)
    bench.trainer.script = (Trained(replace(MODEL, model="pizza-99999999")),)
    ordered = await bench.order(replace(WANTED, again=True))
    bench.house.configs.teams[TEAM] = TeamFacts(ChannelConfig(), {"pizza": tuned("pizza")})

    assert (await bench.tuning.run(ordered)).failure == TuningFailure(FailureKind.NAME_TAKEN)


# ------------------------------------------------------------ a store that is away


async def test_a_store_that_is_away_for_a_while_ends_no_training(bench: Bench) -> None:
    bench.trainer.script = (Validating(), 5.0, STEP, 5.0, Trained(MODEL))
    ordered = await bench.order()
    bench.house.faults.before("jobs.save", DOWN, times=3)
    bench.house.faults.before("jobs.load", DOWN, times=2)

    job = await bench.tuning.run(ordered)

    assert job.stage is TuningStage.SUCCEEDED
    assert len(bench.house.observer.named("tuning_not_stored")) == 5


@pytest.mark.parametrize(
    "step", ["training.remember", "configs.team", "configs.save_model", "configs.audit", "jobs.save"]
)
@pytest.mark.parametrize("lost", [False, True], ids=["not done", "done, and nobody heard"])
async def test_a_store_that_is_away_at_the_end_is_waited_for(bench: Bench, step: str, *, lost: bool) -> None:
    bench.trainer.script = (Trained(MODEL),)
    ordered = await bench.order()
    fail = bench.house.faults.after if lost else bench.house.faults.before
    fail(step, DOWN, times=2)

    job = await bench.tuning.run(ordered)

    assert job.stage is TuningStage.SUCCEEDED
    assert await bench.stored() == job
    assert bench.house.configs.facts(TEAM).models["pizza"].model == MODEL.model
    assert bench.house.configs.stream[-1][1].before == {}


async def test_a_store_that_stays_away_is_given_up_in_the_end(bench: Bench) -> None:
    bench.trainer.script = (Trained(MODEL),)
    ordered = await bench.order()
    bench.house.faults.before("training.remember", DOWN, times=PATIENCE + 1)
    began = asyncio.get_running_loop().time()

    with pytest.raises(Outage):
        await bench.tuning.run(ordered)

    assert asyncio.get_running_loop().time() - began >= PATIENCE * PAUSE_S
    assert "pizza" not in bench.house.configs.facts(TEAM).models


# ------------------------------------------------------------ cancelling


async def test_a_wish_to_cancel_reaches_a_trainer_that_says_nothing(bench: Bench) -> None:
    bench.trainer.script = (Validating(), STEP, 10_000.0)
    ordered = await bench.order()
    loop = asyncio.get_running_loop()
    told: list[TuningJob] = []
    running = asyncio.create_task(bench.tuning.run(ordered, told.append))
    await asyncio.sleep(5)

    wished = await bench.tuning.cancel(TEAM, "pizza")
    asked_at = loop.time()
    job = await running

    assert wished.cancelling
    assert loop.time() - asked_at < 2
    assert len(bench.trainer.cancelled) == 1
    assert (job.stage, job.failure) == (TuningStage.CANCELLED, None)
    assert told[-2].cancelling
    assert await bench.stored() == job


async def test_a_training_that_was_faster_than_the_wish_has_succeeded(bench: Bench) -> None:
    bench.trainer.script, bench.trainer.stubborn = (STEP, 5.0, Trained(MODEL)), True
    ordered = await bench.order()
    await bench.tuning.cancel(TEAM, ordered.job.id[:14])

    job = await bench.tuning.run(ordered)

    assert len(bench.trainer.cancelled) == 1
    assert job.stage is TuningStage.SUCCEEDED


async def test_who_runs_a_job_and_is_ended_ends_it(bench: Bench) -> None:
    bench.trainer.script = (STEP, 10_000.0)
    running = asyncio.create_task(bench.tuning.run(await bench.order()))
    await asyncio.sleep(5)
    running.cancel()

    with pytest.raises(asyncio.CancelledError):
        await running

    assert bench.trainer.closed == 1
    assert (await bench.stored()).stage is TuningStage.CANCELLED


async def test_a_bug_in_a_trainer_ends_its_job_and_is_told(bench: Bench) -> None:
    bench.house.faults.before("jobs.save", DOWN)

    with pytest.raises(ExceptionGroup) as raised:
        await bench.play(STEP, KeyError("a bug"))

    assert raised.group_contains(KeyError)
    assert [fact["kind"] for fact in bench.house.observer.named("tuning_over")] == ["broken"]


async def test_what_has_ended_or_never_was_cannot_be_cancelled(bench: Bench) -> None:
    await bench.play(*GOOD)

    for which, code in (("pizza", Code.TUNING_OVER), ("other", Code.TUNING_UNKNOWN)):
        with pytest.raises(Refusal) as refusal:
            await bench.tuning.cancel(TEAM, which)
        assert refusal.value.code is code


# ------------------------------------------------------------ trained elsewhere


async def test_a_job_waits_for_the_address_of_a_model_that_is_trained_elsewhere(bench: Bench) -> None:
    waiting = await bench.play(HandedOver())
    assert (waiting.stage, waiting.folder) == (TuningStage.WAITING, str(Path("jobs") / waiting.id))
    bench.house.clock.advance(hours=48)

    job = await bench.tuning.register(TEAM, BOB, "pizza", model="my/pizza", endpoint="local")

    assert (job.stage, job.result) == (TuningStage.SUCCEEDED, TunedModel("my/pizza", "local"))
    assert await bench.stored() == job
    assert bench.memory.trained[TEAM, "my/pizza"] == TrainedOn(DATA.seen(), DATA.newest())
    model = bench.house.configs.facts(TEAM).models["pizza"]
    assert (model.model, model.system) == ("my/pizza", "You bake.")
    assert bench.house.configs.stream[-1][1].actor == BOB


async def test_a_model_of_two_trainings_has_seen_what_both_saw(bench: Bench) -> None:
    for name, data in (("one", DATA), ("two", read_data(rows().replace(b"thing", b"other")))):
        bench.trainer.script = (HandedOver(),)
        await bench.tuning.run(await bench.order(replace(WANTED, name=name), data))
        await bench.tuning.register(TEAM, ANN, name, model="pizza", endpoint="local")

    seen = bench.memory.trained[TEAM, "pizza"].seen
    assert seen.knows("What about thing number3?")
    assert seen.knows("What about other number3?")


async def test_only_a_waiting_job_takes_an_address_that_can_be_asked(bench: Bench) -> None:
    async def refused(which: str, endpoint: str = "local") -> Code:
        with pytest.raises(Refusal) as refusal:
            await bench.tuning.register(TEAM, ANN, which, model="m", endpoint=endpoint)
        return refusal.value.code

    await bench.play(*GOOD)
    assert await refused("pizza") is Code.TUNING_NOT_WAITING
    await bench.play(HandedOver(), name="bread")
    assert await refused("bread", "nowhere") is Code.UNKNOWN_ENDPOINT
    bench.house.personas.files["bread"] = persona("bread")
    assert await refused("bread") is Code.NAME_TAKEN
    assert (await bench.stored()).stage is TuningStage.WAITING


async def test_a_waiting_job_is_cancelled_at_once(bench: Bench) -> None:
    await bench.play(HandedOver())

    job = await bench.tuning.cancel(TEAM, "pizza")

    assert job.stage is TuningStage.CANCELLED
    assert await bench.stored() == job


async def test_jobs_are_listed_as_they_are_to_be_seen(bench: Bench) -> None:
    await bench.order()
    await bench.play(*GOOD, name="bread")
    bench.house.clock.advance(minutes=5)

    assert {(job.name, job.stage.value) for job in await bench.tuning.list(TEAM)} == {
        ("pizza", "failed"),
        ("bread", "succeeded"),
    }
    assert len(await bench.tuning.list(TEAM, 1)) == 1
    assert UserId((await bench.stored()).by) == ANN
