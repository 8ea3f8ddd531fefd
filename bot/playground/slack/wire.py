"""JSON as it comes in."""

import json
import re
from typing import Any

_HALF = re.compile(r"\\u[dD][89a-fA-F]")
"""How JSON writes half of a character outside the basic plane; two of them, as a rule."""


def read_json(text: str) -> Any:
    r"""Read JSON in which half a character may stand alone, such as ``"\ud83c"``: it becomes U+FFFD.

    JavaScript's ``slice`` leaves such halves. No file, socket or page could be told them.

    Raises:
        ValueError: It is no JSON.
    """
    found = json.loads(text)
    if _HALF.search(text) is None:
        return found
    whole = (
        json.dumps(found, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    )
    return json.loads(whole)
