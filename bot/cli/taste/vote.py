"""`kostprobe taste vote`: a tasting's pairs in the terminal, one after the other."""

import sys
from collections.abc import Mapping
from typing import Annotated

import typer
from rich.console import Console, Group
from rich.markdown import Markdown
from rich.panel import Panel
from rich.text import Text

from bot.bootstrap import TastingHouse
from bot.cli.taste.common import (
    LOCAL,
    CannotDo,
    Channel,
    Team,
    WhichOne,
    at_the_keyboard,
    counted,
    find,
    in_house,
    myself,
    person,
    place_of,
    where,
)
from bot.cli.taste.telling import harmless, tell_outcome, when
from bot.domain.course import Move
from bot.domain.errors import Code, Refusal
from bot.domain.ids import ChannelKey, Pseudonym, UserId
from bot.domain.tasting import Stage, Tasting
from bot.services.ports import Taken
from bot.services.tasting_room import Page

_PAUSE = "q"
_UNDO = "u"
_MOVES: Mapping[str, Move | None] = {
    "1": Move.A,
    "2": Move.B,
    "3": Move.TIE,
    "4": Move.BOTH_BAD,
    "s": Move.SKIP,
    _UNDO: None,
}
_KEYS = "1 A is better   2 B is better   3 equally good   4 both bad   s skip   u undo   q pause"


def vote(
    which: WhichOne = None,
    who: Annotated[str | None, typer.Option("--as", help="Who votes; you, unless told.")] = None,
    team: Team = LOCAL,
    channel: Channel = LOCAL,
) -> None:
    """Vote in a tasting: one pair at a time, without names; pause and go on whenever you like.

    Keys: 1 A is better, 2 B is better, 3 equally good, 4 both bad, s skip,
    u undo, q pause. Where standard input is no terminal, a line each.

    When the last voter is through, the seals open and the result is shown.
    """
    place, voter = place_of(team, channel), person(who) if who else myself()
    try:
        in_house(lambda house: _vote(house, place, which, voter))
    except KeyboardInterrupt:
        typer.echo("\nPaused. Every vote so far is kept; the same command goes on from here.")


async def _vote(house: TastingHouse, place: ChannelKey, which: str | None, user: UserId) -> None:
    tasting = await find(house, place, which, [Stage.OPEN])
    _check_open(house, tasting)
    voter = await house.laying.pseudonyms.known(place.team, user)
    if voter is None or voter not in tasting.voters:
        raise CannotDo(
            f"{user} was not named as a voter of this tasting; voters are fixed before the first vote. "
            f"Named were: {', '.join(tasting.invited)}. Say which of them you are with --as NAME."
        )
    last = await _through(house, tasting, voter)
    if last is None:
        again = f"kostprobe taste vote {tasting.id} --as {user}{where(place)}"
        typer.echo(f"Paused. Every vote so far is kept. Go on with: {again}")
    elif last.waiting:
        typer.echo(
            f"You are through. {counted(last.waiting, 'voter')} not through yet; the seals open when all are, "
            f"at the latest {when(last.deadline)}: kostprobe taste close {tasting.id}{where(place)}"
        )
    else:
        await house.room.end(place, tasting.id)
        typer.echo("All voters are through, so the seals are open.\n")
        await tell_outcome(house, await house.room.load(place, tasting.id))


def _check_open(house: TastingHouse, tasting: Tasting) -> None:
    """Raise CannotDo when nobody can vote, with what to do instead."""
    rest = f"{tasting.id}{where(tasting.place)}"
    match tasting.stage:
        case Stage.OPEN if house.room.clock.now() >= tasting.terms.deadline:
            raise CannotDo(
                f"The deadline has passed. The seals are opened with: kostprobe taste close {rest}"
            )
        case Stage.OPEN:
            return
        case Stage.CLOSED:
            raise CannotDo(f"This tasting has ended. Its result: kostprobe taste show {rest}")
        case Stage.CALLED_OFF:
            raise CannotDo("This tasting was called off, and its seals stay shut.")
        case _:
            raise CannotDo(
                "This tasting is not cooked yet. `kostprobe taste run`, as before, goes on with it."
            )


async def _through(house: TastingHouse, tasting: Tasting, voter: Pseudonym) -> Page | None:
    """Serve pairs until the voter is through; None when they pause before that."""
    page = await house.room.page(tasting.place, tasting.id, voter)
    note = ""
    while page.question is not None or (page.waiting and page.over):
        if page.question is None:
            typer.echo("That was the last one. u takes it back, any other key ends.")
            if (key := _key()) != _UNDO:
                return page
        else:
            _show(page, note)
            key = _key()
        if key == _PAUSE:
            return None
        if key not in _MOVES:
            note = f"{key!r} is no key here."
            continue
        try:
            page, taken = await house.room.move(
                tasting.place, tasting.id, voter, move=_MOVES[key], on=page.question, over=page.over
            )
        except Refusal as refusal:
            if refusal.code is not Code.NOTHING_TO_UNDO:
                raise
            note = "There is nothing to take back."
            continue
        note = "You had moved on elsewhere already; this is where you are." if taken is Taken.MOVED_ON else ""
    return page


def _show(page: Page, note: str) -> None:
    console = Console(highlight=False)
    if console.is_terminal:
        console.clear()
    console.print(
        Group(
            Text(f"{page.number} of {page.of}", style="dim"),
            Panel(Text(harmless(page.text), style="bold")),
            Panel(Markdown(harmless(page.a), hyperlinks=False), title="A", title_align="left"),
            Panel(Markdown(harmless(page.b), hyperlinks=False), title="B", title_align="left"),
            Text(_KEYS, style="dim"),
            *([Text(note, style="yellow")] if note else []),
        )
    )


def _key() -> str:
    """Return what was pressed, or typed where standard input is no terminal; the end of input pauses."""
    with at_the_keyboard():
        if not sys.stdin.isatty():
            line = sys.stdin.readline()
            return line.strip().lower() if line else _PAUSE
        try:
            return typer.getchar().lower()
        except EOFError:  # Ctrl-D
            return _PAUSE
