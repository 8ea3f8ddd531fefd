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
from bot.domain.tasting import Tasting
from bot.services.ports import Outcome, Reread
from bot.slack.reading import readable
from bot.slack.views.tastings import reread_head, small_print, table_rows, verdict_sentence

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
    return plain(verdict_sentence(house.words, outcome))


async def tell_outcome(house: TastingHouse, tasting: Tasting) -> None:
    """Show what a tasting has come to; raise Refusal while its seals are shut."""
    outcome = await house.room.outcome(tasting)
    typer.echo(sentence(house, outcome))
    console = Console(highlight=False)
    if outcome.result.tally.ballots:
        names, *rows = table_rows(house.words, outcome, house.settings.currency)
        table = Table(*names)
        for row in rows:
            table.add_row(*row)
        console.print(table)
    for line in small_print(house.words, outcome):
        typer.echo(plain(line))
    for kind, rereads in (("contested", outcome.contested), ("one_sided", outcome.one_sided)):
        for reread in rereads:
            console.print(_reread(house, kind, reread, [rival.name for rival in tasting.rivals]))


def _reread(house: TastingHouse, kind: str, reread: Reread, names: Sequence[str]) -> Group:
    return Group(
        "",
        Text(plain(reread_head(house.words, kind, reread, names)), style="bold"),
        Panel(Text(harmless(reread.question or _GONE))),
        *(
            Panel(Markdown(harmless(text or _GONE), hyperlinks=False), title=name, title_align="left")
            for name, text in zip(names, (reread.first, reread.second), strict=True)
        ),
    )


def plain(mrkdwn: str) -> str:
    """Return what is written for Slack as a terminal shows it."""
    return readable(mrkdwn).replace("*", "").replace("`", "")
