"""Time and chance as this machine has them."""

import secrets
from datetime import UTC, datetime

_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_TOKEN_LENGTH = 16


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Return the time, in UTC, with its zone."""
        return datetime.now(UTC)


class SystemChance:
    """The machine's source of chance, which nobody can guess."""

    def number(self) -> float:
        """Return a number drawn uniformly from [0, 1)."""
        return secrets.randbits(53) / (1 << 53)

    def token(self) -> str:
        """Return 16 random characters from a-z and 0-9."""
        return "".join(secrets.choice(_ALPHABET) for _ in range(_TOKEN_LENGTH))
