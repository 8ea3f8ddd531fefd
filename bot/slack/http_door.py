"""The HTTP door: Slack's requests checked, read, and given to Bolt as Socket Mode gives them.

Bolt's own adapters are not used. They read a body of any size, parse it before it is verified, hand on headers
that are not signed but steer Bolt (`x-slack-bolt-lazy-only`), and Bolt's parser loses a form in which the word
"payload" stands anywhere but as a field's name: `/kostprobe ask what is a payload` would reach no listener. Here
the door parses and gives Bolt a mapping, in the mode in which it parses nothing.
"""

import asyncio
import json
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

from slack_bolt.async_app import AsyncApp
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.signature import Clock as SlackClock
from slack_sdk.signature import SignatureVerifier
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.routing import Route

from bot.services.ports import Clock, Observer
from bot.slack.manifest import EVENTS_PATH
from bot.slack.people import Remembered

PATH = EVENTS_PATH
BODY_BYTES = 1024 * 1024
BODY_S = 5.0
"""How long a body may take to come; Slack's own patience ends after 3 s."""
REASONS = frozenset(
    {"http_timeout", "too_many_redirects", "connection_failed", "ssl_error", "http_error", "unknown_error"}
)
"""Why Slack says that it brings an event again."""
_FORM_FIELDS = 100
_SIGNATURE = "x-slack-signature"
_SIGNED_FOR = timedelta(minutes=10)
"""For how long a signature can be good: five minutes before its time to five after."""
_OK = 200
_CLOSE = {"Connection": "close"}
"""With a body left unread, the connection is of no use any more."""


class Refused(Exception):
    """A request that is none of Slack's, with the status and a word that say why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status = status
        self.why = why


class _Time(SlackClock):
    """Our clock as the verifier asks for it."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def now(self) -> float:  # type: ignore[explicit-override]
        return self._clock.now().timestamp()


class SlackRequests:
    """Takes requests in: events, commands, clicks, submissions, options.

    Args:
        app: The Bolt app.
        signing_secret: What Slack signs with.
        clock: The time: a signature is good for five minutes.
        observer: Hears of requests refused, of repeated deliveries, and how long answers took.
        body_s: Seconds that a body may take to come.
    """

    def __init__(
        self,
        app: AsyncApp,
        signing_secret: str,
        clock: Clock,
        observer: Observer,
        *,
        body_s: float = BODY_S,
    ) -> None:
        self._app = app
        self._verifier = SignatureVerifier(signing_secret, _Time(clock))
        self._observer = observer
        self._body_s = body_s
        self._taken: Remembered[str, bool] = Remembered(clock, _SIGNED_FOR)

    def routes(self) -> list[Route]:
        """Return where Slack is expected."""
        return [
            Route(PATH, self.on_request, methods=["POST"]),
            Route(PATH, self.on_certificate_check, methods=["GET"]),
        ]

    async def on_certificate_check(self, request: Request) -> Response:
        """Slack looks now and then whether a command's address has a good certificate."""
        return Response(status_code=_OK if request.query_params.get("ssl_check") == "1" else 405)

    async def on_request(self, request: Request) -> Response:
        """Answer one request of Slack's."""
        began = time.perf_counter()
        try:
            raw = await self._body(request)
            if not self._signed(raw, request.headers):
                return self._unsigned(raw)
            body = parsed(raw, request.headers.get("content-type", ""))
        except Refused as refused:
            self._observer.fact("request_refused", why=refused.why)
            return Response(status_code=refused.status, headers=_CLOSE)
        except ClientDisconnect:
            self._observer.fact("request_refused", why="cut_off")
            return Response(status_code=400)
        what, signature = kind(body), request.headers[_SIGNATURE]
        once = what != "events_api" and body.get("type") != "block_suggestion"
        if once and self._taken.get(signature):
            return self._replayed()
        answer = await self._dispatch(body, self._told(request.headers))
        if once and answer.status == _OK:
            self._taken.put(signature, value=True)
        ms = (time.perf_counter() - began) * 1000
        self._observer.fact("acknowledged", kind=what, status=answer.status, ms=round(ms, 2))
        return Response(answer.body, answer.status, answer.first_headers())

    async def _body(self, request: Request) -> bytes:
        length = request.headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > BODY_BYTES:
            raise Refused(413, "too_large")
        body = bytearray()
        try:
            async with asyncio.timeout(self._body_s):
                async for chunk in request.stream():
                    body += chunk
                    if len(body) > BODY_BYTES:
                        raise Refused(413, "too_large")
        except TimeoutError:
            raise Refused(408, "too_slow") from None
        return bytes(body)

    def _signed(self, raw: bytes, headers: Mapping[str, str]) -> bool:
        try:
            return self._verifier.is_valid(
                raw, headers.get("x-slack-request-timestamp"), headers.get(_SIGNATURE)
            )
        except (
            TypeError,
            ValueError,
            OverflowError,
        ):  # a time that is no number, what should be text and is not
            return False

    def _unsigned(self, raw: bytes) -> Response:
        """Refuse, but for the check of the certificate, which is not signed and asks for nothing."""
        if b"ssl_check=1" in raw.split(b"&"):
            return Response(status_code=_OK)
        raise Refused(401, "not_signed")

    def _replayed(self) -> Response:
        """Slack signs each command and click once; an event again is a question known by its ts."""
        self._observer.fact("request_refused", why="replayed")
        return Response(status_code=_OK)

    def _told(self, headers: Mapping[str, str]) -> dict[str, Any]:
        """Return the headers that Bolt and listeners may see: whether Slack brings this again, and why."""
        number = headers.get("x-slack-retry-num", "")
        if not number.isdecimal():
            return {}
        given = headers.get("x-slack-retry-reason", "")
        reason = given if given in REASONS else "unknown_error"
        self._observer.fact("redelivered", attempt=int(number[:2]), reason=reason)
        return {"x-slack-retry-num": number, "x-slack-retry-reason": reason}

    async def _dispatch(self, body: dict[str, Any], headers: dict[str, Any]) -> BoltResponse:
        try:
            return await self._app.async_dispatch(
                AsyncBoltRequest(mode="socket_mode", body=body, headers=headers)
            )
        except Exception as error:  # noqa: BLE001 (the door's boundary: Slack is answered whatever it was)
            self._observer.fault("request_failed", error)
            return BoltResponse(status=500)


def parsed(raw: bytes, content_type: str) -> dict[str, Any]:
    """Read a verified body: JSON for events, a form for commands, JSON in a form for the rest.

    Raises:
        Refused: It is none of these.
    """
    media = content_type.partition(";")[0].strip().lower()
    try:
        match media:
            case "application/json":
                body = json.loads(raw)
            case "application/x-www-form-urlencoded":
                fields = parse_qsl(
                    raw.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=_FORM_FIELDS
                )
                form = dict(fields)
                body = json.loads(form["payload"]) if "payload" in form else form
            case _:
                raise Refused(415, "media_type")
    except (ValueError, RecursionError):
        raise Refused(400, "garbled") from None
    if not isinstance(body, dict):
        raise Refused(400, "garbled")
    return body


def kind(body: Mapping[str, Any]) -> str:
    """What a body tells, as Socket Mode names it."""
    if "event" in body or body.get("type") in {"event_callback", "url_verification", "app_rate_limited"}:
        return "events_api"
    return "slash_commands" if "command" in body else "interactive"
