"""A workshop for the trainer of this machine, with a program that stands in for the one that trains."""

import asyncio
import hashlib
import json
import os
import sys
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from bot.adapters.local_lora import LocalLora
from bot.domain.tuning import (
    JobId,
    Recipe,
    TuningFailure,
)
from bot.domain.tuning_data import read_data, split
from bot.services.ports import (
    TrainerEvent,
    TrainingFailed,
    TrainingOrder,
)
from tests.fakes.world import RecordingObserver

STAND_IN = Path(__file__).with_name("tuning_stand_in.py")
CONTENT = "an adapter"
DIGEST = hashlib.sha256(CONTENT.encode()).hexdigest()[:8]
MODEL = f"pizza-{DIGEST}"
MADE = {"do": "make", "file": f"{MODEL}.gguf", "content": CONTENT}
TRAINED = {
    "event": "trained",
    "file": f"{MODEL}.gguf",
    "model": MODEL,
    "seconds": 80.1,
    "peak_mb": 1900,
    "loss": 1.2,
}
VALIDATING = {"event": "validating"}
HANG = {"do": "hang"}
PATIENCE_S = 30.0


def example(number: int) -> dict[str, Any]:
    messages = [
        {"role": "user", "content": f"What about number{number}?"},
        {"role": "assistant", "content": "Ü."},
    ]
    return {"messages": messages}


PREFERENCE = {
    "input": {"messages": [{"role": "user", "content": "Why?"}]},
    "preferred_output": [{"role": "assistant", "content": "So."}],
    "non_preferred_output": [{"role": "assistant", "content": "Hm."}],
}
DATA = split(read_data("\n".join(map(json.dumps, [*map(example, range(20)), PREFERENCE])).encode()), 0.1, 7)


@dataclass
class Workshop:
    """A trainer with folders of its own."""

    root: Path
    observer: RecordingObserver = field(default_factory=RecordingObserver)

    def __post_init__(self) -> None:
        self.base = self.root / "base.gguf"
        self.base.write_bytes(b"weights")
        self.adapters = self.root / "adapters"
        self.trainer = self.another()

    def another(self, **changes: Any) -> LocalLora:
        made = LocalLora(
            python=Path(sys.executable),
            jobs=self.root / "jobs",
            adapters=self.adapters,
            endpoint="local",
            observer=self.observer,
            bases={"smol": self.base},
            module=[str(STAND_IN)],
        )
        return replace(made, **changes)

    def order(self, job: str = "job1", base: str = "smol", **recipe: Any) -> TrainingOrder:
        folder = self.root / "jobs" / job
        return TrainingOrder(JobId(job), "pizza", base, DATA, Recipe(**recipe), folder)

    async def begin(self, *script: dict[str, Any], job: str = "job1", **recipe: Any) -> str:
        order = self.order(job, **recipe)
        handle = await self.trainer.submit(order)
        (order.folder / "script.json").write_text(json.dumps(script))
        return handle

    async def play(self, *script: dict[str, Any], **recipe: Any) -> list[TrainerEvent]:
        return await self.all(await self.begin(*script, **recipe))

    async def all(self, handle: str) -> list[TrainerEvent]:
        return [event async for event in self.trainer.follow(handle)]

    async def failure(self, *script: dict[str, Any], **recipe: Any) -> TuningFailure:
        last = (await self.play(*script, **recipe))[-1]
        assert isinstance(last, TrainingFailed)
        assert self.published() == []
        return last.failure

    def published(self) -> list[str]:
        return sorted(path.name for path in self.adapters.iterdir()) if self.adapters.exists() else []

    def pid(self, job: str = "job1") -> int:
        return int((self.root / "jobs" / job / "pid").read_text())


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    state = Path(f"/proc/{pid}/stat")
    return not state.exists() or state.read_text().rpartition(")")[2].split()[0] != "Z"


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE_S):
        while not true():  # noqa: ASYNC110 - it is another process that is waited for
            await asyncio.sleep(0.02)
