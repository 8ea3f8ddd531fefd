"""Blocks, views and chunks of streams: their keys, limits and the surfaces they may stand on.

Limits are those of docs.slack.dev/reference/block-kit/blocks; what the documents leave out says so.
"""

from bot.playground.slack.blocks import among
from bot.playground.slack.blocks.charts import DATA_TABLE, DATA_VISUALIZATION, TABLE
from bot.playground.slack.blocks.elements import (
    ELEMENTS,
    IN_ACTIONS,
    IN_CONTEXT_ACTIONS,
    IN_INPUT,
    IN_SECTION,
)
from bot.playground.slack.blocks.objects import ICON, ID, PICTURE, SLACK_FILE, only
from bot.playground.slack.blocks.rich_text import RICH_TEXT
from bot.playground.slack.blocks.rules import (
    SECURE,
    Array,
    Boolean,
    Enum,
    Rule,
    Shape,
    String,
    Text,
    Typed,
    anything,
    plain,
)

MESSAGE, MODAL, HOME = "message", "modal", "home"
EVERYWHERE = frozenset({MESSAGE, MODAL, HOME})

_TYPE: dict[str, Rule] = {"type": anything}
_ID: dict[str, Rule] = {"block_id": ID}
_IMAGE = only("image", ELEMENTS["image"])
_PICTURE_PLACE = (("image_url", "slack_file"),)
_SECURE = String(3000, 1, SECURE)
IN_CONTEXT: dict[str, Rule] = {"plain_text": Text(3000), "mrkdwn": Text(3000), "image": ELEMENTS["image"]}

BLOCKS: dict[str, Shape] = {
    "section": Shape(
        _TYPE,
        {
            **_ID,
            "text": Text(3000),
            "fields": Array(Text(2000), 10),
            "accessory": Typed(ELEMENTS, IN_SECTION),
            "expand": Boolean(),
        },
        either=(("text", "fields"),),
    ),
    "header": Shape({**_TYPE, "text": plain(150)}, _ID),
    "divider": Shape(_TYPE, _ID),
    "context": Shape({**_TYPE, "elements": Array(Typed(IN_CONTEXT), 10)}, _ID),
    "actions": Shape({**_TYPE, "elements": Array(Typed(ELEMENTS, IN_ACTIONS), 25)}, _ID),
    "context_actions": Shape({**_TYPE, "elements": Array(Typed(ELEMENTS, IN_CONTEXT_ACTIONS), 5)}, _ID),
    "image": Shape(
        {**_TYPE, "alt_text": String(2000, 1)},
        {**_ID, "image_url": PICTURE, "slack_file": SLACK_FILE, "title": plain(2000)},
        either=_PICTURE_PLACE,
        exclusive=_PICTURE_PLACE,
    ),
    "input": Shape(
        {**_TYPE, "label": plain(2000), "element": Typed(ELEMENTS, IN_INPUT)},
        {**_ID, "hint": plain(2000), "optional": Boolean(), "dispatch_action": Boolean()},
    ),
    "markdown": Shape({**_TYPE, "text": String(12_000, 1)}, _ID),
    "rich_text": RICH_TEXT,
    "table": TABLE,
    "data_table": DATA_TABLE,
    "data_visualization": DATA_VISUALIZATION,
    "file": Shape({**_TYPE, "external_id": String(255, 1), "source": Enum(("remote",))}, _ID),
    "video": Shape(
        {
            **_TYPE,
            "alt_text": String(2000, 1),
            "title": plain(199),
            "thumbnail_url": PICTURE,
            "video_url": _SECURE,
        },
        {
            **_ID,
            "author_name": String(49),
            "description": plain(200),
            "provider_icon_url": PICTURE,
            "provider_name": String(50),
            "title_url": _SECURE,
        },
    ),
    "card": Shape(
        _TYPE,
        {
            **_ID,
            "title": Text(150),
            "subtitle": Text(150),
            "body": Text(200),
            "subtext": Text(200),
            "icon": _IMAGE,
            "slack_icon": ICON,
            "hero_image": _IMAGE,
            "actions": Array(Typed(ELEMENTS, frozenset({"button"})), 3),
        },
        either=(("hero_image", "title", "actions", "body"),),
        exclusive=(("icon", "slack_icon"),),
    ),
    "alert": Shape(
        {**_TYPE, "text": Text(200)},
        {**_ID, "level": Enum(("default", "info", "warning", "error", "success"))},
    ),
}


def _task(*statuses: str) -> Shape:
    return Shape(
        {**_TYPE, "task_id": String(255, 1), "title": String(256, 1), "status": Enum(statuses)},
        {
            **_ID,
            "details": only("rich_text", RICH_TEXT),
            "output": only("rich_text", RICH_TEXT),
            "sources": Array(Typed(ELEMENTS, frozenset({"url"})), least=0),
            "icon": ICON,
        },
    )


PLANNED = _task("pending", "in_progress", "complete", "error")
"""A task of a plan; one that stands alone may not be pending."""
BLOCKS["task_card"] = _task("in_progress", "complete", "error")
BLOCKS["plan"] = Shape(
    {**_TYPE, "title": String(256, 1)},
    {**_ID, "tasks": Array(only("task_card", PLANNED), 50, least=0)},
    also=(among.tasks_have_ids_of_their_own,),
)
BLOCKS["carousel"] = Shape({**_TYPE, "elements": Array(Typed(BLOCKS, frozenset({"card"})), 10)}, _ID)
IN_CONTAINER = frozenset(
    [
        "actions",
        "context",
        "divider",
        "file",
        "header",
        "image",
        "input",
        "rich_text",
        "section",
        "table",
        "video",
    ]
)
BLOCKS["container"] = Shape(
    {**_TYPE, "child_blocks": Array(Typed(BLOCKS, IN_CONTAINER), 10)},
    {
        **_ID,
        "title": plain(150),
        "rich_text_title": only("rich_text", RICH_TEXT),
        "subtitle": Text(150),
        "icon": _IMAGE,
        "width": Enum(("narrow", "standard", "wide", "full")),
        "is_collapsible": Boolean(),
        "default_collapsed": Boolean(),
        "has_header_divider": Boolean(),
    },
    either=(("title", "rich_text_title"),),
    also=(among.collapses_sensibly,),
)

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
ON_SURFACE: dict[str, Typed] = {
    surface: Typed(BLOCKS, frozenset(kind for kind, places in SURFACES.items() if surface in places))
    for surface in sorted(EVERYWHERE)
}

_VIEW: dict[str, Rule] = {"private_metadata": String(3000), "callback_id": ID, "external_id": ID}
VIEWS: dict[str, Shape] = {
    "modal": Shape(
        {**_TYPE, "title": plain(24), "blocks": anything},
        {
            **_VIEW,
            "close": plain(24),
            "submit": plain(24),
            "clear_on_close": Boolean(),
            "notify_on_close": Boolean(),
        },
    ),
    "home": Shape({**_TYPE, "blocks": anything}, _VIEW),
}

CHUNKS: dict[str, Shape] = {
    "markdown_text": Shape({**_TYPE, "text": String()}),
    "task_update": Shape(
        {
            **_TYPE,
            "id": String(255, 1),
            "title": String(256, 1),
            "status": Enum(("pending", "in_progress", "complete", "error")),
        },
        {
            "details": String(256),
            "output": String(256),
            "sources": Array(Typed(ELEMENTS, frozenset({"url"})), least=0),
            "icon": ICON,
        },
    ),
    "plan_update": Shape({**_TYPE, "title": String(256, 1)}),
    "blocks": Shape({**_TYPE, "blocks": anything}),
}
"""docs.slack.dev/reference/methods/chat.appendStream."""

SUGGESTED_PROMPTS = Array(Shape({"title": String(least=1), "message": String(least=1)}), 4)
"""docs.slack.dev/reference/methods/assistant.threads.setSuggestedPrompts: up to four."""

LOADING_MESSAGES = Array(String(50, 1), 10, least=0)
"""Ten of them: docs.slack.dev/reference/methods/assistant.threads.setStatus; 50 characters each is undocumented, but
what Slack answers (``must be less than 51 characters [json-pointer:/loading_messages/0]``)."""
