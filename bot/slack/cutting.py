"""Cuts long Markdown into parts that each stand for themselves; pure.

A code fence that is open where a cut falls is closed there and opened again in the next part, with its
language. A table that is cut begins with its header again. Nothing but white space and fence marks gets lost,
and no character that is made of several code points is torn.
"""

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

PART_LIMIT = 11_500
"""Characters of Markdown in one message: Slack takes 12,000, and a line may come under them."""
SMALLEST_LIMIT = 400
"""Parts can not be made smaller than this."""

_ELLIPSIS = "…"
_RESERVE = 64
"""Characters kept free for closing a fence: a line break, its indentation, its marks."""
_LONGEST_INFO = 60
_LONGEST_CLUSTER = 64
_FENCE = re.compile(r"(?P<indent>[ \t]{0,20})(?P<marks>`{3,20}(?!`)|~{3,20}(?!~))(?P<info>.*)")
_RULE = re.compile(r"[ \t>]*\|?[ \t]*:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*\|?[ \t]*")
_ITEM = re.compile(r"[ \t]*(?:[-*+]|\d{1,9}[.)])[ \t]")
_SENTENCE = re.compile(r"[.!?…\u3002\uff01\uff1f][\"'\u201d\u2019)\]]*\s+|[\u3002\uff01\uff1f]")
_JOINERS = re.compile(
    "[\u200d\ufe00-\ufe0f\U0001f3fb-\U0001f3ff\U000e0020-\U000e007f\U000e0100-\U000e01ef\u1160-\u11ff]"
)


@dataclass(frozen=True, slots=True)
class Fence:
    """A code fence that is open."""

    indent: str
    marks: str
    info: str

    @property
    def opening(self) -> str:
        """The line that opens it again."""
        return f"{self.indent}{self.marks}{self.info if len(self.info) <= _LONGEST_INFO else ''}"

    @property
    def closing(self) -> str:
        """The line that closes it."""
        return f"{self.indent}{self.marks}"


class Pair(NamedTuple):
    """Two texts, and whether they had to be cut."""

    a: str
    b: str
    cut: bool


def after_line(line: str, fence: Fence | None) -> Fence | None:
    """Return the fence that is open after a line, given the one that is open before it."""
    found = _FENCE.fullmatch(line.rstrip())
    if found is None:
        return fence
    marks, info = found["marks"], found["info"].strip()
    if fence is not None:
        closes = not info and marks[0] == fence.marks[0] and len(marks) >= len(fence.marks)
        return None if closes else fence
    if marks[0] == "`" and "`" in info:
        return None
    return Fence(found["indent"], marks, info)


def open_fence(markdown: str) -> Fence | None:
    """Return the fence that is still open at the end."""
    fence = None
    for line in markdown.split("\n"):
        fence = after_line(line, fence)
    return fence


def balanced(markdown: str) -> str:
    """Return the Markdown with an open fence closed."""
    fence = open_fence(markdown)
    return f"{markdown}\n{fence.closing}" if fence else markdown


def split_markdown(text: str, limit: int = PART_LIMIT) -> list[str]:
    """Cut Markdown into parts, at the border of a paragraph, else a line, else a sentence, else a word.

    Args:
        text: The Markdown; without anything but white space there are no parts.
        limit: Most characters in a part, at least `SMALLEST_LIMIT`.
    """
    return list(_parts(text, limit))


def _parts(text: str, limit: int) -> Iterator[str]:
    if limit < SMALLEST_LIMIT:
        raise ValueError(f"parts of {limit} characters are too small")
    rest = _without_blank_start(text.replace("\r\n", "\n").rstrip())
    fence: Fence | None = None
    header = ""
    while rest:
        head = f"{fence.opening}\n" if fence else header
        whole = head + rest
        if len(whole) <= limit and len(whole := balanced(whole)) <= limit:
            yield whole
            return
        at = _border(rest, limit - len(head) - _RESERVE, fence)
        piece, rest = head + rest[:at].rstrip(), rest[at:]
        fence = open_fence(piece)
        if piece.strip() != head.strip():
            yield balanced(piece)
        header = "" if fence else _table_header(piece, rest, limit // 3)
        rest, fence = _next_start(rest, fence)


def chunks(text: str, size: int) -> list[str]:
    """Cut a text into pieces of so many characters, behind a space where one is near; nothing is lost."""
    parts = []
    while len(text) > size > 0:
        space = text.rfind(" ", size * 2 // 3, size) + 1
        at = space or _safe(text, size)
        parts.append(text[:at])
        text = text[at:]
    return [*parts, text]


def clip(text: str, limit: int) -> str:
    """Return the text, or as much of it as fits with `…` behind, cut between words where that is near."""
    if len(text) <= limit:
        return text
    at = _safe(text, limit - len(_ELLIPSIS))
    space = text.rfind(" ", at - at // 5, at)
    return text[: space if space > 0 else at].rstrip() + _ELLIPSIS


def clip_markdown(text: str, limit: int) -> str:
    """Return Markdown that fits, with its fences closed, and `…` behind when it was cut."""
    whole = balanced(text)
    if len(whole) <= limit:
        return whole
    parts = _parts(text, limit - 2)
    first, second = next(parts, ""), next(parts, None)
    if second is None:
        return first
    ends_in_code = _FENCE.fullmatch(first.rsplit("\n", 1)[-1])
    return first + ("\n" if ends_in_code else "") + _ELLIPSIS


def clip_both(a: str, b: str, total: int) -> Pair:
    """Return two texts that fit together, cut alike: one limit for both, and neither cut when both fit."""
    lengths = len(balanced(a)), len(balanced(b))
    if sum(lengths) <= total:
        return Pair(balanced(a), balanced(b), cut=False)
    limit = max(total // 2, total - min(lengths))
    return Pair(clip_markdown(a, limit), clip_markdown(b, limit), cut=True)


def _without_blank_start(text: str) -> str:
    return re.sub(r"\A(?:[^\S\n]*\n)+", "", text)


def _next_start(rest: str, fence: Fence | None) -> tuple[str, Fence | None]:
    """Return what comes after a cut, without the line that would close a fence which is empty there."""
    rest = _without_blank_start(rest)
    line, _, after = rest.partition("\n")
    if fence is not None and after_line(line, fence) is None:
        return _without_blank_start(after), None
    return rest, fence


def _table_header(before: str, after: str, most: int) -> str:
    """Return the two lines that begin the table which is cut here; empty when none is, or they are too long."""
    if "|" not in after.partition("\n")[0]:
        return ""
    lines = before.rstrip("\n").split("\n")
    at = len(lines) - 1
    while at > 0 and "|" in lines[at] and not _is_rule(lines[at]):
        at -= 1
    if at == 0 or not _is_rule(lines[at]) or "|" not in lines[at - 1]:
        return ""
    header = f"{lines[at - 1]}\n{lines[at]}\n"
    return header if len(header) <= most else ""


def _is_rule(line: str) -> bool:
    """Whether a line stands between a table's header and its rows."""
    return "|" in line and _RULE.fullmatch(line) is not None


def _in_header(line: str, rest: str) -> bool:
    """Whether a cut behind the line would tear a table's header from its first row."""
    return _is_rule(line) or _is_rule(rest.partition("\n")[0])


def _ends_paragraph(rest: str) -> bool:
    """Whether a paragraph has ended where this comes next, and not one within a list's item."""
    return rest[:1] in {"\n", ""} and rest.lstrip("\n")[:2] != "  "


def _border(text: str, budget: int, fence: Fence | None) -> int:
    """Return where to cut a text that is longer than the budget: the best place, from 1 to the budget."""
    half, quarter = budget // 2, budget // 4
    borders = _line_borders(text, budget, fence)
    for place, least in (*((border, half) for border in borders[:3]), (max(borders[2:]), quarter)):
        if place >= least:
            return place
    window = text[:budget]
    ends = [found.end() for found in _SENTENCE.finditer(window)] if fence is None else []
    for place in (ends[-1] if ends else 0, max(window.rfind(" "), window.rfind("\t")) + 1):
        if place >= quarter:
            return place
    return _safe(text, budget)


def _line_borders(text: str, budget: int, fence: Fence | None) -> tuple[int, int, int, int]:
    """Return the last border within the budget of a paragraph, an item, a line, and a line of code; 0 for none."""
    paragraph = item = outside = inside = start = 0
    while (end := text.find("\n", start, budget)) >= 0:
        line = text[start:end]
        before, fence = fence, after_line(line, fence)
        start = end + 1
        rest = text[start : start + 200]
        if fence is not None:
            inside = start if before is not None else inside
        elif not _in_header(line, rest):
            outside = start
            paragraph = start if _ends_paragraph(rest) else paragraph
            item = start if _ITEM.match(rest) else item
    return paragraph, item, outside, inside


def _safe(text: str, at: int) -> int:
    """Return the nearest place at or before `at` that tears no character; `at` itself when none is near."""
    for place in range(at, max(0, at - _LONGEST_CLUSTER), -1):
        if not _joined(text, place):
            return place
    return at


def _joined(text: str, at: int) -> bool:
    """Whether what is before and after a place belong to one character."""
    if not 0 < at < len(text):
        return False
    before, after = text[at - 1], text[at]
    if _is_flag(before) and _is_flag(after):
        flags = re.search("[\U0001f1e6-\U0001f1ff]*\\Z", text[max(0, at - 256) : at])
        return flags is not None and len(flags[0]) % 2 == 1
    return (
        unicodedata.category(after).startswith("M")
        or _JOINERS.match(after) is not None
        or before == "\u200d"
        or ("\ud800" <= before <= "\udbff" and "\udc00" <= after <= "\udfff")
    )


def _is_flag(character: str) -> bool:
    return "\U0001f1e6" <= character <= "\U0001f1ff"
