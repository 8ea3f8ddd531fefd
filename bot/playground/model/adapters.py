"""LoRA adapters as files: ``<name>-<hash8>.gguf``, where hash8 begins the SHA-256 of what the file holds.

The stem is the model id. So an id never means two different models, and whoever keeps the id keeps the hash.
"""

import hashlib
import re
import time
from dataclasses import dataclass
from pathlib import Path

_STEM = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,80}-(?P<hash>[0-9a-f]{8})")
_SETTLED_SECONDS = 2.0
"""A file that was written to since then may still be on its way: nothing is said of it yet."""


@dataclass(frozen=True, slots=True)
class Adapter:
    """One adapter that may be served.

    Attributes:
        id: Its model id.
        path: Its file.
    """

    id: str
    path: Path


@dataclass(frozen=True, slots=True)
class Look:
    """What one look into the folder found.

    Attributes:
        adapters: Those whose names say the truth, by id.
        complaints: One English line for each other file that was not told of before.
    """

    adapters: tuple[Adapter, ...]
    complaints: tuple[str, ...]


class AdapterFolder:
    """Looks into a folder again and again, and reads only files that have changed."""

    def __init__(self, path: Path) -> None:
        """Take the folder; it may come into being later."""
        self.path = path.absolute()
        self._known: dict[Path, tuple[tuple[int, int], str]] = {}

    def look(self) -> Look:
        """Return what is there now. Never raises for what lies in the folder."""
        before, self._known = self._known, {}
        adapters, complaints = [], []
        for path in self._files():
            try:
                fault = self._judge(path, before)
            except OSError as error:
                fault = f"cannot be read: {error.strerror or error}"
                self._known[path] = ((0, 0), fault)
            if not fault:
                adapters.append(Adapter(path.stem, path))
            elif fault != before.get(path, (None, ""))[1] and path in self._known:
                complaints.append(f"{path.name} is not served: it {fault}")
        return Look(tuple(adapters), tuple(complaints))

    def _files(self) -> list[Path]:
        try:
            return sorted(path for path in self.path.iterdir() if path.suffix == ".gguf")
        except OSError:
            return []  # not there yet, or not to be read: as good as empty

    def _judge(self, path: Path, before: dict[Path, tuple[tuple[int, int], str]]) -> str:
        """Say what is wrong with a file, and keep that unless it may still be written to; empty for nothing."""
        status = path.stat()
        state = (status.st_size, status.st_mtime_ns)
        if path in before and before[path][0] == state:
            self._known[path] = before[path]
            return before[path][1]
        fault = _fault(path)
        if not fault or time.time() - status.st_mtime > _SETTLED_SECONDS:
            self._known[path] = (state, fault)
        return fault


def adapter_name(name: str, content: bytes) -> str:
    """Return the file name for an adapter.

    Args:
        name: What people call it: letters, digits, dots, hyphens, underscores.
        content: What the file holds.

    Raises:
        ValueError: The name has other characters, or is too long.
    """
    stem = f"{name}-{hashlib.sha256(content).hexdigest()[:8]}"
    if not _STEM.fullmatch(stem):
        raise ValueError(f"{name!r} cannot name an adapter")
    return f"{stem}.gguf"


def _fault(path: Path) -> str:
    if not path.is_file():
        return "is no file"
    stem = _STEM.fullmatch(path.stem)
    if stem is None:
        return "is not called <name>-<first 8 hex digits of its SHA-256>.gguf"
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if digest[:8] != stem["hash"]:
        return f"holds something else than its name says (SHA-256 {digest[:8]}...)"
    return ""
