"""`key=value` as people type it: quotes of any fashion, spaces around `=`, backslashes in quotes; pure."""

import re
from collections.abc import Mapping, Sequence

from bot.domain.errors import Code, Refusal
from bot.slack.reading import meant

_DOUBLE = '"“”„‟«»'
_SINGLE = "'‘’‚‛"  # noqa: RUF001 (the quotes that phones type)
_KEY = re.compile(r"\s*(?P<key>[A-Za-z][A-Za-z0-9_-]*)\s*=\s*")
_PLAIN = re.compile(r"(?:<[^<>]*>|\S)+")
_PAIR = re.compile(r"[^\s,]+\s*,\s*\S+")
_OPTION = re.compile(r"\s*(?P<key>persona|model|contestant|pair)\s*=\s*", re.IGNORECASE)
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)


def read_settings(text: str) -> dict[str, str]:
    """Read `key=value key="value with spaces"`; of a key said twice the last counts.

    Raises:
        Refusal: A value is missing, or a quotation mark is not closed.
    """
    settings: dict[str, str] = {}
    position = 0
    while text[position:].strip():
        found = _KEY.match(text, position)
        if found is None:
            raise Refusal(Code.MISSING_VALUE, key=meant(text[position:].split(maxsplit=1)[0]))
        key = found["key"].lower()
        value, position = _value(text, found.end(), key)
        settings[key] = value
    return settings


def read_options(text: str, allowed: Sequence[str]) -> tuple[Mapping[str, str], str]:
    """Read the options at the front of a question; return them in lower case, and the question.

    Raises:
        Refusal: An option belongs to another command, its value is missing, or a quotation mark is not closed.
    """
    options: dict[str, str] = {}
    position = 0
    while found := _OPTION.match(text, position):
        key = found["key"].lower()
        if key not in allowed:
            raise Refusal(Code.UNKNOWN_KEY, key=key, suggestion=None, known=", ".join(allowed))
        value, position = _value(text, found.end(), key)
        options[key] = value.strip().lower()
    return options, text[position:].strip()


def quote(value: str) -> str:
    """Return a value in quotes so that reading it gives the value back."""
    escaped = re.sub(f"([\\\\{_DOUBLE}])", r"\\\1", value)
    return f'"{escaped}"'


def _value(text: str, start: int, key: str) -> tuple[str, int]:
    """Return the value that begins at `start`, and where the text goes on."""
    opening = text[start : start + 1]
    if not opening:
        raise Refusal(Code.MISSING_VALUE, key=key)
    if opening in _DOUBLE or opening in _SINGLE:
        return _quoted(text, start, _DOUBLE if opening in _DOUBLE else _SINGLE)
    plain = (_PAIR.match(text, start) if key == "pair" else None) or _PLAIN.match(text, start)
    if plain is None:
        raise AssertionError("a value begins with something that is no space")
    return meant(plain[0]), plain.end()


def _quoted(text: str, start: int, closing: str) -> tuple[str, int]:
    """Return what stands in quotes: up to the next of their kind that a space or the end follows."""
    end = re.compile(rf"(?:[^\\{closing}]|\\.|[{closing}](?!\s|$))*+(?P<end>[{closing}])", re.DOTALL)
    found = end.match(text, start + 1)
    if found is None:
        raise Refusal(Code.UNBALANCED_QUOTE)
    inside = text[start + 1 : found.start("end")]
    return meant(_ESCAPED.sub(_unescaped, inside)), found.end()


def _unescaped(found: re.Match[str]) -> str:
    return "\n" if found[1] == "n" else found[1]
