"""What Markdown is made of, paragraph by paragraph, as pieces of mrkdwn."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from markdown_it import MarkdownIt
from markdown_it.rules_block.table import escapedSplit
from markdown_it.token import Token
from markdown_it.tree import SyntaxTreeNode

from bot.slack.cutting import SMALLEST_LIMIT, chunks, split_markdown
from bot.slack.mrkdwn import escape, neutralise
from bot.slack.rendering.inline import has_links, to_inline, to_plain
from bot.slack.rendering.packing import Frame, Piece
from bot.slack.rendering.tables import Cell, aligned, is_narrow, labelled

_BULLETS = "•◦▪"
_STEP = "    "
_DEEPEST = 5
"""Lists further in than that are not indented more: a phone has no room for it."""
_MOST_QUOTES = 3
_MOST_NESTING = 100
"""Where markdown-it gives up; what is nested deeper is shown as it was written."""
_RULE = "─" * 12
_TASK = re.compile(r"\[([ xX])\](?:\s+|$)")
_BOXES = {" ": "☐ ", "x": "☑ ", "X": "☑ "}
_CODE = ("```", "```")
_LINE = "\n"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a block stands: how deep in lists and in quotes, and the mark before its first line."""

    depth: int = 0
    quotes: int = 0
    mark: str = ""

    @property
    def inner(self) -> "_Place":
        """What stands behind the mark, without another one."""
        return replace(self, mark="")

    def put(self, text: str) -> str:
        """Return text with what stands before its lines."""
        quote = ">" + " &gt;" * (min(self.quotes, _MOST_QUOTES) - 1) + " " if self.quotes else ""
        indent = _STEP * min(self.depth, _DEEPEST)
        hanging = _STEP * min(self.depth - 1, _DEEPEST - 1) if self.mark else indent
        lines = text.split("\n")
        first = f"{quote}{hanging}{self.mark}{lines[0]}"
        return "\n".join([first, *(f"{quote}{indent}{line}" for line in lines[1:])])


def pieces_of(markdown: str) -> list[Piece]:
    """Return Markdown as pieces that can be packed into texts of any length; mentions harmless."""
    text = neutralise(markdown.replace("\r\n", "\n").replace("\r", "\n"))
    parser = MarkdownIt("commonmark", {"html": False, "maxNesting": _MOST_NESTING})
    parser.enable(["table", "strikethrough"]).disable(["reference"])
    tokens = parser.parse(text)
    if any(token.level >= _MOST_NESTING - 1 for token in tokens):
        return [_raw(line, _LINE) for line in text.split("\n")]
    return list(_Reader(parser, text.split("\n")).blocks(SyntaxTreeNode(tokens), _Place()))


def _raw(text: str, glue: str) -> Piece:
    return Piece(escape(text), glue, lambda size: [_raw(part, glue) for part in chunks(text, size)])


@dataclass(frozen=True, slots=True)
class _Reader:
    parser: MarkdownIt
    lines: Sequence[str]

    def blocks(self, parent: SyntaxTreeNode, place: _Place) -> Iterator[Piece]:
        """Yield the pieces of what is in a block."""
        for node in parent.children:
            yield from self._block(node, place)
            place = place.inner

    def _block(self, node: SyntaxTreeNode, place: _Place) -> Iterator[Piece]:
        glue = self._glue(node, place)
        match node.type:
            case "paragraph":
                yield self._prose(_text(node), glue, place, children=_run(node))
            case "heading":
                yield self._prose(_text(node), glue, place, bold=True, children=_run(node))
            case "bullet_list" | "ordered_list":
                if place.mark:
                    yield _fixed(place.put("").rstrip(), glue)
                yield from self._list(node, place.inner)
            case "blockquote":
                if place.mark:
                    yield _fixed(place.put("").rstrip(), glue)
                yield from self.blocks(node, replace(place.inner, quotes=place.quotes + 1))
            case "table":
                yield from self._table(node, glue, place)
            case "hr":
                yield _fixed(place.put(_RULE), glue)
            case _:
                yield from _code(node.content, glue, place)

    def _glue(self, node: SyntaxTreeNode, place: _Place) -> str:
        """An empty line where there was one."""
        start = node.map[0] if node.map else 0
        if start == 0 or self.lines[start - 1].strip("> \t"):
            return _LINE
        return "\n>\n" if place.quotes and self.lines[start - 1].strip() else "\n\n"

    def _inline(self, source: str) -> list[Token]:
        return self.parser.parseInline(source)[0].children or []

    def _prose(
        self,
        source: str,
        glue: str,
        place: _Place,
        *,
        bold: bool = False,
        children: Sequence[Token] | None = None,
    ) -> Piece:
        def smaller(size: int) -> list[Piece]:
            parts = split_markdown(source, size) if size >= SMALLEST_LIMIT else chunks(source, size)
            return [
                self._prose(
                    part, glue if number == 0 else _LINE, place if number == 0 else place.inner, bold=bold
                )
                for number, part in enumerate(parts)
            ]

        run = self._inline(source) if children is None else children
        return Piece(place.put(to_inline(run, bold=bold)), glue, smaller)

    def _list(self, node: SyntaxTreeNode, place: _Place) -> Iterator[Piece]:
        number = int(node.attrs.get("start", 1)) if node.type == "ordered_list" else None
        for item in node.children:
            mark = f"{_BULLETS[min(place.depth, len(_BULLETS) - 1)]} "
            if number is not None:
                mark = f"{number}{item.markup} "
                number += 1
            inside = replace(place, depth=place.depth + 1, mark=mark)
            if item.children:
                yield from self._item(item, inside)
            else:
                yield _fixed(inside.put("").rstrip(), self._glue(item, place))

    def _item(self, item: SyntaxTreeNode, place: _Place) -> Iterator[Piece]:
        first = item.children[0]
        task = _TASK.match(_text(first)) if first.type == "paragraph" else None
        if task is None:
            yield from self.blocks(item, place)
            return
        box = _BOXES[task[1]]
        mark = box if place.mark[0] in _BULLETS else place.mark + box
        source = _text(first)[task.end() :]
        yield self._prose(source, self._glue(first, place), replace(place, mark=mark))
        for node in item.children[1:]:
            yield from self._block(node, place.inner)

    def _table(self, node: SyntaxTreeNode, glue: str, place: _Place) -> Iterator[Piece]:
        lines = [line for part in node.children for line in part.children]
        right = ["right" in str(cell.attrs.get("style", "")) for cell in lines[0].children]
        rows = [self._cells(line) for line in lines]
        if place.mark:
            yield _fixed(place.put("").rstrip(), glue)
        if is_narrow(rows) and not place.quotes:
            header, rule, *body = aligned(rows, right)
            frame = Frame(f"```\n{_as_code(header)}\n{rule}", "```") if body else Frame(*_CODE)
            for number, line in enumerate(body or [header]):
                yield _framed(line, glue if number == 0 else _LINE, frame)
            return
        for number, row in enumerate(rows[1:] or [rows[0]]):
            yield self._row(rows[0], row, glue if number == 0 else _LINE, place.inner)

    def _row(self, header: Sequence[Cell], row: Sequence[Cell], glue: str, place: _Place) -> Piece:
        """Return a row as an item of a list, with each cell on a line of its own under the first."""
        said = [row_cell.source for row_cell in row] if row is header else None
        sources = said or [labelled(head, cell) for head, cell in zip(header, row, strict=True)]
        inside = replace(place, depth=place.depth + 1)
        cells = [
            self._prose(source, _LINE, replace(inside, mark="• ") if number == 0 else inside)
            for number, source in enumerate(filter(None, sources))
        ]
        return Piece("\n".join(cell.text for cell in cells), glue, lambda _: cells)

    def _cells(self, line: SyntaxTreeNode) -> list[Cell]:
        cells = [self._cell(_text(cell), _run(cell)) for cell in line.children]
        if more := self._beyond(line, len(cells)):
            source = " | ".join(filter(None, [cells[-1].source, *more]))
            cells[-1] = self._cell(source, self._inline(source))
        return cells

    @staticmethod
    def _cell(source: str, children: Sequence[Token]) -> Cell:
        return Cell(source, to_inline(children), to_plain(children), has_links(children))

    def _beyond(self, line: SyntaxTreeNode, columns: int) -> list[str]:
        """Return cells for which the header has no column: Markdown drops them, we do not."""
        if line.map is None or line.children[0].type == "th":
            return []
        written = self.lines[line.map[0]].strip("> \t")
        found = [cell.strip() for cell in escapedSplit(written.removeprefix("|").removesuffix("|"))]
        return [cell for cell in found[columns:] if cell]


def _text(node: SyntaxTreeNode) -> str:
    """Return what is written in a block."""
    return node.children[0].content if node.children else ""


def _run(node: SyntaxTreeNode) -> Sequence[Token]:
    """Return what is written in a block, as tokens."""
    token = node.children[0].token if node.children else None
    return (token.children or ()) if token else ()


def _fixed(text: str, glue: str) -> Piece:
    return Piece(text, glue, lambda _: ())


def _framed(line: str, glue: str, frame: Frame) -> Piece:
    """Return a line of code, which is not escaped yet."""
    return Piece(
        _as_code(line), glue, lambda size: [_framed(part, _LINE, frame) for part in chunks(line, size)], frame
    )


def _as_code(line: str) -> str:
    return escape(line).replace("```", "`\u200b``")


def _code(content: str, glue: str, place: _Place) -> Iterator[Piece]:
    lines = content.removesuffix("\n").split("\n")
    if not content.strip():
        return
    if place.mark:
        yield _fixed(place.put("").rstrip(), glue)
        glue = _LINE
    if place.quotes:  # a fence ends a quote
        for number, line in enumerate(lines):
            yield _quoted_code(line, glue if number == 0 else _LINE, place.inner.put)
        return
    frame = Frame(*_CODE)
    for number, line in enumerate(lines):
        yield _framed(line, glue if number == 0 else _LINE, frame)


def _quoted_code(line: str, glue: str, put: Callable[[str], str]) -> Piece:
    code = escape(line)
    shown = f"`{code}`" if line.strip() and "`" not in line else code
    return Piece(
        put(shown), glue, lambda size: [_quoted_code(part, _LINE, put) for part in chunks(line, size)]
    )
