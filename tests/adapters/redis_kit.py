"""Builders for tests of the Redis adapters."""

import itertools
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.adapters.redis_conversations import RedisConversations
from bot.adapters.redis_duels import RedisDuels
from bot.domain.completion import Completion, Usage
from bot.domain.duel import Corner, Duel, Origin, Seal
from bot.domain.ids import (
    ChannelId,
    ChannelKey,
    DuelId,
    Fingerprint,
    MessageTs,
    TeamId,
    ThreadKey,
    UserId,
    message_ts,
)
from bot.domain.question import AnswerReply, DuelReply, Question, Recorded
from bot.domain.thread import AnsweredTurn, AskedTurn, DuelledTurn, Side
from bot.services.ports import Work

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
MONTH = timedelta(days=30)
PLACE = ChannelKey(TeamId("T1"), ChannelId("C1"))


@dataclass
class FakeClock:
    """A clock that stands until it is moved."""

    time: datetime = NOON

    def now(self) -> datetime:
        return self.time

    def advance(self, **span: float) -> datetime:
        self.time += timedelta(**span)
        return self.time


@dataclass
class Build:
    """Makes domain values for one channel; each call another one."""

    place: ChannelKey = PLACE
    _numbers: "itertools.count[int]" = field(default_factory=itertools.count)

    def ts(self) -> MessageTs:
        return message_ts(f"{1795342000 + next(self._numbers)}.000100")

    def thread(self, conversation: str | None = None) -> ThreadKey:
        return ThreadKey(self.place, conversation or self.ts())

    def question(
        self, thread: ThreadKey | None = None, ts: MessageTs | None = None, text: str = "How do I knead?"
    ) -> Question:
        thread = thread or self.thread()
        return Question(thread=thread, ts=ts or self.ts(), asker=UserId("U1"), text=text)

    def answered(self, question: Question, text: str = "With both hands.") -> Recorded:
        asked = AskedTurn(question.text, question.asker, question.ts)
        turns = (asked, AnsweredTurn(text, Fingerprint("0123456789ab")))
        return Recorded(AnswerReply(text, cut=False, contestant="support"), turns)

    def duel(self, question: Question, thread: ThreadKey | None = None, follow: Side = Side.A) -> Duel:
        return Duel(
            id=DuelId(f"duel{next(self._numbers)}"),
            thread=thread or question.thread,
            asker=question.asker,
            asked_ts=question.ts,
            seal=Seal(
                Corner.of("support", Fingerprint("aaaaaaaaaaaa"), completion()),
                Corner.of("pizzaiolo", Fingerprint("bbbbbbbbbbbb"), completion()),
            ),
            origin=Origin.DRAWN,
            scored=True,
            follow=follow,
            opened_at=NOON,
            ballots_to_close=3,
            close_after=timedelta(minutes=10),
            close_latest=timedelta(hours=24),
        )

    def duelled(
        self, question: Question, thread: ThreadKey | None = None, follow: Side = Side.A
    ) -> tuple[Recorded, Duel]:
        duel = self.duel(question, thread, follow)
        asked = AskedTurn(question.text, question.asker, question.ts)
        reply = DuelReply(duel.id, "Long.", "Short.", cut_a=False, cut_b=False)
        return Recorded(reply, (asked, DuelledTurn(duel.id, "Long.", "Short.")), duel), duel


def completion() -> Completion:
    return Completion("text", cut=False, usage=Usage(3, 4), first_ms=5, total_ms=6)


@dataclass
class Threads:
    """Conversations and what tests often do with them."""

    conversations: RedisConversations
    duels: RedisDuels
    clock: FakeClock
    _tokens: "itertools.count[int]" = field(default_factory=itertools.count)

    async def ask(self, question: Question, *, follow_up: bool = False) -> str:
        now = self.clock.now()
        return (await self.conversations.ingest(question, follow_up=follow_up, now=now)).value

    async def take(self, thread: ThreadKey, token: str | None = None) -> Work | None:
        token = token or f"token{next(self._tokens)}"
        return await self.conversations.take(thread, token, now=self.clock.now())

    async def must_take(self, thread: ThreadKey) -> Work:
        work = await self.take(thread)
        assert work is not None
        return work

    async def record(self, work: Work, recorded: Recorded) -> None:
        await self.conversations.record(work, recorded, text_lifetime=3 * MONTH)

    async def commit(self, work: Work, recorded: Recorded, *posted: MessageTs) -> bool:
        return await self.conversations.commit(
            work, recorded, dict(enumerate(posted)), thread_lifetime=MONTH, now=self.clock.now()
        )
