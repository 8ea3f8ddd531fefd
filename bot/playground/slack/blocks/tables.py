"""Blocks and views: their keys, limits and the surfaces they may stand on.

Limits are those of docs.slack.dev/reference/block-kit/blocks; what the documents leave out says so.
Blocks that chat bots only receive (rich_text) or rarely send are checked loosely.
"""

from typing import Any

from bot.playground.slack.blocks.elements import (
    ELEMENTS,
    ID,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
    URL,
)
from bot.playground.slack.blocks.rules import (
    Findings,
    Rule,
    Shape,
    anything,
    array,
    boolean,
    one_of,
    plain,
    string,
    text,
    typed,
)

MESSAGE, MODAL, HOME = "message", "modal", "home"
EVERYWHERE = frozenset({MESSAGE, MODAL, HOME})

_BASE: dict[str, Rule] = {"type": anything}
_ID: dict[str, Rule] = {"block_id": ID}
_IMAGE_PLACE = (("image_url", "slack_file"),)


def _context_element(value: Any, pointer: str, findings: Findings) -> None:
    if isinstance(value, dict) and value.get("type") == "image":
        ELEMENTS["image"](value, pointer, findings)
    else:
        text(3000)(value, pointer, findings)


def _child(value: Any, pointer: str, findings: Findings) -> None:
    typed(BLOCKS)(value, pointer, findings)


def _card(value: Any, pointer: str, findings: Findings) -> None:
    typed(BLOCKS, frozenset({"card"}))(value, pointer, findings)


BLOCKS: dict[str, Shape] = {
    "section": Shape(
        _BASE,
        {
            **_ID,
            "text": text(3000),
            "fields": array(text(2000), 10),
            "accessory": typed(ELEMENTS, IN_SECTION),
            "expand": boolean,
        },
        either=(("text", "fields"),),
    ),
    "header": Shape({**_BASE, "text": plain(150)}, _ID),
    "divider": Shape(_BASE, _ID),
    "context": Shape({**_BASE, "elements": array(_context_element, 10)}, _ID),
    "actions": Shape({**_BASE, "elements": array(typed(ELEMENTS, IN_ACTIONS), 25)}, _ID),
    "context_actions": Shape({**_BASE, "elements": array(typed(ELEMENTS, IN_CONTEXT_ACTIONS), 5)}, _ID),
    "image": Shape(
        {**_BASE, "alt_text": string(2000, least=1)},
        {
            **_ID,
            "image_url": URL,
            "slack_file": Shape({}, {"id": string(32), "url": URL}, either=(("id", "url"),)),
            "title": plain(2000),
        },
        either=_IMAGE_PLACE,
        exclusive=_IMAGE_PLACE,
    ),
    "input": Shape(
        {**_BASE, "label": plain(2000), "element": typed(ELEMENTS, IN_INPUT)},
        {**_ID, "hint": plain(2000), "optional": boolean, "dispatch_action": boolean},
    ),
    "markdown": Shape({**_BASE, "text": string(12_000, least=1)}, _ID),
    "rich_text": Shape({**_BASE, "elements": array(anything, 1000, least=0)}, _ID),
    "table": Shape(
        {**_BASE, "rows": array(array(anything, 20), 100)}, {**_ID, "column_settings": array(anything, 20)}
    ),
    "data_table": Shape(
        {**_BASE, "rows": array(anything, 201, least=2)},
        {**_ID, "columns": anything, "caption": anything, "page_size": anything, "title": anything},
    ),
    "data_visualization": Shape({**_BASE, "chart": anything}, {**_ID, "title": anything}),
    "file": Shape({**_BASE, "external_id": string(255), "source": one_of("remote")}, _ID),
    "video": Shape(
        {
            **_BASE,
            "alt_text": string(least=1),
            "title": plain(199),
            "thumbnail_url": URL,
            "video_url": URL,
        },
        {
            **_ID,
            "author_name": string(49),
            "description": plain(2000),
            "provider_icon_url": URL,
            "provider_name": string(),
            "title_url": URL,
        },
    ),
    "card": Shape(
        _BASE,
        {
            **_ID,
            "title": text(150),
            "subtitle": text(150),
            "body": text(200),
            "subtext": text(150),
            "icon": anything,
            "slack_icon": anything,
            "hero_image": anything,
            "actions": array(typed(ELEMENTS, frozenset({"button"})), 3),
        },
        either=(("hero_image", "title", "actions", "body"),),
    ),
    "carousel": Shape({**_BASE, "elements": array(_card, 10)}, _ID),
    "container": Shape(
        {**_BASE, "child_blocks": array(_child, 10)},
        {
            **_ID,
            "title": plain(150),
            "rich_text_title": anything,
            "subtitle": text(150),
            "icon": anything,
            "width": one_of("narrow", "standard", "wide", "full"),
            "is_collapsible": boolean,
            "default_collapsed": boolean,
            "has_header_divider": boolean,
        },
        either=(("title", "rich_text_title"),),
    ),
    "alert": Shape(
        {**_BASE, "text": text(200)},
        {**_ID, "level": one_of("default", "info", "warning", "error", "success")},
    ),
    "task_card": Shape(
        {**_BASE, "task_id": string(255), "title": string(256, least=1)},
        {
            **_ID,
            "status": one_of("in_progress", "complete", "error"),
            "details": anything,
            "output": anything,
            "sources": array(typed(ELEMENTS, frozenset({"url"})), 50, least=0),
        },
    ),
    "plan": Shape({**_BASE, "title": string(256, least=1)}, {**_ID, "tasks": array(anything, 50, least=0)}),
}

SURFACES: dict[str, frozenset[str]] = {
    **dict.fromkeys(BLOCKS, EVERYWHERE),
    "markdown": frozenset({MESSAGE}),
    "context_actions": frozenset({MESSAGE}),
    "file": frozenset({MESSAGE}),
    "table": frozenset({MESSAGE, HOME}),
    "data_table": frozenset({MESSAGE, HOME}),
    "data_visualization": frozenset({MESSAGE, HOME}),
    "carousel": frozenset({MESSAGE, HOME}),
    "container": frozenset({MESSAGE, HOME}),
    "alert": frozenset({MODAL}),
    "task_card": frozenset({MESSAGE}),
    "plan": frozenset({MESSAGE}),
}

_VIEW: dict[str, Rule] = {"private_metadata": string(3000), "callback_id": ID, "external_id": ID}
VIEWS: dict[str, Shape] = {
    "modal": Shape(
        {"type": anything, "title": plain(24), "blocks": anything},
        {
            **_VIEW,
            "close": plain(24),
            "submit": plain(24),
            "clear_on_close": boolean,
            "notify_on_close": boolean,
        },
    ),
    "home": Shape({"type": anything, "blocks": anything}, _VIEW),
}
