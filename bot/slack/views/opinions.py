"""What a person is told after a button under a single answer."""

from bot.services.ports import Thumbed
from bot.slack.texts import Words
from bot.slack.views.parts import Rendered, notice


def thumb_taken(words: Words, became: Thumbed, *, up: bool) -> Rendered:
    """Return the receipt of a thumb."""
    kind = "changed" if became is Thumbed.CHANGED else "given"
    return notice(words.say(f"opinions.{kind}_{'up' if up else 'down'}"), words.say("opinions.no_vote"))


def duel_asked(words: Words, *, again: bool) -> Rendered:
    """Return what is said after asking two to answer a message."""
    return notice(words.say("opinions.duel_again" if again else "opinions.duel_asked"))


def second_opinion_asked(words: Words, *, again: bool) -> Rendered:
    """Return what is said after asking for a second opinion."""
    return notice(words.say("opinions.second_again" if again else "opinions.second_asked"))
