"""App Home, one person's page of the app; until a duel closes nothing on it says who wrote what."""

from collections.abc import Mapping, Sequence
from typing import Any

from slack_sdk.models.blocks import Block, HeaderBlock, PlainTextObject
from slack_sdk.models.views import View

from bot.domain.home import Home, HomeChannel, Waiting
from bot.domain.ids import DuelId
from bot.domain.locale import language_of
from bot.slack import ids
from bot.slack.cutting import clip
from bot.slack.mrkdwn import safe
from bot.slack.texts import Safe, Words
from bot.slack.views.parts import actions, button, context, divider, fitting, paragraphs, section
from bot.slack.views.reports import outcome_of

_QUESTION_LIMIT = 100


def home(words: Words, shown: Home, links: Mapping[DuelId, str]) -> dict[str, Any]:
    """Return the page.

    Args:
        words: The person's language.
        shown: What they may see.
        links: Address of each waiting duel's answers, by its id.
    """
    blocks: list[Block] = [
        section(words.say("home.about")),
        context(words.say("home.how")),
        *_waiting(words, shown.waiting, links),
        *_channels(words, shown),
        *_mine(words, shown),
    ]
    return dict(View(type="home", blocks=blocks).to_dict())


def home_down(words: Words) -> dict[str, Any]:
    """Return the page while what it shows cannot be read."""
    blocks: list[Block] = [
        section(words.say("home.about")),
        section(words.say("home.down")),
        actions(button(words.plain("buttons.try_again"), ids.HOME_AGAIN, "")),
    ]
    return dict(View(type="home", blocks=blocks).to_dict())


def _waiting(words: Words, waiting: Sequence[Waiting], links: Mapping[DuelId, str]) -> list[Block]:
    head = _head(words.plain("home.waiting"))
    if not waiting:
        return [head, section(words.say("home.nothing_waits"))]
    lines = []
    for one in waiting:
        text = one.question
        asked = words.say("duels.text_gone") if text is None else _quoted(words, text)
        link = links.get(one.duel.id)
        question = Safe(f"<{link}|{asked}>" if link else asked)
        channel = Safe(f"<#{one.duel.thread.place.channel}>")
        until = one.duel.opened_at + one.duel.close_latest
        lines.append("• " + words.say("home.waits", channel=channel, question=question, until=until))
    return [head, *paragraphs(lines)]


def _quoted(words: Words, text: str) -> str:
    return words.say("duels.question", question=Safe(safe(clip(" ".join(text.split()), _QUESTION_LIMIT))))


def _channels(words: Words, shown: Home) -> list[Block]:
    head = _head(words.plain("home.channels"))
    if not shown.channels:
        return [head, section(words.say("home.no_channels"))]
    blocks: list[Block] = [head]
    for channel in shown.channels:
        blocks += _channel(words, channel)
    if shown.more:
        blocks.append(context(words.say("home.more", count=shown.more)))
    return blocks


def _channel(words: Words, channel: HomeChannel) -> list[Block]:
    place = channel.report.place
    if place is None:
        raise ValueError("a channel on Home has a place")
    buttons = [button(words.plain("buttons.ask"), ids.ASK_HERE, place.channel)]
    if channel.report.held.pair is not None:
        buttons.append(button(words.plain("buttons.duel"), ids.DUEL_HERE, place.channel))
    if channel.may_configure:
        buttons.append(button(words.plain("buttons.configure"), ids.OPEN_CONFIG, place.channel))
    text = fitting(f"*<#{place.channel}>*\n{outcome_of(words, channel.report)}", 3_000)
    return [section(text), actions(*buttons)]


def _mine(words: Words, shown: Home) -> list[Block]:
    lines = [
        _language(words, shown.locale),
        words.say("home.used", used=shown.used, cap=shown.cap),
        words.say("home.privacy"),
    ]
    if shown.admins:
        lines.append(words.say("home.admin"))
    blocks: list[Block] = [divider(), _head(words.plain("home.mine")), *paragraphs(lines)]
    if shown.admins:
        blocks.append(actions(button(words.plain("buttons.team_default"), ids.OPEN_CONFIG, "default")))
    return blocks


def _language(words: Words, wanted: str) -> str:
    if language_of(wanted) == language_of(words.locale):
        return words.say("home.language", language=words.language(words.locale))
    return words.say("home.no_language", language=words.language(words.locale), wanted=words.language(wanted))


def _head(text: str) -> HeaderBlock:
    return HeaderBlock(text=PlainTextObject(text=text))
