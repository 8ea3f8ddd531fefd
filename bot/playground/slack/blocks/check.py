"""The entry points: is this message, is this view, one that Slack takes?"""

import json
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from bot.playground.slack.blocks.among import texts
from bot.playground.slack.blocks.objects import GROUP, PLAIN_OPTION
from bot.playground.slack.blocks.rules import Array, Typed, must
from bot.playground.slack.blocks.tables import CHUNKS, MESSAGE, MODAL, ON_SURFACE, VIEWS
from bot.playground.slack.blocks.together import TOGETHER, scene
from bot.playground.slack.errors import SlackError
from bot.playground.slack.findings import Finding, Findings, under

NO_FILES: Mapping[str, bytes] = MappingProxyType({})
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MARKDOWN_TOTAL = 12_000
"""docs.slack.dev/reference/block-kit/blocks/markdown-block: cumulative over the message."""
TEXT_TOTAL = 13_200
"""Undocumented; slackapi/bolt-js#2509: all text of all blocks of a message."""
VIEW_BYTES = 250_000
"""docs.slack.dev/surfaces/modals."""
_MOST = {MESSAGE: MESSAGE_BLOCKS}
_OPTIONS, _GROUPS = Array(PLAIN_OPTION, 100, least=0), Array(GROUP, 100, least=0)


def message_findings(
    blocks: Any, attachments: Any, files: Mapping[str, bytes] = NO_FILES, *, pointer: str = "", wire: str = ""
) -> list[Finding]:
    """Return what is wrong with the blocks of a message and of its attachments, empty when nothing is.

    Args:
        blocks: Of the message.
        attachments: Of the message.
        files: Bytes of uploaded files by id, which pictures name.
        pointer: Of the message.
        wire: JSON text that holds all of the message; empty to have it made.
    """
    found = block_findings(blocks, f"{pointer}/blocks", MESSAGE, files=files, wire=wire)
    if not isinstance(attachments, list):
        return [*found, *under(f"{pointer}/attachments", must("must provide an array"))]
    for index, attachment in enumerate(attachments):
        where = f"{pointer}/attachments/{index}"
        if not isinstance(attachment, dict):
            found += under(where, must("must provide an object"))
        else:
            inner = attachment.get("blocks", [])
            found += block_findings(inner, f"{where}/blocks", MESSAGE, files=files, wire=wire)
    return found


def check_message(
    blocks: list[Any], attachments: list[Any], files: Mapping[str, bytes] = NO_FILES, wire: str = ""
) -> None:
    """Check the blocks of a message and of its attachments.

    Args:
        blocks: Of the message.
        attachments: Of the message.
        files: Bytes of uploaded files by id, which pictures name.
        wire: JSON text that holds all of this; empty to have it made.

    Raises:
        SlackError: ``invalid_blocks`` with a line and JSON pointer per finding, ``invalid_attachments``, or
            ``msg_blocks_too_long``.
    """
    if not all(isinstance(attachment, dict) for attachment in attachments):
        raise SlackError("invalid_attachments")
    wire = wire or json.dumps([blocks, attachments], ensure_ascii=False)
    if found := message_findings(blocks, attachments, files, wire=wire):
        raise SlackError("invalid_blocks", findings=found)
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    # JSON is never shorter than the texts in it, and its length is known
    if markdown > MARKDOWN_TOTAL or (len(wire) > TEXT_TOTAL and sum(map(len, texts(blocks))) > TEXT_TOTAL):
        raise SlackError("msg_blocks_too_long")


def view_findings(
    view: Any, kind: str | None, files: Mapping[str, bytes] = NO_FILES, pointer: str = "/view"
) -> list[Finding]:
    """Return what is wrong with a view, empty when nothing is.

    Args:
        view: The view.
        kind: ``modal`` or ``home``; None when it may be either.
        files: Bytes of uploaded files by id, which pictures name.
        pointer: Of the view.
    """
    found = under(pointer, Typed(VIEWS)(view))
    if not isinstance(view, dict) or view.get("type") not in VIEWS:
        return found
    if kind is not None and view["type"] != kind:
        return under(
            pointer, must(f"must be {kind} here", "/type", type="enum", expected=[kind], got=view["type"])
        )
    kind = view["type"]
    submit = kind != MODAL or "submit" in view
    if "blocks" in view:
        found += block_findings(view["blocks"], f"{pointer}/blocks", kind, files=files, submit=submit)
    return found


def check_view(view: dict[str, Any], kind: str, files: Mapping[str, bytes] = NO_FILES) -> None:
    """Check a view of the kind ``modal`` or ``home``.

    Args:
        view: The view.
        kind: Its kind.
        files: Bytes of uploaded files by id, which pictures name.

    Raises:
        SlackError: ``invalid_arguments`` with a line and JSON pointer per finding, or ``view_too_large``.
    """
    if found := view_findings(view, kind, files):
        raise SlackError("invalid_arguments", findings=found)
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")


def check_options(answer: Any) -> str:
    """Return what is wrong with an app's answer to `block_suggestion`; empty when nothing is."""
    given = answer if isinstance(answer, dict) else {}
    found: Findings
    if ("options" in given) == ("option_groups" in given):
        found = must("must provide either options or option_groups")
    elif "options" in given:
        found = under("/options", _OPTIONS(given["options"]))
    else:
        found = under("/option_groups", _GROUPS(given["option_groups"]))
    return "; ".join(finding.line for finding in found)


def check_chunks(chunks: list[Any], files: Mapping[str, bytes] = NO_FILES) -> None:
    """Check the chunks of a stream.

    Args:
        chunks: As sent.
        files: Bytes of uploaded files by id, which pictures name.

    Raises:
        SlackError: ``invalid_chunks`` with a line and JSON pointer per finding, ``msg_too_long``, or as for the
            blocks of a message.
    """
    if found := under("/chunks", Array(Typed(CHUNKS), least=0)(chunks)):
        raise SlackError("invalid_chunks", findings=found)
    for index, chunk in enumerate(chunks):
        if chunk["type"] == "markdown_text" and len(chunk["text"]) > MARKDOWN_TOTAL:
            raise SlackError("msg_too_long")
        if chunk["type"] == "blocks":
            if found := block_findings(chunk["blocks"], f"/chunks/{index}/blocks", MESSAGE, files=files):
                raise SlackError("invalid_blocks", findings=found)
            check_message(chunk["blocks"], [], files)


def block_findings(
    blocks: Any,
    pointer: str,
    surface: str,
    *,
    files: Mapping[str, bytes] = NO_FILES,
    submit: bool = True,
    wire: str = "",
) -> list[Finding]:
    """Return what is wrong with a list of blocks, empty when nothing is.

    Args:
        blocks: The blocks.
        pointer: Of the list.
        surface: Where they stand: ``message``, ``modal`` or ``home``.
        files: Bytes of uploaded files by id, which pictures name.
        submit: Whether a modal can be submitted.
        wire: JSON text that holds the blocks; empty to have it made.
    """
    most = _MOST.get(surface, VIEW_BLOCKS)
    found = under(pointer, Array(ON_SURFACE[surface], most, least=0)(blocks))
    if found:
        return found
    stage = scene(blocks, pointer, surface, submit=submit, files=files, wire=wire)
    return [finding for rule in TOGETHER for finding in rule(stage)]
