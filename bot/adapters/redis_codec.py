"""Documents as the texts that Redis keeps."""

import json
from collections.abc import Mapping
from typing import Any

SCHEMA = 1
"""Version of the documents that this package lays down itself; readers accept this one and the one before."""


def to_json(value: Any) -> str:
    """Write a value as short JSON that can be encoded, whatever a person has typed.

    Half a surrogate pair cannot be encoded as UTF-8; such a text is written in escapes.
    """
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    try:
        text.encode()
    except UnicodeEncodeError:
        return json.dumps(value, separators=(",", ":"))
    return text


def to_versioned_json(document: Mapping[str, Any]) -> str:
    """Write a document with its schema version."""
    return to_json({"schema_version": SCHEMA, **document})


def from_json(text: str) -> Any:
    """Read what `to_json` wrote."""
    return json.loads(text)


def from_pairs(flat: list[str]) -> dict[str, str]:
    """Read a hash as scripts return it: field, value, field, value ..."""
    return dict(zip(flat[::2], flat[1::2], strict=True))
