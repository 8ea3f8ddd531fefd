"""Trainers, and where their jobs are kept."""

from collections.abc import AsyncGenerator, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.domain.contamination import TrainedOn
from bot.domain.ids import ChannelKey, MessageTs, TeamId, UserId
from bot.domain.tuning import JobId, Recipe, TunedModel, TuningFailure, TuningJob, TuningProgress
from bot.domain.tuning_data import TrainingData


@dataclass(frozen=True, slots=True)
class TrainingOrder:
    """What a trainer is to do.

    Attributes:
        job: The job.
        name: What the model is called.
        base: What is trained further: a path, or a trainer's own name for a model.
        data: Rows that were found good, parted into training and validation.
        recipe: How.
        folder: Where it may write; a folder of this job alone. What lies there without a finished model is left
            over and may be removed.
        about: Markdown for the end of the model card.
    """

    job: JobId
    name: str
    base: str
    data: TrainingData
    recipe: Recipe
    folder: Path
    about: str = ""


@dataclass(frozen=True, slots=True)
class Queued:
    """It waits for another job of this trainer."""


@dataclass(frozen=True, slots=True)
class Validating:
    """It looks at data and base."""


@dataclass(frozen=True, slots=True)
class Stepped:
    """It trains; sent at least every few seconds.

    Attributes:
        progress: How far it is; None while the base is still being loaded.
        device: What it is trained on, in which numbers; None when that is not known.
    """

    progress: TuningProgress | None
    device: str | None = None


@dataclass(frozen=True, slots=True)
class Trained:
    """It is done, and the model can be asked. The last event."""

    result: TunedModel


@dataclass(frozen=True, slots=True)
class HandedOver:
    """Everything for training elsewhere lies in the job's folder; where the model is, a person has to say.

    The last event.
    """


@dataclass(frozen=True, slots=True)
class TrainingFailed:
    """It failed. The last event."""

    failure: TuningFailure


@dataclass(frozen=True, slots=True)
class TrainingCancelled:
    """It was cancelled. The last event."""


TrainerEvent = Queued | Validating | Stepped | Trained | HandedOver | TrainingFailed | TrainingCancelled


class Trainer(Protocol):
    """Makes models.

    A service elsewhere has files, jobs, events and checkpoints: `submit` uploads and creates, `follow` asks for
    events, and a handle outlives this process. One on this machine dies with it, and its handle is lost.
    """

    async def submit(self, order: TrainingOrder) -> str:
        """Begin; return the handle of what has begun.

        Raises:
            TrainerRefused: It cannot begin.
        """
        ...

    def follow(self, handle: str) -> AsyncGenerator[TrainerEvent]:
        """Tell what happens, from now on to the end; closing it early ends a training on this machine.

        A handle that it does not know (any more) has failed: FailureKind.LOST.
        """
        ...

    async def cancel(self, handle: str) -> None:
        """Have it end soon; what follows ends with TrainingCancelled, unless it was faster."""
        ...


class TrainerRefused(Exception):
    """A trainer cannot begin; carries the reason."""

    def __init__(self, failure: TuningFailure) -> None:
        super().__init__(failure.kind.value)
        self.failure = failure


class TuningJobs(Protocol):
    """Jobs by team. One process writes a job while it runs; the wish to cancel is apart from it."""

    async def add(self, job: TuningJob) -> None:
        """Store a new job; of more than 200 the oldest are dropped."""
        ...

    async def save(self, job: TuningJob) -> None:
        """Store a job as it is now, but for who ordered it, which may have been forgotten meanwhile."""
        ...

    async def load(self, team: TeamId, job: JobId) -> TuningJob | None:
        """Return a job, with `cancelling` as it was wished; None when there is none."""
        ...

    async def latest(self, team: TeamId, limit: int) -> Sequence[TuningJob]:
        """Return the newest jobs, newest first, with `cancelling` as it was wished."""
        ...

    async def ask_to_cancel(self, team: TeamId, job: JobId) -> None:
        """Store the wish that a job ends."""
        ...


class TrainingMemory(Protocol):
    """What models of a team were trained on."""

    async def remember(self, team: TeamId, model: str, trained: TrainedOn) -> None:
        """Store it for a model id, for as long as the team is there."""
        ...

    async def recall(self, team: TeamId, models: Collection[str]) -> Mapping[str, TrainedOn]:
        """Return it by model id; models that were not trained here have none."""
        ...


class TuningBoard(Protocol):
    """Messages in direct messages, each of which shows a tuning job."""

    async def post(self, user: UserId, job: TuningJob) -> tuple[ChannelKey, MessageTs]:
        """Show a job to a person; return where, and the message's ts.

        Raises:
            Refusal: Slack will not take it.
        """
        ...

    async def change(self, place: ChannelKey, ts: MessageTs, user: UserId, job: TuningJob) -> bool:
        """Show in such a message how the job is now; False when the message is not there any more."""
        ...
