"""`kostprobe taste run`: a tasting is laid and cooked."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Annotated

import typer

from bot.bootstrap import TastingHouse
from bot.cli.taste.common import (
    LOCAL,
    CannotDo,
    Channel,
    Team,
    at_the_keyboard,
    counted,
    in_house,
    myself,
    name_of,
    person,
    place_of,
    refuse,
    said,
    source_of,
    where,
)
from bot.cli.taste.estimate import failures_of, tell_estimate
from bot.cli.taste.ordering import AdHoc, Language, Menu, cooking_bar, in_place, models_of, tag_of
from bot.domain.channel_config import Rules
from bot.domain.contestant import FineTunedModel
from bot.domain.errors import Refusal
from bot.domain.ids import ChannelKey, UserId
from bot.domain.locale import DEFAULT_LANGUAGE
from bot.domain.menu import DEFAULT_COUNT, LONGEST_QUESTION, MOST_QUESTIONS, MenuQuestion
from bot.domain.menu_source import MenuSource
from bot.domain.tasting import Dish, Part, Stage, Tasting
from bot.domain.verdict import DEFAULT_ALPHA, DEFAULT_MARGIN
from bot.services.cooking import Progress as Cooked
from bot.services.laying import Wanted
from bot.services.ports import TeamFacts
from bot.settings import SettingsFault, missing_endpoint, read_settings

_HOURS = 24
_MOST_HOURS = 720


@dataclass(frozen=True, slots=True)
class Ordered:
    """What was ordered on the command line; its fields are named as in Wanted."""

    place: ChannelKey
    rivals: tuple[str, str]
    menu: str
    models: tuple[FineTunedModel, ...]
    language: str | None
    wanted: Wanted
    source: MenuSource
    lines: Sequence[str]
    sure: bool


def run(
    *,
    menu: Menu,
    a: Annotated[
        str, typer.Option(help="One contestant: persona:NAME(@draft), model:NAME, NAME or PERSONA+MODEL.")
    ],
    b: Annotated[str, typer.Option(help="The other one.")],
    count: Annotated[int, typer.Option(min=1, max=MOST_QUESTIONS, help="Questions at most.")] = DEFAULT_COUNT,
    seed: Annotated[
        int | None,
        typer.Option(
            min=0, help="What questions are drawn with, when there are more; by chance unless told."
        ),
    ] = None,
    part: Annotated[
        Part, typer.Option(help="All of the menu, or one half of it, always the same.")
    ] = Part.WHOLE,
    voter: Annotated[
        list[str] | None, typer.Option(help="Who votes; again for more. You alone, unless told.")
    ] = None,
    hours: Annotated[int, typer.Option(min=1, max=_MOST_HOURS, help="How long it is open at most.")] = _HOURS,
    margin: Annotated[
        float, typer.Option(min=0.01, max=1, help="Difference of scores that still counts as equal.")
    ] = DEFAULT_MARGIN,
    alpha: Annotated[
        float, typer.Option(min=0.001, max=0.4, help="How often, at most, equals may be called different.")
    ] = DEFAULT_ALPHA,
    model: AdHoc = None,
    language: Language = None,
    team: Team = LOCAL,
    channel: Channel = LOCAL,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask before answers are paid for.")] = False,
) -> None:
    """Have two contestants answer a menu, to be voted on blind.

    Says first what that takes, and asks. After Ctrl-C the same command goes on
    where it was; no answer is asked for twice. Voters, deadline, margin and
    alpha cannot be changed afterwards.
    """
    settings = read_settings()
    if lines := missing_endpoint(settings):
        raise SettingsFault(lines)
    try:
        source, given = source_of(menu)
    except Refusal as refusal:
        refuse(f"{menu}: {said(refusal, settings)}")
    invited = tuple(sorted({person(name) for name in voter or []})) or (myself(),)
    wanted = Wanted(
        rivals=(a, b),
        source=source.pack(),
        dishes=(),
        count=count,
        part=part,
        invited=invited,
        span=timedelta(hours=hours),
        margin=margin,
        alpha=alpha,
        draw=seed,
    )
    order = Ordered(
        place_of(team, channel), (a, b), menu, models_of(model), tag_of(language), wanted, source, given, yes
    )
    try:
        in_house(lambda house: _run(house, order))
    except KeyboardInterrupt:
        refuse(
            "\nInterrupted. Answers that were given are kept: the same command goes on from here, "
            "and asks for none of them again."
        )


async def _run(house: TastingHouse, order: Ordered) -> None:
    held, facts = await in_place(house, order.place, order.models, order.language)
    first, second = (name_of(house, name, facts) for name in order.rivals)
    offers = await house.menus.texts(
        order.place, order.source, held.language or DEFAULT_LANGUAGE, order.lines
    )
    wanted = replace(
        order.wanted,
        rivals=(first, second),
        dishes=[Dish(offer.text, offer.asker, offer.ts) for offer in offers],
    )
    tasting = await _interrupted(house, order.place, wanted, facts, held)
    if tasting is None:
        laid = await house.laying.lay(order.place, myself(), wanted, facts, held)
        tell_estimate(house, laid)
        if not order.sure and not _confirmed():
            await house.laying.drop(order.place, laid.tasting.id)
            raise CannotDo("Nothing was asked, and nothing is kept.")
        tasting = await house.room.begin(order.place, laid.tasting.id)
    else:
        typer.echo(f"Going on with the tasting {tasting.id}, which was interrupted.")
    _served(await _cook(house, tasting, held))


async def _interrupted(
    house: TastingHouse, place: ChannelKey, wanted: Wanted, facts: TeamFacts, held: Rules
) -> Tasting | None:
    """Return the tasting of the same order that was not cooked to its end; None when there is none."""
    cooking = [one for one in await house.room.tastings.latest(place, 20) if one.stage is Stage.COOKING]
    if not cooking:
        return None
    both = [await house.laying.rival(place, name, facts, held) for name in wanted.rivals]
    texts = (dish.text.strip() for dish in wanted.dishes)
    asked = {MenuQuestion(text).id for text in texts if text and len(text) <= LONGEST_QUESTION}

    def same(tasting: Tasting) -> bool:
        return (
            [rival.fingerprint for rival in tasting.rivals] == [one.fingerprint for one in both]
            and (tasting.source, tasting.part, tasting.span) == (wanted.source, wanted.part, wanted.span)
            and (tasting.margin, tasting.alpha) == (wanted.margin, wanted.alpha)
            and tasting.invited == tuple(sorted(set(wanted.invited)))
            and tasting.language == (held.language or DEFAULT_LANGUAGE)
            and len(tasting.questions) <= wanted.count
            and asked.issuperset(tasting.questions)
            and _drawn_alike(tasting, wanted)
        )

    return next(filter(same, cooking), None)


def _drawn_alike(tasting: Tasting, wanted: Wanted) -> bool:
    if tasting.draw is None:
        return True
    return len(tasting.questions) == wanted.count and wanted.draw in {None, tasting.draw}


def _confirmed() -> bool:
    with at_the_keyboard():
        return typer.confirm("Cook it?")


async def _cook(house: TastingHouse, tasting: Tasting, held: Rules) -> Tasting:
    with cooking_bar() as bar:
        task = bar.add_task("Cooking", total=2 * len(tasting.served))

        def show(cooked: Cooked) -> None:
            bar.update(task, completed=cooked.done, total=cooked.all)

        return await house.room.cook(tasting, held, show)


def _served(tasting: Tasting) -> None:
    if tasting.stage is Stage.CALLED_OFF:
        raise CannotDo(
            "Too few questions were answered by both, so the tasting was called off.\n" + failures_of(tasting)
        )
    if missing := len(tasting.questions) - len(tasting.served):
        typer.echo(f"{counted(missing, 'question')} left out, not answered by both.")
    typer.echo(f"The tasting {tasting.id} is ready: {counted(len(tasting.served), 'question')}.")
    mine = myself()
    if tasting.place.team != LOCAL:
        typer.echo("Slack tells nobody of it: it is voted on and closed by these commands.")
    for user in tasting.invited:
        typer.echo(f"Vote: {vote_command(tasting, user, mine)}")


def vote_command(tasting: Tasting, user: UserId, mine: UserId) -> str:
    """Return the command with which somebody votes."""
    who = "" if user == mine else f" --as {user}"
    return f"kostprobe taste vote {tasting.id}{who}{where(tasting.place)}"
