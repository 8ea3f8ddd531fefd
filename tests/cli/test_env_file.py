"""`.env` changed with care."""

import io
from pathlib import Path

import pytest
from dotenv import dotenv_values
from hypothesis import given
from hypothesis import strategies as st

from bot.cli.env_file import EnvFault, changes, merged, read_env, write_env

FOREIGN = """\
# my own notes
export OTHER="two words"   # kept
SLACK_BOT_TOKEN=xoxb-old # the old one

MULTI="first
second"
SLACK_BOT_TOKEN=xoxb-older
LAST=1"""


def values_of(text: str) -> dict[str, str | None]:
    return dict(dotenv_values(stream=io.StringIO(text), interpolate=False))


def test_foreign_lines_stay_in_their_place_and_a_setting_is_there_once() -> None:
    text = merged(FOREIGN, {"SLACK_BOT_TOKEN": "xoxb-new", "REDIS_URL": "redis://h:1/0"})

    assert text == (
        "# my own notes\n"
        'export OTHER="two words"   # kept\n'
        "SLACK_BOT_TOKEN=xoxb-new\n"
        "\n"
        'MULTI="first\nsecond"\n'
        "LAST=1\n"
        "REDIS_URL=redis://h:1/0\n"
    )


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc", "Cs")), min_size=1, max_size=60))
def test_whatever_is_written_is_read_again_as_it_is_or_refused(value: str) -> None:
    try:
        text = merged(FOREIGN, {"SLACK_BOT_TOKEN": value})
    except EnvFault:
        return
    assert values_of(text) == {**values_of(FOREIGN), "SLACK_BOT_TOKEN": value}


@pytest.mark.parametrize(
    "value", ["with space", "qu'ote", 'dou"ble', "back\\slash", "#hash", "pass=word", "ä"]
)
def test_unusual_values_are_quoted(value: str) -> None:
    assert values_of(merged("", {"A": value})) == {"A": value}


@pytest.mark.parametrize("value", ["two\nlines", "${HOME}"])
def test_what_env_cannot_carry_is_refused_by_name(value: str) -> None:
    with pytest.raises(EnvFault, match="SECRET holds") as caught:
        merged("", {"SECRET": value})

    assert value not in str(caught.value)


def test_a_new_file_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / ".env"

    assert write_env(path, {"A": "1"}) is None
    assert path.stat().st_mode & 0o777 == 0o600
    assert read_env(path) == {"A": "1"}
    assert [each.name for each in tmp_path.iterdir()] == [".env"]


def test_what_was_there_is_kept_beside_it_each_time_and_for_the_owner_only(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("A=0\n", "utf-8")
    path.chmod(0o644)

    first, second = write_env(path, {"A": "1"}), write_env(path, {"A": "2"})

    assert first is not None
    assert second is not None
    assert (first.read_text("utf-8"), second.read_text("utf-8")) == ("A=0\n", "A=1\n")
    assert {each.stat().st_mode & 0o777 for each in (path, first, second)} == {0o600}


def test_nothing_is_written_when_a_value_does_not_fit(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("A=0\n", "utf-8")

    with pytest.raises(EnvFault):
        write_env(path, {"A": "1", "B": "two\nlines"})

    assert path.read_text("utf-8") == "A=0\n"
    assert [each.name for each in tmp_path.iterdir()] == [".env"]


def test_a_crash_in_the_middle_leaves_the_file_as_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / ".env"
    path.write_text("A=0\n", "utf-8")

    def crash(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", crash)
    with pytest.raises(KeyboardInterrupt):
        write_env(path, {"A": "1"})

    assert path.read_text("utf-8") == "A=0\n"
    assert not list(tmp_path.glob("*.new"))


def test_a_link_goes_on_being_one(tmp_path: Path) -> None:
    real = tmp_path / "real.env"
    real.write_text("A=0\n", "utf-8")
    path = tmp_path / ".env"
    path.symlink_to(real)

    write_env(path, {"A": "1"})

    assert path.is_symlink()
    assert read_env(real) == {"A": "1"}


def test_changes_are_told_by_name(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_text("SAME=1\nOTHER=1\n", "utf-8")

    found = changes(path, {"NEW": "hush", "SAME": "1", "OTHER": "hush"})

    assert (found.added, found.replaced, found.kept) == (("NEW",), ("OTHER",), ("SAME",))
    assert found.anything
    assert not changes(path, {"SAME": "1"}).anything
    assert "hush" not in str(found)


def test_a_file_that_is_not_text_is_told(tmp_path: Path) -> None:
    path = tmp_path / ".env"
    path.write_bytes(b"A=\xff\xfe")

    with pytest.raises(EnvFault, match="UTF-8"):
        read_env(path)
