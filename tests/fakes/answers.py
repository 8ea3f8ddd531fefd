"""Single answers and thumbs in memory."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar

from bot.domain.answer import GivenAnswer, Thumbs
from bot.domain.ids import ChannelKey, Fingerprint, MessageTs, Pseudonym, ThreadKey
from bot.domain.thread import AskedTurn, question_of
from bot.services.ports import Clock, Thumbed
from tests.fakes.memory import Memory
from tests.fakes.stepping import Faults, step


@dataclass
class FakeAnswers:
    """Answers in memory; they are laid down by FakeConversations."""

    memory: Memory
    clock: Clock
    faults: Faults = field(default_factory=Faults)
    port: ClassVar[str] = "answers"

    @step
    async def load(self, place: ChannelKey, answer: MessageTs) -> GivenAnswer | None:
        found = self.memory.answers.get((place, answer))
        return found if found and found.at + found.kept > self.clock.now() else None

    @step
    async def thumb(self, place: ChannelKey, answer: MessageTs, voter: Pseudonym, *, up: bool) -> Thumbed:
        found = self.memory.answers.get((place, answer))
        if found is None or found.at + found.kept <= self.clock.now():
            return Thumbed.GONE
        key = (place, found.fingerprint, answer, voter)
        before = self.memory.thumbs.get(key)
        self.memory.thumbs[key] = up
        if before is None:
            return Thumbed.GIVEN
        return Thumbed.SAME if before == up else Thumbed.CHANGED

    @step
    async def thumbs(self, place: ChannelKey) -> Mapping[Fingerprint, Thumbs]:
        counted: dict[Fingerprint, Thumbs] = {}
        for (there, fingerprint, _, _), up in self.memory.thumbs.items():
            if there == place:
                known = counted.get(fingerprint, Thumbs())
                counted[fingerprint] = Thumbs(known.up + up, known.down + (not up))
        return counted

    @step
    async def question_of(self, thread: ThreadKey, ts: MessageTs) -> tuple[AskedTurn, bool] | None:
        return question_of(self.memory.thread(thread).turns, ts)

    @step
    async def duel_open(self, thread: ThreadKey) -> bool:
        return any(note.open for note in self.memory.thread(thread).notes.values())
