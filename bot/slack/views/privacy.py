"""What a channel does with people's words, and what people have done with theirs."""

from bot.domain.channel_config import Rules, ThreadMode
from bot.domain.privacy import Forgotten, PersonalData, PrivacyReport
from bot.domain.reports import ConfigReport
from bot.slack import ids
from bot.slack.mrkdwn import safe
from bot.slack.texts import Safe, Words
from bot.slack.views.parts import (
    Rendered,
    actions,
    button,
    confirming,
    context,
    listed,
    message,
    notice,
    paragraphs,
    section,
)


def privacy_shown(words: Words, report: PrivacyReport) -> Rendered:
    """Return what the channel sends where, how long it is kept, who sees it, and what one can do."""
    title = words.say("privacy.title")
    held = report.config.held
    follows = held.threads is ThreadMode.FOLLOW
    lines = [
        *_way(words, report),
        words.say("privacy.follow" if follows else "privacy.read"),
        words.say(
            "privacy.kept",
            threads=Safe(words.say("units.days", count=held.thread_days)),
            texts=Safe(words.say("units.days", count=held.text_days)),
        ),
        words.say("privacy.votes"),
        words.say("privacy.yours"),
    ]
    if report.no_training:
        lines.append(words.say("privacy.never_trained"))
    return message(title, paragraphs([f"*{title}*", *(f"• {line}" for line in lines)]))


def data_sent(words: Words, data: PersonalData) -> Rendered:
    """Return what a person is told once their data is in their direct messages."""
    sentences = [words.say("privacy.data_sent", count=data.entries)]
    if not data.complete:
        sentences.append(words.say("privacy.data_cut"))
    return notice(" ".join(sentences))


def forget_asked(words: Words) -> Rendered:
    """Return what would be deleted and what would stay, with the button that asks once more."""
    asked = words.say("privacy.forget_asked")
    sure = confirming(
        words,
        words.plain("confirm.forget_title"),
        words.say("confirm.forget_text"),
        words.plain("confirm.forget_yes"),
        danger=True,
    )
    forget = button(words.plain("buttons.forget_me"), ids.FORGET_ME, "me", style="danger", confirm=sure)
    return message(asked, [section(asked), actions(forget), context(words.say("privacy.forget_keeps"))])


def forgotten(words: Words, done: Forgotten) -> Rendered:
    """Return what was deleted, and what could not be."""
    sentences = [
        words.say(
            "privacy.forgotten",
            messages=Safe(words.say("privacy.messages", count=done.messages)),
            questions=Safe(words.say("privacy.questions", count=done.questions)),
        )
    ]
    if done.thumbs:
        sentences.append(words.say("privacy.thumbs_gone", count=done.thumbs))
    if done.rights:
        sentences.append(words.say("privacy.rights_gone", count=done.rights))
    if done.kept:
        sentences.append(words.say("privacy.votes_kept", count=done.kept))
    if done.changes:
        sentences.append(words.say("privacy.changes_kept", count=done.changes))
    return message(sentences[0], [*paragraphs(sentences), context(words.say("privacy.forget_keeps"))])


def training_shown(words: Words, *, wished: bool) -> Rendered:
    """Return whether a person's questions may be trained on."""
    return notice(words.say("privacy.training_off" if wished else "privacy.training_on"))


def _way(words: Words, report: PrivacyReport) -> list[str]:
    """Where questions go, and in which form."""
    config = report.config
    if not config.outside:
        lines = [words.say("privacy.inside" if config.kinds else "privacy.nobody")]
        return (
            [*lines, words.say("privacy.sensitive"), *barred(words, config)]
            if config.held.sensitive
            else lines
        )
    endpoints = listed(f"`{safe(name)}`" for name in config.outside)
    if config.only_by_fallback:
        way = words.say("config.outside_by_fallback", name=config.held.fallback, endpoints=endpoints)
    else:
        way = words.say("privacy.outside", endpoints=endpoints)
    return [way, *form_of(words, config.held)]


def barred(words: Words, config: ConfigReport) -> list[str]:
    """Return who is set but not asked, since they are outside the house of a sensitive channel."""
    asked = {config.held.answer, *(config.held.pair or ())}
    return [
        words.say(
            "config.barred" if name in asked else "config.barred_fallback", name=name, endpoint=endpoint
        )
        for name, endpoint in config.barred.items()
    ]


def form_of(words: Words, held: Rules) -> list[str]:
    """Return in which form texts leave the house."""
    return [
        words.say("privacy.masked" if held.redact else "privacy.unmasked"),
        words.say("privacy.named" if held.speaker_names else "privacy.numbered"),
    ]
