"""Small checks that tables of shapes are made of.

A rule looks at one value and adds a line per finding, in Slack's words, with the JSON pointer of the value.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Findings = list[str]
Rule = Callable[[Any, str, Findings], None]


def note(findings: Findings, pointer: str, text: str) -> None:
    """Add a finding."""
    findings.append(f"{text} [json-pointer:{pointer}]")


def anything(_value: Any, _pointer: str, _findings: Findings) -> None:
    """Accept every value."""


def string(most: int | None = None, *, least: int = 0) -> Rule:
    """Return a rule for strings of `least` to `most` characters; no upper limit when None."""

    def rule(value: Any, pointer: str, findings: Findings) -> None:
        if not isinstance(value, str):
            note(findings, pointer, "must provide a string")
        elif len(value) < least:
            note(findings, pointer, f"must be more than {least - 1} characters")
        elif most is not None and len(value) > most:
            note(findings, pointer, f"must be less than {most + 1} characters")

    return rule


def boolean(value: Any, pointer: str, findings: Findings) -> None:
    """Accept true and false."""
    if not isinstance(value, bool):
        note(findings, pointer, "must provide a boolean")


def integer(least: int, most: int) -> Rule:
    """Return a rule for whole numbers."""

    def rule(value: Any, pointer: str, findings: Findings) -> None:
        if not isinstance(value, int) or isinstance(value, bool):
            note(findings, pointer, "must provide an integer")
        elif not least <= value <= most:
            note(findings, pointer, f"must be between {least} and {most}")

    return rule


def one_of(*values: str) -> Rule:
    """Return a rule for an enumeration."""

    def rule(value: Any, pointer: str, findings: Findings) -> None:
        if value not in values:
            note(findings, pointer, "must be a valid enum value")

    return rule


def array(item: Rule, most: int, *, least: int = 1) -> Rule:
    """Return a rule for arrays whose items all follow `item`."""

    def rule(value: Any, pointer: str, findings: Findings) -> None:
        if not isinstance(value, list):
            note(findings, pointer, "must provide an array")
            return
        if len(value) > most:
            note(findings, pointer, f"no more than {most} items allowed")
        if len(value) < least:
            note(findings, pointer, f"no fewer than {least} items allowed")
        for index, entry in enumerate(value):
            item(entry, f"{pointer}/{index}", findings)

    return rule


@dataclass(frozen=True, slots=True)
class Shape:
    """The keys of an object.

    Attributes:
        required: Keys that must be there.
        optional: Keys that may be there; every other key is refused.
        either: Of each group, at least one key must be there.
        exclusive: Of each group, at most one key may be there.
    """

    required: Mapping[str, Rule] = field(default_factory=dict)
    optional: Mapping[str, Rule] = field(default_factory=dict)
    either: tuple[tuple[str, ...], ...] = ()
    exclusive: tuple[tuple[str, ...], ...] = ()

    def __call__(self, value: Any, pointer: str, findings: Findings) -> None:
        """Check an object; a key whose value is null counts as missing."""
        if not isinstance(value, dict):
            note(findings, pointer, "must provide an object")
            return
        present = {key for key, entry in value.items() if entry is not None}
        for key in self.required:
            if key not in present:
                note(findings, pointer, f"missing required field: {key}")
        for group in self.either:
            if not present.intersection(group):
                note(findings, pointer, f"missing required field: {' or '.join(group)}")
        for group in self.exclusive:
            if len(present.intersection(group)) > 1:
                note(findings, pointer, f"only one of {', '.join(group)} may be provided")
        for key in sorted(present):
            rule = self.required.get(key) or self.optional.get(key)
            if rule is None:
                note(findings, pointer, f"invalid additional property: {key}")
            else:
                rule(value[key], f"{pointer}/{key}", findings)


def typed(shapes: Mapping[str, Shape], allowed: frozenset[str] | None = None) -> Rule:
    """Return a rule for objects whose ``type`` picks their shape.

    Args:
        shapes: By type.
        allowed: The types that may stand here; None allows all.
    """

    def rule(value: Any, pointer: str, findings: Findings) -> None:
        if not isinstance(value, dict):
            note(findings, pointer, "must provide an object")
            return
        kind = value.get("type")
        if kind is None:
            note(findings, pointer, "missing required field: type")
        elif kind not in shapes or (allowed is not None and kind not in allowed):
            note(findings, f"{pointer}/type", f"unsupported type: {kind}")
        else:
            shapes[kind](value, pointer, findings)

    return rule


def text(most: int, *kinds: str) -> Rule:
    """Return a rule for text objects of 1 to `most` characters; both kinds when none is named."""
    plain = Shape({"type": anything, "text": string(most, least=1)}, {"emoji": boolean})
    mrkdwn = Shape({"type": anything, "text": string(most, least=1)}, {"verbatim": boolean})
    allowed = frozenset(kinds or ("plain_text", "mrkdwn"))
    return typed({"plain_text": plain, "mrkdwn": mrkdwn}, allowed)


def plain(most: int) -> Rule:
    """Return a rule for plain_text objects of 1 to `most` characters."""
    return text(most, "plain_text")
