"""Serving until a signal says to leave, and leaving in order."""

import asyncio
import os
import signal
from datetime import timedelta
from enum import StrEnum
from importlib.metadata import version

from bot.bootstrap.faults import CannotStart
from bot.bootstrap.opening import open_kostprobe
from bot.domain.errors import Outage
from bot.settings import Settings
from bot.slack.calling import SlackRefused, WrongToken
from bot.slack.socket_door import SocketDoor
from bot.telemetry import LogObserver

BACKGROUND_PATIENCE = timedelta(seconds=5)
_APP_REFUSED = (
    "SLACK_APP_TOKEN was refused by Slack ({error}). It is an app-level token (xapp-...) with the scope "
    "connections:write, on your app's Basic Information page."
)


class Part(StrEnum):
    """What one process does."""

    DOOR = "door"
    """Holds the connection to Slack and takes questions in."""
    WORKER = "worker"
    """Answers them."""


async def run(settings: Settings, parts: frozenset[Part]) -> None:
    """Serve until a signal says to leave; a second signal leaves at once.

    Order of leaving: the door shuts, the worker drains, what runs in the background ends, then Slack's session
    and the store are closed.

    Raises:
        CannotStart: A dependency refuses.
    """
    stopping = _stop_on_signals()
    observer = LogObserver()
    async with open_kostprobe(settings, observer) as kostprobe:
        if Part.DOOR in parts:
            await _open_door(kostprobe.door)
        async with asyncio.TaskGroup() as group:
            working = group.create_task(kostprobe.work(), name="worker") if Part.WORKER in parts else None
            observer.fact("ready", parts=",".join(sorted(parts)), version=version("kostprobe"))
            await stopping.wait()
            observer.fact("leaving")
            if Part.DOOR in parts:
                await kostprobe.door.close()
            if working is not None:
                working.cancel()
        await kostprobe.background.drain(BACKGROUND_PATIENCE)
    observer.fact("left")


async def _open_door(door: SocketDoor) -> None:
    try:
        await door.connect()
    except (WrongToken, SlackRefused) as fault:
        raise CannotStart(_APP_REFUSED.format(error=fault.error)) from fault
    except Outage as outage:
        raise CannotStart("Slack does not open a socket. Is Socket Mode switched on for the app?") from outage


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
