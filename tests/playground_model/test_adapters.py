import hashlib
import os
from pathlib import Path

import pytest

from bot.playground.model.adapters import Adapter, AdapterFolder, adapter_name
from tests.playground_model.kit import put


def aged(path: Path) -> Path:
    """Make a file that nobody has written to for a minute."""
    os.utime(path, (path.stat().st_mtime - 60,) * 2)
    return path


def test_the_id_of_an_adapter_is_its_name_with_the_hash_of_what_it_holds(tmp_path: Path) -> None:
    one, two = put(tmp_path, "pizzaiolo", b"1"), put(tmp_path, "pizzaiolo", b"2")

    look = AdapterFolder(tmp_path).look()

    assert one == f"pizzaiolo-{hashlib.sha256(b'1').hexdigest()[:8]}"
    assert look.adapters == tuple(Adapter(name, tmp_path / f"{name}.gguf") for name in sorted((one, two)))
    assert not look.complaints


@pytest.mark.parametrize("name", ["", "a/b", "a b", "-a", ".a", "ä", "a" * 100])
def test_some_names_are_none(name: str) -> None:
    with pytest.raises(ValueError, match="cannot name an adapter"):
        adapter_name(name, b"")


def test_a_folder_that_is_not_there_holds_nothing_until_it_comes(tmp_path: Path) -> None:
    folder = AdapterFolder(tmp_path / "later")
    assert folder.look().adapters == ()

    name = put(tmp_path / "later", "chef")
    assert [adapter.id for adapter in folder.look().adapters] == [name]


def test_what_is_no_folder_holds_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    assert AdapterFolder(tmp_path / "file").look().adapters == ()


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("chef-00000000.gguf", "holds something else than its name says (SHA-256 2d711642...)"),
        ("chef.gguf", "is not called <name>-<first 8 hex digits of its SHA-256>.gguf"),
        ("chef-2D711642.gguf", "is not called <name>-<first 8 hex digits of its SHA-256>.gguf"),
    ],
)
def test_a_file_whose_name_does_not_fit_is_told_once(name: str, why: str, tmp_path: Path) -> None:
    aged_path = tmp_path / name
    aged_path.write_bytes(b"x")
    aged(aged_path)
    folder = AdapterFolder(tmp_path)

    first, second = folder.look(), folder.look()

    assert first.adapters == second.adapters == ()
    assert (first.complaints, second.complaints) == ((f"{name} is not served: it {why}",), ())


def test_a_file_that_is_still_being_written_is_not_complained_of_and_served_when_it_is_whole(
    tmp_path: Path,
) -> None:
    folder = AdapterFolder(tmp_path)
    path = tmp_path / adapter_name("chef", b"all of it")
    path.write_bytes(b"all")
    assert (folder.look().adapters, folder.look().complaints) == ((), ())

    path.write_bytes(b"all of it")
    assert [adapter.path for adapter in folder.look().adapters] == [path]


def test_a_file_that_holds_something_else_from_now_on_is_no_longer_served(tmp_path: Path) -> None:
    folder = AdapterFolder(tmp_path)
    path = tmp_path / f"{put(tmp_path, 'chef')}.gguf"
    assert folder.look().adapters

    path.write_bytes(b"something else")
    aged(path)
    look = folder.look()

    assert not look.adapters
    assert "holds something else" in look.complaints[0]


def test_a_file_is_read_again_only_when_it_has_changed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = AdapterFolder(tmp_path)
    put(tmp_path, "chef")
    before = folder.look()

    monkeypatch.setattr(Path, "open", None)
    assert folder.look() == before


def test_what_cannot_be_read_is_told_once(tmp_path: Path) -> None:
    (tmp_path / "gone-00000000.gguf").symlink_to(tmp_path / "nowhere")
    (tmp_path / "folder-00000000.gguf").mkdir()
    aged(tmp_path / "folder-00000000.gguf")
    folder = AdapterFolder(tmp_path)

    look = folder.look()

    assert look.complaints == (
        "folder-00000000.gguf is not served: it is no file",
        "gone-00000000.gguf is not served: it cannot be read: No such file or directory",
    )
    assert folder.look().complaints == ()
