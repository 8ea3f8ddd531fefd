"""What a process does again and again beside its main work."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

from bot.services.ports import Observer


async def repeat(
    call: Callable[[], Awaitable[None]], fault: str, observer: Observer, *, every: timedelta
) -> None:
    """Call something until cancelled, with a pause between two calls; what it raises is told as `fault`."""
    while True:
        try:
            await call()
        except Exception as error:  # noqa: BLE001 (told; the next call comes)
            observer.fault(fault, error)
        await asyncio.sleep(every.total_seconds())
