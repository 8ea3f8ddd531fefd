import asyncio
from datetime import timedelta

import pytest

from bot.domain.errors import Code, Outage
from bot.services.leasing import Lease, kept_lease
from bot.services.ports import LeaseLost
from tests.builders import THREAD, question
from tests.services.house import House

OFTEN = timedelta(seconds=1)


async def taken(house: House) -> Lease:
    await house.send(question())
    work = await house.conversations.take(THREAD, "mine", now=house.clock.now())
    assert work is not None
    return Lease(house.conversations, work, house.clock, house.clock.now())


async def test_a_lease_is_renewed_until_the_work_is_done(house: House) -> None:
    async with kept_lease(await taken(house), OFTEN):
        await asyncio.sleep(3.5)
    await asyncio.sleep(5)

    assert house.faults.count("conversations.renew") == 3


async def hold(lease: Lease) -> None:
    async with kept_lease(lease, OFTEN):
        await asyncio.sleep(60)
        raise AssertionError("held to the end")


async def test_the_work_is_cancelled_once_the_lease_is_lost(house: House) -> None:
    lease = await taken(house)
    house.faults.at("conversations.renew", house.memory.leases.clear)

    with pytest.raises(LeaseLost):
        await hold(lease)


async def test_a_task_that_lost_a_lease_is_as_good_as_new(house: House) -> None:
    lease = await taken(house)
    house.memory.leases.clear()
    with pytest.raises(LeaseLost):
        await hold(lease)

    async with asyncio.timeout(5):
        await asyncio.sleep(1)


async def test_a_store_that_does_not_answer_is_not_a_lost_lease(house: House) -> None:
    house.faults.before("conversations.renew", Outage(Code.STORE_DOWN), times=2)

    async with kept_lease(await taken(house), OFTEN):
        await asyncio.sleep(3.5)

    assert house.faults.count("conversations.renew") == 3


async def test_what_goes_wrong_in_the_work_comes_out_as_it_is(house: House) -> None:
    with pytest.raises(ZeroDivisionError):
        async with kept_lease(await taken(house), OFTEN):
            raise ZeroDivisionError

    await asyncio.sleep(5)
    assert house.faults.count("conversations.renew") == 0


async def test_an_order_to_leave_comes_through(house: House) -> None:
    lease = await taken(house)

    task = asyncio.create_task(hold(lease))
    await asyncio.sleep(0.5)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_an_order_to_leave_beside_a_lost_lease_comes_through_too(house: House) -> None:
    lease = await taken(house)
    house.memory.leases.clear()

    task = asyncio.create_task(hold(lease))
    house.faults.at("conversations.renew", task.cancel)
    with pytest.raises(asyncio.CancelledError):
        await task


async def test_a_lease_that_was_just_renewed_is_not_doubted(house: House) -> None:
    lease = await taken(house)
    house.clock.advance(seconds=5)

    await lease.make_sure()
    await lease.renew()
    house.clock.advance(seconds=5)
    await lease.make_sure()

    assert house.faults.count("conversations.renew") == 1


@pytest.mark.parametrize("seconds", [11, -3600])
async def test_after_a_sleep_or_a_change_of_the_clock_a_lease_is_asked_for(
    house: House, seconds: float
) -> None:
    lease = await taken(house)
    house.clock.advance(seconds=seconds)
    house.memory.leases.clear()

    with pytest.raises(LeaseLost):
        await lease.make_sure()
