"""The messages of tastings, in memory."""

from dataclasses import dataclass, field
from typing import ClassVar

from bot.domain.ids import MessageTs
from bot.services.ports import Invitation, Outcome, Status
from tests.builders import ts as numbered
from tests.fakes.stepping import Faults, step

Notice = Status | Invitation | Outcome


@dataclass
class FakeBoard:
    """What stands in channels by marker, and all that was ever put there."""

    faults: Faults = field(default_factory=Faults)
    stands: dict[str, tuple[MessageTs, Notice]] = field(default_factory=dict)
    ever: list[Notice] = field(default_factory=list)
    port: ClassVar[str] = "board"

    @step
    async def put(self, notice: Notice, ts: MessageTs | None, marker: str) -> MessageTs:
        known = self.stands.get(marker)
        there = ts or (known[0] if known else numbered(len(self.stands) + 500))
        self.stands[marker] = (there, notice)
        self.ever.append(notice)
        return there

    def kinds(self) -> list[str]:
        """What stands there, in the order of the markers."""
        return [type(notice).__name__ for _, (_, notice) in sorted(self.stands.items())]
