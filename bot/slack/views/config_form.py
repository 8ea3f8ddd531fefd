"""The config as a form, and what is shown in its place."""

from collections.abc import Mapping
from itertools import groupby
from typing import Any

from slack_sdk.models.blocks import Block, HeaderBlock, PlainTextObject
from slack_sdk.models.views import View

from bot.domain.config_form import ConfigForm, Meanwhile, Unfit
from bot.slack import config_wire as wire
from bot.slack.config_wire import ConfigContext
from bot.slack.mrkdwn import safe
from bot.slack.texts import Safe, Words
from bot.slack.views.access import person
from bot.slack.views.config_fields import FIELDS, error_block, field_blocks
from bot.slack.views.costs import cost_text
from bot.slack.views.parts import Rendered, context, section
from bot.slack.views.refusals import refused_at_field


def config_form(words: Words, form: ConfigForm, at: ConfigContext) -> dict[str, Any]:
    """Return the form with its fields under headings; what others changed meanwhile stands above."""
    blocks: list[Block] = []
    if form.meanwhile:
        lines = [_meanwhile(words, one) for one in form.meanwhile]
        blocks.append(section("\n".join([words.say("form.meanwhile"), *lines, words.say("form.yours")])))
    else:
        blocks.append(
            context(words.say("form.about_default" if form.default else "form.about", channel=_link(at)))
        )
    for heading, fields in groupby(FIELDS, key=lambda field: field.section):
        blocks.append(HeaderBlock(text=PlainTextObject(text=words.plain(f"form.sections.{heading}"))))
        for field in fields:
            blocks += field_blocks(words, form, field)
            if field.key == "duel_share" and form.estimate:
                blocks.append(context(cost_text(words, form.estimate)))
    held = ConfigContext(at.channel, at.default, at.home, at.root, form.version, form.base)
    view = View(
        type="modal",
        callback_id=wire.CONFIG_MODAL,
        private_metadata=held.pack(),
        title=PlainTextObject(text=_title(words, default=at.default)),
        submit=PlainTextObject(text=words.plain("buttons.save")),
        close=PlainTextObject(text=words.plain("buttons.cancel")),
        blocks=blocks,
    )
    return dict(view.to_dict())


def field_errors(words: Words, unfit: Unfit, values: Mapping[str, str], version: str) -> dict[str, str]:
    """Return what is said at which block of the form that shows this version."""
    return {
        error_block(key, values, error.fields.get("name"), version): refused_at_field(words, error)
        for key, error in unfit.errors.items()
    }


def one_moment(words: Words, at: ConfigContext) -> dict[str, Any]:
    """Return what stands in the form's place until Slack has said who the person is."""
    return _notice(words, at, [section(words.say("form.one_moment")).to_dict()])


def in_its_place(words: Words, at: ConfigContext, rendered: Rendered) -> dict[str, Any]:
    """Return what a person is told in place of the form."""
    return _notice(words, at, rendered.blocks)


def _notice(words: Words, at: ConfigContext, blocks: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "type": "modal",
        "callback_id": wire.CONFIG_MODAL,
        "private_metadata": at.pack(),
        "title": PlainTextObject(text=_title(words, default=at.default)).to_dict(),
        "close": PlainTextObject(text=words.plain("buttons.back")).to_dict(),
        "blocks": blocks,
    }


def _title(words: Words, *, default: bool) -> str:
    return words.plain("form.title_default" if default else "form.title")


def _link(at: ConfigContext) -> Safe:
    return Safe(f"<#{at.channel}>")


def _meanwhile(words: Words, one: Meanwhile) -> str:
    unset = words.say("config.unset")
    before, after = (Safe(f"`{safe(text)}`" if text else unset) for text in (one.before, one.after))
    change = Safe(words.say("config.change", key=one.key, before=before, after=after))
    if one.by is None or one.at is None:
        return words.say("form.meanwhile_line", change=change)
    return words.say("form.meanwhile_by", change=change, who=person(one.by), when=one.at)
