"""Pictures that blocks name by their file: is the file there, and is it a picture?"""

from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urlsplit

from bot.playground.slack.findings import Finding

_KINDS = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg", b"GIF8": "image/gif"}
"""docs.slack.dev/reference/block-kit/composition-objects/slack-file-object: png, jpg, jpeg and gif."""


def picture_kind(content: bytes) -> str | None:
    """Return the MIME type of a picture that Slack shows; None for everything else."""
    return next((kind for begin, kind in _KINDS.items() if content.startswith(begin)), None)


def picture_findings(value: Any, pointer: str, files: Mapping[str, bytes]) -> list[Finding]:
    """Return what is wrong with the pictures in blocks, empty when nothing is.

    Args:
        value: Blocks whose shape is right.
        pointer: Where they are.
        files: Bytes of uploaded files by id.
    """
    findings: list[Finding] = []
    for place, named in _named(value, pointer):
        file = named.get("id") or _id_in(named.get("url", ""))
        if picture_kind(files.get(file, b"")) is None:
            findings.append(Finding(place, "invalid slack file"))
    return findings


def _named(value: Any, pointer: str) -> Iterator[tuple[str, dict[str, Any]]]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield from _named(item, f"{pointer}/{index}")
    elif isinstance(value, dict):
        for key, item in value.items():
            if key == "slack_file" and value.get("type") == "image":
                yield f"{pointer}/{key}", item
            elif isinstance(item, dict | list):
                yield from _named(item, f"{pointer}/{key}")


def _id_in(address: str) -> str:
    """The id in the address of a file, which is `/files/<id>/<name>`."""
    parts = urlsplit(address).path.split("/")
    return parts[2] if parts[1:2] == ["files"] and len(parts) > 2 else ""  # noqa: PLR2004 (see above)
