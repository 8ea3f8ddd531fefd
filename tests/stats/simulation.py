"""Tastings with a known truth."""

import math
import random
from collections import Counter
from dataclasses import dataclass

from bot.domain.thread import Side
from bot.domain.verdict import State, decide

_NODES = 400


@dataclass(frozen=True)
class Team:
    """A tasting whose truth is known.

    Attributes:
        questions: How many.
        voters: How many people vote on all of them.
        win_rate: Share of B among decisive ballots, over all questions.
        ties: Share of ballots that name no side.
        spread: Standard deviation of the questions' effects, in logits.
        a_cheaper: Whether A costs less.
    """

    questions: int
    voters: int
    win_rate: float
    ties: float = 0.25
    spread: float = 1.0
    a_cheaper: bool = False


def shares(team: Team, *, rounds: int, seed: int) -> dict[str, float]:
    """Return how often each state comes out; `better` for the truly better side, `wrong` for the other.

    Between equal sides every `better` is wrong.
    """
    chance = random.Random(f"{seed} {team}")
    centre = _centre(team.win_rate, team.spread)
    counts: Counter[str] = Counter()
    cheaper = Side.A if team.a_cheaper else None
    for _ in range(rounds):
        verdict = decide([_ballots(team, centre, chance) for _ in range(team.questions)], cheaper=cheaper)
        right = verdict.side is Side.B and team.win_rate > 0.5
        counts["wrong" if verdict.state is State.BETTER and not right else verdict.state.value] += 1
    return {name: counts[name] / rounds for name in [*(state.value for state in State), "wrong"]}


def _ballots(team: Team, centre: float, chance: random.Random) -> dict[str, float]:
    for_b = _logistic(chance.gauss(centre, team.spread))
    return {f"v{number}": _ballot(for_b, team.ties, chance) for number in range(team.voters)}


def _ballot(for_b: float, ties: float, chance: random.Random) -> float:
    if chance.random() < ties:
        return 0.0
    return 1.0 if chance.random() < for_b else -1.0


def _centre(win_rate: float, spread: float) -> float:
    """The middle of the questions' effects at which B's share over all of them is the win rate."""
    low, high = -20.0, 20.0
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if _share(middle, spread) < win_rate else (low, middle)
    return low


def _share(centre: float, spread: float) -> float:
    """B's share over all questions: the logistic averaged over a normal distribution, by equal slices."""
    width = 12 / _NODES
    points = [(number + 0.5) * width - 6 for number in range(_NODES)]
    weights = [math.exp(-point * point / 2) for point in points]
    total = sum(
        weight * _logistic(centre + spread * point) for point, weight in zip(points, weights, strict=True)
    )
    return total / sum(weights)


def _logistic(value: float) -> float:
    return 1 / (1 + math.exp(-value))
