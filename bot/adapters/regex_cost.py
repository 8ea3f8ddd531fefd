"""How many steps a regular expression can take from one place of a text, whatever the text is.

Python's `re` tries choices one after the other and goes back, so that `(a+)+b` takes years over forty letters.
Here every choice is multiplied out beforehand: what stays under a limit is linear in the text's length. A
possessive repetition (`++`, `{1,64}+`) and an atomic group make no choice once they have matched.
"""

import re
from collections.abc import Sequence
from importlib import import_module
from typing import Any, NamedTuple

ENDLESS = 1_000_000_000
"""More steps than anybody waits for; everything above counts as this."""
LONGEST_TEXT = 12_000
"""A repetition without an upper bound is taken to go on this long: a question has no more characters."""


class _Cost(NamedTuple):
    """What matching a piece takes.

    Attributes:
        steps: Most steps for going through it once, with every choice inside it.
        choices: In how many ways it can match from one place, to which the rest may send it back.
    """

    steps: int
    choices: int


_ONE = _Cost(1, 1)
_NOTHING = _Cost(0, 1)


def most_steps(regex: re.Pattern[str]) -> int:
    """Return the most steps that a pattern takes from one place of a text; ENDLESS when it is no use counting."""
    parsed = import_module("re._parser").parse(regex.pattern, regex.flags)
    return _sequence(list(parsed)).steps


def _sequence(items: Sequence[Any]) -> _Cost:
    """Each piece is gone through once for each way in which those before it can match."""
    steps, ways = 0, 1
    for item in items:
        cost = _piece(item)
        steps = _capped(steps + ways * cost.steps)
        ways = _capped(ways * cost.choices)
    return _Cost(max(steps, ways), ways)


def _piece(item: tuple[Any, Any]) -> _Cost:  # noqa: PLR0911 (one for each operation)
    operation, argument = str(item[0]), item[1]
    match operation:
        case "MAX_REPEAT" | "MIN_REPEAT" | "POSSESSIVE_REPEAT":
            low, high, body = argument
            return _repeat(low, int(high), _sequence(list(body)), possessive=operation[0] == "P")
        case "SUBPATTERN":
            return _sequence(list(argument[-1]))
        case "ATOMIC_GROUP":
            return _Cost(_sequence(list(argument)).steps, 1)
        case "ASSERT" | "ASSERT_NOT":
            return _Cost(_sequence(list(argument[1])).steps, 1)
        case "BRANCH":
            costs = [_sequence(list(branch)) for branch in argument[1]]
            return _Cost(
                _capped(sum(cost.steps for cost in costs)), _capped(sum(cost.choices for cost in costs))
            )
        case "GROUPREF" | "GROUPREF_EXISTS":
            return _Cost(ENDLESS, ENDLESS)
        case "AT":
            return _NOTHING
        case _:
            return _ONE


def _repeat(low: int, high: int, body: _Cost, *, possessive: bool) -> _Cost:
    """A repetition: its body up to `high` times, each time in every way, and a choice of how often."""
    high = min(high, LONGEST_TEXT)
    if body.choices == 1:
        steps, choices = _capped(body.steps * high), high - min(low, high) + 1
    else:
        steps = choices = _capped(body.steps * body.choices ** min(high, 40))
    return _Cost(steps, 1 if possessive else choices)


def _capped(number: int) -> int:
    return min(number, ENDLESS)
