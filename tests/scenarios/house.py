"""The whole bot, in this process, against the local Slack, a real Valkey and a scripted endpoint."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from redis.asyncio import Redis

from bot.adapters.redis_keys import Keys
from bot.bootstrap import Kostprobe, open_kostprobe
from bot.bootstrap.doors import HttpDoor
from bot.domain.ids import ChannelId, ChannelKey, TeamId, ThreadKey
from bot.playground.slack import App, Line, LocalSlack, LocalSlackClient, Timings, workspace_from
from bot.playground.slack.control_values import Screen
from bot.settings import EndpointOptions, Settings
from bot.slack.http_door import PATH
from tests.fakes.openai_server import FakeOpenAI
from tests.fakes.world import RecordingObserver

ROOT = Path(__file__).parents[2]
QUICK = Timings(ack=2.0, retries=(0.0, 0.2, 0.5), quiet=0.05, save=0.01)
WORKSPACE: Mapping[str, Any] = {
    "team": {"name": "Trattoria", "domain": "trattoria"},
    "users": [
        {"name": "ann", "real_name": "Ann", "is_admin": True},
        {"name": "ben", "real_name": "Ben"},
        {"name": "cleo", "real_name": "Cleo"},
        {"name": "dora", "real_name": "Dora"},
        {"name": "gus", "real_name": "Gus", "is_restricted": True},
        {"name": "stan", "real_name": "Stan", "is_stranger": True},
    ],
    "channels": [
        {"name": "kitchen"},
        {"name": "cellar"},
        {"name": "office", "kind": "group", "members": ["ann"]},
    ],
}


@dataclass
class House:
    """A running bot and everything around it."""

    slack: LocalSlack
    openai: FakeOpenAI
    settings: Settings
    observer: RecordingObserver = field(default_factory=RecordingObserver)
    bot: Kostprobe | None = None
    _stack: AsyncExitStack = field(default_factory=AsyncExitStack)

    @property
    def control(self) -> LocalSlackClient:
        return self.slack.control

    async def start(self, *, worker: bool = True) -> None:
        """Start the bot: door and, unless that is another process's, worker."""
        self.bot = await self._stack.enter_async_context(open_kostprobe(self.settings, self.observer))
        if worker:
            await self._work(self.bot)
        await self.bot.door.connect()
        self._stack.push_async_callback(self.bot.door.close)
        if isinstance(self.bot.door, HttpDoor):
            await self.slack.set_request_url(f"http://127.0.0.1:{self.bot.door.port}{PATH}")
        await self.control.wait_connected()

    async def start_worker(self) -> None:
        """Start one more bot on the same store that only works: its door stays shut."""
        await self._work(await self._stack.enter_async_context(open_kostprobe(self.settings, self.observer)))

    async def take_over(self, channel: str, root: str) -> None:
        """Have a worker look at a thread whose own is gone, without waiting until its lease is over."""
        assert self.bot is not None
        assert self.settings.redis_url is not None
        team = TeamId(self.slack.core.workspace.team.id)
        thread = ThreadKey(ChannelKey(team, ChannelId(self.slack.core.workspace.channel(channel).id)), root)
        redis = Redis.from_url(self.settings.redis_url.get_secret_value())
        await redis.delete(Keys(self.settings.redis_prefix).lease(thread))
        await redis.aclose()
        await self.bot.engine.wake(thread)

    async def _work(self, bot: Kostprobe) -> None:
        working = asyncio.create_task(bot.work())

        async def stop() -> None:
            working.cancel()
            await asyncio.gather(working, return_exceptions=True)

        self._stack.push_async_callback(stop)

    async def stop(self) -> None:
        """Stop the bot, in the order in which it leaves."""
        stack, self._stack = self._stack, AsyncExitStack()
        await stack.aclose()

    async def restart_with(self, **changes: Any) -> None:
        """Stop the bot and start it again with changed settings."""
        await self.stop()
        self.settings = self.settings.model_copy(update=changes)
        await self.start()

    async def until(self, condition: Callable[[], object]) -> None:
        """Wait until something is so, at most ten seconds."""
        for _ in range(1000):
            if condition():
                return
            await asyncio.sleep(0.01)
        raise AssertionError("it never became so")

    async def tell(self, user: str, channel: str, text: str) -> Line:
        """Type a slash command and return the ephemeral answer."""
        since = await self.now(channel)
        taken = await self.control.command(user, channel, text)
        assert taken.acked, taken
        return await self.control.wait_message(channel, after=since, viewer=user, ephemeral=True)

    async def home(self, user: str, shown: str) -> Screen:
        """Open App Home as a person and return it once it shows something."""
        await self.control.open_home(user)
        for _ in range(1000):
            page = await self.control.home(user)
            if page is not None and shown in page.text:
                return page
            await asyncio.sleep(0.01)
        raise AssertionError(f"Home never showed {shown!r}")

    async def now(self, channel: str) -> str:
        """A ts before everything that is still to come."""
        del channel
        return self.slack.core.workspace.stamps.next(self.slack.core.clock())

    async def told(self, user: str, pattern: str) -> str:
        """Wait until the bot has told a person something by direct message; return all that it has told them."""
        channel = await self.control.open_dm(user, "kostprobe")
        await self.control.wait_message(channel, pattern)
        return "\n".join(line.text for line in await self.control.transcript(channel)).replace("`", "")

    async def ask(self, user: str, channel: str, text: str, *, thread: str | None = None) -> Line:
        """Mention the bot and return its first answer."""
        ts = await self.control.say(user, channel, f"@kostprobe {text}", thread_ts=thread)
        return await self.control.wait_message(channel, thread_ts=thread or ts, after=ts, ephemeral=False)


Opener = Callable[..., Awaitable[House]]


def make_settings(app: App, slack: LocalSlack, openai: FakeOpenAI, **settings: Any) -> Settings:
    """Settings for a house; `.env` and what is set for another bot are not read."""
    given: dict[str, Any] = {
        "SLACK_BOT_TOKEN": app.bot_token,
        "SLACK_APP_TOKEN": app.app_token,
        "SLACK_SIGNING_SECRET": app.signing_secret,
        "SLACK_API_URL": slack.api_url,
        "host": "127.0.0.1",
        "KOSTPROBE_PORT": 0,
        "prompts_dir": ROOT / "prompts",
        "endpoints": {"local": EndpointOptions(base_url=openai.base_url, model="fake", private=True)},
        **settings,
    }
    return Settings(_env_file=None, **given)


def make_slack(
    manifest: Mapping[str, Any] | None = None,
    timings: Timings = QUICK,
    workspace: Mapping[str, Any] = WORKSPACE,
) -> tuple[App, LocalSlack]:
    """A local Slack with the app of our manifest, or of a variant."""
    app = App.from_manifest(manifest or ROOT / "manifest.json")
    return app, LocalSlack(workspace_from(workspace, time.time), apps=[app], timings=timings)
