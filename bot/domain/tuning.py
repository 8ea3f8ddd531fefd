"""A tuning job: one run of a trainer, from the order to a contestant.

```
submitted -> validating -> running -> succeeded
                       `-> waiting (for the address of a model that is trained elsewhere) -> succeeded
every one of them but the last -> failed | cancelled
```
"""

import math
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any, NewType

from bot.domain.ids import TeamId

JobId = NewType("JobId", str)
LOST_AFTER = timedelta(seconds=60)
"""A job whose process has said nothing for so long has lost it."""
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_SCHEMA = 1


class TuningStage(StrEnum):
    """How far a job is."""

    SUBMITTED = "submitted"
    VALIDATING = "validating"
    RUNNING = "running"
    WAITING = "waiting"
    SUCCEEDED = "succeeded"
    FAILED = "failed"
    CANCELLED = "cancelled"

    @property
    def over(self) -> bool:
        """Whether nothing comes after it."""
        return self in _OVER


_OVER = frozenset({TuningStage.SUCCEEDED, TuningStage.FAILED, TuningStage.CANCELLED})
_NEXT: Mapping[TuningStage, frozenset[TuningStage]] = {
    TuningStage.SUBMITTED: frozenset({TuningStage.VALIDATING}),
    TuningStage.VALIDATING: frozenset({TuningStage.RUNNING, TuningStage.WAITING}),
    TuningStage.RUNNING: frozenset({TuningStage.RUNNING, TuningStage.SUCCEEDED}),
    TuningStage.WAITING: frozenset({TuningStage.SUCCEEDED}),
}


class FailureKind(StrEnum):
    """Why a job failed; the catalogues have a sentence for each."""

    NOT_INSTALLED = "not_installed"
    BAD_DATA = "bad_data"
    TOO_FEW = "too_few"
    TOO_LONG = "too_long"
    NO_BASE = "no_base"
    UNKNOWN_BASE = "unknown_base"
    CANNOT_CONVERT = "cannot_convert"
    NO_MEMORY = "no_memory"
    NO_SPACE = "no_space"
    TIME_LIMIT = "time_limit"
    LOST = "lost"
    DIVERGED = "diverged"
    NAME_TAKEN = "name_taken"
    BROKEN = "broken"


@dataclass(frozen=True, slots=True)
class Recipe:
    """How a model is trained. What None means is the trainer's own choice.

    Attributes:
        epochs: How often all examples are seen.
        batch: Examples of one step.
        learning_rate: At its highest.
        rank: Of the adapter's matrices.
        alpha: The adapter's weight is alpha / rank.
        seed: Of everything that is drawn.
        validation: The share of examples kept to look at, 0 to below 1.
        patience: Looks without a better validation loss after which training stops; 0 never stops early.
        preference_epochs: How often preferences are seen after the examples; 0 leaves them out.
        preference_rate: Their learning rate.
        preference_beta: How strongly preferences are held to the model before them (DPO's beta).
        hours: The time limit.
    """

    epochs: int = 4
    batch: int = 4
    learning_rate: float = 1e-3
    rank: int = 8
    alpha: int = 16
    seed: int = 7
    validation: float = 0.1
    patience: int = 2
    preference_epochs: int = 0
    preference_rate: float = 5e-5
    preference_beta: float = 0.1
    hours: float = 2.0

    def __post_init__(self) -> None:
        counts = (self.epochs, self.batch, self.rank, self.alpha)
        if min(counts) < 1 or min(self.patience, self.preference_epochs, self.seed) < 0:
            raise ValueError("a count of a recipe is out of its range")
        if not 0 <= self.validation < 1:
            raise ValueError("the validation share is from 0 to below 1")
        sizes = (self.learning_rate, self.preference_rate, self.preference_beta, self.hours)
        if not all(0 < size < math.inf for size in sizes):
            raise ValueError("rates, beta and hours are above 0")


@dataclass(frozen=True, slots=True)
class TuningProgress:
    """How far the training is.

    Attributes:
        step: Steps done.
        steps: Steps in all.
        loss: Of the last step; None before the first.
        validation_loss: Of the last look; None before the first.
        seconds_left: As far as one can tell; None when one cannot.
    """

    step: int
    steps: int
    loss: float | None = None
    validation_loss: float | None = None
    seconds_left: float | None = None


@dataclass(frozen=True, slots=True)
class TuningFailure:
    """Why a job failed.

    Attributes:
        kind: The reason.
        detail: A line number, a size, the name of a class: facts for the sentence, never a row's text.
    """

    kind: FailureKind
    detail: str = ""


@dataclass(frozen=True, slots=True)
class DataCounts:
    """What the data holds.

    Attributes:
        train: Examples to learn from.
        validation: Examples kept to look at.
        preferences: Pairs of answers.
    """

    train: int
    validation: int = 0
    preferences: int = 0


@dataclass(frozen=True, slots=True)
class TunedModel:
    """What came out.

    Attributes:
        model: The model id at the endpoint.
        endpoint: Its name in settings.
        seconds: How long training took; None when that is not known.
        peak_mb: Memory at its highest; None when that is not known.
        loss: On the validation examples at the end; None without them.
    """

    model: str
    endpoint: str
    seconds: float | None = None
    peak_mb: float | None = None
    loss: float | None = None


@dataclass(frozen=True, slots=True)
class TuningJob:
    """One run of a trainer.

    Attributes:
        id: Its id.
        team: Whose it is.
        name: What the model will be called; the contestant's name.
        trainer: Which trainer.
        base: What is trained further, as the person named it.
        data: SHA-256 of the data, 64 hex digits.
        counts: What the data holds; None until that is known.
        recipe: How.
        by: Who ordered it: a Slack user id, or the name of somebody at a terminal.
        created_at: When.
        beat_at: When its process was heard of last.
        stage: How far it is.
        device: What it is trained on and in which numbers; None until that is known.
        progress: How far the training is; None before it begins.
        started_at: When the training began; None before.
        ended_at: When it was over; None before.
        failure: Why it failed; None when it did not.
        result: What came out; None when nothing did (yet).
        folder: Where what it wrote lies; None when nothing does.
        cancelling: Whether somebody wants it to end.
        again: Whether it takes the place of a model of its name that was trained here before.
        system: The system prompt that every example begins with; None when there is no such one.
    """

    id: JobId
    team: TeamId
    name: str
    trainer: str
    base: str
    data: str
    recipe: Recipe
    by: str
    created_at: datetime
    beat_at: datetime
    counts: DataCounts | None = None
    stage: TuningStage = TuningStage.SUBMITTED
    device: str | None = None
    progress: TuningProgress | None = None
    started_at: datetime | None = None
    ended_at: datetime | None = None
    failure: TuningFailure | None = None
    result: TunedModel | None = None
    folder: str | None = None
    cancelling: bool = False
    again: bool = False
    system: str | None = None

    def moved(self, stage: TuningStage, now: datetime, **changes: Any) -> "TuningJob":
        """Return the job at another stage.

        Args:
            stage: The stage.
            now: The time.
            changes: What else changes.

        Raises:
            ValueError: That stage does not come after this one.
        """
        if self.stage.over or not (stage in _NEXT[self.stage] or stage in _OVER - {TuningStage.SUCCEEDED}):
            raise ValueError(f"{stage} does not come after {self.stage}")
        times: dict[str, Any] = {"beat_at": now}
        if stage is TuningStage.RUNNING and self.started_at is None:
            times["started_at"] = now
        if stage.over:
            times["ended_at"] = now
        return replace(self, stage=stage, **times, **changes)

    def failed(self, failure: TuningFailure, now: datetime) -> "TuningJob":
        """Return the job as failed."""
        return self.moved(TuningStage.FAILED, now, failure=failure)

    def at(self, now: datetime) -> "TuningJob":
        """Return the job as it is to be seen at that time: one that lost its process has failed.

        It ended when its process could have been heard of again, whenever somebody looks. A job that waits for an
        address has no process.
        """
        waits, lost_at = self.stage is TuningStage.WAITING, self.beat_at + LOST_AFTER
        if self.stage.over or waits or now < lost_at:
            return self
        return self.failed(TuningFailure(FailureKind.LOST), lost_at)

    def to_document(self) -> dict[str, Any]:
        """Return a plain mapping for storage."""
        document = asdict(self)
        document |= {name: _iso(document[name]) for name in _TIMES}
        return {"schema_version": _SCHEMA, **document}

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "TuningJob":
        """Read what `to_document` wrote."""
        values = {key: value for key, value in document.items() if key != "schema_version"}
        values |= {name: datetime.fromisoformat(values[name]) if values[name] else None for name in _TIMES}
        values["stage"] = TuningStage(values["stage"])
        values["recipe"] = Recipe(**values["recipe"])
        for name, kind in (("counts", DataCounts), ("progress", TuningProgress), ("result", TunedModel)):
            values[name] = kind(**values[name]) if values[name] else None
        failure = values["failure"]
        values["failure"] = (
            TuningFailure(FailureKind(failure["kind"]), failure["detail"]) if failure else None
        )
        return cls(**values)


_TIMES = ("created_at", "beat_at", "started_at", "ended_at")


def model_id(name: str, digest: str) -> str:
    """Return the model id of an adapter: its name and the first eight digits of its file's SHA-256.

    So an id never means two files, and the fingerprint of who answers by it holds the file.

    Raises:
        ValueError: The name has not the form of one.
    """
    if not _NAME.fullmatch(name):
        raise ValueError(f"not a name: {name!r}")
    return f"{name}-{digest[:8]}"


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None
