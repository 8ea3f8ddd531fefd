"""`kostprobe taste run`: menus of every size and kind, what it says before it asks, and what it does not do."""

import json
import re
from pathlib import Path

import pytest

from bot.adapters.menu_file import shipped_questions
from tests.cli.tasting_kit import Terminal, questions, write_menu

BOTH = ("--a", "persona:ada", "--b", "persona:bob")


def shown(terminal: Terminal, *options: str) -> dict[str, object]:
    """Vote whatever is there to be voted on, and return the result."""
    terminal.good("taste", "vote", *options, keys="1" * 300)
    return terminal.sealed(*options)


def test_an_empty_menu_is_refused(terminal: Terminal) -> None:
    menu = write_menu(terminal.folder / "menu.txt", ["# nothing", "", "  "])

    refused = terminal("taste", "run", "--menu", str(menu), *BOTH, "--yes")

    assert refused.exit_code == 1
    assert "No question is left for the menu" in refused.stderr


@pytest.mark.parametrize("count", [1, 19])
def test_a_small_menu_is_tasted_and_has_no_verdict(terminal: Terminal, count: int) -> None:
    menu = write_menu(terminal.folder / "menu.txt", questions(count))

    said = terminal.good("taste", "run", "--menu", str(menu), *BOTH, "--yes")

    assert "With fewer than 20 questions there will be no verdict." in said
    verdict = shown(terminal)["verdict"]
    assert isinstance(verdict, dict)
    assert verdict["state"] == "too_few"
    assert verdict["interval"] is None


def test_of_five_thousand_questions_forty_are_drawn(terminal: Terminal) -> None:
    menu = write_menu(terminal.folder / "menu.txt", questions(5_000))

    said = terminal.good("taste", "run", "--menu", str(menu), *BOTH, "--yes", "--seed", "7")

    assert "40 questions, each answered by ada and by bob." in said
    assert "Left out: 4,960 not drawn." in said
    assert "Drawn with --seed 7." in said
    first = shown(terminal)
    terminal.good("taste", "run", "--menu", str(menu), *BOTH, "--yes", "--seed", "7")
    second = shown(terminal)
    assert [one["id"] for one in first["questions"]] == [one["id"] for one in second["questions"]]  # type: ignore[attr-defined]
    assert len(terminal.openai.chats) == 80


def test_what_is_there_twice_is_asked_once(terminal: Terminal) -> None:
    menu = write_menu(terminal.folder / "menu.txt", ["Why is the sky blue?"] * 30)

    said = terminal.good("taste", "run", "--menu", str(menu), *BOTH, "--yes")

    assert "1 question, answered by" in said
    assert "Left out: 29 there twice." in said


def test_a_table_in_another_encoding_is_read(terminal: Terminal) -> None:
    menu = terminal.folder / "menu.csv"
    menu.write_bytes('id;Frage\r\n1;"Wie heißt ""er""; und wo?"\r\n2;Schön?\r\n'.encode("cp1252"))

    terminal.run(menu)

    asked = shown(terminal)["questions"]
    assert isinstance(asked, list)
    assert [one["question"] for one in asked] == ['Wie heißt "er"; und wo?', "Schön?"]


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("menu.csv", b"id,words\n1,Why?\n", "no column that I know"),
        ("menu.csv", b"\x00\x01\x02", "no text that I can read"),
        ("menu.jsonl", b'{"question": "Why?"}\nill\n', "Line 2 holds no question"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused(
    terminal: Terminal, name: str, content: bytes, told: str
) -> None:
    (terminal.folder / name).write_bytes(content)

    refused = terminal("taste", "run", "--menu", name, *BOTH, "--yes")

    assert refused.exit_code == 1
    assert refused.stderr.startswith(f"{name}: ")
    assert told in refused.stderr


@pytest.mark.parametrize(
    "options",
    [
        ("--menu", "nowhere.txt", *BOTH),
        ("--menu", "shipped:", *BOTH),
        ("--menu", "shipped:cooking", *BOTH, "--voter", "no name"),
        ("--menu", "shipped:cooking", *BOTH, "--team", "t1"),
        ("--menu", "shipped:cooking", *BOTH, "--count", "0"),
        ("--menu", "shipped:cooking", *BOTH, "--model", "x=y"),
        ("--menu", "shipped:cooking", "--a", "chef:ada", "--b", "bob"),
    ],
)
def test_bad_usage_has_code_2(terminal: Terminal, options: tuple[str, ...]) -> None:
    assert terminal("taste", "run", *options, "--yes").exit_code == 2
    assert not terminal.openai.chats


@pytest.mark.parametrize(
    ("options", "told"),
    [
        (("--menu", "shipped:cake", *BOTH), "There is no menu cake"),
        (("--menu", "persona:ada", *BOTH), "brings no questions"),
        (("--menu", "shipped:cooking", "--a", "model:ada", "--b", "bob"), "Call it persona:ada."),
        (("--menu", "shipped:cooking", "--a", "ada", "--b", "bobby"), "Did you mean"),
        (("--menu", "shipped:cooking", "--a", "ada", "--b", "ada"), "same contestant"),
        (("--menu", "shipped:cooking", *BOTH, "--model", "ada=local/x"), "taken"),
        (
            ("--menu", "shipped:cooking", "--a", "persona:tuned", "--b", "bob", "--model", "tuned=local/x"),
            "Call it model:tuned.",
        ),
    ],
)
def test_what_cannot_be_is_refused(terminal: Terminal, options: tuple[str, ...], told: str) -> None:
    refused = terminal("taste", "run", *options, "--yes")

    assert refused.exit_code == 1
    assert told in refused.stderr, refused.stderr
    assert not terminal.openai.chats


def test_a_menu_that_comes_along_is_there_in_german(terminal: Terminal) -> None:
    terminal.run("shipped:cooking", "--language", "German", "--count", "3")

    assert {chat.question for chat in terminal.openai.chats} <= set(shipped_questions("cooking", "de"))


def test_a_model_that_is_not_registered_can_be_tasted(terminal: Terminal) -> None:
    menu = write_menu(terminal.folder / "menu.txt", questions(2))
    tuned = ("--a", "model:tuned", "--b", "ada+tuned", "--model", "tuned=local/model-b")

    said = terminal.good("taste", "run", "--menu", str(menu), *tuned, "--yes")

    assert "answered by tuned and by ada+tuned" in said
    assert {chat.model for chat in terminal.openai.chats} == {"model-b"}


def test_who_does_not_say_yes_pays_nothing(terminal: Terminal) -> None:
    menu = write_menu(terminal.folder / "menu.txt", questions(20))

    declined = terminal("taste", "run", "--menu", str(menu), *BOTH, keys="n")

    assert declined.exit_code == 1
    assert "Cook it?" in declined.stdout
    assert re.search(r"About [\d,]+ tokens\.", declined.stdout)
    assert "no price is set" in declined.stdout
    assert "Who votes: " in declined.stdout
    assert "Nothing was asked" in declined.stderr
    assert terminal.good("taste", "list").startswith("There is no tasting here.")
    assert not terminal.openai.chats
    assert "is ready" in terminal.good("taste", "run", "--menu", str(menu), *BOTH, keys="y")


def test_what_is_there_already_costs_nothing(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KOSTPROBE_ENDPOINTS__LOCAL__PRICE_IN", "1")
    monkeypatch.setenv("KOSTPROBE_ENDPOINTS__LOCAL__PRICE_OUT", "1")
    menu = write_menu(terminal.folder / "menu.txt", questions(20))
    first = terminal.good("taste", "run", "--menu", str(menu), *BOTH, "--yes")
    assert "About $0.0" in first

    again = terminal.good("taste", "run", "--menu", str(menu), *BOTH, "--yes")

    assert "40 answers are there already" in again
    assert "nothing has to be paid" in again
    assert len(terminal.openai.chats) == 40


def test_halves_share_no_question(terminal: Terminal) -> None:
    menu = write_menu(terminal.folder / "menu.txt", questions(40))
    asked = []
    for part in ("practice", "final"):
        terminal.run(menu, "--part", part)
        found = shown(terminal)["questions"]
        assert isinstance(found, list)
        asked.append({one["question"] for one in found})

    assert asked[0] | asked[1] == set(questions(40))
    assert not asked[0] & asked[1]


def test_who_does_not_answer_is_named_when_it_is_called_off(terminal: Terminal) -> None:
    menu = write_menu(terminal.folder / "menu.txt", questions(20))
    terminal.openai.remove("model-b")

    refused = terminal("taste", "run", "--menu", str(menu), *BOTH, "--yes")

    assert refused.exit_code == 1
    assert "the tasting was called off" in refused.stderr
    assert "bob did not answer: 20 x not_found." in refused.stderr
    assert "called off" in terminal.good("taste", "show")


def test_a_few_without_an_answer_are_left_out(terminal: Terminal) -> None:
    from tests.fakes.openai_replies import Answer, empty

    menu = write_menu(terminal.folder / "menu.txt", questions(24))
    ill = set(questions(24)[:3])
    terminal.openai.script("model-b", lambda got: empty() if got.question in ill else Answer("Because."))

    said = terminal.good("taste", "run", "--menu", str(menu), *BOTH, "--yes")

    assert "3 questions left out, not answered by both." in said
    result = shown(terminal)
    assert json.dumps(result).count('"empty": 3') == 1


def test_without_an_endpoint_the_lines_to_add_are_told(
    folder: Path, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KOSTPROBE_ENDPOINTS__LOCAL__BASE_URL")
    monkeypatch.delenv("KOSTPROBE_ENDPOINTS__LOCAL__MODEL")
    assert folder.is_dir()

    refused = terminal("taste", "run", "--menu", "shipped:cooking", *BOTH, "--yes")

    assert "No endpoint is set" in str(refused.exception)
    assert terminal.good("taste", "list").startswith("There is no tasting here.")
