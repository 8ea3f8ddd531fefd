"""Everything that `kostprobe play` starts: store, local Slack, model, and the bot as its own process.

The page comes first and can be used at once; what gets ready after it is shown there, and in the terminal.
"""

import asyncio
import functools
import json
import time
from collections.abc import AsyncGenerator, Callable, Generator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.adapters.embedded_store import StoreStartError, open_embedded_store
from bot.cli.bot_process import BotDied, BotProcess
from bot.cli.model import environment_for
from bot.cli.seeds import Seeds
from bot.cli.served import fill_cellar, remember_training, serve
from bot.cli.settling import converse, settle
from bot.playground.house.shipped import model_id, put_adapter
from bot.playground.model.launcher import open_model_server
from bot.playground.slack import ControlRefused, WaitTimeout
from bot.playground.slack.apps import App
from bot.playground.slack.seed import workspace_from
from bot.playground.slack.server import LocalSlack
from bot.telemetry import LogObserver

CONNECT_SECONDS = 60
STATE = "slack.json"
"""The workspace, in the folder."""
SETTING_UP = "setting-up"
"""A file that is in the folder until everything was set up once; while it is, what was begun is worth nothing."""
_LOADING, _STARTING = "Loading the model", "Starting Kostprobe"
_SETTING_UP, _LAYING, _TALKING = "Setting the channels up", "Laying the tasting", "Asking a few things"
"""What the page says while it is so."""


class Teller(Protocol):
    """Tells the person at the terminal what is going on."""

    def starting(self, what: str) -> None:
        """Say that something is being started."""
        ...

    def ready(self, what: str, detail: str = "") -> None:
        """Say that it is ready."""
        ...

    def opened(self, page: str) -> None:
        """Say where the page is; it can be used from now on, while the rest gets ready."""
        ...


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """What answers in the playground.

    Attributes:
        label: What it is called for people.
        environment: What the bot is told about it; None starts the model that comes along.
    """

    label: str
    environment: Mapping[str, str] | None = None


@dataclass
class Stage:
    """What is running.

    Attributes:
        slack: The local Slack.
        bot: The bot.
    """

    slack: LocalSlack
    bot: "BotProcess"


@asynccontextmanager
async def open_playground(
    folder: Path,
    seeds: Seeds,
    model: ModelChoice,
    teller: Teller,
    *,
    port: int = 0,
    tasting: bool = False,
    others: Sequence[App] = (),
) -> AsyncGenerator[Stage]:
    """Start everything, and stop it in the end.

    Args:
        folder: Where data and logs are kept; what is there from before goes on.
        seeds: The workspace of the first time.
        model: What answers.
        teller: Told what starts and what is ready.
        port: Port of the page; 0 takes a free one.
        tasting: Whether the first time begins with a tasting and conversations, where the model that comes along
            answers.
        others: Apps that are installed beside the bot, and come when somebody starts them.

    Raises:
        BotDied: The bot ended before it was connected.
    """
    first_time = await asyncio.to_thread(_prepare, folder)
    async with AsyncExitStack() as stack:
        teller.starting("store")
        store = await stack.enter_async_context(open_embedded_store(folder / "store", LogObserver()))
        teller.ready("store", "Valkey, every write on disk before it counts")
        app = own_app()
        slack = await stack.enter_async_context(
            LocalSlack(
                workspace_from(seeds.workspace, time.time),
                apps=[app, *others],
                port=port,
                state_path=folder / STATE,
            )
        )
        teller.ready("local Slack", slack.url)
        teller.opened(_page(slack, seeds) if first_time and tasting else slack.url)
        with _getting_ready(slack, _LOADING, model.label):
            opening = _model_environment(model, seeds, teller, folder / "adapters")
            about_model = await stack.enter_async_context(opening)
        bot = BotProcess(
            {
                **slack.environment(app),
                **about_model,
                "REDIS_URL": store,
                "KOSTPROBE_ANSWERS_PER_DAY": "10000",
                "KOSTPROBE_ANSWERS_PER_PERSON": "10000",
                "KOSTPROBE_ADAPTERS_DIR": str(folder / "adapters"),
                "KOSTPROBE_PROMPTS_DIR": str(Path(__file__).parents[2] / "prompts"),
            },
            folder,
        )
        stack.push_async_callback(bot.stop)
        teller.starting("bot")
        with _getting_ready(slack, _STARTING):
            await bot.start()
            await _connected(slack, bot)
        teller.ready("bot", "connected over Socket Mode")
        if first_time:
            await _first_time(slack, seeds, store, teller, tasting=tasting and model.environment is None)
            await asyncio.to_thread((folder / SETTING_UP).unlink)
            if tasting and model.environment is None:
                talking = asyncio.create_task(_converse(slack, seeds, teller), name="sample conversations")
                stack.push_async_callback(_end, talking)
        yield Stage(slack, bot)


@contextmanager
def _getting_ready(slack: LocalSlack, what: str, detail: str = "") -> Generator[Callable[[str, float], None]]:
    """Show on the page that something is being got ready; yields what takes a new detail and the share done."""
    slack.core.under_way(what, detail)
    try:
        yield functools.partial(slack.core.under_way, what)
    finally:
        slack.core.ready(what)


def own_app() -> App:
    """Return Kostprobe's own app, which is invited where the seeds say."""
    manifest = json.loads((Path(__file__).parents[2] / "manifest.json").read_text(encoding="utf-8"))
    return App.from_manifest(manifest, channels=())


def _page(slack: LocalSlack, seeds: Seeds) -> str:
    """Return the address of the channel that playing opens on."""
    return f"{slack.url}#{slack.core.workspace.channel(seeds.tasting['channel']).id}"


async def _first_time(slack: LocalSlack, seeds: Seeds, store: str, teller: Teller, *, tasting: bool) -> None:
    """Have the workspace's admin set everything up, and lay the tasting that playing opens on."""
    teller.starting("channels")
    with _getting_ready(slack, _SETTING_UP) as tell:
        if seeds.house is not None:
            await remember_training(store, slack.core.workspace.team.id, model_id())
        await settle(slack.seeding, seeds, tell)
    teller.ready("channels", "Kostprobe is in each of them, and says who answers there")
    if tasting:
        teller.starting("tasting")
        workspace = slack.core.workspace
        with _getting_ready(slack, _LAYING):
            await fill_cellar(store, workspace.team.id)
            voter = workspace.user(seeds.tasting["voter"]).id
            await serve(slack.seeding, seeds.admin, voter, seeds.tasting)
        teller.ready("tasting", f'{seeds.tasting["count"]} questions, two answers each: press "Taste along"')


async def _converse(slack: LocalSlack, seeds: Seeds, teller: Teller) -> None:
    """Have the sample conversations held while the page is in use already; without them it works as well."""
    try:
        with _getting_ready(slack, _TALKING) as tell:
            await converse(slack.seeding, seeds.samples, tell)
    except ControlRefused as refused:
        teller.ready("sample conversations", f"not all of them: {refused}".partition("\n")[0])
    else:
        teller.ready("sample conversations", "in every channel")


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task


def _prepare(folder: Path) -> bool:
    """Make the folder; return whether this is the first time, and mark that its setting up is not finished.

    Raises:
        StoreStartError: It cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        why = error.strerror or str(error)
        raise StoreStartError(
            f"The folder {folder} cannot be made: {why}. Take another one: kostprobe play --folder DIR"
        ) from error
    first_time = not (folder / STATE).exists()
    if first_time:
        (folder / SETTING_UP).touch()
    return first_time


@asynccontextmanager
async def _model_environment(
    model: ModelChoice, seeds: Seeds, teller: Teller, adapters: Path
) -> AsyncGenerator[Mapping[str, str]]:
    if model.environment is not None:
        teller.ready("model", model.label)
        yield model.environment
        return
    teller.starting("model")
    await asyncio.to_thread(put_adapter, adapters)
    async with open_model_server(adapters=adapters) as server:
        teller.ready("model", model.label)
        yield {"KOSTPROBE_DEFAULT_ENDPOINT": "local", **environment_for(server, seeds.parameters)}


async def _connected(slack: LocalSlack, bot: BotProcess) -> None:
    """Wait until the bot's socket is open, or the bot has ended."""
    connecting = asyncio.create_task(slack.control.wait_connected(slack.app.id, seconds=CONNECT_SECONDS))
    ending = asyncio.create_task(bot.wait())
    done, _ = await asyncio.wait({connecting, ending}, return_when=asyncio.FIRST_COMPLETED)
    for task in (connecting, ending):
        if task not in done:
            task.cancel()
    if ending in done:
        await asyncio.gather(connecting, return_exceptions=True)
        raise BotDied(f"The bot ended by itself. Its last words:\n{bot.last_words()}")
    try:
        connecting.result()
    except WaitTimeout:
        words = bot.last_words()
        raise BotDied(f"The bot did not connect in {CONNECT_SECONDS} s. Its last words:\n{words}") from None
