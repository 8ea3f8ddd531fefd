"""`kostprobe taste run`: a tasting is laid and cooked."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

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
)
from bot.domain.channel_config import Rules
from bot.domain.contestant import FineTunedModel, check_new_name
from bot.domain.errors import Refusal
from bot.domain.ids import ChannelKey, UserId
from bot.domain.locale import DEFAULT_LANGUAGE, read_tag
from bot.domain.menu import DEFAULT_COUNT, LONGEST_QUESTION, MOST_QUESTIONS, MenuQuestion
from bot.domain.menu_source import MenuSource
from bot.domain.tasting import Dish, Part, Stage, Tasting
from bot.domain.verdict import DEFAULT_ALPHA, DEFAULT_MARGIN, FEWEST_QUESTIONS
from bot.services.cooking import Progress as Cooked
from bot.services.laying import CookingEstimate, Laid, Wanted
from bot.services.ports import TeamFacts
from bot.settings import SettingsFault, missing_endpoint, read_settings

_HOURS = 24
_MOST_HOURS = 720
_LEFT = {
    "same": "there twice",
    "alike": "nearly the same as another",
    "too_long": "too long",
    "empty": "empty",
    "trained": "known to one of the two from training",
    "not_drawn": "not drawn",
}
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
    a: Annotated[str, typer.Option(help="One contestant: persona:NAME, model:NAME, NAME or PERSONA+MODEL.")],
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


async def _run(house: TastingHouse, order: Ordered) -> None:
    held, facts = await in_place(house, order.place, order.models, order.language)
    first, second = (name_of(house, name, facts) for name in order.rivals)
    offers = await house.menus.texts(
        order.place, order.source, held.language or DEFAULT_LANGUAGE, order.lines
    )
    wanted = replace(
        order.wanted, rivals=(first, second), dishes=[Dish(offer.text, offer.asker) for offer in offers]
    )
    tasting = await _interrupted(house, order.place, wanted, facts, held)
    if tasting is None:
        laid = await house.laying.lay(order.place, myself(), wanted, facts, held)
        _tell(house, laid)
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
    mask = house.redactor.mask_messages if held.redact else list
    with cooking_bar() as bar:
        task = bar.add_task("Cooking", total=2 * len(tasting.served))

        def show(cooked: Cooked) -> None:
            bar.update(task, completed=cooked.done, total=cooked.all)

        return await house.room.cook(tasting, mask, show, keep=timedelta(days=held.text_days))


def cooking_bar() -> Progress:
    """Return the bar that shows how far the cooking is, on standard error."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Console(stderr=True),
    )


def _tell(house: TastingHouse, laid: Laid) -> None:
    tasting, estimate = laid.tasting, laid.estimate
    first, second = (rival.name for rival in tasting.rivals)
    typer.echo(f"{counted(estimate.questions, 'question')}, answered by {first} and by {second}.")
    left = [f"{number:,} {_LEFT[why]}" for why, number in asdict(tasting.left).items() if number]
    if left:
        drawn = f" (drawn with --seed {tasting.draw})" if tasting.draw is not None else ""
        typer.echo(f"Left out: {', '.join(left)}{drawn}.")
    if estimate.questions < FEWEST_QUESTIONS:
        typer.echo(f"With fewer than {FEWEST_QUESTIONS} questions there will be no verdict.")
    for line in _cost(house, estimate):
        typer.echo(line)
    typer.echo(
        f"{counted(len(tasting.voters), 'voter')}: {', '.join(tasting.invited)}. Open for "
        f"{counted(round(tasting.span / timedelta(hours=1)), 'hour')}, "
        f"equal within {tasting.margin:.2f}, confidence {1 - tasting.alpha:.0%}. None of it can be changed afterwards."
    )


def _cost(house: TastingHouse, estimate: CookingEstimate) -> list[str]:
    lines = []
    if estimate.there:
        lines.append(f"{estimate.there:,} of {counted(2 * estimate.questions, 'answer')} are there already.")
    if estimate.there == 2 * estimate.questions:
        return [*lines, "Nobody has to be asked, and nothing has to be paid."]
    parts = [f"about {estimate.tokens:,} tokens"]
    if estimate.money is None:
        parts.append("money unknown, since no price is set for one of the two")
    else:
        parts.append(f"about {house.words.money(estimate.money, estimate.currency)}")
    if estimate.duration is None:
        parts.append("time unknown before the first answers")
    else:
        parts.append(f"about {house.words.duration(estimate.duration)}")
    lines.append(f"It takes {'; '.join(parts)}.")
    if estimate.guessed:
        lines.append("One of the two has given no answer yet, so its longest answer was reckoned with.")
    return lines


def _served(tasting: Tasting) -> None:
    if tasting.stage is Stage.CALLED_OFF:
        raise CannotDo(
            "Too few questions were answered by both, so the tasting was called off.\n" + failures_of(tasting)
        )
    if missing := len(tasting.questions) - len(tasting.served):
        typer.echo(f"{counted(missing, 'question')} left out, not answered by both.")
    typer.echo(f"The tasting {tasting.id} is ready: {counted(len(tasting.served), 'question')}.")
    mine = myself()
    for user in tasting.invited:
        typer.echo(f"Vote: {vote_command(tasting, user, mine)}")


def failures_of(tasting: Tasting) -> str:
    """Return who did not answer how often, and why; only for a tasting in which nobody has voted."""
    lines = []
    for rival, fare in zip(tasting.rivals, tasting.fares or (), strict=False):
        kinds = ", ".join(f"{number} x {kind}" for kind, number in sorted(fare.failures.items()))
        if kinds:
            lines.append(f"{rival.name} did not answer: {kinds}.")
    return "\n".join([*lines, "`kostprobe doctor` tests every endpoint."])


def vote_command(tasting: Tasting, user: UserId, mine: UserId) -> str:
    """Return the command with which somebody votes."""
    who = "" if user == mine else f" --as {user}"
    return f"kostprobe taste vote {tasting.id}{who}{where(tasting.place)}"


def where(place: ChannelKey) -> str:
    """Return the options that name a place; empty for one's own."""
    team = "" if place.team == LOCAL else f" --team {place.team}"
    return team + ("" if place.channel == LOCAL else f" --channel {place.channel}")
