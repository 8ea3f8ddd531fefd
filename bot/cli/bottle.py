"""`kostprobe bottle`: a contestant's answers to a menu are kept for good, written to a file, or read from one."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from bot.adapters.bottle_file import Bottle, NoBottle, read_bottles
from bot.bootstrap import TastingHouse
from bot.cli.taste.common import (
    LOCAL,
    CannotDo,
    Team,
    counted,
    in_house,
    name_of,
    place_of,
    refuse,
    said,
    source_of,
)
from bot.cli.taste.ordering import AdHoc, Language, cooking_bar, in_place, models_of, tag_of
from bot.domain.contestant import Contestant, FineTunedModel
from bot.domain.errors import Refusal
from bot.domain.ids import ChannelKey
from bot.domain.locale import DEFAULT_LANGUAGE
from bot.domain.menu import MenuQuestion, set_menu
from bot.domain.menu_source import MenuSource
from bot.services.cooking import Cooked, Order, Progress, leaving
from bot.settings import read_settings

_ENCODING = "utf-8"


@dataclass(frozen=True, slots=True)
class _Wanted:
    """What was ordered on the command line."""

    name: str
    place: ChannelKey
    models: Sequence[FineTunedModel]
    language: str | None


def bottle(
    contestant: Annotated[
        str, typer.Argument(help="persona:NAME(@draft), model:NAME, NAME or PERSONA+MODEL.")
    ],
    *,
    menu: Annotated[
        str | None, typer.Option(help="The questions: a file, shipped:NAME or persona:NAME.")
    ] = None,
    save: Annotated[
        Path | None, typer.Option(help="Write the answers into this new file, as JSON lines.")
    ] = None,
    load: Annotated[
        Path | None,
        typer.Option(help="Keep the answers of such a file instead of asking anybody.", dir_okay=False),
    ] = None,
    model: AdHoc = None,
    language: Language = None,
    team: Team = LOCAL,
) -> None:
    """Have a contestant answer a menu and keep the answers for good, so that it can be tasted after its end.

    What is bottled already is not asked again; a contestant that is gone gives
    what is bottled of it.

    A line of --save has contestant, fingerprint, question, text, cut,
    prompt_tokens, completion_tokens, first_ms and total_ms. --load counts a
    file's answers as those of CONTESTANT as it is now, without asking anybody:
    to carry them to another machine.
    """
    if (menu is None) is (load is None):
        raise typer.BadParameter("Either --menu or --load is needed.", param_hint="--menu")
    if save is not None and load is not None:
        raise typer.BadParameter("What is loaded is in a file already.", param_hint="--save")
    wanted = _Wanted(contestant, place_of(team, LOCAL), models_of(model), tag_of(language))
    if load is not None:
        bottles = _read(load)
        in_house(lambda house: _load(house, wanted, bottles))
        return
    if save is not None and save.exists():
        refuse(f"{save} is there already and was left as it is. Give another file.")
    try:
        source, lines = source_of(menu or "")
    except Refusal as refusal:
        refuse(f"{menu}: {said(refusal, read_settings())}")
    try:
        in_house(lambda house: _bottle(house, wanted, source, lines, save))
    except KeyboardInterrupt:
        refuse("\nInterrupted. Answers that were given are kept; the same command goes on from here.")


async def _bottle(
    house: TastingHouse, wanted: _Wanted, source: MenuSource, lines: Sequence[str], save: Path | None
) -> None:
    held, facts = await in_place(house, wanted.place, wanted.models, wanted.language)
    language = held.language or DEFAULT_LANGUAGE
    offers = await house.menus.texts(wanted.place, source, language, lines)
    menu = set_menu(offer.text for offer in offers)
    if not menu.questions:
        raise CannotDo("No question is left for the menu: the source has none that can be asked.")
    name = name_of(house, wanted.name, facts)
    contestant = await house.laying.rival(wanted.place, name, facts, held)
    if menu.left.total:
        typer.echo(
            f"{counted(menu.left.total, 'question')} left out: empty, too long, there twice or over 200."
        )
    may_leave = leaving(held, house.room.redactor)
    order = Order(wanted.place.team, menu.questions, language, keep=None, leaving=may_leave)
    with cooking_bar() as bar:
        task = bar.add_task("Cooking", total=len(menu.questions))

        def show(progress: Progress) -> None:
            bar.update(task, completed=progress.done)

        cooked = (await house.room.cooking.cook(order, [contestant], show))[contestant.fingerprint]
    if save is not None:
        _save(save, contestant, menu.questions, cooked)
    there = f"{len(cooked.answers):,} of {counted(len(menu.questions), 'answer')}"
    typer.echo(f"{there} by {contestant.name} ({contestant.fingerprint}) kept for good.")
    if cooked.failures:
        kinds = Counter(kind.value for kind in cooked.failures.values())
        told = ", ".join(f"{number} x {kind}" for kind, number in sorted(kinds.items()))
        raise CannotDo(
            f"Not answered: {told}. The same command asks for those again; `kostprobe doctor` tests endpoints."
        )


def _save(path: Path, contestant: Contestant, questions: Sequence[MenuQuestion], cooked: Cooked) -> None:
    lines = [
        Bottle(contestant.name, contestant.fingerprint, question, cooked.answers[question.id]).line()
        for question in questions
        if question.id in cooked.answers
    ]
    try:
        with path.open("x", encoding=_ENCODING) as file:
            file.writelines(f"{line}\n" for line in lines)
    except OSError as error:
        raise CannotDo(
            f"{path} cannot be written: {error.strerror or error}. The answers are kept; the same command writes them."
        ) from None
    typer.echo(f"{counted(len(lines), 'answer')} written to {path}.")


async def _load(house: TastingHouse, wanted: _Wanted, bottles: Sequence[Bottle]) -> None:
    held, facts = await in_place(house, wanted.place, wanted.models, wanted.language)
    name = name_of(house, wanted.name, facts)
    contestant = await house.laying.rival(wanted.place, name, facts, held)
    givers = {one.contestant for one in bottles}
    if len(givers) > 1:
        bottles = [one for one in bottles if one.contestant == name]
        if not bottles:
            raise CannotDo(f"The file has answers of {', '.join(sorted(givers))}, and none of {name}.")
    team, ids = wanted.place.team, {one.question.id for one in bottles}
    before = await house.room.cellar.bottled(team, contestant.fingerprint, ids)
    for one in bottles:
        await house.room.cellar.bottle(team, contestant.fingerprint, one.question.id, one.answer, keep=None)
    typer.echo(
        f"{counted(len(ids - before.keys()), 'answer')} loaded for {name} ({contestant.fingerprint}), kept for good."
    )
    if before:
        typer.echo(f"{counted(len(before), 'question')} had an answer before, which stays.")
    others = sorted({one.fingerprint for one in bottles} - {contestant.fingerprint})
    if others:
        typer.echo(f"They were given by {', '.join(others)}: by another version than {name} is now.")


def _read(path: Path) -> list[Bottle]:
    try:
        bottles = list(read_bottles(path.read_text(encoding=_ENCODING)))
    except OSError as error:
        raise typer.BadParameter(
            f"{path} cannot be read: {error.strerror or error}.", param_hint="--load"
        ) from None
    except UnicodeDecodeError:
        refuse(f"{path} is not UTF-8 text. It should be a file that `kostprobe bottle --save` wrote.")
    except NoBottle as fault:
        refuse(f"{path}, line {fault.line}: no bottled answer. Nothing of the file was taken.")
    if not bottles:
        refuse(f"{path} holds no bottled answer.")
    return bottles
