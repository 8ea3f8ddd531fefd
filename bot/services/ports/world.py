"""Time, chance, prompts, models and telling: the world outside Slack and the store."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from bot.domain.completion import Failure, Outcome
from bot.domain.contestant import Contestant
from bot.domain.persona import Persona
from bot.domain.shutdowns import Shutdown
from bot.domain.thread import Message


class Clock(Protocol):
    """The time."""

    def now(self) -> datetime:
        """Return the time, in UTC, with its zone."""
        ...


class Chance(Protocol):
    """Chance, and names that nobody can guess."""

    def number(self) -> float:
        """Return a number drawn uniformly from [0, 1)."""
        ...

    def token(self) -> str:
        """Return 16 random characters from a-z and 0-9."""
        ...


@dataclass(frozen=True, slots=True)
class Turnover:
    """What has become of the personas since they were read before.

    Attributes:
        changed: Slugs of those that are new or other than before.
        gone: Slugs of those whose file is not there any more.
        faults: All that is wrong now, a sentence with file, line and cure each.
        drafts: Slugs of drafts that are new or other than before.
    """

    changed: tuple[str, ...]
    gone: tuple[str, ...]
    faults: tuple[str, ...]
    drafts: tuple[str, ...] = ()


class Personas(Protocol):
    """The personas that are on disk now, each in its last good version."""

    def all(self) -> Mapping[str, Persona]:
        """Return them by slug."""
        ...

    def drafts(self) -> Mapping[str, Persona]:
        """Return what they may become, by slug; a draft may have no persona beside it yet."""
        ...

    async def look(self) -> Turnover | None:
        """Read them again where their files have changed; None when nothing has."""
        ...


class Renderer(Protocol):
    """Fills a persona's template in."""

    def render(self, template: str, variables: Mapping[str, str], builtins: Mapping[str, str]) -> str:
        """Return the text."""
        ...


class Models(Protocol):
    """Endpoints."""

    async def complete(
        self,
        contestant: Contestant,
        messages: Sequence[Message],
        *,
        on_text: Callable[[str], None] | None = None,
        can_wait: bool = False,
    ) -> Outcome:
        """Ask a contestant; every way of failing comes back as a Failure within the endpoint's deadline.

        Cancelling it ends the request.

        Args:
            contestant: Who is asked.
            messages: What it reads.
            on_text: Told each piece of text as it comes; None for nobody. What it was told is still no
                answer: a failure may follow.
            can_wait: Whether everybody else is served first; the deadline then counts from its turn.
        """
        ...

    async def probe(self, endpoint_name: str, model: str) -> Outcome:
        """Try a model with one tiny request."""
        ...

    async def reachable(self, endpoint_name: str) -> Failure | None:
        """Return why an endpoint of that name does not answer; None when it does."""
        ...


class Catalogue(Protocol):
    """What is known about the models of endpoints."""

    async def shutdowns(self, endpoint_name: str) -> Mapping[str, Shutdown] | None:
        """Return the ends that are known at an endpoint, by model id; None when it could not be asked just now."""
        ...


class Observer(Protocol):
    """Typed facts, for logs and metrics. Never texts, never names of people, never who wrote A."""

    def fact(self, name: str, /, **fields: object) -> None:
        """Note something that happened."""
        ...

    def fault(self, name: str, error: BaseException, /, **fields: object) -> str:
        """Note a fault with its traceback, and return a reference that a person can quote."""
        ...
