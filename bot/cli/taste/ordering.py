"""Options that several commands share, and what is read from them."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from bot.bootstrap import TastingHouse
from bot.domain.channel_config import Rules
from bot.domain.contestant import FineTunedModel, check_new_name
from bot.domain.ids import ChannelKey
from bot.domain.locale import read_tag
from bot.services.ports import TeamFacts

Menu = Annotated[
    str,
    typer.Option(
        help="The questions: a file (lines, .csv with a column `question`, .jsonl), shipped:NAME "
        "(such as shipped:cooking), or persona:NAME for those that a persona brings."
    ),
]
AdHoc = Annotated[
    list[str] | None,
    typer.Option(
        "--model", help="A model that is not registered, as NAME=ENDPOINT/MODEL-ID; again for more."
    ),
]
Language = Annotated[
    str | None,
    typer.Option(help="Language of a shipped menu and of prompts, such as de; the channel's unless told."),
]


def models_of(given: Sequence[str] | None) -> tuple[FineTunedModel, ...]:
    """Return models that are named on the command line; what cannot be read is a fault of usage."""
    models = []
    for text in given or ():
        name, equals, rest = text.partition("=")
        endpoint, slash, model = rest.partition("/")
        if not (name and equals and endpoint and slash and model):
            raise typer.BadParameter(
                f"{text}: it should look like pizzaiolo=local/llama-3-pizza.", param_hint="--model"
            )
        models.append(FineTunedModel(name, model, endpoint))
    return tuple(models)


def tag_of(language: str | None) -> str | None:
    """Return a language's tag; what is none is a fault of usage."""
    tag = read_tag(language) if language else None
    if language and tag is None:
        raise typer.BadParameter(f"{language}: give a tag such as en, de or pt-BR.", param_hint="--language")
    return tag


async def in_place(
    house: TastingHouse, place: ChannelKey, models: Sequence[FineTunedModel], language: str | None
) -> tuple[Rules, TeamFacts]:
    """Return what holds, with the models and the language of the command line.

    Raises:
        Refusal: The name of such a model is none, or is taken.
    """
    held, facts = await house.held(place)
    known = dict(facts.models)
    for model in models:
        if known.get(model.name) != model:
            check_new_name(model.name, [*house.contestants.personas.all(), *known])
            known[model.name] = model
    return replace(held, language=language or held.language), replace(facts, models=known)


def cooking_bar() -> Progress:
    """Return the bar that shows how far the cooking is, on standard error."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )
