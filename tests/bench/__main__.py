"""`make bench`: speed and memory on the local Slack, with a model stub of no latency, beside a floor.

The floor is a bare Bolt app (`floor.py`; over HTTP `http_floor.py`) on the same local Slack and the same stub,
measured in the same run.
Times are of this machine; what holds elsewhere is the distance to the floor.
"""

import argparse
import asyncio
import itertools
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from rich.console import Console
from rich.table import Table

from bot.adapters.embedded_store import open_embedded_store
from bot.adapters.redis_client import Store, open_store
from bot.domain.ids import ChannelId, ChannelKey, TeamId, ThreadKey
from bot.playground.slack import App, LocalSlack, Timings, workspace_from
from tests.bench.http import measure_http
from tests.bench.tasting import FLOOR_S, endpoints, measure_tasting
from tests.bench.web_api import measure_calls
from tests.fakes.openai_replies import Answer, Received, slow
from tests.fakes.openai_server import FakeOpenAI
from tests.fakes.world import RecordingObserver

ROOT = Path(__file__).parents[2]
PREFIX = "bench"
ONE_BY_ONE = 200
AT_ONCE = 400
DUELS = 20
STREAMS = 20
WORD_S = 0.1
SLOWER_SIDE_S = 0.3
CONVERSATIONS, TURNS, CHARACTERS = 10_000, 20, 300
WORKSPACE = {
    "team": {"name": "Bench"},
    "users": [{"name": "ann", "is_admin": True}, {"name": "ben"}],
    "channels": [{"name": "kitchen"}],
}


@dataclass
class Figures:
    """What was measured of one app: milliseconds, and questions a second."""

    acks: list[float] = field(default_factory=list)
    answers: list[float] = field(default_factory=list)
    calls: list[float] = field(default_factory=list)
    a_second: float = 0.0


@asynccontextmanager
async def running(
    slack: LocalSlack, arguments: Sequence[str], environment: dict[str, str], log: Path
) -> AsyncGenerator[None]:
    """An app in a process of its own, connected to the local Slack."""
    with log.open("ab") as output:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            *arguments,
            env=os.environ | environment,
            cwd=ROOT,
            stdout=output,
            stderr=output,
        )
        try:
            await slack.control.wait_connected(seconds=30)
            yield
        finally:
            process.terminate()
            await process.wait()


async def ask(slack: LocalSlack, number: int) -> None:
    """Ask one question in a thread of its own and wait for the answer."""
    ts = await slack.control.say("ben", "kitchen", f"@kostprobe Question {number}?")
    await slack.control.wait_message("kitchen", f"Question {number}", thread_ts=ts, after=ts, seconds=60)


async def measure(slack: LocalSlack) -> Figures:
    """Ask one by one, then many at once."""
    numbers = itertools.count(1)
    for _ in range(20):
        await ask(slack, next(numbers))
    figures = Figures()
    for _ in range(ONE_BY_ONE):
        number = next(numbers)
        ts = await slack.control.say("ben", "kitchen", f"@kostprobe Question {number}?")
        line = await slack.control.wait_message("kitchen", f"Question {number}", thread_ts=ts, after=ts)
        figures.answers.append((float(line.ts) - float(ts)) * 1000)
    entries = slack.core.traffic.entries
    figures.acks = [
        e.ms for e in entries if e.kind == "envelope" and e.name in {"app_mention", "message"} and e.ms
    ]
    figures.calls = [e.ms for e in entries if e.kind == "call" and e.name == "chat.postMessage" and e.ms]
    began = time.perf_counter()
    await asyncio.gather(*(ask(slack, next(numbers)) for _ in range(AT_ONCE)))
    figures.a_second = AT_ONCE / (time.perf_counter() - began)
    return figures


async def measure_duels(slack: LocalSlack, openai: FakeOpenAI) -> list[float]:
    """How much longer than its slower side a duel takes, milliseconds."""
    sides = itertools.cycle([slow("quick side"), slow("slow side", first_byte_seconds=SLOWER_SIDE_S)])
    openai.script("fake", lambda _: next(sides))
    over = []
    for number in range(DUELS):
        ts = await slack.control.say("ben", "kitchen", f"@kostprobe duel Which {number}?")
        line = await slack.control.wait_message("kitchen", "Nobody has voted", thread_ts=ts, after=ts)
        over.append((float(line.ts) - float(ts) - SLOWER_SIDE_S) * 1000)
    openai.script("fake")
    return over


async def measure_streams(slack: LocalSlack, openai: FakeOpenAI) -> list[float]:
    """How long after the model's first word it is seen in Slack, milliseconds."""
    asked_at = 0.0

    def answer(_: Received) -> Answer:
        nonlocal asked_at
        asked_at = time.time()
        return slow("one two three four five six seven eight", token_seconds=WORD_S)

    openai.script("fake", answer)
    took = []
    for number in range(STREAMS):
        ts = await slack.control.say("ben", "kitchen", f"@kostprobe Stream {number}?")
        line = await slack.control.wait_message("kitchen", "eight", thread_ts=ts, after=ts)
        took.append((float(line.ts) - asked_at - WORD_S) * 1000)
    openai.script("fake")
    return took


async def measure_store(slack: LocalSlack, store: Store) -> tuple[float, float]:
    """Round trips and server commands that one question costs, the idle share taken off."""

    async def counted() -> tuple[int, int]:
        info = await store.redis.info("stats")
        return int(info["total_reads_processed"]), int(info["total_commands_processed"])

    async def during(questions: int, seconds: float) -> tuple[float, float, float]:
        reads, commands = await counted()
        began = time.perf_counter()
        for number in range(questions):
            await ask(slack, 100_000 + number)
        if not questions:
            await asyncio.sleep(seconds)
        took = time.perf_counter() - began
        reads_after, commands_after = await counted()
        return reads_after - reads, commands_after - commands, took

    busy_reads, busy_commands, took = await during(100, 0)
    idle_reads, idle_commands, idle = await during(0, 5)
    return (
        (busy_reads - idle_reads * took / idle) / 100,
        (busy_commands - idle_commands * took / idle) / 100,
    )


async def measure_memory(store: Store) -> tuple[float, float]:
    """Bytes that a stored conversation takes, and bytes of its text."""

    async def used() -> int:
        return int((await store.redis.info("memory"))["used_memory"])

    before = await used()
    text = "x" * CHARACTERS
    turns = [
        json.dumps({"asked": text, "author": "U0BEN", "ts": "1795342000.000100"})
        if number % 2 == 0
        else json.dumps({"answered": text, "by": "0123456789ab"})
        for number in range(TURNS)
    ]
    place = ChannelKey(TeamId("T0BENCH"), ChannelId("C0BENCH"))
    for start in range(0, CONVERSATIONS, 500):
        commands: list[tuple[str | int, ...]] = []
        for number in range(start, start + 500):
            thread = ThreadKey(place, f"{number}.000000")
            commands.append(("RPUSH", store.keys.turns(thread), *turns))
            commands.append(("EXPIRE", store.keys.turns(thread), 3600))
        await store.calls(commands)
    return (await used() - before) / CONVERSATIONS, float(TURNS * CHARACTERS)


def at(values: Sequence[float], share: float) -> float:
    """The value below which a share of the values lies."""
    return statistics.quantiles(values, n=100)[round(share * 100) - 1]


async def main() -> None:
    """Measure everything and print the table."""
    console = Console(width=110)
    with tempfile.TemporaryDirectory(prefix="kostprobe-bench-") as name:
        folder = Path(name)
        app = App.from_manifest(ROOT / "manifest.json")
        slack = LocalSlack(workspace_from(WORKSPACE, time.time), apps=[app], timings=Timings(quiet=0.05))
        async with (
            FakeOpenAI(keep_requests=0) as openai,
            slack,
            open_embedded_store(folder / "store", RecordingObserver()) as url,
        ):
            environment = {
                **slack.environment(app),
                "REDIS_URL": url,
                "KOSTPROBE_REDIS_PREFIX": PREFIX,
                "KOSTPROBE_ANSWERS_PER_DAY": "100000",
                "KOSTPROBE_ANSWERS_PER_PERSON": "100000",
                "KOSTPROBE_LOG_LEVEL": "warning",
                "KOSTPROBE_PROMPTS_DIR": str(ROOT / "prompts"),
                "KOSTPROBE_ENDPOINTS__LOCAL__BASE_URL": openai.base_url,
                "KOSTPROBE_ENDPOINTS__LOCAL__MODEL": "fake",
                "KOSTPROBE_ENDPOINTS__LOCAL__CONCURRENCY": "64",
                "KOSTPROBE_DEFAULT_ENDPOINT": "local",
                **endpoints(openai.base_url),
            }
            http, http_floor = await measure_http(slack, environment, folder)
            async with running(slack, ["tests.bench.floor"], environment, folder / "floor.log"):
                floor = await measure(slack)
            slack.core.traffic.clear()
            async with running(slack, ["bot", "serve"], environment, folder / "bot.log"):
                bot = await measure(slack)
                await slack.control.command("ann", "kitchen", "/kostprobe config set pair=support,star-chef")
                await slack.control.wait_message("kitchen", "star-chef", viewer="ann", ephemeral=True)
                streams = await measure_streams(slack, openai)
                duels = await measure_duels(slack, openai)
                tasted = await measure_tasting(slack, openai)
                async with open_store(url, prefix=PREFIX) as store:
                    trips, commands = await measure_store(slack, store)
                    stored, text = await measure_memory(store)
    table = Table(
        "figure", "Kostprobe", "floor", title="Kostprobe beside a bare Bolt app, same Slack, same stub"
    )

    def row(figure: str, ours: str, theirs: str = "") -> None:
        table.add_row(figure, ours, theirs)

    row(
        "ack of an event, p50 / p99",
        f"{at(bot.acks, 0.5):.1f} / {at(bot.acks, 0.99):.1f} ms",
        f"{at(floor.acks, 0.5):.1f} / {at(floor.acks, 0.99):.1f} ms",
    )
    row(
        "over HTTP, ack of an event, p50 / p99",
        f"{at(http.acks, 0.5):.1f} / {at(http.acks, 0.99):.1f} ms",
        f"{at(http_floor.acks, 0.5):.1f} / {at(http_floor.acks, 0.99):.1f} ms",
    )
    row("over HTTP, events a second, one process", f"{http.a_second:.0f}", f"{http_floor.a_second:.0f}")
    row(
        "question to visible answer, p50 / p99",
        f"{at(bot.answers, 0.5):.1f} / {at(bot.answers, 0.99):.1f} ms",
        f"{at(floor.answers, 0.5):.1f} / {at(floor.answers, 0.99):.1f} ms",
    )
    row(
        "the bot's own share of it, p50 (the difference)",
        f"{at(bot.answers, 0.5) - at(floor.answers, 0.5):.1f} ms",
    )
    row("questions a second, one worker", f"{bot.a_second:.0f}", f"{floor.a_second:.0f}")
    row("a duel beyond its slower side, p50 / max", f"{at(duels, 0.5):.1f} / {max(duels):.1f} ms")
    row(
        "first streamed text, from the model's first word, p50 / max",
        f"{at(streams, 0.5):.1f} / {max(streams):.1f} ms",
    )
    row(
        "a tasting's cooking, 40 x 2 answers; floor: 40 x one answer / requests at once",
        f"{tasted.cooking_s:.2f} s",
        f"{FLOOR_S:.2f} s",
    )
    row(
        "a tasting's next pair, p50 / p95",
        f"{at(tasted.pairs, 0.5):.0f} / {at(tasted.pairs, 0.95):.0f} ms",
    )
    row("store: client round trips a question", f"{trips:.1f}", "0")
    row("store: server commands a question", f"{commands:.1f}", "0")
    row(f"memory of a conversation of {TURNS} turns", f"{stored:,.0f} bytes", f"{text:,.0f} bytes of text")
    row(
        f"memory of {CONVERSATIONS:,} conversations",
        f"{stored * CONVERSATIONS / 2**20:.1f} MiB",
        f"{text * CONVERSATIONS / 2**20:.1f} MiB of text",
    )
    for listening, whose in ((False, "an app that hears nothing"), (True, "an app that hears each message")):
        calls = await measure_calls(listening=listening)
        row(
            f"the local Slack, chat.postMessage with blocks a second, {whose}; p99",
            f"{calls.a_second:,.0f} ({calls.a_core_second:,.0f} a second of processor time); {calls.p99_ms:.1f} ms",
        )
    console.print(table)


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__).parse_args()
    asyncio.run(main())
