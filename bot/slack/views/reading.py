"""The modal in which both answers of a duel are read in full, one beside the other, and voted on."""

import json
from typing import Any

from slack_sdk.models.blocks import (
    ActionsBlock,
    Block,
    InputBlock,
    Option,
    PlainTextObject,
    RadioButtonsElement,
    SectionBlock,
)
from slack_sdk.models.views import View

from bot.domain.ballot import Choice
from bot.domain.reports import Reading
from bot.domain.thread import Side
from bot.slack import ids
from bot.slack.cutting import clip
from bot.slack.ids import ModalContext
from bot.slack.mrkdwn import safe
from bot.slack.rendering import to_sections
from bot.slack.texts import Safe, Words
from bot.slack.views.duels import choice_label
from bot.slack.views.parts import actions, button, context, divider, fitting, mrkdwn

_QUESTION_LIMIT = 600
_MOST_SECTIONS = 85
_MOST_BYTES = 200_000
"""Of an answer in a modal, which holds 100 blocks and 250 KB in all; what is more comes on a next page."""
_LONG = 3
"""From so many sections on the buttons A and B stand under the text, too."""


def read_modal(
    words: Words, reading: Reading, place: ModalContext, *, page: int = 0, chosen: Choice | None = None
) -> dict[str, Any]:
    """Return one side of a duel in full, with a switch to the other and a ballot under it while it is open.

    Args:
        words: The reader's language.
        reading: The side, and one's own ballot.
        place: Where the modal was opened.
        page: Which part of an answer that is too long for one modal, from 0.
        chosen: What is chosen in the form but not sent; None for what the ballot says.
    """
    pages = _pages(to_sections(reading.text)) or [["…"]]
    page = min(page, len(pages) - 1)
    question = safe(clip(" ".join(reading.question.split()), _QUESTION_LIMIT))
    switch = _switch(words, reading)
    blocks: list[Block] = [
        *([context(fitting(question, 3_000))] if question else []),
        switch,
        *(SectionBlock(text=mrkdwn(piece), expand=True) for piece in pages[page]),
        *([_turning(words, reading.side, page, len(pages))] if len(pages) > 1 else []),
        *([_switch(words, reading, below=True)] if len(pages[page]) >= _LONG else []),
    ]
    votes = reading.open and not reading.locked
    if votes:
        blocks += [divider(), ballot_input(words, chosen or reading.choice)]
    blocks.append(context(*_standing(words, reading)))
    view = View(
        type="modal",
        title=PlainTextObject(text=words.plain("modals.answer", side=reading.side.value.upper())),
        close=PlainTextObject(text=words.plain("buttons.back")),
        submit=PlainTextObject(text=words.plain("buttons.vote")) if votes else None,
        callback_id=ids.BALLOT_MODAL,
        private_metadata=place.pack(),
        blocks=blocks,
    )
    return dict(view.to_dict())


def _pages(pieces: list[str]) -> list[list[str]]:
    pages: list[list[str]] = []
    left = 0
    for piece in pieces:
        size = len(json.dumps(piece))
        if not pages or len(pages[-1]) == _MOST_SECTIONS or size > left:
            pages.append([])
            left = _MOST_BYTES
        pages[-1].append(piece)
        left -= size
    return pages


def _switch(words: Words, reading: Reading, *, below: bool = False) -> ActionsBlock:
    """Return the two sides as buttons, the one that is shown marked."""
    return actions(
        *(
            button(
                words.plain(
                    "buttons.shown" if side is reading.side else "buttons.show", side=side.value.upper()
                ),
                ids.show(side, below=below),
                reading.duel,
                style="primary" if side is reading.side else None,
                spoken=words.plain("modals.answer", side=side.value.upper()),
            )
            for side in Side
        )
    )


def _turning(words: Words, side: Side, page: int, pages: int) -> ActionsBlock:
    return actions(
        *(
            button(
                words.plain("buttons.part", number=number + 1, total=pages),
                ids.page(side, number),
                str(number),
            )
            for number in (page - 1, page + 1)
            if 0 <= number < pages
        )
    )


def ballot_input(words: Words, chosen: Choice | None = None) -> InputBlock:
    """Return the field of a modal in which one of two answers is voted for; `ids.submitted_choice` reads it."""
    options = {
        choice: Option(value=choice.value, text=PlainTextObject(text=choice_label(words, choice)))
        for choice in Choice
    }
    return InputBlock(
        block_id=ids.BALLOT_BLOCK,
        label=PlainTextObject(text=words.plain("modals.which")),
        element=RadioButtonsElement(
            action_id=ids.BALLOT_CHOICE,
            options=list(options.values()),
            initial_option=options[chosen] if chosen else None,
        ),
        optional=True,
    )


def _standing(words: Words, reading: Reading) -> list[str]:
    choice = Safe(choice_label(words, reading.choice)) if reading.choice else None
    if not reading.open:
        was = words.say("ballots.was", choice=choice) if choice else words.say("ballots.none_cast")
        return [words.say("modals.closed"), was]
    if choice is None:
        return [words.say("ballots.secret")]
    key = "ballots.locked" if reading.locked else "modals.voted"
    return [words.say(key, choice=choice), words.say("ballots.secret")]
