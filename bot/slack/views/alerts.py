"""What admins are told about contestants: down, back, changed, without a file."""

from bot.domain.ids import ChannelId
from bot.domain.notices import ContestantChanged, ContestantDown, ContestantGone, ContestantUp
from bot.slack.mrkdwn import escape
from bot.slack.texts import Safe, Words
from bot.slack.views.parts import Rendered, listed, notice
from bot.slack.views.refusals import failure_text

_MOST_CHANNELS = 20


def down(words: Words, news: ContestantDown) -> Rendered:
    """Return that a contestant is not asked any more, and what helps meanwhile."""
    return notice(
        words.say("alerts.down", name=news.name, endpoint=news.endpoint),
        words.say("alerts.reason", reason=Safe(failure_text(words, news.kind))),
        words.say("alerts.meanwhile"),
    )


def up(words: Words, news: ContestantUp) -> Rendered:
    """Return that a contestant answers again."""
    return notice(words.say("alerts.up", name=news.name, endpoint=news.endpoint, since=news.since))


def changed(words: Words, news: ContestantChanged) -> Rendered:
    """Return that a contestant is another one now, and what that means for its duels."""
    sentences = [words.say("alerts.changed", name=news.name), words.say("alerts.anew")]
    if news.scored:
        sentences.append(words.say("alerts.scored", count=news.scored))
    return notice(*sentences, *_where(words, news.channels, by_default=news.by_default))


def gone(words: Words, news: ContestantGone) -> Rendered:
    """Return that a contestant is served from the store only."""
    where = _where(words, news.channels, by_default=news.by_default)
    return notice(words.say("alerts.gone", name=news.name), *where)


def _where(words: Words, channels: tuple[ChannelId, ...], *, by_default: bool) -> list[str]:
    sentences = []
    if channels:
        shown = [f"<#{escape(channel)}>" for channel in channels[:_MOST_CHANNELS]]
        more = ["…"] if len(channels) > _MOST_CHANNELS else []
        sentences.append(words.say("alerts.used_in", channels=listed([*shown, *more])))
    if by_default:
        sentences.append(words.say("alerts.by_default"))
    return sentences
