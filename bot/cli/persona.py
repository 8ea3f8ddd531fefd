"""`kostprobe persona`: writing personas."""

import json
from pathlib import Path
from typing import Annotated

import typer

from bot.bootstrap import prompts_folder
from bot.domain.channel_config import NOBODY
from bot.domain.persona import SLUG, canonical_locale, check_line
from bot.settings import read_settings

persona = typer.Typer(name="persona", help="Write personas.", no_args_is_help=True)

_SCAFFOLD = """---
name: {name}
description: Says in one sentence what it is for.
locale: {locale}
variables:
  team: our team
---
# Role
You are ... Who answers: the trade, the experience, the manner. You work for {{{{ team }}}}.

# Scenario
A colleague asks you in Slack ... In which situation, and what they need the answer for.

# Details
- What exactly an answer must contain: the facts, the steps, the form.
- What it must never contain, and what you say when you do not know.
- Answer in at most five sentences, in the language of the question.

# Examples
Question: A question as your colleagues really ask it.
Answer: The answer as you wish it, in the length you wish it.
"""


def _quoted(name: str) -> str:
    """Return a name as YAML takes it in any case."""
    return json.dumps(name, ensure_ascii=False)


@persona.callback()
def _group() -> None:
    """Write personas."""


@persona.command()
def new(
    slug: Annotated[str, typer.Argument(help="Its name in commands and config: a-z, 0-9, hyphen.")],
    *,
    name: Annotated[
        str | None, typer.Option(help="Its name for people; made of the slug unless told.")
    ] = None,
    locale: Annotated[str, typer.Option(help="Language of the prompt, such as en, de or pt-BR.")] = "en",
    prompts: Annotated[
        Path | None, typer.Option(help="Folder of the personas, instead of the one set.")
    ] = None,
) -> None:
    """Write a new persona's file with every part of a good prompt, to be filled in; an existing file stays."""
    if not SLUG.fullmatch(slug):
        raise typer.BadParameter(
            "1 to 40 of a-z, 0-9 and hyphen, not beginning with a hyphen.", param_hint="SLUG"
        )
    if slug in NOBODY:
        raise typer.BadParameter(f"{slug!r} means nobody in config; choose another name.", param_hint="SLUG")
    name = name or slug.replace("-", " ").capitalize()
    try:
        check_line("name", name)
        locale = canonical_locale(locale)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    settings = read_settings()
    folder = prompts or prompts_folder(settings.prompts_dir)
    path = folder / f"{slug}.md"
    text = _SCAFFOLD.format(name=_quoted(name), locale=locale)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        wrong = f"{path} cannot be written: {error.strerror or error}."
        if path.exists():
            wrong = f"{path} is there already and was left as it is. Choose another name, or edit it."
        typer.echo(wrong, err=True)
        raise typer.Exit(1) from None
    typer.echo(f"{path} is written. Fill in its parts; a running bot reads it within seconds.")
    typer.echo(f"Check it with `kostprobe check`, then ask it: {settings.command} ask persona={slug} ...")
