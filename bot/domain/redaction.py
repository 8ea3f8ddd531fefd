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

_SEPARATORS = re.compile(r"[\W_]+")
_INVISIBLE = re.compile("[\u00ad\u200b-\u200d\u2060\ufeff]")
_ADDRESS = "@"
_DIGIT = re.compile(r"\d")
_DIGITS = re.compile(r"\d{1,4}")
_GAP = re.compile(r"\W")
_SPACES = frozenset(" \u00a0\u2007\u2009\u202f")
_HYPHENS = frozenset("-\u2010\u2011")
_GOES_ON = re.compile(r"(?=\s\s|\n)\s{1,3}\d{4}")
"""A table of numbers, where gaps are not as in print."""
_CARD_DIGITS = range(14, 20)
_CARD_GROUPS = frozenset({(4, 4, 4, 4), (4, 4, 4, 4, 3), (4, 6, 5), (4, 6, 4)})
_IBAN_LENGTHS = range(15, 35)
_IBAN_HEAD = 4
_PHONE_DIGITS = range(7, 16)
_HIGHEST_DRAWN = 50
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
    PAIRS = "pairs"
    """A phone number in pairs of digits, not numbers that were drawn: these rise, up to 50."""
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

    def spans(self, text: str, taken: bytearray) -> Iterator[tuple[int, int]]:
        """Yield where it stands in a text outside of what is taken: there `taken` is 1, which may grow meanwhile."""
        if self.regex is None:
            yield from ((found.start, found.end) for found in find_secrets(text))
            return
        group: str | int = VALUE if VALUE in self.regex.groupindex else 0
        place = 0
        while match := self.regex.search(text, place):
            start, end = match.span(group)
            if self.check:
                free = taken.find(1, start, end)
                end = start + _CHECKS[self.check](text[start : end if free < 0 else free])
            if end > start:
                yield start, end
            place = max(self._next(match, end), match.start() + 1)

    def _next(self, match: re.Match[str], end: int) -> int:
        """Return from where to search on: what a match ran over may begin something else."""
        if self.check not in _LONGER_THAN_MEANT:
            return match.end()
        if end > match.start():
            return end
        gap = _GAP.search(match.string, match.start() + 1)
        return gap.start() if gap else len(match.string)


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
            for start, end in pattern.spans(text, covered):
                if not any(covered[start:end]):
                    covered[start:end] = b"\x01" * (end - start)
                    taken.append((start, end, pattern.label))
        return sorted(taken)


def _same(value: str) -> str:
    """What two spellings of one thing have in common."""
    return _INVISIBLE.sub("", value).casefold() if _ADDRESS in value else _SEPARATORS.sub("", value)


def _ends(text: str, place: int) -> bool:
    """Whether no word or number goes on at a place."""
    return place == len(text) or not (text[place].isalnum() or text[place] == "_")


def _sizes(text: str) -> tuple[int, ...]:
    return tuple(len(group) for group in _SEPARATORS.split(text))


def _parted_alike(text: str) -> bool:
    """Whether all gaps between groups are the same, but for one line break."""
    gaps = _SEPARATORS.findall(text)
    inner = {gap for gap in gaps if "\n" not in gap}
    return len(inner) <= 1 and sum("\n" in gap for gap in gaps) <= 1


def _is_parted(text: str, single: frozenset[str], *, usual: bool) -> bool:
    """Whether gaps are single ones of a kind, as in print, or others between the usual groups."""
    return single.issuperset(_SEPARATORS.findall(text)) or (usual and _parted_alike(text))


def _luhn(text: str) -> int:
    """Return how much of the text is a card number, which may be followed by other numbers; 0 for none of it."""
    longest = 0
    sums = [0, 0]
    for place, match in enumerate(_DIGIT.finditer(text)):
        digit = int(match[0])
        sums[place % 2] += sum(divmod(2 * digit, 10))
        sums[1 - place % 2] += digit
        count, end = place + 1, match.end()
        if count in _CARD_DIGITS and sums[count % 2] % 10 == 0 and _ends(text, end) and _is_card(text, end):
            longest = end
    return longest


def _is_card(text: str, end: int) -> bool:
    number = _INVISIBLE.sub("", text[:end])
    usual = _sizes(number) in _CARD_GROUPS and not _GOES_ON.match(text, end)
    return len(set(_DIGIT.findall(number))) > 1 and _is_parted(number, _SPACES | _HYPHENS, usual=usual)


def _iban(text: str) -> int:
    """Return how much of the text is an IBAN, which may be followed by words; 0 for none of it."""
    longest = 0
    places = [place for place, char in enumerate(text) if char.isascii() and char.isalnum()]
    head = "".join(str(int(text[place], 36)) for place in places[:_IBAN_HEAD])
    rest = 0
    for count, place in enumerate(places[_IBAN_HEAD : _IBAN_LENGTHS.stop - 1], start=_IBAN_HEAD + 1):
        rest = int(f"{rest}{int(text[place], 36)}") % 97
        end = place + 1
        if (
            count in _IBAN_LENGTHS
            and int(f"{rest}{head}") % 97 == 1
            and _ends(text, end)
            and _is_account(text[:end])
        ):
            longest = end
    return longest


def _is_account(text: str) -> bool:
    number = _INVISIBLE.sub("", text)
    *groups, last = _sizes(number)
    usual = set(groups) <= {_IBAN_HEAD} and last <= _IBAN_HEAD
    return _is_parted(number, _SPACES, usual=usual)


def _phone(text: str) -> int:
    """Return how much of the text is a phone number: up to its last digit, or 0."""
    digits = _DIGIT.findall(text)
    if len(digits) not in _PHONE_DIGITS or _DATE.match(text):
        return 0
    if len(digits) == _ISBN_DIGITS and "".join(digits).startswith(_ISBN):
        return 0
    return text.rindex(digits[-1]) + 1


def _pairs(text: str) -> int:
    pairs = [int(pair) for pair in _DIGITS.findall(text)]
    drawn = pairs == sorted(set(pairs)) and all(pair <= _HIGHEST_DRAWN for pair in pairs)
    return 0 if drawn else _phone(text)


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
    Check.PAIRS: _pairs,
    Check.RANDOM: _random,
}
_LONGER_THAN_MEANT = frozenset({Check.LUHN, Check.IBAN})
