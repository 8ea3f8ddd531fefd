"""A worker's run over one question: route, complete, record, deliver, commit.

Each step is stored before the next begins, so that a question whose worker died goes on at the first step
that is not stored: never a second coin, never a second bill, never a second answer.
"""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import timedelta

from bot.domain.channel_config import ChannelConfig, Rules, rules
from bot.domain.errors import BotError, Outage, Refusal
from bot.domain.ids import MessageTs, ThreadKey
from bot.domain.locale import DEFAULT_LANGUAGE
from bot.domain.question import BugReply, Recorded, RefusalReply, StoppedReply
from bot.services.completing import Completing
from bot.services.delivering import Delivering
from bot.services.leasing import Lease, kept_lease
from bot.services.ports import (
    AnswerDeleted,
    Chance,
    Chat,
    Clock,
    Configs,
    Conversations,
    Engine,
    Job,
    JobKind,
    LeaseLost,
    Observer,
    Spot,
    TeamFacts,
    Work,
)
from bot.services.signing import Sign
from bot.services.speaking import spoken
from bot.services.streaming import Halted, Live, Streaming

MAX_ATTEMPTS = 6
"""Tries of a question that fails by a fault of ours: with pauses from 2 s to 60 s about two minutes."""
MOST_ATTEMPTS = 30
"""Tries while Slack or the store is down, or workers die: about half an hour."""


@dataclass(frozen=True, slots=True)
class Answering:
    """Answers the questions in a thread's inbox, one a run, in Slack's order."""

    conversations: Conversations
    configs: Configs
    completing: Completing
    streaming: Streaming
    delivering: Delivering
    chat: Chat
    engine: Engine
    clock: Clock
    chance: Chance
    observer: Observer
    default_answer: str | None

    async def run(self, thread: ThreadKey) -> None:
        """Answer the thread's oldest waiting question, unless another worker is at it."""
        now = self.clock.now()
        work, facts = await asyncio.gather(
            self.conversations.take(thread, self.chance.token(), now=now),
            self.configs.team(thread.place.team),
            return_exceptions=True,
        )
        if isinstance(work, BaseException):
            raise work
        if work is None:
            return
        sign = Sign(self.chat, self.observer)
        lease = Lease(self.conversations, work, self.clock, renewed_at=now)
        try:
            async with kept_lease(lease):
                more = await self._attempt(work, facts, sign, lease)
        except LeaseLost:
            self.observer.fact("lease_lost", thread=thread.wire, attempts=work.attempts)
            more = True
        finally:
            await sign.take_away()
        if more:
            await self.engine.wake(thread)

    async def sweep(self, limit: int = 100) -> int:
        """Wake workers for questions that should have been answered by now; return how many threads."""
        threads = await self.conversations.overdue(self.clock.now(), limit)
        for thread in threads:
            await self.engine.wake(thread)
        return len(threads)

    async def _attempt(self, work: Work, facts: TeamFacts | BaseException, sign: Sign, lease: Lease) -> bool:
        try:
            if work.attempts > MOST_ATTEMPTS:
                return await self._bury(work, facts, "its worker died each time")
            if work.withdrawn:
                return await self.streaming.clear_away(work)
            return await self._answer(work, _known(facts), sign, lease)
        except Refusal as refusal:
            self.observer.fact("undeliverable", code=refusal.code.value, thread=work.question.thread.wire)
            return await self.conversations.bury(work, now=self.clock.now())
        except Outage as outage:
            return await self._give_back(work, facts, outage.code.value, MOST_ATTEMPTS)
        except (LeaseLost, asyncio.CancelledError):
            raise
        except Exception as error:  # noqa: BLE001 (the worker's boundary: whatever it was, the question stays)
            self.observer.fault("run_failed", error, thread=work.question.thread.wire)
            return await self._give_back(work, facts, "bug", MAX_ATTEMPTS)

    async def _give_back(self, work: Work, facts: TeamFacts | BaseException, why: str, most: int) -> bool:
        if work.attempts >= most:
            return await self._bury(work, facts, why)
        self.observer.fact("question_delayed", why=why, attempts=work.attempts)
        await self.conversations.release(work)
        return False

    async def _bury(self, work: Work, facts: TeamFacts | BaseException, why: str) -> bool:
        """Give a question up, and say so in its thread if that can be said at all."""
        reference = self.chance.token()[:8]
        self.observer.fact("question_buried", why=why, reference=reference, thread=work.question.thread.wire)
        if work.root_ts is not None and not work.posted and not work.withdrawn:
            spot = Spot(work.question.thread.place, work.root_ts)
            with suppress(BotError, AnswerDeleted):
                said = Recorded(BugReply(reference), language=await spoken(self.chat, work, _defaults(facts)))
                await self.delivering.give_up(work, said, spot)
        return await self.conversations.bury(work, now=self.clock.now())

    async def _answer(self, work: Work, facts: TeamFacts, sign: Sign, lease: Lease) -> bool:
        held = rules(work.config, facts.defaults, self.default_answer)
        held = replace(held, language=await spoken(self.chat, work, facts.defaults))
        root = await self._root(work, held, lease)
        sign.show(work.question, root, _language(held))
        live = await self.streaming.follow(work, root, sign, _language(held))
        recorded = work.recorded or await self._record(work, facts, held, root, live)
        await sign.shown()
        await live.find_lost()
        try:
            more = await self._finish(work, recorded, held, live, lease)
        except AnswerDeleted:
            return await self.streaming.take_away(work, live.shown)
        # words that took the place of what an earlier run had shown are no new message, which ends a sign
        sign.answered = sign.answered or not live.shown
        return more

    async def _record(
        self, work: Work, facts: TeamFacts, held: Rules, root: MessageTs, live: Live
    ) -> Recorded:
        recorded = replace(await self._decide(work, facts, held, root, live), language=_language(held))
        await self.conversations.record(work, recorded, text_lifetime=timedelta(days=held.text_days))
        return recorded

    async def _decide(
        self, work: Work, facts: TeamFacts, held: Rules, root: MessageTs, live: Live
    ) -> Recorded:
        try:
            return await self.completing.decide(work, facts, held, root, live)
        except Halted as halted:
            return Recorded(StoppedReply(halted.by))
        except Refusal as refusal:
            self.observer.fact("question_refused", code=refusal.code.value)
            return Recorded(RefusalReply(refusal.code, refusal.fields))
        except (Outage, LeaseLost, asyncio.CancelledError):
            raise
        except Exception as error:  # noqa: BLE001 (a bug of ours must not be tried again and again)
            reference = self.observer.fault("decide_failed", error, thread=work.question.thread.wire)
            return Recorded(BugReply(reference))

    async def _root(self, work: Work, held: Rules, lease: Lease) -> MessageTs:
        """The ts of the thread's root; a command's root message is posted here, once."""
        if work.root_ts is not None:
            return work.root_ts
        marker = f"{work.question.thread.conversation}-root"
        spot = Spot(work.question.thread.place, None)
        ts = await self.chat.find(spot, marker) if work.attempts > 1 else None
        if ts is None:
            await lease.make_sure()
            ts = await self.chat.post_root(work.question, marker, _language(held))
        await self.conversations.rooted(work, ts)
        return ts

    async def _finish(self, work: Work, recorded: Recorded, held: Rules, live: Live, lease: Lease) -> bool:
        if recorded.duel is not None:
            # before it is posted: half of it may be all that ever is, and even that one must close
            job = Job(JobKind.CLOSE_DUEL, work.question.thread.place, recorded.duel.id)
            await self.engine.schedule(job, recorded.duel.next_check(self.clock.now()))
        spot = Spot(work.question.thread.place, live.root)
        posted = await self.delivering.deliver(work, recorded, spot, lease, live.shown)
        more = await self.conversations.commit(
            work, recorded, posted, thread_lifetime=timedelta(days=held.thread_days), now=self.clock.now()
        )
        seconds = self.clock.now().timestamp() - float(work.question.ts)  # for who asked; clocks may differ
        self.observer.fact(
            "question_answered",
            reply=type(recorded.reply).__name__,
            attempts=work.attempts,
            ms=round(1000 * max(seconds, 0)),
        )
        return more


def _language(held: Rules) -> str:
    return held.language or DEFAULT_LANGUAGE


def _defaults(facts: TeamFacts | BaseException) -> ChannelConfig:
    """What the team has set, as far as it could be read."""
    return ChannelConfig() if isinstance(facts, BaseException) else facts.defaults


def _known(facts: TeamFacts | BaseException) -> TeamFacts:
    if isinstance(facts, BaseException):
        raise facts
    return facts
