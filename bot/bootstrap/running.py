"""Serving until a signal says to leave, and leaving in order."""

import asyncio
import os
import signal
from datetime import timedelta
from enum import StrEnum
from importlib.metadata import version

from bot.bootstrap.doors import open_door
from bot.bootstrap.opening import open_kostprobe
from bot.settings import Settings
from bot.telemetry import LogObserver

BACKGROUND_PATIENCE = timedelta(seconds=5)


class Part(StrEnum):
    """What one process does."""

    DOOR = "door"
    """Holds the connection to Slack and takes questions in."""
    WORKER = "worker"
    """Answers them."""


async def run(settings: Settings, parts: frozenset[Part]) -> None:
    """Serve until a signal says to leave; a second signal leaves at once.

    Order of leaving: `/readyz` says so, the door shuts, the worker drains, what runs in the background ends, then
    Slack's session and the store are closed.

    Raises:
        CannotStart: A dependency refuses.
    """
    stopping = _stop_on_signals()
    observer = LogObserver()
    async with open_kostprobe(settings, observer) as kostprobe:
        try:
            await kostprobe.status_door.open()
            if Part.DOOR in parts:
                await open_door(kostprobe.door, kostprobe.status)
            async with asyncio.TaskGroup() as group:
                door = group.create_task(kostprobe.door.serve(), name="door") if Part.DOOR in parts else None
                working = group.create_task(kostprobe.work(), name="worker") if Part.WORKER in parts else None
                observer.fact("ready", parts=",".join(sorted(parts)), version=version("kostprobe"))
                await stopping.wait()
                observer.fact("leaving")
                kostprobe.status.leave()
                if door is not None:
                    await kostprobe.door.close()
                if working is not None:
                    working.cancel()
            await kostprobe.background.drain(BACKGROUND_PATIENCE)
        finally:
            await kostprobe.door.close()  # when it was something else that ended
            await kostprobe.status_door.close()
    observer.fact("left")


def _stop_on_signals() -> asyncio.Event:
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()

    def stop() -> None:
        if stopping.is_set():
            os._exit(130)
        stopping.set()

    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stop)
    return stopping
