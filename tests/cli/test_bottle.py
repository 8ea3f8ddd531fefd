"""`kostprobe bottle`: kept for good, written to a file, read from one."""

import json

import pytest

from tests.cli.tasting_kit import Terminal, questions, write_menu


def test_answers_are_kept_and_written(terminal: Terminal) -> None:
    menu = write_menu(terminal.folder / "menu.txt", questions(5))
    said = terminal.good("bottle", "persona:ada", "--menu", str(menu), "--save", "ada.jsonl")

    lines = [json.loads(line) for line in (terminal.folder / "ada.jsonl").read_text("utf-8").splitlines()]
    assert "5 answers written to ada.jsonl." in said
    assert "5 of 5 answers by ada" in said
    assert [line["question"] for line in lines] == questions(5)
    assert {line["contestant"] for line in lines} == {"ada"}
    assert lines[0]["text"] == f"Answer to: {questions(5)[0]}"
    assert lines[0]["cut"] is False
    terminal.good("bottle", "ada", "--menu", str(menu))
    assert len(terminal.openai.chats) == 5


def test_what_is_gone_is_saved_from_what_is_bottled(terminal: Terminal) -> None:
    menu = write_menu(terminal.folder / "menu.txt", questions(5))
    old = ("dying", "--model", "dying=local/model-b")
    terminal.good("bottle", *old, "--menu", str(menu))
    terminal.openai.remove("model-b")

    said = terminal.good("bottle", "dying", "--menu", str(menu), "--save", "dying.jsonl")

    assert "5 answers written to dying.jsonl." in said
    more = write_menu(terminal.folder / "more.txt", questions(7))
    short = terminal("bottle", "dying", "--menu", str(more), "--save", "more.jsonl")
    assert short.exit_code == 1
    assert "5 of 7 answers by dying" in short.stdout
    assert "Not answered: 2 x not_found." in short.stderr
    assert len((terminal.folder / "more.jsonl").read_text("utf-8").splitlines()) == 5


def test_what_was_saved_is_loaded_elsewhere(terminal: Terminal, monkeypatch: pytest.MonkeyPatch) -> None:
    menu = write_menu(terminal.folder / "menu.txt", questions(20))
    for name in ("ada", "bob"):
        terminal.good("bottle", name, "--menu", str(menu), "--save", f"{name}.jsonl")
    asked = len(terminal.openai.chats)
    monkeypatch.setenv("KOSTPROBE_REDIS_PREFIX", "elsewhere-" + "x" * 8)

    loaded = terminal.good("bottle", "ada", "--load", "ada.jsonl", "--team", "T9")
    again = terminal.good("bottle", "ada", "--load", "ada.jsonl", "--team", "T9")
    terminal.good("bottle", "bob", "--load", "bob.jsonl", "--team", "T9")
    terminal.run(menu, "--team", "T9")

    assert "20 answers loaded for ada" in loaded
    assert "another version" not in loaded
    assert "0 answers loaded for ada" in again
    assert "20 questions had an answer before, which stays." in again
    assert len(terminal.openai.chats) == asked


def test_answers_of_another_version_and_of_several_are_told_apart(terminal: Terminal) -> None:
    menu = write_menu(terminal.folder / "menu.txt", questions(3))
    for name in ("ada", "bob"):
        terminal.good("bottle", name, "--menu", str(menu), "--save", f"{name}.jsonl")
    both = terminal.folder / "both.jsonl"
    both.write_text(
        "".join((terminal.folder / f"{name}.jsonl").read_text("utf-8") for name in ("ada", "bob"))
    )

    other = terminal.good("bottle", "bob", "--load", "ada.jsonl", "--team", "T8")
    assert "by another version than bob is now" in other
    named = terminal.good("bottle", "ada", "--load", "both.jsonl", "--team", "T8")
    assert "3 answers loaded for ada" in named
    refused = terminal("bottle", "plain", "--model", "plain=local/x", "--load", "both.jsonl")
    assert refused.exit_code == 1
    assert "answers of ada, bob, and none of plain" in refused.stderr


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "holds no bottled answer"),
        (b"\xff\xfe\xfa", "is not UTF-8 text"),
        (b'{"question": "Why?"}', "line 1: no bottled answer"),
        (b"\n[]\n", "line 2: no bottled answer"),
        (b"nothing", "line 1"),
    ],
)
def test_a_file_that_is_none_is_refused(terminal: Terminal, content: bytes, told: str) -> None:
    (terminal.folder / "ill.jsonl").write_bytes(content)

    refused = terminal("bottle", "ada", "--load", "ill.jsonl")

    assert refused.exit_code == 1
    assert told in refused.stderr


def test_what_does_not_go_together_is_bad_usage(terminal: Terminal) -> None:
    assert terminal("bottle", "ada").exit_code == 2
    assert terminal("bottle", "ada", "--load", "nowhere.jsonl").exit_code == 2
    assert terminal("bottle", "ada", "--load", "x.jsonl", "--menu", "y.txt").exit_code == 2
    assert terminal("bottle", "ada", "--load", "x.jsonl", "--save", "y.jsonl").exit_code == 2
    assert terminal("bottle", "ada", "--menu", "shipped:support", "--model", "ill").exit_code == 2
    assert terminal("bottle", "ada", "--menu", "shipped:support", "--language", "!!").exit_code == 2


def test_a_file_that_is_there_is_left(terminal: Terminal) -> None:
    (terminal.folder / "there.jsonl").write_text("mine", encoding="utf-8")

    refused = terminal("bottle", "ada", "--menu", "shipped:cooking", "--save", "there.jsonl")

    assert refused.exit_code == 1
    assert (terminal.folder / "there.jsonl").read_text(encoding="utf-8") == "mine"
    assert not terminal.openai.chats
    lost = terminal("bottle", "ada", "--menu", "shipped:cooking", "--save", "nowhere/there.jsonl")
    assert lost.exit_code == 1
    assert "The answers are kept" in lost.stderr


def test_a_menu_without_questions_is_refused(terminal: Terminal) -> None:
    (terminal.folder / "ill.csv").write_text("id,words\n1,Why?\n", encoding="utf-8")
    empty = write_menu(terminal.folder / "empty.txt", ["# nothing"])

    ill = terminal("bottle", "ada", "--menu", "ill.csv")
    assert ill.exit_code == 1
    assert ill.stderr.startswith("ill.csv: The table has no column")
    refused = terminal("bottle", "ada", "--menu", str(empty))
    assert refused.exit_code == 1
    assert "No question is left for the menu" in refused.stderr


def test_what_is_there_twice_is_said(terminal: Terminal) -> None:
    menu = write_menu(terminal.folder / "menu.txt", [*questions(3), questions(3)[0]])

    assert "1 question left out" in terminal.good("bottle", "ada", "--menu", str(menu))
    assert len(terminal.openai.chats) == 3
