"""Direct messages that nobody asked for just then."""

from bot.domain.notices import (
    AccessDecided,
    AccessWanted,
    ContestantChanged,
    ContestantDown,
    ContestantGone,
    ContestantUp,
    Notice,
)
from bot.slack.texts import Words
from bot.slack.views import access, alerts
from bot.slack.views.parts import Rendered


def told(words: Words, notice: Notice) -> Rendered:
    """Return a notice as a message."""
    match notice:
        case AccessWanted():
            return access.wanted(words, notice)
        case AccessDecided():
            return access.decided(words, notice)
        case ContestantDown():
            return alerts.down(words, notice)
        case ContestantUp():
            return alerts.up(words, notice)
        case ContestantChanged():
            return alerts.changed(words, notice)
        case ContestantGone():
            return alerts.gone(words, notice)
