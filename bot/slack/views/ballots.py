"""Ballots as one person sees them: the receipt, one's own ballot, an answer in full with a ballot under it."""

from typing import Any

from slack_sdk.models.blocks import (
    Block,
    ButtonElement,
    PlainTextObject,
)
from slack_sdk.models.views import View

from bot.domain.reports import BallotReceipt, MyBallot
from bot.slack import ids
from bot.slack.texts import Safe, Words
from bot.slack.views.duels import (
    ballot_buttons,
    choice_label,
    close_button,
    outcome_text,
    result_blocks,
    voted_text,
)
from bot.slack.views.parts import (
    Rendered,
    actions,
    button,
    confirming,
    context,
    fitting,
    message,
    notice,
    section,
)


def receipt(words: Words, ballot: BallotReceipt) -> Rendered:
    """Return what a voter is told after voting."""
    key = "ballots.changed" if ballot.changed else "ballots.cast"
    choice = Safe(choice_label(words, ballot.choice))
    return notice(f"{words.say(key, choice=choice)} {voted_text(words, ballot.ballots)}")


def closed(words: Words) -> Rendered:
    """Return what the person who closed a duel is told."""
    return notice(words.say("ballots.you_closed"))


def my_ballot(words: Words, mine: MyBallot) -> Rendered:
    """Return one's own ballot with what can be done with it, and the names where this person may see them."""
    standing = _standing(words, mine)
    blocks: list[Block] = [section(standing)]
    text = standing
    if mine.revealed is not None:
        text += " " + outcome_text(words, mine.revealed)
        blocks += result_blocks(words, mine.revealed)
    if mine.duel.is_open:
        if not mine.locked:
            blocks.append(actions(*ballot_buttons(words, mine.duel.id, mine.choice)))
        if further := _further(words, mine):
            blocks.append(actions(*further))
        blocks.append(context(f"{voted_text(words, mine.ballots)} {words.say('ballots.secret')}"))
    return message(text, blocks)


def loading_modal(words: Words) -> dict[str, Any]:
    """Return the modal that is opened at once, to be filled in a moment."""
    return notice_modal(words, words.say("modals.loading"))


def notice_modal(words: Words, text: str) -> dict[str, Any]:
    """Return a modal that says one thing, ready mrkdwn, such as why something cannot be shown."""
    view = View(
        type="modal",
        title=PlainTextObject(text=words.plain("modals.title")),
        close=PlainTextObject(text=words.plain("buttons.back")),
        blocks=[section(fitting(text, 3_000))],
    )
    return dict(view.to_dict())


def _standing(words: Words, mine: MyBallot) -> str:
    if mine.choice is None:
        return words.say("ballots.none_yet" if mine.duel.is_open else "ballots.none_cast")
    choice = Safe(choice_label(words, mine.choice))
    if not mine.duel.is_open:
        return words.say("ballots.was", choice=choice)
    return words.say("ballots.locked" if mine.locked else "ballots.is", choice=choice)


def _further(words: Words, mine: MyBallot) -> list[ButtonElement]:
    buttons = []
    if mine.choice is not None and not mine.locked:
        ask = confirming(
            words,
            words.plain("confirm.peek_title"),
            words.say("confirm.peek_text"),
            words.plain("confirm.peek_yes"),
        )
        buttons.append(button(words.plain("buttons.peek"), ids.PEEK, mine.duel.id, confirm=ask))
    if mine.may_close:
        buttons.append(close_button(words, mine.duel.id, words.plain("buttons.close_now")))
    return buttons
