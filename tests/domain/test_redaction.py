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


@pytest.mark.parametrize(
    "number",
    [
        "4111 1111 1111 1112",
        "4111",
        "0" * 16,
        "4111111111111111_1",
        "411111111111111111111",
        "4111  111111111111",
    ],
)
def test_other_long_numbers_are_no_card(number: str) -> None:
    assert checked(Check.LUHN, number) == number


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("4111 1111 1111 1111 1111", "[x 1] 1111"),
        ("4111 1111 1111 1111 12/27 123", "[x 1] 12/27 123"),
        ("4111 1111 1111 1111 5500 0000 0000 0004 4111111111111111", "[x 1] [x 2] [x 1]"),
        ("1234 4111 1111 1111 1111", "1234 [x 1]"),
    ],
)
def test_a_card_number_may_stand_among_others(text: str, masked: str) -> None:
    assert checked(Check.LUHN, text, r"\d(?:[ /]?\d){10,30}") == masked


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("4111 1111\n1111 1111", "[x 1]"),
        ("4111 - 1111 - 1111 - 1111", "[x 1]"),
        ("4111 1111\n1111 1111 1227", "[x 1] 1227"),
        ("4111  1111  1111  1111  1227", "4111  1111  1111  1111  1227"),
        ("41\u200b11 1111 1111 1111", "[x 1]"),
        ("4111\n1111\n1111\n1111", "4111\n1111\n1111\n1111"),
        ("4111.1111 1111.1111", "4111.1111 1111.1111"),
        ("4111.111111111111", "4111.111111111111"),
    ],
)
def test_unusual_gaps_stand_between_the_usual_groups_of_a_card(text: str, masked: str) -> None:
    assert checked(Check.LUHN, text, r"[\d\s.\u200b-]+") == masked


def test_what_is_taken_ends_a_number_before_it() -> None:
    cards = Pattern("card", re.compile(r"(?<!\d)4\d{3}(?: \d{4}){3}"), Check.LUHN)
    phones = Pattern("phone", re.compile(r"\+\d(?: ?\d){6,14}"), Check.PHONE)

    assert Redactor((cards, phones)).mask(["+49 89 1234567 4111 1111 1111 1111"]) == ["[phone 1] [card 1]"]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("DE89 3704 0044 0532 0130 00", "[x 1]"),
        ("DE89370400440532013000 Bitte", "[x 1] Bitte"),
        ("GB82WEST12345698765432", "[x 1]"),
        ("de89370400440532013000", "[x 1]"),
        ("DE88370400440532013000", "DE88370400440532013000"),
        ("DE89", "DE89"),
        ("AB12 DE89 3704 0044 0532 0130 00", "AB12 [x 1]"),
        ("DE89-3704-0044-0532-0130-00", "[x 1]"),
        ("DE89-370400-440532-0130-00", "DE89-370400-440532-0130-00"),
        ("DE89 3704 0044\n0532 0130 00", "[x 1]"),
    ],
)
def test_an_account_number_has_the_right_check_digits_and_may_be_followed_by_words(
    text: str, masked: str
) -> None:
    assert checked(Check.IBAN, text, r"[A-Za-z]{2}[A-Za-z0-9 \n-]+") == masked


@pytest.mark.parametrize("number", ["+49 89 123456", "089/1234567", "555 123 4567"])
def test_a_phone_number_has_a_fitting_length(number: str) -> None:
    assert checked(Check.PHONE, number) == "[x 1]"


@pytest.mark.parametrize("number", ["2024-01-15", "20240115", "978-3-16-148410-0", "12345", "1" * 16])
def test_dates_and_numbers_of_books_are_no_phone_numbers(number: str) -> None:
    assert checked(Check.PHONE, number) == number


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("01 23 45 67 89", "[x 1]"),
        ("06 12 05 33 02", "[x 1]"),
        ("05 06 07 08 09", "05 06 07 08 09"),
        ("03 12 19 41 50", "03 12 19 41 50"),
        ("06 12 05 33 02 -", "[x 1] -"),
        ("()", "()"),
    ],
)
def test_pairs_of_digits_that_rise_were_drawn(text: str, masked: str) -> None:
    assert checked(Check.PAIRS, text, r"[\d ()-]+") == masked


def test_an_address_is_the_same_with_what_nobody_sees_in_it() -> None:
    addresses = Redactor((Pattern("e-mail", re.compile(r"\S+@\S+")),))

    assert addresses.mask(["ann@exam\u00adple.com Ann@\u200bexample.com"]) == ["[e-mail 1] [e-mail 1]"]


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
