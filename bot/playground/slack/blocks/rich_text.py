"""Rich text: what people's messages are made of, and what apps may send.

Keys are those of docs.slack.dev/reference/block-kit/blocks/rich-text-block and of @slack/types; what Slack's own
clients add to them (``display_team_id``, ``display_url`` ...) comes in messages of people, which are not checked.
"""

from bot.playground.slack.blocks.objects import ADDRESS, ID
from bot.playground.slack.blocks.rules import (
    CHANNEL,
    COLOR,
    GROUP_OF_USERS,
    TEAM,
    USER,
    Array,
    Boolean,
    Enum,
    Integer,
    Rule,
    Shape,
    String,
    Typed,
    anything,
)

_TYPE: dict[str, Rule] = {"type": anything}


def _style(*names: str) -> Shape:
    return Shape({}, {name: Boolean() for name in names})


TEXT_STYLE = _style("bold", "italic", "strike", "underline", "code")
MENTION_STYLE = _style(
    "bold", "italic", "strike", "underline", "code", "highlight", "client_highlight", "unlink"
)
_MENTION: dict[str, Rule] = {"style": MENTION_STYLE}
_BORDER: dict[str, Rule] = {"border": Enum((0, 1))}

INLINE: dict[str, Shape] = {
    "text": Shape({**_TYPE, "text": String(None, 1)}, {"style": TEXT_STYLE}),
    "link": Shape({**_TYPE, "url": ADDRESS}, {"text": String(), "unsafe": Boolean(), "style": TEXT_STYLE}),
    "user": Shape({**_TYPE, "user_id": String(None, 1, USER)}, _MENTION),
    "usergroup": Shape({**_TYPE, "usergroup_id": String(None, 1, GROUP_OF_USERS)}, _MENTION),
    "channel": Shape({**_TYPE, "channel_id": String(None, 1, CHANNEL)}, _MENTION),
    "team": Shape({**_TYPE, "team_id": String(None, 1, TEAM)}, _MENTION),
    "broadcast": Shape({**_TYPE, "range": Enum(("here", "channel", "everyone"))}, _MENTION),
    "emoji": Shape(
        {**_TYPE, "name": String(None, 1)},
        {"unicode": String(), "url": ADDRESS, "skin_tone": Integer(1, 6), "style": TEXT_STYLE},
    ),
    "date": Shape(
        {**_TYPE, "timestamp": Integer(0), "format": String(None, 1)},
        {"url": ADDRESS, "fallback": String(), "style": TEXT_STYLE},
    ),
    "color": Shape({**_TYPE, "value": String(None, 1, COLOR)}, {"style": TEXT_STYLE}),
}
_INLINE = Typed(INLINE)

PARTS: dict[str, Shape] = {
    "rich_text_section": Shape({**_TYPE, "elements": Array(_INLINE, least=0)}),
    "rich_text_quote": Shape({**_TYPE, "elements": Array(_INLINE, least=0)}, _BORDER),
    "rich_text_preformatted": Shape(
        {**_TYPE, "elements": Array(Typed(INLINE, frozenset({"text", "link"})), least=0)},
        {**_BORDER, "language": String()},
    ),
}
PARTS["rich_text_list"] = Shape(
    {
        **_TYPE,
        "elements": Array(Typed(PARTS, frozenset({"rich_text_section"})), least=0),
        "style": Enum(("bullet", "ordered")),
    },
    {"indent": Integer(0, 8), "offset": Integer(0), **_BORDER},
)

RICH_TEXT = Shape({**_TYPE, "elements": Array(Typed(PARTS), least=0)}, {"block_id": ID})
