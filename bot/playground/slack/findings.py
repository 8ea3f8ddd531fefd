"""What is wrong with what an app sent: where, and in which words."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that Slack would not take.

    Attributes:
        pointer: JSON pointer of the value, such as ``/blocks/0/text``; empty for the arguments as a whole.
        sentence: What is wrong with it, in Slack's words where they are known.
        constraint: What was expected and what came: ``type`` (``max_length``, ``enum`` ...), ``expected``, ``got``;
            None where that says no more than the sentence.
    """

    pointer: str
    sentence: str
    constraint: Mapping[str, Any] | None = None

    @property
    def line(self) -> str:
        """The line of ``errors`` and ``response_metadata.messages``."""
        return f"{self.sentence} [json-pointer:{self.pointer}]"

    def under(self, prefix: str) -> "Finding":
        """Return the same finding as it is seen from further up."""
        return replace(self, pointer=prefix + self.pointer)


Findings = Sequence[Finding]
FINE: Findings = ()
"""Nothing is wrong."""


def under(prefix: str, findings: Iterable[Finding]) -> list[Finding]:
    """Return findings as they are seen from further up."""
    return [finding.under(prefix) for finding in findings]


def missing(*names: str) -> tuple[Finding, ...]:
    """Return that arguments of a method are missing."""
    return tuple(Finding("", f"missing required field: {name}") for name in names)
