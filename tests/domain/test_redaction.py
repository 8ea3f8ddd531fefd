"""Masking, with the patterns that are shipped left aside: what checks accept, and how placeholders are given."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.redaction import Check, Pattern, Redactor
from bot.domain.thread import Message, Role

WORD = Redactor((Pattern("name", re.compile(r"Ann|Ben|ANN")),))


def checked(check: Check, text: str, regex: str = r"[\w+][\w+ ()/.-]*") -> str:
    return Redactor((Pattern("x", re.compile(regex), check),)).mask([text])[0]


def test_the_same_thing_has_the_same_placeholder_in_the_whole_conversation() -> None:
    assert WORD.mask(["Ann met Ben.", "Ben? No, Ann."]) == [
        "[name 1] met [name 2].",
        "[name 2]? No, [name 1].",
    ]


def test_two_spellings_of_one_number_are_one_thing() -> None:
    digits = Redactor((Pattern("number", re.compile(r"\d[\d -]*\d")),))

    assert digits.mask(["12-34, 1234, 12 34, 4321"]) == ["[number 1], [number 1], [number 1], [number 2]"]


def test_where_two_patterns_overlap_the_first_wins() -> None:
    both = Redactor((Pattern("two", re.compile("bc")), Pattern("all", re.compile("abcd|e"))))

    assert both.mask(["abcde"]) == ["a[two 1]d[all 1]"]


def test_only_the_value_of_a_pattern_is_masked_where_it_names_one() -> None:
    keyed = Redactor((Pattern("number", re.compile(r"no\. (?P<value>\d+)")),))

    assert keyed.mask(["Order no. 12"]) == ["Order no. [number 1]"]


def test_the_system_prompt_stays_and_everything_else_is_masked() -> None:
    messages = [
        Message(Role.SYSTEM, "You are Ann."),
        Message(Role.USER, "Ask Ben."),
        Message(Role.ASSISTANT, "Ben says no."),
    ]

    assert [message.text for message in WORD.mask_messages(messages)] == [
        "You are Ann.",
        "Ask [name 1].",
        "[name 1] says no.",
    ]


def test_a_pattern_without_an_expression_finds_secrets() -> None:
    assert Redactor((Pattern("secret", None),)).mask(["xoxb-123456789012-abcdefghij!"]) == ["[secret 1]!"]


@pytest.mark.parametrize("number", ["4111 1111 1111 1111", "378282246310005", "5555555555554444"])
def test_a_card_number_has_the_right_check_digit(number: str) -> None:
    assert checked(Check.LUHN, number) == "[x 1]"


@pytest.mark.parametrize("number", ["4111 1111 1111 1112", "4111", "0" * 16, "4111 1111 1111 1111 1111"])
def test_other_long_numbers_are_no_card(number: str) -> None:
    assert checked(Check.LUHN, number) == number


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("DE89 3704 0044 0532 0130 00", "[x 1]"),
        ("DE89370400440532013000 Bitte", "[x 1] Bitte"),
        ("GB82WEST12345698765432", "[x 1]"),
        ("de89370400440532013000", "[x 1]"),
        ("DE88370400440532013000", "DE88370400440532013000"),
        ("DE89", "DE89"),
    ],
)
def test_an_account_number_has_the_right_check_digits_and_may_be_followed_by_words(
    text: str, masked: str
) -> None:
    assert checked(Check.IBAN, text, "[A-Za-z]{2}[A-Za-z0-9 ]+") == masked


@pytest.mark.parametrize("number", ["+49 89 123456", "089/1234567", "555 123 4567"])
def test_a_phone_number_has_a_fitting_length(number: str) -> None:
    assert checked(Check.PHONE, number) == "[x 1]"


@pytest.mark.parametrize("number", ["2024-01-15", "20240115", "978-3-16-148410-0", "12345", "1" * 16])
def test_dates_and_numbers_of_books_are_no_phone_numbers(number: str) -> None:
    assert checked(Check.PHONE, number) == number


@pytest.mark.parametrize("word", ["A1b2C3d4E5f6G7h8I9j0K1l2M3n4", "0123456789abcdef0123456789abcdef"])
def test_a_long_mixed_run_is_random(word: str) -> None:
    assert checked(Check.RANDOM, word) == "[x 1]"


@pytest.mark.parametrize(
    "word",
    [
        "Donaudampfschifffahrtsgesellschaftskapitaen",
        "AbstractSingletonProxyFactoryBean",
        "A1b2C3d4",
        "1" * 40,
        "abababababababababababababab123",
    ],
)
def test_long_words_and_long_numbers_are_not(word: str) -> None:
    assert checked(Check.RANDOM, word) == word


@given(st.lists(st.text("An Be.,", max_size=30), max_size=4))
def test_masking_what_is_masked_changes_nothing(texts: list[str]) -> None:
    once = WORD.mask(texts)

    assert WORD.mask(once) == once
    assert not any(re.search("Ann|Ben", text) for text in once)


@given(st.lists(st.text("AnBe .", max_size=30), min_size=1, max_size=4))
def test_what_is_not_masked_stays_in_its_order(texts: list[str]) -> None:
    for text, masked in zip(texts, WORD.mask(texts), strict=True):
        assert re.split("Ann|Ben", text) == re.split(r"\[name \d+\]", masked)
