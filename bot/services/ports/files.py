"""Files that people hand over."""

from typing import Protocol

from bot.domain.menu_source import GivenFile


class Files(Protocol):
    """Files that people hand over in a form."""

    async def known(self, file: GivenFile) -> GivenFile:
        """Return the file with its name and its address, asked for where they were not said.

        Raises:
            Refusal: It is gone (FILE_GONE), or nobody lets us see it (FILE_UNREADABLE).
        """
        ...

    async def content(self, file: GivenFile, most: int) -> bytes:
        """Return what is in it, of a longer one no more than `most` and one byte.

        Raises:
            Refusal: It is gone (FILE_GONE), nobody lets us read it (FILE_UNREADABLE), or it lies elsewhere than such
                files do (FILE_ELSEWHERE).
            Outage: It does not come, or not in time (FILE_LATE).
        """
        ...
