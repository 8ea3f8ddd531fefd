"""Ballots while the door is killed: every acknowledged one counts, each person's last one, once."""

import asyncio
import random
from collections import Counter
from dataclasses import replace
from pathlib import Path

from bot.adapters.redis_duels import RedisDuels
from bot.domain.ballot import Choice
from bot.playground.slack import Line
from tests.chaos.gate import Stop, script
from tests.chaos.nursery import Nursery
from tests.chaos.rig import DOOR, PEOPLE, TIMINGS, WORKER, Rig, open_rig

SEED = 20261124
ROUNDS = 5
HASTY = replace(TIMINGS, ack=1.0)
"""People see sooner that a click was not taken."""
CHOICES = {
    "A better": Choice.A,
    "B better": Choice.B,
    "Tie": Choice.TIE,
    "Both bad": Choice.BOTH_BAD,
}


async def tallies_are_what_people_s_last_acknowledged_ballots_say(nursery: Nursery, folder: Path) -> str:
    chance = random.Random(SEED)
    async with open_rig(folder, nursery, gated=True, timings=HASTY) as rig:
        door = await rig.start(*DOOR)
        await rig.start(*WORKER)
        ballots = await open_duel(rig)
        await vote(rig, "ann", ballots, "Tie")  # has the store know the script
        last: dict[str, str] = {}
        unacked = 0

        async def insist(person: str) -> None:
            """Vote until it is acknowledged, as a person would who sees the warning sign."""
            nonlocal unacked
            label = chance.choice(sorted(CHOICES))
            while not await vote(rig, person, ballots, label):
                unacked += 1
                await asyncio.sleep(0.05)
            last[person] = label

        for number in range(ROUNDS):
            # one ballot is stopped at the store, by turns before it is stored and after
            stop = Stop(rig.channel("kitchen"), script("cast"), after=number % 2 == 0, skip=number)
            rig.gate.stops.append(stop)
            voting = [asyncio.create_task(insist(person)) for person in PEOPLE]
            await stop.reached.wait()
            rig.gate.open()
            door = rig.again(door)
            await asyncio.gather(*voting)

        assert ROUNDS * len(PEOPLE) == 30
        assert unacked >= ROUNDS, "a kill met no ballot"
        wanted = Counter(CHOICES[label] for label in last.values())
        async for check in RedisDuels(rig.store).check_tallies():
            assert check.agrees
            assert {choice: getattr(check.ballots, choice.value) for choice in Choice} == {
                choice: wanted[choice] for choice in Choice
            }
        process, checking = await rig.run("check", "--votes")
        assert await process.wait() == 0, checking.log.read_text()

        await rig.control.press("ben", await again(rig, ballots), "Close")
        result = await rig.control.wait_message(
            "kitchen", r"\*A\* was", thread_ts=ballots.thread_ts, seconds=30
        )
        for label, choice in CHOICES.items():
            assert wanted[choice] == 0 or f"{label}: {wanted[choice]}" in result.text
        return (
            f"{ROUNDS * len(PEOPLE)} ballots of {len(PEOPLE)} people, {ROUNDS} kills -9: {unacked} clicks were not "
            "acknowledged and repeated; none lost, none counted twice"
        )


async def open_duel(rig: Rig) -> Line:
    """Open a duel and return the message to vote with."""
    await rig.control.command("ann", "kitchen", "/kostprobe config set pair=support,star-chef")
    await rig.control.wait_message("kitchen", ephemeral=True)
    asked = await rig.ask("ben", "kitchen", "Which is it?", wish="duel ")
    return await rig.control.wait_message("kitchen", "Nobody has voted", thread_ts=asked.ts, seconds=30)


async def vote(rig: Rig, person: str, ballots: Line, label: str) -> bool:
    """Click, and say whether the click was acknowledged."""
    button = ballots.button(label)
    taken = await rig.control.click(person, ballots.channel, ballots.ts, button.action_id, value=button.value)
    return taken.acked


async def again(rig: Rig, line: Line) -> Line:
    """The message as it is now."""
    lines = await rig.control.transcript("kitchen", thread_ts=line.thread_ts)
    return next(known for known in lines if known.ts == line.ts)
