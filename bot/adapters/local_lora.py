"""A trainer on this machine: a LoRA adapter, made by a process of its own (port Trainer).

`bot/tuning` trains, in an environment of its own that has torch; here it is started, watched and ended, and what it
made is put where the local model server finds it. On one machine one job trains at a time: the others wait for a
lock on a file, whichever process they belong to.
"""

import asyncio
import contextlib
import hashlib
import json
import math
import os
import re
import secrets
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import bot
from bot.adapters.tuning_child import Ended, TuningChild
from bot.adapters.tuning_files import failure_of, remove_data, spec, write_data
from bot.domain.tuning import FailureKind, TunedModel, TuningFailure, TuningProgress
from bot.services.ports import (
    Observer,
    Queued,
    Stepped,
    Trained,
    TrainerEvent,
    TrainerRefused,
    TrainingCancelled,
    TrainingFailed,
    TrainingOrder,
    Validating,
)

MODULE = ("-m", "bot.tuning")
INSTALL = "make tuning"
LOCK = "training.lock"
SPEC = "spec.json"
LOG = "stderr.txt"
_POLL_S = 0.5
_FILE = re.compile(r"(?P<model>[a-z0-9][a-z0-9-]{0,39}-(?P<digest>[0-9a-f]{8}))\.gguf")
_PASSED_ON = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "LD_LIBRARY_PATH", "CUDA_VISIBLE_DEVICES")
_LONGEST_DETAIL = 200
_KILLED = -9


@dataclass(frozen=True, slots=True)
class LocalLora:
    """Trains LoRA adapters on this machine.

    Attributes:
        python: The interpreter of the environment that can train.
        jobs: The folder of all jobs; their lock is there.
        adapters: The folder from which the local model server serves.
        endpoint: The name under which settings know that server.
        observer: Is told of trainings that broke.
        bases: Models that have a name here, by it; others are named by their path.
        module: How the program is called; another than the default only in tests.
    """

    python: Path
    jobs: Path
    adapters: Path
    endpoint: str
    observer: Observer
    bases: Mapping[str, Path] = field(default_factory=dict)
    module: Sequence[str] = MODULE
    _runs: dict[str, "_Run"] = field(default_factory=dict, init=False)

    async def submit(self, order: TrainingOrder) -> str:
        """Write down what is to be done; it begins when it is followed.

        Raises:
            TrainerRefused: The environment or the base is missing, or the folder cannot be written.
        """
        if not self.python.is_file():
            raise TrainerRefused(TuningFailure(FailureKind.NOT_INSTALLED, INSTALL))
        base = self.bases.get(order.base, Path(order.base)).absolute()
        if not base.exists():
            raise TrainerRefused(TuningFailure(FailureKind.NO_BASE, base.name))
        try:
            await asyncio.to_thread(_write, order, base)
        except OSError as error:
            raise TrainerRefused(failure_of(error)) from error
        self._runs[order.job] = _Run(order)
        return order.job

    async def follow(self, handle: str) -> AsyncGenerator[TrainerEvent]:
        """Train, and tell how far it is; closing it early ends the training."""
        run = self._runs.get(handle)
        if run is None:
            yield TrainingFailed(TuningFailure(FailureKind.LOST))
            return
        lock = None
        try:
            lock = await asyncio.to_thread(_open_lock, self.jobs / LOCK)
            if not _locked(lock):
                yield Queued()
                while not _locked(lock) and not await _set_within(run.stop, _POLL_S):
                    pass
            if run.stop.is_set():
                yield TrainingCancelled()
                return
            async with aclosing(self._training(run, lock)) as events:
                async for event in events:
                    yield event
        except OSError as error:
            yield TrainingFailed(failure_of(error))
        finally:
            del self._runs[handle]
            if lock is not None:
                os.close(lock)
            await asyncio.to_thread(remove_data, run.order)

    async def cancel(self, handle: str) -> None:
        """Have it end soon."""
        if handle in self._runs:
            self._runs[handle].stop.set()

    async def _training(self, run: "_Run", lock: int) -> AsyncGenerator[TrainerEvent]:
        folder = run.order.folder
        child = await TuningChild.start(
            [str(self.python), *self.module, str(folder / SPEC)],
            env=_environment(),
            folder=folder,
            lock=lock,
            seconds=run.order.recipe.hours * 3600,
            stop=run.stop,
        )
        last: Mapping[str, Any] | None = None
        try:
            async with aclosing(child.said()) as lines:
                async for line in lines:
                    if line.get("event") in {"trained", "failed"}:
                        last = line
                    elif (event := _event(line)) is not None:
                        yield event
            code = await child.code()
        finally:
            await child.close()
        yield await self._end(run.order, child, code, last)

    async def _end(
        self, order: TrainingOrder, child: TuningChild, code: int, last: Mapping[str, Any] | None
    ) -> TrainerEvent:
        if last is not None and last.get("event") == "trained":
            outcome = await self._publish(order.folder, last)
            if isinstance(outcome, TunedModel):
                return Trained(outcome)
            failure = outcome
        elif child.ended is Ended.CANCELLED:
            return TrainingCancelled()
        elif child.ended is Ended.TIME_LIMIT:
            failure = TuningFailure(FailureKind.TIME_LIMIT, f"{order.recipe.hours:g}")
        elif last is not None:
            failure = _failure(last)
        elif code == _KILLED:  # by nobody here: what systems do to the greediest when memory runs out
            failure = TuningFailure(FailureKind.NO_MEMORY)
        else:
            failure = TuningFailure(FailureKind.BROKEN, str(code))
        log = order.folder / LOG
        with contextlib.suppress(OSError):
            await asyncio.to_thread(log.write_bytes, child.tail)
        self.observer.fact(
            "training_broke", job=order.job, kind=failure.kind.value, code=code, stderr=str(log)
        )
        return TrainingFailed(failure)

    async def _publish(self, folder: Path, last: Mapping[str, Any]) -> TunedModel | TuningFailure:
        named = _FILE.fullmatch(str(last.get("file")))
        if named is None or last.get("model") != named["model"]:
            return TuningFailure(FailureKind.BROKEN, "name")
        try:
            true = await asyncio.to_thread(publish, folder / named[0], self.adapters, named["digest"])
        except OSError as error:
            return failure_of(error)
        if not true:
            return TuningFailure(FailureKind.BROKEN, "hash")
        seconds, peak_mb, loss = (_number(last.get(name)) for name in ("seconds", "peak_mb", "loss"))
        return TunedModel(named["model"], self.endpoint, seconds, peak_mb, loss)


@dataclass
class _Run:
    order: TrainingOrder
    stop: asyncio.Event = field(default_factory=asyncio.Event)


def publish(made: Path, folder: Path, digest: str) -> bool:
    """Copy a file into a folder under its own name, whole or not at all; False when it is not what its name says.

    Args:
        made: The file.
        folder: Where it goes; made when it is not there.
        digest: How the SHA-256 of what it holds begins.

    Raises:
        OSError: It cannot be read or written.
    """
    folder.mkdir(parents=True, exist_ok=True)
    part = folder / f".{made.name}.{secrets.token_hex(4)}.part"
    try:
        with made.open("rb") as source, part.open("xb") as target:
            content = hashlib.sha256()
            while piece := source.read(1 << 20):
                content.update(piece)
                target.write(piece)
            target.flush()
            os.fsync(target.fileno())
        if not content.hexdigest().startswith(digest):
            return False
        part.replace(folder / made.name)
    finally:
        part.unlink(missing_ok=True)
    return True


def _write(order: TrainingOrder, base: Path) -> None:
    files = write_data(order, preferences=order.recipe.preference_epochs > 0)
    text = json.dumps(spec(order, str(base), files), ensure_ascii=False, indent=2)
    (order.folder / SPEC).write_text(text, encoding="utf-8")


def _environment() -> dict[str, str]:
    kept = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
    home = str(Path(bot.__file__).parents[1])
    return kept | {"PYTHONPATH": home, "PYTHONUNBUFFERED": "1", "HF_HUB_OFFLINE": "1"}


def _open_lock(path: Path) -> int:
    path.parent.mkdir(parents=True, exist_ok=True)
    return os.open(path, os.O_RDWR | os.O_CREAT, 0o600)


def _locked(descriptor: int) -> bool:
    import fcntl  # Windows has none

    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


async def _set_within(event: asyncio.Event, seconds: float) -> bool:
    try:
        async with asyncio.timeout(seconds):
            await event.wait()
    except TimeoutError:
        return False
    return True


def _event(line: Mapping[str, Any]) -> TrainerEvent | None:
    if line.get("event") == "validating":
        return Validating()
    if line.get("event") != "step":
        return None
    device = line.get("device")
    step, steps = _number(line.get("step")), _number(line.get("steps"))
    progress = None
    if step is not None and steps is not None:
        loss, validation, left = (
            _number(line.get(name)) for name in ("loss", "validation_loss", "seconds_left")
        )
        progress = TuningProgress(int(step), int(steps), loss, validation, left)
    return Stepped(progress, device[:_LONGEST_DETAIL] if isinstance(device, str) else None)


def _failure(line: Mapping[str, Any]) -> TuningFailure:
    detail = str(line.get("detail") or "").split("\n")[0][:_LONGEST_DETAIL]
    try:
        return TuningFailure(FailureKind(str(line.get("kind"))), detail)
    except ValueError:
        return TuningFailure(FailureKind.BROKEN, detail)


def _number(value: object) -> float | None:
    fine = isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
    return float(value) if fine else None  # type: ignore[arg-type]
