"""Tuning jobs, for admins: listed, one in full, and what became of a wish to end one."""

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import PurePath

from slack_sdk.models.blocks import ButtonElement

from bot.domain.ids import TeamId
from bot.domain.tuning import FailureKind, Recipe, TuningJob, TuningProgress, TuningStage
from bot.slack import ids
from bot.slack.mrkdwn import safe
from bot.slack.texts import Safe, Words
from bot.slack.views.parts import (
    Rendered,
    actions,
    button,
    confirming,
    context,
    listed,
    message,
    notice,
    paragraphs,
)
from bot.slack.views.tunings import training_failed

_BAR, _LONG_BAR = 10, 20
_SHORT = 8
_DIGITS = 3
_PREFERENCES = ("preference_epochs", "preference_rate", "preference_beta")
_PATHS = ("/", "~", ".", "\\")


def jobs_listed(words: Words, jobs: Sequence[TuningJob], team: TeamId) -> Rendered:
    """Return every job in a line; where there is none, how one begins."""
    if not jobs:
        return notice(words.say("trainings.none"), words.say("trainings.start", team=team))
    names = [job.name for job in jobs]
    title = words.say("trainings.title", count=len(jobs))
    lines = [f"• {_line(words, job, alone=names.count(job.name) == 1)}" for job in jobs]
    blocks = paragraphs([f"*{title}*", *lines], more=words.say("lists.more"))
    return message(title, [*blocks, context(words.say("trainings.hint"))])


def begun_elsewhere(words: Words, team: TeamId) -> Rendered:
    """Return how a job begins."""
    return notice(words.say("trainings.start", team=team))


def job_shown(words: Words, job: TuningJob) -> Rendered:
    """Return all about a job, with the button that ends it while that can be."""
    head = words.say("trainings.head", name=job.name, state=_state(words, job))
    blocks = [*paragraphs([f"*{head}*", *_now(words, job)]), *paragraphs(list(_facts(words, job)))]
    if not job.stage.over and not job.cancelling:
        blocks.append(actions(_ending(words, job)))
    return message(head, [*blocks, context(_times(words, job))])


def _ending(words: Words, job: TuningJob) -> ButtonElement:
    """Return the button that ends a job; one that waits is trained elsewhere, and loses nothing but its place here."""
    waits = job.stage is TuningStage.WAITING
    label = words.plain("buttons.give_up_training" if waits else "buttons.stop_training")
    title = words.plain("confirm.give_up_title" if waits else "confirm.training_title")
    text = words.say("confirm.give_up_text" if waits else "confirm.training_text", name=job.name)
    confirm = confirming(words, title, text, label, danger=True)
    return button(label, ids.CANCEL_TUNING, job.id, confirm=confirm)


def job_sent(words: Words, job: TuningJob, link: str) -> Rendered:
    """Return that a job is shown in the direct message, at this address."""
    opened = Safe(f"<{link}|")
    return notice(words.say("trainings.sent", name=job.name, link=opened, end=Safe(">")))


def job_cancelled(words: Words, job: TuningJob) -> Rendered:
    """Return that a job has been ended, or will be soon."""
    over = job.stage.over
    return notice(words.say("trainings.cancelled" if over else "trainings.cancelling", name=job.name))


def _line(words: Words, job: TuningJob, *, alone: bool) -> str:
    shown = "trainings.line" if alone else "trainings.line_by_id"
    parts = [words.say(shown, name=job.name, id=job.id[:_SHORT], state=_state(words, job))]
    if job.stage is TuningStage.RUNNING and job.progress is not None:
        parts.append(_bar(words, job.progress, _BAR) + _left(words, job.progress))
    return " · ".join([*parts, words.when(job.created_at)])


def _state(words: Words, job: TuningJob) -> Safe:
    """Return the stage in words."""
    stage = job.stage.value
    if job.cancelling and not job.stage.over:
        stage = "cancelling"
    elif job.stage is TuningStage.RUNNING and job.progress is None:
        stage = "loading"
    return Safe(words.say(f"trainings.stages.{stage}"))


def _bar(words: Words, progress: TuningProgress, cells: int) -> str:
    share = min(1.0, progress.step / progress.steps) if progress.steps > 0 else 0.0
    full = int(share * cells)
    return f"{'▓' * full}{'░' * (cells - full)} {words.percent(share)}"


def _left(words: Words, progress: TuningProgress) -> str:
    if progress.seconds_left is None:
        return ""
    return ", " + words.say("trainings.left", left=timedelta(seconds=progress.seconds_left))


def _now(words: Words, job: TuningJob) -> Iterator[str]:
    """Say how it stands, and what can be done about it."""
    known = {"name": job.name, "id": job.id[:_SHORT], "team": job.team}
    if not job.stage.over and (progress := job.progress) is not None:
        yield _bar(words, progress, _LONG_BAR)
        yield words.say("trainings.step", step=progress.step, steps=progress.steps) + _left(words, progress)
    if job.stage is TuningStage.WAITING:
        yield words.say("trainings.waits", **known)
    if job.failure is not None:
        yield training_failed(words, job.failure)
        if job.failure.kind is FailureKind.NAME_TAKEN and job.result is not None:
            yield words.say("trainings.add", model=job.result.model, endpoint=job.result.endpoint)
    elif job.result is not None:
        yield words.say("trainings.result", model=job.result.model, endpoint=job.result.endpoint, **known)
        yield words.say("trainings.use", **known)


def _facts(words: Words, job: TuningJob) -> Iterator[str]:
    """Say what it is trained from, how, and what that took."""
    yield words.say("trainings.base", base=_base(job.base), trainer=job.trainer)
    if job.counts is not None:
        counts, data = job.counts, job.data[:_SHORT]
        numbers = [
            words.say(f"trainings.counts.{kind}", count=count)
            for kind, count in (
                ("train", counts.train),
                ("validation", counts.validation),
                ("preferences", counts.preferences),
            )
            if count or kind == "train"
        ]
        yield words.say("trainings.data", numbers=listed(numbers), data=data)
    if job.system is not None:
        yield words.say("trainings.system")
    yield words.say("trainings.settings", settings=_settings(job.recipe))
    if job.device is not None:
        yield words.say("trainings.device", device=job.device)
    if losses := _losses(words, job):
        yield words.say("trainings.loss", losses=listed(losses))
    took = job.result
    if took is not None and took.seconds is not None:
        yield words.say("trainings.took", time=timedelta(seconds=took.seconds))
    if took is not None and took.peak_mb is not None:
        yield words.say("trainings.memory", megabytes=round(took.peak_mb))


def _losses(words: Words, job: TuningJob) -> list[str]:
    """Return what is known of the losses: that of the model that came out, else those of the last looks."""
    progress, result = job.progress, job.result
    checked = progress.validation_loss if progress is not None else None
    if result is not None and result.loss is not None:
        checked = result.loss
    losses = []
    if progress is not None and progress.loss is not None:
        losses.append(words.say("trainings.loss_train", loss=Safe(words.decimal(progress.loss, _DIGITS))))
    if checked is not None:
        losses.append(words.say("trainings.loss_checked", loss=Safe(words.decimal(checked, _DIGITS))))
    return losses


def _settings(recipe: Recipe) -> Safe:
    """Return a recipe as it would be written in the terminal; what does nothing is left out."""
    names = [name for name in Recipe.__dataclass_fields__ if name not in _PREFERENCES]
    if recipe.preference_epochs:
        names += _PREFERENCES
    return listed(f"`{name}={getattr(recipe, name):g}`" for name in names)


def _times(words: Words, job: TuningJob) -> str:
    by = ids.user_in(job.by)
    who = Safe(f"<@{by}>") if by else safe(job.by)
    key = "trainings.ordered_by" if who else "trainings.ordered"
    told = [words.say(key, id=job.id, by=Safe(who), when=job.created_at)]
    if job.started_at is not None:
        told.append(words.say("trainings.began", when=job.started_at))
    if job.ended_at is not None:
        told.append(words.say("trainings.ended", when=job.ended_at))
    return " ".join(told)


def _base(base: str) -> str:
    """Return what was named as the base; of a path on the machine only its end."""
    return PurePath(base.replace("\\", "/")).name or base if base.startswith(_PATHS) else base
