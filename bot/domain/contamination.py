"""Questions that a model was trained on: known again without being kept.

Kept are hashes only: of a question's words, of all its words but one, and of its 5-grams. Whoever holds them can
tell whether a given question was among them, and read none. All words but one find what menus call alike, a
Jaccard index of at least 0.8, as far as one word makes the difference, wherever it stands; 5-grams find longer
pieces that were taken over.
"""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

GRAM = 5
"""Words of a gram."""
_ONE_MORE = 5
"""Different words from which on one that is added leaves a question alike: 4 / 5 are 0.8."""
_ONE_OTHER = 9
"""Different words from which on one in place of another leaves it alike: 8 / 10 are 0.8."""
_FEWEST_GRAMS = 4
"""5-grams that part of a question needs to be known by, eight words in a row: fewer are a turn of phrase."""
_WIDTH = 8
_WORD = re.compile(r"\w+")
_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class SeenQuestions:
    """What was seen in training, as hashes of 16 hex digits.

    Attributes:
        whole: Of questions, by the set of their words: order, case and punctuation make no difference.
        but_one: Of these sets without one of their words, from five words on.
        grams: Of five words in a row.
    """

    whole: frozenset[str] = frozenset()
    but_one: frozenset[str] = frozenset()
    grams: frozenset[str] = frozenset()

    @classmethod
    def of(cls, questions: Iterable[str]) -> "SeenQuestions":
        """Hash questions; those without a word leave no trace."""
        every = [words for words in map(words_of, questions) if words]
        return cls(
            frozenset(_whole(words) for words in every),
            frozenset(each for words in every for each in _but_one(words)),
            frozenset(gram for words in every for gram in _grams(words)),
        )

    def knows(self, question: str) -> bool:
        """Whether the question was seen, or one so much like it.

        That is one with a word more or less, or another, as far as four fifths of all their words are the same;
        or all of its 5-grams were seen, or half of them and at least four.
        """
        words = words_of(question) if self.whole else []
        if not words:
            return False
        whole, but_one, grams = _whole(words), set(_but_one(words)), set(_grams(words))
        return (
            whole in self.whole
            or whole in self.but_one
            or not but_one.isdisjoint(self.whole)
            or (len(but_one) >= _ONE_OTHER and not but_one.isdisjoint(self.but_one))
            or self._has_pieces(grams)
        )

    def _has_pieces(self, grams: Collection[str]) -> bool:
        enough = min(len(grams), max(_FEWEST_GRAMS, (len(grams) + 1) // 2))
        return bool(grams) and sum(gram in self.grams for gram in grams) >= enough

    def __or__(self, other: "SeenQuestions") -> "SeenQuestions":
        return SeenQuestions(self.whole | other.whole, self.but_one | other.but_one, self.grams | other.grams)


NOTHING_SEEN = SeenQuestions()


@dataclass(frozen=True, slots=True)
class TrainedOn:
    """What is remembered of the data of a model.

    Attributes:
        seen: Its questions.
        newest: When its newest row was made; None when the data did not say. Evidence for the model has to be
            later.
    """

    seen: SeenQuestions
    newest: datetime | None

    def __or__(self, other: "TrainedOn") -> "TrainedOn":
        newest = max((at for at in (self.newest, other.newest) if at), default=None)
        return TrainedOn(self.seen | other.seen, newest)

    def covers(self, question: str, asked_at: datetime | None) -> bool:
        """Whether a question is no evidence for or against the model: it was seen, or is not later than its data.

        Args:
            question: The question.
            asked_at: When somebody asked it; None when nobody did.
        """
        early = self.newest is not None and asked_at is not None and asked_at <= self.newest
        return early or self.seen.knows(question)

    def to_document(self) -> dict[str, Any]:
        """Return a plain mapping for storage."""
        return {
            "schema_version": _SCHEMA,
            "whole": sorted(self.seen.whole),
            "but_one": sorted(self.seen.but_one),
            "grams": sorted(self.seen.grams),
            "newest": self.newest.isoformat() if self.newest else None,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "TrainedOn":
        """Read what `to_document` wrote."""
        newest = document["newest"]
        return cls(
            SeenQuestions(*(frozenset(document[kind]) for kind in ("whole", "but_one", "grams"))),
            datetime.fromisoformat(newest) if newest else None,
        )


def words_of(text: str) -> list[str]:
    """Return the words of a text in their order, without case, width and punctuation."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _whole(words: Sequence[str]) -> str:
    return _hash(sorted(set(words)))


def _but_one(words: Sequence[str]) -> list[str]:
    """Return nothing for sets so small that one word makes another question."""
    different = sorted(set(words))
    if len(different) < _ONE_MORE:
        return []
    return [_hash(different[:place] + different[place + 1 :]) for place in range(len(different))]


def _grams(words: Sequence[str]) -> list[str]:
    return [_hash(words[start : start + GRAM]) for start in range(len(words) - GRAM + 1)]


def _hash(words: Iterable[str]) -> str:
    return hashlib.blake2b("\0".join(words).encode(), digest_size=_WIDTH).hexdigest()
