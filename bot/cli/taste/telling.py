"""What a tasting has come to, as a person reads it in a terminal."""

from collections.abc import Sequence
from datetime import datetime

import typer
from rich.console import Console, Group
from rich.markdown import Markdown
from rich.panel import Panel
from rich.table import Table
from rich.text import Text

from bot.bootstrap import TastingHouse
from bot.domain.ballot import Tally
from bot.domain.tasting import Fare, Tasting
from bot.services.ports import Outcome, Reread
from bot.slack.reading import readable
from bot.slack.views.tastings import verdict_sentence

_GONE = "(not kept any more)"
_LINES = frozenset("\n\t")


def harmless(text: str) -> str:
    """Return a text without what steers a terminal."""
    return "".join(one for one in text if one in _LINES or (one >= " " and not "\x7f" <= one <= "\x9f"))


def when(moment: datetime) -> str:
    """Return a moment in the zone of this machine."""
    return f"{moment.astimezone():%Y-%m-%d %H:%M}"


def sentence(house: TastingHouse, outcome: Outcome) -> str:
    """Return the verdict, in one sentence that can be acted on."""
    return readable(verdict_sentence(house.words, outcome)).replace("*", "")


async def tell_outcome(house: TastingHouse, tasting: Tasting) -> None:
    """Show what a tasting has come to; raise Refusal while its seals are shut."""
    outcome = await house.room.outcome(tasting)
    typer.echo(sentence(house, outcome))
    console = Console(highlight=False)
    if outcome.result.tally.ballots:
        console.print(_table(house, outcome))
    for line in _rests_on(outcome):
        typer.echo(line)
    for head, rereads in (("Most contested", outcome.contested), ("Most one-sided", outcome.one_sided)):
        for reread in rereads:
            console.print(_reread(head, reread, [rival.name for rival in tasting.rivals]))


def _table(house: TastingHouse, outcome: Outcome) -> Table:
    words, tasting = house.words, outcome.tasting
    first, second = (rival.name for rival in tasting.rivals)
    fares = tasting.fares or (Fare(0, {}), Fare(0, {}))
    table = Table("", first, second)
    table.add_row("Preferred", str(outcome.result.tally.a), str(outcome.result.tally.b))
    table.add_row("Answers", *(str(fare.answers) for fare in fares))
    table.add_row("Failed", *(_failed(fare) for fare in fares))
    table.add_row("Tokens written", *(f"{fare.written:,.0f}" for fare in fares))
    table.add_row("Time", *(words.latency(fare.seconds * 1_000) for fare in fares))
    if all(fare.money is not None for fare in fares):
        currency = house.settings.currency
        table.add_row("Cost of one", *(words.money(fare.money or 0, currency) for fare in fares))
    return table


def _failed(fare: Fare) -> str:
    return ", ".join(f"{number} {kind}" for kind, number in sorted(fare.failures.items())) or "0"


def _rests_on(outcome: Outcome) -> list[str]:
    tasting, verdict, tally = outcome.tasting, outcome.result.verdict, outcome.result.tally
    voters = f"{verdict.voters} of {len(tasting.voters)} voters"
    lines = [
        f"Rests on {verdict.ballots} votes by {voters} on {verdict.questions} questions; {_even(tally)}."
    ]
    if (interval := verdict.interval) is not None:
        lines.append(
            f"Mean score {interval.mean:+.2f} ({interval.low:+.2f} to {interval.high:+.2f} at "
            f"{1 - tasting.alpha:.0%}), from -1 for the first to +1 for the second; within "
            f"{tasting.margin:.2f} they count as equal."
        )
    drawn = f", drawn with the seed {tasting.draw}" if tasting.draw is not None else ""
    left = f", {tasting.left.total} not on it" if tasting.left.total else ""
    lines.append(f"Menu: {tasting.source}, {tasting.part.value}{drawn}{left}.")
    if preferring := tally.a + tally.b:
        lines.append(
            f"Of the votes for a side, {outcome.result.shown_first / preferring:.0%} went to the one "
            "that was shown as A."
        )
    return lines


def _reread(head: str, reread: Reread, names: Sequence[str]) -> Group:
    tally = reread.judged.tally
    return Group(
        "",
        Text(
            f"{head}: {tally.a} for {names[0]}, {tally.b} for {names[1]}; {_even(tally)}",
            style="bold",
        ),
        Panel(Text(harmless(reread.question or _GONE))),
        *(
            Panel(Markdown(harmless(text or _GONE), hyperlinks=False), title=name, title_align="left")
            for name, text in zip(names, (reread.first, reread.second), strict=True)
        ),
    )


def _even(tally: Tally) -> str:
    return f"{tally.tie} ties, {tally.both_bad} times both bad"
