"""What a tasting takes, said before anybody pays for it; and who did not answer when it came to nothing."""

import typer

from bot.bootstrap import TastingHouse
from bot.cli.taste.telling import plain
from bot.domain.tasting import Tasting
from bot.services.laying import Laid
from bot.slack.views.taste_form import told_sums


def tell_estimate(house: TastingHouse, laid: Laid) -> None:
    """Say what is on the menu, what cooking it would take, and what holds for the tasting."""
    tasting = laid.tasting
    head, cost, notes = told_sums(house.words, laid)
    for line in (head, *cost, *notes):
        typer.echo(plain(line))
    typer.echo(f"Who votes: {', '.join(tasting.invited)}.")
    if tasting.draw is not None:
        typer.echo(f"Drawn with --seed {tasting.draw}.")


def failures_of(tasting: Tasting) -> str:
    """Return who did not answer how often, and why; only for a tasting in which nobody has voted."""
    lines = []
    for rival, fare in zip(tasting.rivals, tasting.fares or (), strict=False):
        kinds = ", ".join(f"{number} x {kind}" for kind, number in sorted(fare.failures.items()))
        if kinds:
            lines.append(f"{rival.name} did not answer: {kinds}.")
    return "\n".join([*lines, "`kostprobe doctor` tests every endpoint."])
