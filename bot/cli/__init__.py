"""The command `kostprobe`."""

import sys

import typer

from bot.cli.bottle import bottle
from bot.cli.check import check
from bot.cli.doctor import doctor
from bot.cli.house import house
from bot.cli.init import init
from bot.cli.manifest import manifest
from bot.cli.model import model
from bot.cli.persona import persona
from bot.cli.play import play
from bot.cli.serving import serve, worker
from bot.cli.taste import taste
from bot.cli.tune import tune
from bot.settings import SettingsFault

app = typer.Typer(
    name="kostprobe",
    help="Prompt or fine-tune, tasted blind, in Slack.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(play)
app.command()(serve)
app.command()(worker)
app.command()(check)
app.command()(init)
app.command()(doctor)
app.command()(manifest)
app.command()(bottle)
app.command()(model)
app.command()(house)
app.add_typer(persona)
app.add_typer(taste)
app.add_typer(tune)


def main() -> None:
    """Run the command; faults of settings are told a line each, without a traceback."""
    try:
        app(prog_name="kostprobe")
    except SettingsFault as fault:
        for line in fault.lines:
            typer.echo(line, err=True)
        sys.exit(2)
