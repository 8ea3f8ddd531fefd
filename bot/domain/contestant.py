"""What can answer: a persona on a model, a fine-tuned model, or both together.

A contestant's fingerprint covers everything that shapes its answers (prompt text, model, endpoint,
parameters), so an edited prompt is a new contestant and old evidence never speaks for it.
"""

import hashlib
import json
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

from bot.domain.costs import Price
from bot.domain.errors import Code, Refusal
from bot.domain.ids import Fingerprint
from bot.domain.parameters import Parameters
from bot.domain.persona import Persona
from bot.domain.suggestions import suggest

BEFORE = "@"
"""Stands between a name and the fingerprint of one exact contestant that has, or had, that name."""
_DRAFT = f"{BEFORE}draft"
_NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,39}")
_SCHEMA = 1


class ContestantKind(StrEnum):
    """The three ways to shape a model."""

    PROMPT = "prompt"
    FINE_TUNED = "fine_tuned"
    HYBRID = "hybrid"


@dataclass(frozen=True, slots=True)
class Endpoint:
    """An OpenAI-compatible server, as far as rules need to know it.

    Attributes:
        name: Its name in settings.
        private: Whether texts sent there stay in house.
        model: The model asked when a persona names none; None when each persona must.
        parameters: Parameters for every request there; a persona's or model's own win over them.
        context_tokens: How many tokens a request and its answer may have together.
        price: What it takes for tokens; None when nobody has said.
        concurrency: How many requests it is sent at once, at most.
    """

    name: str
    private: bool
    model: str | None
    parameters: Parameters
    context_tokens: int
    price: Price | None = None
    concurrency: int = 8


@dataclass(frozen=True, slots=True)
class FineTunedModel:
    """A model that a team has registered as fine-tuned.

    Attributes:
        name: The team's name for it, unique among its models and personas.
        model: The model id at the endpoint.
        endpoint: Name of the endpoint.
        system: The system prompt it was trained with; None when there was none.
        parameters: Parameters of its requests.
    """

    name: str
    model: str
    endpoint: str
    system: str | None = None
    parameters: Parameters = Parameters()

    def to_document(self) -> dict[str, Any]:
        """Return a plain mapping for storage."""
        return {
            "schema_version": _SCHEMA,
            "name": self.name,
            "model": self.model,
            "endpoint": self.endpoint,
            "system": self.system,
            "parameters": self.parameters.to_document(),
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "FineTunedModel":
        """Read what `to_document` wrote."""
        return cls(
            document["name"],
            document["model"],
            document["endpoint"],
            document["system"],
            Parameters.from_document(document["parameters"]),
        )


@dataclass(frozen=True)
class Contestant:
    """One exact way of answering.

    Attributes:
        name: What people call it: `support`, `pizzaiolo` or `support+pizzaiolo`.
        kind: Which of the three ways.
        endpoint: Name of the endpoint.
        model: Model id there.
        template: The system prompt as a Jinja2 template; None sends none.
        literal: Whether the template is to be sent as it stands, not rendered.
        variables: The persona's own constants for the template, sorted.
        parameters: Everything sent besides messages.
        context_tokens: How many tokens a request and its answer may have together.
    """

    name: str
    kind: ContestantKind
    endpoint: str
    model: str
    template: str | None
    literal: bool
    variables: tuple[tuple[str, str], ...]
    parameters: Parameters
    context_tokens: int

    @cached_property
    def fingerprint(self) -> Fingerprint:
        """Twelve hex digits over everything that shapes the answers; the name is not part of it."""
        shaping = {k: v for k, v in self.to_document().items() if k not in {"name", "kind", "schema_version"}}
        canonical = json.dumps(shaping, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
        return Fingerprint(hashlib.sha256(canonical.encode()).hexdigest()[:12])

    @property
    def answer_tokens(self) -> int:
        """How many tokens of the context are kept free for the answer: its limit, at most half."""
        return min(self.parameters.max_tokens or 1024, self.context_tokens // 2)

    def to_document(self) -> dict[str, Any]:
        """Return a plain mapping for storage by fingerprint."""
        return {
            "schema_version": _SCHEMA,
            "name": self.name,
            "kind": self.kind.value,
            "endpoint": self.endpoint,
            "model": self.model,
            "template": self.template,
            "literal": self.literal,
            "variables": dict(self.variables),
            "parameters": self.parameters.to_document(),
            "context_tokens": self.context_tokens,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Contestant":
        """Read what `to_document` wrote."""
        return cls(
            name=document["name"],
            kind=ContestantKind(document["kind"]),
            endpoint=document["endpoint"],
            model=document["model"],
            template=document["template"],
            literal=document["literal"],
            variables=tuple(sorted(document["variables"].items())),
            parameters=Parameters.from_document(document["parameters"]),
            context_tokens=document["context_tokens"],
        )


@dataclass(frozen=True, slots=True)
class Roster:
    """Everything that a team's contestants can be made of.

    Attributes:
        personas: By slug.
        models: The team's fine-tuned models, by name.
        endpoints: By name.
        default_endpoint: Where personas go that name no endpoint.
        drafts: What personas may become, by slug: they can be tasted and answer nobody.
    """

    personas: Mapping[str, Persona]
    models: Mapping[str, FineTunedModel]
    endpoints: Mapping[str, Endpoint]
    default_endpoint: str
    drafts: Mapping[str, Persona] = field(default_factory=dict)

    def find(self, name: str) -> Contestant:
        """Make the contestant of that name: a persona, a fine-tuned model, or `persona+model`.

        Raises:
            Refusal: No such contestant, a draft, or a part of it names an endpoint or model that is not there.
        """
        slug = drafted(name)
        if slug in self.drafts:
            raise Refusal(Code.DRAFT_ANSWERS_NOBODY, name=name, slug=slug)
        return self.tasted(name)

    def tasted(self, name: str) -> Contestant:
        """Make the contestant of that name, who may be a draft: who can be tasted, but not all may answer.

        Raises:
            Refusal: No such contestant, or a part of it names an endpoint or model that is not there.
        """
        persona_name, plus, model_name = name.partition("+")
        if plus:
            return self._hybrid(name, self._persona(persona_name), self._model(model_name))
        if name in self.models:
            return self._tuned(self.models[name])
        if (persona := self._written(name)) is not None:
            return self._prompted(name, persona)
        raise Refusal(Code.UNKNOWN_CONTESTANT, name=name, suggestion=suggest(name, self.names()))

    def names(self) -> tuple[str, ...]:
        """Every single name that `find` knows; hybrids are made of two of them."""
        return tuple(sorted({*self.personas, *self.models}))

    def _written(self, name: str) -> Persona | None:
        slug = drafted(name)
        return self.personas.get(name) if slug is None else self.drafts.get(slug)

    def _persona(self, name: str) -> Persona:
        persona = self._written(name)
        if persona is None:
            raise Refusal(Code.UNKNOWN_PERSONA, name=name, suggestion=suggest(name, self.personas))
        return persona

    def _model(self, name: str) -> FineTunedModel:
        if name not in self.models:
            raise Refusal(Code.UNKNOWN_MODEL, name=name, suggestion=suggest(name, self.models))
        return self.models[name]

    def endpoint(self, name: str) -> Endpoint:
        """Return the endpoint of that name; raise Refusal when settings have none."""
        if name not in self.endpoints:
            raise Refusal(Code.UNKNOWN_ENDPOINT, name=name, suggestion=suggest(name, self.endpoints))
        return self.endpoints[name]

    def _prompted(self, name: str, persona: Persona) -> Contestant:
        endpoint = self.endpoint(persona.endpoint or self.default_endpoint)
        model = persona.model or endpoint.model
        if model is None:
            raise Refusal(Code.UNKNOWN_MODEL, name=f"{persona.slug} @ {endpoint.name}", suggestion=None)
        return Contestant(
            name=name,
            kind=ContestantKind.PROMPT,
            endpoint=endpoint.name,
            model=model,
            template=persona.template or None,
            literal=False,
            variables=persona.variables,
            parameters=endpoint.parameters.merged(persona.parameters),
            context_tokens=persona.context_tokens or endpoint.context_tokens,
        )

    def _tuned(self, tuned: FineTunedModel) -> Contestant:
        endpoint = self.endpoint(tuned.endpoint)
        return Contestant(
            name=tuned.name,
            kind=ContestantKind.FINE_TUNED,
            endpoint=endpoint.name,
            model=tuned.model,
            template=tuned.system,
            literal=True,
            variables=(),
            parameters=endpoint.parameters.merged(tuned.parameters),
            context_tokens=endpoint.context_tokens,
        )

    def _hybrid(self, name: str, persona: Persona, tuned: FineTunedModel) -> Contestant:
        endpoint = self.endpoint(tuned.endpoint)
        return Contestant(
            name=name,
            kind=ContestantKind.HYBRID,
            endpoint=endpoint.name,
            model=tuned.model,
            template=persona.template or None,
            literal=False,
            variables=persona.variables,
            parameters=endpoint.parameters.merged(tuned.parameters).merged(persona.parameters),
            context_tokens=persona.context_tokens or endpoint.context_tokens,
        )


def draft_name(slug: str) -> str:
    """Return the name of a persona's draft as a contestant: `support@draft`."""
    return f"{slug}{_DRAFT}"


def drafted(name: str) -> str | None:
    """Return the slug of the persona whose draft a name stands for, also in a hybrid; None when it is no draft's."""
    persona = name.partition("+")[0]
    return persona.removesuffix(_DRAFT) if persona.endswith(_DRAFT) else None


def in_service(name: str) -> str:
    """Return the name under which a draft would answer: `support+pizzaiolo` for `support@draft+pizzaiolo`."""
    return name.replace(_DRAFT, "")


def check_new_name(name: str, taken: Iterable[str]) -> str:
    """Return the name for a new model if it may have it.

    Raises:
        Refusal: The name has not the form of one (a-z, 0-9, hyphen; at most 40), or is taken.
    """
    if not _NAME.fullmatch(name):
        raise Refusal(Code.BAD_NAME, name=name)
    if name in set(taken):
        raise Refusal(Code.NAME_TAKEN, name=name)
    return name
