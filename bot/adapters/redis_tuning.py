"""Tuning jobs, and what models were trained on (ports TuningJobs, TrainingMemory).

Keys, of the tag {team}; all without a lifetime:

tunings  hash  `<job>`: the job, JSON, without who ordered it; `<job>/by`: who did; `<job>/cancel`: that somebody
               wants it to end. At most 200 jobs. Written here; redis_people deletes `<job>/by`
trained  hash  model id -> hashes of the questions that it saw, and when the newest row was made, JSON. Written here
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.adapters.redis_client import Command, Store
from bot.adapters.redis_codec import from_json, to_json
from bot.domain.contamination import TrainedOn
from bot.domain.ids import TeamId, UserId
from bot.domain.privacy import TuningOrdered
from bot.domain.tuning import JobId, TuningJob

MOST_JOBS = 200
_BY, _CANCEL = "/by", "/cancel"


class RedisTuningJobs:
    """Jobs in Redis."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys

    async def add(self, job: TuningJob) -> None:
        """Store a new job; of more than 200 the oldest are dropped."""
        key = self._keys.tunings(job.team)
        await self._store.call("HSET", key, job.id, _document(job), f"{job.id}{_BY}", job.by)
        for old in (await self._all(job.team))[MOST_JOBS:]:
            await self._store.call("HDEL", key, old.id, f"{old.id}{_BY}", f"{old.id}{_CANCEL}")

    async def save(self, job: TuningJob) -> None:
        """Store a job as it is now, but for who ordered it."""
        await self._store.call("HSET", self._keys.tunings(job.team), job.id, _document(job))

    async def load(self, team: TeamId, job: JobId) -> TuningJob | None:
        """Return a job, with `cancelling` as it was wished; None when there is none."""
        fields = (job, f"{job}{_BY}", f"{job}{_CANCEL}")
        document, by, wish = await self._store.call("HMGET", self._keys.tunings(team), *fields)
        return None if document is None else _job(document, by, wish)

    async def latest(self, team: TeamId, limit: int) -> Sequence[TuningJob]:
        """Return the newest jobs, newest first, with `cancelling` as it was wished."""
        return (await self._all(team))[:limit]

    async def ask_to_cancel(self, team: TeamId, job: JobId) -> None:
        """Store the wish that a job ends."""
        await self._store.call("HSET", self._keys.tunings(team), f"{job}{_CANCEL}", "1")

    async def _all(self, team: TeamId) -> list[TuningJob]:
        found: dict[str, str] = await self._store.call("HGETALL", self._keys.tunings(team))
        jobs = [
            _job(value, found.get(f"{name}{_BY}"), found.get(f"{name}{_CANCEL}"))
            for name, value in found.items()
            if "/" not in name
        ]
        return sorted(jobs, key=lambda job: (job.created_at, job.id), reverse=True)


class RedisTrainingMemory:
    """What models were trained on, in Redis."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys

    async def remember(self, team: TeamId, model: str, trained: TrainedOn) -> None:
        """Store it for a model id, for as long as the team is there."""
        await self._store.call("HSET", self._keys.trained(team), model, to_json(trained.to_document()))

    async def recall(self, team: TeamId, models: Collection[str]) -> Mapping[str, TrainedOn]:
        """Return it by model id; models that were not trained here have none."""
        wanted = list(models)
        if not wanted:
            return {}
        found = await self._store.call("HMGET", self._keys.trained(team), *wanted)
        return {
            model: TrainedOn.from_document(from_json(document))
            for model, document in zip(wanted, found, strict=True)
            if document is not None
        }


class TuningsOfPeople:
    """Jobs of one person. Part of `RedisTraces`."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._keys = store.keys

    async def ordered(self, team: TeamId, person: UserId) -> list[TuningOrdered]:
        """Return the jobs that they ordered."""
        jobs = await RedisTuningJobs(self._store).latest(team, MOST_JOBS)
        return [
            TuningOrdered(job.id, job.name, job.created_at.isoformat()) for job in jobs if job.by == person
        ]

    async def forget(self, team: TeamId, person: UserId) -> None:
        """Delete who they are; the jobs stay."""
        key = self._keys.tunings(team)
        theirs = [f"{ordered.job}{_BY}" for ordered in await self.ordered(team, person)]
        commands: list[Command] = [("HDEL", key, name) for name in theirs]
        await self._store.calls(commands)


def _document(job: TuningJob) -> str:
    return to_json(replace(job, by="").to_document())


def _job(document: str, by: str | None, wish: str | None) -> TuningJob:
    return replace(TuningJob.from_document(from_json(document)), by=by or "", cancelling=wish is not None)
