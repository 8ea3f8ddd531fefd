"""The web page and its stream of changes."""

import json

import aiohttp

from bot.playground.slack import LocalSlack


async def test_the_page_is_served_with_a_strict_policy(local_slack: LocalSlack) -> None:
    async with aiohttp.ClientSession() as session:
        for path, kind in (("/", "html"), ("/static/app.js", "javascript"), ("/static/style.css", "css")):
            async with session.get(local_slack.url + path) as response:
                assert response.status == 200
                assert kind in response.content_type
                assert "script-src 'self'" in response.headers["Content-Security-Policy"]
        async with session.get(f"{local_slack.url}/static/..%2Fserver.py") as response:
            assert response.status == 404


async def test_scripts_never_build_markup_from_text(local_slack: LocalSlack) -> None:
    async with aiohttp.ClientSession() as session:
        for name in ("app.js", "blocks.js", "text.js"):
            async with session.get(f"{local_slack.url}/static/{name}") as response:
                source = await response.text()
            assert not any(
                word in source for word in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write")
            )


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
