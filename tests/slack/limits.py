"""What Slack refuses, written down apart from the code under test: messages and views within its limits."""

import json
import re
from collections.abc import Iterator
from typing import Any

from slack_sdk.models.blocks import Block
from slack_sdk.models.views import View

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
MARKDOWN = 12_000
ALL_TEXT = 13_200
FALLBACK = 3_000
TEXT_LIMITS = {"section": 3_000, "header": 150, "context": 3_000}
MENTION = re.compile(r"<[!@#]|(?<![A-Za-z0-9])@(?:channel|here|everyone)(?![A-Za-z0-9])", re.IGNORECASE)
ALLOWED_TOKEN = re.compile(
    r"<!date\^\d+\^[^<>]*>|<@U[A-Z0-9]+>|<#C[A-Z0-9]+>|<https?://[^<>]+>|<mailto:[^<>]+>"
)


def assert_message_within_limits(text: str, blocks: list[dict[str, Any]]) -> None:
    """Fail when Slack would refuse the message, or cut it."""
    assert 0 < len(text) <= FALLBACK
    assert text.strip()
    assert 0 < len(blocks) <= MESSAGE_BLOCKS
    assert sum(len(block["text"]) for block in blocks if block["type"] == "markdown") <= MARKDOWN
    assert sum(len(piece) for piece in texts_in(blocks)) <= ALL_TEXT
    ids = [element["action_id"] for element in _elements(blocks) if "action_id" in element]
    assert len(ids) == len(set(ids))
    _assert_blocks(blocks)


def assert_view_within_limits(view: dict[str, Any]) -> None:
    """Fail when Slack would refuse the modal."""
    assert len(view["blocks"]) <= VIEW_BLOCKS
    assert len(view.get("private_metadata", "")) <= 3_000
    assert len(json.dumps(view)) <= 250_000
    for key in ("title", "submit", "close"):
        if key in view:
            assert 0 < len(view[key]["text"]) <= 24
    assert not any(block["type"] in {"markdown", "table"} for block in view["blocks"])
    assert not _has_input(view) or "submit" in view
    _assert_blocks(view["blocks"])
    assert View(**view).to_dict() == view


def texts_in(node: Any) -> Iterator[str]:
    """Every text that a person would read."""
    if isinstance(node, list):
        for child in node:
            yield from texts_in(child)
    elif isinstance(node, dict):
        if isinstance(node.get("text"), str):
            yield node["text"]
        for child in node.values():
            if isinstance(child, dict | list):
                yield from texts_in(child)


def tokens_in(text: str) -> list[str]:
    """What Slack would read as a mention or a link, our own aside."""
    return MENTION.findall(ALLOWED_TOKEN.sub("", text))


def _has_input(view: dict[str, Any]) -> bool:
    return any(block["type"] == "input" for block in view["blocks"])


def _assert_blocks(blocks: list[dict[str, Any]]) -> None:
    for block in blocks:
        ids = [element["action_id"] for element in _elements([block]) if "action_id" in element]
        assert len(ids) == len(set(ids))
        parsed = Block.parse(block)
        assert parsed is not None, block
        assert parsed.to_dict() == block
        _assert_texts(block)
    for element in _elements(blocks):
        _assert_element(element)


def _assert_texts(block: dict[str, Any]) -> None:
    limit = TEXT_LIMITS.get(block["type"])
    if limit is not None:
        for text in texts_in(block):
            assert 0 < len(text) <= limit
    if block["type"] == "markdown":
        assert block["text"].strip()
    if block["type"] == "context":
        assert 0 < len(block["elements"]) <= 10
    if block["type"] == "actions":
        assert 0 < len(block["elements"]) <= 25


def _assert_element(element: dict[str, Any]) -> None:
    if element["type"] == "button":
        assert element["text"]["type"] == "plain_text"
        assert 0 < len(element["text"]["text"]) <= 16, "longer labels break a row on a phone"
        assert len(element["value"]) <= 2_000
        assert len(element["action_id"]) <= 255
        if confirm := element.get("confirm"):
            assert len(confirm["title"]["text"]) <= 100
            assert len(confirm["text"]["text"]) <= 300
            assert len(confirm["confirm"]["text"]) <= 30
            assert len(confirm["deny"]["text"]) <= 30
    if element["type"] == "radio_buttons":
        assert len(element["options"]) <= 10
        for option in element["options"]:
            assert len(option["text"]["text"]) <= 75
            assert len(option["value"]) <= 150


def _elements(blocks: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for block in blocks:
        if block["type"] == "actions":
            yield from block["elements"]
        if block["type"] == "input":
            yield block["element"]
