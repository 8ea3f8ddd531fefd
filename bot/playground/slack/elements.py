"""Interactive elements: finding them in blocks and saying what acting on them means. Pure."""

import json
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.playground.slack.blocks.places import blocks_in, elements_of
from bot.playground.slack.errors import ControlError
from bot.playground.slack.ids import random_id
from bot.playground.slack.models import Ephemeral, Json, Message

SINGLE = {
    "datepicker": "selected_date",
    "timepicker": "selected_time",
    "datetimepicker": "selected_date_time",
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
    "plain_text_input": "value",
    "number_input": "value",
    "email_text_input": "value",
    "url_text_input": "value",
    "rich_text_input": "rich_text_value",
}
ONE_OPTION = {"static_select", "overflow", "radio_buttons", "external_select"}
MANY_OPTIONS = {"checkboxes", "multi_static_select", "multi_external_select"}
ASKED = {"external_select", "multi_external_select"}
"""Menus whose options their app is asked for."""


def walk(blocks: list[Json]) -> Iterator[tuple[Json, Json]]:
    """Yield every interactive element with the block it is in."""
    for _, block in blocks_in(blocks):
        for _, element in elements_of(block):
            if element.get("action_id"):
                yield block, element


def fill_ids(blocks: list[Json]) -> list[Json]:
    """Return copies of the blocks with the block and action ids that Slack makes up for missing ones."""
    filled: list[Json] = json.loads(json.dumps(blocks))
    for _, block in blocks_in(filled):
        block["block_id"] = block.get("block_id") or random_id("b", 5)
        for _, element in elements_of(block):
            if element["type"] != "image":
                element["action_id"] = element.get("action_id") or random_id("a", 5)
    return filled


def attached(message: Message | Ephemeral) -> list[Json]:
    """Return the blocks of a message's attachments."""
    return [block for attachment in message.attachments for block in attachment.get("blocks", ())]


def all_blocks(message: Message | Ephemeral) -> list[Json]:
    """Return the blocks of a message, and after them those of its attachments."""
    return [*message.blocks, *attached(message)]


def find(blocks: list[Json], action_id: str, block_id: str | None, value: Any) -> tuple[Json, Json]:
    """Return the block and element an action id means.

    Args:
        blocks: Where to look.
        action_id: The element's id.
        block_id: Only in this block; None for any. A block that is gone counts as None where one element is
            left to be meant: an update gives blocks without ids of their own new ones, and may come in while
            somebody is being asked whether they are sure.
        value: When several elements share the id, the button with this value.

    Raises:
        ControlError: There is no such element.
    """
    named = [(block, element) for block, element in walk(blocks) if element["action_id"] == action_id]
    found = [pair for pair in named if block_id in {None, pair[0].get("block_id")}]
    if len(named) == 1 and all(block.get("block_id") != block_id for _, block in blocks_in(blocks)):
        found = named
    if not found:
        there = ", ".join(sorted({element["action_id"] for _, element in walk(blocks)})) or "none"
        raise ControlError(f"no element with action_id {action_id!r} here (there: {there})", 404)
    for block, element in found:
        if element["type"] == "button" and element.get("value") == value:
            return block, element
    return found[0]


def options_of(element: Json) -> list[Json]:
    """Return the options of a select, flat."""
    grouped = [option for group in element.get("option_groups", []) for option in group["options"]]
    return [*element.get("options", []), *grouped]


def _option(element: Json, value: Any) -> Json:
    for option in options_of(element):
        if option.get("value") == value:
            return option
    if element["type"] in ASKED:  # chosen without having typed
        return {"text": {"type": "plain_text", "text": str(value)}, "value": str(value)}
    offered = ", ".join(str(option.get("value")) for option in options_of(element))
    raise ControlError(f"{element['action_id']} has no option {value!r} (it has: {offered})", 404)


def chosen(element: Json, value: Any) -> Json:
    """Return what a person's choice or typing adds to an element's state.

    Args:
        element: The element as the app sent it.
        value: An option's value, a list of them, an id, typed text, or a list of file objects; None clears it.

    Raises:
        ControlError: There is no such option.
    """
    kind = element["type"]
    if kind in ONE_OPTION:
        return {"selected_option": None if value is None else _option(element, value)}
    if kind == "file_input":
        return {"files": value or []}
    if kind in MANY_OPTIONS:
        values = value if isinstance(value, list) else [] if value is None else [value]
        return {"selected_options": [_option(element, single) for single in values]}
    return {SINGLE.get(kind, "value"): value}


def initial(element: Json) -> Json:
    """Return the state an input starts in."""
    kind = element["type"]
    if kind == "file_input":
        return {"files": []}
    if kind in ONE_OPTION:
        return {"selected_option": element.get("initial_option")}
    if kind in MANY_OPTIONS:
        return {"selected_options": element.get("initial_options", [])}
    key = SINGLE.get(kind, "value")
    begins = "initial_value" if key in {"value", "rich_text_value"} else key.replace("selected", "initial")
    return {key: element.get(begins)}


def state_values(blocks: list[Json], values: Json) -> Json:
    """Return ``state.values``: what every input holds, typed or initial."""
    state: Json = {}
    for block, element in walk(blocks):
        if element["type"] in {"button", "overflow", "feedback_buttons", "icon_button"}:
            continue
        held = values.get(block["block_id"], {}).get(element["action_id"]) or initial(element)
        state.setdefault(block["block_id"], {})[element["action_id"]] = {"type": element["type"], **held}
    return state


def action(block: Json, element: Json, value: Any, ts: str) -> Json:
    """Return the entry of ``actions`` for a person's act.

    Raises:
        ControlError: The element has no such option or button.
    """
    made: Json = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": block.get("block_id", ""),
        "action_ts": ts,
    }
    kind = element["type"]
    if kind in {"button", "icon_button"}:
        for key in ("text", "value", "style", "icon"):
            if key in element:
                made[key] = element[key]
    elif kind == "feedback_buttons":
        button = _feedback(element, value)
        made |= {"text": button["text"], "value": button["value"]}
    else:
        made |= chosen(element, value)
        if "placeholder" in element:
            made["placeholder"] = element["placeholder"]
    return made


def _feedback(element: Json, value: Any) -> Json:
    for key in ("positive", "negative"):
        button: Json = element[f"{key}_button"]
        if value in {key, button["value"]}:
            return button
    raise ControlError(f"{element['action_id']} has no button {value!r} (positive or negative)", 404)


def _wrong_number(element: Json, text: str) -> str | None:
    try:
        number = Decimal(text)
    except InvalidOperation:
        return "Please enter a number."
    if not element["is_decimal_allowed"] and number != number.to_integral_value():
        return "Please enter a whole number."
    low, high = element.get("min_value"), element.get("max_value")
    if low is not None and number < Decimal(low):
        return f"Please enter a number greater than or equal to {low}."
    if high is not None and number > Decimal(high):
        return f"Please enter a number less than or equal to {high}."
    return None


def missing_inputs(blocks: list[Json], values: Json) -> dict[str, str]:
    """Return, per block id, what Slack's client says of inputs it will not submit."""
    errors: dict[str, str] = {}
    state = state_values(blocks, values)
    for block in blocks:
        if block["type"] != "input":
            continue
        element = block["element"]
        held = dict(state[block["block_id"]][element["action_id"]])
        held.pop("type")
        value = next(iter(held.values()), None)
        if value in (None, "", []):
            if not block.get("optional"):
                errors[block["block_id"]] = "Please complete this required field."
        elif element["type"] == "number_input":
            if wrong := _wrong_number(element, str(value)):
                errors[block["block_id"]] = wrong
        elif isinstance(value, str) and len(value) < element.get("min_length", 0):
            errors[block["block_id"]] = f"This entry needs at least {element['min_length']} characters."
        elif isinstance(value, str) and len(value) > element.get("max_length", 3000):
            errors[block["block_id"]] = (
                f"This entry may have at most {element.get('max_length', 3000)} characters."
            )
    return errors
