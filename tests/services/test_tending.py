"""Tuning jobs in Slack: only admins meet them; one that runs is kept up to date until it is over."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.domain.access import Grant
from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import ChannelId, ChannelKey
from bot.domain.tuning import FailureKind, JobId, TuningJob, TuningProgress, TuningStage
from bot.services.ports import Job, JobKind
from bot.services.tending import LISTED, LOOK_EVERY, SHOW_AGAIN, SHOW_EVERY, SHOWN_FOR, Tending
from bot.services.tuning import Tuning
from tests.builders import ANN, CAT, PLACE, TEAM, person, tuning_job
from tests.fakes.training_memory import FakeTrainingMemory
from tests.fakes.tuning import FakeTuningJobs
from tests.fakes.tuning_board import FakeTuningBoard
from tests.services.house import ADMIN, House

RUNNING, WAITING = TuningStage.RUNNING, TuningStage.WAITING
DM = ChannelKey(TEAM, ChannelId("D1"))
DOWN = Outage(Code.SLACK_DOWN)


@dataclass
class Bench:
    """Tending on fakes."""

    house: House = field(default_factory=House)

    def __post_init__(self) -> None:
        self.jobs = FakeTuningJobs(self.house.faults)
        self.board = FakeTuningBoard(self.house.faults)
        tuning = Tuning(
            self.jobs,
            FakeTrainingMemory(self.house.faults),
            {},
            self.house.configs,
            self.house.contestants,
            self.house.clock,
            self.house.chance,
            self.house.observer,
            Path("jobs"),
        )
        self.tending = Tending(tuning, self.board, self.house.rights, self.house.engine, self.house.clock)

    async def put(self, stage: TuningStage = RUNNING, **values: Any) -> TuningJob:
        """Store a job as its process would, which is alive at that moment."""
        now = self.house.clock.now()
        job = tuning_job(stage, **{"created_at": now, "beat_at": now, **values})
        await self.jobs.add(job)
        return job

    async def step(self, job: TuningJob, step: int) -> TuningJob:
        """Store that a job went on."""
        progress = TuningProgress(step, 100, 1.0)
        job = replace(job, stage=RUNNING, progress=progress, beat_at=self.house.clock.now())
        await self.jobs.save(job)
        return job

    async def look(self, after: timedelta = SHOW_EVERY) -> int:
        """Let time go by and do what is due then; return how often something was done."""
        self.house.clock.advance(seconds=after.total_seconds())
        return len(await self.house.engine.run_due(self.house.clock, self.tending.on_job))

    def next_look(self) -> datetime | None:
        times = list(self.house.engine.jobs.values())
        assert len(times) <= 1
        return times[0] if times else None

    def states(self) -> list[tuple[str, int]]:
        """What the one message has shown: stages, and steps."""
        (shown,) = self.board.shown.values()
        return [(job.stage.value, job.progress.step if job.progress else 0) for job in shown]


@pytest.fixture
def bench() -> Bench:
    return Bench()


# ------------------------------------------------------------ rights


@pytest.mark.parametrize("guest", [False, True])
async def test_who_is_no_admin_of_the_team_neither_sees_nor_ends_a_job(bench: Bench, *, guest: bool) -> None:
    bench.house.chat.people[CAT] = person(CAT, guest=guest)
    await bench.house.grants.give(PLACE, Grant(CAT, ADMIN, bench.house.clock.now()))
    job = await bench.put()

    for asked in (
        bench.tending.list(PLACE, CAT),
        bench.tending.show(PLACE, CAT, None),
        bench.tending.cancel(PLACE, CAT, job.id),
    ):
        with pytest.raises(Refusal) as refusal:
            await asked
        assert refusal.value.code is Code.ADMINS_ONLY

    assert bench.board.shown == {}
    assert bench.jobs.wishes == set()


# ------------------------------------------------------------ looking


async def test_jobs_are_listed_newest_first(bench: Bench) -> None:
    for number in range(LISTED + 1):
        bench.house.clock.advance(seconds=1)
        await bench.put(id=JobId(f"job{number}"), stage=TuningStage.SUCCEEDED)

    jobs = await bench.tending.list(PLACE, ADMIN)

    assert [job.id for job in jobs[:2]] == [f"job{LISTED}", f"job{LISTED - 1}"]
    assert len(jobs) == LISTED


async def test_a_job_that_is_over_is_only_returned(bench: Bench) -> None:
    job = await bench.put(TuningStage.SUCCEEDED)

    shown = await bench.tending.show(PLACE, ADMIN, "pizzaiolo")

    assert (shown.job, shown.place, shown.ts) == (job, None, None)
    assert bench.board.shown == {}
    assert bench.next_look() is None


async def test_a_job_that_is_none_is_refused(bench: Bench) -> None:
    for which, code in ((None, Code.TUNING_NONE), ("x", Code.TUNING_UNKNOWN)):
        with pytest.raises(Refusal) as refusal:
            await bench.tending.show(PLACE, ADMIN, which)
        assert refusal.value.code is code


async def test_a_job_that_runs_is_shown_to_who_asked_and_kept_up_to_date_until_it_is_over(
    bench: Bench,
) -> None:
    job = await bench.put()
    shown = await bench.tending.show(PLACE, ADMIN, None)
    assert (shown.place, shown.ts) in bench.board.shown

    for number in (10, 20):
        job = await bench.step(job, number)
        assert await bench.look() == 1
    await bench.jobs.save(job.moved(TuningStage.SUCCEEDED, bench.house.clock.now()))
    await bench.look()

    assert bench.states() == [("running", 0), ("running", 10), ("running", 20), ("succeeded", 20)]
    assert set(bench.board.readers) == {ADMIN}
    assert bench.next_look() is None


async def test_nothing_is_sent_when_nothing_has_changed_and_nothing_within_three_seconds(
    bench: Bench,
) -> None:
    job = await bench.put()
    await bench.tending.show(PLACE, ADMIN, None)
    job = await bench.step(job, 10)
    assert await bench.look(timedelta(seconds=2.9)) == 0

    assert await bench.look(timedelta(seconds=0.1)) == 1
    for _ in range(3):
        await bench.step(job, 10)  # a sign of life, and nothing else
        assert await bench.look() == 1

    assert bench.states() == [("running", 0), ("running", 10)]


async def test_a_look_that_is_done_twice_leaves_one_to_come(bench: Bench) -> None:
    job = await bench.put()
    await bench.tending.show(PLACE, ADMIN, None)
    (first,) = bench.house.engine.jobs
    await bench.step(job, 10)
    await bench.look()
    await bench.step(job, 20)

    await bench.tending.on_job(first)
    assert len(bench.house.engine.jobs) == 2
    await bench.look()

    assert len(bench.house.engine.jobs) == 1


async def test_a_job_that_waits_is_looked_after_once_a_minute_and_for_a_week_at_most(bench: Bench) -> None:
    await bench.put(WAITING)
    shown = await bench.tending.show(PLACE, ADMIN, None)
    await bench.look()
    assert bench.next_look() == bench.house.clock.now() + LOOK_EVERY
    assert shown.ts is not None
    posted_at = datetime.fromtimestamp(float(shown.ts), bench.house.clock.now().tzinfo)

    await bench.look(posted_at + SHOWN_FOR - bench.house.clock.now())
    assert bench.next_look() is not None
    await bench.look(LOOK_EVERY)

    assert bench.next_look() is None


async def test_a_job_that_lost_its_process_is_shown_so_and_again_when_it_comes_back(bench: Bench) -> None:
    job = await bench.step(await bench.put(), 10)
    await bench.tending.show(PLACE, ADMIN, None)
    await bench.look(timedelta(seconds=61))
    (shown,) = bench.board.shown.values()
    assert shown[-1].failure is not None
    assert shown[-1].failure.kind is FailureKind.LOST
    assert bench.next_look() == bench.house.clock.now() + LOOK_EVERY

    bench.house.clock.advance(seconds=59)
    await bench.step(job, 20)
    await bench.look(timedelta(seconds=1))

    assert bench.states() == [("running", 10), ("failed", 10), ("running", 20)]
    assert bench.next_look() == bench.house.clock.now() + SHOW_EVERY


async def test_a_message_that_is_gone_and_a_job_that_is_gone_are_looked_after_no_more(bench: Bench) -> None:
    job = await bench.put()
    await bench.tending.show(PLACE, ADMIN, None)
    bench.board.shown.clear()
    await bench.step(job, 10)
    await bench.look()
    assert bench.next_look() is None

    await bench.tending.show(PLACE, ADMIN, None)
    bench.jobs.documents.clear()
    await bench.look()
    assert bench.next_look() is None


@pytest.mark.parametrize("retry_after", [None, timedelta(seconds=7)])
async def test_what_slack_does_not_take_is_tried_again(bench: Bench, retry_after: timedelta | None) -> None:
    job = await bench.put()
    await bench.tending.show(PLACE, ADMIN, None)
    bench.house.faults.before("tuning_board.change", Outage(Code.SLACK_DOWN, retry_after=retry_after))
    await bench.step(job, 10)
    await bench.look()
    wait = retry_after or SHOW_AGAIN
    assert bench.next_look() == bench.house.clock.now() + wait

    await bench.look(wait)

    assert bench.states() == [("running", 0), ("running", 10)]


async def test_a_job_that_could_not_be_sent_is_not_looked_after(bench: Bench) -> None:
    await bench.put()
    bench.house.faults.before("tuning_board.post", DOWN)

    with pytest.raises(Outage):
        await bench.tending.show(PLACE, ADMIN, None)

    assert bench.next_look() is None


# ------------------------------------------------------------ cancelling


async def test_an_admin_ends_a_job_and_its_message_says_so(bench: Bench) -> None:
    job = await bench.put()
    await bench.tending.show(PLACE, ADMIN, None)

    cancelled = await bench.tending.cancel(PLACE, ADMIN, job.id)
    await bench.look()

    assert cancelled.cancelling
    assert bench.jobs.wishes == {(TEAM, job.id)}
    (shown,) = bench.board.shown.values()
    assert [one.cancelling for one in shown] == [False, True]


async def test_the_wire_form_of_a_look_names_no_text(bench: Bench) -> None:
    await bench.put(system="You bake.", base="/home/ann/secret")
    await bench.tending.show(PLACE, ADMIN, None)

    (look,) = bench.house.engine.jobs
    assert look.kind is JobKind.SHOW_TUNING
    assert look.place == DM
    assert Job.from_wire(look.wire) == look
    assert look.about.split(" ")[:2] == [tuning_job().id, ADMIN]
    assert "secret" not in look.wire
    assert ANN not in look.about
