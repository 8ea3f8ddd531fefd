"""SIGTERM and SIGINT while answers are under way, sent to `python -m bot`."""

import asyncio
import signal
import time
from pathlib import Path
from typing import Any

from tests.chaos.nursery import Nursery
from tests.chaos.rig import SERVE, open_rig, over_http, until
from tests.fakes.openai_replies import Answer, Received, slow

DRAIN_S = 20.0
"""What the bot promises."""


async def at_sigterm_what_is_under_way_is_answered_and_the_rest_left_to_the_next(
    nursery: Nursery, folder: Path, **door: Any
) -> str:
    async with open_rig(folder, nursery, **door) as rig:
        rig.openai.script(
            "fake", lambda received: slow(f"Answer to: {received.question}", first_byte_seconds=1.5)
        )
        process, bot = await rig.run(*SERVE)
        await rig.ready(bot)
        first = [await rig.ask("ben", "kitchen", f"Why {number}?") for number in range(6)]
        second = [
            await rig.ask("ben", "kitchen", f"And {asked.text}", thread=asked.thread) for asked in first
        ]
        await rig.all_acked([*first, *second])
        await until(lambda: rig.openai.in_flight == len(first))

        bot.signal(signal.SIGTERM)
        began = time.monotonic()
        await rig.ask("cleo", "kitchen", "Is anybody there?")
        code = await process.wait()
        took = time.monotonic() - began
        left = rig.history()
        await rig.start(*SERVE)
        await rig.all_answered()

        assert code == 0
        assert took < DRAIN_S + 5
        assert all(left.answered[asked.ts] for asked in first)
        rig.history().check()
        assert all(rig.times_asked(asked.text) == 1 for asked in rig.asked), "nothing was thrown away"
        return f"left {took:.1f} s after SIGTERM with 6 answers under way, code {code}"


async def over_http_at_sigterm_what_is_under_way_is_answered_and_the_rest_left_to_the_next(
    nursery: Nursery, folder: Path
) -> str:
    return await at_sigterm_what_is_under_way_is_answered_and_the_rest_left_to_the_next(
        nursery, folder, **over_http()
    )


async def a_second_sigint_leaves_at_once_and_loses_nothing(
    nursery: Nursery, folder: Path, **door: Any
) -> str:
    released = asyncio.Event()

    async def answer(received: Received) -> Answer:
        await released.wait()
        return Answer(f"Answer to: {received.question}")

    async with open_rig(folder, nursery, **door) as rig:
        rig.openai.script("fake", answer)
        process, bot = await rig.run(*SERVE)
        await rig.ready(bot)
        asked = await rig.ask("ben", "kitchen", "Why so slow?")
        await until(lambda: rig.openai.in_flight)

        bot.signal(signal.SIGINT)
        await until(lambda: '"event": "leaving"' in bot.log.read_text())
        assert process.returncode is None
        bot.signal(signal.SIGINT)
        began = time.monotonic()
        code = await process.wait()
        took = time.monotonic() - began
        released.set()
        await rig.start(*SERVE)
        await rig.all_answered([asked])

        assert code == 130
        assert took < 5
        rig.history().check()
        return f"left {took:.2f} s after the second SIGINT, code {code}"


async def over_http_a_second_sigint_leaves_at_once_and_loses_nothing(nursery: Nursery, folder: Path) -> str:
    return await a_second_sigint_leaves_at_once_and_loses_nothing(nursery, folder, **over_http())
