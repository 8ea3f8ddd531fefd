"""The form for a question."""

from collections.abc import Sequence
from typing import Any

from slack_sdk.models.blocks import (
    InputBlock,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    StaticSelectElement,
)
from slack_sdk.models.views import View

from bot.domain.reports import Offered
from bot.slack import ids
from bot.slack.cutting import clip
from bot.slack.ids import AskContext
from bot.slack.texts import Safe, Words
from bot.slack.views.ballots import notice_modal
from bot.slack.views.parts import context as small_print

_MOST_OPTIONS = 100
_OPTION_LIMIT = 75
_PAIR = 2
_TEXT_LIMIT = 3_000
"""Slack's own limits of a select, and of what is typed into a field."""


def question_form(
    words: Words,
    context: AskContext,
    offered: Offered,
    chosen: str | None = None,
    text: str | None = None,
) -> dict[str, Any]:
    """Return the form.

    Args:
        words: The reader's language.
        context: What it is for.
        offered: Who can be chosen: to answer, or as the two of a duel where none are set.
        chosen: Who is chosen already to answer; passed over when it is nobody offered.
        text: What stands in it already; None for nothing.
    """
    kind = "duel" if context.duel else "ask"
    view = View(
        type="modal",
        callback_id=ids.ASK_MODAL,
        private_metadata=context.pack(),
        title=PlainTextObject(text=words.plain(f"asking.title_{kind}")),
        submit=PlainTextObject(text=words.plain(f"asking.submit_{kind}")),
        close=PlainTextObject(text=words.plain("buttons.cancel")),
        blocks=[
            _question(words, text, duel=context.duel),
            *(_sides(words, offered) if context.duel else _who(words, offered.names, chosen)),
            small_print(words.say("asking.shown", channel=_link(context))),
        ],
    )
    return dict(view.to_dict())


def asked_away(words: Words, context: AskContext) -> dict[str, Any]:
    """Return what is said in place of the form to somebody who does not see the channel."""
    return notice_modal(words, words.say("asking.asked", channel=_link(context)))


def _link(context: AskContext) -> Safe:
    return Safe(f"<#{context.channel}>")


def _question(words: Words, text: str | None, *, duel: bool) -> InputBlock:
    return InputBlock(
        block_id=ids.QUESTION_BLOCK,
        label=PlainTextObject(text=words.plain("asking.question")),
        hint=PlainTextObject(text=words.plain("asking.hint_duel")) if duel else None,
        element=PlainTextInputElement(
            action_id=ids.QUESTION_TEXT,
            multiline=True,
            focus_on_load=True,
            max_length=_TEXT_LIMIT,
            initial_value=clip(text, _TEXT_LIMIT) if text else None,
            placeholder=PlainTextObject(text=words.plain("asking.placeholder")),
        ),
    )


def _who(words: Words, names: Sequence[str], chosen: str | None) -> list[InputBlock]:
    if not names:
        return []
    label, placeholder = words.plain("asking.who"), words.plain("asking.as_set")
    return [_select(ids.WHO_BLOCK, ids.WHO_CHOICE, label, names, chosen, placeholder=placeholder)]


def _sides(words: Words, offered: Offered) -> list[InputBlock]:
    """Return two selects where nobody has set who duels and there are two to choose from."""
    if offered.pair is not None or len(offered.names) < _PAIR:
        return []
    first, second = offered.names[:_PAIR]
    return [
        _select(ids.WHO_BLOCK, ids.WHO_CHOICE, words.plain("asking.first"), offered.names, first),
        _select(ids.RIVAL_BLOCK, ids.RIVAL_CHOICE, words.plain("asking.second"), offered.names, second),
    ]


def _select(
    block: str,
    action: str,
    label: str,
    names: Sequence[str],
    chosen: str | None,
    *,
    placeholder: str | None = None,
) -> InputBlock:
    options = {
        name: Option(value=name, text=PlainTextObject(text=clip(name, _OPTION_LIMIT)))
        for name in names[:_MOST_OPTIONS]
    }
    return InputBlock(
        block_id=block,
        optional=placeholder is not None,
        label=PlainTextObject(text=label),
        element=StaticSelectElement(
            action_id=action,
            placeholder=PlainTextObject(text=placeholder) if placeholder else None,
            options=list(options.values()),
            initial_option=options.get(chosen) if chosen else None,
        ),
    )
