"""`kostprobe check`: what would go wrong, before it does."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.adapters.prompt_files import DRAFTS, load_drafts, load_personas
from bot.bootstrap import CannotStart, Votes, homeless, open_votes, prompts_folder
from bot.domain.contestant import draft_name
from bot.domain.errors import Outage
from bot.settings import Settings, read_settings
from bot.telemetry import set_up_logging


def check(
    prompts: Annotated[
        Path | None, typer.Option(help="Folder of the personas, instead of the one set.")
    ] = None,
    *,
    votes: Annotated[
        bool, typer.Option("--votes", help="Count all votes on duels and tastings again and compare.")
    ] = False,
) -> None:
    """Check settings and personas, and with --votes every tally in the store."""
    settings = read_settings()
    set_up_logging(level="warning", json=False)
    folder = prompts or prompts_folder(settings.prompts_dir)
    loaded = load_personas(folder, token_budget=settings.persona_tokens)
    drafts = load_drafts(folder, token_budget=settings.persona_tokens)
    faults = (*loaded.faults, *drafts.faults)
    for fault in faults:
        typer.echo(fault.sentence, err=True)
    lost = [
        *homeless(settings, loaded.personas, folder),
        *homeless(settings, drafts.personas, folder / DRAFTS),
    ]
    for line in lost:
        typer.echo(line, err=True)
    if not loaded.personas and not loaded.faults:
        typer.echo(f"There is no persona in {folder}. `kostprobe persona new` writes one.", err=True)
    answer = settings.default_answer if "default_answer" in settings.model_fields_set else None
    if answer is not None and not set(answer.split("+")) & set(loaded.personas):
        typer.echo(
            f"KOSTPROBE_DEFAULT_ANSWER={answer}: no persona here is called so; it has to be a registered model.",
            err=True,
        )
    known = ", ".join(loaded.personas) or "none"
    typer.echo(f"{_counted(len(loaded.personas), 'persona')} in {folder}: {known}.")
    if drafts.personas:
        names = ", ".join(map(draft_name, drafts.personas))
        typer.echo(f"{_counted(len(drafts.personas), 'draft')}, to be tasted and answering nobody: {names}.")
    agree = asyncio.run(_compare(settings)) if votes else True
    if faults or lost or not loaded.personas or not agree:
        raise typer.Exit(1)


async def _compare(settings: Settings) -> bool:
    """Compare every tally with the votes; return whether all could be read and agree."""
    try:
        async with open_votes(settings) as votes:
            return await _duels_differ(votes) + await _tastings_differ(votes) == 0
    except CannotStart as fault:
        typer.echo(str(fault), err=True)
    except Outage:
        typer.echo("The store does not answer any more; not all was compared. Try again.", err=True)
    return False


async def _duels_differ(votes: Votes) -> int:
    checked = differ = 0
    async for result in votes.duels.check_tallies():
        checked += 1
        if not result.agrees:
            differ += 1
            typer.echo(
                f"Duel {result.duel} in {result.place.channel}: the log says {result.rebuilt.document()}, "
                f"the ballots say {result.ballots.document()}, stored is "
                f"{result.stored.document() if result.stored else 'nothing'}.",
                err=True,
            )
    _tell(checked, "duel", differ)
    return differ


async def _tastings_differ(votes: Votes) -> int:
    checked = differ = 0
    async for result in votes.tastings.recounted():
        checked += 1
        if not result.agrees:
            differ += 1
            typer.echo(
                f"Tasting {result.tasting} in {result.place.channel}: its votes are "
                f"{result.counted.document()}, at its end they were {result.stored.document()}.",
                err=True,
            )
    _tell(checked, "tasting", differ)
    return differ


def _tell(checked: int, noun: str, differ: int) -> None:
    outcome = {
        0: "all agree with their vote logs",
        1: "1 does not agree with its vote log",
    }.get(differ, f"{differ} do not agree with their vote logs")
    typer.echo(f"{_counted(checked, noun)} compared: {outcome}.")


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"
