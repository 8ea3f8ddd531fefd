"""Keeping a thread's lease while its question is worked on."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.errors import Outage
from bot.services.ports import Clock, Conversations, LeaseLost, Work

RENEW_EVERY = timedelta(seconds=3)
"""The lease lives 10 s, so two renewals may fail before another worker takes over."""
DOUBT_AFTER = timedelta(seconds=7)
"""A lease that was not renewed for that long may be another's before the next thing is done."""


@dataclass(slots=True)
class Lease:
    """The lease of one run, as far as this process knows.

    Attributes:
        conversations: Where it is kept.
        work: What was taken with it.
        clock: The time of day: unlike a loop's own it goes on while a machine sleeps.
        renewed_at: When it was taken, or renewed last.
    """

    conversations: Conversations
    work: Work
    clock: Clock
    renewed_at: datetime

    async def renew(self) -> None:
        """Keep it for its full time again; raise LeaseLost when it is another's."""
        now = self.clock.now()
        await self.conversations.renew(self.work.question.thread, self.work.token)
        self.renewed_at = now

    async def make_sure(self) -> None:
        """Before what no store can refuse: ask, if it could be another's by now.

        A process that was stopped for a while does not notice; when it goes on, others have taken over.

        Raises:
            LeaseLost: It is another's.
            Outage: Nobody knows.
        """
        if not timedelta(0) <= self.clock.now() - self.renewed_at < DOUBT_AFTER:
            await self.renew()


@asynccontextmanager
async def kept_lease(lease: Lease, every: timedelta = RENEW_EVERY) -> AsyncGenerator[None]:
    """Renew the lease until the body ends; cancel the body once the lease is lost.

    A store that does not answer is not a lost lease: the body's next fenced write decides.

    Raises:
        LeaseLost: Another worker has the thread, or the question was deleted.
    """
    owner = asyncio.current_task()
    if owner is None:
        raise AssertionError("a lease is kept for a task")
    lost = False

    async def renew() -> None:
        nonlocal lost
        while not lost:
            await asyncio.sleep(every.total_seconds())
            with suppress(Outage):
                try:
                    await lease.renew()
                except LeaseLost:
                    lost = True
                    owner.cancel()

    keeper = asyncio.create_task(renew(), name="lease")
    try:
        yield
    except asyncio.CancelledError:
        if lost and owner.uncancel() == 0:
            raise LeaseLost from None
        raise
    finally:
        keeper.cancel()
        await asyncio.gather(keeper, return_exceptions=True)
