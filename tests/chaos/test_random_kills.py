"""kill -9 at random: two workers and a door that die again and again while many threads ask."""

import asyncio
import os
import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.chaos.nursery import Nursery
from tests.chaos.rig import DOOR, PEOPLE, WORKER, Bot, Rig, open_rig
from tests.fakes.openai_replies import Received

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(150)]

SEED = int(os.environ.get("CHAOS_SEED", "20261122"))
"""Set another to look for what this one does not find."""
THREADS, QUESTIONS = 12, 6
CHANNELS = ("kitchen", "cellar", "garden")
CHAOS_S, KILL_EVERY_S = 8.0, 0.7


@dataclass
class Chaos:
    """Kills one of the bots every now and then and starts another like it; one worker it only stops."""

    rig: Rig
    chance: random.Random
    bots: list[Bot]
    kills: int = 0

    async def rage(self) -> Bot:
        """Do so for a while; return the worker that is stopped."""
        stopped = self.bots.pop()
        ending = time.monotonic() + CHAOS_S
        while time.monotonic() < ending:
            await asyncio.sleep(KILL_EVERY_S)
            place = self.chance.randrange(len(self.bots))
            self.bots[place] = self.rig.again(self.bots[place])
            self.kills += 1
            if self.kills == 2:
                stopped.signal(signal.SIGSTOP)
                self.bots.append(self.rig.spawn(*WORKER))
        return stopped


async def test_nothing_acknowledged_is_lost_doubled_or_overtaken(
    nursery: Nursery, tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    chance = random.Random(SEED)

    async def answer(received: Received) -> str:
        await asyncio.sleep(chance.uniform(0.02, 0.5))
        return f"Answer to: {received.question}"

    async with open_rig(tmp_path, nursery, channels=CHANNELS) as rig:
        rig.openai.script("fake", answer)
        chaos = Chaos(rig, chance, [await rig.start(*arguments) for arguments in (DOOR, WORKER, WORKER)])

        async def converse(number: int) -> None:
            asker, channel = PEOPLE[number % len(PEOPLE)], CHANNELS[number % len(CHANNELS)]
            thread: str | None = None
            for turn in range(QUESTIONS):
                await asyncio.sleep(chance.uniform(0, 2 * CHAOS_S / QUESTIONS))
                asked = await rig.ask(asker, channel, f"What is {number}.{turn}?", thread=thread)
                thread = asked.thread

        async with asyncio.TaskGroup() as group:
            raging = group.create_task(chaos.rage())
            for number in range(THREADS):
                group.create_task(converse(number))
        await rig.all_answered()
        raging.result().signal(signal.SIGCONT)
        await rig.ask("ann", "kitchen", "Are all of you there?")
        await rig.all_answered()
        await asyncio.sleep(1)

        history = rig.history()
        history.check()
        record_property(
            "figures",
            f"{len(history.asked)} questions, {chaos.kills} kills -9 and a stop: "
            f"{len(history.lost)} lost, {len(history.doubled)} doubled, {len(history.overtaken)} out of order; "
            f"slowest answer after {history.slowest:.1f} s; "
            f"asked of the model {len(rig.openai.chats)} times",
        )
