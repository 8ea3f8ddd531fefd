"""`.env` changed with care: foreign lines stay as they are, nothing is half-written, only its owner can read it."""

import io
import os
import secrets
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import parse_stream

_ENCODING = "utf-8-sig"
_HEAD = "# Written by `kostprobe init`. The README lists every setting.\n"
_ONLY_OURS = 0o600


class EnvFault(Exception):
    """Why the file cannot be read or written, for people."""


@dataclass(frozen=True, slots=True)
class Changes:
    """What would change, by the names of settings; what they hold is told to nobody.

    Attributes:
        added: Not there before.
        replaced: There before, with another value.
        kept: There already, just so.
    """

    added: tuple[str, ...]
    replaced: tuple[str, ...]
    kept: tuple[str, ...]

    @property
    def anything(self) -> bool:
        """Whether anything would change at all."""
        return bool(self.added or self.replaced)


def read_env(path: Path) -> dict[str, str]:
    """Return what the file sets; nothing when it is not there.

    Raises:
        EnvFault: It cannot be read.
    """
    values = dotenv_values(stream=io.StringIO(_text(path)), interpolate=False)
    return {name: value for name, value in values.items() if value}


def changes(path: Path, values: Mapping[str, str]) -> Changes:
    """Compare values with what the file sets now; raise EnvFault when it cannot be read."""
    before = read_env(path)
    return Changes(
        tuple(name for name in values if name not in before),
        tuple(name for name in values if name in before and before[name] != values[name]),
        tuple(name for name in values if before.get(name) == values[name]),
    )


def merged(text: str, values: Mapping[str, str]) -> str:
    """Return the text of a file with values set in it; every other line stays as it is, in its place.

    Raises:
        EnvFault: A value cannot be written so that it is read again as it is.
    """
    left = dict(values)
    pieces: list[str] = []
    for binding in parse_stream(io.StringIO(text)):
        if binding.key not in values:
            pieces.append(binding.original.string)
        elif binding.key in left:
            pieces.append(_leading(binding.original.string) + _line(binding.key, left.pop(binding.key)))
    if pieces and left and not pieces[-1].endswith("\n"):
        pieces.append("\n")
    if not text:
        pieces.append(_HEAD)
    pieces += [_line(name, value) for name, value in left.items()]
    return "".join(pieces)


def write_env(path: Path, values: Mapping[str, str]) -> Path | None:
    """Set values in the file, all at once or not at all; return where its former text is kept, if it had one.

    Raises:
        EnvFault: It cannot be read or written; it is as it was then.
    """
    target = path.resolve()
    before = _text(target)
    after = merged(before, values)
    try:
        backup = _back_up(target, before) if before and after != before else None
        _replace(target, after)
    except OSError as error:
        raise EnvFault(f"{path} cannot be written: {error.strerror}.") from error
    return backup


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding=_ENCODING)
    except FileNotFoundError:
        return ""
    except UnicodeDecodeError:
        raise EnvFault(f"{path} is not UTF-8 text. Save it again as UTF-8.") from None
    except OSError as error:
        raise EnvFault(f"{path} cannot be read: {error.strerror}.") from error


def _leading(original: str) -> str:
    """Return the blank lines that the parser counts to the setting behind them."""
    return original[: len(original) - len(original.lstrip())]


def _line(name: str, value: str) -> str:
    if "\n" in value or "\r" in value or "${" in value:
        raise EnvFault(f"{name} holds a line break or ${{...}}, which .env cannot carry.")
    plain = value and all(letter.isalnum() or letter in "-_.:/@,+=%?&~[]{}*!" for letter in value)
    escaped = value.replace("\\", "\\\\").replace("'", "\\'")
    line = f"{name}={value}\n" if plain else f"{name}='{escaped}'\n"
    if dotenv_values(stream=io.StringIO(line)).get(name) != value:
        raise EnvFault(f"{name} holds characters that .env cannot carry.")
    return line


def _back_up(target: Path, text: str) -> Path:
    for number in range(1, 1_000):
        backup = target.with_name(f"{target.name}.before-init{'' if number == 1 else f'-{number}'}")
        with suppress(FileExistsError):
            _create(backup, text)
            return backup
    raise OSError(0, "too many backups")


def _replace(target: Path, text: str) -> None:
    beside = target.with_name(f"{target.name}.{secrets.token_hex(4)}.new")
    try:
        _create(beside, text)
        beside.replace(target)
    finally:
        beside.unlink(missing_ok=True)


def _create(path: Path, text: str) -> None:
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _ONLY_OURS)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
