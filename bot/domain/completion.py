"""What comes back from a contestant: an answer, or a typed failure that is never shown as one."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens of one completion.

    Attributes:
        prompt_tokens: Tokens read.
        completion_tokens: Tokens written.
        estimated: True when the endpoint did not say and we counted characters.
    """

    prompt_tokens: int
    completion_tokens: int
    estimated: bool = False


@dataclass(frozen=True, slots=True)
class Completion:
    """A contestant's answer.

    Attributes:
        text: The answer, never empty.
        cut: Whether something ended it before its end: the length limit, a loop, or a person.
        usage: Tokens read and written.
        first_ms: Milliseconds from the request to the first text.
        total_ms: Milliseconds from the request to the end.
        reported_model: The model id that the endpoint named in its reply; None when it named none.
        system_fingerprint: The endpoint's own mark of its build; None when it sends none.
        looped: Whether it had begun to repeat itself; it was cut after the first time.
    """

    text: str
    cut: bool
    usage: Usage
    first_ms: int
    total_ms: int
    reported_model: str | None = None
    system_fingerprint: str | None = None
    looped: bool = False

    def to_document(self) -> dict[str, Any]:
        """Return a plain mapping for storage."""
        return {
            "text": self.text,
            "cut": self.cut,
            "prompt_tokens": self.usage.prompt_tokens,
            "completion_tokens": self.usage.completion_tokens,
            "estimated": self.usage.estimated,
            "first_ms": self.first_ms,
            "total_ms": self.total_ms,
            "reported_model": self.reported_model,
            "system_fingerprint": self.system_fingerprint,
            "looped": self.looped,
        }

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Completion":
        """Read what `to_document` wrote."""
        return cls(
            text=document["text"],
            cut=document["cut"],
            usage=Usage(document["prompt_tokens"], document["completion_tokens"], document["estimated"]),
            first_ms=document["first_ms"],
            total_ms=document["total_ms"],
            reported_model=document["reported_model"],
            system_fingerprint=document["system_fingerprint"],
            looped=document.get("looped", False),
        )


class FailureKind(StrEnum):
    """Why a contestant did not answer; the catalogues have a sentence for each (`failures.<kind>`)."""

    AUTH = "auth"
    NOT_FOUND = "not_found"
    RATE_LIMIT = "rate_limit"
    QUOTA = "quota"
    TIMEOUT = "timeout"
    OVERLOADED = "overloaded"
    UNREACHABLE = "unreachable"
    CONTENT_FILTER = "content_filter"
    EMPTY = "empty"
    REJECTED = "rejected"
    GARBLED = "garbled"


@dataclass(frozen=True, slots=True)
class Failure:
    """A contestant's failure.

    Attributes:
        kind: What went wrong.
        total_ms: Milliseconds until it was known.
        retry_after_s: Seconds after which the endpoint asks to be tried again; None when it did not say.
    """

    kind: FailureKind
    total_ms: int
    retry_after_s: float | None = None

    def to_document(self) -> dict[str, Any]:
        """Return a plain mapping for storage."""
        return {"failure": self.kind.value, "total_ms": self.total_ms, "retry_after_s": self.retry_after_s}

    @classmethod
    def from_document(cls, document: dict[str, Any]) -> "Failure":
        """Read what `to_document` wrote."""
        return cls(FailureKind(document["failure"]), document["total_ms"], document["retry_after_s"])


Outcome = Completion | Failure
"""What one contestant gave back."""


def outcome_from_document(document: dict[str, Any]) -> Outcome:
    """Read a stored completion or failure."""
    return Failure.from_document(document) if "failure" in document else Completion.from_document(document)
