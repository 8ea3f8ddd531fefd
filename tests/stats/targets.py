"""What verdicts are held to."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.stats.simulation import Team


@dataclass(frozen=True)
class Target:
    """What must hold for one simulated team.

    Attributes:
        team: The team.
        states: States whose shares are added up.
        least: The sum is at least this; None for no lower bound.
        most: The sum is at most this; None for no upper bound.
    """

    team: Team
    states: tuple[str, ...]
    least: float | None = None
    most: float | None = None

    def fault(self, got: Mapping[str, float]) -> str | None:
        """Say how the target is missed; None when it is met."""
        total = sum(got[state] for state in self.states)
        what = f"{' + '.join(self.states)} is {total:.1%} for {self.team}"
        if self.least is not None and total < self.least:
            return f"{what}, and should be at least {self.least:.1%}."
        if self.most is not None and total > self.most:
            return f"{what}, and should be at most {self.most:.1%}."
        return None


def _false(questions: int, voters: int, spread: float = 1.0) -> Target:
    most = 0.06 if questions < 25 else 0.055
    return Target(Team(questions, voters, 0.5, spread=spread), ("wrong",), most=most)


TARGETS = (
    *(_false(questions, voters) for questions in (20, 25, 40, 60) for voters in (2, 3, 5)),
    _false(40, 3, spread=0.0),
    _false(40, 3, spread=2.0),
    Target(Team(40, 3, 0.70), ("better",), least=0.80),
    Target(Team(60, 3, 0.70), ("better",), least=0.90),
    Target(Team(60, 3, 0.65), ("better",), least=0.70),
    Target(Team(40, 3, 0.65), ("wrong",), most=0.001),
    Target(Team(60, 3, 0.50), ("equal",), least=0.65),
    Target(Team(60, 3, 0.50, a_cheaper=True), ("equal", "good_enough"), least=0.80),
    Target(Team(60, 3, 0.70, a_cheaper=True), ("good_enough",), most=0.05),
)
