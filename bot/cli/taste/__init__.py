"""`kostprobe taste`: tastings in a terminal, without Slack."""

import typer

from bot.cli.taste.run import run
from bot.cli.taste.show import close, list_, show
from bot.cli.taste.vote import vote

taste = typer.Typer(name="taste", help="Taste two contestants blind, in a terminal.", no_args_is_help=True)
taste.command()(run)
taste.command()(vote)
taste.command()(close)
taste.command()(show)
taste.command("list")(list_)
