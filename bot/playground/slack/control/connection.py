"""The connection to the control API of a local Slack."""

import io
import json
from typing import Any, Self

import aiohttp

from bot.playground.slack.models import Json

SEEDING = "X-Seeding"
"""The header of acts that belong to what a workspace begins with."""


class ControlRefused(Exception):
    """The local Slack refuses an act, in words that say why."""


class WaitTimeout(ControlRefused):
    """What was waited for did not happen in time; the message shows what is there instead."""


class Connection:
    """Asks for verbs over HTTP; connects at the first.

    Attributes:
        url: Of the local Slack, without a slash at the end.
        seeding: Whether its acts belong to what a workspace begins with: they are in no exported script.
    """

    def __init__(self, url: str, *, seeding: bool = False) -> None:
        self.url = url
        self.seeding = seeding
        self._session: aiohttp.ClientSession | None = None

    async def close(self) -> None:
        """Close the connection to the server."""
        if self._session:
            await self._session.close()
            self._session = None

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.close()

    async def _do(self, verb: str, **body: Any) -> Json:
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=None))
        sent = {key: value for key, value in body.items() if value is not None}
        told = io.BytesIO(json.dumps(sent).encode())
        headers = {"Content-Type": "application/json"} | ({SEEDING: "1"} if self.seeding else {})
        async with self._session.post(f"{self.url}/control/{verb}", data=told, headers=headers) as response:
            answer: Json = await response.json()
            if response.status == 408:  # noqa: PLR2004 - HTTP Request Timeout
                raise WaitTimeout(answer["error"])
            if not response.ok:
                raise ControlRefused(answer["error"])
            return answer
