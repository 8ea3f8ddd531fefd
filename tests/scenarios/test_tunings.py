"""A training as admins meet it in Slack: run elsewhere, seen and ended here."""

import asyncio
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest

from bot.adapters.redis_client import open_store
from bot.adapters.redis_configs import RedisConfigs
from bot.adapters.redis_tuning import RedisTrainingMemory, RedisTuningJobs
from bot.adapters.system import SystemChance, SystemClock
from bot.domain.ids import TeamId, UserId
from bot.domain.tuning import TunedModel, TuningJob, TuningProgress
from bot.domain.tuning_data import read_data
from bot.playground.slack import Line
from bot.services import tending
from bot.services import tuning as tunings
from bot.services.ports import Stepped, Trained, TrainerEvent, TrainingOrder, Validating
from bot.services.tuning import Tuning, Wanted
from tests.fakes.tuning import ScriptedTrainer
from tests.scenarios.house import House

MODEL = TunedModel("pizzaiolo-1a2b3c4d", "local", 80.0, 1_900.0, 1.25)
DATA = read_data(
    b"\n".join(
        json.dumps(
            {
                "messages": [
                    {"role": "user", "content": f"What about thing number{number}?"},
                    {"role": "assistant", "content": "So."},
                ]
            }
        ).encode()
        for number in range(20)
    )
)


@dataclass
class GatedTrainer:
    """Plays a script, and is done only once it may be."""

    played: ScriptedTrainer = field(default_factory=ScriptedTrainer)
    gate: asyncio.Event = field(default_factory=asyncio.Event)

    async def submit(self, order: TrainingOrder) -> str:
        return await self.played.submit(order)

    async def follow(self, handle: str) -> AsyncGenerator[TrainerEvent]:
        async for event in self.played.follow(handle):
            if isinstance(event, Trained):
                await self.gate.wait()
            yield event

    async def cancel(self, handle: str) -> None:
        await self.played.cancel(handle)


@dataclass
class Elsewhere:
    """Another process on the same store that trains."""

    tuning: Tuning
    trainer: GatedTrainer
    team: TeamId

    async def run(self, *script: TrainerEvent | float) -> TuningJob:
        self.trainer.played.script = script
        wanted = Wanted("pizzaiolo", "local-lora", "smollm2")
        return await self.tuning.run(await self.tuning.order(self.team, UserId("ann"), wanted, DATA))


@asynccontextmanager
async def trains(house: House) -> AsyncIterator[Elsewhere]:
    assert house.bot is not None
    assert house.settings.redis_url is not None
    url, prefix = house.settings.redis_url.get_secret_value(), house.settings.redis_prefix
    async with open_store(url, prefix=prefix) as store:
        trainer = GatedTrainer()
        tuning = Tuning(
            RedisTuningJobs(store),
            RedisTrainingMemory(store),
            {"local-lora": trainer},
            RedisConfigs(store),
            house.bot.tending.tuning.contestants,
            SystemClock(),
            SystemChance(),
            house.observer,
            Path("jobs"),
        )
        yield Elsewhere(tuning, trainer, TeamId(house.slack.core.workspace.team.id))


@pytest.fixture
async def elsewhere(house: House, monkeypatch: pytest.MonkeyPatch) -> AsyncGenerator[Elsewhere]:
    monkeypatch.setattr(tending, "SHOW_EVERY", timedelta(seconds=0.2))
    monkeypatch.setattr(tunings, "LOOK_S", 0.1)
    async with trains(house) as opened:
        yield opened


async def becomes(house: House, line: Line, wanted: str) -> Line:
    """Wait until a message says something; it stays the same message."""
    changed = await house.control.wait_message(line.channel, wanted, seconds=30)
    assert changed.ts == line.ts
    return changed


async def listed(house: House, wanted: str) -> None:
    """Wait until the list says something."""
    for _ in range(100):
        if wanted in (await house.tell("ann", "kitchen", "/kostprobe tune list")).text:
            return
        await asyncio.sleep(0.1)
    raise AssertionError(f"the list never said {wanted!r}")


def steps(first: int, count: int) -> Sequence[TrainerEvent | float]:
    """Steps of some 300 ms each."""
    return [
        scene
        for number in range(first, first + count)
        for scene in (Stepped(TuningProgress(number, 50, 1.5, None, 20.0), "cpu, float32"), 0.3)
    ]


async def test_an_admin_sees_a_training_run_and_end(house: House, elsewhere: Elsewhere) -> None:
    script = (Validating(), *steps(1, 20), Trained(MODEL))
    training = asyncio.create_task(elsewhere.run(*script))
    await listed(house, "is being trained")

    dm = await house.control.open_dm("ann", "kostprobe")
    await house.tell("ann", "kitchen", "/kostprobe tune show")
    line = await house.control.wait_message(dm, "pizzaiolo: ")
    await becomes(house, line, "Step 20 of 50")
    elsewhere.trainer.gate.set()
    done = await becomes(house, line, "is trained")
    await training

    assert "pizzaiolo-1a2b3c4d" in done.text
    assert "config set answer=pizzaiolo" in done.text
    assert done.buttons == []
    over = await house.tell("ann", "kitchen", "/kostprobe tune show pizzaiolo")
    assert "is trained" in over.text
    assert "pizzaiolo" in (await house.tell("ann", "kitchen", "/kostprobe model list")).text


async def test_an_admin_ends_a_training_by_its_button(house: House, elsewhere: Elsewhere) -> None:
    training = asyncio.create_task(elsewhere.run(Validating(), *steps(1, 1), 600.0))
    await listed(house, "is being trained")
    dm = await house.control.open_dm("ann", "kostprobe")
    await house.tell("ann", "kitchen", "/kostprobe tune show pizzaiolo")
    line = await house.control.wait_message(dm, "Step 1 of 50")

    await house.control.press("ann", line, "Stop training")
    await becomes(house, line, "was cancelled")

    assert (await training).stage.value == "cancelled"
    assert "was cancelled" in (await house.tell("ann", "kitchen", "/kostprobe tune list")).text


async def test_a_guest_sees_nothing_and_ends_nothing(house: House, elsewhere: Elsewhere) -> None:
    training = asyncio.create_task(elsewhere.run(Validating(), *steps(1, 1), 600.0))
    await listed(house, "is being trained")

    for command in ("list", "show pizzaiolo", "cancel pizzaiolo"):
        told = await house.tell("gus", "kitchen", f"/kostprobe tune {command}")
        assert "admin" in told.text.lower()
        assert "pizzaiolo" not in told.text

    assert not training.done()
    assert (
        "ends within seconds" in (await house.tell("ann", "kitchen", "/kostprobe tune cancel pizzaiolo")).text
    )
    assert (await training).stage.value == "cancelled"
