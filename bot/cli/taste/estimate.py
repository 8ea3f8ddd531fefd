"""What a tasting takes, said before anybody pays for it; and who did not answer when it came to nothing."""

from dataclasses import asdict
from datetime import timedelta

import typer

from bot.bootstrap import TastingHouse
from bot.cli.taste.common import counted
from bot.domain.tasting import Tasting
from bot.domain.verdict import FEWEST_QUESTIONS
from bot.services.laying import CookingEstimate, Laid

_LEFT = {
    "same": "there twice",
    "alike": "nearly the same as another",
    "too_long": "too long",
    "empty": "empty",
    "trained": "known to one of the two from training",
    "not_drawn": "not drawn",
}


def tell_estimate(house: TastingHouse, laid: Laid) -> None:
    """Say what is on the menu, what cooking it would take, and what holds for the tasting."""
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
        f"{counted(round(tasting.span / timedelta(hours=1)), 'hour')}, never ending on a weekend; "
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


def failures_of(tasting: Tasting) -> str:
    """Return who did not answer how often, and why; only for a tasting in which nobody has voted."""
    lines = []
    for rival, fare in zip(tasting.rivals, tasting.fares or (), strict=False):
        kinds = ", ".join(f"{number} x {kind}" for kind, number in sorted(fare.failures.items()))
        if kinds:
            lines.append(f"{rival.name} did not answer: {kinds}.")
    return "\n".join([*lines, "`kostprobe doctor` tests every endpoint."])
