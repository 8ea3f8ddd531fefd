"""A tasting whose questions come from a file that somebody uploads in the form, over Slack's wire."""

from dataclasses import replace

import pytest

from bot.adapters.menu_file import LARGEST_FILE
from bot.playground.slack.control_values import Screen, Submitted
from bot.slack.manifest import Variant, derive, shipped
from tests.scenarios.house import House, Opener

TABLE = (
    "Nr;Frage;Anmerkung\r\n"
    '1;"Wie lange ruht der ""harte"" Teig;\r\nund warum?";schön\r\n'
    "2;Wofür braucht man Grieß?;€ 3\r\n"
    "3;Wofür braucht man Grieß?;doppelt\r\n"
    '4;"Salz, ja, nein?";\r\n'
)
"""A semicolon and a line break in a question, quotes in quotes, an umlaut, one question twice."""


async def choose(house: House, source: str) -> None:
    """Choose where the questions are from, and wait for the field that it needs."""
    await house.control.act("ann", "taste_menu", value=source)

    def field_shown() -> bool:
        stack = house.slack.core.workspace.stack(house.slack.core.workspace.user("ann").id)
        return any(block["block_id"] == f"taste_{source}" for block in stack[-1].payload["blocks"])

    await house.until(field_shown)


async def opened(house: House) -> Screen:
    """Open the form as Ann and choose a file."""
    await house.control.command("ann", "kitchen", "/kostprobe taste")
    await house.control.wait_view("ann", callback_id="taste_form")
    await choose(house, "file")
    return (await house.control.modals("ann"))[-1]


async def sent(house: House, name: str, content: bytes) -> Submitted:
    file = await house.control.upload("ann", name, content)
    return await house.control.submit("ann", {"taste_file": [file]})


@pytest.mark.parametrize("encoding", ["cp1252", "utf-16", "utf-8-sig"])
async def test_a_table_in_an_odd_encoding_becomes_a_draft_of_its_questions(
    house: House, encoding: str
) -> None:
    form = await opened(house)
    assert "taste_lines" not in [one.action_id for one in form.buttons]

    done = await sent(house, "Fragen fürs Menü.CSV", TABLE.encode(encoding))

    assert (done.errors, done.error) == ({}, None)
    sums = await house.control.wait_view("ann", callback_id="taste_confirm")
    assert "3 questions" in sums.text
    assert "1 there twice" in sums.text
    assert await house.control.log(name="files.info") == [], "the form said all that is needed"


async def test_what_is_wrong_with_a_file_is_told_at_its_field_and_another_one_is_taken(house: House) -> None:
    await opened(house)

    for name, content, told in (
        ("menu.csv", b"title,body\nA,B\n", "no column that I know as questions"),
        ("menu.csv", b"title,body\nA,B\n", "It has: title, body."),
        ("menu.jsonl", b'"Why?"\n{"answer": 42}\n', "Line 2 holds no question"),
        ("menu.txt", b"Why?\0\x81\x8d", "no text that I can read"),
        ("menu.txt", b"# nothing but a remark\n", "No question is left"),
        ("menu.csv", b"question\n" + b"x" * LARGEST_FILE, "bigger than 5 MB"),
    ):
        done = await sent(house, name, content)
        assert list(done.errors) == ["taste_file"], done
        assert told in done.errors["taste_file"]
    assert (await sent(house, "menu.jsonl", b'{"prompt": "Why?"}\n')).errors == {}

    assert "1 question" in (await house.control.wait_view("ann", callback_id="taste_confirm")).text


async def test_a_file_that_slack_keeps_back_is_told_at_its_field(house: House) -> None:
    await opened(house)
    app, workspace = house.slack.app, house.slack.core.workspace
    house.slack.core.apps[app.id] = replace(app, scopes=app.scopes - {"files:read"})
    kept_back = await sent(house, "menu.txt", b"Why?")
    house.slack.core.apps[app.id] = app
    file = await house.control.upload("ann", "menu.txt", b"Why?")
    del workspace.files[file]
    gone = await house.control.submit("ann", {"taste_file": [file]})

    assert "files:read" in kept_back.errors["taste_file"]
    assert "no longer there" in gone.errors["taste_file"]


async def test_a_file_that_slack_gives_late_is_waited_for_and_one_that_it_does_not_give_is_told_of(
    house: House,
) -> None:
    await opened(house)
    await house.control.fault("file", "server_error")
    failed = await sent(house, "menu.txt", b"Why?")
    await house.control.fault("file", "slow", seconds=2.5)
    late = await sent(house, "menu.txt", b"Why?")

    assert "does not hand the file over" in failed.errors["taste_file"]
    assert (late.errors, late.error) == ({}, None)
    assert "1 question" in (await house.control.wait_view("ann", callback_id="taste_confirm")).text


async def test_a_form_that_is_sent_before_its_field_came_comes_back_with_it(house: House) -> None:
    await house.control.command("ann", "kitchen", "/kostprobe taste")
    await house.control.wait_view("ann", callback_id="taste_form")

    early = await house.control.submit("ann", {"taste_menu": "file", "taste_count": "7"})
    form = (await house.control.modals("ann"))[-1]
    assert (early.errors, early.error, form.callback_id) == ({}, None, "taste_form")
    assert form.values["taste_count"]["taste_count"]["value"] == "7"
    missing = await house.control.submit("ann")
    assert list(missing.errors) == ["taste_file"]
    await choose(house, "lines")
    blank = await house.control.submit("ann", {"taste_lines": "\n \n"})

    assert list(blank.errors) == ["taste_lines"]


@pytest.mark.parametrize("minimal", [True, False])
async def test_files_are_offered_where_the_app_may_read_them_only(
    open_house: Opener, *, minimal: bool
) -> None:
    house = await open_house(manifest=derive(shipped(), Variant(minimal=minimal)))
    await house.control.command("ann", "kitchen", "/kostprobe taste")
    form = await house.control.wait_view("ann", callback_id="taste_form")

    (menu,) = [one for one in form.buttons if one.action_id == "taste_menu"]
    assert ("file" in menu.options) is not minimal
    assert "lines" in menu.options
