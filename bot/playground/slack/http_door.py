"""The second door: signed POSTs to an app's request_url, as Slack sends them without Socket Mode."""

import asyncio
import hashlib
import hmac
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp

from bot.playground.slack.apps import App
from bot.playground.slack.delivery import Ack, Couriers, Delivery
from bot.playground.slack.errors import ControlError
from bot.playground.slack.ids import Clock
from bot.playground.slack.wire import read_json

REDIRECTS = 2
"""docs.slack.dev/apis/events-api: more than two redirects are not followed."""
_WELL = 2


def signed_headers(secret: str, body: bytes, now: float) -> dict[str, str]:
    """Return Slack's signature headers (v0) for a body."""
    timestamp = str(int(now))
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest.hexdigest()}"}


def encoded(delivery: Delivery) -> tuple[bytes, str]:
    """Return the body and its content type: JSON for events, forms for all else."""
    match delivery.kind:
        case "events_api":
            return delivery.body.encode(), "application/json"
        case "slash_commands":
            return urlencode(delivery.payload).encode(), "application/x-www-form-urlencoded"
        case "interactive":
            body = urlencode({"payload": delivery.body})
            return body.encode(), "application/x-www-form-urlencoded"


@dataclass(slots=True)
class HttpDoor:
    """Posts envelopes; a 2xx answer within the deadline is the acknowledgement.

    Attributes:
        couriers: Where acknowledgements go; set once both exist.
        apps: The apps as they are set now, by id; set with it.
        too_late: The reason of an acknowledgement that did not come in time.
    """

    clock: Clock
    couriers: Couriers | None = None
    apps: Mapping[str, App] = field(default_factory=dict)
    session: aiohttp.ClientSession | None = None
    tasks: set[asyncio.Task[None]] = field(default_factory=set)
    name: str = "http"
    too_late: str = "http_timeout"

    def open_for(self, app: App) -> bool:
        """Return whether the app has a request_url."""
        return app.request_url is not None

    def hand_over(self, delivery: Delivery) -> None:
        """Start posting."""
        task = asyncio.create_task(self._post(delivery))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def verify(self, app: App, url: str) -> None:
        """Ask an address for the challenge, as Slack does when it is set.

        Raises:
            ControlError: It does not give it back.
        """
        challenge = secrets.token_hex(26)
        told = {"token": "local", "challenge": challenge, "type": "url_verification"}
        ack = await self._send(app, url, json.dumps(told).encode(), "application/json")
        answer = ack.payload.get("challenge") if isinstance(ack.payload, dict) else ack.payload
        if not ack.ok or answer != challenge:
            why = ack.reason or "its answer is not the challenge"
            raise ControlError(f"Your URL did not respond with the value of the challenge: {why}", 400)

    async def close(self) -> None:
        """Stop posting."""
        for task in tuple(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        if self.session:
            await self.session.close()

    async def _post(self, delivery: Delivery) -> None:
        assert self.couriers is not None  # noqa: S101 - set by the server before anything is sent
        app = self.apps.get(delivery.app.id, delivery.app)
        url = app.url_of(delivery.kind, delivery.name, str(delivery.payload.get("type", "")))
        body, content_type = encoded(delivery)
        more = {}
        if delivery.attempt:
            more = {"X-Slack-Retry-Num": str(delivery.attempt), "X-Slack-Retry-Reason": delivery.reason}
        self.couriers.acknowledge(delivery.id, await self._send(app, url, body, content_type, more))

    async def _send(
        self, app: App, url: str, body: bytes, content_type: str, more: Mapping[str, str] | None = None
    ) -> Ack:
        if self.session is None:
            self.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        headers = {
            **signed_headers(app.signing_secret, body, self.clock()),
            "Accept": "*/*",
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
            **(more or {}),
        }
        try:
            async with self.session.post(
                url, data=body, headers=headers, max_redirects=REDIRECTS + 1
            ) as response:
                return _ack(response, await response.text())
        except aiohttp.TooManyRedirects:
            return Ack(ok=False, reason="too_many_redirects")
        except aiohttp.ClientSSLError:
            return Ack(ok=False, reason="ssl_error")
        except (aiohttp.ClientConnectionError, aiohttp.InvalidURL):
            return Ack(ok=False, reason="connection_failed")
        except (aiohttp.ClientError, TimeoutError, UnicodeDecodeError):
            return Ack(ok=False, reason="unknown_error")


def _ack(response: aiohttp.ClientResponse, text: str) -> Ack:
    if response.status // 100 != _WELL:
        stop = response.headers.get("X-Slack-No-Retry") == "1"
        return Ack(ok=False, reason="http_error", retry=not stop)
    if response.content_type == "application/json" and text:
        try:
            return Ack(ok=True, payload=read_json(text))
        except ValueError:
            return Ack(ok=False, reason="http_error")
    return Ack(ok=True, payload=text or None)
