"""Questions from a file that somebody hands over in a form."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from bot.domain.errors import Code, Refusal
from bot.domain.menu_source import GivenFile
from bot.services.ports import Files

_MEGABYTE = 1_000_000


@dataclass(frozen=True, slots=True)
class FileMenus:
    """Reads questions from files.

    Attributes:
        files: Where they are.
        read: Returns the questions in a file by its name and its content.
        endings: What the name of a file may end with, without the dot.
        most: Bytes that a file may have.
    """

    files: Files
    read: Callable[[str, bytes], Sequence[str]]
    endings: tuple[str, ...]
    most: int

    async def questions(self, file: GivenFile) -> Sequence[str]:
        """Return the questions in a file, in their order.

        Raises:
            Refusal: It ends otherwise (MENU_ENDING), is too big (MENU_TOO_BIG), cannot be had (see `Files`), or has
                no questions that can be read (what `read` raises).
        """
        known = await self.files.known(file)
        name = known.name or ""
        if PurePosixPath(name).suffix.lstrip(".").lower() not in self.endings:
            raise Refusal(Code.MENU_ENDING, endings=", ".join(self.endings), name=name)
        if known.size is not None and known.size > self.most:
            raise Refusal(Code.MENU_TOO_BIG, megabytes=self.most // _MEGABYTE)
        return self.read(name, await self.files.content(known, self.most))
