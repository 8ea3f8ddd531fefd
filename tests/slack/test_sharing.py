"""Calls that several wait for."""

import asyncio

import pytest

from bot.slack.sharing import Shared


async def test_who_wants_to_know_the_same_shares_a_call_and_the_next_one_is_new() -> None:
    shared: Shared[str, int] = Shared()
    calls: list[str] = []

    async def call() -> int:
        calls.append("call")
        await asyncio.sleep(0)
        return len(calls)

    assert await asyncio.gather(*(shared.ask("a", call) for _ in range(3))) == [1, 1, 1]
    assert await shared.ask("a", call) == 2


@pytest.mark.parametrize("fails", [False, True])
async def test_a_call_that_nobody_waits_for_any_more_goes_on(*, fails: bool) -> None:
    shared: Shared[str, None] = Shared()
    go, done = asyncio.Event(), asyncio.Event()
    complaints: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, what: complaints.append(what))

    async def call() -> None:
        await go.wait()
        done.set()
        if fails:
            raise LookupError

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await shared.ask("a", call)
    go.set()

    await asyncio.wait_for(done.wait(), 1)
    await asyncio.sleep(0.01)
    assert complaints == []


async def test_everybody_who_waits_hears_that_it_failed() -> None:
    shared: Shared[str, None] = Shared()

    async def call() -> None:
        await asyncio.sleep(0)
        raise LookupError

    heard = await asyncio.gather(*(shared.ask("a", call) for _ in range(2)), return_exceptions=True)
    assert [type(one) for one in heard] == [LookupError, LookupError]
