"""`kostprobe tune list`, `show`, `cancel` and `register`."""

import json
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.bootstrap import TuningHouse
from bot.cli.taste.common import LOCAL, CannotDo, myself
from bot.cli.tune.common import Job, Team, in_house, span, state, team_of, when
from bot.domain.ids import TeamId
from bot.domain.tuning import Recipe, TuningJob, TuningStage

_LISTED = 50
_SHORT = 8


def list_(team: Team = LOCAL) -> None:
    """List the newest jobs, with how far they are."""
    whose = team_of(team)
    in_house(lambda house: _list(house, whose))


def show(
    job: Annotated[
        str | None,
        typer.Argument(
            metavar="JOB", help="Its id, how that begins, or the model's name; the newest unless told."
        ),
    ] = None,
    team: Team = LOCAL,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Show a job: how far it is, on what and how it trains, and what came out."""
    whose = team_of(team)
    in_house(lambda house: _show(house, whose, job, as_json=as_json))


def cancel(job: Job, team: Team = LOCAL) -> None:
    """Have a job end; nothing of it is registered."""
    whose = team_of(team)
    in_house(lambda house: _cancel(house, whose, job))


def register(
    job: Job,
    model: Annotated[str, typer.Option(help="The model id at the endpoint.")],
    endpoint: Annotated[str, typer.Option(help="The endpoint's name in the settings.")],
    team: Team = LOCAL,
) -> None:
    """Say where the model of a job is that was trained elsewhere: from then on it can be asked and tasted."""
    if not model.strip():
        raise typer.BadParameter("The model id is missing.", param_hint="--model")
    whose = team_of(team)
    in_house(lambda house: _register(house, whose, job, model.strip(), endpoint.strip()))


async def _list(house: TuningHouse, team: TeamId) -> None:
    jobs = await house.tuning.list(team, _LISTED)
    if not jobs:
        typer.echo("There is no tuning job here. `kostprobe tune start` makes one.")
        return
    table = Table("Job", "Name", "Ordered", "Trainer", "State", box=None, pad_edge=False)
    for job in jobs:
        table.add_row(job.id[:_SHORT], job.name, when(job.created_at), job.trainer, state(house.words, job))
    Console(highlight=False).print(table)


async def _show(house: TuningHouse, team: TeamId, which: str | None, *, as_json: bool) -> None:
    job = await house.tuning.show(team, which)
    if as_json:
        typer.echo(json.dumps(_document(job), indent=2, ensure_ascii=False))
        return
    for name, value in _rows(house, job):
        typer.echo(f"{name + ':':<12}{value}")


async def _cancel(house: TuningHouse, team: TeamId, which: str) -> None:
    job = await house.tuning.cancel(team, which)
    if job.stage is TuningStage.CANCELLED:
        typer.echo(f"{job.name} is cancelled.")
    else:
        typer.echo(
            f"{job.name} is being cancelled. `kostprobe tune show {job.id[:_SHORT]}` tells when it has ended."
        )


async def _register(house: TuningHouse, team: TeamId, which: str, model: str, endpoint: str) -> None:
    endpoints = house.settings.all_endpoints()
    if endpoint not in endpoints:
        there = ", ".join(endpoints) or "none at all"
        raise CannotDo(f"There is no endpoint {endpoint} in the settings. There is: {there}.")
    job = await house.tuning.register(team, myself(), which, model=model, endpoint=endpoint)
    typer.echo(f"{job.name} is {model} at {endpoint} from now on, and can be tasted.")


def _document(job: TuningJob) -> dict[str, Any]:
    return {name: value for name, value in job.to_document().items() if name not in {"by", "schema_version"}}


def _rows(house: TuningHouse, job: TuningJob) -> list[tuple[str, str]]:
    rows = [
        ("Job", job.id),
        ("Name", job.name),
        ("State", state(house.words, job)),
        ("Trainer", job.trainer),
        ("Base", job.base),
        ("Ordered", when(job.created_at)),
    ]
    if job.counts is not None:
        counts = job.counts
        told = (
            f"{counts.train} examples, {counts.validation} for validation, {counts.preferences} preferences"
        )
        rows.append(("Data", f"{told}; SHA-256 {job.data[:12]}"))
    rows.append(("Recipe", recipe_told(job.recipe)))
    if job.device is not None:
        rows.append(("Device", job.device))
    if job.progress is not None:
        rows += [
            (name, f"{loss:.3f}")
            for name, loss in (("Loss", job.progress.loss), ("Validation", job.progress.validation_loss))
            if loss is not None
        ]
    if job.result is not None and job.result.seconds is not None:
        rows.append(("Took", span(job.result.seconds)))
    if job.result is not None and job.result.peak_mb is not None:
        rows.append(("Memory", f"{job.result.peak_mb:,.0f} MB at its highest"))
    if job.folder is not None:
        rows.append(("Folder", job.folder))
    return rows


def recipe_told(recipe: Recipe) -> str:
    """Return a recipe in a line."""
    told = (
        f"{recipe.epochs} epochs, batch {recipe.batch}, learning rate {recipe.learning_rate:g}, "
        f"rank {recipe.rank}, alpha {recipe.alpha}, seed {recipe.seed}, patience {recipe.patience}, "
        f"at most {recipe.hours:g} h"
    )
    if recipe.preference_epochs:
        told += (
            f"; preferences: {recipe.preference_epochs} epochs, "
            f"learning rate {recipe.preference_rate:g}, beta {recipe.preference_beta:g}"
        )
    return told
