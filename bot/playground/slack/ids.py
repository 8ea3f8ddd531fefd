"""Identifiers and timestamps that look like Slack's."""

import hashlib
import os
import string
from collections.abc import Callable
from dataclasses import dataclass

Clock = Callable[[], float]
"""Seconds since the epoch. Lifetimes (streams, triggers, response URLs) are measured on it."""

_ALPHABET = string.digits + string.ascii_uppercase
_LETTERS = bytes(ord(_ALPHABET[byte % 36]) for byte in range(256))
"""A letter for each byte; the first few are a little likelier, and nothing here is a secret."""


def stable_id(prefix: str, seed: str, length: int = 10) -> str:
    """Return the same upper-case id for the same seed, such as ``U0K3...``.

    Args:
        prefix: Slack's letter for the kind: T, U, B, A, C, D, G.
        seed: What the id is derived from; two seeds give two ids.
        length: Characters after the prefix; the first is always ``0``.
    """
    number = int.from_bytes(hashlib.sha256(f"{prefix}:{seed}".encode()).digest())
    out = []
    for _ in range(length - 1):
        number, digit = divmod(number, 36)
        out.append(_ALPHABET[digit])
    return f"{prefix}0{''.join(out)}"


def random_id(prefix: str, length: int = 10) -> str:
    """Return a fresh upper-case id such as ``Ev0...``."""
    return f"{prefix}0{os.urandom(length - 1).translate(_LETTERS).decode()}"


@dataclass(slots=True)
class Stamps:
    """Hands out message timestamps: strings, unique and increasing, ``seconds.microseconds``.

    Attributes:
        last: The newest one given out, in microseconds; 0 before the first.
    """

    last: int = 0

    def next(self, now: float) -> str:
        """Return a timestamp for `now`, later than every one before it."""
        self.last = max(self.last + 100, int(now * 1_000_000))
        return f"{self.last // 1_000_000}.{self.last % 1_000_000:06d}"

    def saw(self, ts: str) -> None:
        """Never hand out `ts` or anything older again."""
        self.last = max(self.last, int(ts.replace(".", "")))
