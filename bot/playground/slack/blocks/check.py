"""The two entry points: is this message, is this view, one that Slack takes?"""

import json
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Any

from bot.playground.slack.blocks.elements import GROUP, PLAIN_OPTION
from bot.playground.slack.blocks.pictures import picture_findings
from bot.playground.slack.blocks.rules import Findings, array, note, typed
from bot.playground.slack.blocks.tables import BLOCKS, SURFACES, VIEWS
from bot.playground.slack.errors import SlackError

NO_FILES: Mapping[str, bytes] = MappingProxyType({})
MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MARKDOWN_TOTAL = 12_000
"""docs.slack.dev/reference/block-kit/blocks/markdown-block: cumulative over the message."""
TEXT_TOTAL = 13_200
"""Undocumented; slackapi/bolt-js#2509: all text of all blocks of a message."""
VIEW_BYTES = 250_000
"""docs.slack.dev/surfaces/modals."""


def check_message(blocks: list[Any], attachments: list[Any], files: Mapping[str, bytes] = NO_FILES) -> None:
    """Check the blocks of a message and of its attachments.

    Args:
        blocks: Of the message.
        attachments: Of the message.
        files: Bytes of uploaded files by id, which pictures name.

    Raises:
        SlackError: ``invalid_blocks`` with a line and JSON pointer per finding, or ``msg_blocks_too_long``.
    """
    findings = block_findings(blocks, "/blocks", "message", MESSAGE_BLOCKS, files)
    for index, attachment in enumerate(attachments):
        if not isinstance(attachment, dict):
            raise SlackError("invalid_attachments")
        inner = attachment.get("blocks") or []
        findings += block_findings(inner, f"/attachments/{index}/blocks", "message", MESSAGE_BLOCKS, files)
    if findings:
        raise SlackError("invalid_blocks", findings=tuple(findings))
    markdown = sum(len(block["text"]) for block in blocks if block["type"] == "markdown")
    if markdown > MARKDOWN_TOTAL or sum(map(len, _texts(blocks))) > TEXT_TOTAL:
        raise SlackError("msg_blocks_too_long")


def check_view(view: dict[str, Any], kind: str, files: Mapping[str, bytes] = NO_FILES) -> None:
    """Check a view of the kind ``modal`` or ``home``.

    Args:
        view: The view.
        kind: Its kind.
        files: Bytes of uploaded files by id, which pictures name.

    Raises:
        SlackError: ``invalid_arguments`` with a line and JSON pointer per finding, or ``view_too_large``.
    """
    findings: Findings = []
    if view.get("type") not in VIEWS:
        note(findings, "/view/type", f"unsupported type: {view.get('type')}")
    elif view["type"] != kind:
        note(findings, "/view/type", f"must be {kind} here")
    else:
        VIEWS[kind](view, "/view", findings)
        blocks = view.get("blocks")
        findings += block_findings(blocks, "/view/blocks", kind, VIEW_BLOCKS, files)
        has_input = isinstance(blocks, list) and any(
            isinstance(block, dict) and block.get("type") == "input" for block in blocks
        )
        if kind == "modal" and has_input and not view.get("submit"):
            note(findings, "/view", "missing required field: submit")
    if findings:
        raise SlackError("invalid_arguments", findings=tuple(findings))
    if len(json.dumps(view).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")


def check_options(answer: Any) -> str:
    """Return what is wrong with an app's answer to `block_suggestion`; empty when nothing is."""
    findings: Findings = []
    given = answer if isinstance(answer, dict) else {}
    if ("options" in given) == ("option_groups" in given):
        note(findings, "/", "must provide either options or option_groups")
    elif "options" in given:
        array(PLAIN_OPTION, 100, least=0)(given["options"], "/options", findings)
    else:
        array(GROUP, 100, least=0)(given["option_groups"], "/option_groups", findings)
    return "; ".join(findings)


def block_findings(
    blocks: Any, pointer: str, surface: str, most: int, files: Mapping[str, bytes] = NO_FILES
) -> Findings:
    """Return what is wrong with a list of blocks, empty when nothing is."""
    findings: Findings = []
    if not isinstance(blocks, list):
        note(findings, pointer, "must provide an array")
        return findings
    if len(blocks) > most:
        note(findings, pointer, f"no more than {most} items allowed")
    allowed = frozenset(kind for kind, surfaces in SURFACES.items() if surface in surfaces)
    check = typed(BLOCKS, allowed)
    for index, block in enumerate(blocks):
        check(block, f"{pointer}/{index}", findings)
    if not findings:
        findings += _duplicates(blocks, pointer, per_block=surface != "message")
        findings += _lost_initials(blocks, pointer)
        findings += _out_of_modals(blocks, pointer, surface)
        findings += picture_findings(blocks, pointer, files)
    return findings


def _lost_initials(blocks: list[dict[str, Any]], pointer: str) -> Findings:
    """What a menu begins with has to be one of its options, to the letter."""
    findings: Findings = []
    for index, block in enumerate(blocks):
        for place, element in _elements(block, f"{pointer}/{index}"):
            offered = [*element.get("options", ())] + [
                option for group in element.get("option_groups", ()) for option in group["options"]
            ]
            begins = [*element.get("initial_options", ())] + [
                element[key] for key in ("initial_option",) if key in element
            ]
            if offered and any(option not in offered for option in begins):
                note(findings, f"{place}/initial_option", "must match one of the options")
    return findings


def _out_of_modals(blocks: list[dict[str, Any]], pointer: str, surface: str) -> Findings:
    """Files are picked in modals only."""
    findings: Findings = []
    for index, block in enumerate(blocks if surface != "modal" else ()):
        for place, element in _elements(block, f"{pointer}/{index}"):
            if element.get("type") == "file_input":
                note(findings, f"{place}/type", "unsupported type: file_input")
    return findings


def _duplicates(blocks: list[dict[str, Any]], pointer: str, *, per_block: bool) -> Findings:
    findings: Findings = []
    block_ids: set[str] = set()
    action_ids: set[str] = set()
    for index, block in enumerate(blocks):
        where = f"{pointer}/{index}"
        if block_id := block.get("block_id"):
            if block_id in block_ids:
                note(
                    findings, f"{where}/block_id", f'`block_id` "{block_id}" already exists for another block'
                )
            block_ids.add(block_id)
        if per_block:
            action_ids = set()
        for place, element in _elements(block, where):
            if not (action_id := element.get("action_id")):
                continue
            if action_id in action_ids:
                note(
                    findings,
                    f"{place}/action_id",
                    f'`action_id` "{action_id}" already exists for another element',
                )
            action_ids.add(action_id)
    return findings


def _elements(block: dict[str, Any], where: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for slot in ("accessory", "element"):
        if isinstance(block.get(slot), dict):
            yield f"{where}/{slot}", block[slot]
    for slot in ("elements", "actions", "child_blocks"):
        for index, element in enumerate(block.get(slot) or []):
            if isinstance(element, dict):
                yield f"{where}/{slot}/{index}", element
                yield from _elements(element, f"{where}/{slot}/{index}")


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, list):
        for entry in value:
            yield from _texts(entry)
    elif isinstance(value, dict):
        for key, entry in value.items():
            if key == "text" and isinstance(entry, str):
                yield entry
            else:
                yield from _texts(entry)
