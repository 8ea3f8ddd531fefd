"""Models that will be shut down: when that is told."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

DAYS_BEFORE = (3, 14, 30, 60)
"""So many days before a model's end it is told, and once more on the day itself."""
GONE = 0
_TUNED = "ft"


class Source(StrEnum):
    """Who says when a model is shut down."""

    ENDPOINT = "endpoint"
    ANNOUNCED = "announced"


@dataclass(frozen=True, slots=True)
class Shutdown:
    """The end of a model: the first day on which it may not answer any more, and who says so."""

    on: date
    source: Source


def shutdown_of(model: str, known: Mapping[str, Shutdown]) -> Shutdown | None:
    """Return the end of a model; None when none is known.

    Only whole ids count. A fine-tuned model of OpenAI's, `ft:<base>:...`, ends with its base unless more is known.

    Args:
        model: Its id at its endpoint.
        known: What is known there, by id.
    """
    if model in known:
        return known[model]
    mark, _, rest = model.partition(":")
    return known.get(rest.partition(":")[0]) if mark == _TUNED else None


def due(days: int) -> int | None:
    """Return which notice is due so many days before the end: one of DAYS_BEFORE, or GONE; None when none is yet.

    Who begins late is told the nearest one only, never those that were missed.
    """
    if days <= 0:
        return GONE
    return next((threshold for threshold in DAYS_BEFORE if days <= threshold), None)
