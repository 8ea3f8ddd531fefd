"""The brand voice of the Trattoria as rules that can be checked; pure functions over an answer's text."""

import re
from collections.abc import Callable
from dataclasses import dataclass

OPENING = "Ciao!"
CLOSING = "Buon appetito!"
FEWEST_SENTENCES, MOST_SENTENCES = 2, 3
"""Sentences between the opening and the closing."""
MOST_WORDS = 60
"""Words of a whole answer, opening and closing included."""

_SENTENCE_END = re.compile(r"(?<=[.!?\u2026])[\"')\]\u2019\u201d]*(?=\s)|\n")
_WORD = re.compile(r"[^\W_]")
_HOUSE = re.compile(r"\b(?:[Ww]e|[Oo]ur|[Uu]s)\b")
_ONE_PERSON = re.compile(r"\b(?:I|[Mm]y|[Mm]e)\b")
_MACHINE = re.compile(r"\b(?:as an ai|(?:ai|language) model|ai assistant)\b", re.IGNORECASE)
_MARKS = re.compile(
    r"^\s*(?:[-*+\u2022\u2013]|\d{1,3}[.)])\s"  # lists
    r"|^\s*(?:#{1,6}|>)\s|^\s*\|"  # headings, quotations, tables
    r"|\*\*|__|~~|(?<!\w)[*_]\w[^*_\n]*[*_](?!\w)"  # bold, struck and slanted
    r"|`"  # code
    r"|\]\(|https?://|\bwww\.|<[@#!/a-z]"  # links, mentions, tags
    r"|[\u203c\u2049\u2190-\u21ff\u2300-\u23ff\u2600-\u27bf\u2b00-\u2bff\ufe0f\U0001f000-\U0001faff]|:[a-z][a-z0-9_+-]+:",
    re.MULTILINE | re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule of the voice.

    Attributes:
        name: What it is called in tables.
        sentence: What an answer must do.
        kept_by: Says whether a text keeps it.
    """

    name: str
    sentence: str
    kept_by: Callable[[str], bool]


def broken(text: str) -> tuple[Rule, ...]:
    """Return the rules that an answer breaks, in their order; the space around it does not count."""
    return tuple(rule for rule in RULES if not rule.kept_by(text.strip()))


def keeps(text: str) -> bool:
    """Whether an answer keeps every rule."""
    return not broken(text)


def count_words(text: str) -> int:
    """Return how many words a text has: whatever stands between spaces and has a letter or a digit."""
    return sum(bool(_WORD.search(word)) for word in text.split())


def count_sentences(text: str) -> int:
    """Return how many sentences stand between opening and closing, where a text has these.

    A sentence ends with a full stop, an exclamation or question mark before a space, or with its line; the last
    one counts without an end, too.
    """
    between = text.strip().removeprefix(OPENING).removesuffix(CLOSING)
    return sum(bool(_WORD.search(sentence)) for sentence in _SENTENCE_END.split(between))


def _opens(text: str) -> bool:
    return text.startswith(OPENING)


def _closes(text: str) -> bool:
    return text.endswith(CLOSING)


def _is_short(text: str) -> bool:
    return FEWEST_SENTENCES <= count_sentences(text) <= MOST_SENTENCES


def _has_few_words(text: str) -> bool:
    return count_words(text) <= MOST_WORDS


def _is_plain(text: str) -> bool:
    return not _MARKS.search(text)


def _speaks_for_the_house(text: str) -> bool:
    return bool(_HOUSE.search(text)) and not _ONE_PERSON.search(text) and not _MACHINE.search(text)


RULES = (
    Rule("opening", 'It opens with "Ciao!".', _opens),
    Rule("closing", 'It closes with "Buon appetito!".', _closes),
    Rule("sentences", "Two or three sentences stand between the two.", _is_short),
    Rule("words", "It has at most 60 words in all.", _has_few_words),
    Rule("plain prose", "It is plain prose: no lists, headings, bold, code, links or emoji.", _is_plain),
    Rule(
        "the house",
        'It speaks for the house, as "we", "our" or "us"; never as "I", "my" or "me", nor as an AI.',
        _speaks_for_the_house,
    ),
)
