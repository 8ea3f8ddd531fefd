"""Envelopes: one connection each, deadlines, retries, faults, the HTTP door, the state file."""

import asyncio
import json
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import aiohttp
import pytest
from aiohttp import web as http
from slack_bolt.async_app import AsyncApp
from slack_sdk.signature import Clock, SignatureVerifier

from bot.playground.slack import QUICK, App, Command, LocalSlack, Timings, workspace_from
from tests.playground.conftest import late_once, never_acknowledging

PATIENCE = 20.0
"""Seconds that a frame may take on a slow machine."""


class SameTime(Clock):
    def __init__(self, now: float) -> None:
        self._now = now

    def now(self) -> float:  # type: ignore[explicit-override]
        return self._now


async def open_socket(slack: LocalSlack, session: aiohttp.ClientSession) -> aiohttp.ClientWebSocketResponse:
    headers = {"Authorization": f"Bearer {slack.app.app_token}"}
    async with session.post(f"{slack.api_url}apps.connections.open", headers=headers) as response:
        url = (await response.json())["url"]
    socket = await session.ws_connect(url)
    assert (await socket.receive_json())["type"] == "hello"
    return socket


async def test_each_envelope_goes_to_one_connection_in_turn(local_slack: LocalSlack) -> None:
    async with aiohttp.ClientSession() as session:
        sockets = [await open_socket(local_slack, session) for _ in range(2)]
        for n in range(4):
            await local_slack.control.say("ben", "general", str(n))
        got = []
        for socket in sockets:
            frames = [await socket.receive_json(timeout=PATIENCE) for _ in range(2)]
            got.append([frame["payload"]["event"]["text"] for frame in frames])

    assert sorted(got) == [["0", "2"], ["1", "3"]]


@late_once
async def test_an_event_is_redelivered_until_it_is_acknowledged(local_slack: LocalSlack) -> None:
    async with aiohttp.ClientSession() as session:
        socket = await open_socket(local_slack, session)
        await local_slack.control.say("ben", "general", "hello")
        first = await socket.receive_json(timeout=PATIENCE)
        second = await socket.receive_json(timeout=PATIENCE)
        await socket.send_json({"envelope_id": second["envelope_id"]})
        await local_slack.control.wait_idle()

    assert (first["retry_attempt"], second["retry_attempt"], second["retry_reason"]) == (0, 1, "timeout")
    assert first["payload"]["event_id"] == second["payload"]["event_id"]
    entries = await local_slack.control.log(kind="envelope")
    assert [(entry["outcome"], entry["attempt"]) for entry in entries] == [("timeout", 0), ("acked", 1)]


@never_acknowledging
async def test_after_three_retries_an_event_is_given_up(local_slack: LocalSlack) -> None:
    async with aiohttp.ClientSession() as session:
        socket = await open_socket(local_slack, session)
        await local_slack.control.say("ben", "general", "hello")
        attempts = [(await socket.receive_json(timeout=PATIENCE))["retry_attempt"] for _ in range(4)]
        await local_slack.control.wait_idle()

    assert attempts == [0, 1, 2, 3]
    entries = await local_slack.control.log(kind="envelope")
    assert [entry["outcome"] for entry in entries] == ["timeout"] * 4


async def test_events_wait_for_a_connection(local_slack: LocalSlack) -> None:
    await local_slack.control.say("ben", "general", "early")
    async with aiohttp.ClientSession() as session:
        socket = await open_socket(local_slack, session)
        frame = await socket.receive_json(timeout=PATIENCE)

    assert frame["payload"]["event"]["text"] == "early"


@late_once
async def test_a_dropped_acknowledgement_brings_the_event_again(
    local_slack: LocalSlack, bolt: AsyncApp, connect: Any
) -> None:
    seen: list[str | None] = []
    twice = asyncio.Event()

    @bolt.event("message")
    async def heard(req: Any) -> None:
        seen.append(next(iter(req.headers.get("x-slack-retry-num", [])), None))
        if len(seen) == 2:
            twice.set()

    await connect(bolt)
    await local_slack.control.drop_acks()
    await local_slack.control.say("ben", "general", "hello")
    await asyncio.wait_for(twice.wait(), PATIENCE)

    assert seen == ["0", "1"]


async def test_bolt_comes_back_after_a_disconnect(
    local_slack: LocalSlack, bolt: AsyncApp, connect: Any
) -> None:
    @bolt.event("message")
    async def heard(say: Any, event: dict[str, Any]) -> None:
        if not event.get("bot_id"):
            await say("still here")

    await connect(bolt)
    assert await local_slack.control.disconnect() == 1
    await local_slack.control.wait_connected()
    await local_slack.control.say("ben", "general", "hello")

    assert (await local_slack.control.wait_message("general", "still here")).who == "kostprobe"


async def test_the_http_door_signs_and_retries(clock: Any) -> None:
    got: list[tuple[dict[str, str], bytes]] = []

    async def receive(request: http.Request) -> http.Response:
        got.append((dict(request.headers), await request.read()))
        return http.Response(status=500 if len(got) == 1 else 200, text="" if len(got) < 3 else "answer")

    receiver = http.Application()
    receiver.router.add_post("/slack/events", receive)
    runner = http.AppRunner(receiver)
    await runner.setup()
    site = http.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    app = App(request_url=f"http://127.0.0.1:{port}/slack/events", commands=(Command("/kostprobe"),))
    try:
        async with LocalSlack(apps=[app], clock=clock, timings=Timings(retries=(0.0,), quiet=0.02)) as slack:
            await slack.control.say("ben", "general", "hello")
            await slack.control.wait_idle()
            taken = await slack.control.command("ben", "general", "/kostprobe a payload")
            told = await slack.control.wait_message("general", "answer")
    finally:
        await runner.cleanup()

    verifier = SignatureVerifier(app.signing_secret, clock=SameTime(clock.now))
    assert all(
        verifier.is_valid(body, headers["X-Slack-Request-Timestamp"], headers["X-Slack-Signature"])
        for headers, body in got
    )
    assert [headers.get("X-Slack-Retry-Num") for headers, _ in got] == [None, "1", None]
    assert json.loads(got[0][1])["event"]["text"] == "hello"
    assert parse_qs(got[2][1].decode())["text"] == ["a payload"]
    assert taken.acked
    assert told.ephemeral


async def test_bolt_answers_behind_the_http_door() -> None:
    app = App(request_url="", commands=(Command("/kostprobe"),))
    bolt = AsyncApp(token=app.bot_token, signing_secret=app.signing_secret)

    @bolt.event("app_mention")
    async def mentioned(say: Any) -> None:
        await say("by http")

    @bolt.event("message")
    async def heard() -> None:
        """Take the twin."""

    @bolt.command("/kostprobe")
    async def command(ack: Any) -> None:
        await ack("yes?")

    runner = http.AppRunner(bolt.web_app())
    await runner.setup()
    await http.TCPSite(runner, "127.0.0.1", 0).start()
    door = replace(app, request_url=f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events")
    try:
        async with LocalSlack(apps=[door], timings=Timings(quiet=0.02)) as slack:
            bolt.client.base_url = slack.api_url
            await slack.control.say("ben", "general", "@kostprobe hello")
            said = await slack.control.wait_message("general", "by http")
            await slack.control.command("ben", "general", "/kostprobe")
            told = await slack.control.wait_message("general", "yes")
    finally:
        await runner.cleanup()

    assert said.who == "kostprobe"
    assert told.ephemeral


async def test_the_state_survives_in_a_file(tmp_path: Path, clock: Any) -> None:
    path = tmp_path / "state" / "slack.json"
    async with LocalSlack(clock=clock, timings=QUICK, state_path=path) as slack:
        root = await slack.control.say("ben", "general", "remember")
        await slack.control.say("ada", "general", "this", thread_ts=root)
        await slack.control.react("ada", "general", root, "eyes")
        before = await slack.control.text("general")
    async with LocalSlack(clock=clock, timings=QUICK, state_path=path) as slack:
        after = await slack.control.text("general")
        later = await slack.control.say("ben", "general", "next")
        await slack.control.reset()
        empty = await slack.control.text("general")

    assert before == after
    assert "    ada: this" in after
    assert later > root
    assert empty == ""


def test_a_workspace_is_built_from_plain_data(clock: Any) -> None:
    workspace = workspace_from(
        {
            "team": {"name": "Osteria"},
            "users": [{"name": "eva", "is_admin": True}, {"name": "finn"}],
            "channels": [{"name": "kitchen", "kind": "group", "members": ["eva"]}],
            "groups": {"chefs": ["eva"]},
            "messages": [
                {
                    "channel": "kitchen",
                    "user": "eva",
                    "text": "Salt?",
                    "replies": [{"user": "eva", "text": "Yes."}],
                }
            ],
        },
        clock,
    )
    kitchen = workspace.channel("kitchen")

    assert kitchen.members == [workspace.user("eva").id]
    assert [m.text for m in workspace.messages[kitchen.id].values()] == ["Salt?", "Yes."]
    assert workspace.user("eva").id.startswith("U0")
    with pytest.raises(ValueError, match="unknown keys: colour"):
        workspace_from({"users": [{"name": "x", "colour": "red"}]}, clock)
    with pytest.raises(ValueError, match="no user 'nobody'"):
        workspace_from({"channels": [{"name": "x", "members": ["nobody"]}]}, clock)
