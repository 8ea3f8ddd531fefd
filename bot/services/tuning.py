"""Tuning: a job is ordered, run by a trainer, watched, and what comes out becomes a model of the team."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

from bot.domain.contamination import TrainedOn
from bot.domain.contestant import FineTunedModel
from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import TeamId, UserId
from bot.domain.model_settings import shown_model
from bot.domain.suggestions import suggest
from bot.domain.tuning import (
    FailureKind,
    JobId,
    Recipe,
    TunedModel,
    TuningFailure,
    TuningJob,
    TuningStage,
)
from bot.domain.tuning_data import FEWEST_EXAMPLES, TrainingData, split
from bot.domain.tuning_jobs import check_name, find_job
from bot.services.contestants import Contestants
from bot.services.ports import (
    AuditEntry,
    Chance,
    Clock,
    Configs,
    HandedOver,
    Observer,
    Stepped,
    Trained,
    Trainer,
    TrainerEvent,
    TrainerRefused,
    TrainingCancelled,
    TrainingFailed,
    TrainingMemory,
    TrainingOrder,
    TuningJobs,
    Validating,
)

MOST_JOBS = 200
"""As many as are kept."""
LOOK_S = 1.0
"""How often a wish to cancel is looked for, and how often a job is stored at most."""
BEAT_EVERY = 10
"""Looks after which a job is stored though nothing has changed."""
PATIENCE = 60
"""How often a store that does not answer is tried again before what was trained is given up."""
PAUSE_S = 5.0
_WAY = (TuningStage.SUBMITTED, TuningStage.VALIDATING, TuningStage.RUNNING)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What somebody wants trained.

    Attributes:
        name: What the model will be called.
        trainer: Which trainer.
        base: What is trained further.
        recipe: How.
        again: Whether a model of that name that was trained here may be replaced.
        about: Markdown for the end of the model card.
    """

    name: str
    trainer: str
    base: str
    recipe: Recipe = field(default_factory=Recipe)
    again: bool = False
    about: str = ""


@dataclass(frozen=True, slots=True)
class Ordered:
    """A job with the data that it trains on, parted, and what stands at the end of its model card."""

    job: TuningJob
    data: TrainingData
    about: str = ""


def _tell_nobody(_: TuningJob) -> None:
    """Stand in when nobody wants to know."""


@dataclass
class _Run:
    """A job while it is run here."""

    job: TuningJob
    data: TrainingData
    tell: Callable[[TuningJob], None]
    about: str = ""
    changed: bool = False
    over: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())

    def set(self, job: TuningJob) -> None:
        self.job, self.changed = job, True
        self.tell(job)

    async def over_within(self, seconds: float) -> bool:
        await asyncio.wait({self.over}, timeout=seconds)
        return self.over.done()


@dataclass(frozen=True, slots=True)
class Tuning:
    """Orders jobs, runs them, and registers what comes out.

    Attributes:
        jobs: Where they are kept.
        memory: What models were trained on.
        trainers: By name.
        configs: What admins have set; models are registered there.
        contestants: Who there is.
        clock: The time.
        chance: Makes ids.
        observer: Who hears of facts.
        folder: In which each job has a folder of its own.
    """

    jobs: TuningJobs
    memory: TrainingMemory
    trainers: Mapping[str, Trainer]
    configs: Configs
    contestants: Contestants
    clock: Clock
    chance: Chance
    observer: Observer
    folder: Path

    # ------------------------------------------------------------ ordering

    async def order(self, team: TeamId, by: UserId, wanted: Wanted, data: TrainingData) -> Ordered:
        """Store a new job; nothing runs yet.

        Args:
            team: Whose it is.
            by: Who orders it.
            wanted: What is wanted.
            data: Rows as they were read; without validation examples, the recipe's share of them is taken out.

        Raises:
            Refusal: There is no such trainer, the name is none or not free, rows are faulty, or they are too few.
        """
        if wanted.trainer not in self.trainers:
            raise Refusal(
                Code.BAD_VALUE,
                key="trainer",
                value=wanted.trainer,
                wanted=", ".join(self.trainers),
                suggestion=suggest(wanted.trainer, self.trainers),
            )
        if data.faults:
            first = min(fault.line for fault in data.faults)
            raise Refusal(Code.TUNING_BAD_DATA, faults=len(data.faults), line=first)
        if not data.enough:
            raise Refusal(Code.TUNING_TOO_FEW, examples=len(data.examples), least=FEWEST_EXAMPLES)
        await self._check_name(team, wanted)
        parted = data if data.validation else split(data, wanted.recipe.validation, wanted.recipe.seed)
        now = self.clock.now()
        job = TuningJob(
            id=JobId(self.chance.token()),
            team=team,
            name=wanted.name,
            trainer=wanted.trainer,
            base=wanted.base,
            data=data.digest,
            recipe=wanted.recipe,
            by=by,
            created_at=now,
            beat_at=now,
            counts=parted.counts,
            again=wanted.again,
            system=data.system,
        )
        await self.jobs.add(job)
        self.observer.fact("tuning_ordered", job=job.id, trainer=job.trainer)
        return Ordered(job, parted, wanted.about)

    async def _check_name(self, team: TeamId, wanted: Wanted) -> None:
        facts = await self.configs.team(team)
        known = facts.models.get(wanted.name)
        check_name(
            wanted.name,
            personas=self.contestants.personas.all(),
            models=facts.models,
            trained=await self.memory.recall(team, [known.model]) if known else (),
            jobs=await self.list(team),
            again=wanted.again,
        )

    # ------------------------------------------------------------ looking

    async def list(self, team: TeamId, limit: int = MOST_JOBS) -> Sequence[TuningJob]:
        """Return the newest jobs, newest first; those that lost their process have failed."""
        now = self.clock.now()
        return [job.at(now) for job in await self.jobs.latest(team, limit)]

    async def show(self, team: TeamId, which: str | None = None) -> TuningJob:
        """Return one job; see `find_job`.

        Raises:
            Refusal: There is none, or several begin so.
        """
        return find_job(await self.list(team), which)

    # ------------------------------------------------------------ running

    async def run(self, ordered: Ordered, tell: Callable[[TuningJob], None] = _tell_nobody) -> TuningJob:
        """Have a job trained, and return it as it ended; being cancelled ends the training, too.

        Args:
            ordered: The job.
            tell: Told of every change.

        Raises:
            Outage: The store did not answer in the end, for minutes.
        """
        run = _Run(ordered.job, ordered.data, tell, ordered.about)
        try:
            last = await self._trained(run, self.trainers[run.job.trainer])
        except BaseException as error:
            await self._abandon(run, cancelled=isinstance(error, asyncio.CancelledError))
            raise
        job = await self._patiently(lambda: self._ended(run, last))
        self._told_over(job)
        tell(job)
        return job

    async def _trained(self, run: _Run, trainer: Trainer) -> TrainerEvent | None:
        """Follow a training, and return its last event; None when it broke off."""
        job = run.job
        order = TrainingOrder(job.id, job.name, job.base, run.data, job.recipe, self._folder(job), run.about)
        try:
            handle = await trainer.submit(order)
        except TrainerRefused as refused:
            return TrainingFailed(refused.failure)
        async with asyncio.TaskGroup() as group:
            group.create_task(self._keep(run, trainer, handle))
            last = await self._follow(run, trainer, handle)
            run.over.set_result(None)
        return last

    async def _follow(self, run: _Run, trainer: Trainer, handle: str) -> TrainerEvent | None:
        async with aclosing(trainer.follow(handle)) as events:
            async for event in events:
                match event:
                    case Validating():
                        run.set(self._moved(run.job, TuningStage.VALIDATING))
                    case Stepped(progress, device):
                        job = self._moved(run.job, TuningStage.RUNNING)
                        progress, device = progress or job.progress, device or job.device
                        run.set(replace(job, progress=progress, device=device))
                    case Trained() | HandedOver() | TrainingFailed() | TrainingCancelled():
                        return event
                    case _:
                        run.tell(run.job)
        return None

    async def _keep(self, run: _Run, trainer: Trainer, handle: str) -> None:
        """Store how a job is, and pass on the wish to cancel it; a store that is away ends no training."""
        quiet = 0
        while not await run.over_within(LOOK_S):
            quiet += 1
            try:
                stored = await self.jobs.load(run.job.team, run.job.id)
                if stored is not None and stored.cancelling and not run.job.cancelling:
                    run.set(replace(run.job, cancelling=True))
                    await trainer.cancel(handle)
                if run.changed or quiet >= BEAT_EVERY:
                    run.changed, quiet = False, 0
                    run.job = replace(run.job, beat_at=self.clock.now())
                    await self.jobs.save(run.job)
            except Outage:
                run.changed = True
                self.observer.fact("tuning_not_stored", job=run.job.id)

    async def _abandon(self, run: _Run, *, cancelled: bool) -> None:
        now = self.clock.now()
        if cancelled:
            job = run.job.moved(TuningStage.CANCELLED, now)
        else:
            job = run.job.failed(TuningFailure(FailureKind.BROKEN), now)
        try:
            await self.jobs.save(job)
        except Outage:
            self.observer.fact("tuning_not_stored", job=job.id)
        self._told_over(job)

    # ------------------------------------------------------------ ending

    async def _ended(self, run: _Run, last: TrainerEvent | None) -> TuningJob:
        """Return the job as it ended, stored. What was seen in training is stored before any model can be asked."""
        job, now, folder = run.job, self.clock.now(), str(self._folder(run.job))
        match last:
            case Trained(result):
                await self.memory.remember(job.team, result.model, _trained_on(run.data))
                job = self._moved(job, TuningStage.RUNNING)
                if await self._enlist(job, result, UserId(job.by)):
                    job = job.moved(TuningStage.SUCCEEDED, now, result=result, folder=folder)
                else:
                    taken = TuningFailure(FailureKind.NAME_TAKEN)
                    job = job.moved(TuningStage.FAILED, now, failure=taken, result=result, folder=folder)
            case HandedOver():
                await self.memory.remember(job.team, _unnamed(job), _trained_on(run.data))
                job = self._moved(job, TuningStage.VALIDATING)
                job = job.moved(TuningStage.WAITING, now, folder=folder)
            case TrainingFailed(failure):
                job = job.failed(failure, now)
            case TrainingCancelled():
                job = job.moved(TuningStage.CANCELLED, now)
            case _:
                job = job.failed(TuningFailure(FailureKind.BROKEN), now)
        await self.jobs.save(job)
        return job

    async def _enlist(self, job: TuningJob, tuned: TunedModel, by: UserId) -> bool:
        """Register the model; False when its name was taken meanwhile."""
        model = FineTunedModel(job.name, tuned.model, tuned.endpoint, job.system)
        facts = await self.configs.team(job.team)
        before = facts.models.get(model.name)
        # as it is meant to be: stored by a try whose reply was lost
        over = before == model or (
            before is not None
            and job.again
            and before.model in await self.memory.recall(job.team, [before.model])
        )
        taken = model.name in self.contestants.personas.all() or (before is not None and not over)
        if taken or not await self.configs.save_model(job.team, model, over=over):
            return False
        shown = shown_model(before) if before is not None and before != model else {}
        entry = AuditEntry(by, self.clock.now(), f"model {model.name}", shown, shown_model(model))
        await self.configs.audit(job.team, entry)
        self.observer.fact("config_changed", what=entry.what, team=job.team)
        return True

    async def _patiently(self, do: Callable[[], Awaitable[T]]) -> T:
        """Do something, again and again while the store does not answer: what was trained is not to be lost."""
        for _ in range(PATIENCE):
            try:
                return await do()
            except Outage:
                self.observer.fact("tuning_waits_for_store")
                await asyncio.sleep(PAUSE_S)
        return await do()

    # ------------------------------------------------------------ by hand

    async def cancel(self, team: TeamId, which: str) -> TuningJob:
        """Have a job end soon, and return it; one that has no process ends at once.

        Raises:
            Refusal: There is no such job, or it has ended.
        """
        job = await self.show(team, which)
        if job.stage.over:
            raise Refusal(Code.TUNING_OVER, name=job.name)
        if job.stage is TuningStage.WAITING:
            job = job.moved(TuningStage.CANCELLED, self.clock.now())
            await self.jobs.save(job)
            return job
        await self.jobs.ask_to_cancel(team, job.id)
        return replace(job, cancelling=True)

    async def register(self, team: TeamId, by: UserId, which: str, *, model: str, endpoint: str) -> TuningJob:
        """Say where the model of a waiting job is, and return the job, which has succeeded with that.

        Raises:
            Refusal: There is no such job, it waits for nothing, there is no such endpoint, or the model's name was
                taken meanwhile.
        """
        job = await self.show(team, which)
        if job.stage is not TuningStage.WAITING:
            raise Refusal(Code.TUNING_NOT_WAITING, name=job.name)
        self.contestants.roster(await self.configs.team(team)).endpoint(endpoint)
        known = await self.memory.recall(team, [_unnamed(job), model])
        trained = known[_unnamed(job)]
        await self.memory.remember(team, model, trained | known.get(model, trained))
        result = TunedModel(model, endpoint)
        if not await self._enlist(job, result, by):
            raise Refusal(Code.NAME_TAKEN, name=job.name)
        job = job.moved(TuningStage.SUCCEEDED, self.clock.now(), result=result)
        await self.jobs.save(job)
        self._told_over(job)
        return job

    # ------------------------------------------------------------

    def _folder(self, job: TuningJob) -> Path:
        return self.folder / job.id

    def _moved(self, job: TuningJob, stage: TuningStage) -> TuningJob:
        """Move a job on, through stages that its trainer did not tell of."""
        while _WAY.index(job.stage) < _WAY.index(stage):
            job = job.moved(_WAY[_WAY.index(job.stage) + 1], self.clock.now())
        return job

    def _told_over(self, job: TuningJob) -> None:
        facts: dict[str, Any] = {"job": job.id, "trainer": job.trainer, "stage": job.stage.value}
        if job.failure:
            facts |= {"kind": job.failure.kind.value, "detail": job.failure.detail}
        self.observer.fact("tuning_over", **facts)


def _trained_on(data: TrainingData) -> TrainedOn:
    return TrainedOn(data.seen(), data.newest())


def _unnamed(job: TuningJob) -> str:
    """Return what stands for the model's id until somebody says it."""
    return f"job:{job.id}"
