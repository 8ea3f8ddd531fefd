"""The local Slack's door for apps without Socket Mode: addresses, reasons, what counts as an answer."""

import asyncio
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs

import pytest
from aiohttp import web as http
from slack_sdk.signature import Clock, SignatureVerifier

from bot.playground.slack import QUICK, App, Command, LocalSlack, Timings
from bot.playground.slack.errors import ControlError
from tests.playground.conftest import late_once

APP = App(request_url="", commands=(Command("/kostprobe"),))
MANIFEST = {
    "display_information": {"name": "Taste"},
    "features": {
        "bot_user": {"display_name": "taste"},
        "slash_commands": [{"command": "/a", "url": "http://h/commands"}, {"command": "/b"}],
    },
    "settings": {
        "event_subscriptions": {"request_url": "http://h/events", "bot_events": ["message.channels"]},
        "interactivity": {
            "is_enabled": True,
            "request_url": "http://h/clicks",
            "message_menu_options_url": "http://h/options",
        },
        "socket_mode_enabled": False,
    },
}
Answer = Callable[[http.Request], Any]


@dataclass
class Receiver:
    """An app's server that answers as it is told to, and writes everything down."""

    url: str = ""
    answer: Answer = lambda _request: http.Response()
    got: list[tuple[http.Request, bytes]] = field(default_factory=list)

    async def on_request(self, request: http.Request) -> http.StreamResponse:
        self.got.append((request, await request.read()))
        answer = self.answer(request)
        made: http.StreamResponse = await answer if asyncio.iscoroutine(answer) else answer
        return made

    def attempts(self) -> list[tuple[str | None, str | None]]:
        """Number and reason of each delivery."""
        names = ("X-Slack-Retry-Num", "X-Slack-Retry-Reason")
        found = [tuple(request.headers.get(name) for name in names) for request, _ in self.got]
        return [(number, reason) for number, reason in found]


@asynccontextmanager
async def receiving() -> AsyncGenerator[Receiver]:
    receiver = Receiver()
    app = http.Application()
    app.router.add_route("*", "/{any:.*}", receiver.on_request)
    runner = http.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await http.TCPSite(runner, "127.0.0.1", 0).start()
    receiver.url = f"http://127.0.0.1:{runner.addresses[0][1]}/slack/events"
    try:
        yield receiver
    finally:
        await runner.cleanup()


@pytest.fixture
async def receiver() -> AsyncGenerator[Receiver]:
    async with receiving() as opened:
        yield opened


@pytest.fixture
async def slack(receiver: Receiver, timings: Timings) -> AsyncGenerator[LocalSlack]:
    async with LocalSlack(apps=[APP.at(receiver.url)], timings=timings) as opened:
        yield opened


def challenge(request: http.Request, receiver: Receiver) -> str:
    del request
    return str(json.loads(receiver.got[-1][1])["challenge"])


# ------------------------------------------------------------ the address


@pytest.mark.parametrize("form", ["json", "plain"])
async def test_an_address_is_taken_when_it_gives_the_challenge_back(receiver: Receiver, form: str) -> None:
    def give_back(request: http.Request) -> http.Response:
        word = challenge(request, receiver)
        return http.json_response({"challenge": word}) if form == "json" else http.Response(text=word)

    receiver.answer = give_back
    async with LocalSlack(timings=QUICK) as slack:
        await slack.set_request_url(receiver.url)
        request, body = receiver.got.pop()
        receiver.answer = lambda _request: http.Response()
        await slack.control.say("ben", "general", "hello")
        await slack.control.wait_idle()

        assert json.loads(body)["type"] == "url_verification"
        assert SignatureVerifier(slack.app.signing_secret, Clock()).is_valid(
            body, request.headers["X-Slack-Request-Timestamp"], request.headers["X-Slack-Signature"]
        )
        assert json.loads(receiver.got[-1][1])["event"]["text"] == "hello"


@pytest.mark.parametrize(
    "answer",
    [
        http.Response,
        lambda: http.Response(text="another"),
        lambda: http.json_response({"challenge": "another"}),
        lambda: http.Response(status=401),
    ],
    ids=["nothing", "another", "another in json", "refused"],
)
async def test_an_address_that_does_not_is_refused(receiver: Receiver, answer: Callable[[], Any]) -> None:
    receiver.answer = lambda _request: answer()
    async with LocalSlack(timings=QUICK) as slack:
        with pytest.raises(ControlError, match="did not respond with the value of the challenge"):
            await slack.set_request_url(receiver.url)
        assert slack.app.request_url is None
        with pytest.raises(ControlError, match="connection_failed"):
            await slack.set_request_url("http://127.0.0.1:1/slack/events")


async def test_what_waited_is_brought_once_there_is_an_address(receiver: Receiver) -> None:
    async with LocalSlack(timings=QUICK) as slack:
        await slack.control.say("ben", "general", "hello")
        receiver.answer = lambda request: http.Response(text=challenge(request, receiver))
        await slack.set_request_url(receiver.url)
        receiver.answer = lambda _request: http.Response()
        await slack.control.wait_idle()

    assert [json.loads(body)["type"] for _, body in receiver.got] == ["url_verification", "event_callback"]


def test_a_manifest_has_an_address_for_each_kind_of_thing() -> None:
    app = App.from_manifest(MANIFEST)

    assert app.url_of("events_api", "message", "event_callback") == "http://h/events"
    assert app.url_of("slash_commands", "/a", "") == "http://h/commands"
    assert app.url_of("slash_commands", "/b", "") == "", "one without an address cannot be reached"
    assert app.url_of("interactive", "block_actions", "block_actions") == "http://h/clicks"
    assert app.url_of("interactive", "block_suggestion", "block_suggestion") == "http://h/options"
    assert {
        app.at("http://x").url_of(*kind) for kind in (("events_api", "", ""), ("slash_commands", "/a", ""))
    } == {"http://x"}


# ------------------------------------------------------------ answers


async def test_an_event_that_is_not_taken_is_brought_again_with_the_reason(
    slack: LocalSlack, receiver: Receiver
) -> None:
    answers = iter([500, 404, 204])
    receiver.answer = lambda _request: http.Response(status=next(answers))
    await slack.control.say("ben", "general", "hello")
    await slack.control.wait_idle()

    assert receiver.attempts() == [(None, None), ("1", "http_error"), ("2", "http_error")]


@late_once
async def test_an_answer_that_comes_too_late_is_none(slack: LocalSlack, receiver: Receiver) -> None:
    may = asyncio.Event()

    async def late(_request: http.Request) -> http.Response:
        if len(receiver.got) == 1:
            await may.wait()
        return http.Response()

    receiver.answer = late
    await slack.control.say("ben", "general", "hello")
    await slack.control.wait_idle()
    may.set()

    assert receiver.attempts() == [(None, None), ("1", "http_timeout")]


async def test_who_does_not_want_it_again_says_so(slack: LocalSlack, receiver: Receiver) -> None:
    receiver.answer = lambda _request: http.Response(status=503, headers={"X-Slack-No-Retry": "1"})
    await slack.control.say("ben", "general", "hello")
    await slack.control.wait_idle()

    assert receiver.attempts() == [(None, None)]


@pytest.mark.parametrize(("hops", "outcome"), [(2, "acked"), (3, "too_many_redirects")])
async def test_two_redirects_are_followed_and_no_more(
    slack: LocalSlack, receiver: Receiver, hops: int, outcome: str
) -> None:
    def lead_on(request: http.Request) -> http.Response:
        hop = int(request.query.get("hop", "0"))
        return (
            http.Response()
            if hop == hops
            else http.Response(status=307, headers={"Location": f"?hop={hop + 1}"})
        )

    receiver.answer = lead_on
    await slack.control.say("ben", "general", "hello")
    await slack.control.wait_idle()

    assert slack.core.traffic.entries[0].outcome == outcome


async def test_where_nobody_listens_the_connection_fails() -> None:
    async with LocalSlack(apps=[APP.at("http://127.0.0.1:1/")], timings=QUICK) as slack:
        await slack.control.say("ben", "general", "hello")
        taken = await slack.control.command("ben", "general", "/kostprobe x")
        await slack.control.wait_idle()
        entries = [e for e in slack.core.traffic.entries if e.kind == "envelope" and e.name == "message"]

    assert [(entry.attempt, entry.outcome) for entry in entries] == [
        (attempt, "connection_failed") for attempt in range(4)
    ]
    assert (taken.acked, taken.error) == (False, "connection_failed")


@pytest.mark.parametrize(
    ("response", "shown"),
    [
        (lambda: http.Response(text="plainly"), "plainly"),
        (lambda: http.json_response({"text": "as json"}), "as json"),
    ],
    ids=["plain", "json"],
)
async def test_the_response_to_a_command_is_shown(
    slack: LocalSlack, receiver: Receiver, response: Callable[[], http.Response], shown: str
) -> None:
    receiver.answer = lambda _request: response()
    taken = await slack.control.command("ben", "general", "/kostprobe a payload")
    line = await slack.control.wait_message("general", shown, viewer="ben", ephemeral=True)

    assert taken.acked
    assert line.text == shown
    request, body = receiver.got[0]
    assert request.content_type == "application/x-www-form-urlencoded"
    assert parse_qs(body.decode())["text"] == ["a payload"]


@late_once
async def test_a_command_that_is_answered_too_late_is_told_as_such(
    slack: LocalSlack, receiver: Receiver
) -> None:
    may = asyncio.Event()

    async def late(_request: http.Request) -> http.Response:
        await may.wait()
        return http.Response()

    receiver.answer = late
    taken = await slack.control.command("ben", "general", "/kostprobe x")
    may.set()

    assert taken.error == "http_timeout"
    await slack.control.wait_message("general", "operation_timeout", viewer="ben", ephemeral=True)


async def test_a_response_that_is_no_json_though_it_says_so_is_an_error(
    slack: LocalSlack, receiver: Receiver
) -> None:
    receiver.answer = lambda _request: http.Response(text="{", content_type="application/json")

    assert (await slack.control.command("ben", "general", "/kostprobe x")).error == "http_error"
    assert len(receiver.got) == 1, "commands are not brought again"
