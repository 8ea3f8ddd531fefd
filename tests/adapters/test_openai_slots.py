"""Slots of an endpoint: so many at once, in order, people first, and none lost when somebody gives up waiting."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.openai_slots import Slots


async def settle() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


async def come(slots: Slots, name: str, let_in: list[str], *, can_wait: bool = False) -> None:
    await slots.acquire(can_wait=can_wait)
    let_in.append(name)


async def test_people_are_let_in_before_work_that_can_wait_each_in_their_order() -> None:
    slots, let_in = Slots(1), list[str]()
    async with asyncio.TaskGroup() as group:
        for name in ("first", "patient 1", "patient 2", "hurried 1", "hurried 2"):
            group.create_task(come(slots, name, let_in, can_wait="patient" in name))
            await settle()
        for _ in range(4):
            slots.release()
            await settle()

    assert let_in == ["first", "hurried 1", "hurried 2", "patient 1", "patient 2"]


@pytest.mark.parametrize("can_wait", [False, True])
async def test_who_gives_up_waiting_takes_no_slot(can_wait: bool) -> None:
    slots, let_in = Slots(1), list[str]()
    await slots.acquire()
    gone = asyncio.create_task(come(slots, "gone", let_in, can_wait=can_wait))
    await settle()
    gone.cancel()
    await asyncio.gather(gone, return_exceptions=True)
    slots.release()

    await asyncio.wait_for(slots.acquire(can_wait=True), 1)
    assert let_in == []


@pytest.mark.parametrize("freed_first", [False, True])
async def test_who_gives_up_in_the_moment_when_a_slot_comes_free_passes_it_on(freed_first: bool) -> None:
    slots, let_in = Slots(1), list[str]()
    await slots.acquire()
    gone = asyncio.create_task(come(slots, "gone", let_in))
    await settle()
    if freed_first:
        slots.release()
        gone.cancel()
    else:
        gone.cancel()
        slots.release()
    (left,) = await asyncio.gather(gone, return_exceptions=True)

    assert isinstance(left, asyncio.CancelledError)
    await asyncio.wait_for(slots.acquire(), 1)
    assert let_in == []


@given(st.integers(1, 3), st.lists(st.tuples(st.booleans(), st.integers(0, 3), st.booleans()), max_size=25))
def test_never_more_at_once_and_everybody_who_stays_is_let_in(
    number: int, guests: list[tuple[bool, int, bool]]
) -> None:
    async def play() -> None:
        slots, inside, most, done = Slots(number), 0, 0, 0

        async def visit(can_wait: bool, stay: int) -> None:
            nonlocal inside, most, done
            await slots.acquire(can_wait=can_wait)
            try:
                inside += 1
                most = max(most, inside)
                for _ in range(stay):
                    await asyncio.sleep(0)
            finally:
                inside -= 1
                slots.release()
            done += 1

        tasks = []
        for can_wait, stay, leaves in guests:
            task = asyncio.create_task(visit(can_wait, stay))
            tasks.append((task, leaves))
            await asyncio.sleep(0)
            if leaves:
                task.cancel()
        await asyncio.wait_for(asyncio.gather(*(task for task, _ in tasks), return_exceptions=True), 5)

        assert most <= number
        assert inside == 0
        assert done >= sum(not leaves for _, _, leaves in guests)
        for _ in range(number):
            await asyncio.wait_for(slots.acquire(can_wait=True), 1)

    asyncio.run(play())
