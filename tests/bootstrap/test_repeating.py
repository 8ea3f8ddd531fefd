import asyncio
from datetime import timedelta

from bot.bootstrap.repeating import repeating
from bot.domain.errors import Code, Outage
from tests.fakes.world import RecordingObserver


async def test_it_is_called_again_and_again_whatever_it_raises_and_ends_with_the_context() -> None:
    observer, calls, enough = RecordingObserver(), 0, asyncio.Event()

    async def call() -> None:
        nonlocal calls
        calls += 1
        if calls == 1:
            raise RuntimeError("once")
        if calls == 2:
            raise Outage(Code.STORE_DOWN)
        enough.set()

    async with repeating(call, "call_failed", observer, every=timedelta(0)):
        await enough.wait()
    ended_at = calls
    await asyncio.sleep(0)

    assert [fault.name for fault in observer.faults] == ["call_failed"]
    assert observer.named("call_failed")[-1] == {"code": "store_down"}
    assert calls == ended_at


async def test_a_call_that_takes_the_cancellation_for_its_own_does_not_hold_up_the_leaving() -> None:
    begun = asyncio.Event()

    async def call() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            raise ConnectionError from None

    observer = RecordingObserver()
    async with asyncio.timeout(5), repeating(call, "call_failed", observer, every=timedelta(hours=1)):
        await begun.wait()

    assert [fault.name for fault in observer.faults] == ["call_failed"]
