"""Small checks that tables of shapes are made of.

A rule looks at one value and returns what is wrong with it, pointers relative to the value. It is an object whose
limits can be read, so that the tests can walk the tables and know of every limit. Nothing is built while all is well:
a message is checked in microseconds.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from bot.playground.slack.findings import FINE, Finding, Findings, under

Rule = Callable[[Any], Findings]
Also = Callable[[dict[str, Any]], Findings]
"""What several keys of one object have to be to each other; looks at objects whose keys are right one by one."""


def must(sentence: str, pointer: str = "", **constraint: Any) -> Findings:
    """Return one finding; `constraint` is what was expected and what came."""
    return (Finding(pointer, sentence, constraint or None),)


@dataclass(frozen=True, slots=True)
class Form:
    """What a string has to look like.

    Attributes:
        name: Of the form, for the tests.
        pattern: All of the string has to match it.
        sentence: What to say when it does not.
    """

    name: str
    pattern: re.Pattern[str]
    sentence: str


@dataclass(frozen=True, slots=True)
class String:
    """Strings of `least` to `most` characters, no upper limit when None, and of a form if one is named."""

    most: int | None = None
    least: int = 0
    form: Form | None = None

    def __call__(self, value: Any) -> Findings:
        """Check a value."""
        if not isinstance(value, str):
            return must("must provide a string")
        size = len(value)
        if size < self.least:
            sentence = f"must be more than {self.least - 1} characters"
            return must(sentence, type="min_length", expected=self.least, got=size)
        if self.most is not None and size > self.most:
            sentence = f"must be less than {self.most + 1} characters"
            return must(sentence, type="max_length", expected=self.most, got=size)
        if self.form is not None and not self.form.pattern.fullmatch(value):
            return must(self.form.sentence)
        return FINE


@dataclass(frozen=True, slots=True)
class Boolean:
    """True and false."""

    def __call__(self, value: Any) -> Findings:
        """Check a value."""
        return FINE if isinstance(value, bool) else must("must provide a boolean")


@dataclass(frozen=True, slots=True)
class Integer:
    """Whole numbers from `least` to `most`; no upper limit when None."""

    least: int
    most: int | None = None

    def __call__(self, value: Any) -> Findings:
        """Check a value."""
        if not isinstance(value, int) or isinstance(value, bool):
            return must("must provide an integer")
        if value < self.least:
            return must(f"must be greater than {self.least - 1}", type="min", expected=self.least, got=value)
        if self.most is not None and value > self.most:
            return must(f"must be less than {self.most + 1}", type="max", expected=self.most, got=value)
        return FINE


@dataclass(frozen=True, slots=True)
class Number:
    """Finite numbers, whole or not; greater than `above` where that is given."""

    above: float | None = None

    def __call__(self, value: Any) -> Findings:
        """Check a value."""
        if not isinstance(value, int | float) or isinstance(value, bool) or value - value != 0:
            return must("must provide a number")
        if self.above is not None and value <= self.above:
            return must(f"must be greater than {self.above:g}", type="min", expected=self.above, got=value)
        return FINE


@dataclass(frozen=True, slots=True)
class Enum:
    """One of some values."""

    values: tuple[Any, ...]

    def __call__(self, value: Any) -> Findings:
        """Check a value."""
        if value in self.values and not isinstance(value, bool):
            return FINE
        return must("must be a valid enum value", type="enum", expected=list(self.values), got=value)


@dataclass(frozen=True, slots=True)
class Array:
    """Arrays of `least` to `most` items, no upper limit when None, which all follow `item`."""

    item: Rule
    most: int | None = None
    least: int = 1

    def __call__(self, value: Any) -> Findings:
        """Check a value."""
        if not isinstance(value, list):
            return must("must provide an array")
        found: list[Finding] = []
        if self.most is not None and len(value) > self.most:
            sentence = f"no more than {self.most} items allowed"
            found += must(sentence, type="max_items", expected=self.most, got=len(value))
        if len(value) < self.least:
            sentence = f"no fewer than {self.least} items allowed"
            found += must(sentence, type="min_items", expected=self.least, got=len(value))
        for index, entry in enumerate(value):
            if wrong := self.item(entry):
                found += under(f"/{index}", wrong)
        return found


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys of an object. A key whose value is null is refused like any other wrong value, as by Slack.

    Attributes:
        required: Keys that must be there.
        optional: Keys that may be there; every other key is refused.
        either: Of each group, at least one key must be there.
        exclusive: Of each group, at most one key may be there.
        also: What the keys have to be to each other.
    """

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    either: tuple[tuple[str, ...], ...] = ()
    exclusive: tuple[tuple[str, ...], ...] = ()
    also: tuple[Also, ...] = ()
    keys: Mapping[str, Rule] = field(init=False, repr=False)
    needed: frozenset[str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        """Put all keys side by side."""
        object.__setattr__(self, "keys", {**self.required, **self.optional})
        object.__setattr__(self, "needed", frozenset(self.required))

    def __call__(self, value: Any) -> Findings:
        """Check a value."""
        if not isinstance(value, dict):
            return must("must provide an object")
        found: list[Finding] = []
        keys = self.keys
        for key, entry in value.items():
            rule = keys.get(key)
            if rule is anything:
                continue
            if rule is None:
                found += must(f"invalid additional property: {key}")
            elif wrong := rule(entry):
                found += under(f"/{key}", wrong)
        if self.either or self.exclusive or not value.keys() >= self.needed:
            found += self._absent(value)
        if not found:
            for look in self.also:
                found += look(value)
        return found

    def _absent(self, value: dict[str, Any]) -> list[Finding]:
        found: list[Finding] = []
        for key in self.required:
            if key not in value:
                found += must(f"missing required field: {key}")
        for group in self.either:
            if not any(key in value for key in group):
                # Slack's pointer for a section without text and fields ends in /type (slackapi/java-slack-sdk#1017).
                names = " or ".join(f"`{key}`" for key in group)
                found += must(f"must define either {names}", "/type" if "type" in value else "")
        for group in self.exclusive:
            if sum(key in value for key in group) > 1:
                found += must(f"only one of {', '.join(f'`{key}`' for key in group)} may be provided")
        return found


@dataclass(frozen=True, slots=True)
class Typed:
    """Objects whose ``type`` picks their shape.

    Attributes:
        shapes: By type.
        allowed: The types that may stand here; None allows all.
    """

    shapes: Mapping[str, Rule]
    allowed: frozenset[str] | None = None

    def __call__(self, value: Any) -> Findings:
        """Check a value."""
        if not isinstance(value, dict):
            return must("must provide an object")
        kind = value.get("type")
        if kind is None:
            return must("missing required field: type")
        shape = self.shapes.get(kind) if isinstance(kind, str) else None
        if shape is None or (self.allowed is not None and kind not in self.allowed):
            expected = sorted(self.shapes if self.allowed is None else self.allowed)
            return must(f"unsupported type: {kind}", "/type", type="enum", expected=expected, got=kind)
        return shape(value)


@dataclass(frozen=True, slots=True)
class Text:
    """Text objects of 1 to `most` characters, of the kinds that are named."""

    most: int
    kinds: tuple[str, ...] = ("plain_text", "mrkdwn")

    def __call__(self, value: Any) -> Findings:
        """Check a value."""
        if isinstance(value, dict) and len(value) == 2 and value.get("type") in self.kinds:  # noqa: PLR2004
            content = value.get("text")
            if isinstance(content, str) and 0 < len(content) <= self.most:
                return FINE
        content_rule: dict[str, Rule] = {"type": anything, "text": String(self.most, 1)}
        switches = {"plain_text": "emoji", "mrkdwn": "verbatim"}
        shapes = {kind: Shape(content_rule, {switches[kind]: Boolean()}) for kind in self.kinds}
        return Typed(shapes)(value)


def anything(_value: Any) -> Findings:
    """Accept every value: the type that picked the shape."""
    return FINE


def plain(most: int) -> Text:
    """Return a rule for plain_text objects of 1 to `most` characters."""
    return Text(most, ("plain_text",))


def form(name: str, pattern: str, sentence: str) -> Form:
    """Return a form of strings."""
    return Form(name, re.compile(pattern, re.DOTALL), sentence)


WEB = form("http", r"https?://[^\s/]\S*", "must be a valid URL with http or https")
SECURE = form("https", r"https://[^\s/]\S*", "must be a valid URL with https")
LINK = form("link", r"[A-Za-z][A-Za-z0-9+.-]*:\S+", "must be a valid URL")
DATE = form("date", r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", "must be a date as YYYY-MM-DD")
TIME = form("time", r"([01]\d|2[0-3]):[0-5]\d", "must be a time as HH:mm")
ZONE = form("zone", r"[A-Za-z][\w+-]*(/[\w+-]+)*", "must be a timezone such as Europe/Berlin")
COLOR = form("color", r"#[0-9A-Fa-f]{6}", "must be a color as #RRGGBB")
USER = form("user", r"[UW][A-Z0-9]+", "must be the ID of a user")
CHANNEL = form("channel", r"[CGD][A-Z0-9]+", "must be the ID of a conversation")
TEAM = form("team", r"[TE][A-Z0-9]+", "must be the ID of a workspace")
GROUP_OF_USERS = form("usergroup", r"S[A-Z0-9]+", "must be the ID of a user group")
FILE = form("file", r"F[A-Z0-9]+", "must be the ID of a file")
