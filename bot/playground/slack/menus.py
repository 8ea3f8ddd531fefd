"""Menus whose options an app is asked for while a person types."""

from bot.playground.slack import interactions
from bot.playground.slack.blocks import check_options
from bot.playground.slack.core import Core
from bot.playground.slack.elements import ASKED
from bot.playground.slack.errors import ControlError
from bot.playground.slack.models import Json

QUERY_LENGTH = 3
"""Without ``min_query_length`` (docs.slack.dev/reference/block-kit/block-elements/select-menu-element)."""


async def options_for(
    core: Core, scene: interactions.Scene, place: Json, *, block: Json, element: Json, typed: str
) -> Json:
    """Ask an app for the options that fit what was typed.

    Args:
        core: The local Slack.
        scene: Who types, and whose menu it is.
        place: Where it stands: `interactions.in_message` or `interactions.in_view`.
        block: Around the menu.
        element: The menu.
        typed: Nobody is asked before this is long enough.

    Returns:
        ``options`` or ``option_groups`` as the app answered, and ``error`` when it did not, or wrongly.

    Raises:
        ControlError: The menu has its own options.
    """
    if element["type"] not in ASKED:
        raise ControlError(f"{element['action_id']} has its own options", 400)
    if len(typed) < element.get("min_query_length", QUERY_LENGTH):
        return {"options": [], "error": None}
    payload = interactions.suggestion(scene, place, block, element, typed)
    ack = await core.couriers.ask(scene.app, "interactive", "block_suggestion", payload)
    if not ack.ok:
        return {"options": [], "error": "operation_timeout"}
    if wrong := check_options(ack.payload):
        return {"options": [], "error": wrong}
    core.offered.note(scene.app, element, ack.payload)
    return {**ack.payload, "error": None}
