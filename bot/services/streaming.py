"""The answer of one run while it is written: shown as it comes, and stopped when somebody asks for that."""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.completion import Completion, Outcome, Usage
from bot.domain.contestant import Contestant
from bot.domain.errors import BotError, Outage
from bot.domain.ids import MessageTs, UserId
from bot.domain.thread import MESSAGE_OVERHEAD_TOKENS, Message, estimate_tokens
from bot.services.ports import Clock, LeaseLost, LiveChat, Models, Observer, Progress, Spot, Stream, Work
from bot.services.signing import Sign

LOOK_EVERY = timedelta(seconds=0.7)
"""How often more is shown, and looked whether the answer is to stop; Slack takes a hundred appends a minute."""
LEAST_PAUSE = timedelta(seconds=0.3)
"""How soon after the last more is shown when a lot has come."""
A_LOT = 400
"""Characters that do not wait for the next look."""
GRACE = timedelta(milliseconds=15)
"""How long the first words wait: what is whole by then is posted at once, by one call to Slack and not three."""


Asked = tuple[Contestant, Sequence[Message]]
"""A contestant, and what it reads."""


class Halted(Exception):
    """Somebody stopped the answer before its first word."""

    def __init__(self, by: UserId) -> None:
        super().__init__()
        self.by = by


@dataclass(frozen=True, slots=True)
class Streaming:
    """Follows answers while they are written.

    Attributes:
        models: Who is asked.
        progress: Stores what is shown, and who wants it to stop.
        chat: Slack.
        clock: The time.
        observer: Hears what became of it.
        enabled: Whether anything is shown before it is whole.
    """

    models: Models
    progress: Progress
    chat: LiveChat
    clock: Clock
    observer: Observer
    enabled: bool

    async def follow(self, work: Work, root: MessageTs, sign: Sign, language: str) -> "Live":
        """Return what follows the answer of a run; what an earlier run had begun to show grows no more."""
        live = Live(self, work, root, sign, language, await self._begun(work, root))
        for ts in live.shown.values() if work.recorded is None else ():
            with suppress(BotError):
                await self.chat.halt(work.question.thread.place, ts)
        return live

    async def clear_away(self, work: Work) -> bool:
        """Take away what is shown of a deleted question's answer, and end the question.

        Returns:
            Whether more questions wait in the thread.
        """
        begun = await self._begun(work, work.root_ts) if work.root_ts is not None else {}
        return await self.take_away(work, begun)

    async def take_away(self, work: Work, shown: Mapping[int, MessageTs]) -> bool:
        """Take these messages away, and end the question; return whether more wait in the thread."""
        for ts in shown.values():
            await self.chat.remove(work.question.thread.place, ts)
        self.observer.fact("half_answer_removed", thread=work.question.thread.wire)
        return await self.progress.clear(work)

    async def _begun(self, work: Work, root: MessageTs) -> dict[int, MessageTs]:
        """The messages that earlier runs had begun, also one whose ts they never learnt."""
        begun = dict(work.streamed)
        if (last := work.streaming) is not None and last not in begun:
            ts = await self.chat.find(Spot(work.question.thread.place, root), work.question, last)
            if ts is not None:
                begun[last] = ts
        return begun


@dataclass(slots=True)
class Live:
    """The answer of one run.

    Attributes:
        service: What it is followed with.
        work: The question under its lease.
        root: The ts of the thread's root.
        sign: The sign that it is worked on, which gives way to the first words.
        language: Of the words around it.
        shown: Ts of each message that was begun in Slack, by number, those of earlier runs included.
        stopped_by: Who stopped it; None when nobody did.
    """

    service: Streaming
    work: Work
    root: MessageTs
    sign: Sign
    language: str
    shown: dict[int, MessageTs]
    stopped_by: UserId | None = None
    _stream: Stream | None = None
    _said: list[str] = field(default_factory=list)
    _characters: int = 0
    _looked_at: int = 0
    _first_at: datetime | None = None
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _over: asyncio.Event = field(default_factory=asyncio.Event)

    async def find_lost(self) -> None:
        """Look for a message of this run of which Slack never told the ts."""
        if self._stream is None or not self._stream.unsure:
            return
        number = len(self.shown)
        spot = Spot(self.work.question.thread.place, self.root)
        if (ts := await self.service.chat.find(spot, self.work.question, number)) is not None:
            self.shown[number] = ts

    # ------------------------------------------------------------ asking

    async def ask(self, asked: Sequence[Asked], *, show: bool) -> list[Outcome]:
        """Ask everyone at once and return what came back, of a single answer that was stopped what it had said.

        Args:
            asked: Who is asked, at least one, and what each of them reads.
            show: Whether the one answer may be shown while it is written.

        Raises:
            Halted: Somebody stopped it before its first word.
            LeaseLost: Another worker has the thread, or the question was deleted.
        """
        if self.work.stopped_by is not None:
            raise Halted(self.work.stopped_by)
        began = self.service.clock.now()
        hear = self._hear if show and self._may_stream() else None
        asking = asyncio.create_task(self._ask_all(asked, hear), name="models")
        watching = asyncio.create_task(self._watch(), name="live")
        try:
            await asyncio.wait({asking, watching}, return_when=asyncio.FIRST_COMPLETED)
            if asking.done():
                self._over.set()
                self._news.set()
                await asyncio.wait({watching})  # never cancelled within a call: nobody would know what it did
            by = watching.result()
            if asking.done() or by is None:
                return await asking
        finally:
            for task in (asking, watching):
                task.cancel()
            await asyncio.gather(asking, watching, return_exceptions=True)
        return [self._stopped(by, asked[0][1], began)]

    async def _ask_all(self, asked: Sequence[Asked], hear: Callable[[str], None] | None) -> list[Outcome]:
        complete = self.service.models.complete
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(complete(contestant, read, on_text=hear)) for contestant, read in asked
            ]
        return [task.result() for task in tasks]

    def _may_stream(self) -> bool:
        """Whether there is not a message already that the answer will stand in when it is whole."""
        return self.service.enabled and not self.shown and self.work.streaming is None

    def _stopped(self, by: UserId, read: Sequence[Message], began: datetime) -> Outcome:
        self.stopped_by = by
        self.service.observer.fact("answer_stopped", thread=self.work.question.thread.wire)
        text = "".join(self._said).strip()
        if not text:
            raise Halted(by)
        now = self.service.clock.now()
        asked = sum(estimate_tokens(message.text) + MESSAGE_OVERHEAD_TOKENS for message in read)
        return Completion(
            text=text,
            cut=True,
            usage=Usage(asked, estimate_tokens(text), estimated=True),
            first_ms=_ms((self._first_at or now) - began),
            total_ms=_ms(now - began),
        )

    # ------------------------------------------------------------ following

    def _hear(self, piece: str) -> None:
        self._said.append(piece)
        self._characters += len(piece)
        first = self._first_at is None and not piece.isspace()
        if first:
            self._first_at = self.service.clock.now()
        if first or self._characters - self._looked_at >= A_LOT:
            self._news.set()

    async def _watch(self) -> UserId | None:
        """Show what comes until all is there (None) or somebody wants it to stop (who)."""
        while True:
            await self._pause()
            if self._over.is_set():
                return None
            if self._stream is None and self._first_at is not None:
                await self._open()
            elif by := await self._stop_asked():
                return by
            if self._stream is not None and self._stream.alive:
                await self._show(self._stream)

    async def _pause(self) -> None:
        """Wait until there is something to show, or until it is time to look again."""
        if self._stream is None:
            await _within(LOOK_EVERY, self._news)
            if self._first_at is not None:
                await _within(GRACE, self._over)
            return
        await _within(LEAST_PAUSE, self._over)
        if self._characters - self._looked_at < A_LOT and not self._over.is_set():
            self._news.clear()
            await _within(LOOK_EVERY - LEAST_PAUSE, self._news)

    async def _show(self, stream: Stream) -> None:
        self._looked_at = self._characters
        try:
            await stream.show("".join(self._said))
        except LeaseLost:
            raise
        except Exception as error:  # noqa: BLE001 (a boundary: an answer does not fail with the way it is shown)
            stream.alive = False
            self.service.observer.fault("stream_failed", error)

    async def _open(self) -> None:
        await self.sign.shown()
        self.sign.answered = True  # Slack takes the sign away itself with the first words
        self._stream = self.service.chat.stream(
            self.work.question, self.root, self.language, self._begin, self._keep
        )

    async def _stop_asked(self) -> UserId | None:
        try:
            return await self.service.progress.stop_asked(self.work)
        except Outage:  # the record will tell whether the store is there
            return None

    async def _begin(self, number: int) -> None:
        await self.service.progress.begin(self.work, number)

    async def _keep(self, number: int, ts: MessageTs) -> None:
        self.shown[number] = ts
        try:
            await self.service.progress.keep(self.work, number, ts)
        except LeaseLost:  # nobody else knows of it
            del self.shown[number]
            with suppress(BotError):
                await self.service.chat.remove(self.work.question.thread.place, ts)
            raise


async def _within(most: timedelta, event: asyncio.Event) -> None:
    """Wait for an event, but not longer than that."""
    waiting = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait({waiting}, timeout=most.total_seconds())
    finally:
        waiting.cancel()


def _ms(span: timedelta) -> int:
    return round(span / timedelta(milliseconds=1))
