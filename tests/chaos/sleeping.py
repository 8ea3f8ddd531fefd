"""SIGSTOP: a worker that comes to life again long after others have taken over what it was at."""

import asyncio
import signal
from functools import partial
from pathlib import Path

from tests.chaos.nursery import Nursery
from tests.chaos.rig import DOOR, PREFIX, WORKER, Rig, open_rig, until
from tests.fakes.openai_replies import Received

SIGN_HELD_S = 2.0


async def is_recorded(rig: Rig) -> bool:
    """Whether some answer is stored that is not yet posted."""
    inboxes = [key async for key in rig.store.scan(f"{PREFIX}:inbox:*")]
    fields = [await rig.store.call("HKEYS", key) for key in inboxes]
    return any(field.endswith("/recorded") for found in fields for field in found)


async def a_worker_that_slept_over_its_lease_says_nothing_any_more(nursery: Nursery, folder: Path) -> str:
    asked_at_all = asyncio.Event()

    async def answer(received: Received) -> str:
        if received.question == "While you think?" and not asked_at_all.is_set():
            asked_at_all.set()
            await asyncio.sleep(SIGN_HELD_S)
        return f"Answer to: {received.question}"

    async with open_rig(folder, nursery) as rig:
        rig.openai.script("fake", answer)
        await rig.start(*DOOR)
        sleeper = await rig.start(*WORKER)
        # stopped between record and post: the answer is stored, and the sign before it takes its time
        await rig.control.fault("assistant.threads.setStatus", "slow", seconds=SIGN_HELD_S)
        await rig.ask("ben", "kitchen", "Before you post?")
        await until(partial(is_recorded, rig))
        # stopped while the model is being asked
        await rig.ask("cleo", "kitchen", "While you think?")
        await asked_at_all.wait()
        sleeper.signal(signal.SIGSTOP)
        await rig.start(*WORKER)

        await rig.all_answered()
        sleeper.signal(signal.SIGCONT)
        await rig.ask("dora", "kitchen", "Are both of you there?")
        await rig.all_answered()
        await asyncio.sleep(1)

        rig.history().check()
        return "2 questions of a worker that slept over its lease: each answered once, by another"
