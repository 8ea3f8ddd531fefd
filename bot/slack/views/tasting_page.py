"""A pair of a tasting in the direct message with one voter, changed in place; and both answers in full.

Nothing here knows who wrote what: a `Page` does not hold it.
"""

from typing import Any

from slack_sdk.models.blocks import (
    Block,
    PlainTextObject,
    SectionBlock,
)
from slack_sdk.models.views import View

from bot.domain.ballot import Choice
from bot.domain.course import Move
from bot.services.tasting_room import Page
from bot.slack import taste_wire as wire
from bot.slack.cutting import clip, clip_both
from bot.slack.mrkdwn import neutralise, safe, to_fallback
from bot.slack.rendering import to_sections
from bot.slack.taste_wire import Seat
from bot.slack.texts import Safe, Words
from bot.slack.views.duels import BOTH_LIMIT, choice_label
from bot.slack.views.parts import (
    Rendered,
    actions,
    button,
    context,
    divider,
    fitting,
    markdown,
    message,
    mrkdwn,
    section,
)
from bot.slack.views.reading import ballot_input

_QUESTION_LIMIT = 2_000
_SECTIONS_EACH = 40
"""Sections of an answer in the modal, which holds 100 blocks."""


def page(words: Words, shown: Page, *, moved_on: bool = False) -> Rendered:
    """Return what a voter has in front of them, or that they are through.

    Args:
        words: Their language.
        shown: What it is.
        moved_on: Whether they clicked on what they had moved past on another device.
    """
    seat = Seat(shown.place.channel, shown.tasting, shown.over, shown.question)
    notes = [words.say("tastings.moved_on")] if moved_on else []
    if shown.question is None:
        return _through(words, shown, seat, notes)
    head = words.say("tastings.progress", number=shown.number, of=shown.of, channel=_link(shown))
    pair = clip_both(neutralise(shown.a), neutralise(shown.b), BOTH_LIMIT)
    question = fitting(quoted(shown.text), 2_900)
    voting = actions(
        *(
            button(choice_label(words, choice), wire.move(Move(choice.value)), seat.pack())
            for choice in Choice
        )
    )
    aside = [
        *([button(words.plain("buttons.read_both"), wire.READ, seat.pack())] if pair.cut else []),
        button(words.plain("buttons.skip"), wire.move(Move.SKIP), seat.pack()),
        *([_undo(words, seat)] if shown.over else []),
    ]
    return message(
        f"{head} {to_fallback(shown.text, 300)}",
        [
            context(head),
            section(question),
            section("*A*"),
            markdown(pair.a),
            divider(),
            section("*B*"),
            markdown(pair.b),
            voting,
            actions(*aside),
            context(words.say("tastings.secret"), *notes),
        ],
    )


def _through(words: Words, shown: Page, seat: Seat, notes: list[str]) -> Rendered:
    if not shown.waiting:
        thanks = words.say("tastings.all_done", channel=_link(shown))
        return message(thanks, [section(thanks)])
    thanks = words.say("tastings.through", channel=_link(shown))
    rest = words.say("tastings.waiting", count=shown.waiting)
    until = words.say("tastings.until", when=shown.deadline)
    undo: list[Block] = [actions(_undo(words, seat))] if shown.over else []
    return message(thanks, [section(thanks), *undo, context(rest, until, *notes)])


def ended(sentence: str) -> Rendered:
    """Return what stands in place of a pair that cannot be voted on any more."""
    return message(sentence, [section(sentence)])


def both_in_full(words: Words, shown: Page, metadata: str) -> dict[str, Any]:
    """Return the modal with both answers in full, and a vote beneath them."""
    blocks: list[Block] = [section(fitting(quoted(shown.text), 2_900))]
    for letter, text in (("A", shown.a), ("B", shown.b)):
        pieces = to_sections(text)[:_SECTIONS_EACH] or ["…"]
        blocks += [
            section(f"*{letter}*"),
            *(SectionBlock(text=mrkdwn(piece), expand=True) for piece in pieces),
            divider(),
        ]
    blocks.append(ballot_input(words))
    view = View(
        type="modal",
        title=PlainTextObject(text=words.plain("tastings.both_title")),
        close=PlainTextObject(text=words.plain("buttons.back")),
        submit=PlainTextObject(text=words.plain("buttons.vote")),
        callback_id=wire.READING,
        private_metadata=metadata,
        blocks=blocks,
    )
    return dict(view.to_dict())


def quoted(text: str) -> str:
    """Return somebody's question as a quotation, ready to be shown."""
    lines = safe(clip(text, _QUESTION_LIMIT)).splitlines()
    return "\n".join(f">{line}" for line in lines)


def _undo(words: Words, seat: Seat) -> Any:
    return button(words.plain("buttons.undo"), wire.move(None), seat.pack())


def _link(shown: Page) -> Safe:
    return Safe(f"<#{shown.place.channel}>")
