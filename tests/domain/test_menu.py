"""Menus: what gets on them, what is left out, and that the same seed draws the same."""

import itertools
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.contamination import SeenQuestions
from bot.domain.menu import (
    LONGEST_QUESTION,
    MOST_QUESTIONS,
    Left,
    Menu,
    MenuQuestion,
    halve,
    set_menu,
    without_seen,
)

WORDS = st.sampled_from(list("abcdefghijklmnop"))
QUESTIONS = st.lists(st.lists(WORDS, min_size=1, max_size=12).map(" ".join), max_size=30)


def texts(menu: Menu) -> list[str]:
    return [question.text for question in menu.questions]


def test_questions_stay_in_their_order_without_the_space_around_them() -> None:
    menu = set_menu(["  Why salt?\n", "What is basil?"])

    assert texts(menu) == ["Why salt?", "What is basil?"]
    assert (menu.left, menu.seed) == (Left(), None)


@pytest.mark.parametrize(
    ("given_texts", "left"),
    [
        (["Why?", "", "  ", "?!", "🍕"], Left(empty=4)),
        (["Why?", "why", "WHY ?!", "\N{FULLWIDTH LATIN CAPITAL LETTER W}hy?"], Left(same=3)),
        (["Why?", "x" * (LONGEST_QUESTION + 1)], Left(too_long=1)),
        (["How long does a dough need to rest?", "How long does the dough need to rest?"], Left()),
        (
            [
                "How long does a good sourdough need to rest in the fridge?",
                "How long does a good sourdough need to rest in a fridge?",
            ],
            Left(alike=1),
        ),
        (["What is basil?", "What is thyme?"], Left()),
    ],
)
def test_what_is_no_question_or_there_already_is_left_out_and_counted(
    given_texts: list[str], left: Left
) -> None:
    menu = set_menu(given_texts)

    assert menu.left == left
    assert texts(menu)[0] == given_texts[0]
    assert len(menu.questions) + left.total == len(given_texts)


def test_what_a_contestant_was_trained_on_is_left_out_also_when_it_is_only_alike() -> None:
    trained = SeenQuestions.of(["Why does my sourdough collapse in the oven at night?", "", "x" * 4_000])
    menu = set_menu(
        [
            "why does my sourdough collapse in the oven at night",
            "Why does my sourdough collapse in the oven at noon and at night?",
            "Why salt?",
        ],
        trained=trained,
    )

    assert texts(menu) == ["Why salt?"]
    assert menu.left == Left(trained=2)


def test_of_three_in_a_row_that_are_alike_pairwise_the_first_stays() -> None:
    stem = "one two three four five six seven eight nine ten"

    assert texts(set_menu([f"{stem} a", f"{stem} b", f"{stem} c"])) == [f"{stem} a"]


def test_of_too_many_so_many_are_drawn_and_kept_in_order() -> None:
    questions = [f"Question number {number}?" for number in range(300)]
    menu = set_menu(questions, count=40, seed=7)

    assert len(menu.questions) == 40
    assert texts(menu) == sorted(texts(menu), key=questions.index)
    assert (menu.left, menu.seed) == (Left(not_drawn=260), 7)
    assert menu == set_menu(questions, count=40, seed=7)
    assert menu != set_menu(questions, count=40, seed=8)


@pytest.mark.parametrize("count", [0, MOST_QUESTIONS + 1])
def test_a_menu_has_from_one_to_two_hundred_questions(count: int) -> None:
    with pytest.raises(ValueError, match="a menu of"):
        set_menu(["Why?"], count=count)


@pytest.mark.parametrize("text", ["", "  ", "x" * (LONGEST_QUESTION + 1)])
def test_a_question_is_neither_empty_nor_too_long(text: str) -> None:
    with pytest.raises(ValueError, match="a question of"):
        MenuQuestion(text)


def test_a_question_has_a_name_by_its_words_also_where_it_has_none() -> None:
    assert MenuQuestion("Why salt?").id == MenuQuestion(" why  SALT ").id
    assert MenuQuestion("?").id != MenuQuestion("!").id


@pytest.mark.parametrize("size", [0, 1, 40, 41])
def test_halves_are_the_whole_and_the_final_one_is_no_smaller(size: int) -> None:
    menu = set_menu([f"Question number {number}?" for number in range(size)])
    halves = halve(menu, 3)

    assert set(halves.practice) | set(halves.final) == set(menu.questions)
    assert not set(halves.practice) & set(halves.final)
    assert len(halves.final) - len(halves.practice) == size % 2
    assert halves == halve(menu, 3)


@given(QUESTIONS, QUESTIONS)
def test_no_two_on_a_menu_are_alike_and_all_others_are_like_one_that_is(
    asked: list[str], trained: list[str]
) -> None:
    seen = SeenQuestions.of(trained)
    menu = set_menu(asked, trained=seen)
    words = [set(text.split()) for text in texts(menu)]

    def alike(a: set[str], b: set[str]) -> bool:
        return len(a & b) >= 0.8 * len(a | b)

    assert not any(alike(a, b) for a, b in itertools.combinations(words, 2))
    assert not any(seen.knows(text) for text in texts(menu))
    assert all(seen.knows(text) or any(alike(set(text.split()), other) for other in words) for text in asked)
    assert len(menu.questions) + menu.left.total == len(asked)
    assert menu.left.trained == sum(map(seen.knows, asked))


@given(QUESTIONS, QUESTIONS)
def test_what_is_taken_out_of_a_menu_later_is_counted_too(asked: list[str], trained: list[str]) -> None:
    seen, whole = SeenQuestions.of(trained), set_menu(asked)
    menu = without_seen(whole, seen)

    assert texts(menu) == [text for text in texts(whole) if not seen.knows(text)]
    assert len(menu.questions) + menu.left.total == len(asked)
    assert without_seen(menu, seen) == menu


def test_five_thousand_questions_take_no_longer_than_people_wait() -> None:
    chance = random.Random(5)
    words = [f"word{number}" for number in range(500)]
    questions = [f"How do I {' '.join(chance.sample(words, 8))}?" for _ in range(5_000)]
    began = time.process_time()

    menu = set_menu(questions, count=40)

    assert len(menu.questions) == 40
    assert time.process_time() - began < 10
