"""Questions from files that people hand over: which are read, and which are not even fetched."""

import pytest

from bot.domain.errors import Code, Outage, Refusal
from bot.domain.menu_source import GivenFile
from bot.services.file_menus import FileMenus
from tests.fakes.files import FakeFiles

MOST = 3_000_000


def read(name: str, content: bytes) -> list[str]:
    if len(content) > MOST:
        raise Refusal(Code.MENU_TOO_BIG, megabytes=3)
    return [name, content.decode()[:10]]


def menus(files: FakeFiles) -> FileMenus:
    return FileMenus(files, read, ("csv", "txt"), MOST)


@pytest.mark.parametrize(
    "file",
    [
        GivenFile("F1", "Fragen.CSV", 4, "https://files.slack.com/x"),
        GivenFile("F1", "a.b.txt"),
        GivenFile("F1"),
    ],
)
async def test_a_file_is_read_by_its_name_whoever_says_it(file: GivenFile) -> None:
    files = FakeFiles({"F1": b"Why?"}, {"F1": "later.txt"})

    assert await menus(files).questions(file) == [file.name or "later.txt", "Why?"]


@pytest.mark.parametrize("name", ["menu.xlsx", "csv", ".csv", "menu.csv.zip", None])
async def test_what_ends_otherwise_is_not_fetched(name: str | None) -> None:
    files = FakeFiles({"F1": b"Why?"})

    with pytest.raises(Refusal) as refusal:
        await menus(files).questions(GivenFile("F1", name))

    assert refusal.value.code is Code.MENU_ENDING
    assert refusal.value.fields == {"name": name or "", "endings": "csv, txt"}
    assert not files.faults.count("files.content")


@pytest.mark.parametrize(("size", "fetched"), [(MOST + 1, 0), (MOST, 1), (None, 1)])
async def test_a_file_that_is_too_big_is_told_before_it_is_fetched_or_by_what_came(
    size: int | None, fetched: int
) -> None:
    files = FakeFiles({"F1": b"x" * (MOST + 9)})

    with pytest.raises(Refusal) as refusal:
        await menus(files).questions(GivenFile("F1", "a.csv", size))

    assert (refusal.value.code, refusal.value.fields) == (Code.MENU_TOO_BIG, {"megabytes": 3})
    assert files.faults.count("files.content") == fetched


async def test_what_hinders_fetching_is_passed_on() -> None:
    files = FakeFiles({"F1": b"Why?"})
    files.faults.before("files.content", Outage(Code.SLACK_DOWN))

    with pytest.raises(Outage):
        await menus(files).questions(GivenFile("F1", "a.csv"))
