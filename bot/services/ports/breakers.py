"""The breakers of a team's contestants, shared by all workers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Protocol

from bot.domain.breaker import Breaker
from bot.domain.ids import Fingerprint, TeamId


@dataclass(frozen=True, slots=True)
class Changed:
    """A breaker before and after a change; None for one that is closed and without failures."""

    before: Breaker | None
    after: Breaker | None

    @property
    def opened(self) -> bool:
        """Whether this very change opened it."""
        return (self.after is not None and self.after.is_open) and not self._was_open

    @property
    def closed(self) -> bool:
        """Whether this very change closed it."""
        return self._was_open and (self.after is None or not self.after.is_open)

    @property
    def _was_open(self) -> bool:
        return self.before is not None and self.before.is_open


class Breakers(Protocol):
    """The breakers of a team's contestants; only those with failures are there."""

    async def all(self, team: TeamId) -> Mapping[Fingerprint, Breaker]:
        """Return every breaker that is there."""
        ...

    async def change(
        self, team: TeamId, fingerprint: Fingerprint, step: Callable[[Breaker | None], Breaker | None]
    ) -> Changed:
        """Change one breaker, atomically.

        Args:
            team: The team.
            fingerprint: Whose breaker.
            step: From what is there to what shall be there, None for nothing; a pure function, which is called
                again when somebody else was faster.

        Returns:
            What this change made of it: of all workers that change it, each sees its own step only.
        """
        ...
