"""An engine that only writes down whom to wake and what to do when."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import ClassVar

from bot.domain.ids import ThreadKey
from bot.services.ports import Clock, Job
from tests.fakes.stepping import Faults, step


@dataclass
class FakeEngine:
    """Wake-ups in order, and jobs, each pending at most once: of two times the earlier counts."""

    faults: Faults = field(default_factory=Faults)
    wakes: list[ThreadKey] = field(default_factory=list)
    jobs: dict[Job, datetime] = field(default_factory=dict)
    port: ClassVar[str] = "engine"

    @step
    async def wake(self, thread: ThreadKey) -> None:
        self.wakes.append(thread)

    @step
    async def schedule(self, job: Job, at: datetime) -> None:
        self.jobs[job] = min(at, self.jobs.get(job, at))

    async def run_due(self, clock: Clock, on_job: Callable[[Job], Awaitable[None]]) -> list[Job]:
        """Do every job whose time has come, earliest first; return them."""
        due = sorted((at, job.wire, job) for job, at in self.jobs.items() if at <= clock.now())
        for _, _, job in due:
            del self.jobs[job]
            await on_job(job)
        return [job for _, _, job in due]
