"""What is said in a channel that the bot was invited to."""

from slack_sdk.models.blocks import Block

from bot.domain.ids import ChannelKey
from bot.domain.reports import ConfigReport
from bot.slack import ids
from bot.slack.mrkdwn import safe
from bot.slack.texts import Safe, Words
from bot.slack.views.parts import Rendered, actions, button, listed, message, paragraphs
from bot.slack.views.reports import outcome_of


def welcome(words: Words, place: ChannelKey, report: ConfigReport, name: str) -> Rendered:
    """Return who answers, where texts go, how long they are kept, who sees votes, and how to object.

    Args:
        words: The channel's language.
        place: The channel.
        report: Its config.
        name: What the bot is called.
    """
    head = words.say("welcome.head", name=name)
    texts, threads = (
        Safe(words.say("units.days", count=days)) for days in (report.held.text_days, report.held.thread_days)
    )
    lines = [
        outcome_of(words, report),
        _leaving(words, report),
        words.say("config.lifetimes", texts=texts, threads=threads),
        words.say("duels.stays_secret"),
        words.say("welcome.object"),
    ]
    blocks = [*paragraphs([head, *(f"• {line}" for line in lines if line)]), _buttons(words, place, report)]
    return message(" ".join(line for line in (head, *lines) if line), blocks)


def _buttons(words: Words, place: ChannelKey, report: ConfigReport) -> Block:
    """Begin with what happens here to a question: a duel where every one is, else an answer."""
    both = [("buttons.ask", ids.ASK_HERE), ("buttons.duel", ids.DUEL_HERE)]
    (first, begin), (second, other) = both[::-1] if report.only_duels else both
    return actions(
        button(words.plain(first), begin, place.channel, style="primary"),
        button(words.plain(second), other, place.channel),
        button(words.plain("buttons.configure"), ids.OPEN_CONFIG, place.channel),
    )


def _leaving(words: Words, report: ConfigReport) -> str:
    if report.outside:
        names = listed(f"`{safe(name)}`" for name in report.outside)
        return words.say("config.outside", endpoints=names)
    return words.say("config.inside") if report.kinds else ""
