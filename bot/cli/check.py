"""`kostprobe check`: what would go wrong, before it does."""

import asyncio
from pathlib import Path
from typing import Annotated

import typer

from bot.adapters.prompt_files import load_personas
from bot.bootstrap import open_votes
from bot.settings import Settings, read_settings


def check(
    prompts: Annotated[
        Path | None, typer.Option(help="Folder of the personas, instead of the one set.")
    ] = None,
    *,
    votes: Annotated[
        bool, typer.Option("--votes", help="Rebuild every tally from the vote log and compare.")
    ] = False,
) -> None:
    """Check settings and personas, and with --votes every tally in the store."""
    settings = read_settings()
    folder = prompts or settings.prompts_dir
    loaded = load_personas(folder, token_budget=settings.persona_tokens)
    for fault in loaded.faults:
        typer.echo(fault.sentence, err=True)
    known = ", ".join(loaded.personas) or "none"
    typer.echo(f"{len(loaded.personas)} personas in {folder}: {known}.")
    disagreeing = asyncio.run(_compare(settings)) if votes else 0
    if loaded.faults or disagreeing:
        raise typer.Exit(1)


async def _compare(settings: Settings) -> int:
    """Compare every duel's tally with its vote log; return how many do not agree."""
    checked = disagreeing = 0
    async with open_votes(settings) as duels:
        async for result in duels.check_tallies():
            checked += 1
            if not result.agrees:
                disagreeing += 1
                typer.echo(
                    f"Duel {result.duel} in {result.place.channel}: the log says {result.rebuilt.document()}, "
                    f"the ballots say {result.ballots.document()}, stored is "
                    f"{result.stored.document() if result.stored else 'nothing'}.",
                    err=True,
                )
    typer.echo(f"{checked} duels: {disagreeing or 'none'} whose votes do not agree with the log.")
    return disagreeing
