"""YAML front matter of a Markdown file, read into values that know their lines.

Only a tame part of YAML is let in: no tags, anchors, aliases or deep nesting, no key twice. Values follow the
core schema of YAML 1.2 (no dates, no `yes`, no octal), and text stays as it is written, so that
`locale: no` is Norwegian and `model: 4.10` keeps its nought.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, NamedTuple

import yaml

from bot.domain.persona_text import Finding

UNFIT = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff\ufeff\ufffe\uffff]")
"""Characters that no prompt may hold: control characters, odd line ends, halves of characters."""

_FENCE = "---"
_DEEPEST = 8
_NULL = re.compile(r"~|null|Null|NULL|")
_BOOL = re.compile(r"(true|True|TRUE)|false|False|FALSE")
_INT = re.compile(r"[-+]?\d{1,30}")
_FLOAT = re.compile(r"[-+]?(?:\.\d{1,30}|\d{1,30}(?:\.\d{0,30})?)(?:[eE][-+]?\d{1,3})?")


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value, as written."""

    line: int
    text: str
    bare: bool

    @property
    def value(self) -> str | float | bool | None:
        """What the value is in YAML 1.2: in quotes always text; bare a number, true, false or null too."""
        if not self.bare:
            return self.text
        if _NULL.fullmatch(self.text):
            return None
        if truth := _BOOL.fullmatch(self.text):
            return truth[1] is not None
        if _INT.fullmatch(self.text):
            return int(self.text)
        return float(self.text) if _FLOAT.fullmatch(self.text) else self.text


@dataclass(frozen=True, slots=True)
class Listing:
    """A list of values."""

    line: int
    items: tuple["Value", ...]

    @property
    def value(self) -> list[Any]:
        """The items as plain values."""
        return [item.value for item in self.items]


@dataclass(frozen=True, slots=True)
class Table:
    """Names with their values; the line of an entry is that of its name."""

    line: int
    entries: Mapping[str, "Entry"]

    @property
    def value(self) -> dict[str, Any]:
        """The entries as plain values."""
        return {name: entry.value.value for name, entry in self.entries.items()}


Value = Scalar | Listing | Table


class Entry(NamedTuple):
    """A value of a table, and the line of its name."""

    line: int
    value: Value


class FrontMatter(NamedTuple):
    """A file taken apart.

    Attributes:
        table: The front matter.
        body: Everything after it.
        body_line: The number of the body's first line.
    """

    table: Table
    body: str
    body_line: int


class FrontMatterError(Exception):
    """The front matter cannot be read; `finding` says where, why and what to do."""

    def __init__(self, line: int, message: str, cure: str) -> None:
        super().__init__(message)
        self.finding = Finding(line, message, cure)


def read_front_matter(text: str) -> FrontMatter:
    """Take a file's text (LF line ends) apart.

    Raises:
        FrontMatterError: There is none, it has no end, or it is not tame YAML.
    """
    first, *rest = text.split("\n")
    if first.rstrip() != _FENCE:
        raise FrontMatterError(
            1, "The front matter is missing.", "Begin the file with a line `---`, then `name:` and so on."
        )
    for index, line in enumerate(rest):
        if line.rstrip() == _FENCE:
            table = _read_yaml("\n".join(rest[:index]) + "\n")
            return FrontMatter(table, "\n".join(rest[index + 1 :]), index + 3)
    raise FrontMatterError(1, "The front matter has no end.", "Close it with a line `---`.")


def _read_yaml(source: str) -> Table:
    try:
        _check_tame(source)
        node = yaml.compose(source, Loader=yaml.SafeLoader)
    except yaml.MarkedYAMLError as error:
        scanning = (error.context or "").startswith("while scanning")
        mark = (error.context_mark if scanning else None) or error.problem_mark
        raise FrontMatterError(
            mark.line + 2 if mark else 1,
            f"The front matter is not YAML: {error.problem or error.context}.",
            "Look at indentation, colons and quotes; put a text with `: ` or ` #` in it in quotes.",
        ) from error
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise FrontMatterError(
            1, "The front matter is not YAML.", "Look for odd characters and `\\` escapes in it."
        ) from error
    if node is None:
        return Table(1, MappingProxyType({}))
    value = _convert(node)
    if not isinstance(value, Table):
        raise FrontMatterError(
            value.line, "The front matter is not a list of `key: value` lines.", "Write it as `key: value`."
        )
    return value


def _check_tame(source: str) -> None:
    depth = 0
    for event in yaml.parse(source, Loader=yaml.SafeLoader):
        line = (event.start_mark.line if event.start_mark else 0) + 2
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            raise FrontMatterError(
                line,
                "The front matter has an anchor or alias (`&`, `*`).",
                "Write the value out, or in quotes.",
            )
        if getattr(event, "tag", None):
            raise FrontMatterError(
                line, "The front matter has a tag (`!`).", "Write the value without it, or in quotes."
            )
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if depth > _DEEPEST:
            raise FrontMatterError(line, "The front matter is nested too deeply.", "Make it flatter.")


def _convert(node: yaml.Node) -> Value:
    line = node.start_mark.line + 2
    if isinstance(node, yaml.MappingNode):
        return _convert_table(node, line)
    if isinstance(node, yaml.SequenceNode):
        return Listing(line, tuple(_convert(item) for item in node.value))
    if not isinstance(node, yaml.ScalarNode):
        raise FrontMatterError(line, "This is neither text, list nor mapping.", "Write it as `key: value`.")
    if UNFIT.search(node.value):
        raise FrontMatterError(
            line, "A value holds a control character.", "Remove the `\\` escape that makes it."
        )
    return Scalar(line, node.value, bare=node.style is None)


def _convert_table(node: yaml.MappingNode, line: int) -> Table:
    entries: dict[str, Entry] = {}
    for key_node, value_node in node.value:
        key = _convert(key_node)
        if not isinstance(key, Scalar):
            raise FrontMatterError(key.line, "A key is not a single word.", "Write it as `key: value`.")
        if key.text in entries:
            raise FrontMatterError(
                key.line, f"`{key.text:.60}` is there twice; only one can count.", "Remove one of the two."
            )
        entries[key.text] = Entry(key.line, _convert(value_node))
    return Table(line, MappingProxyType(entries))
