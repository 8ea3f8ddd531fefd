"""Reads the tables of shapes: every rule in them as one line, ``path  rule``."""

from collections.abc import Iterator
from typing import Any

from bot.playground.slack.blocks import rules
from bot.playground.slack.blocks.charts import CELLS, CHARTS
from bot.playground.slack.blocks.elements import ELEMENTS
from bot.playground.slack.blocks.objects import OBJECTS
from bot.playground.slack.blocks.rich_text import INLINE, PARTS
from bot.playground.slack.blocks.tables import (
    BLOCKS,
    CHUNKS,
    IN_CONTEXT,
    LOADING_MESSAGES,
    PLANNED,
    SUGGESTED_PROMPTS,
    VIEWS,
)

ROOTS: dict[str, rules.Rule] = {
    **{f"block:{name}": shape for name, shape in BLOCKS.items()},
    **{f"element:{name}": shape for name, shape in ELEMENTS.items()},
    **{f"object:{name}": shape for name, shape in OBJECTS.items()},
    **{f"inline:{name}": shape for name, shape in INLINE.items()},
    **{f"part:{name}": shape for name, shape in PARTS.items()},
    **{f"chart:{name}": shape for name, shape in CHARTS.items()},
    **{f"cell:{name}": shape for name, shape in CELLS.items()},
    **{f"view:{name}": shape for name, shape in VIEWS.items()},
    **{f"chunk:{name}": shape for name, shape in CHUNKS.items()},
    **{f"in_context:{name}": shape for name, shape in IN_CONTEXT.items()},
    "planned_task": PLANNED,
    "loading_messages": LOADING_MESSAGES,
    "suggested_prompts": SUGGESTED_PROMPTS,
}
_NAMES = {id(rule): name for name, rule in reversed(ROOTS.items())}


def rows() -> Iterator[str]:
    """Yield a line for every rule of the tables."""
    for name, rule in ROOTS.items():
        named = _NAMES[id(rule)]
        yield from [f"{name}  is {named}"] if named != name else _rows(name, rule)


def _range(least: Any, most: Any) -> str:
    return f"{least}..{'' if most is None else most}"


def _rows(path: str, rule: Any, *, root: bool = True) -> Iterator[str]:
    if not root and id(rule) in _NAMES:
        yield f"{path}  is {_NAMES[id(rule)]}"
        return
    match rule:
        case rules.Array(item, most, least):
            yield f"{path}  items {_range(least, most)}"
            yield from _rows(f"{path}/0", item, root=False)
        case rules.Typed(shapes, allowed):
            yield from _typed(path, shapes, allowed)
        case rules.Shape():
            yield from _shape(path, rule)
        case _ if rule is not rules.anything:
            yield f"{path}  {_single(rule)}"


def _single(rule: Any) -> str:
    match rule:
        case rules.String(most, least, form):
            return f"chars {_range(least, most)}" + (f" like {form.name}" if form else "")
        case rules.Boolean():
            return "bool"
        case rules.Integer(least, most):
            return f"int {_range(least, most)}"
        case rules.Number(above):
            return "number" + ("" if above is None else f" above {above}")
        case rules.Enum(values):
            return f"enum {' '.join(map(str, values))}"
        case rules.Text(most, kinds):
            return f"text 1..{most} {' '.join(kinds)}"
    raise TypeError(f"the walk does not know {rule}")


def _typed(path: str, shapes: Any, allowed: Any) -> Iterator[str]:
    kinds = sorted(shapes if allowed is None else allowed)
    yield f"{path}  types {' '.join(_NAMES[id(shapes[kind])] for kind in kinds)}"


def _shape(path: str, shape: rules.Shape) -> Iterator[str]:
    if shape.required:
        yield f"{path}  required {' '.join(shape.required)}"
    yield f"{path}  optional {' '.join(shape.optional)}".rstrip()
    for group in shape.either:
        yield f"{path}  either {' '.join(group)}"
    for group in shape.exclusive:
        yield f"{path}  exclusive {' '.join(group)}"
    for look in shape.also:
        yield f"{path}  also {look.__name__}"
    for key, rule in shape.keys.items():
        yield from _rows(f"{path}/{key}", rule, root=False)
