"""The front matter of a persona file, read key by key; what is wrong is collected, not raised."""

from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, ParamSpec, TypeVar

from bot.adapters.front_matter import Entry, Listing, Scalar, Table
from bot.domain.menu import MOST_QUESTIONS
from bot.domain.parameters import NO_PARAMETERS, Parameters
from bot.domain.persona import (
    PersonaFault,
    canonical_locale,
    check_context,
    check_line,
    check_tasting_question,
    check_variable,
)
from bot.domain.persona_text import normalise
from bot.domain.suggestions import suggest

KEYS = (
    "name",
    "description",
    "slug",
    "plain",
    "endpoint",
    "model",
    "parameters",
    "locale",
    "context_tokens",
    "variables",
    "tasting",
)
_WHY = {"name": "people see it under the answers", "description": "people choose a persona by it"}
_P = ParamSpec("_P")
_T = TypeVar("_T")


@dataclass(slots=True)
class Faults:
    """What is wrong with one file."""

    path: str
    found: list[PersonaFault] = field(default_factory=list)

    def add(self, line: int, message: str, cure: str) -> None:
        """Keep a fault, each of its sentences on one line."""
        self.found.append(PersonaFault(self.path, line, " ".join(message.split()), " ".join(cure.split())))

    def guard(
        self, line: int, cure: str, call: Callable[_P, _T], *args: _P.args, **kwargs: _P.kwargs
    ) -> _T | None:
        """Call; a ValueError becomes a fault, and the result None."""
        try:
            return call(*args, **kwargs)
        except ValueError as error:
            self.add(line, str(error), cure)
            return None


class Variable(NamedTuple):
    """A constant of the persona, and the line it is declared on."""

    line: int
    text: str


@dataclass(frozen=True, slots=True)
class Fields:
    """The entries of a front matter as the values that a persona has; None where there is none or it is ill."""

    entries: Mapping[str, Entry]
    faults: Faults

    def check_keys(self) -> None:
        """Find keys that mean nothing."""
        for key, entry in self.entries.items():
            if key not in KEYS:
                meant = suggest(key, KEYS)
                cure = f"Did you mean `{meant}`?" if meant else f"Known keys: {', '.join(KEYS)}."
                self.faults.add(entry.line, f"`{key:.60}` is not a key of a persona.", cure)

    def check_slug(self, slug: str) -> None:
        """Find a slug that differs from the file's name."""
        written = self._scalar("slug")
        if written is not None and written != slug:
            self.faults.add(
                self.entries["slug"].line,
                f"`slug` is `{written:.60}`, but the file is called `{slug:.60}.md`.",
                "Make the two equal, or remove `slug`: the file's name is enough.",
            )

    def text(self, key: str) -> str | None:
        """Read a text of one line, as it is written."""
        text = self._scalar(key)
        if text is not None:
            self.faults.guard(self.entries[key].line, "Shorten it, on one line.", check_line, key, text)
        return text

    def required_text(self, key: str) -> str:
        """Read a text that must be there; empty when it is not."""
        if key not in self.entries:
            self.faults.add(1, f"`{key}` is missing; {_WHY[key]}.", f"Add a line `{key}: ...` at the top.")
        return self.text(key) or ""

    def plain(self) -> bool:
        """Read whether the persona is "no persona"."""
        entry = self.entries.get("plain")
        value = entry.value.value if entry else False
        if entry and not isinstance(value, bool):
            self.faults.add(
                entry.line, "`plain` must be true or false.", "Write `plain: true`, or remove it."
            )
        return value is True

    def locale(self) -> str | None:
        """Read the language tag of the prompt."""
        text = self._scalar("locale")
        if text is None:
            return None
        cure = "Write the language, then a hyphen and the region if it matters."
        return self.faults.guard(self.entries["locale"].line, cure, canonical_locale, text)

    def context_tokens(self) -> int | None:
        """Read the size of the context."""
        entry = self.entries.get("context_tokens")
        if entry is None:
            return None
        tokens = entry.value.value
        self.faults.guard(entry.line, "Write a number such as 8000.", check_context, tokens)
        return tokens if isinstance(tokens, int) else None

    def parameters(self) -> Parameters:
        """Read the parameters, each by itself, so that all that are ill are found."""
        parameters = NO_PARAMETERS
        for name, entry in self._table("parameters").items():
            document = {name: entry.value.value}
            lines = {name: (entry.line, document)}
            if name == "extra" and isinstance(entry.value, Table):
                further = entry.value.entries.items()
                lines = {key: (inner.line, {"extra": {key: inner.value.value}}) for key, inner in further}
            for line, one in lines.values():
                read = self.faults.guard(line, "Correct or remove it.", Parameters.from_document, one)
                parameters = parameters.merged(read or NO_PARAMETERS)
            if document[name] is None:
                self.faults.add(entry.line, f"`{name:.60}` has no value.", "Write one, or remove the line.")
        return parameters

    def variables(self, builtins: Container[str]) -> dict[str, Variable]:
        """Read the persona's own constants.

        Args:
            builtins: Names that every template may use and none may declare.
        """
        variables = {}
        for name, entry in self._table("variables").items():
            if name in builtins:
                wrong = f"`{name}` is a variable that every persona has, so it cannot be declared."
                self.faults.add(entry.line, wrong, "Choose another name.")
            elif not isinstance(entry.value, Scalar) or entry.value.value is None:
                cure = f"Write `{name:.60}: ...` with the text, in quotes if need be."
                self.faults.add(entry.line, f"The variable `{name:.60}` must be a text.", cure)
            else:
                self.faults.guard(entry.line, "Choose another name.", check_variable, name)
            text = entry.value.text if isinstance(entry.value, Scalar) else ""
            variables[name] = Variable(entry.line, normalise(text))
        return variables

    def tasting(self) -> tuple[str, ...]:
        """Read the questions to taste it with."""
        entry = self.entries.get("tasting")
        if entry is None:
            return ()
        if not isinstance(entry.value, Listing):
            cure = "Write `tasting:` and under it one `- question` a line."
            self.faults.add(entry.line, "`tasting` must be a list of questions.", cure)
            return ()
        items = entry.value.items
        if len(items) > MOST_QUESTIONS:
            wrong = f"`tasting` may have {MOST_QUESTIONS} questions, not {len(items)}."
            self.faults.add(items[MOST_QUESTIONS].line, wrong, "Remove some of them.")
            return ()
        questions = []
        for item in items:
            if not isinstance(item, Scalar):
                cure = "Put the question in quotes: a colon with a space behind it means something else."
                self.faults.add(item.line, "A question of `tasting` must be a text.", cure)
                continue
            question = "" if item.value is None else normalise(item.text)
            cure = "Shorten the question, or remove its line."
            self.faults.guard(item.line, cure, check_tasting_question, question)
            questions.append(question)
        return tuple(questions)

    def _scalar(self, key: str) -> str | None:
        entry = self.entries.get(key)
        if entry is None:
            return None
        if not isinstance(entry.value, Scalar) or entry.value.value is None:
            self.faults.add(entry.line, f"`{key}` must be a text.", f"Write it as `{key}: ...` on one line.")
            return None
        return entry.value.text.strip()

    def _table(self, key: str) -> Mapping[str, Entry]:
        entry = self.entries.get(key)
        if entry is None:
            return {}
        if not isinstance(entry.value, Table):
            cure = f"Write `{key}:` and under it, indented, one `name: value` a line."
            self.faults.add(entry.line, f"`{key}` must be a mapping.", cure)
            return {}
        return entry.value.entries
