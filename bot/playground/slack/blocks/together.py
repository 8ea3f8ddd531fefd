"""What blocks have to be to each other: ids of their own, one focus, what a surface has no place for.

Each rule looks at blocks that are right one by one, and returns what is wrong with them together.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.playground.slack.blocks.pictures import picture_findings
from bot.playground.slack.blocks.places import blocks_in, elements_of, within
from bot.playground.slack.findings import Finding

Json = dict[str, Any]
CHARTS = 2
"""docs.slack.dev/reference/block-kit/blocks/data-visualization-block: in one message."""


@dataclass(frozen=True, slots=True)
class Place:
    """An element and where it stands.

    Attributes:
        pointer: Of the element.
        block: Index of the outermost block around it.
        around: Type of the innermost block around it.
    """

    pointer: str
    block: int
    around: str
    element: Json


@dataclass(frozen=True, slots=True)
class Scene:
    """Blocks as they stand on a surface.

    Attributes:
        pointer: Of the list of blocks.
        surface: ``message``, ``modal`` or ``home``.
        submit: Whether a modal can be submitted; True elsewhere.
        files: Bytes of uploaded files by id, which pictures name.
        wire: JSON text in which the blocks stand.
        each: Every block with its pointer, those in containers, carousels and plans, too.
        places: Every interactive element.
    """

    blocks: list[Json]
    pointer: str
    surface: str
    submit: bool
    files: Mapping[str, bytes]
    wire: str
    each: tuple[tuple[str, Json], ...]
    places: tuple[Place, ...]


def scene(
    blocks: list[Json],
    pointer: str,
    surface: str,
    *,
    submit: bool,
    files: Mapping[str, bytes],
    wire: str = "",
) -> Scene:
    """Return a scene of blocks whose shapes are right; the JSON text is made when it is not given."""
    each = tuple(blocks_in(blocks, pointer))
    wire = wire or json.dumps(blocks, ensure_ascii=False)
    return Scene(blocks, pointer, surface, submit, files, wire, each, tuple(_places(blocks, pointer)))


def _places(blocks: list[Json], pointer: str) -> Iterator[Place]:
    for index, block in enumerate(blocks):
        for where, inner in within(block, f"{pointer}/{index}"):
            for slot, element in elements_of(inner):
                yield Place(f"{where}{slot}", index, inner["type"], element)


def block_ids_of_their_own(scene: Scene) -> Iterator[Finding]:
    """No two blocks have one block_id."""
    seen: set[str] = set()
    for where, block in scene.each:
        if block_id := block.get("block_id"):
            if block_id in seen:
                sentence = f'`block_id` "{block_id}" already exists for another block'
                yield Finding(f"{where}/block_id", sentence)
            seen.add(block_id)


def action_ids_of_their_own(scene: Scene) -> Iterator[Finding]:
    """No two elements have one action_id: in a message at all, in a view within one block."""
    seen: set[tuple[int, str]] = set()
    for place in scene.places:
        if action_id := place.element.get("action_id"):
            key = (0 if scene.surface == "message" else place.block, action_id)
            if key in seen:
                sentence = f'`action_id` "{action_id}" already exists for another element'
                yield Finding(f"{place.pointer}/action_id", sentence)
            seen.add(key)


def files_picked_in_modals(scene: Scene) -> Iterator[Finding]:
    """Files are picked in modals only."""
    for place in scene.places:
        if place.element["type"] == "file_input" and scene.surface != "modal":
            yield Finding(f"{place.pointer}/type", "unsupported type: file_input")


def answered_in_modals(scene: Scene) -> Iterator[Finding]:
    """A menu brings a response_url only from an input block of a modal."""
    for place in scene.places:
        wanted = place.element.get("response_url_enabled")
        if wanted and (scene.surface, place.around) != ("modal", "input"):
            sentence = "only works with menus in input blocks in modals"
            yield Finding(f"{place.pointer}/response_url_enabled", sentence)


def one_focus(scene: Scene) -> Iterator[Finding]:
    """One element at most has the focus when a view opens."""
    focused = [place for place in scene.places if place.element.get("focus_on_load")]
    for place in focused[1:]:
        yield Finding(f"{place.pointer}/focus_on_load", "only one element can be set to true")


def inputs_are_submitted(scene: Scene) -> Iterator[Finding]:
    """A modal with an input block has a button that submits it."""
    if scene.submit:
        return
    for where, block in scene.each:
        if block["type"] == "input":
            yield Finding(f"{where}/input", "must define `submit` to use an `input` block in modals")
            return


def few_charts(scene: Scene) -> Iterator[Finding]:
    """A message holds two charts at most."""
    charts = [where for where, block in scene.each if block["type"] == "data_visualization"]
    if scene.surface == "message":
        for where in charts[CHARTS:]:
            yield Finding(where, f"no more than {CHARTS} data_visualization blocks allowed")


def pictures_are_there(scene: Scene) -> Iterator[Finding]:
    """Pictures that are named by their file are there, and are pictures."""
    # keys may be spelled with escapes: then it is looked for all the same
    if "slack_file" in scene.wire or "\\u00" in scene.wire:
        yield from picture_findings(scene.blocks, scene.pointer, scene.files)


TOGETHER: tuple[Callable[[Scene], Iterator[Finding]], ...] = (
    block_ids_of_their_own,
    action_ids_of_their_own,
    files_picked_in_modals,
    answered_in_modals,
    one_focus,
    inputs_are_submitted,
    few_charts,
    pictures_are_there,
)
