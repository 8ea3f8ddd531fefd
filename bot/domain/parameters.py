"""What is sent to a model besides messages: how long, how free, how much thought."""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from bot.domain.suggestions import suggest

REASONING_EFFORTS = ("none", "minimal", "low", "medium", "high", "xhigh", "max")
_SET_BY_US = frozenset({"messages", "model", "n", "stream", "stream_options"})
_MOST_STOPS = 4
_LONGEST_STOP = 100
_DEEPEST = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Parameters of a Chat Completions request; what is None or empty is not sent.

    Attributes:
        temperature: From 0 (always the likeliest word) to 2.
        top_p: Share of the probability that words are drawn from, above 0 and at most 1.
        max_tokens: Most tokens that an answer may have.
        reasoning_effort: One of `REASONING_EFFORTS`; a server's own other word goes into `extra`.
        seed: Any 64-bit number; a server that knows seeds answers alike for the same one.
        stop: At most four texts, each of which ends the answer.
        extra: A server's own further parameters, as sorted pairs of name and JSON text.

    Raises:
        ValueError: A value out of its range, or of another type; the message is for people.
    """

    temperature: float | None = None
    top_p: float | None = None
    max_tokens: int | None = None
    reasoning_effort: str | None = None
    seed: int | None = None
    stop: tuple[str, ...] = ()
    extra: tuple[tuple[str, str], ...] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "temperature", _number("temperature", self.temperature, 0, 2))
        object.__setattr__(self, "top_p", _number("top_p", self.top_p, 0, 1))
        if self.top_p == 0:
            raise ValueError("`top_p` must be above 0.")
        _whole("max_tokens", self.max_tokens, 1, 1_000_000)
        _whole("seed", self.seed, -(2**63), 2**63 - 1)
        _effort(self.reasoning_effort)
        object.__setattr__(self, "stop", _stops(self.stop))
        object.__setattr__(self, "extra", _extras(self.extra))

    @property
    def extra_body(self) -> dict[str, Any]:
        """The further parameters as the mapping that is sent."""
        return {name: json.loads(text) for name, text in self.extra}

    def merged(self, over: "Parameters") -> "Parameters":
        """Return these parameters with those set in `over` put over them, `extra` name by name."""
        extra = {**dict(self.extra), **dict(over.extra)}
        return replace(self, **{**_set_in(over), "extra": tuple(extra.items())})

    def to_document(self) -> dict[str, Any]:
        """Return a plain mapping of what is set."""
        document = _set_in(self)
        if self.stop:
            document["stop"] = list(self.stop)
        if self.extra:
            document["extra"] = self.extra_body
        return document

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "Parameters":
        """Read what `to_document` wrote or a person did.

        Raises:
            ValueError: A name that is no parameter, or a value that is out of range or of another type.
        """
        for name in document:
            if name not in _NAMES:
                raise ValueError(f"`{name:.60}` is not a parameter." + _hint(suggest(name, _NAMES)))
        values = dict(document)
        if isinstance(stop := values.get("stop", ()), str | list):
            values["stop"] = (stop,) if isinstance(stop, str) else tuple(stop)
        if "extra" in values:
            if not isinstance(values["extra"], Mapping):
                raise ValueError("`extra` must be a mapping of names to values.")
            values["extra"] = tuple((name, _json(name, value)) for name, value in values["extra"].items())
        return cls(**values)


_NAMES = tuple(field.name for field in fields(Parameters))


def _set_in(parameters: Parameters) -> dict[str, Any]:
    return {name: value for name in _NAMES if (value := getattr(parameters, name)) not in (None, ())}


def _hint(suggestion: str | None) -> str:
    return f" Did you mean `{suggestion}`?" if suggestion else f" Known: {', '.join(_NAMES)}."


def _number(name: str, value: object, low: int, high: int) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float) or not low <= value <= high:
        raise ValueError(f"`{name}` must be a number from {low} to {high}, not {value!r:.60}.")
    return float(value) + 0.0  # 1 and 1.0, 0.0 and -0.0 are one value and must have one fingerprint


def _whole(name: str, value: object, low: int, high: int) -> None:
    if value is None:
        return
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= high:
        raise ValueError(f"`{name}` must be a whole number from {low} to {high}, not {value!r:.60}.")


def _effort(value: object) -> None:
    if value is not None and value not in REASONING_EFFORTS:
        known = ", ".join(REASONING_EFFORTS)
        raise ValueError(f"`reasoning_effort` must be one of {known}, not {value!r:.60}.")


def _stops(value: object) -> tuple[str, ...]:
    texts = value if isinstance(value, tuple) else (value,)
    if len(texts) > _MOST_STOPS or not all(
        isinstance(text, str) and 0 < len(text) <= _LONGEST_STOP for text in texts
    ):
        raise ValueError(
            f"`stop` must be at most {_MOST_STOPS} texts of 1 to {_LONGEST_STOP} characters, not {value!r:.60}."
        )
    return texts


def _extras(pairs: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    canonical = {}
    for name, text in pairs:
        if name in _SET_BY_US:
            raise ValueError(f"`extra` may not hold `{name}`: Kostprobe sets it itself.")
        if name in _NAMES:
            raise ValueError(f"`extra` may not hold `{name}`: it is a parameter of its own, one level up.")
        if name in canonical:
            raise ValueError(f"`extra` holds `{name}` twice.")
        canonical[name] = _json(name, json.loads(text))
    return tuple(sorted(canonical.items()))


def _json(name: str, value: object) -> str:
    """Return canonical JSON; raise ValueError for what JSON cannot hold."""
    _check_json(name, value, _DEEPEST)
    return json.dumps(value, sort_keys=True, separators=(",", ":"))


def _check_json(name: str, value: object, depth: int) -> None:
    match value:
        case None | bool() | int() | str():
            return
        case float() if math.isfinite(value):
            return
        case list() if depth:
            children = value
        case dict() if depth and all(isinstance(key, str) for key in value):
            children = list(value.values())
        case _:
            raise ValueError(f"`extra` holds under `{name}` what JSON cannot: {value!r:.60}.")
    for child in children:
        _check_json(name, child, depth - 1)


NO_PARAMETERS = Parameters()
"""Nothing set: the endpoint decides everything."""
