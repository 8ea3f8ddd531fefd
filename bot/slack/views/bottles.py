"""Bottling: what it would take, and what came of it."""

from bot.domain.ids import ChannelKey
from bot.domain.notices import Bottled
from bot.services.bottling import BottlePlan
from bot.slack import taste_wire as wire
from bot.slack.texts import Words
from bot.slack.views.parts import Rendered, actions, button, message, notice, section


def bottle_planned(words: Words, place: ChannelKey, plan: BottlePlan) -> Rendered:
    """Return what bottling would take, with the button that begins it; or that there is nothing to be asked."""
    left = plan.questions - plan.there
    said = words.say("bottles.plan", count=left, name=plan.name, menu=plan.source.pack(), there=plan.there)
    value = f"{place.channel} {plan.fingerprint} {plan.source.pack()}"
    begin = button(words.plain("buttons.bottle"), wire.BOTTLE, value, style="primary")
    return message(said, [section(said), actions(begin)])


def bottle_begun(words: Words) -> Rendered:
    """Return that it is being done."""
    return notice(words.say("bottles.begun"))


def bottled(words: Words, news: Bottled) -> Rendered:
    """Return what came of it."""
    sentences = [words.say("bottles.done", count=news.answers, name=news.name, menu=news.source)]
    if news.failures:
        sentences.append(words.say("bottles.failed", count=news.failures))
    return notice(*sentences)
