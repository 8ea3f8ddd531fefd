"""Questions from a file that somebody gives: lines of text, CSV, or JSON lines, in whatever encoding they come.

| ending | a question is |
|---|---|
| `.txt`, none | a line; lines that begin with `#` are remarks |
| `.csv`, `.tsv` | a cell of the column `question` (or `prompt`, `text`, `input`, `frage`), or of the only column |
| `.jsonl`, `.ndjson` | a string, such a field of an object, or what a person says last in its `messages` |
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePath
from typing import Any

from bot.domain.errors import Code, Refusal
from bot.domain.locale import DEFAULT_LANGUAGE, language_of

_SHELF = Path(__file__).parent / "menus"
LARGEST_FILE = 5_000_000
"""Bytes; some five thousand questions of the greatest length."""
ENDINGS = ("csv", "tsv", "jsonl", "ndjson", "txt")
"""What names of files end with that are read each in its own way; anything else is taken for lines."""
COLUMNS = ("question", "prompt", "text", "input", "frage")
"""Names of the column with the questions, in the order in which they are looked for."""
_BOMS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_DELIMITERS = ",;\t|"
_COLUMNS_TOLD = 10


def shipped_menus() -> tuple[str, ...]:
    """Return the names of the menus that come along, in the order of the alphabet."""
    return tuple(sorted({path.name.split(".")[0] for path in _SHELF.glob("*.txt")}))


def shipped_questions(name: str, language: str) -> list[str]:
    """Return the questions of a menu that comes along, in English where it is not there in that language.

    Raises:
        KeyError: There is no menu of that name.
    """
    if name not in shipped_menus():
        raise KeyError(name)
    path = _SHELF / f"{name}.{language_of(language)}.txt"
    path = path if path.exists() else _SHELF / f"{name}.{DEFAULT_LANGUAGE}.txt"
    return read_questions(path.name, path.read_bytes())


def read_questions(name: str, content: bytes) -> list[str]:
    """Return the questions in a file, in their order, empty ones too.

    Args:
        name: The file's name; its ending says how it is read.
        content: What is in it.

    Raises:
        Refusal: It is too big (MENU_TOO_BIG), no text (MENU_NO_TEXT), has no column with questions
            (MENU_NO_COLUMN), or a line that is no JSON (MENU_BAD_LINE).
    """
    if len(content) > LARGEST_FILE:
        raise Refusal(Code.MENU_TOO_BIG, megabytes=LARGEST_FILE // 1_000_000)
    text = _decode(content)
    match PurePath(name).suffix.lower():
        case ".csv" | ".tsv":
            return _column(text)
        case ".jsonl" | ".ndjson":
            return list(_json_lines(text))
        case _:
            return [line for line in text.splitlines() if not line.lstrip().startswith("#")]


def _decode(content: bytes) -> str:
    """Return the text: UTF-8, UTF-16 that says so, or else what Windows writes in the West."""
    said = next((encoding for bom, encoding in _BOMS.items() if content.startswith(bom)), None)
    for encoding in (said,) if said else ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return text
    raise Refusal(Code.MENU_NO_TEXT)


def _column(text: str) -> list[str]:
    first = text.lstrip().split("\n", 1)[0]
    delimiter = max(_DELIMITERS, key=first.count)
    try:
        rows = [row for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter) if row]
    except csv.Error as error:
        raise Refusal(Code.MENU_NO_TEXT) from error
    if not rows:
        return []
    names = [name.strip().casefold() for name in rows[0]]
    for wanted in COLUMNS:
        if wanted in names:
            place = names.index(wanted)
            return [row[place] if place < len(row) else "" for row in rows[1:]]
    if all(len(row) == 1 for row in rows):
        return [row[0] for row in rows]
    raise Refusal(Code.MENU_NO_COLUMN, columns=", ".join(COLUMNS), found=", ".join(rows[0][:_COLUMNS_TOLD]))


def _json_lines(text: str) -> Iterator[str]:
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                question = _question(json.loads(line))
            except (ValueError, RecursionError) as error:
                raise Refusal(Code.MENU_BAD_LINE, line=number) from error
            if question is None:
                raise Refusal(Code.MENU_BAD_LINE, line=number)
            yield question


def _question(value: Any) -> str | None:
    if isinstance(value, str):
        return value
    if not isinstance(value, Mapping):
        return None
    fields = {str(name).strip().casefold(): field for name, field in value.items()}
    named = next((fields[name] for name in COLUMNS if isinstance(fields.get(name), str)), None)
    return _last_said(value["messages"]) if named is None and "messages" in value else named


def _last_said(messages: Any) -> str | None:
    if not isinstance(messages, Sequence):
        return None
    said = [m.get("content") for m in messages if isinstance(m, Mapping) and m.get("role") == "user"]
    return said[-1] if said and isinstance(said[-1], str) else None
