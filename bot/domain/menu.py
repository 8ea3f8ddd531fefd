"""Menus: fixed lists of questions for a tasting; what is taken out of them, drawn from them, kept for practice.

Two questions are near-duplicates when most of their words are the same: the Jaccard index of their sets of
words, |A & B| / |A | B|, is at least 0.8 (Jaccard 1901, "Étude comparative de la distribution florale"). Of such
two, the first stays. To find them among thousands, only those are compared that share one of their rarer words:
with n words, an index of j or more is impossible when none of the rarest n - ceil(j n) + 1 are shared (the
prefix filter of Chaudhuri, Ganti and Kaushik 2006, "A primitive operator for similarity joins").
"""

import hashlib
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NewType

from bot.domain.contamination import NOTHING_SEEN, SeenQuestions, words_of
from bot.domain.lots import lot

QuestionId = NewType("QuestionId", str)
"""Names a question by its words: what differs in case, space or punctuation only has the same."""

LONGEST_QUESTION = 3_000
"""Characters of a question on a menu: what one Slack message shows beside two answers."""
MOST_QUESTIONS = 200
"""Questions on a menu; a longer list is drawn from."""
DEFAULT_COUNT = 40
_ALIKE, _OF = 4, 5
"""The Jaccard index from which on two are near-duplicates, in whole numbers."""


@dataclass(frozen=True, slots=True)
class MenuQuestion:
    """One question, as it is asked.

    Raises:
        ValueError: It is empty or too long.
    """

    text: str

    def __post_init__(self) -> None:
        if not self.text.strip() or len(self.text) > LONGEST_QUESTION:
            raise ValueError(f"a question of {len(self.text)} characters")

    @property
    def id(self) -> QuestionId:
        """Its name."""
        folded = " ".join(words_of(self.text)) or self.text.strip()
        return QuestionId(hashlib.sha256(folded.encode()).hexdigest()[:16])


@dataclass(frozen=True, slots=True)
class Left:
    """How many questions were left out, and why.

    Attributes:
        empty: Without a word, or without anything.
        too_long: Longer than LONGEST_QUESTION.
        same: Word for word on the menu already.
        alike: Nearly the same as one that is on it.
        trained: A contestant was trained on them, or on one alike.
        not_drawn: Not drawn.
    """

    empty: int = 0
    too_long: int = 0
    same: int = 0
    alike: int = 0
    trained: int = 0
    not_drawn: int = 0

    @property
    def total(self) -> int:
        """All that were left out."""
        return self.empty + self.too_long + self.same + self.alike + self.trained + self.not_drawn


@dataclass(frozen=True, slots=True)
class Menu:
    """A list of questions that is fixed.

    Attributes:
        questions: Each once, in the order in which they were given.
        left: What is not on it.
        seed: What it was drawn with; None when nothing was drawn by chance.
    """

    questions: tuple[MenuQuestion, ...]
    left: Left
    seed: int | None = None


@dataclass(frozen=True, slots=True)
class Halves:
    """A menu in two: what may be looked at while a prompt is improved, and what is kept for the tasting."""

    practice: tuple[MenuQuestion, ...]
    final: tuple[MenuQuestion, ...]


def set_menu(
    texts: Iterable[str], *, count: int = MOST_QUESTIONS, seed: int = 0, trained: SeenQuestions = NOTHING_SEEN
) -> Menu:
    """Make a menu of questions that somebody gave.

    Args:
        texts: The questions; what is no question, is there twice or is too long is left out.
        count: How many at most, 1 to MOST_QUESTIONS; of more, so many are drawn by chance.
        seed: What they are drawn with: the same seed draws the same of the same questions.
        trained: What a contestant was trained on.

    Raises:
        ValueError: The count is out of its range.
    """
    if not 1 <= count <= MOST_QUESTIONS:
        raise ValueError(f"a menu of {count} questions")
    left: Counter[str] = Counter()
    kept: dict[QuestionId, MenuQuestion] = {}
    for text in texts:
        question = MenuQuestion(text.strip()) if _fits(text) else None
        if question is None:
            left["too_long" if words_of(text) else "empty"] += 1
        elif trained.knows(text):
            left["trained"] += 1
        elif question.id in kept:
            left["same"] += 1
        else:
            kept[question.id] = question
    alike = _alike([question.text for question in kept.values()])
    left["alike"] = len(alike)
    questions = [question for place, question in enumerate(kept.values()) if place not in alike]
    return draw(Menu(tuple(questions), Left(**left)), count, seed)


def draw(menu: Menu, count: int, seed: int) -> Menu:
    """Draw so many of a menu's questions by chance; with no more than that it stays as it is."""
    over = len(menu.questions) - count
    if over <= 0:
        return menu
    left = replace(menu.left, not_drawn=menu.left.not_drawn + over)
    return Menu(_drawn(menu.questions, count, f"menu {seed}"), left, seed)


def without_seen(menu: Menu, trained: SeenQuestions) -> Menu:
    """Take out of a menu what a contestant was trained on, and count it."""
    questions = tuple(question for question in menu.questions if not trained.knows(question.text))
    taken = len(menu.questions) - len(questions)
    left = replace(menu.left, trained=menu.left.trained + taken)
    return replace(menu, questions=questions, left=left)


def halve(menu: Menu, seed: int) -> Halves:
    """Part a menu by chance into practice and final; of an odd number, final has one more.

    The same seed parts the same questions alike.
    """
    practice = _drawn(menu.questions, len(menu.questions) // 2, f"practice {seed}")
    return Halves(practice, tuple(question for question in menu.questions if question not in practice))


def _drawn(questions: Sequence[MenuQuestion], count: int, words: str) -> tuple[MenuQuestion, ...]:
    """Draw so many, and leave them in their order."""
    drawn = set(sorted(questions, key=lambda question: lot(words, question.id))[:count])
    return tuple(question for question in questions if question in drawn)


def _fits(text: str) -> bool:
    return bool(words_of(text)) and len(text.strip()) <= LONGEST_QUESTION


def _alike(texts: Sequence[str]) -> set[int]:
    """Return the places of texts that are nearly the same as one before them."""
    sets = [frozenset(words_of(text)) for text in texts]
    often = Counter(word for words in sets for word in words)
    by_rare_word: dict[str, list[int]] = {}
    alike: set[int] = set()
    for place, words in enumerate(sets):
        rare = sorted(words, key=lambda word: (often[word], word))
        rare = rare[: len(rare) - -(-_ALIKE * len(rare) // _OF) + 1]
        near = {other for word in rare for other in by_rare_word.get(word, ())}
        if any(_OF * len(words & sets[other]) >= _ALIKE * len(words | sets[other]) for other in near):
            alike.add(place)
            continue
        for word in rare:
            by_rare_word.setdefault(word, []).append(place)
    return alike
