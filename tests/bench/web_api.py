"""How many Web API calls a second the local Slack takes on one core, as a process of its own.

Two processes, so that neither is measured with the other: ``serve`` is pinned to one core and is the server; who
measures speaks HTTP by hand over connections that stay open, since a client of comfort costs more than the server.
"""

import argparse
import asyncio
import itertools
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Iterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bot.playground.slack import App, Command, LocalSlack

ROOT = Path(__file__).parents[2]
CALLS = 4_000
WARM = 400
CONNECTIONS = 8
BLOCKS: list[dict[str, Any]] = [
    {
        "type": "section",
        "text": {"type": "mrkdwn", "text": "*Which answer is better?* " + "Read both. " * 40},
    },
    {"type": "markdown", "text": "An answer of some length, as a model gives it. " * 25},
    {
        "type": "actions",
        "block_id": "ballot",
        "elements": [
            {
                "type": "button",
                "action_id": f"vote_{side}",
                "text": {"type": "plain_text", "text": f"{side.upper()} better"},
                "value": "d1",
            }
            for side in ("a", "b", "tie", "bad")
        ],
    },
    {"type": "context", "elements": [{"type": "mrkdwn", "text": "Nobody has voted yet."}]},
]


@dataclass
class CallFigures:
    """What was measured.

    Attributes:
        a_second: Calls a second of the clock on the wall.
        a_core_second: Calls a second of processor time, which other work on the machine does not touch.
        p99_ms: Milliseconds below which 99 of 100 calls lie.
    """

    a_second: float
    a_core_second: float
    p99_ms: float


@dataclass
class Server:
    """A local Slack in a process of its own.

    Attributes:
        environment: What its app is told.
    """

    environment: dict[str, str]
    process: asyncio.subprocess.Process

    async def processor_seconds(self) -> float:
        """How long it has kept its core busy."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.process.stdin.write(b"\n")
        return float(await self.process.stdout.readline())


@asynccontextmanager
async def serving(*, listening: bool) -> AsyncGenerator[Server]:
    """A local Slack in a process of its own, on one core.

    Args:
        listening: Whether the app subscribes to messages: then each call costs an event to it, too.
    """
    arguments = ["tests.bench.web_api", *(["--listening"] if listening else [])]
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", *arguments, cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdin is not None
    try:
        yield Server(json.loads(await process.stdout.readline()), process)
    finally:
        process.stdin.close()
        await process.wait()


async def measure_calls(*, listening: bool) -> CallFigures:
    """Post messages with blocks, some at a time, and time each.

    Args:
        listening: As for `serving`; the app is connected and acknowledges.
    """
    async with serving(listening=listening) as server:
        environment = server.environment
        acking = asyncio.create_task(_acknowledge(environment)) if listening else None
        numbers = itertools.count()
        await _post(environment, numbers, WARM)
        busy, began = await server.processor_seconds(), time.perf_counter()
        took = sorted(await _post(environment, numbers, CALLS))
        seconds = time.perf_counter() - began
        busy = await server.processor_seconds() - busy
        if acking:
            acking.cancel()
            with suppress(asyncio.CancelledError):
                await acking
    return CallFigures(len(took) / seconds, len(took) / busy, took[round(len(took) * 0.99)] * 1000)


async def _post(environment: dict[str, str], numbers: Iterator[int], calls: int) -> list[float]:
    shares = await asyncio.gather(
        *(_over_one(environment, numbers, calls // CONNECTIONS) for _ in range(CONNECTIONS))
    )
    return [seconds for share in shares for seconds in share]


async def _over_one(environment: dict[str, str], numbers: Iterator[int], calls: int) -> list[float]:
    """Post messages one after the other over one connection; return the seconds that each took."""
    url = urlsplit(environment["SLACK_API_URL"])
    reader, writer = await asyncio.open_connection(url.hostname, url.port)
    took = []
    for _ in range(calls):
        sent = {"channel": "general", "text": f"Duel {next(numbers)}", "blocks": BLOCKS}
        body = json.dumps(sent).encode()
        head = (
            f"POST {url.path}chat.postMessage HTTP/1.1\r\nHost: {url.netloc}\r\n"
            f"Authorization: Bearer {environment['SLACK_BOT_TOKEN']}\r\n"
            f"Content-Type: application/json;charset=utf-8\r\nContent-Length: {len(body)}\r\n\r\n"
        )
        began = time.perf_counter()
        writer.write(head.encode() + body)
        answered = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line[15:]) for line in answered.split(b"\r\n") if line.lower().startswith(b"content-length:")
        )
        answer = await reader.readexactly(length)
        took.append(time.perf_counter() - began)
        assert answer.startswith(b'{"ok":true') or json.loads(answer)["ok"], answer
    writer.close()
    return took


async def _acknowledge(environment: dict[str, str]) -> None:
    """Be an app in Socket Mode that acknowledges everything."""
    headers = {"Authorization": f"Bearer {environment['SLACK_APP_TOKEN']}"}
    async with aiohttp.ClientSession() as session:
        opening = session.post(environment["SLACK_API_URL"] + "apps.connections.open", headers=headers)
        async with opening as response:
            address = (await response.json())["url"]
        async with session.ws_connect(address) as socket:
            async for frame in socket:
                envelope = json.loads(frame.data).get("envelope_id")
                if envelope:
                    await socket.send_str(f'{{"envelope_id":"{envelope}"}}')


async def _serve(*, listening: bool) -> None:
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {max(os.sched_getaffinity(0))})
    app = App(commands=(Command("/kostprobe"),))
    if not listening:
        app = App(commands=(Command("/kostprobe"),), events=frozenset())
    with tempfile.TemporaryDirectory(prefix="kostprobe-bench-") as folder:
        async with LocalSlack(apps=[app], state_path=Path(folder) / "slack.json") as slack:
            print(json.dumps(slack.environment()), flush=True)  # noqa: T201 - read by the other process
            while await asyncio.to_thread(sys.stdin.readline):
                print(time.process_time(), flush=True)  # noqa: T201 - the same


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tests.bench.web_api", description=__doc__)
    parser.add_argument("--listening", action="store_true", help="the app subscribes to messages")
    asyncio.run(_serve(listening=parser.parse_args().listening))
