"""The command `kostprobe`. Each subcommand is imported when it is used, so that the page of `play` is there at once."""

import sys
from collections import UserDict
from collections.abc import Mapping
from importlib import import_module
from typing import Any

import typer
from typer.core import TyperGroup
from typer.main import get_command, get_group

from bot.settings import SettingsFault

_MODULES: Mapping[str, str] = {
    "play": "play",
    "serve": "serving",
    "worker": "serving",
    "check": "check",
    "init": "init",
    "doctor": "doctor",
    "manifest": "manifest",
    "bottle": "bottle",
    "model": "model",
    "house": "house",
    "persona": "persona",
    "taste": "taste",
    "tune": "tune",
}
"""Subcommands, in the order of the help, and the module of each."""


class _Imported(UserDict[str, Any]):
    """The subcommands by name, each imported when it is looked at."""

    def __getitem__(self, name: str) -> Any:  # type: ignore[explicit-override]  # `override` is in Python 3.12
        found = getattr(import_module(f"{__name__}.{self.data[name]}"), name)
        if isinstance(found, typer.Typer):
            return get_group(found)
        alone = typer.Typer(add_completion=False)
        alone.command(name)(found)
        return get_command(alone)


class _Commands(TyperGroup):
    def __init__(self, **attributes: Any) -> None:
        super().__init__(**attributes)
        self.commands = _Imported(_MODULES)


app = typer.Typer(
    name="kostprobe",
    help="Prompt or fine-tune, tasted blind, in Slack.",
    cls=_Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.callback()
def _every() -> None:
    pass


def main() -> None:
    """Run the command; faults of settings are told a line each, without a traceback."""
    try:
        app(prog_name="kostprobe")
    except SettingsFault as fault:
        for line in fault.lines:
            typer.echo(line, err=True)
        sys.exit(2)
