"""Tuning jobs as admins meet them in Slack: listed, shown while they run, cancelled."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

from bot.domain.errors import Outage
from bot.domain.ids import ChannelKey, MessageTs, UserId, message_ts
from bot.domain.tuning import JobId, TuningJob, TuningStage
from bot.services.ports import Clock, Engine, Job, JobKind, TuningBoard
from bot.services.rights import Rights
from bot.services.tuning import Tuning

LISTED = 50
"""As many jobs as are listed."""
SHOW_EVERY = timedelta(seconds=3)
"""How often a job that runs is shown anew."""
LOOK_EVERY = timedelta(minutes=1)
"""How often is looked after one that stands still: it waits for an address, or lost its process."""
SHOW_AGAIN = timedelta(seconds=20)
"""When to try again after Slack did not take a change."""
SHOWN_FOR = timedelta(days=7)
"""How long a message is kept up to date."""
_DIGITS = 12


@dataclass(frozen=True, slots=True)
class Shown:
    """A job that somebody wanted to see.

    Attributes:
        job: The job.
        place: The direct message in which it is kept up to date; None when it is over, and nothing is to come.
        ts: The message there; None likewise.
    """

    job: TuningJob
    place: ChannelKey | None = None
    ts: MessageTs | None = None


@dataclass(frozen=True, slots=True)
class _Watched:
    """What a job of the engine is about: the tuning job, who wanted to see it, the message, what it shows."""

    job: JobId
    user: UserId
    ts: MessageTs
    seen: str

    def pack(self) -> str:
        return f"{self.job} {self.user} {self.ts} {self.seen}"

    @classmethod
    def unpack(cls, about: str) -> "_Watched":
        job, user, ts, seen = about.split(" ")
        return cls(JobId(job), UserId(user), message_ts(ts), seen)


@dataclass(frozen=True, slots=True)
class Tending:
    """Carries out what admins want of tuning jobs.

    Attributes:
        tuning: Knows them.
        board: Shows them.
        rights: Who is an admin; models are the whole team's, so a right for one channel counts for nothing.
        engine: Keeps time.
        clock: The time.
    """

    tuning: Tuning
    board: TuningBoard
    rights: Rights
    engine: Engine
    clock: Clock

    async def list(self, place: ChannelKey, user: UserId) -> Sequence[TuningJob]:
        """Return the newest jobs, newest first.

        Raises:
            Refusal: The person may not.
        """
        await self.rights.check_admin(place, user, whole_team=True)
        return await self.tuning.list(place.team, LISTED)

    async def show(self, place: ChannelKey, user: UserId, which: str | None) -> Shown:
        """Return a job; one that is not over is sent to the person, and kept up to date there until it is.

        Raises:
            Refusal: The person may not, there is no such job, or several begin so.
        """
        await self.rights.check_admin(place, user, whole_team=True)
        job = await self.tuning.show(place.team, which)
        if job.stage.over:
            return Shown(job)
        there, ts = await self.board.post(user, job)
        await self._watch(there, _Watched(job.id, user, ts, _seen(job)), self.clock.now() + SHOW_EVERY)
        return Shown(job, there, ts)

    async def cancel(self, place: ChannelKey, user: UserId, which: str) -> TuningJob:
        """Have a job end soon, and return it; see `Tuning.cancel`.

        Raises:
            Refusal: The person may not, there is no such job, or it has ended.
        """
        await self.rights.check_admin(place, user, whole_team=True)
        return await self.tuning.cancel(place.team, which)

    async def on_job(self, job: Job) -> None:
        """Bring a message up to date, and come again while the tuning job is not over.

        What the message shows is in the engine's job itself, so that nothing is sent when nothing has changed, and
        two that were left of a crash become one at their next look.
        """
        watched, now = _Watched.unpack(job.about), self.clock.now()
        stored = await self.tuning.jobs.load(job.place.team, watched.job)
        if stored is None or now - _posted_at(watched.ts) > SHOWN_FOR:
            return
        there = stored.at(now)
        seen = _seen(there)
        if seen != watched.seen:
            try:
                stands = await self.board.change(job.place, watched.ts, watched.user, there)
            except Outage as outage:
                await self._watch(job.place, watched, now + (outage.retry_after or SHOW_AGAIN))
                return
            if not stands:
                return
        if not stored.stage.over:
            still = there.stage.over or there.stage is TuningStage.WAITING
            pause = LOOK_EVERY if still else SHOW_EVERY
            await self._watch(job.place, replace(watched, seen=seen), now + pause)

    async def _watch(self, place: ChannelKey, watched: _Watched, at: datetime) -> None:
        await self.engine.schedule(Job(JobKind.SHOW_TUNING, place, watched.pack()), at)


def _seen(job: TuningJob) -> str:
    """Return what tells two states of a job apart for who reads of it: all but when it was heard of last."""
    document = {key: value for key, value in job.to_document().items() if key != "beat_at"}
    return hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()[:_DIGITS]


def _posted_at(ts: MessageTs) -> datetime:
    return datetime.fromtimestamp(float(ts), UTC)
