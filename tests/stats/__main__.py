"""`make stats`: how often verdicts are right, by seeded simulation; ends with 1 when a target is missed."""

import sys

from rich.console import Console
from rich.table import Table

from tests.stats.simulation import Team, shares
from tests.stats.targets import TARGETS

ROUNDS = 10_000
SEED = 1908
_COLUMNS = {
    "better": "better",
    "wrong": "wrong",
    "one_persons_taste": "one taste",
    "good_enough": "enough",
    "equal": "equal",
    "leaning": "leaning",
    "cannot_tell": "unclear",
}
"""States of a verdict as the table calls them; `wrong`: the worse side, or one of two equal ones, is called better."""


def main() -> int:
    """Simulate and print; return the exit code."""
    table = Table(
        title=f"Verdicts of tastings: {ROUNDS:,} simulated tastings a line, seed {SEED}",
        caption="Win rate: B among decisive ballots. Ties: 25 %. Margin .20, alpha .05.",
    )
    for name in ("questions", "voters", "win rate", "spread", "cheaper", *_COLUMNS.values()):
        table.add_column(name, justify="right")
    missed = []
    for target in TARGETS:
        got = shares(target.team, rounds=ROUNDS, seed=SEED)
        table.add_row(*_about(target.team), *(f"{got[state]:.1%}" for state in _COLUMNS))
        if fault := target.fault(got):
            missed.append(fault)
    console = Console(highlight=False, width=110)
    console.print(table)
    for fault in missed:
        console.print(f"Missed: {fault}", style="red")
    console.print(
        "Every target is met." if not missed else f"{len(missed)} of {len(TARGETS)} targets are missed."
    )
    return 1 if missed else 0


def _about(team: Team) -> tuple[str, ...]:
    cheaper = "A" if team.a_cheaper else "-"
    return str(team.questions), str(team.voters), f"{team.win_rate:.2f}", f"{team.spread:.0f}", cheaper


if __name__ == "__main__":
    sys.exit(main())
