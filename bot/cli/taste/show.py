"""`kostprobe taste close`, `show` and `list`: seals are opened, results are read."""

import csv
import json
import sys
from dataclasses import asdict
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.table import Table

from bot.bootstrap import TastingHouse
from bot.cli.taste.common import (
    LOCAL,
    CannotDo,
    Channel,
    Team,
    WhichOne,
    counted,
    find,
    in_house,
    place_of,
    where,
)
from bot.cli.taste.telling import sentence, tell_outcome, when
from bot.domain.ballot import count
from bot.domain.ids import ChannelKey
from bot.domain.judging import Judged
from bot.domain.tasting import Fare, Stage, Tasting
from bot.domain.thread import Side
from bot.services.ports import Outcome, Reread

_LISTED = 50
_COLUMNS = ("question", "first", "second", "tie", "both_bad", "score", "first_answer", "second_answer")


def close(
    which: WhichOne = None,
    team: Team = LOCAL,
    channel: Channel = LOCAL,
    *,
    call_off: Annotated[
        bool, typer.Option("--call-off", help="End it without a result; its seals stay shut for good.")
    ] = False,
) -> None:
    """Open a tasting's seals when all voters are through or the deadline has come, and show the result."""
    place = place_of(team, channel)
    in_house(lambda house: (_call_off if call_off else _close)(house, place, which))


def show(
    which: WhichOne = None,
    team: Team = LOCAL,
    channel: Channel = LOCAL,
    *,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="As CSV, a row for each question.")] = False,
) -> None:
    """Show what a tasting has come to; before its seals are open, only how far it is.

    --csv has the columns question, first, second, tie, both_bad (votes),
    score (-1 for the first contestant to +1 for the second; empty without
    votes), first_answer, second_answer.

    --json has the verdict with its interval, the terms, both contestants with
    fingerprints, failures, and tokens, seconds and money of an answer, the seed
    that sides were drawn with, what was left out and why, and for each
    question its votes, score and both answers.
    """
    if as_json and as_csv:
        raise typer.BadParameter("Either --json or --csv.", param_hint="--csv")
    place = place_of(team, channel)
    in_house(lambda house: _show(house, place, which, as_json=as_json, as_csv=as_csv))


def list_(team: Team = LOCAL, channel: Channel = LOCAL) -> None:
    """List the newest tastings, with how far they are."""
    place = place_of(team, channel)
    in_house(lambda house: _list(house, place))


async def _close(house: TastingHouse, place: ChannelKey, which: str | None) -> None:
    tasting = await find(house, place, which, [Stage.OPEN])
    if tasting.stage is Stage.OPEN and await house.room.end(place, tasting.id) is None:
        waiting = await house.room.waiting(tasting)
        raise CannotDo(
            f"The seals of {tasting.id} stay shut: {counted(waiting, 'voter')} not through, and the deadline is "
            f"{when(tasting.terms.deadline)}. A tasting cannot be shortened; --call-off ends it without a result."
        )
    await tell_outcome(house, await house.room.load(place, tasting.id))


async def _call_off(house: TastingHouse, place: ChannelKey, which: str | None) -> None:
    tasting = await find(house, place, which, [Stage.OPEN, Stage.COOKING])
    if await house.room.call_off(place, tasting.id) is None:
        raise CannotDo(f"The tasting {tasting.id} has ended before, so it cannot be called off.")
    typer.echo(f"The tasting {tasting.id} is called off. Its seals stay shut.")


async def _show(
    house: TastingHouse, place: ChannelKey, which: str | None, *, as_json: bool, as_csv: bool
) -> None:
    tasting = await find(house, place, which, list(Stage))
    if tasting.stage is not Stage.CLOSED:
        if as_csv:
            raise CannotDo(await _state(house, tasting))
        sealed = (
            json.dumps(await _sealed(house, tasting), indent=2) if as_json else await _state(house, tasting)
        )
        typer.echo(sealed)
        return
    if not as_json and not as_csv:
        await tell_outcome(house, tasting)
        return
    outcome = await house.room.outcome(tasting)
    rows = await _rows(house, outcome)
    if as_csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerow(_COLUMNS)
        writer.writerows(_cells(row) for row in rows)
    else:
        typer.echo(json.dumps(_document(house, outcome, rows), indent=2, ensure_ascii=False))


async def _list(house: TastingHouse, place: ChannelKey) -> None:
    tastings = await house.room.tastings.latest(place, _LISTED)
    if not tastings:
        typer.echo("There is no tasting here. `kostprobe taste run` makes one.")
        return
    table = Table("Tasting", "Laid", "Questions", "State", box=None, pad_edge=False)
    for tasting in tastings:
        table.add_row(
            tasting.id, when(tasting.laid_at), str(len(tasting.served)), await _stage(house, tasting)
        )
    Console(highlight=False).print(table)


async def _stage(house: TastingHouse, tasting: Tasting) -> str:
    match tasting.stage:
        case Stage.OPEN:
            through = len(tasting.voters) - await house.room.waiting(tasting)
            return f"sealed; {through} of {counted(len(tasting.voters), 'voter')} through"
        case Stage.CLOSED:
            return "closed: " + " and ".join(rival.name for rival in tasting.rivals)
        case _:
            return tasting.stage.value.replace("_", " ")


async def _state(house: TastingHouse, tasting: Tasting) -> str:
    """Say how far a tasting is whose seals are shut; nothing of votes or contestants."""
    match tasting.stage:
        case Stage.OPEN:
            through = len(tasting.voters) - await house.room.waiting(tasting)
            return (
                f"The tasting {tasting.id} is sealed: {through} of {counted(len(tasting.voters), 'voter')} through, "
                f"{counted(len(tasting.served), 'question')}, open until {when(tasting.terms.deadline)}. "
                f"Then: kostprobe taste close {tasting.id}{where(tasting.place)}"
            )
        case Stage.CALLED_OFF:
            return f"The tasting {tasting.id} was called off. Its seals stay shut."
        case _:
            return f"The tasting {tasting.id} is not cooked yet. `kostprobe taste run`, as before, goes on with it."


async def _sealed(house: TastingHouse, tasting: Tasting) -> dict[str, Any]:
    voting = tasting.stage is Stage.OPEN
    return {
        "id": tasting.id,
        "stage": tasting.stage.value,
        "questions": len(tasting.served),
        "voters": len(tasting.voters),
        "through": len(tasting.voters) - await house.room.waiting(tasting) if voting else None,
        "deadline": tasting.terms.deadline.isoformat() if voting else None,
    }


async def _rows(house: TastingHouse, outcome: Outcome) -> list[Reread]:
    """Return every question that was served, with its votes and texts."""
    judged = {one.question: one for one in outcome.result.judged}
    return [
        await house.room.again(outcome.tasting, judged.get(question) or Judged(question, count(())))
        for question in outcome.tasting.served
    ]


def _cells(row: Reread) -> list[object]:
    tally = row.judged.tally
    score = "" if tally.score is None else round(tally.score, 4)
    votes = (tally.a, tally.b, tally.tie, tally.both_bad)
    return [row.question or "", *votes, score, row.first or "", row.second or ""]


def _document(house: TastingHouse, outcome: Outcome, rows: list[Reread]) -> dict[str, Any]:
    tasting, verdict = outcome.tasting, outcome.result.verdict
    interval, names = verdict.interval, [rival.name for rival in tasting.rivals]
    fares = tasting.fares or (Fare(0, {}), Fare(0, {}))
    return {
        "id": tasting.id,
        "team": tasting.place.team,
        "channel": tasting.place.channel,
        "stage": tasting.stage.value,
        "verdict": {
            "state": verdict.state.value,
            "favours": None if verdict.side is None else names[verdict.side is Side.B],
            "sentence": sentence(house, outcome),
            "interval": None if interval is None else asdict(interval),
            "questions": verdict.questions,
            "voters": verdict.voters,
            "votes": verdict.ballots,
        },
        "terms": {
            "voters": len(tasting.voters),
            "deadline": tasting.terms.deadline.isoformat(),
            "margin": tasting.margin,
            "alpha": tasting.alpha,
        },
        "contestants": [
            asdict(rival) | asdict(fare) for rival, fare in zip(tasting.rivals, fares, strict=True)
        ],
        "currency": house.settings.currency,
        "votes": _votes(Judged(tasting.questions[0], outcome.result.tally)),
        "shown_first": outcome.result.shown_first,
        "abstained": outcome.abstained,
        "menu": {
            "source": tasting.source,
            "part": tasting.part.value,
            "language": tasting.language,
            "draw": tasting.draw,
            "left": asdict(tasting.left),
            "not_served": len(tasting.out),
        },
        "seed": tasting.seed,
        "laid_at": _iso(tasting.laid_at),
        "opened_at": _iso(tasting.opened_at),
        "closed_at": _iso(tasting.closed_at),
        "contested": [reread.judged.question for reread in outcome.contested],
        "one_sided": [reread.judged.question for reread in outcome.one_sided],
        "questions": [
            {
                "id": row.judged.question,
                "question": row.question,
                "votes": _votes(row.judged),
                "score": row.judged.tally.score,
                "first_answer": row.first,
                "second_answer": row.second,
            }
            for row in rows
        ],
    }


def _votes(judged: Judged) -> dict[str, int]:
    tally = judged.tally
    return {"first": tally.a, "second": tally.b, "tie": tally.tie, "both_bad": tally.both_bad}


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment is not None else None
