"""Files that people hand over, in memory."""

from dataclasses import dataclass, field, replace
from typing import ClassVar

from bot.domain.menu_source import GivenFile
from tests.fakes.stepping import Faults, step


@dataclass
class FakeFiles:
    """Content by id; of a file whose name was not said, its name by id."""

    contents: dict[str, bytes] = field(default_factory=dict)
    names: dict[str, str] = field(default_factory=dict)
    faults: Faults = field(default_factory=Faults)
    port: ClassVar[str] = "files"

    @step
    async def known(self, file: GivenFile) -> GivenFile:
        return replace(file, name=file.name or self.names.get(file.id))

    @step
    async def content(self, file: GivenFile, most: int) -> bytes:
        return self.contents[file.id][: most + 1]
