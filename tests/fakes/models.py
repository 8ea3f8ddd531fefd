"""Endpoints that answer what a test wrote down."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import ClassVar

from bot.domain.completion import Completion, Failure, Outcome
from bot.domain.contestant import Contestant
from bot.domain.shutdowns import Shutdown
from bot.domain.thread import Message
from tests.builders import completion
from tests.fakes.stepping import Faults, step

Script = Outcome | BaseException | Callable[[Sequence[Message]], Outcome]


@dataclass
class Gate:
    """Holds a call until the test opens it; `reached` is set once a call waits."""

    reached: asyncio.Event = field(default_factory=asyncio.Event)
    opened: asyncio.Event = field(default_factory=asyncio.Event)
    cancelled: bool = False

    async def passed(self) -> None:
        self.reached.set()
        try:
            await self.opened.wait()
        except asyncio.CancelledError:
            self.cancelled = True
            raise


@dataclass
class ScriptedModels:
    """Answers by contestant name: what is in `scripts`, one after the other, the last one for ever.

    A name without a script answers `<name> says: <the newest message>`. Put a Gate in `gates` and the
    contestant's calls wait for it. What is in `pieces` is said before that to whoever listens.
    """

    faults: Faults = field(default_factory=Faults)
    scripts: dict[str, list[Script]] = field(default_factory=dict)
    gates: dict[str, Gate] = field(default_factory=dict)
    calls: list[tuple[Contestant, list[Message]]] = field(default_factory=list)
    probes: list[tuple[str, str]] = field(default_factory=list)
    probed: Outcome = field(default_factory=lambda: completion("OK"))
    down: dict[str, Failure] = field(default_factory=dict)
    pieces: dict[str, Sequence[str]] = field(default_factory=dict)
    waited: int = 0
    """How many calls could wait for all others."""
    port: ClassVar[str] = "models"

    def say(self, name: str, *scripts: Script) -> None:
        self.scripts[name] = list(scripts)

    def asked(self, name: str) -> int:
        """How often a contestant was asked."""
        return sum(contestant.name == name for contestant, _ in self.calls)

    @step
    async def complete(
        self,
        contestant: Contestant,
        messages: Sequence[Message],
        *,
        on_text: Callable[[str], None] | None = None,
        can_wait: bool = False,
    ) -> Outcome:
        self.calls.append((contestant, list(messages)))
        self.waited += can_wait
        for piece in self.pieces.get(contestant.name, ()):
            if on_text:
                on_text(piece)
        if gate := self.gates.get(contestant.name):
            await gate.passed()
        scripts = self.scripts.get(contestant.name)
        if not scripts:
            return completion(f"{contestant.name} says: {messages[-1].text}")
        script = scripts.pop(0) if len(scripts) > 1 else scripts[0]
        if isinstance(script, Completion | Failure):
            return script
        if isinstance(script, BaseException):
            raise script
        return script(messages)

    @step
    async def probe(self, endpoint_name: str, model: str) -> Outcome:
        self.probes.append((endpoint_name, model))
        return self.probed

    @step
    async def reachable(self, endpoint_name: str) -> Failure | None:
        return self.down.get(endpoint_name)


@dataclass
class FakeCatalogue:
    """Knows the ends of models by endpoint and id; an endpoint in `away` cannot be asked."""

    faults: Faults = field(default_factory=Faults)
    ends: dict[str, dict[str, Shutdown]] = field(default_factory=dict)
    away: set[str] = field(default_factory=set)
    asked: list[str] = field(default_factory=list)
    port: ClassVar[str] = "catalogue"

    @step
    async def shutdowns(self, endpoint_name: str) -> dict[str, Shutdown] | None:
        self.asked.append(endpoint_name)
        return None if endpoint_name in self.away else self.ends.get(endpoint_name, {})
