"""Questions that were seen: known again in other words' clothes, kept by nobody."""

import itertools
import random
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.contamination import NOTHING_SEEN, SeenQuestions, TrainedOn, words_of
from tests.builders import NOON

LONG = "How long does a good sourdough with whole grain rye have to rest in a cold kitchen before I bake it?"
NINE = "Why does my oldest sourdough always collapse so quickly?"
EIGHT = "Why does my oldest sourdough always collapse quickly?"
LATER = NOON + timedelta(seconds=1)
WORDS = [f"word{letter}" for letter in "abcdefghijklmnopqrstuvwxyz"]
QUESTIONS = st.lists(st.sampled_from(WORDS), min_size=1, max_size=20, unique=True)


def knows(seen: str, asked: str) -> bool:
    return SeenQuestions.of([seen]).knows(asked)


@given(QUESTIONS, st.randoms(use_true_random=False))
def test_order_case_punctuation_and_width_make_no_difference(words: list[str], chance: random.Random) -> None:
    seen = SeenQuestions.of([" ".join(words)])
    shuffled = [word.upper() for word in words]
    chance.shuffle(shuffled)

    assert seen.knows(", ".join(shuffled) + " ?!")
    assert seen.knows(" ".join(words).replace("w", "\N{FULLWIDTH LATIN SMALL LETTER W}"))


@given(QUESTIONS, QUESTIONS)
def test_questions_of_other_words_are_not_known(seen: list[str], other: list[str]) -> None:
    if len(set(seen) & set(other)) * 2 < min(len(seen), len(other)):
        assert not knows(" ".join(seen), " ".join(other))


@given(QUESTIONS, QUESTIONS)
def test_nothing_is_known_of_nothing(words: list[str], other: list[str]) -> None:
    assert not NOTHING_SEEN.knows(" ".join(words))
    assert not SeenQuestions.of(["", "?!", "🍕"]).knows(" ".join(other))
    assert not SeenQuestions.of([" ".join(words)]).knows("?!")


@given(QUESTIONS, st.data())
def test_one_word_more_less_or_other_leaves_a_question_known_where_menus_call_it_alike(
    words: list[str], data: st.DataObject
) -> None:
    place = data.draw(st.integers(0, len(words) - 1))
    changed = data.draw(
        st.sampled_from(
            [
                [*words[:place], "new", *words[place:]],
                [*words[:place], *words[place + 1 :]],
                [*words[:place], "new", *words[place + 1 :]],
            ]
        )
    )
    one, other = set(words), set(changed)

    if 5 * len(one & other) >= 4 * len(one | other):
        assert knows(" ".join(words), " ".join(changed))
        assert knows(" ".join(changed), " ".join(words))


@pytest.mark.parametrize("place", range(len(LONG.split())))
def test_a_long_question_is_known_whichever_of_its_words_is_another(place: int) -> None:
    words = LONG.split()
    words[place] = "nonsense"

    assert knows(LONG, " ".join(words))


@pytest.mark.parametrize(
    ("seen", "asked", "known"),
    [
        ("What is basil?", "What is thyme?", False),
        ("How do I cook rice?", "How do I cook eggs?", False),
        (NINE, NINE.replace("oldest", "newest"), True),
        (EIGHT, EIGHT.replace("oldest", "newest"), False),
        ("How do I cook good rice?", "How do I cook rice?", True),
        ("How do I cook?", "How do I cook rice?", True),
        ("How do I cook?", "How do I?", False),
        ("How do I set up the VPN?", "How do I set up the printer?", False),
        ("How do I set up the VPN?", "How do I set up the VPN on a phone at home?", False),
        ("So, hm, please tell me quickly: how do I set up the VPN?", "How do I set up the VPN?", True),
        (f"{LONG} And why does it smell of vinegar?", LONG, True),
        (LONG, f"{LONG} And why does it smell of vinegar when I open the jar in the morning?", True),
    ],
)
def test_what_is_like_what_was_seen(seen: str, asked: str, known: bool) -> None:
    assert knows(seen, asked) is known


@given(st.lists(QUESTIONS, max_size=4), st.lists(QUESTIONS, max_size=4), QUESTIONS)
def test_both_together_are_the_union(some: list[list[str]], more: list[list[str]], asked: list[str]) -> None:
    first, second = ([" ".join(words) for words in each] for each in (some, more))
    both = SeenQuestions.of(first) | SeenQuestions.of(second)

    assert both == SeenQuestions.of([*first, *second])
    assert both | NOTHING_SEEN == both
    assert all(both.knows(text) for text in (*first, *second))
    if SeenQuestions.of(first).knows(" ".join(asked)):
        assert both.knows(" ".join(asked))


def test_what_is_kept_is_hashes_and_no_words() -> None:
    document = TrainedOn(SeenQuestions.of([LONG, NINE]), None).to_document()
    kept = itertools.chain(document["whole"], document["but_one"], document["grams"])

    assert all(len(one) == 16 and set(one) <= set("0123456789abcdef") for one in kept)


def test_words_have_neither_case_nor_width_nor_punctuation() -> None:
    assert words_of("  Straße, \N{FULLWIDTH LATIN CAPITAL LETTER W}hy? ") == ["strasse", "why"]


@pytest.mark.parametrize(
    ("question", "asked_at", "covered"),
    [
        (EIGHT, None, True),
        (EIGHT, LATER, True),
        ("Why salt?", None, False),
        ("Why salt?", NOON, True),
        ("Why salt?", LATER, False),
    ],
)
def test_evidence_for_a_model_is_later_than_its_data_and_was_not_seen(
    question: str, asked_at: datetime | None, covered: bool
) -> None:
    assert TrainedOn(SeenQuestions.of([EIGHT]), NOON).covers(question, asked_at) is covered


def test_where_the_data_does_not_say_when_it_was_made_only_what_was_seen_counts() -> None:
    assert not TrainedOn(SeenQuestions.of([EIGHT]), None).covers("Why salt?", NOON)
