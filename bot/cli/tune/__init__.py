"""`kostprobe tune`: models are trained further, on this machine or elsewhere."""

import typer

from bot.cli.tune.data import data
from bot.cli.tune.jobs import cancel, list_, register, show
from bot.cli.tune.start import start

tune = typer.Typer(
    name="tune", help="Train a model further, on this machine or elsewhere.", no_args_is_help=True
)
tune.command()(start)
tune.command("list")(list_)
tune.command()(show)
tune.command()(cancel)
tune.command()(register)
tune.add_typer(data)
