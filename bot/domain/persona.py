"""A persona: an engineered prompt and how it wants to be sent."""

import hashlib
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.domain.menu import LONGEST_QUESTION, MOST_QUESTIONS
from bot.domain.parameters import NO_PARAMETERS, Parameters
from bot.domain.persona_text import normalise

SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
BUILT_IN_VARIABLES = ("language", "today")
"""Variables that every prompt may use: the channel's language by name ("English"), and the ISO date."""

_SCHEMA = 1
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,39}")
_LOCALE = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8}){0,6}")
_ONE_LINE = re.compile(r"\S(?:[^\n\r]*\S)?")
_LONGEST = {"name": 80, "description": 300, "endpoint": 80, "model": 200}


@dataclass(frozen=True, slots=True)
class PersonaFault:
    """Something wrong with a persona's file.

    Attributes:
        path: The file.
        line: Where in it, from 1; 1 also for what concerns the whole file.
        message: What is wrong and why it matters, as a sentence.
        cure: What to do about it, as a sentence.
    """

    path: str
    line: int
    message: str
    cure: str

    @property
    def sentence(self) -> str:
        """All of it on one line, the place first, as compilers write it."""
        return f"{self.path}:{self.line}: {self.message} {self.cure}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Persona:
    """An engineered prompt and how it wants to be sent.

    Attributes:
        slug: Its name in commands and config: a-z, 0-9 and hyphen, at most 40.
        name: What people read.
        description: What it is for, in one sentence.
        template: The prompt as a Jinja2 template in normal form (LF, no white space at line ends, no blank
            lines around); empty when `plain`.
        variables: Its own constants for the template, as sorted pairs, in the same normal form.
        endpoint: Name of the endpoint it wants; None leaves that to the channel or team.
        model: Model id it wants; None leaves that to the endpoint.
        parameters: Parameters it wants.
        locale: BCP 47 tag of the language that the prompt is written in.
        context_tokens: How many tokens a request and its answer may have together; None leaves that to
            the endpoint.
        plain: Whether it is "no persona": no system prompt is sent at all.
        tasting: Questions to taste it with; they are no part of what it is, so that no fingerprint covers them.

    Raises:
        ValueError: A value has not the form said here; the message is for people.
    """

    slug: str
    name: str
    description: str
    template: str
    variables: tuple[tuple[str, str], ...] = ()
    endpoint: str | None = None
    model: str | None = None
    parameters: Parameters = NO_PARAMETERS
    locale: str = "en"
    context_tokens: int | None = None
    plain: bool = False
    tasting: tuple[str, ...] = ()

    def __post_init__(self) -> None:
        if not SLUG.fullmatch(self.slug):
            raise ValueError("`slug` must have 1 to 40 of a-z, 0-9 and hyphen, and not begin with a hyphen.")
        for field in _LONGEST:
            check_line(field, getattr(self, field))
        object.__setattr__(self, "template", normalise(self.template))
        object.__setattr__(self, "variables", _variables(self.variables))
        object.__setattr__(self, "locale", canonical_locale(self.locale))
        check_context(self.context_tokens)
        check_tasting(self.tasting)
        if self.plain and self.template:
            raise ValueError("A plain persona sends no prompt, so it has no text.")
        if not self.plain and not self.template:
            raise ValueError("A persona that is not `plain` needs a text.")

    @property
    def text_fingerprint(self) -> str:
        """Twelve hex digits over template and variables; white space at line ends does not count."""
        canonical = json.dumps([self.template, self.variables], separators=(",", ":"))
        return hashlib.sha256(canonical.encode()).hexdigest()[:12]

    def to_document(self) -> dict[str, Any]:
        """Return a plain mapping for storage."""
        return {
            "schema_version": _SCHEMA,
            "slug": self.slug,
            "name": self.name,
            "description": self.description,
            "template": self.template,
            "variables": dict(self.variables),
            "endpoint": self.endpoint,
            "model": self.model,
            "parameters": self.parameters.to_document(),
            "locale": self.locale,
            "context_tokens": self.context_tokens,
            "plain": self.plain,
            "tasting": list(self.tasting),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Persona":
        """Read what `to_document` wrote.

        Raises:
            ValueError: The document is of a schema that this version does not know, or was tampered with.
        """
        if document.get("schema_version") != _SCHEMA:
            raise ValueError(f"a persona of schema {document.get('schema_version')!r:.20}, not {_SCHEMA}")
        return cls(
            slug=document["slug"],
            name=document["name"],
            description=document["description"],
            template=document["template"],
            variables=tuple(document["variables"].items()),
            endpoint=document["endpoint"],
            model=document["model"],
            parameters=Parameters.from_document(document["parameters"]),
            locale=document["locale"],
            context_tokens=document["context_tokens"],
            plain=document["plain"],
            tasting=tuple(document.get("tasting", ())),
        )


def check_line(field: str, value: str | None) -> None:
    """Raise ValueError unless a field's value is one line of a fitting length; None is fitting."""
    if value is not None and (len(value) > _LONGEST[field] or not _ONE_LINE.fullmatch(value)):
        raise ValueError(f"`{field}` must be one line of 1 to {_LONGEST[field]} characters.")


def check_variable(name: str) -> None:
    """Raise ValueError unless a persona may have a constant of that name."""
    if not _VARIABLE.fullmatch(name):
        raise ValueError(
            "A variable's name must be a letter or _, then letters, digits or _, at most 40 in all."
        )
    if name in BUILT_IN_VARIABLES:
        raise ValueError(f"`{name}` is a variable that every persona has, so it cannot be declared.")


def check_context(tokens: object) -> None:
    """Raise ValueError unless the number of context tokens is a positive whole number or None."""
    if tokens is not None and (isinstance(tokens, bool) or not isinstance(tokens, int) or tokens < 1):
        raise ValueError(f"`context_tokens` must be a whole number above 0, not {tokens!r:.60}.")


def check_tasting(questions: Sequence[str]) -> None:
    """Raise ValueError unless the questions fit on a menu."""
    if len(questions) > MOST_QUESTIONS:
        raise ValueError(f"`tasting` may have {MOST_QUESTIONS} questions, not {len(questions)}.")
    for question in questions:
        check_tasting_question(question)


def check_tasting_question(question: str) -> None:
    """Raise ValueError unless a tasting can ask the question."""
    if not question.strip():
        raise ValueError("A question of `tasting` is empty.")
    if len(question) > LONGEST_QUESTION:
        raise ValueError(
            f"A question of `tasting` may have {LONGEST_QUESTION:,} characters, not {len(question):,}."
        )


def canonical_locale(tag: str) -> str:
    """Return a BCP 47 tag in its usual case: `DE-at` is `de-AT`; raise ValueError when it is not one."""
    if not _LOCALE.fullmatch(tag):
        raise ValueError(f"`locale` must be a language tag such as `en`, `de` or `pt-BR`, not {tag!r:.60}.")
    language, *rest = tag.split("-")
    return "-".join([language.lower(), *(_subtag(part) for part in rest)])


def _subtag(part: str) -> str:
    by_length = {2: part.upper(), 4: part.title()}
    return by_length.get(len(part), part.lower())


def _variables(pairs: tuple[tuple[str, str], ...]) -> tuple[tuple[str, str], ...]:
    for name, _ in pairs:
        check_variable(name)
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("A variable is there twice.")
    return tuple(sorted((name, normalise(value)) for name, value in pairs))
