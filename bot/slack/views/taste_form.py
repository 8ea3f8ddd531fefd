"""The form in which a tasting is laid, and the modal in which its cost is confirmed."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date, timedelta
from typing import Any

from slack_sdk.models.blocks import (
    Block,
    InputBlock,
    InputInteractiveElement,
    NumberInputElement,
    Option,
    PlainTextInputElement,
    PlainTextObject,
    RadioButtonsElement,
    StaticSelectElement,
    UserMultiSelectElement,
)
from slack_sdk.models.blocks.block_elements import FileInputElement
from slack_sdk.models.views import View

from bot.domain.contestant import BEFORE, drafted
from bot.domain.ids import ChannelId, UserId
from bot.domain.menu import DEFAULT_COUNT, MOST_QUESTIONS, Left
from bot.domain.menu_source import MenuKind, MenuSource
from bot.domain.tasting import MOST_VOTERS, Part, Tasting
from bot.domain.verdict import FEWEST_QUESTIONS
from bot.services.hosting import Choices
from bot.services.laying import CookingEstimate, Laid
from bot.slack import taste_wire as wire
from bot.slack.cutting import clip
from bot.slack.texts import Safe, Words
from bot.slack.views.parts import Rendered, actions, button, context, listed, message, section

HOURS = (1, 4, 24, 72, 168)
_DEFAULT_HOURS = 24
_MOST_OPTIONS = 100
_OPTION_LIMIT = 75
_PARTS = ("type", "callback_id", "private_metadata", "title", "submit", "close")
_TYPED = (wire.LINES, wire.FILE)


def taste_form(
    words: Words,
    channel: ChannelId,
    user: UserId,
    choices: Choices,
    chosen: str | None = None,
    *,
    ends: date | None = None,
) -> dict[str, Any]:
    """Return the form.

    Args:
        words: The reader's language.
        channel: Where the tasting will be.
        user: Who lays it, and votes unless they say otherwise.
        choices: What can be chosen.
        chosen: A contestant that is chosen already; a draft, or one by its fingerprint, meets who has its name now,
            on 20 of their own questions.
        ends: When the model of who is chosen ends: it answers questions then that will still be there.
    """
    first, second = choices.pair or (None, None)
    now = chosen.partition(BEFORE)[0] if chosen and BEFORE in chosen else None
    draft = chosen is not None and drafted(chosen) is not None
    rival = None if draft and now not in choices.names else now  # a draft needs no persona beside it
    names = list(dict.fromkeys(name for name in (chosen, first, second, *choices.names) if name))
    one = chosen or first or (names[0] if names else None)
    other = next((name for name in (rival, second, first, *names) if name and name != one), None)
    own = MenuSource(MenuKind.PERSONA, now) if now else None
    if chosen and ends:
        own = _lasting(choices.menus, chosen)
    brought = choices.own.get(now or "", 0)
    practice = draft and not 0 < brought < 2 * FEWEST_QUESTIONS  # half of fewer brings no verdict
    view = View(
        type="modal",
        callback_id=wire.FORM,
        private_metadata=wire.pack_form(channel, chosen, ends),
        title=PlainTextObject(text=words.plain("tasteform.title")),
        submit=PlainTextObject(text=words.plain("tasteform.submit")),
        close=PlainTextObject(text=words.plain("buttons.cancel")),
        blocks=[
            *([section(words.say("tasteform.ends", name=chosen, date=ends))] if chosen and ends else []),
            _input(words, wire.FIRST, _names(wire.FIRST, names, one)),
            _input(words, wire.SECOND, _names(wire.SECOND, names, other)),
            _input(words, wire.MENU, _menus(words, choices.menus, own), tells=True),
            _input(words, wire.COUNT, _count(FEWEST_QUESTIONS if now else DEFAULT_COUNT), hint="count"),
            _input(words, wire.PART, _parts(words, Part.PRACTICE if practice else Part.WHOLE)),
            _input(words, wire.VOTERS, _voters(user), hint="voters"),
            _input(words, wire.SPAN, _spans(words)),
        ],
    )
    return dict(view.to_dict())


def _lasting(menus: Sequence[MenuSource], name: str) -> MenuSource | None:
    """Return questions that will be there when a contestant is gone: its persona's own, else some that come along."""
    own = MenuSource(MenuKind.PERSONA, name.partition("+")[0])
    return own if own in menus else next((menu for menu in menus if menu.kind is MenuKind.SHIPPED), None)


def field_for(source: MenuSource) -> str | None:
    """Return the field into which the questions of a source are put; None where there is nothing to put."""
    return {MenuKind.LINES: wire.LINES, MenuKind.FILE: wire.FILE}.get(source.kind)


def shows_field_for(view: Mapping[str, Any], source: MenuSource) -> bool:
    """Whether a form, as Slack tells of it, has just the field that a source needs."""
    shown = [block["block_id"] for block in view["blocks"] if block.get("block_id") in _TYPED]
    return shown == [name for name in (field_for(source),) if name]


def with_field_for(
    words: Words, view: Mapping[str, Any], source: MenuSource, endings: Sequence[str]
) -> dict[str, Any]:
    """Return a form with the field that a source needs; what stands in the others stays, as their ids do.

    Args:
        words: The reader's language.
        view: The form as Slack tells of it.
        source: Where the questions are to be from.
        endings: What the name of a file may end with.
    """
    blocks = [block for block in view["blocks"] if block.get("block_id") not in _TYPED]
    place = next(at for at, block in enumerate(blocks, start=1) if block.get("block_id") == wire.MENU)
    match field_for(source):
        case wire.LINES:
            blocks.insert(place, _input(words, wire.LINES, _lines()).to_dict())
        case wire.FILE:
            blocks.insert(place, _input(words, wire.FILE, _file(endings), hint="file").to_dict())
    return {**{part: view[part] for part in _PARTS}, "blocks": blocks}


def taste_offered(words: Words, channel: ChannelId) -> Rendered:
    """Return the button that opens the form, for where a form cannot be opened at once."""
    said = words.say("tastings.open_form")
    opening = button(words.plain("buttons.taste"), wire.TASTE_HERE, channel, style="primary")
    return message(said, [section(said), actions(opening)])


def sums(words: Words, laid: Laid) -> dict[str, Any]:
    """Return the modal that says what cooking would take, with the button that begins it."""
    tasting = laid.tasting
    head, cost, notes = told_sums(words, laid)
    blocks: list[Block] = [section(head), section("\n".join(cost))]
    view = View(
        type="modal",
        callback_id=wire.CONFIRM,
        private_metadata=wire.pack_place(tasting.place.channel, tasting.id),
        title=PlainTextObject(text=words.plain("tasteform.sums_title")),
        submit=PlainTextObject(text=words.plain("tasteform.cook")),
        close=PlainTextObject(text=words.plain("buttons.cancel")),
        blocks=[*blocks, context(*notes)],
    )
    return dict(view.to_dict())


def kept_for_good(words: Words, tasting: Tasting) -> list[str]:
    """Return a sentence for each of the two whose model ends, and whose answers therefore stay."""
    return [
        words.say("tasteform.kept", name=rival.name, date=rival.ends)
        for rival in tasting.rivals
        if rival.ends
    ]


def told_sums(words: Words, laid: Laid) -> tuple[str, list[str], list[str]]:
    """Return what is told before anybody pays: who is asked what, what that takes, and what holds then."""
    tasting, estimate = laid.tasting, laid.estimate
    first, second = (rival.name for rival in tasting.rivals)
    head = words.say("tasteform.sums_head", count=estimate.questions, first=first, second=second)
    notes = []
    if estimate.questions < FEWEST_QUESTIONS:
        notes.append(words.say("tasteform.sums_few", needed=FEWEST_QUESTIONS))
    if tasting.left.total:
        notes.append(_left(words, tasting.left))
    notes += kept_for_good(words, tasting)
    terms = words.say(
        "tasteform.sums_terms",
        count=len(tasting.voters),
        span=tasting.span,
        margin=Safe(words.decimal(tasting.margin, 2)),
        confidence=words.percent(1 - tasting.alpha),
    )
    return head, _cost(words, estimate), [*notes, terms]


def _cost(words: Words, estimate: CookingEstimate) -> list[str]:
    sentences = [words.say("tasteform.sums_there", count=estimate.there)] if estimate.there else []
    if estimate.there == 2 * estimate.questions:
        return [*sentences, words.say("tasteform.sums_nothing")]
    sentences.append(words.say("tasteform.sums_tokens", tokens=estimate.tokens))
    if estimate.money is None:
        sentences.append(words.say("tasteform.sums_no_money"))
    else:
        sentences.append(
            words.say("tasteform.sums_money", money=Safe(words.money(estimate.money, estimate.currency)))
        )
    if estimate.duration is None:
        sentences.append(words.say("tasteform.sums_no_time"))
    elif estimate.duration:
        sentences.append(words.say("tasteform.sums_time", time=estimate.duration))
    if estimate.guessed:
        sentences.append(words.say("tasteform.sums_guessed"))
    return sentences


def _left(words: Words, left: Left) -> str:
    reasons = [
        words.say(f"tasteform.left_{why}", number=count) for why, count in asdict(left).items() if count
    ]
    return words.say("tasteform.sums_left", reasons=listed(reasons))


def _input(
    words: Words,
    name: str,
    element: InputInteractiveElement | RadioButtonsElement,
    *,
    hint: str | None = None,
    tells: bool = False,
) -> InputBlock:
    return InputBlock(
        block_id=name,
        label=PlainTextObject(text=words.plain(f"tasteform.label_{name.removeprefix('taste_')}")),
        hint=PlainTextObject(text=words.plain(f"tasteform.hint_{hint}")) if hint else None,
        element=element,
        dispatch_action=tells or None,
    )


def _names(name: str, names: Sequence[str], chosen: str | None) -> StaticSelectElement:
    options = {one: _option(one, one) for one in names[:_MOST_OPTIONS]}
    initial = options.get(chosen) if chosen else None
    return StaticSelectElement(action_id=name, options=list(options.values()), initial_option=initial)


def _menus(words: Words, menus: Sequence[MenuSource], chosen: MenuSource | None) -> StaticSelectElement:
    options = [_option(_menu_label(words, menu), menu.pack()) for menu in menus[:_MOST_OPTIONS]]
    place = menus.index(chosen) if chosen in menus[:_MOST_OPTIONS] else 0
    return StaticSelectElement(action_id=wire.MENU, options=options, initial_option=options[place])


def _menu_label(words: Words, menu: MenuSource) -> str:
    match menu.kind:
        case MenuKind.CHANNEL:
            return words.plain("tasteform.menu_channel", count=menu.days or 0)
        case MenuKind.SHIPPED:
            return words.plain("tasteform.menu_shipped", name=menu.name or "")
        case MenuKind.PERSONA:
            return words.plain("tasteform.menu_persona", name=menu.name or "")
        case MenuKind.LINES:
            return words.plain("tasteform.menu_lines")
        case MenuKind.FILE:
            return words.plain("tasteform.menu_file")


def _lines() -> PlainTextInputElement:
    return PlainTextInputElement(action_id=wire.LINES, multiline=True, max_length=3_000)


def _file(endings: Sequence[str]) -> FileInputElement:
    return FileInputElement(action_id=wire.FILE, filetypes=list(endings), max_files=1)


def _count(initial: int) -> NumberInputElement:
    return NumberInputElement(
        action_id=wire.COUNT,
        is_decimal_allowed=False,
        min_value="1",
        max_value=str(MOST_QUESTIONS),
        initial_value=str(initial),
    )


def _parts(words: Words, chosen: Part) -> RadioButtonsElement:
    options = {part: _option(words.plain(f"tasteform.part_{part.value}"), part.value) for part in Part}
    return RadioButtonsElement(
        action_id=wire.PART, options=list(options.values()), initial_option=options[chosen]
    )


def _voters(user: UserId) -> UserMultiSelectElement:
    return UserMultiSelectElement(action_id=wire.VOTERS, initial_users=[user], max_selected_items=MOST_VOTERS)


def _spans(words: Words) -> StaticSelectElement:
    options = {hours: _option(words.duration(timedelta(hours=hours)), str(hours)) for hours in HOURS}
    return StaticSelectElement(
        action_id=wire.SPAN, options=list(options.values()), initial_option=options[_DEFAULT_HOURS]
    )


def _option(text: str, value: str) -> Option:
    return Option(value=value, text=PlainTextObject(text=clip(text, _OPTION_LIMIT)))
