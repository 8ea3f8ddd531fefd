"""Composition objects: their keys and limits.

Limits are those of docs.slack.dev/reference/block-kit/composition-objects (the same numbers stand as validators in
slack_sdk.models.blocks); what those leave out says so.
"""

from bot.playground.slack.blocks.rules import (
    FILE,
    LINK,
    WEB,
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

ID = String(255)
PICTURE = String(3000, 1, WEB)
ADDRESS = String(3000, 1, LINK)
LABEL = String(75)
STYLE = Enum(("primary", "danger"))

CONFIRM = Shape(
    {"title": plain(100), "text": Text(300), "confirm": plain(30), "deny": plain(30)}, {"style": STYLE}
)
PLAIN_OPTION = Shape({"text": plain(75), "value": String(150, 1)}, {"description": plain(75)})
OPTION = Shape({"text": Text(75), "value": String(150, 1)}, {"description": Text(75)})
"""Of radio buttons and checkboxes, which take mrkdwn too."""
LINK_OPTION = Shape({"text": plain(75), "value": String(150, 1)}, {"description": plain(75), "url": ADDRESS})
"""Of overflow menus."""
GROUP = Shape({"label": plain(75), "options": Array(PLAIN_OPTION, 100)})
DISPATCH = Shape({}, {"trigger_actions_on": Array(Enum(("on_enter_pressed", "on_character_entered")), 2)})
FILTER = Shape(
    {},
    {
        "include": Array(Enum(("im", "mpim", "private", "public")), 4),
        "exclude_external_shared_channels": Boolean(),
        "exclude_bot_users": Boolean(),
    },
    either=(("include", "exclude_external_shared_channels", "exclude_bot_users"),),
)
TRIGGER = Shape(
    {"url": String(3000, 1, WEB)},
    {"customizable_input_parameters": Array(Shape({"name": String(None, 1), "value": String()}), least=0)},
)
WORKFLOW = Shape({"trigger": TRIGGER})
SLACK_FILE = Shape(
    {},
    {"id": String(32, 1, FILE), "url": PICTURE},
    either=(("id", "url"),),
    exclusive=(("id", "url"),),
)
FEEDBACK = Shape({"text": plain(75), "value": String(2000, 1)}, {"accessibility_label": LABEL})

_ICONS = (
    "archive book bookmark bot bug calendar call caret-left caret-right check clipboard code comment compass copy "
    "cube download edit email eye-closed eye-open file flag folder gear globe heart help image info key lightbulb "
    "link map mobile new-window pin plus refine refresh rocket save screen share sparkle star star-filled tag "
    "thumbs-down thumbs-up trash upload user warning"
)
ICON = Shape({"type": Enum(("icon",)), "name": Enum(tuple(_ICONS.split()))})
"""docs.slack.dev/reference/block-kit/blocks/card-block: the icons that Slack brings along."""

RAW_TEXT = Shape({"type": anything, "text": String(None, 1)})
COLUMN = Shape({}, {"align": Enum(("left", "center", "right")), "is_wrapped": Boolean()})

OBJECTS: dict[str, Shape] = {
    "confirm": CONFIRM,
    "plain_option": PLAIN_OPTION,
    "option": OPTION,
    "link_option": LINK_OPTION,
    "option_group": GROUP,
    "dispatch_action_config": DISPATCH,
    "conversation_filter": FILTER,
    "workflow": WORKFLOW,
    "trigger": TRIGGER,
    "slack_file": SLACK_FILE,
    "feedback_button": FEEDBACK,
    "icon": ICON,
    "column": COLUMN,
}


def only(name: str, shape: Shape) -> Rule:
    """Return a rule for objects of one type."""
    return Typed({name: shape})
