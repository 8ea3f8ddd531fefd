"""Slots of an endpoint: how many requests it has at once, and who is let in next."""

import asyncio
from collections import deque
from contextlib import suppress


class Slots:
    """Lets so many in at once, in the order in which they came, and whoever can wait after all others.

    Args:
        number: How many at once, at least 1.
    """

    def __init__(self, number: int) -> None:
        self._free = number
        self._hurried: deque[asyncio.Future[None]] = deque()
        self._patient: deque[asyncio.Future[None]] = deque()

    async def acquire(self, *, can_wait: bool = False) -> None:
        """Wait for a free slot and take it; who `can_wait` gets none while others wait."""
        if self._free and not self._hurried and not (can_wait and self._patient):
            self._free -= 1
            return
        queue = self._patient if can_wait else self._hurried
        turn = asyncio.get_running_loop().create_future()
        queue.append(turn)
        try:
            await turn
        except asyncio.CancelledError:
            if turn.cancelled():
                with suppress(ValueError):  # not there any more when a slot came free in the same moment
                    queue.remove(turn)
            else:  # it was our turn already: somebody else may have it
                self.release()
            raise

    def release(self) -> None:
        """Give a slot back."""
        for queue in (self._hurried, self._patient):
            while queue:
                turn = queue.popleft()
                if not turn.done():
                    turn.set_result(None)
                    return
        self._free += 1
