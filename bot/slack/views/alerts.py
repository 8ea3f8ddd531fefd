"""What admins are told about contestants: down, back, changed, without a file, on a model that ends."""

from bot.domain.contestant import BEFORE, draft_name
from bot.domain.ids import ChannelId
from bot.domain.notices import (
    ContestantChanged,
    ContestantDown,
    ContestantGone,
    ContestantUp,
    DraftThere,
    ModelDies,
)
from bot.slack.mrkdwn import escape, safe
from bot.slack.taste_wire import TASTE_HERE
from bot.slack.texts import Safe, Words
from bot.slack.views.bottles import bottle_now
from bot.slack.views.parts import Rendered, actions, button, listed, message, notice, paragraphs
from bot.slack.views.refusals import failure_text

_MOST_CHANNELS = 20
_MOST_NAMES = 20


Alert = ContestantDown | ContestantUp | ContestantChanged | ContestantGone | DraftThere | ModelDies


def told(words: Words, news: Alert) -> Rendered:
    """Return a notice about a contestant as a message."""
    match news:
        case ContestantDown():
            return down(words, news)
        case ContestantUp():
            return up(words, news)
        case ContestantChanged():
            return changed(words, news)
        case ContestantGone():
            return gone(words, news)
        case DraftThere():
            return draft(words, news)
        case ModelDies():
            return dies(words, news)


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
    sentences += _where(words, news.channels, by_default=news.by_default)
    if news.before is None or not news.channels:
        return notice(*sentences)
    value = f"{news.channels[0]} {news.name}{BEFORE}{news.before}"
    against = button(words.plain("buttons.taste_before"), TASTE_HERE, value)
    return message(" ".join(sentences), [*paragraphs(sentences), actions(against)])


def gone(words: Words, news: ContestantGone) -> Rendered:
    """Return that a contestant is served from the store only."""
    where = _where(words, news.channels, by_default=news.by_default)
    return notice(words.say("alerts.gone", name=news.name), *where)


def draft(words: Words, news: DraftThere) -> Rendered:
    """Return that a draft can be tasted, with the way into that where its persona is used in a channel."""
    sentences = [
        words.say("alerts.draft", slug=news.slug),
        words.say("alerts.draft_taste" if news.rival else "alerts.draft_alone"),
        words.say("alerts.draft_promote", slug=news.slug),
    ]
    if not news.channels:  # a tasting needs a channel, and a direct message is none
        where = words.say("alerts.draft_where", slug=news.slug, name=draft_name(news.slug))
        return notice(*sentences, where)
    value = f"{news.channels[0]} {draft_name(news.slug)}"
    taste = button(words.plain("buttons.taste_draft"), TASTE_HERE, value, style="primary")
    return message(" ".join(sentences), [*paragraphs(sentences), actions(taste)])


def dies(words: Words, news: ModelDies) -> Rendered:
    """Return that a model will be shut down or is, who that concerns, and what to do; with the way into a tasting."""
    names = listed(f"`{safe(name)}`" for name in news.names[:_MOST_NAMES])
    where = _where(words, news.channels, by_default=news.by_default)
    sentences = [
        _end(words, news),
        words.say("alerts.dies_as", names=names),
        *(where or [words.say("alerts.dies_unused")]),
        words.say(f"alerts.dies_by_{news.end.source.value}"),
    ]
    name = news.chosen or news.names[0]
    if not news.days:
        return notice(*sentences, words.say("alerts.died_choose"))
    sentences.append(words.say("alerts.dies_choose"))
    if not news.channels:  # a tasting needs a channel, and a direct message is none
        return notice(*sentences, words.say("alerts.dies_bottle", name=name))
    sentences.append(words.say("alerts.dies_buttons", name=name, date=news.end.on))
    taste = button(
        words.plain("buttons.taste_successor"),
        TASTE_HERE,
        f"{news.channels[0]} {name} {news.end.on.isoformat()}",
        style="primary",
    )
    offered = actions(taste, bottle_now(words, news.channels[0], name))
    return message(" ".join(sentences), [*paragraphs(sentences), offered])


def _end(words: Words, news: ModelDies) -> str:
    if not news.days:
        return words.say("alerts.died", model=news.model, endpoint=news.endpoint, date=news.end.on)
    return words.say(
        "alerts.dies", model=news.model, endpoint=news.endpoint, date=news.end.on, count=news.days
    )


def _where(words: Words, channels: tuple[ChannelId, ...], *, by_default: bool) -> list[str]:
    sentences = []
    if channels:
        shown = [f"<#{escape(channel)}>" for channel in channels[:_MOST_CHANNELS]]
        more = ["…"] if len(channels) > _MOST_CHANNELS else []
        sentences.append(words.say("alerts.used_in", channels=listed([*shown, *more])))
    if by_default:
        sentences.append(words.say("alerts.by_default"))
    return sentences
