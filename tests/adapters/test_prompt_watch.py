"""Personas that change while they are served."""

import os
from pathlib import Path

from bot.adapters.prompt_watch import PromptFiles
from bot.services.ports import Turnover
from tests.adapters.test_prompt_files import GOOD, write


async def settled(files: PromptFiles) -> Turnover | None:
    """Two looks: the first sees a change, the second that it has come to rest."""
    await files.look()
    return await files.look()


async def test_a_folder_that_stays_as_it_is_is_read_once(tmp_path: Path) -> None:
    write(tmp_path, "chef.md")
    files = PromptFiles(tmp_path)
    served = files.all()

    assert await settled(files) is None
    assert await settled(files) is None
    assert files.all() is served


async def test_an_edited_file_is_served_once_it_has_come_to_rest(tmp_path: Path) -> None:
    write(tmp_path, "chef.md")
    files = PromptFiles(tmp_path)

    write(tmp_path, "chef.md", GOOD.replace("A guest asks.", "Two guests ask."))
    assert await files.look() is None
    assert "A guest asks." in files.all()["chef"].template
    assert await files.look() == Turnover(("chef",), (), ())
    assert "Two guests ask." in files.all()["chef"].template


async def test_a_file_that_is_still_being_written_is_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "chef.md")
    files = PromptFiles(tmp_path)
    for length in (60, 90, 120):
        write(tmp_path, "chef.md", GOOD[:length])
        assert await files.look() is None
    write(tmp_path, "chef.md", GOOD.replace("patient", "quick"))

    assert await settled(files) == Turnover(("chef",), (), ())
    assert files.all()["chef"].variables == (("style", "quick"),)


async def test_another_file_put_in_its_place_is_seen_also_when_size_and_time_are_the_same(
    tmp_path: Path,
) -> None:
    old = write(tmp_path, "chef.md")
    files = PromptFiles(tmp_path)
    new = write(tmp_path, "chef.new", GOOD.replace("A guest", "A ghost"))
    time = old.stat().st_mtime_ns
    os.utime(new, ns=(time, time))
    new.replace(old)

    assert await settled(files) == Turnover(("chef",), (), ())


async def test_a_file_that_is_away_for_a_moment_is_never_missed(tmp_path: Path) -> None:
    path = write(tmp_path, "chef.md")
    files = PromptFiles(tmp_path)
    path.unlink()
    assert await files.look() is None
    write(tmp_path, "chef.md")

    await settled(files)
    assert list(files.all()) == ["chef"]


async def test_an_ill_file_leaves_its_last_good_version_in_service_and_says_so(tmp_path: Path) -> None:
    path = write(tmp_path, "chef.md")
    write(tmp_path, "ill.md", "no front matter")
    files = PromptFiles(tmp_path)
    served = files.all()["chef"]
    write(tmp_path, "chef.md", GOOD.replace("{{ style }}", "{{ stile }}"))

    turnover = await settled(files)

    assert turnover is not None
    assert (turnover.changed, turnover.gone) == ((), ())
    assert files.all()["chef"] == served
    chefs = [fault.sentence for fault in files.faults() if fault.path == str(path)]
    assert all(sentence.endswith("Until then its last good version answers.") for sentence in chefs)
    assert any(f"{path}:9:" in sentence and "`stile`" in sentence for sentence in chefs)
    others = [fault.sentence for fault in files.faults() if fault.path != str(path)]
    assert others
    assert not any("last good version" in sentence for sentence in others)

    write(tmp_path, "chef.md")
    assert await settled(files) == Turnover((), (), tuple(others))


async def test_files_come_and_go(tmp_path: Path) -> None:
    path = write(tmp_path, "chef.md")
    files = PromptFiles(tmp_path)
    write(tmp_path, "baker.md")
    path.unlink()

    assert await settled(files) == Turnover(("baker",), ("chef",), ())
    assert list(files.all()) == ["baker"]


async def test_a_folder_that_goes_away_takes_nobody_with_it(tmp_path: Path) -> None:
    folder = tmp_path / "prompts"
    folder.mkdir()
    write(folder, "chef.md")
    files = PromptFiles(folder)
    folder.rename(tmp_path / "elsewhere")

    turnover = await settled(files)

    assert turnover is not None
    assert turnover.gone == ()
    assert list(files.all()) == ["chef"]
    assert "cannot be read" in files.faults()[0].message

    (tmp_path / "elsewhere").rename(folder)
    assert await settled(files) == Turnover((), (), ())
    assert files.faults() == ()


async def test_drafts_are_read_beside_personas_and_each_by_itself(tmp_path: Path) -> None:
    write(tmp_path, "chef.md")
    files = PromptFiles(tmp_path)
    assert files.drafts() == {}
    (tmp_path / "drafts").mkdir()
    write(tmp_path / "drafts", "chef.md", GOOD.replace("A guest", "Two guests"))
    write(tmp_path / "drafts", "baker.md")

    assert await settled(files) == Turnover((), (), (), ("baker", "chef"))
    assert "A guest" in files.all()["chef"].template
    assert "Two guests" in files.drafts()["chef"].template

    write(tmp_path / "drafts", "chef.md", GOOD.replace("A guest", "Three guests"))
    assert await settled(files) == Turnover((), (), (), ("chef",))


async def test_a_draft_that_does_not_load_is_not_there_and_takes_its_persona_nothing(tmp_path: Path) -> None:
    write(tmp_path, "chef.md")
    (tmp_path / "drafts").mkdir()
    ill = write(tmp_path / "drafts", "chef.md", "no front matter")

    files = PromptFiles(tmp_path)

    assert list(files.all()) == ["chef"]
    assert files.drafts() == {}
    assert {fault.path for fault in files.faults()} == {str(ill)}
    write(tmp_path, "chef.md", GOOD.replace("A guest", "A ghost"))
    turnover = await settled(files)
    assert turnover is not None
    assert turnover.changed == ("chef",)
    assert turnover.faults == tuple(fault.sentence for fault in files.faults())
    assert not any("last good version" in fault for fault in turnover.faults)


async def test_a_draft_moved_over_its_persona_is_that_persona(tmp_path: Path) -> None:
    live = write(tmp_path, "chef.md")
    (tmp_path / "drafts").mkdir()
    draft = write(tmp_path / "drafts", "chef.md", GOOD.replace("A guest", "Two guests"))
    files = PromptFiles(tmp_path)
    tasted = files.drafts()["chef"]

    draft.replace(live)

    assert await settled(files) == Turnover(("chef",), (), ())
    assert files.all()["chef"] == tasted
    assert files.drafts() == {}
