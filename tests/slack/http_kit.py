"""The HTTP door over the wire: a server, a Bolt app that writes down what reaches it, and requests signed or not."""

import asyncio
import json
from collections.abc import AsyncGenerator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

import aiohttp
from slack_bolt.async_app import AsyncAck, AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_sdk.signature import SignatureVerifier
from slack_sdk.web.async_client import AsyncWebClient
from starlette.applications import Starlette

from bot.adapters.http_server import HttpServer
from bot.slack.http_door import PATH, SlackRequests
from tests.fakes.world import FrozenClock, RecordingObserver

SECRET = "8f742231b10e8888abcd99yyyzzz85a5"
JSON, FORM = "application/json", "application/x-www-form-urlencoded"


@dataclass
class Site:
    """A door that listens, and who asks there."""

    port: int
    session: aiohttp.ClientSession
    clock: FrozenClock
    observer: RecordingObserver
    heard: list[dict[str, Any]]
    retries: list[tuple[str, str]] = field(default_factory=list)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}{PATH}"

    def signed(self, body: bytes, *, secret: str = SECRET, seconds: int = 0) -> dict[str, str]:
        """The headers of Slack's signature, made some seconds from now."""
        timestamp = str(int(self.clock.now().timestamp()) + seconds)
        signature = SignatureVerifier(secret).generate_signature(timestamp=timestamp, body=body)
        return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": str(signature)}

    async def post(
        self, body: bytes, media: str = JSON, headers: Mapping[str, str] | None = None, **signing: Any
    ) -> tuple[int, str]:
        """Post a body, signed unless other headers are given, and return status and answer."""
        chosen = self.signed(body, **signing) if headers is None else headers
        async with self.session.post(
            self.url, data=body, headers={"Content-Type": media, **chosen}
        ) as response:
            return response.status, await response.text()

    async def event(self, text: str = "hello", **more: str) -> tuple[int, str]:
        body = json.dumps({"type": "event_callback", "event": {"type": "message", "text": text}}).encode()
        return await self.post(body, headers=self.signed(body) | more)

    async def command(self, text: str, **signing: Any) -> tuple[int, str]:
        form = {
            "command": "/kostprobe",
            "text": text,
            "user_id": "U1",
            "channel_id": "C1",
            "trigger_id": "1.2",
        }
        return await self.post(urlencode(form).encode(), FORM, **signing)

    async def interact(self, payload: dict[str, Any], **signing: Any) -> tuple[int, str]:
        return await self.post(urlencode({"payload": json.dumps(payload)}).encode(), FORM, **signing)

    async def raw(self, *chunks: bytes, then: str = "wait") -> bytes:
        """Send bytes as they are and return all that comes back until the door hangs up."""
        reader, writer = await asyncio.open_connection("127.0.0.1", self.port)
        try:
            for chunk in chunks:
                writer.write(chunk)
                await writer.drain()
            if then == "hang up":
                return b""
            async with asyncio.timeout(10):
                return await reader.read()
        except ConnectionError:
            return b""
        finally:
            writer.close()


def recording_app(heard: list[dict[str, Any]], retries: list[tuple[str, str]]) -> AsyncApp:
    """A Bolt app, set up as ours is, that writes down every body."""
    result = AuthorizeResult(
        enterprise_id=None, team_id="T1", bot_user_id="UBOT", bot_id="B1", bot_token="xoxb-1"
    )

    async def authorize() -> AuthorizeResult:
        return result

    app = AsyncApp(
        process_before_response=True,
        client=AsyncWebClient(),
        authorize=authorize,
        request_verification_enabled=False,
    )

    async def hear(body: dict[str, Any], request: Any) -> None:
        if body.get("event", {}).get("text") == "break":
            raise RuntimeError("broken")
        heard.append(body)
        if "x-slack-retry-num" in request.headers:
            retries.append(tuple(request.headers[f"x-slack-retry-{name}"][0] for name in ("num", "reason")))

    @app.event("message")
    async def on_event(body: dict[str, Any], request: Any) -> None:
        await hear(body, request)

    @app.command("/kostprobe")
    async def on_command(body: dict[str, Any], request: Any, ack: AsyncAck) -> None:
        await hear(body, request)
        await ack(text=f"You said: {body['text']}")

    @app.action("vote")
    async def on_action(body: dict[str, Any], request: Any, ack: AsyncAck) -> None:
        await hear(body, request)
        await ack()

    @app.view("form")
    async def on_view(body: dict[str, Any], request: Any, ack: AsyncAck) -> None:
        await hear(body, request)
        await ack(response_action="errors", errors={"block": "No."})

    @app.options("menu")
    async def on_options(body: dict[str, Any], request: Any, ack: AsyncAck) -> None:
        await hear(body, request)
        await ack(options=[{"text": {"type": "plain_text", "text": body["value"]}, "value": body["value"]}])

    return app


@asynccontextmanager
async def open_site(*, body_s: float = 5.0, head_s: float = 10.0) -> AsyncGenerator[Site]:
    """Open the door on a free port."""
    heard: list[dict[str, Any]] = []
    retries: list[tuple[str, str]] = []
    clock, observer = FrozenClock(), RecordingObserver()
    requests = SlackRequests(recording_app(heard, retries), SECRET, clock, observer, body_s=body_s)
    server = HttpServer(Starlette(routes=requests.routes()), host="127.0.0.1", port=0, head_s=head_s)
    await server.open()
    try:
        async with aiohttp.ClientSession() as session:
            yield Site(server.port, session, clock, observer, heard, retries)
    finally:
        await server.close()
