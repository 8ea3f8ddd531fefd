"""Questions that a model was trained on: known again without being kept.

Kept are hashes only, of the whole question and of its word 5-grams. Whoever holds them can tell whether a given
question was among them, and read none.
"""

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

GRAM = 5
"""Words of a gram; shorter questions are known by the whole alone."""
_WIDTH = 8
_WORD = re.compile(r"\w+")
_SCHEMA = 1


@dataclass(frozen=True, slots=True)
class SeenQuestions:
    """What was seen in training, as hashes of 16 hex digits.

    Attributes:
        whole: Of questions, by the set of their words: order, case and punctuation make no difference.
        grams: Of five words in a row.
    """

    whole: frozenset[str] = frozenset()
    grams: frozenset[str] = frozenset()

    @classmethod
    def of(cls, questions: Iterable[str]) -> "SeenQuestions":
        """Hash questions; those without a word leave no trace."""
        every = [words for words in map(words_of, questions) if words]
        return cls(
            frozenset(_whole(words) for words in every),
            frozenset(gram for words in every for gram in _grams(words)),
        )

    def knows(self, question: str) -> bool:
        """Whether the question was seen, or one so much like it that at least half of its 5-grams were."""
        words = words_of(question)
        if not words:
            return False
        grams = set(_grams(words))
        return _whole(words) in self.whole or (bool(grams) and 2 * len(grams & self.grams) >= len(grams))

    def __or__(self, other: "SeenQuestions") -> "SeenQuestions":
        return SeenQuestions(self.whole | other.whole, self.grams | other.grams)


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

    def to_document(self) -> dict[str, Any]:
        """Return a plain mapping for storage."""
        return {
            "schema_version": _SCHEMA,
            "whole": sorted(self.seen.whole),
            "grams": sorted(self.seen.grams),
            "newest": self.newest.isoformat() if self.newest else None,
        }

    @classmethod
    def from_document(cls, document: Mapping[str, Any]) -> "TrainedOn":
        """Read what `to_document` wrote."""
        newest = document["newest"]
        return cls(
            SeenQuestions(frozenset(document["whole"]), frozenset(document["grams"])),
            datetime.fromisoformat(newest) if newest else None,
        )


def words_of(text: str) -> list[str]:
    """Return the words of a text in their order, without case, width and punctuation."""
    return _WORD.findall(unicodedata.normalize("NFKC", text).casefold())


def _whole(words: Sequence[str]) -> str:
    return _hash(sorted(set(words)))


def _grams(words: Sequence[str]) -> list[str]:
    return [_hash(words[start : start + GRAM]) for start in range(len(words) - GRAM + 1)]


def _hash(words: Iterable[str]) -> str:
    return hashlib.blake2b("\0".join(words).encode(), digest_size=_WIDTH).hexdigest()
