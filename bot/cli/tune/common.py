"""What the commands for tuning share: opening the house, teams, and jobs in words."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from bot.bootstrap import CannotStart, TuningHouse, open_tuning
from bot.cli.taste.common import LOCAL, CannotDo, refuse, said
from bot.domain.errors import BotError
from bot.domain.ids import ChannelId, ChannelKey, TeamId
from bot.domain.tuning import TuningJob, TuningStage
from bot.settings import Settings, read_settings
from bot.slack.reading import readable
from bot.slack.texts import Words
from bot.slack.views.tunings import training_failed
from bot.telemetry import set_up_logging

SERVED_BY = "local"
"""The endpoint at which models that are trained here are asked, unless told."""
_MINUTE_S, _HOUR_S = 60, 3_600
_NO_MARKS = {ord("`"): None, ord("\u200b"): None}

T = TypeVar("T")

Team = Annotated[
    str, typer.Option(help="Id of the workspace whose model it becomes; LOCAL is yours alone, without Slack.")
]
Job = Annotated[
    str, typer.Argument(metavar="JOB", help="The job: its id, how that begins, or the model's name.")
]


def in_house(
    work: Callable[[TuningHouse], Awaitable[T]],
    *,
    served_by: str = SERVED_BY,
    bases: Mapping[str, Path] | None = None,
) -> T:
    """Open the store and the trainers, do the work, and close it; say what went wrong."""
    settings = read_settings()
    set_up_logging(level="warning", json=False)
    try:
        return asyncio.run(_opened(settings, work, served_by, bases))
    except (CannotStart, CannotDo) as fault:
        refuse(str(fault))
    except BotError as error:
        refuse(said(error, settings))


async def _opened(
    settings: Settings,
    work: Callable[[TuningHouse], Awaitable[T]],
    served_by: str,
    bases: Mapping[str, Path] | None,
) -> T:
    async with open_tuning(settings, served_by=served_by, bases=bases) as house:
        return await work(house)


def team_of(team: str) -> TeamId:
    """Return a team's id; one that is none is a fault of usage."""
    try:
        return ChannelKey(TeamId(team), ChannelId(LOCAL)).team
    except ValueError:
        raise typer.BadParameter("Ids are 2 to 24 capital letters and digits, such as LOCAL.") from None


def plain(text: str) -> str:
    """Return a text for Slack as a terminal shows it."""
    return readable(text).translate(_NO_MARKS)


def span(seconds: float) -> str:
    """Return a time as people say it."""
    if seconds < 2 * _MINUTE_S:
        return f"{seconds:.0f} s"
    minutes, rest = divmod(round(seconds), _MINUTE_S)
    return f"{minutes} min {rest} s" if seconds < 2 * _HOUR_S else f"{seconds / _HOUR_S:.1f} h"


def when(moment: datetime) -> str:
    """Return a moment in the time of this machine."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def state(words: Words, job: TuningJob) -> str:
    """Return how far a job is, in a line."""
    match job.stage:
        case TuningStage.SUBMITTED:
            told = "waits for its turn"
        case TuningStage.VALIDATING:
            told = "looks at data and base"
        case TuningStage.RUNNING if job.progress is not None:
            told = f"step {job.progress.step} of {job.progress.steps}"
            if job.progress.seconds_left is not None:
                told += f", {span(job.progress.seconds_left)} left"
        case TuningStage.RUNNING:
            told = "loads the base"
        case TuningStage.WAITING:
            told = "waits for the model's address"
        case TuningStage.FAILED if job.failure is not None:
            told = f"failed: {plain(training_failed(words, job.failure))}"
        case TuningStage.SUCCEEDED if job.result is not None:
            told = f"succeeded: {job.result.model} at {job.result.endpoint}"
        case _:
            told = job.stage.value
    return f"is being cancelled; {told}" if job.cancelling and not job.stage.over else told
