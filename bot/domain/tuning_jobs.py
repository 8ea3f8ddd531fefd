"""One job among others: which of them is meant, and whether a name is free for a new one."""

from collections.abc import Collection, Mapping, Sequence

from bot.domain.contestant import FineTunedModel, check_new_name
from bot.domain.errors import Code, Refusal
from bot.domain.suggestions import suggest
from bot.domain.tuning import TuningJob


def find_job(jobs: Sequence[TuningJob], which: str | None = None) -> TuningJob:
    """Return the job that is meant.

    Args:
        jobs: The newest first.
        which: Its id, how its id begins, or its name, which means the newest of that name; None for the newest of all.

    Raises:
        Refusal: There is none, or several begin so.
    """
    if which is None:
        if not jobs:
            raise Refusal(Code.TUNING_NONE)
        return jobs[0]
    called = [job for job in jobs if which in (job.id, job.name)]
    begun = [job for job in jobs if which and job.id.startswith(which)]
    if not called and len(begun) > 1:
        raise Refusal(Code.TUNING_AMBIGUOUS, name=which, jobs=len(begun))
    if not called and not begun:
        names = {job.name for job in jobs}
        raise Refusal(Code.TUNING_UNKNOWN, name=which, suggestion=suggest(which, names))
    return (called or begun)[0]


def check_name(
    name: str,
    *,
    personas: Collection[str],
    models: Mapping[str, FineTunedModel],
    trained: Collection[str],
    jobs: Sequence[TuningJob],
    again: bool,
) -> None:
    """Check whether a new job may have a name.

    Args:
        name: The name.
        personas: Those that there are, by slug.
        models: The team's fine-tuned models, by name.
        trained: Model ids that were trained here.
        jobs: The team's jobs.
        again: Whether a model of that name that was trained here may be replaced.

    Raises:
        Refusal: The name has not the form of one, a persona or another model has it, or a job of it is under way.
    """
    known = models.get(name)
    ours = known is not None and known.model in trained
    check_new_name(name, personas if ours else {*personas, *models})
    if any(job.name == name and not job.stage.over for job in jobs):
        raise Refusal(Code.TUNING_UNDER_WAY, name=name)
    if ours and not again:
        raise Refusal(Code.TUNING_NAME_KNOWN, name=name)
