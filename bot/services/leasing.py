"""Keeping a thread's lease while its question is worked on."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from datetime import timedelta

from bot.domain.errors import Outage
from bot.services.ports import Conversations, LeaseLost, Work

RENEW_EVERY = timedelta(seconds=3)
"""The lease lives 10 s, so two renewals may fail before another worker takes over."""


@asynccontextmanager
async def kept_lease(
    conversations: Conversations, work: Work, every: timedelta = RENEW_EVERY
) -> AsyncGenerator[None]:
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
                    await conversations.renew(work.question.thread, work.token)
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
