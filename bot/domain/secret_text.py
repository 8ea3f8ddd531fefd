"""Text that looks like a secret: keys, tokens, passwords. What is found is never repeated, only named."""

import math
import re
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple


class Sighting(NamedTuple):
    """Where something that looks like a secret stands.

    Attributes:
        line: From 1.
        kind: What it looks like, with its article: "a Slack token".
        start: Position of its first character in the text.
        end: Position after its last character.
    """

    line: int
    kind: str
    start: int
    end: int


_KINDS = (
    (
        "a private key",
        re.compile(
            r"-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----"
            r"(?:[\s\S]{0,8000}?-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----|(?:\s*[A-Za-z0-9+/=]{16,})*)"
            r"|-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY"
        ),
    ),
    ("a Slack token", re.compile(r"\b(?:xox[a-z](?:\.xox[a-z])?|xapp)-[A-Za-z0-9-]{6,}")),
    ("a Slack webhook", re.compile(r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{8,}")),
    ("an API key", re.compile(r"(?<![A-Za-z0-9])sk-(?=[\w-]{0,200}\d|[A-Za-z]{20})[A-Za-z0-9_-]{10,}")),
    ("an AWS access key", re.compile(r"(?<![A-Z0-9])(?:AKIA|ASIA)[A-Z0-9]{16}(?![A-Z0-9])")),
    ("a GitHub token", re.compile(r"\b(?:gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{16,})")),
    ("a GitLab token", re.compile(r"\bglpat-[A-Za-z0-9_-]{16,}")),
    ("a Google API key", re.compile(r"\bAIza[A-Za-z0-9_-]{35}")),
    ("a Hugging Face token", re.compile(r"\bhf_[A-Za-z0-9]{20,}")),
    (
        "a signed web token",
        re.compile(r"\beyJ[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,4000}\.[A-Za-z0-9_-]{8,}"),
    ),
    (
        "a password in a web address",
        re.compile(r"\b[a-z][a-z0-9+.-]{1,20}://[^\s/:@{}<>]{0,80}:([^\s/@{}<>]{3,200})@"),
    ),
)
_ASSIGNMENT = re.compile(
    r"(?<![a-z])(?:pass(?:word|wd|phrase)?|pwd|secret|token|credentials?|(?:api|access|private|secret)[ _-]?key)"
    r"[\"']?[ \t]*(?::|=|:=|=>)[ \t]*[\"'`]?([^\s\"'`{}<>]{10,})",
    re.IGNORECASE,
)
_RANDOM_BITS = 3.0
_LONG = 24


def find_secrets(text: str) -> tuple[Sighting, ...]:
    """Return everything in the text that looks like a secret, in order, no two overlapping."""
    found: list[Sighting] = []
    for start, end, kind in sorted(_spans(text), key=lambda span: (span[0], -span[1])):
        if found and start < found[-1].end:
            found[-1] = found[-1]._replace(end=max(end, found[-1].end))
        else:
            found.append(Sighting(text.count("\n", 0, start) + 1, kind, start, end))
    return tuple(found)


def mask_secrets(text: str) -> str:
    """Return the text with each character of what looks like a secret made an `x`; white space stays."""
    pieces = []
    done = 0
    for _, _, start, end in find_secrets(text):
        pieces += [text[done:start], re.sub(r"\S", "x", text[start:end])]
        done = end
    return "".join([*pieces, text[done:]])


def _spans(text: str) -> Iterator[tuple[int, int, str]]:
    for kind, pattern in _KINDS:
        for match in pattern.finditer(text):
            yield *match.span(match.re.groups), kind
    for match in _ASSIGNMENT.finditer(text):
        if _looks_random(match[1]):
            yield *match.span(1), "a password or key"


def _looks_random(value: str) -> bool:
    """Whether the value is more than a word: letters with digits or capitals inside, or one long run."""
    letters = any(char.isalpha() for char in value)
    digits = any(char.isdigit() for char in value)
    capitals = any(char.isupper() for char in value[1:]) and any(char.islower() for char in value)
    mixed = (letters and digits) or capitals or (len(value) >= _LONG and value.isalnum())
    return mixed and _bits_per_character(value) >= _RANDOM_BITS


def _bits_per_character(value: str) -> float:
    shares = [count / len(value) for count in Counter(value).values()]
    return -sum(share * math.log2(share) for share in shares)
