"""Any order of events, against a model: the inbox under its lease, and the ballots of a duel."""

import asyncio
import itertools
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import AsyncExitStack
from typing import Any, TypeVar

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)

from bot.adapters.redis_client import Store, open_store
from bot.adapters.redis_conversations import RedisConversations
from bot.adapters.redis_duels import RedisDuels
from bot.domain.ballot import Choice, Tally, count
from bot.domain.duel import ClosedBy, Duel
from bot.domain.ids import MessageTs, Pseudonym, message_ts
from bot.domain.question import Routed
from bot.domain.routing import Reason, Route
from bot.domain.thread import Side
from bot.services.ports import Ballot, Cast, CastResult, LeaseLost, Work
from tests.adapters.redis_kit import NOON, PLACE, Build, FakeClock, Threads

T = TypeVar("T")
PREFIXES = itertools.count()
ROUTED = Routed(Route(("support",), Reason.CONFIG), ())
FEW = settings(
    max_examples=40,
    stateful_step_count=40,
    deadline=None,
    phases=(Phase.explicit, Phase.reuse, Phase.generate),  # shrinking on a real store takes minutes
    suppress_health_check=[HealthCheck.too_slow],
)
STAMPS = st.integers(0, 9).map(lambda second: message_ts(f"{1795342000 + second}.000100"))


class StoreMachine(RuleBasedStateMachine):
    """A machine with a store and an event loop of its own."""

    url: str

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = AsyncExitStack()
        self.clock = FakeClock()
        self.store: Store = self.run(
            self.stack.enter_async_context(open_store(self.url, prefix=f"machine{next(PREFIXES)}"))
        )
        self.threads = Threads(RedisConversations(self.store, self.clock), RedisDuels(self.store), self.clock)
        self.build = Build()

    def run(self, awaitable: Awaitable[T]) -> T:
        async def wait() -> T:
            return await awaitable

        return self.runner.run(wait())

    def teardown(self) -> None:  # type: ignore[explicit-override]
        self.run(self.stack.aclose())
        self.runner.close()


class InboxMachine(StoreMachine):
    """One thread; the model is a few sets, in which nothing can be half done."""

    taken = Bundle("taken")

    def __init__(self) -> None:
        super().__init__()
        self.thread = self.build.thread()
        self.seen: set[str] = set()
        self.waiting: set[str] = set()
        self.recorded: set[str] = set()
        self.holder: Work | None = None
        self.ended: str | None = None
        self.answers = 0
        self.gone: set[str] = set()
        self.asked: set[str] = set()

    @property
    def turns(self) -> int:
        """How many turns there are: every answer, and every question whose message was not deleted."""
        return self.answers + len(self.asked)

    @rule(ts=STAMPS)
    def ingest(self, ts: MessageTs) -> None:
        outcome = self.run(self.threads.ask(self.build.question(self.thread, ts)))

        assert outcome == ("duplicate" if ts in self.seen else "accepted")
        if outcome == "accepted":
            self.seen.add(ts)
            self.waiting.add(ts)

    @rule(ts=STAMPS)
    def withdraw(self, ts: MessageTs) -> None:
        self.withdraw_ts(ts)

    def withdraw_ts(self, ts: MessageTs) -> None:
        withdrawn = self.run(self.threads.conversations.withdraw(self.thread, ts))

        self.seen.add(ts)
        self.gone.add(ts)
        self.asked.discard(ts)
        assert withdrawn == (ts in self.waiting - self.recorded)
        if withdrawn:
            self.waiting.remove(ts)
            if self.holder is not None and self.holder.question.ts == ts:
                self.holder = None

    @rule(work=taken)
    def withdraw_what_was_taken(self, work: Work) -> None:
        self.withdraw_ts(work.question.ts)

    @rule(target=taken)
    def take(self) -> Any:
        work = self.run(self.threads.take(self.thread))

        if self.holder is not None or not self.waiting:
            assert work is None
            return multiple()
        assert work is not None
        assert work.question.ts == min(self.waiting)
        assert (work.recorded is not None) == (work.question.ts in self.recorded)
        assert len(work.turns) == self.turns
        self.holder = work
        return work

    @rule()
    def lease_runs_out(self) -> None:
        self.run(self.store.call("DEL", self.store.keys.lease(self.thread)))
        self.holder = None

    @rule(work=taken)
    def renew(self, work: Work) -> None:
        self.fenced(work, self.threads.conversations.renew(self.thread, work.token))

    @rule(work=taken)
    def record_route(self, work: Work) -> None:
        self.fenced(work, self.threads.conversations.record_route(work, ROUTED))

    @rule(work=taken)
    def record(self, work: Work) -> None:
        if self.fenced(work, self.threads.record(work, self.build.answered(work.question))):
            self.recorded.add(work.question.ts)

    @rule(work=taken, part=st.integers(0, 2))
    def posted(self, work: Work, part: int) -> None:
        self.fenced(work, self.threads.conversations.posted(work, part, self.build.ts()))

    @rule(work=taken)
    def commit(self, work: Work) -> None:
        if self.end(work, lambda: self.threads.commit(work, self.build.answered(work.question))):
            self.answers += 1
            self.asked |= {work.question.ts} - self.gone

    @rule(work=taken)
    def bury(self, work: Work) -> None:
        self.end(work, lambda: self.threads.conversations.bury(work, now=self.clock.now()))

    @rule(work=consumes(taken))
    def release(self, work: Work) -> None:
        self.run(self.threads.conversations.release(work))
        if self.holds(work):
            if work.question.ts == min(self.waiting):
                assert self.run(self.threads.take(self.thread)) is None
            self.holder = None
        self.clock.advance(seconds=61)

    @rule()
    def sweep(self) -> None:
        found = self.run(self.threads.conversations.overdue(self.clock.advance(seconds=61), 10))

        assert found == ([self.thread] if self.waiting and self.holder is None else [])

    @invariant()
    def store_and_model_agree(self) -> None:
        keys = self.store.keys
        fields, lease, turns = self.run(
            self.store.calls(
                [
                    ("HKEYS", keys.inbox(self.thread)),
                    ("GET", keys.lease(self.thread)),
                    ("LLEN", keys.turns(self.thread)),
                ]
            )
        )
        assert {field for field in fields if "/" not in field} == self.waiting
        assert {field.partition("/")[0] for field in fields} == self.waiting
        assert lease == (self.holder.token if self.holder else None)
        assert turns == self.turns

    def holds(self, work: Work) -> bool:
        return self.holder is not None and self.holder.token == work.token

    def fenced(self, work: Work, write: Coroutine[Any, Any, None]) -> bool:
        if self.holds(work):
            self.run(write)
            return True
        with pytest.raises(LeaseLost):
            self.run(write)
        return False

    def end(self, work: Work, write: Callable[[], Awaitable[bool]]) -> bool:
        """End a question; repeated by who ended it last, it says the same again and does nothing."""
        if self.holds(work):
            more = self.run(write())
            ts = work.question.ts
            self.waiting.remove(ts)
            self.recorded.discard(ts)
            self.holder, self.ended = None, work.token
            assert more == bool(self.waiting)
            return True
        if self.ended == work.token:
            assert self.run(write()) == bool(self.waiting)
            return False
        with pytest.raises(LeaseLost):
            self.run(write())
        return False


class BallotMachine(StoreMachine):
    """One duel: one ballot a person, the last one counts, locks hold, closing is final."""

    voters = st.sampled_from([Pseudonym("p1"), Pseudonym("p2"), Pseudonym("p3"), Pseudonym("p4")])

    def __init__(self) -> None:
        super().__init__()
        self.duel: Duel = self.run(self.open())
        self.ballots: dict[Pseudonym, Choice] = {}
        self.locked: set[Pseudonym] = set()
        self.closed: Tally | None = None
        self.side = self.duel.follow

    async def open(self) -> Duel:
        question = self.build.question()
        recorded, duel = self.build.duelled(question, follow=Side.B)
        await self.threads.ask(question)
        work = await self.threads.must_take(question.thread)
        await self.threads.record(work, recorded)
        await self.threads.commit(work, recorded, self.build.ts(), self.build.ts())
        return duel

    @rule(voter=voters, choice=st.sampled_from(Choice), asker=st.booleans())
    def cast(self, voter: Pseudonym, choice: Choice, *, asker: bool) -> None:
        result = self.run(self.threads.duels.cast(PLACE, self.duel.id, voter, choice, asker=asker, now=NOON))

        before = self.ballots.get(voter)
        if self.closed is not None:
            expected = Cast.CLOSED
        elif voter in self.locked:
            expected = Cast.LOCKED
        else:
            self.ballots[voter] = choice
            if asker:
                self.side = choice.prefers or self.duel.follow
            expected = Cast.CAST if before is None else Cast.SAME if before == choice else Cast.CHANGED
        assert result == CastResult(expected, len(self.ballots))

    @rule(voter=voters)
    def lock(self, voter: Pseudonym) -> None:
        ballot = self.run(self.threads.duels.lock(PLACE, self.duel.id, voter))

        if voter in self.ballots:
            self.locked.add(voter)
            assert ballot == Ballot(self.ballots[voter], locked=True)
        else:
            assert ballot is None

    @rule(by=st.sampled_from(ClosedBy))
    def close(self, by: ClosedBy) -> None:
        now = self.clock.advance(seconds=1)
        duel = self.run(self.threads.duels.close(PLACE, self.duel.id, by, now=now))

        if self.closed is not None:
            assert duel is None
            return
        self.closed = count(self.ballots.values())
        self.side = self.closed.leader or self.duel.follow
        assert duel is not None
        assert (duel.tally, duel.closed_at, duel.closed_by) == (self.closed, now, by)

    @invariant()
    def everything_says_the_same(self) -> None:
        self.run(self.compare())

    async def compare(self) -> None:
        (check,) = [check async for check in self.threads.duels.check_tallies()]
        tally = count(self.ballots.values())
        assert (check.rebuilt, check.ballots, check.stored) == (tally, tally, self.closed)
        assert await self.threads.duels.count(PLACE, self.duel.id) == len(self.ballots)
        for voter, choice in self.ballots.items():
            ballot = await self.threads.duels.ballot(PLACE, self.duel.id, voter)
            assert ballot == Ballot(choice, voter in self.locked)

    def teardown(self) -> None:  # type: ignore[explicit-override]
        self.run(self.check_thread())
        super().teardown()

    async def check_thread(self) -> None:
        await self.threads.ask(self.build.question(self.duel.thread))
        known = (await self.threads.must_take(self.duel.thread)).duels[self.duel.id]
        assert (known.open, known.side) == (self.closed is None, self.side)


@pytest.mark.parametrize("machine", [InboxMachine, BallotMachine])
def test_any_order_of_events(machine: type[StoreMachine], store_url: str) -> None:
    named = type(machine.__name__, (machine,), {"url": store_url})
    run_state_machine_as_test(named, settings=FEW)
