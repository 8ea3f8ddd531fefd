"""`kostprobe persona`: writing personas."""

import json
from difflib import unified_diff
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from bot.adapters.prompt_files import DRAFTS, load_drafts
from bot.bootstrap import prompts_folder
from bot.domain.channel_config import NOBODY
from bot.domain.contestant import draft_name
from bot.domain.persona import SLUG, canonical_locale, check_line
from bot.settings import read_settings

Slug = Annotated[str, typer.Argument(help="Its name in commands and config: a-z, 0-9, hyphen.")]
Prompts = Annotated[Path | None, typer.Option(help="Folder of the personas, instead of the one set.")]

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
    slug: Slug,
    *,
    name: Annotated[
        str | None, typer.Option(help="Its name for people; made of the slug unless told.")
    ] = None,
    locale: Annotated[str, typer.Option(help="Language of the prompt, such as en, de or pt-BR.")] = "en",
    prompts: Prompts = None,
) -> None:
    """Write a new persona's file with every part of a good prompt, to be filled in; an existing file stays."""
    path, _ = _places(slug, prompts)
    if slug in NOBODY:
        raise typer.BadParameter(f"{slug!r} means nobody in config; choose another name.", param_hint="SLUG")
    name = name or slug.replace("-", " ").capitalize()
    try:
        check_line("name", name)
        locale = canonical_locale(locale)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from None
    settings = read_settings()
    text = _SCAFFOLD.format(name=_quoted(name), locale=locale)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except OSError as error:
        wrong = f"{path} cannot be written: {error.strerror or error}."
        if path.exists():
            wrong = f"{path} is there already and was left as it is. Choose another name, or edit it."
        _refuse(wrong)
    typer.echo(f"{path} is written. Fill in its parts; a running bot reads it within seconds.")
    typer.echo(f"Check it with `kostprobe check`, then ask it: {settings.command} ask persona={slug} ...")


@persona.command()
def draft(slug: Slug, *, prompts: Prompts = None) -> None:
    """Copy a persona's file into the folder of drafts, to be changed and tasted there while the old one answers."""
    settings = read_settings()
    live, path = _places(slug, prompts)
    try:
        text = live.read_bytes()
    except FileNotFoundError:
        _refuse(f"{live} is not there. `kostprobe persona new {slug}` writes a new persona.")
    except OSError as error:
        _refuse(f"{live} cannot be read: {error.strerror or error}.")
    try:
        path.parent.mkdir(exist_ok=True)
        with path.open("xb") as file:
            file.write(text)
    except FileExistsError:
        _refuse(f"{path} is there already and was left as it is. Edit it, or remove it first.")
    except OSError as error:
        _refuse(f"{path} cannot be written: {error.strerror or error}.")
    typer.echo(f"{path} is written. It answers nobody; change it, and `kostprobe check` reads it.")
    typer.echo(
        f"Taste it against the version in use: {settings.command} taste in Slack, or kostprobe taste run "
        f"--menu persona:{slug} --a persona:{draft_name(slug)} --b persona:{slug}"
    )


@persona.command()
def promote(
    slug: Slug,
    *,
    prompts: Prompts = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before it answers.")] = False,
) -> None:
    """Move a draft over its persona's file, so that it answers; what changes is shown first, and asked about.

    Evidence and bottled answers of the draft are those of the persona from then on.
    """
    live, path = _places(slug, prompts)
    if not path.exists():
        _refuse(f"{path} is not there. `kostprobe persona draft {slug}` begins one.")
    loaded = load_drafts(live.parent, token_budget=read_settings().persona_tokens)
    if slug not in loaded.personas:
        ill = [fault.sentence for fault in loaded.faults if Path(fault.path) == path]
        _refuse("\n".join([*ill, f"{live.name} was left as it is."]))
    try:
        before = live.read_text(encoding="utf-8", errors="replace") if live.exists() else ""
        after = path.read_text(encoding="utf-8")
    except OSError as error:
        _refuse(f"{error.filename} cannot be read: {error.strerror or error}.")
    difference = list(
        unified_diff(before.splitlines(), after.splitlines(), str(live), str(path), lineterm="")
    )
    for line in difference:
        typer.echo(line)
    if not difference:
        typer.echo("The draft is what answers already.")
    if not yes and not typer.confirm(f"Have it answer as {slug}?"):
        _refuse("Nothing was moved.")
    try:
        path.replace(live)  # one step: who reads the file sees the old text or the new one
    except OSError as error:
        _refuse(f"{live} cannot be replaced: {error.strerror or error}. Nothing was moved.")
    typer.echo(f"{live} is the draft now. A running bot reads it within seconds, and tells admins.")


def _places(slug: str, prompts: Path | None) -> tuple[Path, Path]:
    """Return where a persona's file is, and where its draft; a slug that is none is a fault of usage."""
    if not SLUG.fullmatch(slug):
        raise typer.BadParameter(
            "1 to 40 of a-z, 0-9 and hyphen, not beginning with a hyphen.", param_hint="SLUG"
        )
    folder = prompts or prompts_folder(read_settings().prompts_dir)
    return folder / f"{slug}.md", folder / DRAFTS / f"{slug}.md"


def _refuse(sentence: str) -> NoReturn:
    typer.echo(sentence, err=True)
    raise typer.Exit(1)
