"""Apps of others in the local Slack of `kostprobe play`: told how to come, played with alone."""

import asyncio
import shlex
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.markup import escape

from bot.playground.slack.seed import default_workspace
from bot.playground.slack.server import LocalSlack
from bot.playground.slack.state_file import locked

if TYPE_CHECKING:
    from bot.playground.slack.apps import App

APPS_STATE = "slack-apps.json"
"""What is played without the bot has a state of its own: its channels are not set up for a bot."""


def environment_lines(slack: LocalSlack, app: "App") -> list[str]:
    """Return the lines to paste into a shell before an app is started in it."""
    return [f"export {name}={shlex.quote(value)}" for name, value in slack.environment(app).items()]


def tell(console: Console, slack: LocalSlack, apps: "Sequence[App]") -> None:
    """Print for each app what it has to be told, so that it can be copied."""
    for app in apps:
        where = (
            "over Socket Mode" if app.request_url is None else "over HTTP, at the addresses of its manifest"
        )
        console.print(f"\n[bold]{escape(app.display_name)}[/bold] comes {where}. In its terminal:\n")
        for line in environment_lines(slack, app):
            console.print(line, markup=False, highlight=False, soft_wrap=True)
    console.print()


@asynccontextmanager
async def open_apps(
    folder: Path, apps: "Sequence[App]", *, port: int, fresh: bool
) -> AsyncGenerator[LocalSlack]:
    """Run a local Slack for these apps alone: no bot, no model, no store.

    Args:
        folder: Where the state is kept; what is there from before goes on.
        apps: Installed from the start.
        port: Port of the page; 0 takes a free one.
        fresh: Whether to forget what was there.

    Raises:
        OSError: The folder cannot be written, or the port is taken.
        StateInUseError: Another process runs one in this folder.
    """
    state = folder / APPS_STATE
    if fresh:
        with locked(state):
            await asyncio.to_thread(_forget, state)
    async with LocalSlack(default_workspace(time.time), apps=apps, port=port, state_path=state) as slack:
        yield slack


def people_of_default() -> list[str]:
    """Return the names of the people of the workspace that apps are played with alone in."""
    return [user.name for user in default_workspace(time.time).users.values()]


def _forget(state: Path) -> None:
    for path in (state, state.with_name(f"{state.name}.journal")):
        path.unlink(missing_ok=True)
