import asyncio

import pytest

from bot.domain.completion import Completion, Failure, FailureKind
from tests.adapters.openai_scripts import (
    END,
    HEAD,
    MESSAGES,
    OPENING,
    Wire,
    chunk,
    chunked,
    contestant,
    kinds,
    ms,
    over,
    well,
    write,
)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


# ---------------------------------------------------------------- time


async def test_an_endpoint_without_a_first_token_in_time_is_given_up_and_hung_up_on() -> None:
    async def silent(_: Wire, writer: asyncio.StreamWriter) -> None:
        await write(writer, HEAD, chunked(OPENING), b"f\r\n: still alive\n\n\r\n")

    async with Wire(silent, watched=True).open() as wire, over(wire, first_token_s=0.1) as asked:
        result = await asked.complete(contestant(), MESSAGES)
        await wire.left()

    assert result == Failure(FailureKind.TIMEOUT, ms(ge=100))
    assert wire.asked <= 1


async def test_an_endpoint_that_thinks_has_until_the_deadline() -> None:
    async def thinking(_: Wire, writer: asyncio.StreamWriter) -> None:
        await write(writer, HEAD, chunked(chunk(choices=[{"delta": {"reasoning_content": "Hm."}}])))
        await asyncio.sleep(0.1)
        await write(writer, chunked(chunk("Hello", finish="stop"), "[DONE]"), END)

    async with Wire(thinking).open() as wire, over(wire, first_token_s=0.09) as asked:
        assert kinds(await asked.complete(contestant(), MESSAGES)) == "Hello"


async def test_an_answer_that_does_not_end_by_the_deadline_is_a_failure() -> None:
    async def stalling(_: Wire, writer: asyncio.StreamWriter) -> None:
        await write(writer, HEAD, chunked(chunk("Half")))

    async with Wire(stalling, watched=True).open() as wire, over(wire, timeout_s=0.1) as asked:
        result = await asked.complete(contestant(), MESSAGES)
        await wire.left()

    assert result == Failure(FailureKind.TIMEOUT, ms(ge=100))


async def test_an_endpoint_that_never_answers_is_given_up_at_the_deadline() -> None:
    async with Wire(mute, watched=True).open() as wire, over(wire, timeout_s=0.1) as asked:
        result = await asked.complete(contestant(), MESSAGES)
        await wire.left()

    assert result == Failure(FailureKind.TIMEOUT, ms(ge=100))


@pytest.mark.parametrize("last", [chunked(chunk("Hello", finish="stop")), chunked(chunk("Hello"), "[DONE]")])
async def test_an_answer_is_not_lost_when_the_response_stays_open(
    last: bytes, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.adapters.openai_call._USAGE_GRACE_S", 0.05)

    async def lingering(_: Wire, writer: asyncio.StreamWriter) -> None:
        await write(writer, HEAD, last)

    async with Wire(lingering, watched=True).open() as wire, over(wire) as asked:
        result = await asked.complete(contestant(), MESSAGES)
        await wire.left()

    assert isinstance(result, Completion)
    assert (result.text, result.cut) == ("Hello", False)


async def test_cancelling_hangs_up_at_once() -> None:
    started = asyncio.Event()

    async def talking(_: Wire, writer: asyncio.StreamWriter) -> None:
        await write(writer, HEAD, chunked(chunk("Half")))
        started.set()

    async with Wire(talking, watched=True).open() as wire, over(wire, concurrency=1) as asked:
        task = asyncio.create_task(asked.complete(contestant(), MESSAGES))
        await started.wait()
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await wire.left()


async def test_cancelling_before_the_first_byte_hangs_up_too_and_frees_the_slot() -> None:
    asked_once = asyncio.Event()

    async def mute_at_first(wire: Wire, writer: asyncio.StreamWriter) -> None:
        asked_once.set()
        if wire.asked > 1:
            await well(wire, writer)

    async with Wire(mute_at_first, watched=True).open() as wire, over(wire, concurrency=1) as asked:
        task = asyncio.create_task(asked.complete(contestant(), MESSAGES))
        await asked_once.wait()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        await wire.left()

        assert kinds(await asked.complete(contestant(), MESSAGES)) == "Hello there."


async def test_no_more_requests_are_under_way_than_there_are_slots() -> None:
    now, most = 0, 0

    async def counted(wire: Wire, writer: asyncio.StreamWriter) -> None:
        nonlocal now, most
        now += 1
        most = max(most, now)
        await asyncio.sleep(0.01)
        now -= 1
        await well(wire, writer)

    async with Wire(counted).open() as wire, over(wire, concurrency=2) as asked:
        results = await asyncio.gather(*(asked.complete(contestant(), MESSAGES) for _ in range(6)))

    assert [kinds(result) for result in results] == ["Hello there."] * 6
    assert (most, wire.connections) == (2, 2)


async def mute(_: Wire, __: asyncio.StreamWriter) -> None:
    """Say nothing."""


@pytest.mark.parametrize("freed_after_s", [0.06, None])
async def test_waiting_for_a_slot_counts_into_the_deadline(freed_after_s: float | None) -> None:
    async with Wire(mute, watched=True).open() as wire, over(wire, concurrency=1, timeout_s=0.1) as asked:
        slots = asked._endpoints["local"].slots
        await slots.acquire()
        waiting = asyncio.create_task(asked.complete(contestant(), MESSAGES))
        if freed_after_s is not None:
            await asyncio.sleep(freed_after_s)
            slots.release()

        assert await waiting == Failure(FailureKind.OVERLOADED, ms(ge=100))


async def test_a_connection_is_used_again() -> None:
    async with Wire(well).open() as wire, over(wire) as asked:
        for _ in range(3):
            assert kinds(await asked.complete(contestant(), MESSAGES)) == "Hello there."

    assert (wire.asked, wire.connections) == (3, 1)
