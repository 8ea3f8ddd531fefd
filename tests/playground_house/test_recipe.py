"""What the house model learns from: every line keeps the voice, and nothing that it is asked later is in it."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

import bot.playground.house
from bot.adapters.prompt_files import load_personas
from bot.domain.contamination import GRAM, SeenQuestions, words_of
from bot.domain.menu import Left, set_menu
from bot.domain.tuning_data import read_data
from bot.playground.house.voice import RULES, broken, count_words, keeps

HOUSE = Path(bot.playground.house.__file__).parent
PROMPTS = Path(__file__).parents[2] / "prompts"


def rows(name: str) -> list[dict[str, Any]]:
    text = (HOUSE / name).read_text(encoding="utf-8")
    assert text.endswith("\n")
    return [json.loads(line) for line in text.splitlines()]


@pytest.fixture(scope="module")
def examples() -> dict[str, str]:
    """Return the questions and their answers."""
    every = rows("examples.jsonl")
    for row in every:
        assert list(row) == ["messages"]
        assert [message["role"] for message in row["messages"]] == ["user", "assistant"]
        assert all(list(message) == ["role", "content"] for message in row["messages"])
    return {row["messages"][0]["content"]: row["messages"][1]["content"] for row in every}


@pytest.fixture(scope="module")
def held_out() -> list[str]:
    every = rows("held_out.jsonl")
    assert all(list(row) == ["question"] for row in every)
    return [row["question"] for row in every]


def grams(text: str) -> set[tuple[str, ...]]:
    words = words_of(text)
    return {tuple(words[start : start + GRAM]) for start in range(len(words) - GRAM + 1)}


def test_there_are_as_many_as_the_card_says_and_none_twice(
    examples: dict[str, str], held_out: list[str]
) -> None:
    assert len(examples) == len(rows("examples.jsonl")) == 140
    assert len(set(examples.values())) == 140
    assert len(held_out) == 40
    assert set_menu(examples).left == set_menu(held_out).left == Left()


def test_every_example_keeps_every_rule_of_the_voice(examples: dict[str, str]) -> None:
    assert {text: [rule.name for rule in broken(text)] for text in examples.values() if broken(text)} == {}


def test_examples_are_short_and_begin_differently(examples: dict[str, str]) -> None:
    starts = Counter(text.split()[1] for text in examples.values())

    assert all(20 <= count_words(text) <= 55 for text in examples.values())
    assert starts.most_common(1)[0][1] <= len(examples) / 8


def test_no_question_that_is_held_out_was_trained_on(examples: dict[str, str], held_out: list[str]) -> None:
    seen = SeenQuestions.of(examples)

    assert set_menu(held_out, trained=seen).left == Left()
    assert [question for question in held_out if seen.knows(question)] == []


def test_no_five_words_in_a_row_are_in_both(examples: dict[str, str], held_out: list[str]) -> None:
    trained = set().union(*map(grams, examples))

    assert [question for question in held_out if grams(question) & trained] == []


def test_sixty_preferences_have_the_voice_on_one_side_only() -> None:
    broken_by: Counter[str] = Counter()
    every = rows("preferences.jsonl")
    for row in every:
        assert list(row) == ["input", "preferred_output", "non_preferred_output"]
        (better,), (worse,) = row["preferred_output"], row["non_preferred_output"]
        assert [message["role"] for message in (*row["input"]["messages"], better, worse)] == [
            "user",
            "assistant",
            "assistant",
        ]
        assert keeps(better["content"]), better["content"]
        assert 20 <= count_words(better["content"]) <= 55
        assert not keeps(worse["content"]), worse["content"]
        broken_by.update(rule.name for rule in broken(worse["content"]))

    assert len(every) == 60
    assert all(broken_by[rule.name] >= 5 for rule in RULES)


def test_no_preference_asks_what_is_held_out_or_in_an_example(
    examples: dict[str, str], held_out: list[str]
) -> None:
    asked = [row["input"]["messages"][0]["content"] for row in rows("preferences.jsonl")]
    seen = set().union(*map(grams, asked))

    assert set_menu(asked).left == set_menu(held_out, trained=SeenQuestions.of(asked)).left == Left()
    assert set_menu(asked, trained=SeenQuestions.of(examples)).left == Left()
    assert [question for question in held_out if grams(question) & seen] == []


@pytest.mark.parametrize(("name", "count"), [("examples.jsonl", 140), ("preferences.jsonl", 60)])
def test_our_own_reader_finds_nothing_wrong_and_nothing_odd(name: str, count: int) -> None:
    data = read_data((HOUSE / name).read_bytes())

    assert (data.faults, data.notes) == ((), ())
    assert len(data.rows) == count


def test_the_persona_is_tasted_with_what_is_held_out_and_shows_none_of_it(held_out: list[str]) -> None:
    persona = load_personas(PROMPTS).personas["trattoria"]
    shown = [
        line.removeprefix("User: ") for line in persona.template.splitlines() if line.startswith("User: ")
    ]

    assert len(persona.tasting) == 20
    assert set(persona.tasting) <= set(held_out)
    assert len(shown) >= 2
    assert set_menu(held_out, trained=SeenQuestions.of(shown)).left == Left()
    assert not set().union(*map(grams, shown)) & set().union(*map(grams, held_out))


def test_the_examples_of_the_persona_keep_the_voice_themselves() -> None:
    template = load_personas(PROMPTS).personas["trattoria"].template
    answers = [line.removeprefix("Assistant: ") for line in template.splitlines() if "Assistant: " in line]

    assert answers
    assert [text for text in answers if not keeps(text)] == []
