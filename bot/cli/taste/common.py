"""What the commands for tastings share: opening the house, naming places, people and tastings, saying what is wrong."""

import asyncio
import getpass
import re
import signal
from collections.abc import Awaitable, Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, NoReturn, TypeVar

import typer

from bot.adapters.menu_file import LARGEST_FILE, read_questions
from bot.bootstrap import CannotStart, TastingHouse, open_tasting_room
from bot.domain.errors import BotError, Code
from bot.domain.ids import ChannelId, ChannelKey, TastingId, TeamId, UserId
from bot.domain.menu_source import MenuKind, MenuSource
from bot.domain.tasting import Stage, Tasting
from bot.services.ports import TeamFacts
from bot.settings import Settings, read_settings
from bot.slack.texts import Texts
from bot.slack.views.refusals import refused_at_field
from bot.telemetry import set_up_logging

LOCAL = "LOCAL"
"""Team and channel of tastings that belong to no workspace."""
_NEWEST = 200
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")
_SAID = {
    Code.TASTING_OVER: "This tasting has ended. `kostprobe taste show` tells its result.",
    Code.TASTING_EMPTY: "No question is left for the menu: the source has none that can be asked.",
}
"""Where the sentence for Slack would not fit a terminal."""

T = TypeVar("T")

Team = Annotated[str, typer.Option(help="Id of the workspace; LOCAL is yours alone, without Slack.")]
Channel = Annotated[str, typer.Option(help="Id of the channel.")]
WhichOne = Annotated[
    str | None,
    typer.Argument(metavar="ID", help="The tasting, or how its id begins; the newest unless told."),
]


class CannotDo(Exception):
    """What was asked for cannot be done; the message says why, and what to do."""


def in_house(work: Callable[[TastingHouse], Awaitable[T]]) -> T:
    """Open the store and all that tastings need, do the work, and close it; say what went wrong."""
    settings = read_settings()
    set_up_logging(level="warning", json=False)
    try:
        return asyncio.run(_opened(settings, work))
    except (CannotStart, CannotDo) as fault:
        refuse(str(fault))
    except BotError as error:
        refuse(said(error, settings))


async def _opened(settings: Settings, work: Callable[[TastingHouse], Awaitable[T]]) -> T:
    async with open_tasting_room(settings) as house:
        return await work(house)


def refuse(sentence: str) -> NoReturn:
    """Say why not, and end with code 1."""
    typer.echo(sentence, err=True)
    raise typer.Exit(1)


def said(error: BotError, settings: Settings) -> str:
    """Return the sentence for a refusal or an outage."""
    words = Texts.load(command=settings.command).words()
    return _SAID.get(error.code) or refused_at_field(words, error)


def place_of(team: str, channel: str) -> ChannelKey:
    """Return the place; an id that is none is a fault of usage."""
    try:
        return ChannelKey(TeamId(team), ChannelId(channel))
    except ValueError:
        raise typer.BadParameter("Ids are 2 to 24 capital letters and digits, such as LOCAL.") from None


def person(name: str) -> UserId:
    """Return a voter's name; one that is none is a fault of usage."""
    if not _NAME.fullmatch(name):
        raise typer.BadParameter(
            f"{name!r} is no name here: 1 to 40 letters, digits, - and _.", param_hint="name of a voter"
        )
    return UserId(name)


def myself() -> UserId:
    """Return the name of whoever is logged in on this machine, as a voter."""
    try:
        name = getpass.getuser()
    except (OSError, KeyError):  # no such user, as in some containers
        name = ""
    slug = re.sub(r"[^a-z0-9]+", "-", name.lower()).strip("-")[:40]
    return UserId(slug or "me")


async def find(
    house: TastingHouse, place: ChannelKey, which: str | None, stages: Collection[Stage]
) -> Tasting:
    """Return a tasting by its id or its beginning, else the newest in one of these stages.

    Raises:
        CannotDo: There is none, or more than one fits.
    """
    tastings = await house.room.tastings.latest(place, _NEWEST)
    if which is None:
        newest = next((tasting for tasting in tastings if tasting.stage in stages), None)
        if newest is None:
            names = " or ".join(stage.value.replace("_", " ") for stage in stages)
            raise CannotDo(f"There is no tasting here that is {names}. `kostprobe taste run` makes one.")
        return newest
    fitting = [tasting for tasting in tastings if tasting.id.startswith(which)]
    if len(fitting) > 1:
        raise CannotDo(f"{len(fitting)} tastings begin with {which}. Give more of the id.")
    if fitting:
        return fitting[0]
    if len(tastings) == _NEWEST and which.isalnum():
        return await house.room.load(place, TastingId(which))
    raise CannotDo(f"There is no tasting {which} here. `kostprobe taste list` shows all.")


def source_of(menu: str) -> tuple[MenuSource, list[str]]:
    """Return where the questions come from, and those of a file; a file that is not there is a fault of usage.

    Raises:
        Refusal: The file holds no questions that can be read.
    """
    kind, colon, name = menu.partition(":")
    if colon and kind in {MenuKind.SHIPPED, MenuKind.PERSONA}:
        try:
            return MenuSource(MenuKind(kind), name), []
        except ValueError:
            raise typer.BadParameter(f"{menu}: the name is missing.", param_hint="--menu") from None
    path = Path(menu)
    try:
        with path.open("rb") as file:
            content = file.read(LARGEST_FILE + 1)
    except OSError as error:
        raise typer.BadParameter(
            f"{menu} cannot be read: {error.strerror or error}. Give a file, shipped:NAME or persona:NAME.",
            param_hint="--menu",
        ) from None
    return MenuSource(MenuKind.FILE), read_questions(path.name, content)


def name_of(house: TastingHouse, given: str, facts: TeamFacts) -> str:
    """Return a contestant's name without `persona:` and `model:`, which must tell the truth.

    Raises:
        CannotDo: What was called a persona is a model, or the other way round.
    """
    plain = []
    for part in given.split("+"):
        kind, colon, name = part.rpartition(":")
        if colon and kind not in {"persona", "model"}:
            raise typer.BadParameter(f"{given}: a contestant is NAME, persona:NAME or model:NAME.")
        roster = house.contestants.roster(facts)
        if kind == "persona" and name in roster.models:
            raise CannotDo(f"{name} is a model, not a persona. Call it model:{name}.")
        if kind == "model" and name in roster.personas and name not in roster.models:
            raise CannotDo(f"{name} is a persona, not a model. Call it persona:{name}.")
        plain.append(name)
    return "+".join(plain)


def counted(number: int, noun: str) -> str:
    """Return a number with its noun."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def where(place: ChannelKey) -> str:
    """Return the options that name a place; empty for one's own."""
    team = "" if place.team == LOCAL else f" --team {place.team}"
    return team + ("" if place.channel == LOCAL else f" --channel {place.channel}")


@contextmanager
def at_the_keyboard() -> Iterator[None]:
    """Let Ctrl-C end what waits for a person at once; the loop's own handler would wait for them."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
