"""`kostprobe play`: try it on this machine, or play a script and print what happened."""

import asyncio
import os
import shutil
import tempfile
import webbrowser
from collections.abc import Coroutine, Sequence
from contextlib import AsyncExitStack, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from bot.cli.model import missing_for_model, stop_on_signals
from bot.cli.ports import next_free

if TYPE_CHECKING:
    from bot.cli.bot_process import BotProcess
    from bot.cli.playground import ModelChoice, Stage

DEFAULT_PORT = 8765
OURS = ("bot.log", "setting-up", "slack.json", "slack.json.journal", "slack.json.lock", "store")
"""What playing leaves in its folder, besides adapters: those that people trained stay."""
HOUSE_FILES = "pizzaiolo-????????.gguf"
"""Names of the house model's adapters in that folder, this one's and earlier ones'."""
_OPENAI_INSTEAD = "With OPENAI_API_KEY set, OpenAI answers instead."
_LOCAL_MODEL = "SmolLM2-135M: real, small, English only"
_console = Console(stderr=False, highlight=False)


def play(
    script: Annotated[
        Path | None,
        typer.Option(help="A scripted conversation to play without a browser.", exists=True, dir_okay=False),
    ] = None,
    port: Annotated[
        int, typer.Option(min=0, max=65535, help="Port of the page; 0 takes a free one.")
    ] = DEFAULT_PORT,
    folder: Annotated[Path, typer.Option(help="Where data and logs are kept.")] = Path("data/play"),
    *,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what was played before.")] = False,
    app: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="MANIFEST", help="Another app to install, by its manifest (JSON or YAML); repeatable."
        ),
    ] = None,
    without_bot: Annotated[
        bool, typer.Option("--without-bot", help="Only the local Slack, for the apps named by --app.")
    ] = False,
) -> None:
    """Start a local Slack, store, model and bot on this machine; no accounts needed."""
    manifests = app or []
    if script is not None and (manifests or without_bot):
        _console.print("--script plays alone: leave out --app and --without-bot.", style="red")
        raise typer.Exit(2)
    if script is not None:
        raise typer.Exit(asyncio.run(_play_script(script)))
    if without_bot:
        raise typer.Exit(
            asyncio.run(_play_apps(folder.resolve(), port, manifests, browser=browser, fresh=fresh))
        )
    raise typer.Exit(asyncio.run(_play(folder.resolve(), port, manifests, browser=browser, fresh=fresh)))


class Terminal:
    """Tells what starts and what is ready."""

    def __init__(self, *, browser: bool | None = None) -> None:
        """Prepare; `browser` says whether to open the page in one, None that nobody is to look at it."""
        self._browser = browser
        self._opening: asyncio.Future[None] | None = None

    def starting(self, what: str) -> None:
        """Say that something is being started."""
        _console.print(f"  [dim]…[/dim] {what}")

    def ready(self, what: str, detail: str = "") -> None:
        """Say that it is ready."""
        _console.print(f"  [green]✓[/green] {what} [dim]{escape(detail)}[/dim]")

    def opened(self, page: str) -> None:
        """Say where the page is, and open it."""
        if self._browser is None:
            return
        _console.print(f"\nOpen [bold]{page}[/bold]. Ctrl-C stops everything.\n", soft_wrap=True)
        if self._browser:
            self._opening = asyncio.get_running_loop().run_in_executor(None, _browse, page)


def _browse(page: str) -> None:
    with suppress(webbrowser.Error):
        webbrowser.open(page)


async def _play(
    folder: Path, port: int, manifests: Sequence[Path] = (), *, browser: bool, fresh: bool
) -> int:
    """Play until a signal says to stop; return the exit code."""
    from bot.adapters.embedded_store import StoreInUseError, StoreStartError
    from bot.cli import apps
    from bot.cli.bot_process import BotDied
    from bot.cli.playground import SETTING_UP, open_playground, own_app
    from bot.cli.seeds import Seeds
    from bot.playground.model.launcher import ModelServerError
    from bot.playground.slack.manifests import ManifestFault, read_apps

    port = _port(port)
    try:
        seeded = [user["name"] for user in Seeds.read().workspace["users"]]
        others = await asyncio.to_thread(read_apps, manifests, beside=[own_app()], people=seeded)
    except ManifestFault as fault:
        _console.print(escape(str(fault)), style="red", soft_wrap=True)
        return 2
    model = await _choose_model()
    if model.environment is None and (missing := missing_for_model()):
        _console.print(f"{escape(missing)} {_OPENAI_INSTEAD}")
        return 2
    stopping = stop_on_signals()
    _console.print("[bold]Kostprobe[/bold] starts:")
    try:
        if fresh or await asyncio.to_thread((folder / SETTING_UP).exists):
            await _start_over(folder)
        seeds = Seeds.read(house=model.environment is None)
        teller = Terminal(browser=browser)
        async with AsyncExitStack() as stack:
            opened = open_playground(folder, seeds, model, teller, port=port, tasting=True, others=others)
            stage = await _unless_stopped(stack.enter_async_context(opened), stopping)
            if stage is not None:
                _console.print(f"\nAll is ready. The bot's log: {stage.bot.log}\n", soft_wrap=True)
                apps.tell(_console, stage.slack, others)
                await _until_stopped(stage.bot, stopping)
            _console.print("Stopping ...")
    except StoreInUseError:
        _console.print(
            f"Kostprobe is being played in {escape(str(folder))} already. "
            "Stop that one, or take another folder: kostprobe play --folder DIR",
        )
        return 1
    except (BotDied, StoreStartError, ModelServerError, OSError) as fault:
        _console.print(escape(str(fault)), style="red")
        return 1
    return 0


async def _play_apps(
    folder: Path, port: int, manifests: Sequence[Path], *, browser: bool, fresh: bool
) -> int:
    """Run the local Slack for other apps alone, until a signal says to stop; return the exit code."""
    from bot.cli import apps
    from bot.playground.slack.manifests import ManifestFault, read_apps
    from bot.playground.slack.state_file import StateInUseError

    if not manifests:
        _console.print(
            "Without the bot there is nobody to talk to: name your app's manifest, "
            "kostprobe play --without-bot --app manifest.json",
            style="red",
        )
        return 2
    port = _port(port)
    stopping = stop_on_signals()
    teller = Terminal(browser=browser)
    try:
        people = apps.people_of_default()
        others = await asyncio.to_thread(read_apps, manifests, beside=(), people=people)
        async with apps.open_apps(folder, others, port=port, fresh=fresh) as slack:
            teller.ready("local Slack", slack.url)
            teller.opened(slack.url)
            apps.tell(_console, slack, others)
            await stopping.wait()
            _console.print("Stopping ...")
    except ManifestFault as fault:
        _console.print(escape(str(fault)), style="red", soft_wrap=True)
        return 2
    except StateInUseError:
        _console.print(
            f"A local Slack runs in {escape(str(folder))} already. "
            "Stop that one, or take another folder: kostprobe play --without-bot --folder DIR",
        )
        return 1
    except OSError as fault:
        _console.print(escape(str(fault)), style="red")
        return 1
    return 0


async def _unless_stopped(opening: Coroutine[Any, Any, "Stage"], stopping: asyncio.Event) -> "Stage | None":
    """Wait until everything is there; None when a signal says to stop before."""
    start = asyncio.create_task(opening)
    stopped = asyncio.create_task(stopping.wait())
    await asyncio.wait({start, stopped}, return_when=asyncio.FIRST_COMPLETED)
    stopped.cancel()
    if start.done():
        return start.result()
    start.cancel()
    await asyncio.wait({start})
    return None


def _port(wanted: int) -> int:
    """Return the port, or the next one that is free, and say so then."""
    port = next_free(wanted)
    if port != wanted:
        _console.print(
            f"[yellow]Port {wanted} is taken[/yellow], so this is on {port}. If Kostprobe is being played already, "
            f"its page is http://127.0.0.1:{wanted}."
        )
    return port


async def _start_over(folder: Path) -> None:
    """Forget what was played before, unless somebody is playing there: then StoreInUseError is raised."""
    from bot.adapters.embedded_store import open_embedded_store
    from bot.telemetry import LogObserver

    if await asyncio.to_thread((folder / "store").is_dir):
        async with open_embedded_store(folder / "store", LogObserver()):
            pass
    await asyncio.to_thread(_forget, folder)


def _forget(folder: Path) -> None:
    """Remove what was played before, and nothing else that may be in the folder."""
    for name in OURS:
        path = folder / name
        shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)
    for path in (folder / "adapters").glob(HOUSE_FILES):
        path.unlink(missing_ok=True)


async def _until_stopped(bot: "BotProcess", stopping: asyncio.Event) -> None:
    """Wait for the signal; a bot that ends by itself is started again a few times."""
    from bot.cli.bot_process import BotDied

    for _ in range(4):
        ending = asyncio.create_task(bot.wait())
        stopped = asyncio.create_task(stopping.wait())
        done, waiting = await asyncio.wait({ending, stopped}, return_when=asyncio.FIRST_COMPLETED)
        for task in waiting:
            task.cancel()
        if stopped in done:
            return
        _console.print("[yellow]The bot ended by itself; it is started again.[/yellow]")
        await bot.start()
    raise BotDied(f"The bot ends by itself again and again. Its last words:\n{bot.last_words()}")


async def _choose_model() -> "ModelChoice":
    """Take OpenAI when its key is set, a server on this machine when the person says yes, else our own."""
    from bot.cli.playground import ModelChoice
    from bot.playground.model.discover import discover

    key = os.environ.get("OPENAI_API_KEY")
    if key:
        given = {name: value for name, value in os.environ.items() if name.startswith("OPENAI_")}
        return ModelChoice("OpenAI, with your key", given)
    for found in await discover():
        if not found.models or not _console.is_terminal:
            continue
        if typer.confirm(
            f"{found.name} runs on this machine with {found.models[0]}. Shall it answer?", default=False
        ):
            begin = "KOSTPROBE_ENDPOINTS__LOCAL__"
            return ModelChoice(
                f"{found.models[0]} by {found.name}",
                {
                    f"{begin}BASE_URL": found.base_url,
                    f"{begin}MODEL": found.models[0],
                    f"{begin}PRIVATE": "true",
                },
            )
    return ModelChoice(_LOCAL_MODEL)


async def _play_script(path: Path) -> int:
    """Play a script on fresh data; return the exit code."""
    from bot.adapters.embedded_store import StoreStartError
    from bot.cli.bot_process import BotDied
    from bot.cli.playground import ModelChoice, Stage, open_playground
    from bot.cli.script import Player, ScriptFault, read_script
    from bot.cli.seeds import Seeds
    from bot.playground.model.launcher import ModelServerError

    if missing := missing_for_model():
        _console.print(f"{escape(missing)} {_OPENAI_INSTEAD}")
        return 2
    try:
        steps = read_script(path)
    except ScriptFault as fault:
        _console.print(escape(str(fault)), style="red", soft_wrap=True)
        return 2
    with tempfile.TemporaryDirectory(prefix="kostprobe-") as name:
        folder = Path(name)
        async with AsyncExitStack() as stack:

            async def start() -> Stage:
                await stack.aclose()
                opened = open_playground(folder, Seeds.read(), ModelChoice(_LOCAL_MODEL), Terminal())
                return await stack.enter_async_context(opened)

            try:
                player = Player(
                    await start(), start, lambda line: _console.print(escape(line), soft_wrap=True)
                )
                await player.play(steps)
            except (ScriptFault, BotDied, StoreStartError, ModelServerError) as fault:
                _console.print(f"\n[red]Not as expected.[/red] {escape(str(fault))}", soft_wrap=True)
                log = folder / "bot.log"
                if log.exists():
                    words = "\n".join(log.read_text(encoding="utf-8", errors="replace").splitlines()[-40:])
                    _console.print(f"\nThe end of the bot's log:\n{escape(words)}", soft_wrap=True)
                return 1
            _console.print(f"\n[green]{len(steps)} steps, all as expected.[/green]")
            return 0
