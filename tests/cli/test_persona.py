"""`kostprobe persona new`: a file to be filled in, good as it is, over nobody's work."""

from pathlib import Path

import pytest

from bot.adapters.prompt_files import load_personas
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
