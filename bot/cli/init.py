"""`kostprobe init`: a first set-up in the terminal, or by options for scripts; writes `.env`."""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap.checks import Finding
from bot.cli.doctor import show
from bot.cli.env_file import Changes, EnvFault, changes, read_env, write_env
from bot.cli.first_setup import FirstSetup, GivenUp
from bot.settings import ENV_FILE
from bot.telemetry import set_up_logging

_SLACK_URL = "https://slack.com/api/"
_TAKEN = (
    "SLACK_",
    "OPENAI_",
    "REDIS_URL",
    "KOSTPROBE_ENDPOINTS__",
    "KOSTPROBE_ADMINS",
    "KOSTPROBE_MODEL",
    "KOSTPROBE_DEFAULT_ENDPOINT",
)
"""What the environment may give, besides the options; the rest of it is none of a first set-up's business."""
_LOCAL = "KOSTPROBE_ENDPOINTS__LOCAL__"


class Terminal:
    """Asks at the terminal."""

    def say(self, text: str) -> None:
        """Print a paragraph."""
        typer.echo(f"\n{text}")

    def show(self, findings: Sequence[Finding]) -> None:
        """Print what a test found."""
        show(findings)

    def ask(self, text: str, *, secret: bool = False) -> str:
        """Ask for a text, which may be empty."""
        return str(typer.prompt(text, default="", show_default=False, hide_input=secret)).strip()

    def confirm(self, text: str, *, default: bool) -> bool:
        """Ask for a yes or no."""
        return typer.confirm(text, default=default)

    def choose(self, text: str, options: Sequence[str]) -> int:
        """Print the options and ask for a number until it is one of them."""
        for number, option in enumerate(options, 1):
            typer.echo(f"   {number}. {option}")
        while True:
            typed = self.ask(f"{text} (1-{len(options)}) [1]") or "1"
            if typed.isdigit() and 1 <= int(typed) <= len(options):
                return int(typed) - 1
            typer.echo(f"Type a number from 1 to {len(options)}.")


def init(
    *,
    bot_token: Annotated[
        str | None, typer.Option(help="Bot token, xoxb-...; better by SLACK_BOT_TOKEN.")
    ] = None,
    app_token: Annotated[str | None, typer.Option(help="App-level token, xapp-..., for Socket Mode.")] = None,
    signing_secret: Annotated[str | None, typer.Option(help="Signing secret, for HTTP.")] = None,
    openai_key: Annotated[str | None, typer.Option(help="Key of OpenAI's API.")] = None,
    base_url: Annotated[str | None, typer.Option(help="Another endpoint's address, up to /v1.")] = None,
    api_key: Annotated[str | None, typer.Option(help="Its key, when it needs one.")] = None,
    model: Annotated[str | None, typer.Option(help="The model, there or at OpenAI.")] = None,
    private: Annotated[
        bool, typer.Option("--private", help="What is sent to --base-url stays in house.")
    ] = False,
    redis_url: Annotated[
        str | None, typer.Option(help="Redis or Valkey; without it an embedded one.")
    ] = None,
    admins: Annotated[
        str | None, typer.Option(help="Member ids with commas, besides workspace admins.")
    ] = None,
    env_file: Annotated[Path, typer.Option(help="The file to write.")] = ENV_FILE,
    no_input: Annotated[bool, typer.Option("--no-input", help="Ask nothing: for scripts.")] = False,
    no_check: Annotated[bool, typer.Option("--no-check", help="Test nothing: without a network.")] = False,
    force: Annotated[
        bool, typer.Option("--force", help="Replace what .env sets already, without asking.")
    ] = False,
) -> None:
    """Ask for tokens, endpoint, store and admins, test each at once, and write .env.

    Nothing is written before the end; Ctrl-C leaves everything as it is. Options and environment answer ahead.
    """
    set_up_logging(level="error", json=False)
    options = {
        "SLACK_BOT_TOKEN": bot_token,
        "SLACK_APP_TOKEN": app_token,
        "SLACK_SIGNING_SECRET": signing_secret,
        "OPENAI_API_KEY": openai_key,
        "REDIS_URL": redis_url,
        "KOSTPROBE_ADMINS": admins,
        **_endpoint(base_url, api_key, model, private=private),
    }
    terminal = None if no_input or not _is_terminal() else Terminal()
    try:
        before = read_env(env_file)
        given = _given(options, before, terminal)
        setup = FirstSetup(terminal, given, given.get("SLACK_API_URL", _SLACK_URL), check=not no_check)
        values = setup.run() | {name: given[name] for name in ("SLACK_API_URL",) if name in given}
        _write(env_file, values, terminal, force=force)
    except (EnvFault, GivenUp) as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None
    except (KeyboardInterrupt, typer.Abort):
        typer.echo("\nNothing was written.", err=True)
        raise typer.Exit(130) from None


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def _endpoint(
    base_url: str | None, api_key: str | None, model: str | None, *, private: bool
) -> dict[str, str | None]:
    if base_url is None:
        return {"KOSTPROBE_MODEL": model}
    return {
        f"{_LOCAL}BASE_URL": base_url,
        f"{_LOCAL}API_KEY": api_key,
        f"{_LOCAL}MODEL": model,
        f"{_LOCAL}PRIVATE": "true" if private else "false",
        "KOSTPROBE_DEFAULT_ENDPOINT": "local",
    }


def _given(
    options: Mapping[str, str | None], before: Mapping[str, str], terminal: Terminal | None
) -> dict[str, str]:
    """Return what is known already: options before the environment before the file, if that is to be kept."""
    keep = {name: value for name, value in before.items() if name.startswith(_TAKEN)}
    if keep and terminal is not None:
        terminal.say(f"The file sets already: {', '.join(keep)}.")
        if not terminal.confirm("Keep these, and ask for the rest only?", default=True):
            keep = {}
    around = {name: value for name, value in os.environ.items() if name.startswith(_TAKEN) and value}
    return {**keep, **around, **{name: value for name, value in options.items() if value is not None}}


def _write(path: Path, values: Mapping[str, str], terminal: Terminal | None, *, force: bool) -> None:
    found = changes(path, values)
    if not found.anything:
        typer.echo(f"\n{path} says all of this already; nothing was changed.")
        return
    _tell(path, found)
    if found.replaced and not force:
        if terminal is None:
            raise GivenUp(f"{path} sets {', '.join(found.replaced)} already. With --force they are replaced.")
        if not terminal.confirm(f"Write {path}? What it was is kept beside it.", default=True):
            raise GivenUp("Nothing was written.")
    backup = write_env(path, values)
    kept = f" What it was is in {backup.name}." if backup else ""
    typer.echo(f"Wrote {path}, which only you can read.{kept}")
    if {"SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET"} <= (values.keys() | read_env(path).keys()):
        typer.echo("Both doors are set up. Socket Mode is taken; KOSTPROBE_DOOR=http takes HTTP instead.")
    if path != ENV_FILE:
        typer.echo(
            f"The bot reads {ENV_FILE} in the folder it starts in, and the environment: put these there."
        )
    typer.echo(
        "\nNext: kostprobe serve. Then, in Slack: /invite @kostprobe in a channel, and ask it something."
    )


def _tell(path: Path, found: Changes) -> None:
    typer.echo(f"\n{path}:")
    for mark, names in (("+", found.added), ("~", found.replaced), (" ", found.kept)):
        for name in names:
            typer.echo(f"  {mark} {name}")
