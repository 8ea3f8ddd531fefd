"""Numbers of speakers put back into names, in a message that is ready to be shown; pure."""

import json
from collections.abc import Mapping
from typing import Any

from bot.domain.ids import UserId
from bot.domain.speakers import Speakers
from bot.slack.views.parts import TEXT_LIMIT, Rendered

MOST_GROWTH = 400
"""Characters that names may add: a full part of an answer leaves 500 of what Slack takes."""
_TEXTS = frozenset({"text"})


def named(rendered: Rendered, speakers: Speakers, names: Mapping[UserId, str]) -> Rendered:
    """Return a message with "Speaker 2" as the name of the second; as it was when it would become too long.

    Args:
        rendered: The message; how it was cut does not depend on names.
        speakers: Who the numbers are.
        names: What they are called, harmless and without signs.
    """
    text = speakers.shown(rendered.text, names)
    blocks = _named(rendered.blocks, speakers, names)
    grown = _length(blocks) - _length(rendered.blocks)
    if len(text) > TEXT_LIMIT or grown > MOST_GROWTH:
        return rendered
    return Rendered(text, blocks)


def _length(blocks: list[dict[str, Any]]) -> int:
    return len(json.dumps(blocks, ensure_ascii=False))


def _named(value: Any, speakers: Speakers, names: Mapping[UserId, str]) -> Any:
    match value:
        case list():
            return [_named(item, speakers, names) for item in value]
        case dict():
            return {
                key: speakers.shown(item, names)
                if key in _TEXTS and isinstance(item, str)
                else _named(item, speakers, names)
                for key, item in value.items()
            }
        case _:
            return value
