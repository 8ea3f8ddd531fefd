"""The HTTP door beside a bare Bolt ASGI app: how soon an event is acknowledged, and how many a second are.

Nobody answers the questions meanwhile: what is measured is the way in, which in Kostprobe ends in a store that
has the question on disk, and in the floor nowhere.
"""

import asyncio
import itertools
import json
import os
import socket
import sys
import time
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
from slack_sdk.signature import SignatureVerifier

from bot.playground.slack import LocalSlack
from bot.slack.http_door import PATH

ROOT = Path(__file__).parents[2]
ONE_BY_ONE = 500
AT_ONCE = 4000
CONNECTIONS = 32


@dataclass
class HttpFigures:
    """What was measured of one app: milliseconds, and events a second."""

    acks: list[float] = field(default_factory=list)
    a_second: float = 0.0


def mentions(slack: LocalSlack) -> Iterator[bytes]:
    """Events, each a mention in a thread of its own, as Slack writes them."""
    workspace = slack.core.workspace
    for number in itertools.count(1):
        event = {
            "type": "app_mention",
            "user": workspace.user("ben").id,
            "text": f"<@{slack.app.user_id}> Question {number}?",
            "ts": f"{1_795_000_000 + number}.000100",
            "team": workspace.team.id,
            "channel": workspace.channel("kitchen").id,
            "channel_type": "channel",
        }
        authorization = {"team_id": workspace.team.id, "user_id": slack.app.user_id, "is_bot": True}
        body = {
            "type": "event_callback",
            "team_id": workspace.team.id,
            "api_app_id": slack.app.id,
            "event": event,
            "event_id": f"Ev{number:09}",
            "authorizations": [authorization],
        }
        yield json.dumps(body).encode()


@asynccontextmanager
async def listening(
    arguments: Sequence[str], environment: Mapping[str, str], log: Path
) -> AsyncGenerator[int]:
    """An app in a process of its own, on a port that is free; yields the port once it answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    more = {"KOSTPROBE_DOOR": "http", "KOSTPROBE_HOST": "127.0.0.1", "PORT": str(port)}
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", *arguments,
            env=os.environ | environment | more, cwd=ROOT, stdout=output, stderr=output,
        )  # fmt: skip
    try:
        async with asyncio.timeout(30):
            while not await _answers(port):  # noqa: ASYNC110 (nothing tells us)
                await asyncio.sleep(0.05)
        yield port
    finally:
        process.terminate()
        await process.wait()


async def _answers(port: int) -> bool:
    try:
        async with aiohttp.ClientSession() as session, session.get(f"http://127.0.0.1:{port}/"):
            return True
    except aiohttp.ClientConnectionError:
        return False


async def measure(port: int, slack: LocalSlack) -> HttpFigures:
    """Bring events one by one, then over many connections at once."""
    url, verifier = f"http://127.0.0.1:{port}{PATH}", SignatureVerifier(slack.app.signing_secret)
    bodies, figures = mentions(slack), HttpFigures()

    async def bring(session: aiohttp.ClientSession) -> float:
        body, now = next(bodies), str(int(time.time()))
        signature = verifier.generate_signature(timestamp=now, body=body)
        headers = {
            "Content-Type": "application/json",
            "X-Slack-Request-Timestamp": now,
            "X-Slack-Signature": str(signature),
        }
        began = time.perf_counter()
        async with session.post(url, data=body, headers=headers) as response:
            await response.read()
            assert response.status == 200, response.status
        return (time.perf_counter() - began) * 1000

    async def bring_many(session: aiohttp.ClientSession) -> None:
        for _ in range(AT_ONCE // CONNECTIONS):
            await bring(session)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as session:
        for _ in range(50):
            await bring(session)
        figures.acks = [await bring(session) for _ in range(ONE_BY_ONE)]
        began = time.perf_counter()
        await asyncio.gather(*(bring_many(session) for _ in range(CONNECTIONS)))
        figures.a_second = AT_ONCE / (time.perf_counter() - began)
    return figures


async def measure_http(
    slack: LocalSlack, environment: Mapping[str, str], folder: Path
) -> tuple[HttpFigures, HttpFigures]:
    """Measure Kostprobe's door and the floor's, under keys of their own: the questions stay unanswered."""
    environment = {**environment, "KOSTPROBE_REDIS_PREFIX": "bench-http"}
    async with listening(["bot", "serve", "--no-worker"], environment, folder / "http.log") as port:
        ours = await measure(port, slack)
    async with listening(["tests.bench.http_floor"], environment, folder / "http-floor.log") as port:
        floor = await measure(port, slack)
    return ours, floor
