"""The personas of a folder while the bot runs: read again when a file changes, each in its last good version.

Editors write files in place, piece by piece, or put another file in the place of the first. So a folder is read
only when it was the same on two looks in a row: by then whoever writes has written, and a file that was away for a
moment is back. What does not load leaves the version before it in service, and is told with file, line and cure.
A draft that does not load is not there, since nobody waits for its answer.
"""

import asyncio
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType

from bot.adapters.prompt_files import DRAFTS, Loaded, is_persona_file, load_drafts, load_personas
from bot.domain.persona import Persona, PersonaFault
from bot.services.ports import Turnover

_Stamp = tuple[str, int, int, int, int]
_Stamps = frozenset[_Stamp]
_STILL_SERVED = "Until then its last good version answers."


class PromptFiles:
    """The catalogue of personas at run time.

    Args:
        directory: Where the files are; it is read at once, and again by `look`.
        token_budget: Most tokens that a rendered prompt may have, by estimate.
    """

    def __init__(self, directory: Path, *, token_budget: int = 2000) -> None:
        self._directory = directory
        self._token_budget = token_budget
        # before it is read: what changes in between is seen at the next look
        self._read = self._seen = _stamps(directory)
        self._loaded, self._drafts = self._load()

    def all(self) -> Mapping[str, Persona]:
        """Return every persona by slug."""
        return self._loaded.personas

    def drafts(self) -> Mapping[str, Persona]:
        """Return every draft by slug."""
        return self._drafts.personas

    def faults(self) -> tuple[PersonaFault, ...]:
        """Return all that is wrong with the files, by file and line; drafts come last."""
        return (*self._loaded.faults, *self._drafts.faults)

    async def look(self) -> Turnover | None:
        """Read the folder again when it has changed and come to rest; None when it has not.

        What is served changes all at once. The files are read in a thread: a slow disk holds nobody up.
        """
        seen = await asyncio.to_thread(_stamps, self._directory)
        at_rest, self._seen = seen == self._seen, seen
        if not at_rest or seen == self._read:
            return None
        loaded, drafts = await asyncio.to_thread(self._load)
        before, self._read = (self._loaded, self._drafts), seen
        self._loaded, self._drafts = _with_last_good(loaded, before[0].personas, self._directory), drafts
        turnover = _turnover(before[0], self._loaded)
        return replace(
            turnover,
            faults=(*turnover.faults, *(fault.sentence for fault in drafts.faults)),
            drafts=_turnover(before[1], drafts).changed,
        )

    def _load(self) -> tuple[Loaded, Loaded]:
        budget = self._token_budget
        return (
            load_personas(self._directory, token_budget=budget),
            load_drafts(self._directory, token_budget=budget),
        )


def _stamps(directory: Path) -> _Stamps:
    """Return what tells one state of the folder from another without reading a file."""
    drafts = directory / DRAFTS
    return frozenset((*_stamps_in(directory), *(_stamps_in(drafts) if drafts.is_dir() else ())))


def _stamps_in(directory: Path) -> list[_Stamp]:
    found = []
    try:
        for path in directory.iterdir():
            if is_persona_file(path):
                stat = path.stat()
                found.append((str(path), stat.st_ino, stat.st_size, stat.st_mtime_ns, stat.st_ctime_ns))
    except OSError:  # a file that goes away meanwhile, or the folder; the next look sees it
        found.append(("", 0, 0, 0, 0))
    return found


def _with_last_good(loaded: Loaded, before: Mapping[str, Persona], directory: Path) -> Loaded:
    """Put the version before in place of each persona that does not load, and say that it serves on."""
    ill = {Path(fault.path).stem for fault in loaded.faults}
    lost = any(fault.path == str(directory) for fault in loaded.faults)
    kept = {slug: persona for slug, persona in before.items() if lost or slug in ill}
    personas = {**kept, **loaded.personas}
    faults = tuple(
        replace(fault, cure=f"{fault.cure} {_STILL_SERVED}") if Path(fault.path).stem in kept else fault
        for fault in loaded.faults
    )
    return Loaded(MappingProxyType(dict(sorted(personas.items()))), faults)


def _turnover(before: Loaded, after: Loaded) -> Turnover:
    old, new = before.personas, after.personas
    return Turnover(
        changed=tuple(slug for slug in new if old.get(slug) != new[slug]),
        gone=tuple(slug for slug in old if slug not in new),
        faults=tuple(fault.sentence for fault in after.faults),
    )
