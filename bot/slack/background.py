"""Work after the acknowledgement: receipts, wake-ups, refreshes. Best effort, never repeated."""

import asyncio
from collections.abc import Coroutine
from datetime import timedelta
from typing import Any

from bot.domain.errors import BotError
from bot.services.ports import Observer


class Background:
    """Runs small tasks of this process and knows all of them, so that they can be waited for at the end.

    Args:
        observer: Hears of every task that failed.
        at_once: How many run at the same time; the others wait their turn.
        most: How many there may be in all; what comes on top is dropped and noted.
    """

    def __init__(self, observer: Observer, *, at_once: int = 64, most: int = 2_000) -> None:
        self._observer = observer
        self._turn = asyncio.Semaphore(at_once)
        self._most = most
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def pending(self) -> int:
        """How many tasks are not done."""
        return len(self._tasks)

    def spawn(self, name: str, work: Coroutine[Any, Any, object]) -> None:
        """Run work soon; a failure is noted, an expected one as a fact, and nothing is tried again."""
        if len(self._tasks) >= self._most:
            work.close()
            self._observer.fact("background_full", work=name)
            return
        task = asyncio.create_task(self._run(name, work), name=f"background:{name}")
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def drain(self, timeout: timedelta) -> None:  # noqa: ASYNC109 (the rest is cancelled, not the caller)
        """Wait for what is under way, and cancel what is not done in that time."""
        if not self._tasks:
            return
        _, late = await asyncio.wait(self._tasks, timeout=timeout.total_seconds())
        if not late:
            return
        self._observer.fact("background_cut_off", tasks=len(late))
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def _run(self, name: str, work: Coroutine[Any, Any, object]) -> None:
        try:
            async with self._turn:
                await work
        except BotError as error:
            self._observer.fact("background_refused", work=name, code=error.code.value)
        except Exception as error:  # noqa: BLE001 (the boundary of work that nobody waits for)
            self._observer.fault("background_failed", error, work=name)
        finally:
            work.close()
