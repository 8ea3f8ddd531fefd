"""Personas from a directory: one Markdown file each, `<slug>.md`; drafts of them in its subdirectory `drafts`.

An ill file never hides the others: what loads is served, what does not is said with file, line and cure.
"""

import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType

from bot.adapters.front_matter import UNFIT
from bot.adapters.persona_reader import PersonaRules, read_persona
from bot.adapters.prompt_rendering import PromptRenderer
from bot.domain.persona import Persona, PersonaFault

SAMPLE_BUILTINS: Mapping[str, str] = MappingProxyType({"language": "English", "today": "2050-01-31"})
"""A value for each built-in variable, to try templates with."""

DRAFTS = "drafts"
"""The subdirectory of drafts: each is written as a persona is, and answers nobody."""
_ENDING = ".md"
_MOST_BYTES = 64 * 1024
_BOM = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a directory of personas holds.

    Attributes:
        personas: The good ones, by slug.
        faults: All that is wrong, by file and line.
    """

    personas: Mapping[str, Persona]
    faults: tuple[PersonaFault, ...]


class _UnreadableError(Exception):
    """A file that cannot be read as text; what is wrong, what to do, and where."""

    def __init__(self, message: str, cure: str, line: int = 1) -> None:
        super().__init__(message)
        self.message = message
        self.cure = cure
        self.line = line


def load_personas(
    directory: Path, *, token_budget: int = 2000, builtins: Mapping[str, str] = SAMPLE_BUILTINS
) -> Loaded:
    """Read every persona of a directory; its subdirectories and hidden files are not looked at.

    Args:
        directory: Where the files are.
        token_budget: Most tokens that a rendered prompt may have, by estimate.
        builtins: A sample value for each variable that every template may use.
    """
    rules = PersonaRules(PromptRenderer(), token_budget, builtins)
    personas: dict[str, Persona] = {}
    faults: list[PersonaFault] = []
    try:
        paths = sorted(path for path in directory.iterdir() if is_persona_file(path))
    except OSError as error:
        cure = "Create it, or set KOSTPROBE_PROMPTS_DIR to the right one."
        wrong = f"The directory of the prompts cannot be read: {error.strerror or error}."
        return Loaded(MappingProxyType({}), (PersonaFault(str(directory), 1, wrong, cure),))
    for path in paths:
        slug = path.name[: -len(_ENDING)]
        try:
            outcome = read_persona(str(path), slug, _read_text(path, directory), rules)
        except _UnreadableError as error:
            outcome = (PersonaFault(str(path), error.line, error.message, error.cure),)
        if isinstance(outcome, Persona):
            personas[slug] = outcome
        else:
            faults.extend(outcome)
    return Loaded(MappingProxyType(personas), tuple(faults))


def load_drafts(directory: Path, *, token_budget: int = 2000) -> Loaded:
    """Read every draft of a directory of personas; one without drafts has none, which is no fault."""
    drafts = directory / DRAFTS
    if not drafts.is_dir():
        return Loaded(MappingProxyType({}), ())
    return load_personas(drafts, token_budget=token_budget)


def is_persona_file(path: Path) -> bool:
    """Whether a file of a directory is meant as a persona."""
    return path.name.lower().endswith(_ENDING) and not path.name.startswith(".")


def _read_text(path: Path, directory: Path) -> str:
    """Return a file's text with LF line ends."""
    if not path.name.endswith(_ENDING):
        raise _UnreadableError(
            "The file's ending is not in small letters.", f"Rename it to end in `{_ENDING}`."
        )
    data = _read_bytes(path, directory)
    if data.startswith(_BOM):
        raise _UnreadableError(
            "The file begins with a byte order mark.", "Save it as UTF-8 without BOM (also called signature)."
        )
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise _UnreadableError("The file is not UTF-8.", "Save it as UTF-8.", line) from error
    if not text.strip():
        raise _UnreadableError("The file is empty.", "Write front matter and a prompt, or remove the file.")
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    if unfit := UNFIT.search(text):
        line = text.count("\n", 0, unfit.start()) + 1
        wrong = f"The line holds an invisible character, U+{ord(unfit[0]):04X}."
        raise _UnreadableError(wrong, "Remove it, or type the line again.", line)
    return text


def _read_bytes(path: Path, directory: Path) -> bytes:
    try:
        real = path.resolve(strict=True)
        if not real.is_relative_to(directory.resolve()):
            raise _UnreadableError(
                "The file is a link that leads out of the directory.", "Put the file itself in its place."
            )
        if not stat.S_ISREG(real.stat().st_mode):
            raise _UnreadableError("This is not a file.", "Remove it, or give it another name.")
        with real.open("rb") as file:
            data = file.read(_MOST_BYTES + 1)
    except (OSError, RuntimeError) as error:
        raise _UnreadableError(
            "The file cannot be read.", "Look at its rights and where it leads."
        ) from error
    if len(data) > _MOST_BYTES:
        raise _UnreadableError("The file is larger than 64 KiB.", "Shorten it; a prompt is far smaller.")
    return data
