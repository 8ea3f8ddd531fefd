"""The web page and its stream of changes."""

import json
import re
from importlib.resources import files
from pathlib import Path

import aiohttp
import pytest

from bot.cli.seeds import Seeds
from bot.playground.slack import LocalSlack

STATIC = Path(str(files("bot.playground.slack"))) / "static"
SCRIPTS = sorted(STATIC.glob("*.js"))
BULLET = "• "
"""The page offers each line that begins so, in the first message of a channel, as a question to ask."""


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


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_never_build_markup_from_text(script: Path) -> None:
    source = script.read_text(encoding="utf-8")

    assert not re.search(
        r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|createContextualFragment|setHTML"
        r"|\beval\(|new Function|window\.(prompt|confirm|alert)",
        source,
    )


def test_the_page_has_no_markup_that_its_policy_forbids() -> None:
    page = (STATIC / "index.html").read_text(encoding="utf-8")

    assert not re.search(r"\son\w+=|\sstyle=|<style|<script(?![^>]*src=)|https?://", page)


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_import_what_is_there(script: Path) -> None:
    source = script.read_text(encoding="utf-8")

    for names, module in re.findall(r'import \{([^}]*)\} from "\./([^"]+)"', source):
        exported = (STATIC / module).read_text(encoding="utf-8")
        for name in names.split(","):
            assert re.search(
                rf"export (async )?(const|let|function) {re.escape(name.strip())}(?!\w)", exported
            )


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda path: path.name)
def test_scripts_find_the_parts_of_the_page_that_they_name(script: Path) -> None:
    page = (STATIC / "index.html").read_text(encoding="utf-8")

    for name in re.findall(r'\$\("([^"]+)"\)', script.read_text(encoding="utf-8")):
        assert f'id="{name}"' in page


def test_each_seeded_channel_begins_with_questions_to_ask() -> None:
    """The page offers the questions of the first message, so each channel needs one."""
    workspace = Seeds.read().workspace
    first = {message["channel"]: message["text"] for message in reversed(workspace["messages"])}

    for channel in workspace["channels"]:
        offered = [line for line in first[channel["name"]].splitlines() if line.startswith(BULLET)]
        assert len(offered) == 10
    assert BULLET in (STATIC / "composer.js").read_text(encoding="utf-8")


async def test_changes_are_streamed(local_slack: LocalSlack) -> None:
    async with aiohttp.ClientSession() as session, session.get(f"{local_slack.url}/changes") as stream:
        assert stream.content_type == "text/event-stream"
        await stream.content.readuntil(b"\n\n")
        ts = await local_slack.control.say("ben", "general", "hello")
        change = json.loads((await stream.content.readuntil(b"\n\n")).removeprefix(b"data: "))

    assert (change["kind"], change["ts"]) == ("message", ts)


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
