"""Bottling: what it would take, and what came of it."""

from slack_sdk.models.blocks import ButtonElement

from bot.domain.ids import ChannelId, ChannelKey
from bot.domain.notices import Bottled
from bot.services.bottling import BottlePlan
from bot.slack import taste_wire as wire
from bot.slack.texts import Words
from bot.slack.views.parts import Rendered, actions, button, confirming, message, notice, section


def bottle_planned(words: Words, place: ChannelKey, plan: BottlePlan) -> Rendered:
    """Return what bottling would take, with the button that begins it; or that there is nothing to be asked."""
    left = plan.questions - plan.there
    said = words.say("bottles.plan", count=left, name=plan.name, menu=plan.source.pack(), there=plan.there)
    value = f"{place.channel} {plan.fingerprint} {plan.source.pack()}"
    begin = button(words.plain("buttons.bottle"), wire.BOTTLE, value, style="primary")
    return message(said, [section(said), actions(begin)])


def bottle_now(words: Words, channel: ChannelId, name: str) -> ButtonElement:
    """Return the button that has answers bottled to a menu that fits, once its question is answered with yes."""
    return button(
        words.plain("buttons.bottle_now"),
        wire.BOTTLE_NOW,
        f"{channel} {name}",
        confirm=confirming(
            words,
            words.plain("confirm.bottle_title"),
            words.say("confirm.bottle_text", name=name),
            words.plain("buttons.bottle"),
        ),
    )


def bottle_begun(words: Words, plan: BottlePlan | None = None) -> Rendered:
    """Return that it is being done; with a plan also what, for who has not seen that before."""
    what = []
    if plan is not None:
        left = plan.questions - plan.there
        what = [words.say("bottles.now", count=left, name=plan.name, menu=plan.source.pack())]
    return notice(*what, words.say("bottles.begun"))


def bottled(words: Words, news: Bottled) -> Rendered:
    """Return what came of it."""
    sentences = [words.say("bottles.done", count=news.answers, name=news.name, menu=news.source)]
    if news.failures:
        sentences.append(words.say("bottles.failed", count=news.failures))
    return notice(*sentences)
