"""Where in a block elements stand that people act on, and where further blocks do. Pure."""

from collections.abc import Iterator
from typing import Any

Json = dict[str, Any]
_ELEMENT = {"section": "accessory", "input": "element"}
_ELEMENTS = {"actions": "elements", "context_actions": "elements", "card": "actions"}
_BLOCKS = {"container": "child_blocks", "carousel": "elements", "plan": "tasks"}


def elements_of(block: Json) -> Iterator[tuple[str, Json]]:
    """Yield the elements of a block that people act on, and pictures beside a text, each with its pointer."""
    kind = block["type"]
    if (slot := _ELEMENT.get(kind)) and slot in block:
        yield f"/{slot}", block[slot]
    elif slot := _ELEMENTS.get(kind):
        for index, element in enumerate(block.get(slot, ())):
            yield f"/{slot}/{index}", element


def blocks_in(blocks: list[Json], pointer: str = "") -> Iterator[tuple[str, Json]]:
    """Yield all blocks with their pointers, and after each the ones within it."""
    for index, block in enumerate(blocks):
        yield from within(block, f"{pointer}/{index}")


def within(block: Json, pointer: str) -> Iterator[tuple[str, Json]]:
    """Yield a block with its pointer, and after it the blocks within it."""
    yield pointer, block
    if slot := _BLOCKS.get(block["type"]):
        yield from blocks_in(block.get(slot, []), f"{pointer}/{slot}")
