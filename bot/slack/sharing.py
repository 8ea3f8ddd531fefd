"""One call to Slack at a time for each thing that somebody wants to know."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Shared(Generic[K, V]):
    """Calls under way: who wants to know the same waits for the same one.

    A call goes on when nobody waits any more, so that what it is to remember is there the next time.
    """

    def __init__(self) -> None:
        self._under_way: dict[K, asyncio.Task[V]] = {}

    async def ask(self, key: K, call: Callable[[], Coroutine[Any, Any, V]]) -> V:
        """Wait for the call about a thing, which is begun unless it is under way; raises what it raises."""
        task = self._under_way.get(key)
        if task is None:
            task = self._under_way[key] = asyncio.create_task(call())
            task.add_done_callback(lambda done: self._ended(key, done))
        return await asyncio.shield(task)

    def _ended(self, key: K, task: asyncio.Task[V]) -> None:
        del self._under_way[key]
        if not task.cancelled():
            task.exception()  # or asyncio would complain where nobody waits any more
