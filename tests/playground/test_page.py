"""The web page: its files, its policy, and what it is told."""

import asyncio
import gzip
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.resources import files
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.cli.seeds import Seeds
from bot.playground.slack import LocalSlack

STATIC = Path(str(files("bot.playground.slack"))) / "static"
SOURCE = Path(str(files("bot.playground"))) / "ui" / "src"
SOURCES = sorted(path for kind in ("*.ts", "*.tsx") for path in SOURCE.rglob(kind))
BULLET = "• "
"""The page offers each line that begins so, in the first message of a channel, as a question to ask."""
MOST_BYTES = 400_000
"""All scripts and styles together, compressed."""

Json = dict[str, Any]


async def test_the_page_is_served_with_a_strict_policy(local_slack: LocalSlack) -> None:
    paths = ["/", *(f"/static/{file.name}" for file in STATIC.iterdir() if file.name != "index.html")]
    kinds = {".js": "javascript", ".css": "css"}
    async with aiohttp.ClientSession() as session:
        for path in paths:
            async with session.get(local_slack.url + path) as response:
                assert response.status == 200
                assert kinds.get(Path(path).suffix, "html") in response.content_type
                policy = response.headers["Content-Security-Policy"]
                assert "default-src 'none'; script-src 'self'; style-src 'self'" in policy
                assert "unsafe" not in policy
        async with session.get(f"{local_slack.url}/static/..%2Fserver.py") as response:
            assert response.status == 404
        async with session.get(f"{local_slack.url}/static/index.html") as response:
            assert response.status == 404


def test_the_page_is_light() -> None:
    sizes = [len(gzip.compress(file.read_bytes())) for file in STATIC.iterdir()]

    assert sum(sizes) < MOST_BYTES


async def test_large_files_are_sent_compressed(local_slack: LocalSlack) -> None:
    async with (
        aiohttp.ClientSession(auto_decompress=False) as session,
        session.get(
            f"{local_slack.url}/static/libraries.js", headers={"Accept-Encoding": "gzip"}
        ) as response,
    ):
        assert response.headers["Content-Encoding"] == "gzip"
        assert gzip.decompress(await response.read()) == (STATIC / "libraries.js").read_bytes()


async def test_nothing_follows_the_word_that_a_file_is_as_it_was(local_slack: LocalSlack) -> None:
    address = local_slack.url.removeprefix("http://")
    reader, writer = await asyncio.open_connection(*address.split(":"))
    headers = (
        f"Host: {address}\r\nAccept-Encoding: gzip\r\nIf-Modified-Since: Thu, 01 Jan 2099 00:00:00 GMT\r\n"
    )
    for _ in range(2):
        writer.write(f"GET /static/app.js HTTP/1.1\r\n{headers}\r\n".encode())
        answer = await reader.readuntil(b"\r\n\r\n")
        assert answer.startswith(b"HTTP/1.1 304 ")
    writer.close()
    await writer.wait_closed()


@pytest.mark.parametrize("source", SOURCES, ids=lambda path: path.name)
def test_nothing_builds_markup_from_text(source: Path) -> None:
    assert not re.search(
        r"dangerouslySetInnerHTML|innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser"
        r"|createContextualFragment|setHTML|\beval\(|new Function|window\.(prompt|confirm|alert)",
        source.read_text(encoding="utf-8"),
    )


def test_the_lock_file_says_what_is_installed_and_not_from_where() -> None:
    locked = json.loads((SOURCE.parent / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    packages = {name: one for name, one in locked.items() if name}

    assert packages
    assert not [name for name, one in packages.items() if "resolved" in one or "://" in one["version"]]
    assert not [name for name, one in packages.items() if not one.get("integrity", "").startswith("sha512-")]


def test_the_page_has_no_markup_that_its_policy_forbids() -> None:
    page = (STATIC / "index.html").read_text(encoding="utf-8")

    assert not re.search(r"\son\w+=|\sstyle=|<style|<script(?![^>]*src=)|https?://", page)


def test_each_seeded_channel_begins_with_questions_to_ask() -> None:
    """The page offers the questions of the first message, so each channel needs one."""
    workspace = Seeds.read().workspace
    first = {message["channel"]: message["text"] for message in reversed(workspace["messages"])}

    for channel in workspace["channels"]:
        offered = [line for line in first[channel["name"]].splitlines() if line.startswith(BULLET)]
        assert len(offered) == 10
    assert f'"{BULLET}"' in (SOURCE / "messages" / "Questions.tsx").read_text(encoding="utf-8")


@asynccontextmanager
async def changes(slack: LocalSlack, viewer: str) -> AsyncIterator[Any]:
    """What a page is told, patch by patch."""
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{slack.url}/changes", params={"viewer": viewer}) as stream,
    ):
        assert stream.content_type == "text/event-stream"
        await stream.content.readuntil(b"\n\n")

        async def following() -> Json:
            patch: Json = json.loads((await stream.content.readuntil(b"\n\n")).removeprefix(b"data: "))
            return patch

        yield following


async def history(slack: LocalSlack, **asked: str) -> Json:
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{slack.url}/history", params=asked) as answer,
    ):
        found: Json = await answer.json()
        return found | {"status": answer.status}


async def test_a_page_is_told_everything_first_and_then_what_changes(local_slack: LocalSlack) -> None:
    async with changes(local_slack, "ben") as following:
        whole = await following()
        assert whole["all"]
        assert whole["state"]["viewer"] == local_slack.core.workspace.user("ben").id
        ts = await local_slack.control.say("ada", "general", "hello")
        patch = await following()

        assert [(one["ts"], one["text"]) for one in patch["messages"]] == [(ts, "hello")]
        await local_slack.control.delete("ada", "general", ts)
        general = local_slack.core.workspace.channel("general").id
        assert (await following())["gone"] == [[general, ts]]


async def test_a_reply_brings_its_root_along(local_slack: LocalSlack) -> None:
    root = await local_slack.control.say("ada", "general", "hello")
    async with changes(local_slack, "ben") as following:
        await following()
        reply = await local_slack.control.say("ben", "general", "hi", thread_ts=root)
        told = {one["ts"]: one for one in (await following())["messages"]}

        assert set(told) == {root, reply}
        assert (told[root]["reply_count"], told[root]["latest_reply"]) == (1, reply)


async def test_changes_in_between_are_told_once_and_as_they_are_in_the_end(local_slack: LocalSlack) -> None:
    async with changes(local_slack, "ben") as following:
        await following()
        ts = await local_slack.control.say("ada", "general", "1")
        for number in range(2, 40):
            await local_slack.control.edit("ada", "general", ts, str(number))
        texts = []
        while "39" not in texts:
            texts += [one["text"] for one in (await following())["messages"]]

        assert len(texts) < 39


async def test_nobody_is_told_of_what_they_do_not_see(local_slack: LocalSlack) -> None:
    await local_slack.control.create_channel("secret", members=["ada"], private=True)
    async with changes(local_slack, "ben") as following:
        await following()
        await local_slack.control.say("ada", "secret", "psst")
        ts = await local_slack.control.say("ada", "general", "hello")
        assert [one["ts"] for one in (await following())["messages"]] == [ts]

    assert (await history(local_slack, viewer="ben", channel="secret"))["status"] == 404
    assert len((await history(local_slack, viewer="ada", channel="secret"))["messages"]) == 1


async def test_a_long_channel_is_read_page_by_page(local_slack: LocalSlack) -> None:
    stamps = [await local_slack.control.say("ada", "general", str(number)) for number in range(5)]

    newest = await history(local_slack, viewer="ben", channel="general", limit="2")
    assert ([one["ts"] for one in newest["messages"]], newest["more"]) == (stamps[3:], True)
    older = await history(local_slack, viewer="ben", channel="general", limit="3", before=stamps[3])
    assert ([one["ts"] for one in older["messages"]], older["more"]) == (stamps[:3], False)
    assert (await history(local_slack, viewer="ben"))["status"] == 400


async def test_a_message_can_be_looked_up_and_pins_come_with_the_channel(local_slack: LocalSlack) -> None:
    root = await local_slack.control.say("ada", "general", "hello")
    reply = await local_slack.control.say("ben", "general", "hi", thread_ts=root)
    await local_slack.control.pin("ada", "general", reply)

    found = await history(local_slack, viewer="ben", channel="general", message=reply)
    assert [one["thread_ts"] for one in found["messages"]] == [root]
    assert (await history(local_slack, viewer="ben", channel="general", message="1.0"))["messages"] == []
    assert [one["ts"] for one in (await history(local_slack, viewer="ben", channel="general"))["pins"]] == [
        reply
    ]


async def test_an_app_that_comes_and_goes_is_told(local_slack: LocalSlack) -> None:
    async with changes(local_slack, "ben") as following, aiohttp.ClientSession() as session:
        assert (await following())["state"]["apps"][0]["connected"] is False
        ticket = local_slack.core.sockets.ticket(local_slack.app)
        async with session.ws_connect(f"{local_slack.url}/link/?ticket={ticket}"):
            assert (await following())["state"]["apps"][0]["connected"] is True
        assert (await following())["state"]["apps"][0]["connected"] is False


async def test_a_status_goes_with_the_answer_and_with_its_question(
    local_slack: LocalSlack, web: AsyncWebClient
) -> None:
    general = local_slack.core.workspace.channel("general").id
    await local_slack.control.join("kostprobe", "general")
    root = await local_slack.control.say("ada", "general", "hello")
    other = await local_slack.control.say("ada", "general", "and?")
    async with changes(local_slack, "ben") as following:

        async def statuses() -> list[str]:
            while "state" not in (patch := await following()):
                pass
            return [status["thread_ts"] for status in patch["state"]["statuses"]]

        await statuses()
        for ts in (root, other):
            await web.assistant_threads_setStatus(channel_id=general, thread_ts=ts, status="is thinking...")
        while await statuses() != [root, other]:
            pass
        await web.chat_postMessage(channel=general, thread_ts=root, text="Hello.")
        assert await statuses() == [other]
        await local_slack.control.delete("ada", "general", other)
        assert await statuses() == []


async def test_a_permalink_leads_to_the_message(local_slack: LocalSlack) -> None:
    ts = await local_slack.control.say("ben", "general", "hello")
    general = local_slack.core.workspace.channel("general").id
    async with (
        aiohttp.ClientSession() as session,
        session.get(
            f"{local_slack.url}/archives/{general}/p{ts.replace('.', '')}", allow_redirects=False
        ) as found,
    ):
        assert found.headers["Location"] == f"/#{general}/p{ts.replace('.', '')}"
