"""The patterns that are shipped, and files of one's own."""

import re
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.redaction_file import MOST_STEPS, RedactionFault, load_redactor
from bot.adapters.regex_cost import ENDLESS, most_steps

SHIPPED = load_redactor()


def masked(text: str) -> str:
    return SHIPPED.mask([text])[0]


# ------------------------------------------------------------ what is masked


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Write to ann@example.com, please.", "Write to [e-mail 1], please."),
        ("ANN@Example.com is ann@example.com", "[e-mail 1] is [e-mail 1]"),
        ("ben.o'neil+x@mail.example.co.uk.", "[e-mail 1]."),
        ("jörg@müller.de", "[e-mail 1]"),
        ("+49 (0)89 1234-56", "[phone 1]"),
        ("Call +1 555 123 4567 now", "Call [phone 1] now"),
        ("+43-1-5877850", "[phone 1]"),
        ("0049 89 123456", "[phone 1]"),
        ("089 / 1234567", "[phone 1]"),
        ("(030) 1234-5678", "[phone 1]"),
        ("0171/123 45 67, 0171 1234567", "[phone 1], [phone 1]"),
        ("01711234567", "[phone 1]"),
        ("(555) 123-4567, 555-123-4567, 555.123.4567", "[phone 1], [phone 1], [phone 1]"),
        ("Tel. 4711-234", "Tel. [phone 1]"),
        ("Telefon: 555 1234", "Telefon: [phone 1]"),
        ("card 4111 1111 1111 1111.", "card [card 1]."),
        ("IBAN DE89 3704 0044 0532 0130 00 bitte", "IBAN [IBAN 1] bitte"),
        ("GB82WEST12345698765432", "[IBAN 1]"),
        ("xoxb-123456789012-abcdefghij", "[secret 1]"),
        ("ghp_abcdefghijklmnop1234", "[secret 1]"),
        ("AKIAABCDEFGHIJKLMNOP", "[secret 1]"),
        ("sk-proj-abcdefgh1234567890abcd", "[secret 1]"),
        ("password=Tr0ub4dor&3x", "password=[secret 1]"),
        ("A1b2C3d4E5f6G7h8I9j0K1l2M3n4O5", "[secret 1]"),
        ("-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBg\n-----END PRIVATE KEY-----", "[secret 1]"),
    ],
)
def test_what_is_private_is_masked(text: str, shown: str) -> None:
    assert masked(text) == shown


CARD = "4111 1111 1111 1111"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (f"{CARD} 12/27 123", "[card 1] 12/27 123"),
        (f"{CARD} 12 27", "[card 1] 12 27"),
        (f"{CARD} 5500 0000 0000 0004", "[card 1] [card 2]"),
        (f"{CARD}\n{CARD}", "[card 1]\n[card 1]"),
        ("+49 171 1234567 0171 7654321", "[phone 1] [phone 2]"),
        ("0171 1234567 030 7654321", "[phone 1] [phone 2]"),
        (f"+49 89 1234567 {CARD}", "[phone 1] [card 1]"),
        ("+49 89 1234567\n2024 and 1. that", "[phone 1]\n2024 and 1. that"),
        ("0171 1234567 12345", "[phone 1] 12345"),
        ("0171 1234567 12.50 EUR", "[phone 1] 12.50 EUR"),
        ("Tel. 0171 1234567 or 030 1234567", "Tel. [phone 1] or [phone 2]"),
        ("01 23 45 67 89 12:30", "[phone 1] 12:30"),
        ("AB12 DE89 3704 0044 0532 0130 00 AB", "AB12 [IBAN 1] AB"),
        ("DE89 3704 0044 0532 0130 00 DE89370400440532013000", "[IBAN 1] [IBAN 1]"),
    ],
)
def test_a_number_is_masked_whatever_follows_it(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "gap", [" ", "-", "  ", ".", " - ", "\u00a0", "\u202f", "\u2009", "\u2011", "\u2013", "\u200b"]
)
def test_numbers_are_parted_in_many_ways(gap: str) -> None:
    assert masked(CARD.replace(" ", gap)) == "[card 1]"
    assert masked(f"+49{gap}171{gap}1234567") == "[phone 1]"
    assert masked(f"0049{gap}171{gap}1234567") == "[phone 1]"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("4111 1111\n1111 1111", "[card 1]"),
        ("*4111 1111 1111 1111*-", "*[card 1]*-"),
        ("nr.4111111111111111", "nr.[card 1]"),
        ("nr.0171 1234567, nr.01711234567", "nr.[phone 1], nr.[phone 1]"),
        ("+49 171\n1234567, 0171\r\n7654321", "[phone 1], [phone 2]"),
        ("0171.123.45.67, 0171.1234567", "[phone 1], [phone 1]"),
        ("0171\u20131234567, 0171  1234567", "[phone 1], [phone 1]"),
        ("01 23 45 67 89, 01.23.45.67.89", "[phone 1], [phone 1]"),
        ("06\u202f12\u202f34\u202f56\u202f78", "[phone 1]"),
        ("DE89-3704-0044-0532-0130-00", "[IBAN 1]"),
        ("DE89\u202f3704\u202f0044\u202f0532\u202f0130\u202f00", "[IBAN 1]"),
        ("ann\u200b@exam\u00adple.c\u2060om, ann@example.com", "[e-mail 1], [e-mail 1]"),
    ],
)
def test_numbers_and_addresses_are_masked_however_they_are_set(text: str, shown: str) -> None:
    assert masked(text) == shown


@pytest.mark.parametrize(
    "text",
    [
        "ISBN 978-3-16-148410-0",
        "ISBN-10: 3-16-148410-X",
        "2024-01-15, 15.01.2024, 01.02.2024, 01-02-2024, 2024-01-15 10:30:00",
        "1.234,56 EUR, 1,234.56 USD, 0,99 EUR, 2 000 000 EUR",
        "version 10.4.2 and 2026.11.24",
        "192.168.0.1:8080",
        "order 0815-4711, 2024-000123, no. 100200300, 0891234567",
        "10115 Berlin, 01067 Dresden",
        "550e8400-e29b-41d4-a716-446655440000",
        "Donaudampfschifffahrtsgesellschaftskapitaen",
        "EAN 4006381333931",
        "4111 1111 1111 1112",
        "12:30:45, 05 06 07 08 09, lotto 3 12 19 23 41 45",
        "@kostprobe and @U0BEN00002, see #general",
        "3 + 4 = 7, x@y, 100 %",
        "2020 2021 2022 2023 2024, 2020\n2021\n2022\n2023",
        "+5\n2024-01-01, +1000\n3000 pieces",
        "0034 0434 1610 9402 1501",
        "0123 4567 8901 2345",
        "17 05 33 21 44 02, 05 12 23 34 45",
        "3.14159265358979, 4111.111111111111",
        "2500\n3000\n4000\n5000",
        "4111  1111  1111  1111\n4222  1111  1111  1111",
        "012 345 678 901 234, 01067 10115 20095 12345, 045.123.678",
        "01:23:45:67:89:ab, 01-02-2024 03:04",
    ],
)
def test_what_only_looks_like_it_is_left_alone(text: str) -> None:
    assert masked(text) == text


@settings(deadline=None)
@given(st.from_regex(r"[a-z]{1,12}(\.[a-z]{1,8})?", fullmatch=True), st.sampled_from(["de", "co.uk", "com"]))
def test_every_plain_address_is_masked_wherever_it_stands(name: str, end: str) -> None:
    assert masked(f"<{name}@example.{end}>, ok") == "<[e-mail 1]>, ok"


DATES = st.dates(date(1950, 1, 1), date(2099, 12, 31))
HARMLESS = st.one_of(
    st.builds(date.strftime, DATES, st.sampled_from(["%Y-%m-%d", "%d.%m.%Y", "%d.%m.%y", "%d/%m/%Y", "%Y"])),
    st.ip_addresses(v=4).map(str),
    st.builds("v{}.{}.{}".format, *[st.integers(0, 99)] * 3),
    st.builds("{}.{}.{}".format, *[st.integers(0, 99)] * 3),
    st.builds("{},{:02} EUR".format, st.integers(0, 99_999), st.integers(0, 99)),
    st.builds("${:,}.{:02}".format, st.integers(0, 99_999_999), st.integers(0, 99)),
    st.builds("#{:06}".format, st.integers(0, 999_999)),
    st.builds("A-{:04}-{:04}".format, st.integers(0, 9_999), st.integers(0, 9_999)),
)


@settings(deadline=None)
@given(st.lists(HARMLESS, max_size=6), st.sampled_from([", ", "\n", " and "]))
def test_dates_addresses_versions_prices_and_orders_are_left_alone(things: list[str], gap: str) -> None:
    text = gap.join(things)

    assert masked(text) == text


@settings(deadline=None)
@given(st.integers(10**14, 10**15 - 1), st.text(" -.,:/0123456789", max_size=12))
def test_every_card_is_masked_whatever_numbers_follow(digits: int, rest: str) -> None:
    number = next(
        f"4{str(digits)[1:]}{last}" for last in range(10) if masked(f"4{str(digits)[1:]}{last}") == "[card 1]"
    )
    shown = f"{number[:4]} {number[4:8]} {number[8:12]} {number[12:]}"

    assert shown not in masked(f"{shown} {rest}")


@settings(deadline=None)
@given(st.text(max_size=300))
def test_masking_is_done_once(text: str) -> None:
    assert masked(masked(text)) == masked(text)


# ------------------------------------------------------------ time


def test_every_pattern_that_is_shipped_takes_few_steps_from_each_place() -> None:
    for pattern in SHIPPED.patterns:
        if pattern.regex is not None:
            assert most_steps(pattern.regex) <= MOST_STEPS, pattern.regex.pattern


HOSTILE = [
    "a", "a.", "1", "1 ", "1-", "@", "a@", "a@a.", "+1 ", "+1(", "0", "01 ", "00 1", "(0", "eyJ-", "eyJaaaaaaaa.",
    "-----BEGIN PRIVATE KEY-----", "tel ", "Tel. 1 ", "DE12", "DE12 ", "http://a:", "password=", "sk-", "sk-a",
    "4111 ", "a1B", "xoxb-", "hooks.slack.com/services/", "\n", "é@",
]  # fmt: skip


@pytest.mark.parametrize("seed", HOSTILE)
def test_no_question_is_slow_to_mask(seed: str) -> None:
    text = (seed * 12_000)[:12_000]
    started = time.process_time()

    masked(text)

    assert time.process_time() - started < 3, "some fifty times what it takes"


@pytest.mark.parametrize("seed", ["1", "4111 ", "4111", "3962 4815 ", "01 ", "0171 ", "DE12 "])
def test_masking_takes_time_in_proportion(seed: str) -> None:
    text = (seed * 100_000)[:100_000]
    started = time.process_time()

    masked(text)

    assert time.process_time() - started < 10, "some ten times what it takes"


@settings(max_examples=20, deadline=None)
@given(st.text(alphabet="a1@.+-_ /(=eyJDE0:", min_size=1, max_size=6))
def test_no_repetition_is_slow_to_mask(seed: str) -> None:
    started = time.process_time()

    masked((seed * 12_000)[:12_000])

    assert time.process_time() - started < 3


@pytest.mark.parametrize(
    ("regex", "steps"),
    [
        ("abc", 3),
        ("[ab]{1,10}+c", 11),
        ("[ab]{1,10}c", 20),
        ("(?>a{1,10})b", 11),
        ("(?=ab)a|b", 4),
        ("^a$", 1),
        ("(?P<x>a)(?(x)b|c)", ENDLESS),
        ("(a+)+b", ENDLESS),
        ("(a|a)*b", ENDLESS),
        (r"(a)\1", ENDLESS),
        ("a*b", 24_001),
        ("a*?b", 24_001),
        ("a*+b", 12_001),
        ("(?:ab){3}", 6),
    ],
)
def test_steps_are_counted_from_above(regex: str, steps: int) -> None:
    assert most_steps(re.compile(regex)) == steps


# ------------------------------------------------------------ files of one's own


def own(folder: Path, text: str) -> Path:
    file = folder / "mask.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_file_adds_to_what_is_shipped_and_comes_first(tmp_path: Path) -> None:
    file = own(tmp_path, "[[pattern]]\nlabel = 'customer'\nregex = 'K-\\d{6}|ann@example\\.com'\n")

    assert load_redactor(file).mask(["K-123456, ann@example.com, ben@example.com"]) == [
        "[customer 1], [customer 2], [e-mail 1]"
    ]


def test_a_file_can_take_the_place_of_what_is_shipped(tmp_path: Path) -> None:
    file = own(tmp_path, "extend = false\n\n[[pattern]]\nlabel = 'key'\nfinds = 'secrets'\n")

    assert load_redactor(file).mask(["ann@example.com xoxb-123456789012-abcdefghij"]) == [
        "ann@example.com [key 1]"
    ]


@pytest.mark.parametrize(
    ("text", "line", "part"),
    [
        ("[[pattern]]\nlabel = 'x'\nregex = \"\\d\"\n", 3, "single quotes"),
        ("colour = 1\n", 1, "`colour` is unknown"),
        ("extend = 'no'\n", 1, "true or false"),
        ("pattern = 3\n", 1, "one by one"),
        ("[[pattern]]\nlabel = 'a'\nregex = 'a'\n\n[[pattern]]\nregexp = 'b'\n", 5, "Did you mean `regex`?"),
        ("[[pattern]]\nwhatever = 'b'\n", 1, "`whatever` is unknown."),
        ("[[pattern]]\nlabel = 3\n", 1, "stands in quotes"),
        ("[[pattern]]\nregex = 'a'\n", 1, "`label` is missing"),
        ("[[pattern]]\nlabel = '[x]'\nregex = 'a'\n", 1, "`label` is missing or no name"),
        ("[[pattern]]\nlabel = 'x'\n", 1, "either `regex` or"),
        ("[[pattern]]\nlabel = 'x'\nregex = 'a'\nfinds = 'secrets'\n", 1, "either `regex` or"),
        ("[[pattern]]\nlabel = 'x'\nfinds = 'love'\n", 1, "can only be"),
        ("[[pattern]]\nlabel = 'x'\nregex = '(a'\n", 1, "no regular expression"),
        ("[[pattern]]\nlabel = 'x'\nregex = 'a?'\n", 1, "matches nothing at all"),
        ("[[pattern]]\nlabel = 'x'\nregex = '(a+)+b'\n", 1, "too long"),
        ("[[pattern]]\nlabel = 'x'\nregex = 'a'\ncheck = 'tax'\n", 1, "one of luhn"),
    ],
)
def test_an_ill_file_is_refused_with_its_line_and_a_cure(
    tmp_path: Path, text: str, line: int, part: str
) -> None:
    file = own(tmp_path, text)

    with pytest.raises(RedactionFault) as fault:
        load_redactor(file)

    assert str(fault.value).startswith(f"{file}:{line}: ")
    assert part in str(fault.value)


def test_a_file_that_is_not_there_or_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(RedactionFault, match="cannot be read"):
        load_redactor(tmp_path / "none.toml")
    (tmp_path / "raw.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RedactionFault, match="not UTF-8"):
        load_redactor(tmp_path / "raw.toml")
