"""What a process does again and again beside its main work."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import timedelta

from bot.domain.errors import BotError
from bot.services.ports import Observer


@asynccontextmanager
async def repeating(
    call: Callable[[], Awaitable[None]], fault: str, observer: Observer, *, every: timedelta
) -> AsyncGenerator[None]:
    """Call something again and again while the context lasts.

    Args:
        call: What is called, the first time at once.
        fault: The name under which what it raises is told; the next call comes all the same.
        observer: Is told.
        every: The pause between two calls.
    """
    task = asyncio.create_task(_repeat(call, fault, observer, every.total_seconds()), name=fault)
    try:
        yield
    finally:
        task.cancel()
        await asyncio.wait({task})


async def _repeat(
    call: Callable[[], Awaitable[None]], fault: str, observer: Observer, pause_s: float
) -> None:
    me = asyncio.current_task()
    while (
        me is not None and not me.cancelling()
    ):  # a call that was cut short may have taken the cancellation for its own
        try:
            await call()
        except BotError as error:  # the store or Slack is away: said once a pause, without a traceback
            observer.fact(fault, code=error.code.value)
        except Exception as error:  # noqa: BLE001 (told; the next call comes)
            observer.fault(fault, error)
        if not me.cancelling():
            await asyncio.sleep(pause_s)
