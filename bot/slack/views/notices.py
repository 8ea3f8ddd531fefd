"""Direct messages that nobody asked for just then."""

from bot.domain.notices import AccessDecided, AccessWanted, Bottled, Notice
from bot.slack.texts import Words
from bot.slack.views import access, alerts, bottles
from bot.slack.views.parts import Rendered


def told(words: Words, notice: Notice) -> Rendered:
    """Return a notice as a message."""
    match notice:
        case AccessWanted():
            return access.wanted(words, notice)
        case AccessDecided():
            return access.decided(words, notice)
        case Bottled():
            return bottles.bottled(words, notice)
        case _:
            return alerts.told(words, notice)
