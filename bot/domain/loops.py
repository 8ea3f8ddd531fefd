"""Answers that go round in circles: a tail that says the same thing again and again; pure.

Small models do it: a sentence, a few lines or one word without end. What is measured is the end of a text, in
characters, with every stretch of white space as one and numbers of lists left aside, so that "7. Stir." and
"8. Stir." are the same. People repeat themselves too, on purpose: refrains, tables, code. So a loop has to be
long, and where the same is often said for a reason it has to be longer.
"""

import re

TIMES = 4
"""How often something is said before it is a loop: a refrain comes twice, a spell three times."""
LEAST = 240
"""Characters that all these take up; less is emphasis, such as "no, no, no, no"."""
_TIMES_IN_ROWS, _LEAST_IN_ROWS = 12, 1_200
"""The same in code, in tables and for what has no words (rows of zeros, lines to write on)."""
_LONGEST = 1_200
"""Characters of the longest stretch that is looked for."""
_WINDOW = _LONGEST * TIMES + 200
_PROBE = 48
_SPACE = re.compile(r"\s+")
_LISTED = re.compile(r"(?m)^\d{1,4}(?=[.)][ \t])")
_FENCE = re.compile(r"(?m)^[ \t]*(?:```|~~~)")
_END = re.compile(
    r"\n|[.!?\u2026:;\u3002\uff01\uff1f][\"'*_)\]\u201d\u2019\u00bb]*(?=\s|$)|[\u3002\uff01\uff1f]"
)
_WORD_END = re.compile(r"(?=\s)")


def loop_starts(text: str) -> int | None:
    """Return where a text begins to repeat what it has just said, up to its very end; None when it does not.

    What is before that place says it once, and ends with a line, a sentence or a word where there is one near.
    """
    period = _period(_flat(text[-_WINDOW:]))
    if period is None:
        return None
    flat, places = _placed(text)
    start = len(flat) - period
    while start > 0 and flat[start - 1] == flat[start - 1 + period]:
        start -= 1
    times, least = (_TIMES_IN_ROWS, _LEAST_IN_ROWS) if _in_rows(text, flat[-period:]) else (TIMES, LEAST)
    if len(flat) - start < max(times * period, least):
        return None
    return _border(text, places[start + period], places[min(start + 2 * period, len(flat) - 1)])


def _flat(text: str) -> str:
    """Return the text as it is compared."""
    return _SPACE.sub(" ", _LISTED.sub("#", text))


def _placed(text: str) -> tuple[str, list[int]]:
    """Return the text as it is compared, and the place in the text of each of its characters."""
    characters: list[str] = []
    places: list[int] = []
    at = 0
    while at < len(text):
        places.append(at)
        if listed := _LISTED.match(text, at):
            characters.append("#")
            at = listed.end()
        elif space := _SPACE.match(text, at):
            characters.append(" ")
            at = space.end()
        else:
            characters.append(text[at])
            at += 1
    return "".join(characters), places


def _period(tail: str) -> int | None:
    """Return the shortest stretch that a tail says again and again at its end; None when it says none."""
    probe = tail[-_PROBE:]
    if tail.find(probe) >= len(tail) - len(probe):
        return None
    reaches = _reaches(tail[::-1])
    for period in range(1, min(_LONGEST, len(tail) // 2) + 1):
        if period + reaches[period] >= max(TIMES * period, LEAST):
            return period
    return None


def _reaches(text: str) -> list[int]:
    """Return for each place how long what begins there is like the beginning of the text (the Z function)."""
    reaches = [0] * len(text)
    left = right = 0
    for at in range(1, len(text)):
        reach = min(right - at, reaches[at - left]) if at < right else 0
        while at + reach < len(text) and text[reach] == text[at + reach]:
            reach += 1
        reaches[at] = reach
        if at + reach > right:
            left, right = at, at + reach
    return reaches


def _in_rows(text: str, block: str) -> bool:
    """Whether it is said where the same is often said for a reason."""
    words = sum(map(str.isalpha, block)) * 3 >= len(block.strip())
    last = text.rstrip().rpartition("\n")[2].lstrip()
    return not words or last.startswith("|") or len(_FENCE.findall(text)) % 2 == 1


def _border(text: str, least: int, most: int) -> int:
    """Return the nearest place from `least` to `most` where something ends."""
    for end in (_END, _WORD_END):
        if found := end.search(text, max(0, least - 1), most):
            return found.end()
    return least
