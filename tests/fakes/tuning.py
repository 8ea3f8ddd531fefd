"""Jobs, and a trainer that plays a script."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, ClassVar

from bot.domain.ids import TeamId
from bot.domain.tuning import FailureKind, JobId, TuningFailure, TuningJob
from bot.services.ports import (
    TrainerEvent,
    TrainerRefused,
    TrainingCancelled,
    TrainingFailed,
    TrainingOrder,
)
from tests.fakes.stepping import Faults, step

MOST = 200


@dataclass
class FakeTuningJobs:
    """Jobs by team, as documents; who ordered one and who wants it to end stand apart."""

    faults: Faults = field(default_factory=Faults)
    documents: dict[tuple[TeamId, JobId], dict[str, Any]] = field(default_factory=dict)
    people: dict[tuple[TeamId, JobId], str] = field(default_factory=dict)
    wishes: set[tuple[TeamId, JobId]] = field(default_factory=set)
    saved: list[TuningJob] = field(default_factory=list)
    port: ClassVar[str] = "jobs"

    @step
    async def add(self, job: TuningJob) -> None:
        self.documents[job.team, job.id] = job.to_document()
        self.people[job.team, job.id] = job.by
        for old in self._newest(job.team)[MOST:]:
            del self.documents[job.team, old.id]

    @step
    async def save(self, job: TuningJob) -> None:
        self.documents[job.team, job.id] = job.to_document()
        self.saved.append(job)

    @step
    async def load(self, team: TeamId, job: JobId) -> TuningJob | None:
        return self._read((team, job)) if (team, job) in self.documents else None

    @step
    async def latest(self, team: TeamId, limit: int) -> Sequence[TuningJob]:
        return self._newest(team)[:limit]

    @step
    async def ask_to_cancel(self, team: TeamId, job: JobId) -> None:
        self.wishes.add((team, job))

    def _newest(self, team: TeamId) -> list[TuningJob]:
        found = [self._read(key) for key in self.documents if key[0] == team]
        return sorted(found, key=lambda job: (job.created_at, job.id), reverse=True)

    def _read(self, key: tuple[TeamId, JobId]) -> TuningJob:
        job = TuningJob.from_document(self.documents[key])
        return replace(job, by=self.people.get(key, ""), cancelling=key in self.wishes)


@dataclass
class ScriptedTrainer:
    """Plays a script: events, seconds to wait, errors. Cancelled, it ends at the next chance.

    Attributes:
        script: What happens.
        refusal: Why it cannot begin; None when it can.
        stubborn: Whether it is always faster than who cancels.
        orders: What it was given.
        cancelled: Handles of what was to end.
        closed: How often following was ended from outside.
    """

    script: Sequence[TrainerEvent | float | BaseException] = ()
    refusal: TuningFailure | None = None
    stubborn: bool = False
    orders: list[TrainingOrder] = field(default_factory=list)
    cancelled: list[str] = field(default_factory=list)
    closed: int = 0
    _stop: asyncio.Event = field(default_factory=asyncio.Event)

    async def submit(self, order: TrainingOrder) -> str:
        if self.refusal is not None:
            raise TrainerRefused(self.refusal)
        self.orders.append(order)
        return f"handle-{order.job}"

    async def follow(self, handle: str) -> AsyncGenerator[TrainerEvent]:
        if handle not in {f"handle-{order.job}" for order in self.orders}:
            yield TrainingFailed(TuningFailure(FailureKind.LOST))
            return
        try:
            for scene in self.script:
                if isinstance(scene, float | int):
                    if await self._stopped_within(scene):
                        yield TrainingCancelled()
                        return
                elif isinstance(scene, BaseException):
                    raise scene
                else:
                    yield scene
        except (GeneratorExit, asyncio.CancelledError):
            self.closed += 1
            raise

    async def cancel(self, handle: str) -> None:
        self.cancelled.append(handle)
        if not self.stubborn:
            self._stop.set()

    async def _stopped_within(self, seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                await self._stop.wait()
        except TimeoutError:
            return False
        return True
