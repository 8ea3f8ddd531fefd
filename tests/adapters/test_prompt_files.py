import os
from pathlib import Path

import pytest

from bot.adapters.prompt_files import Loaded, load_personas

BODY = """
# Role
You are a {{ style }} chef.

# Scenario
A guest asks.

# Details
Answer in {{ language }}.
"""
FRONT = """name: Chef
description: Cooks.
variables:
  style: patient
"""
GOOD = f"---\n{FRONT}---\n{BODY}"


def write(directory: Path, name: str, content: str | bytes = GOOD) -> Path:
    path = directory / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_good_personas_load_and_every_fault_is_told(tmp_path: Path) -> None:
    write(tmp_path, "chef.md")
    write(tmp_path, "ill.md", GOOD.replace("name: Chef", "naame: Chef"))
    write(tmp_path, "worse.md", "")
    write(tmp_path, "notes.txt", "not looked at")
    write(tmp_path, ".hidden.md", "not looked at")
    (tmp_path / "drafts").mkdir()

    loaded = load_personas(tmp_path)

    assert [fault.path for fault in loaded.faults] == [
        str(tmp_path / name) for name in ("ill.md", "ill.md", "worse.md")
    ]
    assert list(loaded.personas) == ["chef"]


def test_everything_in_a_file_reaches_the_persona(tmp_path: Path) -> None:
    write(
        tmp_path,
        "chef.md",
        GOOD.replace(
            "\n---\n",
            """
slug: chef
endpoint: local
model: 4.10
locale: no
context_tokens: 8000
parameters:
  temperature: 1e-1
  max_tokens: 300
  stop: [END, "2"]
  extra: {min_p: 0.05, dry: {length: 4}, "on": yes}
---
""",
        ),
    )

    one = load_personas(tmp_path).personas["chef"]

    assert (one.name, one.description, one.endpoint, one.model) == ("Chef", "Cooks.", "local", "4.10")
    assert (one.locale, one.context_tokens, one.plain) == ("no", 8000, False)
    assert one.variables == (("style", "patient"),)
    assert one.template.startswith("# Role\nYou are")
    assert one.parameters.to_document() == {
        "temperature": 0.1,
        "max_tokens": 300,
        "stop": ["END", "2"],
        "extra": {"min_p": 0.05, "dry": {"length": 4}, "on": "yes"},
    }


def test_a_directory_that_is_missing_or_no_directory_is_one_fault(tmp_path: Path) -> None:
    for wrong in (tmp_path / "nowhere", write(tmp_path, "chef.md")):
        loaded = load_personas(wrong)

        assert loaded.personas == {}
        (fault,) = loaded.faults
        assert (fault.path, fault.line) == (str(wrong), 1)
        assert fault.message.startswith("The directory of the prompts cannot be read: No")


def test_an_empty_directory_holds_nothing(tmp_path: Path) -> None:
    assert load_personas(tmp_path) == Loaded({}, ())


def test_windows_line_ends_make_the_same_persona(tmp_path: Path) -> None:
    write(tmp_path, "chef.md")
    unix = load_personas(tmp_path)
    write(tmp_path, "chef.md", GOOD.replace("\n", "  \r\n"))

    windows = load_personas(tmp_path)

    assert windows.faults == ()
    assert windows.personas == unix.personas


@pytest.mark.parametrize(
    ("name", "content", "line", "message"),
    [
        ("chef.md", b"\xef\xbb\xbf" + GOOD.encode(), 1, "The file begins with a byte order mark."),
        ("chef.md", GOOD.replace("guest", "g\u00fcst").encode("latin-1"), 12, "The file is not UTF-8."),
        ("chef.md", GOOD.encode("utf-16"), 1, "The file is not UTF-8."),
        ("chef.md", b"", 1, "The file is empty."),
        ("chef.md", b" \r\n\n", 1, "The file is empty."),
        ("chef.md", GOOD.replace("guest", "gu\x00st"), 12, "The line holds an invisible character, U+0000."),
        (
            "chef.md",
            GOOD.replace("guest", "gu\u2028st"),
            12,
            "The line holds an invisible character, U+2028.",
        ),
        ("chef.md", GOOD + "x" * 65_536, 1, "The file is larger than 64 KiB."),
        ("chef.MD", GOOD, 1, "The file's ending is not in small letters."),
        ("Star Chef.md", GOOD, 1, "The file's name is what people type, so it must be"),
        ("README.md", GOOD, 1, "The file's name is what people type, so it must be"),
        (f"{'a' * 41}.md", GOOD, 1, "The file's name is what people type, so it must be"),
    ],
)
def test_a_file_that_cannot_be_a_persona_is_one_clear_fault(
    tmp_path: Path, name: str, content: str | bytes, line: int, message: str
) -> None:
    write(tmp_path, "other.md")
    path = write(tmp_path, name, content)

    loaded = load_personas(tmp_path)

    (fault,) = loaded.faults
    assert (fault.path, fault.line) == (str(path), line)
    assert fault.message.startswith(message)
    assert fault.cure
    assert list(loaded.personas) == ["other"]


def test_links_are_followed_inside_the_directory_only(tmp_path: Path) -> None:
    outside, prompts = tmp_path / "outside", tmp_path / "prompts"
    outside.mkdir()
    (prompts / "data").mkdir(parents=True)
    (prompts / "inside.md").symlink_to(write(prompts / "data", "x.md"))
    (prompts / "leak.md").symlink_to(write(outside, "leak.md"))
    (prompts / "passwd.md").symlink_to("/etc/passwd")
    (prompts / "loop.md").symlink_to(prompts / "loop.md")
    (prompts / "gone.md").symlink_to(prompts / "nowhere.md")
    os.mkfifo(prompts / "pipe.md")
    (prompts / "folder.md").mkdir()

    loaded = load_personas(prompts)

    assert list(loaded.personas) == ["inside"]
    assert {Path(fault.path).name: fault.message for fault in loaded.faults} == {
        "leak.md": "The file is a link that leads out of the directory.",
        "passwd.md": "The file is a link that leads out of the directory.",
        "loop.md": "The file cannot be read.",
        "gone.md": "The file cannot be read.",
        "pipe.md": "This is not a file.",
        "folder.md": "This is not a file.",
    }
