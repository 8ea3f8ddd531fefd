"""What stands within a line: emphasis, code, links."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from markdown_it.token import Token

from bot.slack.mrkdwn import escape, neutralise

_BREAK = "\u200b"
_LINKED = re.compile(r"(?:https?://|mailto:)[^\s<>|]+", re.IGNORECASE)
_SLACK = re.compile(r"<((?:https?://|mailto:)[^\s<>|]+)\|([^<>\n]+)>", re.IGNORECASE)
"""A link as Slack writes it, which models that know where they are write too."""
_BARE = re.compile(r"https?://[^\s<>|\[\]()]*[^\s<>|\[\]().,;:!?'\"*_~`]", re.IGNORECASE)
_LINE_BREAK = re.compile(r"<br\s*/?>", re.IGNORECASE)
_MARKS = {"strong": "*", "em": "_", "s": "~"}
_LOOKALIKE = {"*": "\u2217", "_": "\uff3f", "~": "\u223c"}
"""Shown for a sign that would end the emphasis it stands in."""
_LONGEST_ADDRESS = 2_000


def to_inline(children: Sequence[Token], *, bold: bool = False) -> str:
    """Return the tokens of one run of text as mrkdwn.

    Args:
        children: Tokens of markdown-it.
        bold: Whether all of it is bold, as in a heading.
    """
    writer = _Writer()
    if bold:
        writer.open("*")
    _write(writer, children)
    if bold:
        writer.close("*")
    return writer.text


def to_plain(children: Sequence[Token]) -> str:
    """Return the tokens as one line of text without marks; signs are not escaped."""
    said = [
        token.content if token.type in {"text", "code_inline", "image"} else " " if _is_break(token) else ""
        for token in children
    ]
    return " ".join(_LINE_BREAK.sub(" ", neutralise("".join(said))).split())


def has_links(children: Sequence[Token]) -> bool:
    """Whether something in it leads elsewhere."""
    return any(
        token.type in {"link_open", "image"} or (token.type == "text" and _BARE.search(token.content))
        for token in children
    )


@dataclass(slots=True)
class _Writer:
    """Writes mrkdwn: Slack wants marks between words and closes none at the end of a line."""

    text: str = ""
    _open: list[str] = field(default_factory=list)
    _closed: bool = False

    def open(self, mark: str) -> None:
        if mark not in self._open:
            self._mark("".join((_BREAK if self.text[-1:].isalnum() else "", mark)))
        self._open.append(mark)

    def close(self, mark: str) -> None:
        self._open.remove(mark)
        if mark not in self._open:
            self._mark(mark)
            self._closed = True

    def write(self, text: str) -> None:
        """Write text as it is read, with signs escaped."""
        for mark in self._open:
            text = text.replace(mark, _LOOKALIKE[mark])
        self.put(escape(neutralise(text)))

    def put(self, ready: str) -> None:
        """Write what is mrkdwn already."""
        if ready:
            self.text += (_BREAK if self._closed and ready[0].isalnum() else "") + ready
            self._closed = False

    def end_line(self) -> None:
        marks = list(dict.fromkeys(self._open))
        self.text = f"{self.text.rstrip(' ')}{''.join(reversed(marks))}\n{''.join(marks)}"
        self._closed = False

    def _mark(self, mark: str) -> None:
        self.text += mark
        self._closed = False


def _is_break(token: Token) -> bool:
    return token.type in {"softbreak", "hardbreak"}


def _write(writer: _Writer, children: Sequence[Token]) -> None:
    at = 0
    while at < len(children):
        token = children[at]
        kind, _, edge = token.type.rpartition("_")
        if token.type == "link_open":
            end = _end_of_link(children, at)
            _link(writer, token, children[at + 1 : end])
            at = end
        elif edge in {"open", "close"} and kind in _MARKS:
            (writer.open if edge == "open" else writer.close)(_MARKS[kind])
        elif _is_break(token):
            writer.end_line()
        elif token.type == "code_inline":
            _code(writer, token.content)
        elif token.type == "image":
            _address(writer, str(token.attrs.get("src", "")), to_plain(token.children or ()))
        else:
            _words(writer, token.content)
        at += 1


def _end_of_link(children: Sequence[Token], at: int) -> int:
    return next(n for n in range(at, len(children)) if children[n].type == "link_close")


def _code(writer: _Writer, content: str) -> None:
    code = neutralise(content)
    if "`" in code or not code.strip():
        writer.put(escape(code))
    else:
        writer.put(f"`{escape(code)}`")


def _words(writer: _Writer, content: str) -> None:
    for number, line in enumerate(_LINE_BREAK.split(content)):
        if number:
            writer.end_line()
        at = 0
        for found in _SLACK.finditer(line):
            _text(writer, line[at : found.start()])
            _address(writer, found[1], found[2])
            at = found.end()
        _text(writer, line[at:])


def _text(writer: _Writer, text: str) -> None:
    at = 0
    for found in _BARE.finditer(text):
        writer.write(text[at : found.start()])
        writer.put(f"<{escape(found[0])}>")
        at = found.end()
    writer.write(text[at:])


def _link(writer: _Writer, token: Token, inside: Sequence[Token]) -> None:
    href, label = str(token.attrs.get("href", "")), to_plain(inside)
    if token.markup == "autolink" and "|" in label:  # Slack's way of writing links
        href, _, label = label.partition("|")
    _address(writer, href, label)


def _address(writer: _Writer, href: str, label: str) -> None:
    href = href.replace("|", "%7C")
    if not _LINKED.fullmatch(href) or len(href) > _LONGEST_ADDRESS:
        writer.write(f"{label} ({href})" if href and label else label or href)
    elif label in {"", href, href.removeprefix("mailto:")}:
        writer.put(f"<{escape(href)}>")
    else:
        writer.put(f"<{escape(href)}|{escape(label)}>")
