import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.suggestions import suggest

KEYS = ["temperature", "top_p", "max_tokens", "reasoning_effort", "seed", "stop", "extra"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("temperrature", "temperature"),
        ("Temperature", "temperature"),
        ("max-tokens", "max_tokens"),
        ("max tokens", "max_tokens"),
        ("maxtoken", "max_tokens"),
        ("topp", "top_p"),
        ("temp", "temperature"),
        ("reason", "reasoning_effort"),
        ("sede", "seed"),
    ],
)
def test_a_mistyped_word_finds_the_one_that_was_meant(written: str, meant: str) -> None:
    assert suggest(written, KEYS) == meant


@pytest.mark.parametrize("written", ["", "banana", "s", "t", "-", "x" * 40_000])
def test_a_word_that_is_like_none_finds_none(written: str) -> None:
    assert suggest(written, KEYS) is None


def test_a_beginning_that_two_words_share_finds_none() -> None:
    assert suggest("plain", ["plain-spoken-waiter", "plain-text-robots"]) is None


def test_nothing_is_suggested_when_nothing_is_known() -> None:
    assert suggest("support", []) is None


@given(st.text(max_size=30), st.lists(st.text(max_size=12), max_size=6))
def test_only_known_words_are_suggested_and_order_does_not_matter(word: str, known: list[str]) -> None:
    found = suggest(word, known)
    assert found is None or found in known
    assert suggest(word, known[::-1]) == found
