"""Did you mean: the known word that a mistyped one probably stands for."""

import difflib
from collections.abc import Iterable

_LONGEST = 80
_LIKENESS = 0.6
_SHORTEST_BEGINNING = 3


def suggest(word: str, known: Iterable[str]) -> str | None:
    """Return the known word most like the given one, or None when none is near.

    Case does not matter, nor whether words are joined by hyphen, underscore or space. The beginning of a word
    stands for it when only one known word begins so. A text too long to be a mistyped word has no suggestion.

    Args:
        word: What somebody wrote.
        known: What could have been meant.
    """
    if len(word) > _LONGEST:
        return None
    written = _folded(word)
    by_folded = {_folded(candidate): candidate for candidate in sorted(known)}
    if near := difflib.get_close_matches(written, by_folded, n=1, cutoff=_LIKENESS):
        return by_folded[near[0]]
    beginners = [folded for folded in by_folded if folded.startswith(written)]
    if len(written) >= _SHORTEST_BEGINNING and len(beginners) == 1:
        return by_folded[beginners[0]]
    return None


def _folded(word: str) -> str:
    return "-".join(word.casefold().replace("_", " ").replace("-", " ").split())
