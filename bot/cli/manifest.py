"""`kostprobe manifest`: what Slack is told about the app, the link that creates it, a text for the admin."""

import json
import re
from typing import Annotated, Literal
from urllib.parse import urlsplit

import typer

from bot.settings import COMMAND, read_settings
from bot.slack.manifest import EVENTS_PATH, SHORT_COMMANDS, Variant, creation_link, derive, scopes_of, shipped
from bot.slack.texts import Texts
from bot.slack.views.letter import letter

_HOST = re.compile(r"[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?")


def manifest(
    *,
    minimal: Annotated[
        bool,
        typer.Option("--minimal", help="No channel messages but mentions; threads cannot be followed then."),
    ] = False,
    with_short_commands: Annotated[
        bool,
        typer.Option("--with-short-commands", help=f"{' and '.join(SHORT_COMMANDS)} too: names all share."),
    ] = False,
    agent: Annotated[
        bool, typer.Option("--agent", help="Slack's agent surface (paid plans and developer sandboxes).")
    ] = False,
    http: Annotated[
        str | None,
        typer.Option(metavar="URL", help="Public https address of the HTTP door; no Socket Mode."),
    ] = None,
    command: Annotated[
        str | None, typer.Option(metavar="/NAME", help="Name of the slash command, instead of the one set.")
    ] = None,
    url: Annotated[bool, typer.Option("--url", help="Print the link that creates the app.")] = False,
    for_admin: Annotated[
        bool, typer.Option("--for-admin", help="Print a text for the workspace's admin: what, why, how long.")
    ] = False,
    source: Annotated[str | None, typer.Option(hidden=True, help="Slack's CLI names its folder.")] = None,
    language: Annotated[
        Literal["en", "de"] | None, typer.Option(help="Language of that text; both unless told.")
    ] = None,
) -> None:
    """Print the app's manifest, the link that creates the app, or a text for the workspace's admin."""
    del source
    settings = read_settings()
    name = settings.command if command is None else _command(command)
    address = None if http is None else _public_address(http)
    variant = Variant(minimal, with_short_commands, agent, address, name)
    document = derive(shipped(), variant)
    if for_admin:
        endpoints = {name: option.private for name, option in settings.all_endpoints().items()}
        texts = Texts.load(variant.command)
        for number, locale in enumerate([language] if language else ["en", "de"]):
            typer.echo(
                ("\n---\n\n" if number else "")
                + letter(texts.words(locale), sorted(scopes_of(document)), endpoints)
            )
    elif url:
        typer.echo(creation_link(document))
    else:
        typer.echo(json.dumps(document, indent=2, ensure_ascii=False))
    if variant.command != settings.command:
        typer.echo(f"Set KOSTPROBE_COMMAND={variant.command} too, or the bot does not hear it.", err=True)


def _command(typed: str) -> str:
    """Return a slash command's name, with its slash."""
    name = f"/{typed.removeprefix('/')}"
    if not COMMAND.fullmatch(name):
        raise typer.BadParameter(
            "A slash, then 1 to 31 of a-z, 0-9, hyphen and underscore.", param_hint="--command"
        )
    return name


def _public_address(typed: str) -> str:
    """Return where the bot listens, without the path that is ours."""
    try:
        parts = urlsplit(typed.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        host, port, parts = "", None, urlsplit("")
    if (
        parts.scheme != "https"
        or not _HOST.fullmatch(host)
        or parts.username
        or parts.query
        or parts.fragment
    ):
        raise typer.BadParameter(
            "Slack calls an address like https://bot.example.org, with a host and no password.",
            param_hint="--http",
        )
    path = parts.path.rstrip("/").removesuffix(EVENTS_PATH).rstrip("/")
    return f"https://{host}{f':{port}' if port else ''}{path}"
