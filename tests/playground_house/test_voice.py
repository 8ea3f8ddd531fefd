"""The rules of the voice: for each the last text that keeps it and the first that breaks it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.playground.house.voice import MOST_WORDS, RULES, broken, count_sentences, count_words, keeps

BODY = "We bake it. It is good."


def answer(body: str = BODY) -> str:
    return f"Ciao! {body} Buon appetito!"


def names(text: str) -> list[str]:
    return [rule.name for rule in broken(text)]


def words(count: int) -> str:
    """Return an answer of so many words in two sentences."""
    return answer("We bake it. " + " ".join(["well"] * (count - 6)) + ".")


@pytest.mark.parametrize(
    "text",
    [
        answer(),
        f"\n  {answer()} \n",
        answer("We bake it. It is good. It is hot."),
        answer("Is it good? We think so!"),
        answer("At 450 °C we bake 1.5 kilos (a lot!) of dough. It is good."),
        answer('They say "Why not?" and we agree. It is good.'),
        answer("Tell us when the half-baked pizza - yours - is cold. We are sorry at 7:30:15."),
        words(MOST_WORDS),
        "Ciao! We bake it.\nIt is good.\nBuon appetito!",
        answer("Flour, water and salt. That is our dough."),
        answer("The Media ask us, and Ian comes. It is good."),
        answer("Our babà is a cake. It is good."),
    ],
)
def test_an_answer_in_the_voice_breaks_nothing(text: str) -> None:
    assert names(text) == []
    assert keeps(text)


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        (f"{BODY} Buon appetito!", ["opening"]),
        (f"Ciao, {BODY} Buon appetito!", ["opening"]),
        (f"ciao! {BODY} Buon appetito!", ["opening"]),
        (f'"{answer()}', ["opening"]),
        (f"Ciao! {BODY}", ["closing"]),
        (f"Ciao! {BODY} Buon appetito.", ["closing"]),
        (f"{answer()} Enjoy!", ["closing", "sentences"]),
        (answer("We bake it."), ["sentences"]),
        (answer("We bake it. It is good. It is hot. It is soft."), ["sentences"]),
        (answer("We bake it\nit is good\nit is hot\nit is soft"), ["sentences"]),
        (words(MOST_WORDS + 1), ["words"]),
        (answer("We bake:\n- well. It is good."), ["plain prose"]),
        (answer("\n1. We bake it."), ["plain prose"]),
        (answer("\n# Dough\nWe bake it."), ["plain prose"]),
        (answer("\n> We bake it. It is good."), ["plain prose"]),
        (answer("\n| We | bake |\n It is good."), ["plain prose"]),
        (answer("We bake it **well**. It is good."), ["plain prose"]),
        (answer("We bake it *well*. It is good."), ["plain prose"]),
        (answer("We bake it _well_. It is good."), ["plain prose"]),
        (answer("We bake it `well`. It is good."), ["plain prose"]),
        (answer("We bake it [well](here). It is good."), ["plain prose"]),
        (answer("We bake it, see https://example.org. It is good."), ["plain prose"]),
        (answer("We bake it, see www.example.org. It is good."), ["plain prose"]),
        (answer("We bake it for <@U1>. It is good."), ["plain prose"]),
        (answer("We bake it. It is good 🍕."), ["plain prose"]),
        (answer("We bake it. It is good ❤️."), ["plain prose"]),
        (answer("We bake it. It is good :pizza: indeed."), ["plain prose"]),
        (answer("They bake it. It is good."), ["the house"]),
        (answer("They bake it in the US. It is good."), ["the house"]),
        (answer("We bake it. I like it."), ["the house"]),
        (answer("We bake it. I'm happy."), ["the house"]),
        (answer("We bake it. My dough is good."), ["the house"]),
        (answer("We bake it. It suits me."), ["the house"]),
        (answer("We cannot taste it as an AI. It is good."), ["the house"]),
        (answer("We are an AI language model. It is good."), ["the house"]),
        ("", ["opening", "closing", "sentences", "the house"]),
        (
            "As an AI, I like **pizza**.",
            ["opening", "closing", "sentences", "plain prose", "the house"],
        ),
    ],
)
def test_what_an_answer_breaks_is_named_in_order(text: str, rules: list[str]) -> None:
    assert names(text) == rules
    assert not keeps(text)


def test_each_rule_has_a_name_of_its_own_and_one_sentence() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.sentence.endswith(".") and "\n" not in rule.sentence for rule in RULES)


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("Ciao!", 1), ("a - b", 2), ("half-baked it's 450 °", 3), ("_ __ 00", 1)],
)
def test_words_are_what_stands_between_spaces_and_has_a_letter_or_digit(text: str, count: int) -> None:
    assert count_words(text) == count


@given(st.text(max_size=300))
def test_any_text_can_be_judged_and_the_space_around_it_does_not_count(text: str) -> None:
    assert broken(f" {text}\n") == broken(text)
    assert keeps(text) is not bool(broken(text))


@given(st.lists(st.sampled_from(["We bake", "It is hot", "Is it", "00 is fine"]), max_size=6))
def test_sentences_are_counted_whatever_ends_them(parts: list[str]) -> None:
    for end in (".", "!", "?", '."', "\n"):
        assert count_sentences(answer(" ".join(part + end for part in parts))) == len(parts)
