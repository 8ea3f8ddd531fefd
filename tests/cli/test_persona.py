"""`kostprobe persona new`: a file to be filled in, good as it is, over nobody's work."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from bot.adapters.prompt_files import load_personas
from bot.cli import app
from tests.cli.conftest import Invoke


@pytest.fixture(autouse=True)
def prompts(folder: Path) -> Path:
    """The folder that is set, empty."""
    directory = folder / "prompts"
    directory.mkdir()
    return directory


def test_a_new_persona_has_every_part_and_is_good_at_once(prompts: Path, invoke: Invoke) -> None:
    result = invoke("persona", "new", "wine-waiter", "--locale", "de-at")

    assert result.exit_code == 0
    assert "prompts/wine-waiter.md is written." in result.stdout
    assert "/kostprobe ask persona=wine-waiter" in result.stdout
    loaded = load_personas(prompts)
    assert loaded.faults == ()
    persona = loaded.personas["wine-waiter"]
    assert (persona.name, persona.locale) == ("Wine waiter", "de-AT")
    headings = [line for line in persona.template.splitlines() if line.startswith("#")]
    assert headings == ["# Role", "# Scenario", "# Details", "# Examples"]
    assert invoke("check").exit_code == 0


@pytest.mark.parametrize("name", ["Chef: the best", 'Anna "the knife"', "Ödön # 1", "yes", "{name}"])
def test_any_name_will_do(prompts: Path, invoke: Invoke, name: str) -> None:
    assert invoke("persona", "new", "chef", "--name", name).exit_code == 0

    assert load_personas(prompts).personas["chef"].name == name


def test_a_file_that_is_there_stays_as_it_is(prompts: Path, invoke: Invoke) -> None:
    path = prompts / "chef.md"
    path.write_text("my work", encoding="utf-8")

    result = invoke("persona", "new", "chef")

    assert result.exit_code == 1
    assert "is there already and was left as it is" in result.stderr
    assert path.read_text(encoding="utf-8") == "my work"


@pytest.mark.parametrize(
    "arguments",
    [
        ["Chef"],
        ["-x"],
        ["a/b"],
        ["../chef"],
        ["off"],
        ["x" * 41],
        ["chef", "--locale", "Deutsch!"],
        ["chef", "--name", "x" * 81],
    ],
)
def test_what_cannot_be_is_refused_before_anything_is_written(
    prompts: Path, invoke: Invoke, arguments: list[str]
) -> None:
    assert invoke("persona", "new", *arguments).exit_code == 2
    assert list(prompts.iterdir()) == []


def test_where_nothing_can_be_written_that_is_said(prompts: Path, invoke: Invoke) -> None:
    prompts.rmdir()
    prompts.write_text("a file in the way", encoding="utf-8")

    result = invoke("persona", "new", "chef", "--prompts", "prompts")

    assert result.exit_code == 1
    assert "cannot be written" in result.stderr


# ------------------------------------------------------------ drafts


@pytest.fixture
def draft(prompts: Path, invoke: Invoke) -> Path:
    """A draft of a persona, as it is before anybody has changed it."""
    invoke("persona", "new", "chef")
    assert invoke("persona", "draft", "chef").exit_code == 0
    return prompts / "drafts" / "chef.md"


def change(path: Path) -> None:
    path.write_text(path.read_text(encoding="utf-8").replace("five sentences", "two sentences"), "utf-8")


def test_a_draft_begins_as_its_persona_is(prompts: Path, invoke: Invoke) -> None:
    invoke("persona", "new", "chef")

    result = invoke("persona", "draft", "chef")

    assert result.exit_code == 0
    assert "prompts/drafts/chef.md is written. It answers nobody" in result.stdout
    assert "--a persona:chef@draft --b persona:chef" in result.stdout
    assert (prompts / "drafts" / "chef.md").read_bytes() == (prompts / "chef.md").read_bytes()
    assert "1 draft, to be tasted and answering nobody: chef@draft." in invoke("check").stdout


def test_a_draft_that_is_there_stays_as_it_is(draft: Path, invoke: Invoke) -> None:
    change(draft)

    result = invoke("persona", "draft", "chef")

    assert result.exit_code == 1
    assert "is there already and was left as it is" in result.stderr
    assert "two sentences" in draft.read_text(encoding="utf-8")


@pytest.mark.parametrize("command", ["draft", "promote"])
def test_what_is_not_there_is_neither_drafted_nor_promoted(
    prompts: Path, invoke: Invoke, command: str
) -> None:
    result = invoke("persona", command, "chef")

    assert result.exit_code == 1
    assert "chef.md is not there." in result.stderr
    assert list(prompts.iterdir()) == []
    assert invoke("persona", command, "../chef").exit_code == 2


def test_where_no_draft_can_be_written_that_is_said(prompts: Path, invoke: Invoke) -> None:
    invoke("persona", "new", "chef")
    (prompts / "drafts").write_text("a file in the way", encoding="utf-8")

    result = invoke("persona", "draft", "chef")

    assert result.exit_code == 1
    assert "cannot be written" in result.stderr or "there already" in result.stderr
    (prompts / "chef.md").unlink()
    (prompts / "chef.md").mkdir()
    assert "cannot be read" in invoke("persona", "draft", "chef").stderr


def test_a_draft_is_shown_asked_about_and_moved(draft: Path, prompts: Path) -> None:
    change(draft)
    text = draft.read_bytes()

    no = CliRunner().invoke(app, ["persona", "promote", "chef"], input="n\n")
    assert (no.exit_code, draft.read_bytes()) == (1, text)
    assert "Nothing was moved." in no.stderr
    yes = CliRunner().invoke(app, ["persona", "promote", "chef"], input="y\n")

    assert yes.exit_code == 0
    assert "-- Answer in at most five sentences" in yes.stdout
    assert "+- Answer in at most two sentences" in yes.stdout
    assert (prompts / "chef.md").read_bytes() == text
    assert not draft.exists()


def test_a_draft_without_a_persona_becomes_one(draft: Path, prompts: Path, invoke: Invoke) -> None:
    (prompts / "chef.md").unlink()

    assert invoke("persona", "promote", "chef", "--yes").exit_code == 0

    assert list(load_personas(prompts).personas) == ["chef"]
    assert not draft.exists()


def test_a_draft_that_changes_nothing_says_so(draft: Path, invoke: Invoke) -> None:
    assert "is what answers already" in invoke("persona", "promote", "chef", "--yes").stdout
    assert not draft.exists()


def test_a_draft_that_does_not_load_is_not_moved(draft: Path, prompts: Path, invoke: Invoke) -> None:
    before = (prompts / "chef.md").read_bytes()
    draft.write_text(draft.read_text(encoding="utf-8").replace("name:", "naame:"), encoding="utf-8")

    result = invoke("persona", "promote", "chef", "--yes")

    assert result.exit_code == 1
    assert "prompts/drafts/chef.md:2:" in result.stderr
    assert "chef.md was left as it is." in result.stderr
    assert (prompts / "chef.md").read_bytes() == before
    assert invoke("check").exit_code == 1


def test_where_nothing_can_be_replaced_the_draft_stays(draft: Path, prompts: Path, invoke: Invoke) -> None:
    (prompts / "chef.md").unlink()
    (prompts / "chef.md").mkdir()

    result = invoke("persona", "promote", "chef", "--yes")

    assert result.exit_code == 1
    assert draft.exists()
