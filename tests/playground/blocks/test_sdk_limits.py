"""The limits beside those that Slack's own library knows: numbers that were not taken from our tables."""

from collections.abc import Iterator
from inspect import getmembers, isclass
from typing import Any

import pytest
from slack_sdk.models.blocks import basic_components, block_elements, blocks

from tests.playground.blocks.test_limits import LINES

OURS = {
    "ConfirmObject": "object:confirm",
    "FeedbackButtonObject": "object:feedback_button",
    "Option": "object:option",
    "OptionGroup": "object:option_group",
    "InputInteractiveElement": "element:plain_text_input",
    "InteractiveElement": "element:button",
    "SelectElement": "element:static_select",
    "StaticMultiSelectElement": "element:multi_static_select",
    "StaticSelectElement": "element:static_select",
    "Block": "block:divider",
}
"""Their classes that name no type, or another class's."""
RENAMED = {("Option", "label"): "text"}
ELSEWHERE = {"AuthProviderBlock": "a block that the local Slack does not know"}
LESS_THAN = {("VideoBlock", "title"), ("VideoBlock", "author_name")}
"""The documents say "less than", where the library takes as much."""


def theirs() -> Iterator[tuple[str, str, int]]:
    for module in (basic_components, block_elements, blocks):
        for name, found in getmembers(module, isclass):
            for attribute, value in vars(found).items():
                if found.__module__ == module.__name__ and attribute.endswith("_max_length"):
                    yield name, attribute.removesuffix("_max_length"), value


def most(root: str, key: str) -> int:
    """The upper bound of a key in our tables."""
    [bound] = [
        line.split("  ")[1].split()[1]
        for line in LINES
        if line.startswith(f"{root}/{key}  ") and line.split("  ")[1].split()[0] in {"chars", "text", "items"}
    ]
    return int(bound.partition("..")[2])


def kind_of(name: str) -> str:
    if name in OURS:
        return OURS[name]
    for module, prefix in ((block_elements, "element"), (blocks, "block")):
        found: Any = getattr(module, name, None)
        if found is not None and found.__module__ == module.__name__:
            return f"{prefix}:{found.type}"
    raise AssertionError(name)


@pytest.mark.parametrize(
    ("name", "key", "limit"), [row for row in theirs() if row[0] not in ELSEWHERE], ids=str
)
def test_a_limit_is_that_of_slack_s_library(name: str, key: str, limit: int) -> None:
    ours = most(kind_of(name), RENAMED.get((name, key), key))

    assert ours == (limit - 1 if (name, key) in LESS_THAN else limit)


def test_the_library_knows_many() -> None:
    assert len(list(theirs())) > 50
