"""Time, chance, prompts and telling, as tests want them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.domain.persona import Persona
from bot.services.ports import Turnover

START = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)


@dataclass
class FrozenClock:
    """Stands still until it is advanced."""

    time: datetime = START

    def now(self) -> datetime:
        return self.time

    def advance(self, *, hours: float = 0, minutes: float = 0, seconds: float = 0) -> datetime:
        self.time += timedelta(hours=hours, minutes=minutes, seconds=seconds)
        return self.time


@dataclass
class ScriptedChance:
    """Gives the numbers it was told to, then 0.75 for ever; its tokens count up and are never the same."""

    numbers: list[float] = field(default_factory=list)
    drawn: list[float] = field(default_factory=list)
    tokens: int = 0

    def number(self) -> float:
        self.drawn.append(self.numbers.pop(0) if self.numbers else 0.75)
        return self.drawn[-1]

    def token(self) -> str:
        self.tokens += 1
        return f"token{self.tokens:011d}"


class FakePersonas:
    """Personas as if they were on disk; take one out of `files` and its file is gone."""

    def __init__(self, personas: Iterable[Persona] = ()) -> None:
        self.files = {persona.slug: persona for persona in personas}
        self.drafted: dict[str, Persona] = {}
        self.turnovers: list[Turnover] = []

    def all(self) -> Mapping[str, Persona]:
        return dict(self.files)

    def drafts(self) -> Mapping[str, Persona]:
        return dict(self.drafted)

    async def look(self) -> Turnover | None:
        return self.turnovers.pop(0) if self.turnovers else None


@dataclass
class FakeRenderer:
    """Puts `{name}` in, and writes down what it was given."""

    rendered: list[tuple[str, Mapping[str, str], Mapping[str, str]]] = field(default_factory=list)

    def render(self, template: str, variables: Mapping[str, str], builtins: Mapping[str, str]) -> str:
        self.rendered.append((template, variables, builtins))
        text = template
        for name, value in {**variables, **builtins}.items():
            text = text.replace(f"{{{{ {name} }}}}", value)
        return text


@dataclass(frozen=True)
class Fact:
    """Something that was told, or a fault with its error."""

    name: str
    fields: Mapping[str, object]
    error: BaseException | None = None


@dataclass
class RecordingObserver:
    """Keeps every fact and fault."""

    facts: list[Fact] = field(default_factory=list)

    def fact(self, name: str, /, **fields: object) -> None:
        self.facts.append(Fact(name, fields))

    def fault(self, name: str, error: BaseException, /, **fields: object) -> str:
        self.facts.append(Fact(name, fields, error))
        return f"ref-{len(self.faults)}"

    @property
    def faults(self) -> list[Fact]:
        return [fact for fact in self.facts if fact.error is not None]

    def named(self, name: str) -> list[Mapping[str, object]]:
        """The fields of every fact of that name."""
        return [fact.fields for fact in self.facts if fact.name == name]
