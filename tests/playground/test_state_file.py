"""The file that the workspace is kept in: what a save costs, and what a crash leaves."""

import asyncio
import json
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import QUICK, App, LocalSlack
from bot.playground.slack.models import Json
from bot.playground.slack.persistence import dump
from bot.playground.slack.state_file import StateFile, StateInUseError, journal_of, write


async def until(check: Callable[[], bool]) -> None:
    """Wait for what a save does."""
    for _ in range(1000):
        if check():
            return
        await asyncio.sleep(QUICK.save)
    pytest.fail("it never came")


def size(path: Path) -> int:
    return journal_of(path).stat().st_size if journal_of(path).exists() else 0


async def saved(slack: LocalSlack) -> None:
    """Wait until everything is written."""
    state = slack._state
    assert state is not None
    await until(lambda: not state.changes and (state._saving is None or state._saving.done()))


async def reread(path: Path) -> dict[str, Any]:
    slack = LocalSlack(state_path=path, timings=QUICK)
    await StateFile(slack.core.workspace, path, 1.0).restore()
    return dump(slack.core.workspace)


async def test_a_save_writes_what_changed_and_not_all_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "slack.json"
    async with LocalSlack(state_path=path, timings=QUICK) as slack:
        for number in range(50):
            await slack.control.say("ben", "general", f"{number} {'long ' * 200}")
        await saved(slack)
        before = size(path)
        await slack.control.say("ben", "general", "short")
        await saved(slack)
        written = size(path) - before

    assert before > 50_000
    assert written < 2_000


async def test_what_a_crash_leaves_is_all_there(tmp_path: Path) -> None:
    path, copy = tmp_path / "slack.json", tmp_path / "copy.json"
    async with LocalSlack(state_path=path, timings=QUICK) as slack:
        control = slack.control
        root = await control.say("ben", "general", "root")
        await control.say("ada", "general", "reply", thread_ts=root)
        gone = await control.say("ben", "general", "gone")
        await control.edit("ben", "general", root, "root, edited")
        await control.delete("ben", "general", gone)
        await control.upload("ben", "notes.txt", b"bytes")
        room = await control.create_channel("room", members=["ben"])
        await control.say("ben", room, "in a room")
        lost = await control.create_channel("lost", members=["ada"])
        await control.say("ada", lost, "with its channel")
        await control.delete_channel("ada", lost)
        await saved(slack)
        copy.write_bytes(path.read_bytes())
        journal_of(copy).write_bytes(journal_of(path).read_bytes())
        now = dump(slack.core.workspace)

    assert await reread(copy) == now
    assert await reread(path) == now
    assert not journal_of(path).exists()


async def test_a_line_that_a_crash_cut_takes_nothing_else_with_it(tmp_path: Path) -> None:
    path = tmp_path / "slack.json"
    async with LocalSlack(state_path=path, timings=QUICK) as slack:
        await slack.control.say("ben", "general", "whole")
        await saved(slack)
        journal = journal_of(path).read_text()
    journal_of(path).write_text(journal + '{"channel": "C1", "ts": "1.')

    assert [entry["text"] for entry in (await reread(path))["messages"]] == ["whole"]


async def test_the_journal_of_an_older_document_brings_nothing_back(tmp_path: Path) -> None:
    path = tmp_path / "slack.json"
    async with LocalSlack(state_path=path, timings=QUICK) as slack:
        kept = await slack.control.say("ben", "general", "before")
        await saved(slack)
        journal = journal_of(path).read_bytes()
        await slack.control.edit("ben", "general", kept, "after")
    journal_of(path).write_bytes(
        journal
    )  # as a crash leaves it, between the new document and the end of the journal

    assert [entry["text"] for entry in (await reread(path))["messages"]] == ["after"]


async def test_two_at_once_never_keep_their_workspace_in_one_file(tmp_path: Path) -> None:
    path = tmp_path / "slack.json"
    async with LocalSlack(state_path=path, timings=QUICK) as slack:
        second = LocalSlack(state_path=path, timings=QUICK)
        with pytest.raises(StateInUseError, match=r"slack\.json already"):
            await second.start()
        await slack.control.say("ben", "general", "still here")

    async with LocalSlack(state_path=path, timings=QUICK) as third:
        assert [line.text for line in await third.control.transcript("general")] == ["still here"]


async def test_a_seed_that_is_brought_back_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "slack.json"
    async with LocalSlack(state_path=path, timings=QUICK) as slack:
        await slack.control.say("ben", "general", "before")
        await slack.control.reset()
        await slack.control.say("ben", "general", "after")
        await saved(slack)
        now = await reread(path)

    assert [entry["text"] for entry in now["messages"]] == ["after"]


async def test_a_disk_that_takes_nothing_for_a_while_loses_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.playground.slack.state_file.RETRY_SECONDS", 0.01)
    path = tmp_path / "slack.json"
    async with LocalSlack(state_path=path, timings=QUICK) as slack:
        journal_of(path).mkdir()
        await slack.control.say("ben", "general", "while it was full")
        await asyncio.sleep(QUICK.save * 10)
        journal_of(path).rmdir()
        await until(lambda: "while it was full" in path.read_text())


async def test_an_end_in_the_middle_of_a_save_keeps_what_came_last(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path, begun, first = tmp_path / "slack.json", threading.Event(), iter((True,))

    def slow(target: Path, document: Json) -> None:
        if next(first, False):
            begun.set()
            time.sleep(0.2)
        write(target, document)

    async with LocalSlack(state_path=path, timings=QUICK) as slack:
        monkeypatch.setattr("bot.playground.slack.state_file.write", slow)
        await slack.control.reset()
        await asyncio.to_thread(begun.wait)
        await slack.control.say("ben", "general", "last")
    await asyncio.sleep(0.3)

    assert [entry["text"] for entry in (await reread(path))["messages"]] == ["last"]


async def test_half_a_character_becomes_a_sign_for_it_and_costs_nothing_else(tmp_path: Path) -> None:
    path, half = tmp_path / "slack.json", "cut: \ud83c"
    async with LocalSlack(state_path=path, timings=QUICK) as slack:
        web = AsyncWebClient(token=slack.app.bot_token, base_url=slack.api_url, retry_handlers=[])
        await slack.control.say("ben", "general", half)
        section = {"type": "section", "text": {"type": "plain_text", "text": half}}
        for blocks in ([section], json.dumps([section])):
            await web.api_call(
                "chat.postMessage", json={"channel": "general", "text": half, "blocks": blocks}
            )
        await web.api_call("chat.postMessage", json={"channel": "general", "text": "whole 🍕"})
        shown = [line.text for line in await slack.control.transcript("general")]
        assert all(entry["outcome"] != "fatal_error" for entry in await slack.control.log())

    assert [entry["text"] for entry in (await reread(path))["messages"]] == [*["cut: \ufffd"] * 3, "whole 🍕"]
    assert shown == [*["cut: \ufffd"] * 3, "whole 🍕"]


async def test_a_second_app_keeps_its_things_and_its_tokens(tmp_path: Path) -> None:
    path, apps = tmp_path / "slack.json", [App(), App(name="helper")]
    view = {"type": "home", "blocks": [{"type": "divider"}]}
    async with LocalSlack(apps=apps, state_path=path, timings=QUICK) as slack:
        before = [slack.environment(app) | {"SLACK_API_URL": ""} for app in slack.core.apps.values()]
        helper = AsyncWebClient(token=App(name="helper").bot_token, base_url=slack.api_url)
        posted = await helper.chat_postMessage(channel="general", text="from the helper")
        await helper.views_publish(user_id=slack.core.workspace.user("ben").id, view=view)
    async with LocalSlack(apps=apps, state_path=path, timings=QUICK) as slack:
        after = [slack.environment(app) | {"SLACK_API_URL": ""} for app in slack.core.apps.values()]
        helper = AsyncWebClient(token=App(name="helper").bot_token, base_url=slack.api_url)
        channel = slack.core.workspace.channel("general").id
        await helper.chat_update(channel=channel, ts=posted["ts"], text="changed by the helper")
        text = await slack.control.text("general")
        homes = [key[0] for key in slack.core.workspace.homes]

    assert before == after
    assert "helper: changed by the helper" in text
    assert homes == [App(name="helper").id]
    assert json.loads(path.read_text())["schema_version"] == 1
