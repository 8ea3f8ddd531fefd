"""Block elements and composition objects: their keys and limits.

Limits are those of docs.slack.dev/reference/block-kit/block-elements and /composition-objects
(the same numbers stand as validators in slack_sdk.models.blocks).
"""

from bot.playground.slack.blocks.rules import (
    Rule,
    Shape,
    anything,
    array,
    boolean,
    integer,
    one_of,
    plain,
    string,
    text,
)

ID = string(255)
PLACEHOLDER = plain(150)
URL = string(3000, least=1)
CONFIRM = Shape(
    {"title": plain(100), "text": text(300), "confirm": plain(30), "deny": plain(30)},
    {"style": one_of("primary", "danger")},
)


def option(*kinds: str, url: bool = False) -> Rule:
    """Return a rule for an option: text 75, value 150, description 75; `url` for overflow menus."""
    optional: dict[str, Rule] = {"description": text(75, *kinds)}
    if url:
        optional["url"] = URL
    return Shape({"text": text(75, *kinds), "value": string(150, least=1)}, optional)


PLAIN_OPTION = option("plain_text")
GROUP = Shape({"label": plain(75), "options": array(PLAIN_OPTION, 100)})
_ACTS: dict[str, Rule] = {"type": anything}
_COMMON: dict[str, Rule] = {"action_id": ID, "confirm": CONFIRM, "focus_on_load": boolean}
_SELECT: dict[str, Rule] = {**_COMMON, "placeholder": PLACEHOLDER}
_MANY: dict[str, Rule] = {**_SELECT, "max_selected_items": integer(1, 100)}
_TYPED: dict[str, Rule] = {
    "action_id": ID,
    "placeholder": PLACEHOLDER,
    "focus_on_load": boolean,
    "dispatch_action_config": Shape(
        {},
        {"trigger_actions_on": array(one_of("on_enter_pressed", "on_character_entered"), 2)},
    ),
}
_OPTIONS: dict[str, Rule] = {"options": array(PLAIN_OPTION, 100), "option_groups": array(GROUP, 100)}
_PICK = ("options", "option_groups")
_FEEDBACK = Shape({"text": plain(75), "value": string(2000, least=1)}, {"accessibility_label": string(75)})
_FILTER = Shape(
    {},
    {
        "include": array(one_of("im", "mpim", "private", "public"), 4),
        "exclude_external_shared_channels": boolean,
        "exclude_bot_users": boolean,
    },
)
_PEOPLE = array(string(32, least=1), 10)
_FILE = Shape({}, {"id": string(32), "url": URL}, either=(("id", "url"),))
_IDS = array(string(), 100, least=0)

ELEMENTS: dict[str, Shape] = {
    "button": Shape(
        {**_ACTS, "text": plain(75)},
        {
            "action_id": ID,
            "url": URL,
            "value": string(2000),
            "style": one_of("primary", "danger"),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
            "visible_to_user_ids": _PEOPLE,
            "agent_prompt": string(4000),
        },
    ),
    "overflow": Shape(
        {**_ACTS, "options": array(option("plain_text", url=True), 5)}, {"action_id": ID, "confirm": CONFIRM}
    ),
    "static_select": Shape(
        _ACTS, {**_SELECT, **_OPTIONS, "initial_option": PLAIN_OPTION}, either=(_PICK,), exclusive=(_PICK,)
    ),
    "multi_static_select": Shape(
        _ACTS,
        {**_MANY, **_OPTIONS, "initial_options": array(PLAIN_OPTION, 100)},
        either=(_PICK,),
        exclusive=(_PICK,),
    ),
    "external_select": Shape(
        _ACTS, {**_SELECT, "min_query_length": integer(0, 100), "initial_option": PLAIN_OPTION}
    ),
    "multi_external_select": Shape(
        _ACTS,
        {**_MANY, "min_query_length": integer(0, 100), "initial_options": array(PLAIN_OPTION, 100)},
    ),
    "users_select": Shape(_ACTS, {**_SELECT, "initial_user": string()}),
    "multi_users_select": Shape(_ACTS, {**_MANY, "initial_users": _IDS}),
    "conversations_select": Shape(
        _ACTS,
        {
            **_SELECT,
            "initial_conversation": string(),
            "default_to_current_conversation": boolean,
            "response_url_enabled": boolean,
            "filter": _FILTER,
        },
    ),
    "multi_conversations_select": Shape(
        _ACTS,
        {
            **_MANY,
            "initial_conversations": _IDS,
            "default_to_current_conversation": boolean,
            "filter": _FILTER,
        },
    ),
    "channels_select": Shape(
        _ACTS, {**_SELECT, "initial_channel": string(), "response_url_enabled": boolean}
    ),
    "multi_channels_select": Shape(_ACTS, {**_MANY, "initial_channels": _IDS}),
    "radio_buttons": Shape(
        {**_ACTS, "options": array(option(), 10)}, {**_COMMON, "initial_option": option()}
    ),
    "checkboxes": Shape(
        {**_ACTS, "options": array(option(), 10)}, {**_COMMON, "initial_options": array(option(), 10)}
    ),
    "datepicker": Shape(_ACTS, {**_SELECT, "initial_date": string(10)}),
    "timepicker": Shape(_ACTS, {**_SELECT, "initial_time": string(5), "timezone": string()}),
    "datetimepicker": Shape(_ACTS, {**_COMMON, "initial_date_time": integer(0, 9_999_999_999)}),
    "plain_text_input": Shape(
        _ACTS,
        {
            **_TYPED,
            "initial_value": string(3000),
            "multiline": boolean,
            "min_length": integer(0, 3000),
            "max_length": integer(1, 3000),
        },
    ),
    "email_text_input": Shape(_ACTS, {**_TYPED, "initial_value": string()}),
    "url_text_input": Shape(_ACTS, {**_TYPED, "initial_value": string()}),
    "number_input": Shape(
        {**_ACTS, "is_decimal_allowed": boolean},
        {**_TYPED, "initial_value": string(), "min_value": string(), "max_value": string()},
    ),
    "file_input": Shape(
        _ACTS,
        {"action_id": ID, "filetypes": array(string(least=1), 100, least=0), "max_files": integer(1, 10)},
    ),
    "rich_text_input": Shape(_ACTS, {**_TYPED, "initial_value": anything}),
    "image": Shape(
        {**_ACTS, "alt_text": string(2000, least=1)},
        {"image_url": URL, "slack_file": _FILE},
        either=(("image_url", "slack_file"),),
        exclusive=(("image_url", "slack_file"),),
    ),
    "workflow_button": Shape(
        {**_ACTS, "text": plain(75), "workflow": anything},
        {"action_id": ID, "style": one_of("primary", "danger"), "accessibility_label": string(75)},
    ),
    "feedback_buttons": Shape(
        {**_ACTS, "positive_button": _FEEDBACK, "negative_button": _FEEDBACK}, {"action_id": ID}
    ),
    "icon_button": Shape(
        {**_ACTS, "icon": one_of("trash"), "text": plain(75)},
        {
            "action_id": ID,
            "value": string(2000),
            "confirm": CONFIRM,
            "accessibility_label": string(75),
            "visible_to_user_ids": _PEOPLE,
        },
    ),
    "url": Shape({**_ACTS, "url": URL, "text": string(256)}, {"icon_url": URL}),
}

SELECTS = frozenset(
    {"static_select", "external_select", "users_select", "conversations_select", "channels_select"}
)
MULTI_SELECTS = frozenset(f"multi_{kind}" for kind in SELECTS)
PICKERS = frozenset({"datepicker", "timepicker", "radio_buttons", "checkboxes"})
IN_SECTION = SELECTS | MULTI_SELECTS | PICKERS | {"button", "overflow", "image", "workflow_button"}
IN_ACTIONS = SELECTS | PICKERS | {"button", "overflow", "datetimepicker", "workflow_button"}
IN_INPUT = (
    SELECTS
    | MULTI_SELECTS
    | PICKERS
    | {
        "datetimepicker",
        "plain_text_input",
        "email_text_input",
        "url_text_input",
        "number_input",
        "file_input",
        "rich_text_input",
    }
)
IN_CONTEXT_ACTIONS = frozenset({"feedback_buttons", "icon_button"})
