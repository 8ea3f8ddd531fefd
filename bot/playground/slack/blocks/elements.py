"""Block elements: their keys and limits, and the blocks they may stand in.

Limits are those of docs.slack.dev/reference/block-kit/block-elements, keys also those of @slack/types.
"""

from bot.playground.slack.blocks import among
from bot.playground.slack.blocks.objects import (
    ADDRESS,
    CONFIRM,
    DISPATCH,
    FEEDBACK,
    FILTER,
    GROUP,
    ID,
    LABEL,
    LINK_OPTION,
    OPTION,
    PICTURE,
    PLAIN_OPTION,
    SLACK_FILE,
    STYLE,
    WORKFLOW,
    only,
)
from bot.playground.slack.blocks.rich_text import RICH_TEXT
from bot.playground.slack.blocks.rules import (
    CHANNEL,
    DATE,
    TIME,
    USER,
    ZONE,
    Array,
    Boolean,
    Enum,
    Integer,
    Rule,
    Shape,
    String,
    anything,
    plain,
)

_TYPE: dict[str, Rule] = {"type": anything}
_FOCUS: dict[str, Rule] = {"action_id": ID, "focus_on_load": Boolean()}
_COMMON: dict[str, Rule] = {**_FOCUS, "confirm": CONFIRM}
_SELECT: dict[str, Rule] = {**_COMMON, "placeholder": plain(150)}
_MANY: dict[str, Rule] = {**_SELECT, "max_selected_items": Integer(1)}
_TYPED: dict[str, Rule] = {**_FOCUS, "placeholder": plain(150), "dispatch_action_config": DISPATCH}
_OPTIONS: dict[str, Rule] = {"options": Array(PLAIN_OPTION, 100), "option_groups": Array(GROUP, 100)}
_PICK = (("options", "option_groups"),)
_QUERY: dict[str, Rule] = {"min_query_length": Integer(0)}
_USER, _CHANNEL = String(None, 1, USER), String(None, 1, CHANNEL)
_PLACES: dict[str, Rule] = {"default_to_current_conversation": Boolean(), "filter": FILTER}
_ANSWERED: dict[str, Rule] = {"response_url_enabled": Boolean()}
_MOST = (among.begins_within_most,)
_SHOWN_TO = Array(_USER, 10)
_PICTURE_PLACE = (("image_url", "slack_file"),)

BUTTONS: dict[str, Shape] = {
    "button": Shape(
        {**_TYPE, "text": plain(75)},
        {
            "action_id": ID,
            "url": ADDRESS,
            "value": String(2000),
            "style": STYLE,
            "confirm": CONFIRM,
            "accessibility_label": LABEL,
            "visible_to_user_ids": _SHOWN_TO,
            "agent_prompt": String(4000),
        },
    ),
    "workflow_button": Shape(
        {**_TYPE, "text": plain(75), "workflow": WORKFLOW},
        {"action_id": ID, "style": STYLE, "confirm": CONFIRM, "accessibility_label": LABEL},
    ),
    "feedback_buttons": Shape(
        {**_TYPE, "positive_button": FEEDBACK, "negative_button": FEEDBACK}, {"action_id": ID}
    ),
    "icon_button": Shape(
        {**_TYPE, "icon": Enum(("trash",)), "text": plain(75)},
        {
            "action_id": ID,
            "value": String(2000),
            "confirm": CONFIRM,
            "accessibility_label": LABEL,
            "visible_to_user_ids": _SHOWN_TO,
        },
    ),
    "overflow": Shape({**_TYPE, "options": Array(LINK_OPTION, 5)}, {"action_id": ID, "confirm": CONFIRM}),
}
MENUS: dict[str, Shape] = {
    "static_select": Shape(
        _TYPE,
        {**_SELECT, **_OPTIONS, "initial_option": PLAIN_OPTION},
        either=_PICK,
        exclusive=_PICK,
        also=(among.begins_with_options,),
    ),
    "external_select": Shape(_TYPE, {**_SELECT, **_QUERY, "initial_option": PLAIN_OPTION}),
    "users_select": Shape(_TYPE, {**_SELECT, "initial_user": _USER}),
    "conversations_select": Shape(
        _TYPE, {**_SELECT, **_PLACES, **_ANSWERED, "initial_conversation": _CHANNEL}
    ),
    "channels_select": Shape(_TYPE, {**_SELECT, **_ANSWERED, "initial_channel": _CHANNEL}),
}
MANY_MENUS: dict[str, Shape] = {
    "multi_static_select": Shape(
        _TYPE,
        {**_MANY, **_OPTIONS, "initial_options": Array(PLAIN_OPTION)},
        either=_PICK,
        exclusive=_PICK,
        also=(among.begins_with_options, *_MOST),
    ),
    "multi_external_select": Shape(
        _TYPE, {**_MANY, **_QUERY, "initial_options": Array(PLAIN_OPTION)}, also=_MOST
    ),
    "multi_users_select": Shape(_TYPE, {**_MANY, "initial_users": Array(_USER)}, also=_MOST),
    "multi_conversations_select": Shape(
        _TYPE, {**_MANY, **_PLACES, "initial_conversations": Array(_CHANNEL)}, also=_MOST
    ),
    "multi_channels_select": Shape(_TYPE, {**_MANY, "initial_channels": Array(_CHANNEL)}, also=_MOST),
}
CHOICES: dict[str, Shape] = {
    "radio_buttons": Shape(
        {**_TYPE, "options": Array(OPTION, 10)},
        {**_COMMON, "initial_option": OPTION},
        also=(among.begins_with_options,),
    ),
    "checkboxes": Shape(
        {**_TYPE, "options": Array(OPTION, 10)},
        {**_COMMON, "initial_options": Array(OPTION, 10)},
        also=(among.begins_with_options,),
    ),
    "datepicker": Shape(_TYPE, {**_SELECT, "initial_date": String(10, 10, DATE)}),
    "timepicker": Shape(
        _TYPE, {**_SELECT, "initial_time": String(5, 5, TIME), "timezone": String(None, 1, ZONE)}
    ),
    "datetimepicker": Shape(_TYPE, {**_COMMON, "initial_date_time": Integer(1_000_000_000, 9_999_999_999)}),
}
INPUTS: dict[str, Shape] = {
    "plain_text_input": Shape(
        _TYPE,
        {
            **_TYPED,
            "initial_value": String(3000),
            "multiline": Boolean(),
            "min_length": Integer(0, 3000),
            "max_length": Integer(1, 3000),
        },
        also=(among.lengths_in_order,),
    ),
    "email_text_input": Shape(_TYPE, {**_TYPED, "initial_value": String()}),
    "url_text_input": Shape(_TYPE, {**_TYPED, "initial_value": String()}),
    "number_input": Shape(
        {**_TYPE, "is_decimal_allowed": Boolean()},
        {**_TYPED, "initial_value": String(), "min_value": String(), "max_value": String()},
        also=(among.numbers_in_order,),
    ),
    "file_input": Shape(
        _TYPE, {"action_id": ID, "filetypes": Array(String(None, 1), least=0), "max_files": Integer(1, 10)}
    ),
    "rich_text_input": Shape(
        _TYPE,
        {
            **_TYPED,
            "initial_value": only("rich_text", RICH_TEXT),
            "min_lines": Integer(1, 100),
            "max_lines": Integer(1, 100),
        },
        also=(among.lines_in_order,),
    ),
}
SHOWN: dict[str, Shape] = {
    "image": Shape(
        {**_TYPE, "alt_text": String(2000, 1)},
        {"image_url": PICTURE, "slack_file": SLACK_FILE},
        either=_PICTURE_PLACE,
        exclusive=_PICTURE_PLACE,
    ),
    "url": Shape({**_TYPE, "url": PICTURE, "text": String(256)}, {"icon_url": PICTURE}),
}
ELEMENTS: dict[str, Shape] = {**BUTTONS, **MENUS, **MANY_MENUS, **CHOICES, **INPUTS, **SHOWN}

_CHOOSING = frozenset(MENUS) | frozenset(MANY_MENUS) | frozenset(CHOICES)
_PRESSED = frozenset({"button", "overflow", "workflow_button"})
IN_SECTION = (_CHOOSING - {"datetimepicker"}) | _PRESSED | {"image"}
IN_ACTIONS = _CHOOSING | _PRESSED | {"rich_text_input"}
IN_INPUT = _CHOOSING | frozenset(INPUTS)
IN_CONTEXT_ACTIONS = frozenset({"feedback_buttons", "icon_button"})
