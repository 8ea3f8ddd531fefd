"""Files with questions: every form and encoding that people have, and what is said of the others."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.menu_file import LARGEST_FILE, read_questions, shipped_menus, shipped_questions
from bot.domain.errors import Code, Refusal
from bot.domain.language import Written, written_in
from bot.domain.menu import Left, set_menu


@pytest.mark.parametrize("name", ["menu.txt", "menu", "MENU.TXT"])
def test_lines_are_questions_and_remarks_are_none(name: str) -> None:
    assert read_questions(name, b"# About salt\r\nWhy salt?\r\n\r\n  # no\nWhy #1?") == [
        "Why salt?",
        "",
        "Why #1?",
    ]


@pytest.mark.parametrize(
    "content",
    [
        "Würze?\n".encode(),
        "Würze?\n".encode("utf-8-sig"),
        "Würze?\n".encode("utf-16"),
        b"\xfe\xff" + "Würze?\n".encode("utf-16-be"),
        "Würze?\n".encode("cp1252"),
    ],
)
@pytest.mark.parametrize("name", ["m.txt", "m.csv"])
def test_the_encoding_is_found_out(name: str, content: bytes) -> None:
    assert read_questions(name, content) == ["Würze?"]


@pytest.mark.parametrize(
    ("content", "questions"),
    [
        ("id,Question,by\n1,Why?,ann\n\n2,How?,ben\n", ["Why?", "How?"]),
        ("\nprompt;id\nWhy;1\n", ["Why"]),
        ("id\tfrage\n1\tWarum?\n2\n", ["Warum?", ""]),
        ('question\n"Why, exactly?"\n"She said ""no"".\nWhy?"\n', ["Why, exactly?", 'She said "no".\nWhy?']),
        ("Why?\nHow?\n", ["Why?", "How?"]),
        ("text,question\nan article,Why?\n", ["Why?"]),
        ("", []),
        ("question\n", []),
    ],
)
def test_a_table_s_questions_are_in_the_column_that_is_called_so_or_in_the_only_one(
    content: str, questions: list[str]
) -> None:
    assert read_questions("menu.csv", content.encode()) == questions


def test_without_such_a_column_it_is_said_which_there_are() -> None:
    with pytest.raises(Refusal) as refusal:
        read_questions("menu.csv", b"id,title\n1,Why?\n")

    assert refusal.value.code is Code.MENU_NO_COLUMN
    assert refusal.value.fields["found"] == "id, title"


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ('"Why?"', "Why?"),
        ('{"question": "Why?", "text": "because"}', "Why?"),
        ('{"Prompt": "Why?"}', "Why?"),
        (
            '{"messages": [{"role": "user", "content": "Why?"}, {"role": "assistant", "content": "So."}]}',
            "Why?",
        ),
        ('{"question": 1, "messages": [{"role": "user", "content": "Why?"}]}', "Why?"),
        ('"a\\u2028b"', "a\u2028b"),
    ],
)
def test_json_lines_are_strings_objects_or_conversations(line: str, question: str) -> None:
    assert read_questions("menu.jsonl", f"\n{line}\n".encode()) == [question]


@pytest.mark.parametrize(
    "line",
    [
        "Why?",
        "1",
        "[]",
        "{}",
        '{"question": 1}',
        '{"messages": 1}',
        '{"messages": []}',
        '{"messages": [{"role": "assistant", "content": "So."}]}',
        '{"messages": [{"role": "user", "content": [{"type": "text"}]}]}',
        "[" * 100_000,
    ],
)
def test_of_a_line_that_holds_no_question_the_number_is_said(line: str) -> None:
    with pytest.raises(Refusal) as refusal:
        read_questions("menu.jsonl", f'"Why?"\n\n{line}\n'.encode())

    assert (refusal.value.code, refusal.value.fields) == (Code.MENU_BAD_LINE, {"line": 3})


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"x" * (LARGEST_FILE + 1), Code.MENU_TOO_BIG),
        (b"PK\x03\x04\x00\x00", Code.MENU_NO_TEXT),
        (b"\xff\xfe\x00", Code.MENU_NO_TEXT),
        (b'question\n"' + b"x" * 200_000, Code.MENU_NO_TEXT),
    ],
)
def test_what_is_no_text_or_too_big_is_refused(content: bytes, code: Code) -> None:
    with pytest.raises(Refusal) as refusal:
        read_questions("menu.csv", content)

    assert refusal.value.code is code


@given(
    name=st.sampled_from(["a.csv", "a.jsonl", "a.txt"]),
    content=st.binary(max_size=300) | st.text().map(str.encode),
)
def test_whatever_is_in_a_file_it_is_read_or_refused(name: str, content: bytes) -> None:
    try:
        questions = read_questions(name, content)
    except Refusal:
        return
    assert all(isinstance(question, str) for question in questions)


@pytest.mark.parametrize(("language", "written"), [("en", Written.ENGLISH), ("de-AT", Written.GERMAN)])
@pytest.mark.parametrize("name", ["cooking", "summaries", "support", "writing"])
def test_the_menus_that_come_along_have_25_questions_none_like_another(
    name: str, language: str, written: Written
) -> None:
    menu = set_menu(shipped_questions(name, language))

    assert (len(menu.questions), menu.left) == (25, Left())
    assert written_in(" ".join(question.text for question in menu.questions)) is written
    assert all(len(question.text) <= 600 for question in menu.questions)


def test_menus_that_come_along_are_found_by_name_and_english_stands_in() -> None:
    assert shipped_menus() == ("cooking", "summaries", "support", "writing")
    assert shipped_questions("cooking", "ja-JP") == shipped_questions("cooking", "en")
    with pytest.raises(KeyError):
        shipped_questions("../menu_file", "en")
