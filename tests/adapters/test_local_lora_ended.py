"""Trainings that are ended, by whom ever, and such as wait for another."""

import asyncio
import signal
import sys
import textwrap
import time
from contextlib import aclosing
from pathlib import Path

import pytest

from bot.adapters import tuning_child
from bot.domain.tuning import (
    FailureKind,
    TuningFailure,
)
from bot.services.ports import (
    Queued,
    Trained,
    TrainingCancelled,
    TrainingFailed,
    Validating,
)
from tests.adapters.tuning_kit import (
    HANG,
    MADE,
    MODEL,
    TRAINED,
    VALIDATING,
    Workshop,
    is_there,
    until,
)

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="sessions and locks of POSIX")


@pytest.fixture
def workshop(tmp_path: Path) -> Workshop:
    return Workshop(tmp_path)


# ------------------------------------------------------------ being ended


async def test_a_training_is_cancelled(workshop: Workshop) -> None:
    handle = await workshop.begin(VALIDATING, HANG)
    events = []
    async for event in workshop.trainer.follow(handle):
        events.append(event)
        await workshop.trainer.cancel(handle)

    assert events == [Validating(), TrainingCancelled()]
    assert not is_there(workshop.pid())


async def test_a_training_that_does_not_listen_is_ended_by_force(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tuning_child, "GRACE_S", 0.2)
    handle = await workshop.begin({"do": "stubborn"}, VALIDATING, HANG)
    events = []
    async for event in workshop.trainer.follow(handle):
        events.append(event)
        await workshop.trainer.cancel(handle)

    assert events[-1] == TrainingCancelled()
    assert not is_there(workshop.pid())


async def test_a_training_that_was_faster_than_its_cancelling_is_published(workshop: Workshop) -> None:
    handle = await workshop.begin(VALIDATING, MADE, TRAINED, HANG)
    events = []
    async for event in workshop.trainer.follow(handle):
        events.append(event)
        if event == Validating():
            await until((workshop.root / "jobs" / "job1" / f"{MODEL}.gguf").exists)
            await asyncio.sleep(0.5)
            await workshop.trainer.cancel(handle)

    assert isinstance(events[-1], Trained)


async def test_a_training_has_its_time(workshop: Workshop) -> None:
    failure = await workshop.failure(VALIDATING, HANG, hours=1.0 / 3600)

    assert failure.kind is FailureKind.TIME_LIMIT
    assert not is_there(workshop.pid())


async def test_who_stops_following_ends_the_training(workshop: Workshop) -> None:
    handle = await workshop.begin(VALIDATING, HANG)
    async with aclosing(workshop.trainer.follow(handle)) as events:
        assert await anext(events) == Validating()
        assert is_there(workshop.pid())

    assert not is_there(workshop.pid())
    assert await workshop.all(handle) == [TrainingFailed(TuningFailure(FailureKind.LOST))]


async def test_a_follower_that_is_cancelled_ends_the_training(workshop: Workshop) -> None:
    handle = await workshop.begin(VALIDATING, HANG)
    following = asyncio.create_task(workshop.all(handle))
    await until((workshop.root / "jobs" / "job1" / "pid").exists)
    following.cancel()
    with pytest.raises(asyncio.CancelledError):
        await following

    await until(lambda: not is_there(workshop.pid()))


async def test_a_training_dies_with_its_parent(workshop: Workshop) -> None:
    await workshop.begin(VALIDATING, HANG)
    program = textwrap.dedent(
        f"""
        import asyncio, json, sys
        from pathlib import Path
        sys.path[:0] = [{str(Path(__file__).parents[2])!r}]
        from tests.adapters.tuning_kit import Workshop, VALIDATING, HANG
        async def main():
            workshop = Workshop(Path({str(workshop.root)!r}))
            handle = await workshop.begin(VALIDATING, HANG)
            await workshop.all(handle)
        asyncio.run(main())
        """
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", program)
    pid_file = workshop.root / "jobs" / "job1" / "pid"
    await until(lambda: pid_file.exists() and bool(pid_file.read_text()))
    child = workshop.pid()
    assert is_there(child)

    parent.send_signal(signal.SIGKILL)
    await parent.wait()

    await until(lambda: not is_there(child))
    assert workshop.published() == []


# ------------------------------------------------------------ one after the other


async def test_two_jobs_are_trained_one_after_the_other(workshop: Workshop) -> None:
    handle = await workshop.begin(VALIDATING, HANG)
    async with aclosing(workshop.trainer.follow(handle)) as first:
        assert await anext(first) == Validating()
        workshop.trainer = workshop.another()  # as if it were another process
        waiting = workshop.trainer.follow(await workshop.begin(MADE, TRAINED, job="job2"))
        assert await anext(waiting) == Queued()
        await asyncio.sleep(0.7)
        assert not (workshop.root / "jobs" / "job2" / "pid").exists()

    assert isinstance([event async for event in waiting][-1], Trained)


async def test_who_waits_can_be_cancelled(workshop: Workshop) -> None:
    handle = await workshop.begin(VALIDATING, HANG)
    async with aclosing(workshop.trainer.follow(handle)) as first:
        await anext(first)
        second = await workshop.begin(MADE, TRAINED, job="job2")
        events = workshop.trainer.follow(second)
        assert await anext(events) == Queued()
        began = time.monotonic()
        await workshop.trainer.cancel(second)

        assert [event async for event in events] == [TrainingCancelled()]
        assert time.monotonic() - began < 10
        assert not (workshop.root / "jobs" / "job2" / "pid").exists()
