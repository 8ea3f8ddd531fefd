"""A right value of everything that the tables know, with every key; one more where keys exclude each other."""

from copy import deepcopy
from typing import Any

from bot.playground.slack.blocks.elements import IN_ACTIONS, IN_CONTEXT_ACTIONS, IN_INPUT

Json = dict[str, Any]


def plain(text: str = "p") -> Json:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str = "m") -> Json:
    return {"type": "mrkdwn", "text": text}


def section(**keys: Any) -> Json:
    return {"type": "section", "text": mrkdwn()} | keys


def button(**keys: Any) -> Json:
    return {"type": "button", "text": plain()} | keys


def actions(*elements: Json, **keys: Any) -> Json:
    return {"type": "actions", "elements": list(elements)} | keys


def option(value: str = "v") -> Json:
    return {"text": plain(), "value": value, "description": plain()}


URL = "https://kostprobe.test/a.png"
CONFIRM = {"title": plain(), "text": mrkdwn(), "confirm": plain(), "deny": plain(), "style": "danger"}
WRITTEN = {"type": "rich_text_section", "elements": [{"type": "text", "text": "t", "style": {"bold": True}}]}
RICH = {"type": "rich_text", "block_id": "b", "elements": [WRITTEN]}
MENTION: Json = {
    "style": dict.fromkeys(
        ["bold", "italic", "strike", "underline", "code", "highlight", "client_highlight", "unlink"], True
    )
}
STYLE: Json = {"style": dict.fromkeys(["bold", "italic", "strike", "underline", "code"], True)}
ICON = {"type": "icon", "name": "globe"}
FOCUS = {"action_id": "a", "focus_on_load": True}
COMMON = FOCUS | {"confirm": CONFIRM}
SELECT = COMMON | {"placeholder": plain()}
MANY = SELECT | {"max_selected_items": 2}
TYPED = FOCUS | {
    "placeholder": plain(),
    "dispatch_action_config": {"trigger_actions_on": ["on_enter_pressed"]},
}
GROUPS = [{"label": plain(), "options": [option()]}]
PLACES = {"default_to_current_conversation": True, "filter": {"include": ["im"]}}
PICTURE = {"type": "image", "alt_text": "a", "image_url": URL}
BY_FILE = {"type": "image", "alt_text": "a", "slack_file": {"id": "F0"}}
SEEN_BY = {"visible_to_user_ids": ["U0"]}
FEEDBACK = {"text": plain(), "value": "v", "accessibility_label": "l"}
SOURCE = {"type": "url", "url": URL, "text": "t", "icon_url": URL}
TRIGGER = {"url": URL, "customizable_input_parameters": [{"name": "n", "value": "v"}]}
TASK = {"type": "task_card", "task_id": "t", "title": "t", "status": "complete", "block_id": "b"} | {
    "details": RICH,
    "output": RICH,
    "sources": [SOURCE],
    "icon": ICON,
}
AXES = {"categories": ["c"], "x_label": "x", "y_label": "y"}
AXIS_CHART = {"series": [{"name": "n", "data": [{"label": "c", "value": 1}]}], "axis_config": AXES}
CELL = {"type": "raw_text", "text": "c"}
CARD = {
    "type": "card",
    "block_id": "b",
    **{key: mrkdwn() for key in ("title", "subtitle", "body", "subtext")},
    "icon": PICTURE,
    "hero_image": PICTURE,
    "actions": [button()],
}
VIEW = {"private_metadata": "m", "callback_id": "c", "external_id": "e", "blocks": []}
PRESSED = {"action_id": "a", "style": "primary", "confirm": CONFIRM, "accessibility_label": "l"}

_BLOCKS: dict[str, list[Json]] = {
    "section": [section(block_id="b", fields=[mrkdwn()], accessory=button(), expand=True)],
    "header": [{"block_id": "b", "text": plain()}],
    "divider": [{"block_id": "b"}],
    "context": [{"block_id": "b", "elements": [mrkdwn()]}],
    "actions": [{"block_id": "b", "elements": [button()]}],
    "context_actions": [{"block_id": "b", "elements": [{"type": "feedback_buttons"}]}],
    "image": [each | {"block_id": "b", "title": plain()} for each in (PICTURE, BY_FILE)],
    "input": [
        {"block_id": "b", "label": plain(), "hint": plain(), "optional": True, "dispatch_action": True}
        | {"element": {"type": "plain_text_input"}}
    ],
    "markdown": [{"block_id": "b", "text": "t"}],
    "rich_text": [RICH],
    "table": [{"block_id": "b", "rows": [[CELL]], "column_settings": [{"align": "left"}]}],
    "data_table": [
        {"block_id": "b", "rows": [[CELL], [CELL]], "caption": "c", "page_size": 5}
        | {"row_header_column_index": 0}
    ],
    "data_visualization": [
        {"block_id": "b", "title": "t", "chart": {"type": "pie", "segments": [{"label": "l", "value": 1}]}}
    ],
    "file": [{"block_id": "b", "external_id": "e", "source": "remote"}],
    "video": [
        {"block_id": "b", "alt_text": "a", "title": plain(), "thumbnail_url": URL, "video_url": URL}
        | {"author_name": "a", "description": plain(), "provider_icon_url": URL, "provider_name": "p"}
        | {"title_url": URL}
    ],
    "card": [CARD, {key: each for key, each in CARD.items() if key != "icon"} | {"slack_icon": ICON}],
    "alert": [{"block_id": "b", "text": mrkdwn(), "level": "info"}],
    "task_card": [TASK],
    "plan": [{"block_id": "b", "title": "t", "tasks": [TASK | {"block_id": "c"}]}],
    "carousel": [{"block_id": "b", "elements": [CARD | {"block_id": "c"}]}],
    "container": [
        {"block_id": "b", "child_blocks": [section()], "title": plain(), "rich_text_title": RICH}
        | {"subtitle": mrkdwn(), "icon": PICTURE, "width": "wide", "is_collapsible": True}
        | {"default_collapsed": False, "has_header_divider": False}
    ],
}
_ELEMENTS: dict[str, list[Json]] = {
    "button": [
        PRESSED | SEEN_BY | {"text": plain(), "url": URL, "value": "v", "agent_prompt": "p"},
    ],
    "workflow_button": [PRESSED | {"text": plain(), "workflow": {"trigger": TRIGGER}}],
    "feedback_buttons": [{"action_id": "a", "positive_button": FEEDBACK, "negative_button": FEEDBACK}],
    "icon_button": [
        {"icon": "trash", "text": plain(), "action_id": "a", "value": "v", "confirm": CONFIRM}
        | {"accessibility_label": "l"}
        | SEEN_BY
    ],
    "overflow": [{"options": [option() | {"url": URL}], "action_id": "a", "confirm": CONFIRM}],
    "static_select": [
        SELECT | {"options": [option()], "initial_option": option()},
        SELECT | {"option_groups": GROUPS, "initial_option": option()},
    ],
    "external_select": [SELECT | {"min_query_length": 1, "initial_option": option()}],
    "users_select": [SELECT | {"initial_user": "U0"}],
    "conversations_select": [SELECT | PLACES | {"response_url_enabled": True, "initial_conversation": "C0"}],
    "channels_select": [SELECT | {"response_url_enabled": True, "initial_channel": "C0"}],
    "multi_static_select": [
        MANY | {"options": [option()], "initial_options": [option()]},
        MANY | {"option_groups": GROUPS, "initial_options": [option()]},
    ],
    "multi_external_select": [MANY | {"min_query_length": 1, "initial_options": [option()]}],
    "multi_users_select": [MANY | {"initial_users": ["U0"]}],
    "multi_conversations_select": [MANY | PLACES | {"initial_conversations": ["C0"]}],
    "multi_channels_select": [MANY | {"initial_channels": ["C0"]}],
    "radio_buttons": [COMMON | {"options": [option()], "initial_option": option()}],
    "checkboxes": [COMMON | {"options": [option()], "initial_options": [option()]}],
    "datepicker": [SELECT | {"initial_date": "2026-11-27"}],
    "timepicker": [SELECT | {"initial_time": "23:59", "timezone": "Europe/Berlin"}],
    "datetimepicker": [COMMON | {"initial_date_time": 1_795_342_000}],
    "plain_text_input": [
        TYPED | {"initial_value": "i", "multiline": True, "min_length": 0, "max_length": 3000}
    ],
    "email_text_input": [TYPED | {"initial_value": "i"}],
    "url_text_input": [TYPED | {"initial_value": "i"}],
    "number_input": [
        TYPED | {"is_decimal_allowed": True, "initial_value": "1", "min_value": "0", "max_value": "2"}
    ],
    "file_input": [{"action_id": "a", "filetypes": ["csv"], "max_files": 1}],
    "rich_text_input": [TYPED | {"initial_value": RICH, "min_lines": 1, "max_lines": 100}],
    "image": [PICTURE, BY_FILE],
    "url": [SOURCE],
}
_INLINE: dict[str, Json] = {
    "text": {"text": "t"} | STYLE,
    "link": {"url": URL, "text": "t", "unsafe": True} | STYLE,
    "user": {"user_id": "U0"} | MENTION,
    "usergroup": {"usergroup_id": "S0"} | MENTION,
    "channel": {"channel_id": "C0"} | MENTION,
    "team": {"team_id": "T0"} | MENTION,
    "broadcast": {"range": "here"} | MENTION,
    "emoji": {"name": "wave", "unicode": "1f44b", "url": URL, "skin_tone": 2} | STYLE,
    "date": {"timestamp": 1, "format": "{date}", "url": URL, "fallback": "f"} | STYLE,
    "color": {"value": "#A1b2C3"} | STYLE,
}
_OBJECTS: dict[str, list[Json]] = {
    "confirm": [CONFIRM],
    "plain_option": [option()],
    "option": [option()],
    "link_option": [option() | {"url": URL}],
    "option_group": [GROUPS[0]],
    "dispatch_action_config": [{"trigger_actions_on": ["on_enter_pressed"]}],
    "conversation_filter": [
        {"include": ["im"], "exclude_external_shared_channels": True, "exclude_bot_users": True}
    ],
    "workflow": [{"trigger": TRIGGER}],
    "trigger": [TRIGGER],
    "slack_file": [{"id": "F0"}, {"url": URL}],
    "feedback_button": [FEEDBACK],
    "icon": [ICON],
    "column": [{"align": "left", "is_wrapped": True}],
}
_PARTS: dict[str, Json] = {
    "rich_text_section": WRITTEN,
    "rich_text_quote": {"elements": WRITTEN["elements"], "border": 1},
    "rich_text_preformatted": {"elements": WRITTEN["elements"], "border": 1, "language": "python"},
    "rich_text_list": {"elements": [WRITTEN], "style": "bullet", "indent": 1, "offset": 1, "border": 1},
}
_CHUNKS: dict[str, Json] = {
    "markdown_text": {"text": "t"},
    "task_update": {"id": "i", "title": "t", "status": "pending", "details": "d", "output": "o"}
    | {"sources": [SOURCE], "icon": ICON},
    "plan_update": {"title": "t"},
    "blocks": {"blocks": []},
}
_SWITCHES = {"clear_on_close": True, "notify_on_close": True}


def _typed(prefix: str, samples: Any) -> dict[str, list[Any]]:
    return {
        f"{prefix}:{kind}": [
            {"type": kind} | each for each in (value if isinstance(value, list) else [value])
        ]
        for kind, value in samples.items()
    }


SAMPLES: dict[str, list[Any]] = {
    **_typed("block", _BLOCKS),
    **_typed("element", _ELEMENTS),
    **{f"object:{kind}": value for kind, value in _OBJECTS.items()},
    **_typed("inline", _INLINE),
    **_typed("part", _PARTS),
    **_typed("chart", {"pie": {"segments": [{"label": "l", "value": 1}]}}),
    **_typed("chart", dict.fromkeys(("bar", "area", "line"), AXIS_CHART)),
    **_typed("cell", {"raw_text": CELL, "raw_number": {"value": 1, "text": "1"}, "rich_text": RICH}),
    **_typed("view", {"modal": VIEW | _SWITCHES | {k: plain() for k in ("title", "close", "submit")}}),
    **_typed("view", {"home": VIEW}),
    **_typed("chunk", _CHUNKS),
    **_typed("in_context", {"plain_text": plain(), "mrkdwn": mrkdwn(), "image": PICTURE}),
    "planned_task": [TASK | {"status": "pending"}],
    "loading_messages": [["Stirring"]],
    "suggested_prompts": [[{"title": "A roux", "message": "What is a roux?"}]],
}
SAMPLES["block:context_actions"][0]["elements"] = [SAMPLES["element:feedback_buttons"][0]]


def sample(name: str) -> Any:
    """Return a fresh right value of a root of the tables."""
    return deepcopy(SAMPLES[name][0])


def around(element: Json) -> Json:
    """Return a block that may hold the element."""
    kind = element["type"]
    if kind in IN_ACTIONS:
        return actions(element)
    if kind in IN_CONTEXT_ACTIONS:
        return {"type": "context_actions", "elements": [element]}
    assert kind in IN_INPUT
    return {"type": "input", "label": plain(), "element": element}
