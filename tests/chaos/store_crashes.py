"""The store dies, or says nothing for a while, while questions are asked and answered."""

import asyncio
import os
import random
import signal
import time
from functools import partial
from pathlib import Path

from tests.chaos.nursery import Nursery
from tests.chaos.rig import PEOPLE, SERVE, Rig, open_rig, until
from tests.fakes.openai_replies import Received

SEED = 20261123
THREADS, QUESTIONS, KILLS = 8, 3, 3
SILENCE_S = 2.0


async def nothing_acknowledged_is_lost_when_the_store_is_killed(nursery: Nursery, folder: Path) -> str:
    chance = random.Random(SEED)

    async def answer(received: Received) -> str:
        await asyncio.sleep(chance.uniform(0.02, 0.4))
        return f"Answer to: {received.question}"

    async with open_rig(folder, nursery) as rig:
        rig.openai.script("fake", answer)
        await rig.start(*SERVE)

        async def kill() -> None:
            for killed in range(1, KILLS + 1):
                await asyncio.sleep(chance.uniform(0.3, 0.8))
                os.kill(await rig.store_pid(), signal.SIGKILL)
                await until(partial(has_come_back, rig, killed))

        async def converse(number: int) -> None:
            thread: str | None = None
            for turn in range(QUESTIONS):
                await asyncio.sleep(chance.uniform(0, 1))
                asked = await rig.ask(
                    PEOPLE[number % 6], "kitchen", f"What is {number}.{turn}?", thread=thread
                )
                thread = asked.thread

        await asyncio.gather(kill(), *(converse(number) for number in range(THREADS)))
        await rig.all_answered()

        history = rig.history()
        history.check()
        return (
            f"{len(history.asked)} questions, the store killed {KILLS} times: {len(history.lost)} lost, "
            f"{len(history.doubled)} doubled; slowest answer after {history.slowest:.1f} s"
        )


def has_come_back(rig: Rig, times: int) -> bool:
    return len(rig.observer.named("store_restarted")) == times


async def while_the_store_is_silent_people_are_told_and_events_come_again(
    nursery: Nursery, folder: Path
) -> str:
    async with open_rig(folder, nursery) as rig:
        await rig.start(*SERVE)
        await rig.ask("ben", "kitchen", "Before?")
        await rig.all_answered()
        pid = await rig.store_pid()

        os.kill(pid, signal.SIGSTOP)
        try:
            began = time.monotonic()
            told = asyncio.gather(
                rig.control.command("ann", "kitchen", "/kostprobe config show"),
                rig.control.command("ben", "kitchen", "/kostprobe ask By command?"),
            )
            asked = await rig.ask("cleo", "kitchen", "Meanwhile?")
            shown, taken = await told
            await asyncio.sleep(SILENCE_S - (time.monotonic() - began))
        finally:
            os.kill(pid, signal.SIGCONT)
        await until(lambda: all(rig.history().answered.values()), rig.describe)

        assert shown.acked
        assert taken.acked
        said = str(taken.answer)
        if taken.answer is None:
            # acknowledged first, since the store took too long; the person is told afterwards
            later = await rig.control.wait_message(
                "kitchen", "memory cannot be reached", viewer="ben", ephemeral=True, seconds=30
            )
            said = later.text
        assert "memory cannot be reached" in said
        assert "may not have been done" in said, "it lies in the store's socket and may yet be"
        whispered = await rig.control.wait_message("kitchen", "memory cannot", viewer="ann", ephemeral=True)
        assert whispered.visible_to == rig.slack.core.workspace.user("ann").id
        assert attempts(rig, asked.ts) > 1
        rig.history().check()
        return f"a question asked while the store was silent was brought {attempts(rig, asked.ts)} times"


def attempts(rig: Rig, ts: str) -> int:
    """How often Slack brought a message as a mention."""
    return sum(
        entry.kind == "envelope" and entry.name == "app_mention" and entry.request["event"]["ts"] == ts
        for entry in rig.slack.core.traffic.entries
    )
