"""Answers that grow: what is stored of them in memory, and Slack's side as a list of what was shown."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import ClassVar

from bot.domain.ids import ChannelKey, MessageTs, ThreadKey, UserId
from bot.domain.question import Question, Recorded
from bot.services.ports import AnswerDeleted, Begin, Half, Keep, Spot, Work
from tests.fakes.chat import FakeChat
from tests.fakes.conversations import FakeConversations
from tests.fakes.memory import Entry
from tests.fakes.stepping import Faults, step


@dataclass
class FakeProgress:
    """Progress in the memory of FakeConversations."""

    conversations: FakeConversations
    faults: Faults = field(default_factory=Faults)
    port: ClassVar[str] = "progress"

    @step
    async def begin(self, work: Work, number: int) -> None:
        self.conversations.held(work).streaming = number

    @step
    async def keep(self, work: Work, number: int, ts: MessageTs) -> None:
        self.conversations.held(work).streamed[number] = ts

    @step
    async def stop_asked(self, work: Work) -> UserId | None:
        return self.conversations.held(work).stopped_by

    @step
    async def under_way(self, thread: ThreadKey, ts: MessageTs | None) -> Question | None:
        memory = self.conversations.memory
        inboxes = [memory.inbox(thread)]
        if gate := memory.thread(thread).gate:
            inboxes.append(memory.inbox(ThreadKey(thread.place, gate)))
        asked = [
            entry.question
            for inbox in inboxes
            for entry in inbox.values()
            if entry.token is not None and entry.recorded is None and ts in {None, entry.question.ts}
        ]
        return min(asked, key=lambda question: question.ts.zfill(24), default=None)

    @step
    async def ask_to_stop(self, question: Question, user: UserId) -> bool:
        entry = self._entry(question)
        if entry is None or entry.recorded is not None or entry.withdrawn:
            return False
        entry.stopped_by = entry.stopped_by or user
        return True

    @step
    async def waits(self, thread: ThreadKey, ts: MessageTs) -> bool:
        return ts in self.conversations.memory.inbox(thread)

    @step
    async def halves(self, place: ChannelKey) -> list[Half]:
        return [half for half in self.conversations.memory.halves if half.thread.place == place]

    @step
    async def ended(self, half: Half) -> None:
        halves = self.conversations.memory.halves
        halves[:] = [other for other in halves if other != half]

    @step
    async def clear(self, work: Work) -> bool:
        inbox = self.conversations.memory.inbox(work.question.thread)
        if work.question.ts in inbox:
            self.conversations.held(work)
            del inbox[work.question.ts]
            del self.conversations.memory.leases[work.question.thread]
        return bool(inbox)

    def _entry(self, question: Question) -> Entry | None:
        return self.conversations.memory.inbox(question.thread).get(question.ts)


@dataclass
class Grown:
    """A message as it grows."""

    question: Question
    number: int
    ts: MessageTs
    text: str = ""
    grows: bool = True


@dataclass
class FakeLiveChat:
    """Shows everything in one message, a new one from `roll_over_at` characters on."""

    chat: FakeChat
    faults: Faults = field(default_factory=Faults)
    grown: dict[MessageTs, Grown] = field(default_factory=dict)
    opened: list[tuple[MessageTs, str]] = field(default_factory=list)
    at: list[Spot | ChannelKey] = field(default_factory=list)
    ended: list[tuple[MessageTs, str]] = field(default_factory=list)
    rested: list[ThreadKey] = field(default_factory=list)
    roll_over_at: int = 1_000_000
    loses_ts: bool = False
    unchangeable: bool = False
    on_show: Callable[[str], None] | None = None
    port: ClassVar[str] = "live"

    def stream(
        self, question: Question, root: MessageTs, language: str, begin: Begin, keep: Keep
    ) -> "FakeStream":
        self.opened.append((root, language))
        return FakeStream(self, question, begin, keep)

    @step
    async def find(self, spot: Spot, question: Question, number: int) -> MessageTs | None:
        self.at.append(spot)
        found = (each for each in self.grown.values() if (each.question, each.number) == (question, number))
        return next((each.ts for each in found), None)

    @step
    async def halt(self, place: ChannelKey, ts: MessageTs) -> None:
        self.at.append(place)
        if ts in self.grown:
            self.grown[ts].grows = False

    @step
    async def end(self, half: Half, language: str) -> bool:
        for grown in list(self.grown.values()):
            question = grown.question
            if (question.thread, question.ts, grown.number) == (half.thread, half.asked, half.number):
                del self.grown[grown.ts]
                self.ended.append((grown.ts, language))
                return True
        return False

    @step
    async def rest(self, thread: ThreadKey) -> None:
        self.rested.append(thread)

    @step
    async def settle(
        self, spot: Spot, recorded: Recorded, part: int, marker: str, ts: MessageTs
    ) -> MessageTs | None:
        if ts not in self.grown and ts not in [posted.ts for posted in self.chat.transcript]:
            raise AnswerDeleted
        if self.unchangeable:
            return None
        self.grown.pop(ts, None)
        self.chat.settle(spot, recorded, part, marker, ts)
        return ts

    @step
    async def remove(self, place: ChannelKey, ts: MessageTs) -> None:
        self.at.append(place)
        self.grown.pop(ts, None)

    @step
    async def start(self, question: Question, number: int) -> MessageTs:
        ts = MessageTs(f"1795500000.{len(self.grown):06d}")
        self.grown[ts] = Grown(question, number, ts)
        return ts


@dataclass
class FakeStream:
    live: FakeLiveChat
    question: Question
    begin: Begin
    keep: Keep
    alive: bool = True
    unsure: bool = False
    number: int = 0
    ts: MessageTs | None = None

    async def show(self, text: str) -> None:
        number = len(text) // self.live.roll_over_at
        if self.ts is None or number > self.number:
            self.number = number
            await self.begin(number)
            self.ts = await self.live.start(self.question, number)
            if self.live.loses_ts:
                self.alive, self.unsure = False, True
                return
            await self.keep(number, self.ts)
        self.live.grown[self.ts].text = text[number * self.live.roll_over_at :]
        if self.live.on_show is not None:
            self.live.on_show(text)
