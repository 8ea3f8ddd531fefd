"""Asking for the right to administer one channel, and what came of it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.domain.ids import UserId

AGAIN_AFTER = timedelta(days=1)
"""A person asks for a channel once in that time."""


class RequestState(StrEnum):
    """What became of a request."""

    OPEN = "open"
    ALLOWED = "allowed"
    DENIED = "denied"


@dataclass(frozen=True, slots=True)
class AccessRequest:
    """A person's latest request for a channel.

    Attributes:
        user: Who asks.
        asked_at: When.
        state: What became of it.
        by: The admin who decided; None while it is open.
    """

    user: UserId
    asked_at: datetime
    state: RequestState = RequestState.OPEN
    by: UserId | None = None


@dataclass(frozen=True, slots=True)
class Grant:
    """The right to administer one channel: who has it, and which admin gave it, when."""

    user: UserId
    by: UserId
    at: datetime
