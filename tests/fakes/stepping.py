"""What every fake has in common: its calls are written down, and any of them can be made to fail."""

from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ClassVar, Concatenate, ParamSpec, Protocol, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class Killed(BaseException):
    """The process is gone in the middle of a step: nobody cleans up, nobody gives anything back."""


@dataclass
class Faults:
    """Faults to meet, each at one named step (`conversations.record`), and a log of the steps gone.

    Call `before` or `after` ahead of the run: the step then raises that error, so many times, without its
    effect or with it. Call `at` to have something else happen once, just before the step.
    """

    log: list[str] = field(default_factory=list)
    _before: dict[str, list[BaseException]] = field(default_factory=dict)
    _after: dict[str, list[BaseException]] = field(default_factory=dict)
    _at: dict[str, Callable[[], object]] = field(default_factory=dict)

    def before(self, step: str, error: BaseException, times: int = 1) -> None:
        self._before.setdefault(step, []).extend([error] * times)

    def after(self, step: str, error: BaseException, times: int = 1) -> None:
        self._after.setdefault(step, []).extend([error] * times)

    def at(self, step: str, happens: Callable[[], object]) -> None:
        self._at[step] = happens

    def enter(self, step: str) -> None:
        self.log.append(step)
        if happens := self._at.pop(step, None):
            happens()
        if waiting := self._before.get(step):
            raise waiting.pop(0)

    def leave(self, step: str) -> None:
        if waiting := self._after.get(step):
            raise waiting.pop(0)

    def clear(self) -> None:
        self._before.clear()
        self._after.clear()

    def count(self, step: str) -> int:
        return self.log.count(step)


class Stepping(Protocol):
    """A fake whose steps are named after its port."""

    port: ClassVar[str]
    faults: Faults


S = TypeVar("S", bound=Stepping)


def step(
    method: Callable[Concatenate[S, P], Awaitable[R]],
) -> Callable[Concatenate[S, P], Coroutine[Any, Any, R]]:
    """Make a fake's method a step that is logged and may fail."""

    @wraps(method)
    async def stepped(fake: S, /, *args: P.args, **kwargs: P.kwargs) -> R:
        name = f"{fake.port}.{method.__name__}"
        fake.faults.enter(name)
        result = await method(fake, *args, **kwargs)
        fake.faults.leave(name)
        return result

    return stepped
