"""What is masked before a text leaves the house, read from `redactions.toml` and a file of one's own."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.adapters.regex_cost import most_steps
from bot.domain.redaction import Check, Pattern, Redactor
from bot.domain.suggestions import suggest

SHIPPED = Path(__file__).parent / "redactions.toml"
MOST_STEPS = 5_000
"""From each place of a text: a question of 12,000 characters is masked within about a second at the worst."""
_LABEL = re.compile(r"[^\W_][\w .-]{0,29}")
_HEADER = re.compile(r"\s*\[\[\s*pattern\s*\]\]")
_KEYS = frozenset({"label", "regex", "check", "finds"})
_PLACE = re.compile(r"\(at line (\d+)")


class RedactionFault(Exception):
    """A file of patterns that cannot be used; the text names the file, the line and the cure."""


@dataclass(frozen=True, slots=True)
class _Place:
    file: Path
    line: int

    def fault(self, sentence: str) -> RedactionFault:
        return RedactionFault(f"{self.file}:{self.line}: {sentence}")


def load_redactor(own: Path | None = None) -> Redactor:
    """Read the patterns that are shipped, and those of a file that adds to them or takes their place.

    Args:
        own: The file; None for the shipped patterns alone.

    Raises:
        RedactionFault: The file is not there, is no TOML, or a pattern in it is ill.
    """
    _, shipped = _read(SHIPPED)
    if own is None:
        return Redactor(shipped)
    extend, patterns = _read(own)
    return Redactor((*patterns, *shipped) if extend else patterns)


def _read(file: Path) -> tuple[bool, tuple[Pattern, ...]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
        document = tomllib.loads(text)
    except OSError as error:
        raise RedactionFault(f"{file}: it cannot be read. Is the path right?") from error
    except UnicodeDecodeError as error:
        raise RedactionFault(f"{file}: it is not UTF-8 text. Save it again as UTF-8.") from error
    except tomllib.TOMLDecodeError as error:
        found = _PLACE.search(str(error))
        line = int(found[1]) if found else 1
        cure = "Put expressions into single quotes, where a backslash means itself."
        raise _Place(file, line).fault(f"this is not TOML: {error}. {cure}") from error
    lines = [number for number, line in enumerate(text.splitlines(), start=1) if _HEADER.match(line)]
    extend = _extend(document, file)
    tables = document.get("pattern", [])
    if not isinstance(tables, list) or len(tables) != len(lines):
        raise _Place(file, 1).fault("patterns are written one by one, each beginning with [[pattern]].")
    return extend, tuple(
        _pattern(table, _Place(file, line)) for table, line in zip(tables, lines, strict=True)
    )


def _extend(document: Mapping[str, Any], file: Path) -> bool:
    for key in document:
        if key not in {"extend", "pattern"}:
            raise _Place(file, 1).fault(f"`{key}` is unknown. There are `extend` and [[pattern]].")
    extend = document.get("extend", True)
    if not isinstance(extend, bool):
        raise _Place(file, 1).fault("`extend` is true or false, without quotes.")
    return extend


def _pattern(table: Mapping[str, Any], place: _Place) -> Pattern:
    for key, value in table.items():
        if key not in _KEYS:
            near = suggest(key, _KEYS)
            raise place.fault(f"`{key}` is unknown." + (f" Did you mean `{near}`?" if near else ""))
        if not isinstance(value, str):
            raise place.fault(f"`{key}` is a text and stands in quotes.")
    label = table.get("label", "")
    if not _LABEL.fullmatch(label):
        raise place.fault("`label` is missing or no name: up to 30 letters, digits, spaces, `.` and `-`.")
    if ("regex" in table) == ("finds" in table):
        raise place.fault('a pattern has either `regex` or `finds = "secrets"`.')
    if "finds" in table:
        if table["finds"] != "secrets":
            raise place.fault('`finds` can only be "secrets".')
        return Pattern(label, None)
    return Pattern(label, _regex(table["regex"], place), _check(table.get("check"), place))


def _regex(text: str, place: _Place) -> re.Pattern[str]:
    try:
        regex = re.compile(text)
    except re.error as error:
        raise place.fault(f"`regex` is no regular expression: {error}.") from error
    if regex.match(""):
        raise place.fault(
            "`regex` matches nothing at all, so it would match everywhere. Ask for one character."
        )
    if most_steps(regex) > MOST_STEPS:
        raise place.fault(
            "`regex` could take too long over a text made for it. Give its repetitions an upper bound and make "
            "them possessive: `{1,64}+` in place of `+`; and no repetition of a repetition, no \\1."
        )
    return regex


def _check(name: str | None, place: _Place) -> Check | None:
    if name is None:
        return None
    try:
        return Check(name)
    except ValueError as error:
        raise place.fault(f"`check` is one of {', '.join(Check)}.") from error
