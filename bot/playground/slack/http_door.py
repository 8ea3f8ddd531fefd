"""The second door: signed POSTs to an app's request_url, as Slack sends them without Socket Mode."""

import asyncio
import hashlib
import hmac
import json
from dataclasses import dataclass, field
from urllib.parse import urlencode

import aiohttp

from bot.playground.slack.apps import App
from bot.playground.slack.delivery import Ack, Couriers, Delivery
from bot.playground.slack.ids import Clock


def signed_headers(secret: str, body: bytes, now: float) -> dict[str, str]:
    """Return Slack's signature headers (v0) for a body."""
    timestamp = str(int(now))
    digest = hmac.new(secret.encode(), b"v0:" + timestamp.encode() + b":" + body, hashlib.sha256)
    return {"X-Slack-Request-Timestamp": timestamp, "X-Slack-Signature": f"v0={digest.hexdigest()}"}


def encoded(delivery: Delivery) -> tuple[bytes, str]:
    """Return the body and its content type: JSON for events, forms for all else."""
    match delivery.kind:
        case "events_api":
            return json.dumps(delivery.payload).encode(), "application/json"
        case "slash_commands":
            return urlencode(delivery.payload).encode(), "application/x-www-form-urlencoded"
        case "interactive":
            body = urlencode({"payload": json.dumps(delivery.payload)})
            return body.encode(), "application/x-www-form-urlencoded"


@dataclass(slots=True)
class HttpDoor:
    """Posts envelopes; a 2xx answer within the deadline is the acknowledgement.

    Attributes:
        couriers: Where acknowledgements go; set once both exist.
    """

    clock: Clock
    couriers: Couriers | None = None
    session: aiohttp.ClientSession | None = None
    tasks: set[asyncio.Task[None]] = field(default_factory=set)

    def open_for(self, app: App) -> bool:
        """Return whether the app has a request_url."""
        return app.request_url is not None

    def hand_over(self, delivery: Delivery) -> None:
        """Start posting."""
        task = asyncio.create_task(self._post(delivery))
        self.tasks.add(task)
        task.add_done_callback(self.tasks.discard)

    async def close(self) -> None:
        """Stop posting."""
        for task in tuple(self.tasks):
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)
        if self.session:
            await self.session.close()

    async def _post(self, delivery: Delivery) -> None:
        assert self.couriers is not None  # noqa: S101 - set by the server before anything is sent
        if self.session is None:
            self.session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=60))
        command = delivery.app.command_names.get(delivery.name)
        url = (command.url if command else None) or delivery.app.request_url or ""
        body, content_type = encoded(delivery)
        headers = signed_headers(delivery.app.signing_secret, body, self.clock())
        headers |= {
            "Content-Type": content_type,
            "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        }
        if delivery.attempt:
            headers |= {"X-Slack-Retry-Num": str(delivery.attempt), "X-Slack-Retry-Reason": delivery.reason}
        try:
            async with self.session.post(url, data=body, headers=headers) as response:
                text = await response.text()
                ack = _ack(response, text)
        except aiohttp.ClientError:
            ack = Ack(ok=False, reason="connection_failed")
        if "no-retry" in ack.reason:
            delivery.attempt = len(self.couriers.timings.retries)
        self.couriers.acknowledge(delivery.id, ack)


def _ack(response: aiohttp.ClientResponse, text: str) -> Ack:
    if not response.ok:
        stop = response.headers.get("X-Slack-No-Retry") == "1"
        return Ack(ok=False, reason="http_error no-retry" if stop else "http_error")
    if response.content_type == "application/json" and text:
        try:
            return Ack(ok=True, payload=json.loads(text))
        except ValueError:
            return Ack(ok=False, reason="http_error")
    return Ack(ok=True, payload=text or None)
