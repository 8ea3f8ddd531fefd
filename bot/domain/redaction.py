"""Masking of what should not leave the house: addresses, numbers, keys; pure.

The same thing gets the same placeholder everywhere in a conversation (`[e-mail 1]`), so that a model can tell
two of them apart without reading either. Which patterns there are is data; see `adapters/redactions.toml`.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from bot.domain.secret_text import find_secrets
from bot.domain.thread import Message, Role

VALUE = "value"
"""Name of the group of a pattern that is masked alone, where there is one; else all that it matches is."""

_SEPARATORS = re.compile(r"[^0-9A-Za-z]+")
_CARD_DIGITS = range(14, 20)
_IBAN_LENGTHS = range(34, 14, -1)
_PHONE_DIGITS = range(7, 16)
_ISBN = ("978", "979")
_ISBN_DIGITS = 13
_RANDOM_RUN = 28
_RANDOM_BITS = 3.4
_FEWEST_OF_A_KIND = 3
_DATE = re.compile(r"(?:19|20)\d\d[-./ ]?(?:0[1-9]|1[0-2])[-./ ]?(?:0[1-9]|[12]\d|3[01])(?!\d)")


class Check(StrEnum):
    """What a match must be besides fitting its pattern; it may also end earlier."""

    LUHN = "luhn"
    """A card number: 14 to 19 digits whose check digit is right."""
    IBAN = "iban"
    """An international bank account number whose check digits are right."""
    PHONE = "phone"
    """7 to 15 digits that are neither a date nor the number of a book."""
    RANDOM = "random"
    """A long run of letters and digits such as keys have, and words have not."""


@dataclass(frozen=True, slots=True)
class Pattern:
    """One kind of thing that is masked.

    Attributes:
        label: What stands in its place, with a number: `e-mail`.
        regex: Finds it; None finds what looks like a key, token or password (`domain/secret_text.py`).
        check: What a match must be besides; None takes every match.
    """

    label: str
    regex: re.Pattern[str] | None
    check: Check | None = None

    def spans(self, text: str) -> Iterator[tuple[int, int]]:
        """Yield where it stands in a text."""
        if self.regex is None:
            yield from ((found.start, found.end) for found in find_secrets(text))
            return
        group: str | int = VALUE if VALUE in self.regex.groupindex else 0
        for match in self.regex.finditer(text):
            start, end = match.span(group)
            length = _CHECKS[self.check](text[start:end]) if self.check else end - start
            if length:
                yield start, start + length


@dataclass(frozen=True, slots=True)
class Redactor:
    """Masks texts.

    Attributes:
        patterns: What is masked; where two overlap the earlier one in this order wins.
    """

    patterns: tuple[Pattern, ...]

    def mask(self, texts: Sequence[str]) -> list[str]:
        """Return the texts of a conversation masked, the same thing by the same placeholder in all of them."""
        numbers: dict[str, dict[str, int]] = {}
        return [self._masked(text, numbers) for text in texts]

    def mask_messages(self, messages: Sequence[Message]) -> list[Message]:
        """Return messages masked; the system prompt is ours and stays as it is."""
        masked = iter(self.mask([message.text for message in messages if message.role is not Role.SYSTEM]))
        return [
            message if message.role is Role.SYSTEM else Message(message.role, next(masked))
            for message in messages
        ]

    def _masked(self, text: str, numbers: dict[str, dict[str, int]]) -> str:
        pieces: list[str] = []
        done = 0
        for start, end, label in self._found(text):
            seen = numbers.setdefault(label, {})
            number = seen.setdefault(_same(text[start:end]), len(seen) + 1)
            pieces += [text[done:start], f"[{label} {number}]"]
            done = end
        return "".join([*pieces, text[done:]])

    def _found(self, text: str) -> list[tuple[int, int, str]]:
        """Return what is masked, in the order of the text, no two overlapping."""
        taken: list[tuple[int, int, str]] = []
        covered = bytearray(len(text))
        for pattern in self.patterns:
            for start, end in pattern.spans(text):
                if not any(covered[start:end]):
                    covered[start:end] = b"\x01" * (end - start)
                    taken.append((start, end, pattern.label))
        return sorted(taken)


def _same(value: str) -> str:
    """What two spellings of one thing have in common."""
    return value.casefold() if "@" in value else _SEPARATORS.sub("", value)


def _luhn(text: str) -> int:
    digits = [int(digit) for digit in text if digit.isdigit()]
    if len(digits) not in _CARD_DIGITS or len(set(digits)) == 1:
        return 0
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[-2::-2]]
    return len(text) if (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0 else 0


def _iban(text: str) -> int:
    """Return how much of the text is an IBAN, which may be followed by words; 0 for none of it."""
    places = [place for place, char in enumerate(text) if char.isalnum()]
    for length in _IBAN_LENGTHS:
        if length > len(places):
            continue
        end = places[length - 1] + 1
        if end < len(text) and text[end].isalnum():
            continue
        number = "".join(text[place] for place in places[:length])
        if int("".join(str(int(char, 36)) for char in number[4:] + number[:4])) % 97 == 1:
            return end
    return 0


def _phone(text: str) -> int:
    digits = "".join(char for char in text if char.isdigit())
    if len(digits) not in _PHONE_DIGITS or _DATE.match(text):
        return 0
    return 0 if len(digits) == _ISBN_DIGITS and digits.startswith(_ISBN) else len(text)


def _random(text: str) -> int:
    counts = Counter(text)
    kinds = [sum(map(kind, text)) for kind in (str.isdigit, str.isupper, str.islower)]
    mixed = sum(count >= _FEWEST_OF_A_KIND for count in kinds) > 1 and kinds[0] >= _FEWEST_OF_A_KIND
    bits = -sum(count / len(text) * math.log2(count / len(text)) for count in counts.values())
    return len(text) if mixed and len(text) >= _RANDOM_RUN and bits >= _RANDOM_BITS else 0


_CHECKS: Mapping[Check, Callable[[str], int]] = {
    Check.LUHN: _luhn,
    Check.IBAN: _iban,
    Check.PHONE: _phone,
    Check.RANDOM: _random,
}
