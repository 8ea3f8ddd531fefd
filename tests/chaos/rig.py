"""What is killed here: bots in processes of their own, between a local Slack, a scripted model and a store.

Slack and the model run in the test's process and see everything; the store is the embedded one, durable and
started again when it crashes.
"""

import asyncio
import os
import signal
import socket
import sys
import time
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterable
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.adapters.embedded_store import open_embedded_store
from bot.adapters.redis_client import Store, open_store
from bot.playground.slack import App, LocalSlack, LocalSlackClient, Timings, workspace_from
from bot.playground.slack.models import Message
from bot.slack.http_door import PATH
from tests.chaos.gate import Gate, open_gate
from tests.chaos.history import Asked, History, read_history
from tests.chaos.nursery import ROOT, Nursery
from tests.fakes.openai_server import FakeOpenAI
from tests.fakes.world import RecordingObserver

PREFIX = "chaos"
PATIENCE_S = 45.0
"""How long anything may take: three times the fifteen seconds within which a dead worker's question is taken over."""
SERVE, DOOR, WORKER = ("serve",), ("serve", "--no-worker"), ("worker",)
PEOPLE = ("ann", "ben", "cleo", "dora", "emil", "fay")
TIMINGS = Timings(ack=3.0, retries=(0.0, 0.5, 2.0, 5.0, 10.0, 20.0), quiet=0.05)
"""Slack's own deadline; its later deliveries after seconds instead of minutes. Slack goes on for six minutes, longer than
any bot takes to start, so the last delivery here must come after the slowest start, too."""


@dataclass(eq=False)
class Bot:
    """A bot's process."""

    pid: int
    arguments: tuple[str, ...]
    log: Path
    gone: bool = False

    def signal(self, number: signal.Signals) -> None:
        """Send it a signal, if it is still there."""
        if not self.gone:
            with suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def kill(self) -> None:
        """End it with kill -9."""
        self.signal(signal.SIGKILL)
        self.gone = True

    @property
    def ready(self) -> bool:
        """Whether it says that it is."""
        return self.log.exists() and '"event": "ready"' in self.log.read_text(encoding="utf-8")


@dataclass
class Rig:
    """Everything, and the bots that were started."""

    slack: LocalSlack
    openai: FakeOpenAI
    store: Store
    gate: Gate
    folder: Path
    nursery: Nursery
    observer: RecordingObserver
    environment: dict[str, str]
    bots: list[Bot] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)

    @property
    def control(self) -> LocalSlackClient:
        return self.slack.control

    # ------------------------------------------------------------ bots

    async def start(self, *arguments: str) -> Bot:
        """Start a bot and wait until it is ready."""
        bot = self.spawn(*arguments)
        await self.ready(bot)
        return bot

    async def ready(self, bot: Bot) -> None:
        """Wait until a bot is ready; where it listens is then Slack's request URL."""
        await until(lambda: bot.ready, self.describe)
        if self.environment.get("KOSTPROBE_DOOR") == "http":
            await self.slack.set_request_url(f"http://127.0.0.1:{self.environment['KOSTPROBE_PORT']}{PATH}")

    def spawn(self, *arguments: str) -> Bot:
        """Start a bot."""
        log = self.folder / f"bot-{len(self.bots):02}.log"
        bot = Bot(self.nursery.bear(arguments, self.environment, log), arguments, log)
        self.bots.append(bot)
        return bot

    def again(self, bot: Bot) -> Bot:
        """Kill a bot and start another like it."""
        bot.kill()
        return self.spawn(*bot.arguments)

    async def run(self, *arguments: str) -> tuple[asyncio.subprocess.Process, Bot]:
        """Start `python -m bot`, the way it is started elsewhere; who does so waits for its end."""
        log = self.folder / f"bot-{len(self.bots):02}.log"
        with log.open("ab") as output:
            process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "bot", *arguments,
                env=self.environment, cwd=self.folder, stdout=output, stderr=output,
            )  # fmt: skip
        bot = Bot(process.pid, arguments, log)
        self.bots.append(bot)
        return process, bot

    # ------------------------------------------------------------ the store

    async def store_pid(self) -> int:
        """The process of the store."""
        return int((await self.store.redis.info("server"))["process_id"])

    # ------------------------------------------------------------ people

    async def ask(
        self, user: str, channel: str, text: str, *, thread: str | None = None, wish: str = ""
    ) -> Asked:
        """Ask by mention."""
        ts = await self.control.say(user, channel, f"@kostprobe {wish}{text}", thread_ts=thread)
        asked = Asked(self.channel(channel), thread or ts, ts, text)
        self.asked.append(asked)
        return asked

    def channel(self, name: str) -> str:
        """A channel's id."""
        return self.slack.core.workspace.channel(name).id

    def thread(self, asked: Asked) -> list[Message]:
        """What the bot wrote in a question's thread."""
        messages = self.slack.core.workspace.thread_messages(asked.channel, asked.thread)
        return [message for message in messages if message.app_id]

    def history(self, asked: Iterable[Asked] | None = None) -> History:
        """What became of the questions asked so far, or of these."""
        return read_history(self.slack, self.asked if asked is None else asked)

    def times_asked(self, text: str) -> int:
        """How often a model was asked a question."""
        return sum(request.question == text for request in self.openai.chats)

    # ------------------------------------------------------------ waiting

    async def all_acked(self, asked: Iterable[Asked]) -> None:
        """Wait until the bot has acknowledged these questions."""
        wanted = {question.ts for question in asked}
        await until(lambda: wanted <= set(self.history().acked))

    async def all_answered(self, asked: Iterable[Asked] | None = None) -> None:
        """Wait until every question has an answer, and nothing is left to be done."""
        await until(lambda: all(self.history(asked).answered.values()), self.describe)
        await self.nothing_left()

    async def nothing_left(self) -> None:
        """Wait until no question waits, so that no answer can come any more."""

        async def nothing() -> bool:
            return not [key async for key in self.store.scan(f"{PREFIX}:inbox:*")]

        await until(nothing, self.describe)

    def describe(self) -> str:
        """What is not as it should be, and what the bots' logs say last."""
        history = self.history()
        unanswered = [asked.text for asked in history.asked if not history.answered[asked.ts]]
        logs = [f"{bot.log.name}: {bot.log.read_text(encoding='utf-8')[-600:]}" for bot in self.bots[-4:]]
        return "\n".join([f"unanswered: {unanswered}", *logs])


async def until(
    condition: Callable[[], object | Awaitable[object]],
    why: Callable[[], str] = str,
    seconds: float = PATIENCE_S,
) -> float:
    """Wait until something is so and return how long that took."""
    began = time.monotonic()
    while True:
        holds = condition()
        if await holds if isinstance(holds, Awaitable) else holds:
            return time.monotonic() - began
        assert time.monotonic() - began < seconds, f"it did not become so in {seconds} s. {why()}"
        await asyncio.sleep(0.02)


def over_http() -> dict[str, str]:
    """What makes the bots of a rig listen, on a port that is free."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = str(probe.getsockname()[1])
    return {"KOSTPROBE_DOOR": "http", "KOSTPROBE_HOST": "127.0.0.1", "KOSTPROBE_PORT": port}


@asynccontextmanager
async def open_rig(
    folder: Path,
    nursery: Nursery,
    *,
    channels: Iterable[str] = ("kitchen",),
    timings: Timings = TIMINGS,
    gated: bool = False,
    **more: str,
) -> AsyncGenerator[Rig]:
    """Open a rig without bots.

    Args:
        folder: For the store and the logs.
        nursery: Where bots come from.
        channels: The channels of the workspace.
        timings: Of the local Slack.
        gated: Whether the bots reach the store through the gate.
        more: More settings of the bots.
    """
    app = App.from_manifest(ROOT / "manifest.json")
    workspace: dict[str, Any] = {
        "team": {"name": "Chaos"},
        "users": [{"name": name, "is_admin": name == "ann"} for name in PEOPLE],
        "channels": [{"name": name} for name in channels],
    }
    observer = RecordingObserver()
    async with AsyncExitStack() as stack:
        slack = await stack.enter_async_context(
            LocalSlack(workspace_from(workspace, time.time), apps=[app], timings=timings)
        )
        openai = await stack.enter_async_context(FakeOpenAI())
        url = await stack.enter_async_context(open_embedded_store(folder / "store", observer))
        store = await stack.enter_async_context(open_store(url, prefix=PREFIX))
        gate = await stack.enter_async_context(open_gate(url))
        environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ},
            **slack.environment(app),
            "PYTHONPATH": str(ROOT),
            "REDIS_URL": gate.url if gated else url,
            "KOSTPROBE_REDIS_PREFIX": PREFIX,
            "KOSTPROBE_ANSWERS_PER_DAY": "100000",
            "KOSTPROBE_ANSWERS_PER_PERSON": "100000",
            "KOSTPROBE_LOG_FORMAT": "json",
            "KOSTPROBE_PROMPTS_DIR": str(ROOT / "prompts"),
            "KOSTPROBE_ENDPOINTS__LOCAL__BASE_URL": openai.base_url,
            "KOSTPROBE_ENDPOINTS__LOCAL__MODEL": "fake",
            "KOSTPROBE_ENDPOINTS__LOCAL__CONCURRENCY": "64",
            **more,
        }
        rig = Rig(slack, openai, store, gate, folder, nursery, observer, environment)
        try:
            yield rig
        finally:
            for bot in rig.bots:
                bot.kill()
