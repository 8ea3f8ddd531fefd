"""`kostprobe taste run`, `vote`, `close`, `show` and `list` on a real store."""

import csv
import io
import json

from tests.cli.tasting_kit import Terminal, questions, write_menu


def test_from_a_menu_to_a_verdict(terminal: Terminal) -> None:
    menu = write_menu(terminal.folder / "menu.txt", questions(20))
    tasting = terminal.run(menu)
    assert len(terminal.openai.chats) == 40

    said = terminal.good("taste", "vote", keys="1" * 20)

    assert "All voters are through, so the seals are open." in said
    assert "ada" in said
    assert "Rests on 20 votes on 20 questions; of 1 who were named, 1 voted" in said
    assert "Rests on 20 votes" in terminal.good("taste", "show", tasting)


def test_results_can_be_read_back(terminal: Terminal) -> None:
    asked = [*questions(20), 'Quoted "words", with commas, here?']
    tasting = terminal.run(write_menu(terminal.folder / "menu.txt", asked), "--seed", "7")
    terminal.good("taste", "vote", keys="1234" * 5 + "1")

    shown = json.loads(terminal.good("taste", "show", tasting, "--json"))
    rows = list(csv.DictReader(io.StringIO(terminal.good("taste", "show", "--csv"))))

    assert [row["question"] for row in rows] == asked == [one["question"] for one in shown["questions"]]
    assert all(row["first_answer"] == f"Answer to: {row['question']}" for row in rows)
    votes = shown["votes"]
    assert sum(votes.values()) == 21
    assert (votes["tie"], votes["both_bad"]) == (5, 5)
    for kind in ("first", "second", "tie", "both_bad"):
        assert sum(int(row[kind]) for row in rows) == votes[kind]
    assert sum(float(row["score"]) for row in rows) == votes["second"] - votes["first"]
    assert [one["name"] for one in shown["contestants"]] == ["ada", "bob"]
    assert shown["terms"]["margin"] == 0.2
    assert shown["terms"]["voters"] == 1
    assert shown["seed"]
    assert shown["menu"]["left"]["not_drawn"] == 0
    assert '"ann"' not in json.dumps(shown)


def test_while_it_is_sealed_only_how_far_it_is_can_be_seen(terminal: Terminal) -> None:
    tasting = terminal.run(
        write_menu(terminal.folder / "menu.txt", questions(20)), "--voter", "ann", "--voter", "ben"
    )
    terminal.good("taste", "vote", tasting[:5], keys="1" * 20)

    sealed = terminal.sealed()
    told = terminal.good("taste", "show")
    listed = terminal.good("taste", "list")

    assert sealed | {"deadline": ""} == {
        "id": tasting,
        "stage": "open",
        "questions": 20,
        "voters": 2,
        "through": 1,
        "deadline": "",
    }
    assert "is sealed: 1 of 2 voters through, 20 questions" in told
    assert "sealed; 1 of 2 voters through" in listed
    assert not any(name in told + listed for name in ("ada", "bob"))
    refused = terminal("taste", "show", "--csv")
    assert (refused.exit_code, refused.stdout) == (1, "")
    early = terminal("taste", "close")
    assert early.exit_code == 1
    assert "1 voter not through, and the deadline is" in early.stderr


def test_two_voters_pause_undo_and_go_on(terminal: Terminal) -> None:
    menu = write_menu(terminal.folder / "menu.txt", questions(20))
    tasting = terminal.run(menu, "--voter", "ann", "--voter", "ben")

    first = terminal.good("taste", "vote", keys="u1x2uq")
    assert "There is nothing to take back." in first
    assert "'x' is no key here." in first
    assert f"Paused. Every vote so far is kept. Go on with: kostprobe taste vote {tasting} --as ann" in first
    second = terminal.good("taste", "vote", keys="s" + "2" * 20)
    assert second.lstrip().startswith("2 of 20")
    assert "You are through. 1 voter not through yet" in second
    assert "You are through" in terminal.good("taste", "vote")
    assert terminal.good("taste", "vote", keys="u1").count("That was the last one.") == 2
    last = terminal.good("taste", "vote", "--as", "ben", keys="3" * 20)

    assert "Rests on 40 votes on 20 questions; of 2 who were named, 2 voted" in last
    over = terminal("taste", "vote", tasting)
    assert over.exit_code == 1
    assert f"Its result: kostprobe taste show {tasting}" in over.stderr


def test_who_was_not_named_cannot_vote(terminal: Terminal) -> None:
    terminal.run(write_menu(terminal.folder / "menu.txt", questions(20)), "--voter", "ben")

    refused = terminal("taste", "vote")

    assert refused.exit_code == 1
    assert "ann was not named as a voter" in refused.stderr
    assert "Named were: ben." in refused.stderr


def test_what_is_called_off_stays_sealed(terminal: Terminal) -> None:
    tasting = terminal.run(write_menu(terminal.folder / "menu.txt", questions(20)))
    terminal.good("taste", "vote", keys="11q")

    assert "is called off" in terminal.good("taste", "close", "--call-off")
    assert "Its seals stay shut." in terminal.good("taste", "show", tasting)
    assert terminal("taste", "close", tasting).exit_code == 1
    again = terminal("taste", "close", tasting, "--call-off")
    assert again.exit_code == 1
    assert "has ended before" in again.stderr
    assert "called off" in terminal("taste", "vote", tasting).stderr


def test_nothing_to_vote_on_is_said(terminal: Terminal) -> None:
    assert terminal.good("taste", "list").startswith("There is no tasting here.")
    assert "There is no tasting here that is open." in terminal("taste", "vote").stderr
    assert "There is no tasting nope here." in terminal("taste", "show", "nope").stderr
    assert terminal("taste", "show", "--json", "--csv").exit_code == 2


def test_a_draft_is_tasted_against_the_version_in_use_and_costs_nothing_again_when_it_answers(
    terminal: Terminal,
) -> None:
    menu = write_menu(terminal.folder / "menu.txt", questions(20))
    terminal.good("persona", "draft", "ada")
    draft = terminal.folder / "prompts" / "drafts" / "ada.md"
    draft.write_text(draft.read_text("utf-8").replace("Be short.", "Be brief."), "utf-8")
    both = ("--a", "persona:ada@draft", "--b", "persona:ada")
    terminal.good("taste", "run", "--menu", str(menu), *both, "--yes")
    assert len(terminal.openai.chats) == 40
    assert "ada@draft" in terminal.good("taste", "vote", keys="1" * 20)

    terminal.good("persona", "promote", "ada", "--yes")
    again = terminal.good("bottle", "persona:ada", "--menu", str(menu))

    assert "20 of 20 answers by ada" in again
    assert len(terminal.openai.chats) == 40
