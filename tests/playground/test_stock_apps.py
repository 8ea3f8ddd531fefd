"""Bolt apps as Slack's documentation has them written, run as they are: the environment alone leads them here."""

import asyncio
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncGenerator, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from bot.playground.slack import QUICK, App, LocalSlack
from bot.playground.slack.manifests import read_app

STOCK = Path(__file__).parent / "stock"
BEGIN_SECONDS = 60.0
DOORS = ["python over Socket Mode", "python over HTTP", "javascript over Socket Mode"]


@contextmanager
def running(command: list[str], environment: dict[str, str], log: Path) -> Iterator[None]:
    """The app as a process, told nothing but its environment."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG") if name in os.environ}
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, cwd=STOCK, env=kept | environment, stdout=output, stderr=output, start_new_session=True
        )
    try:
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


async def listens(port: int) -> bool:
    try:
        _, writer = await asyncio.open_connection("127.0.0.1", port)
    except OSError:
        return False
    writer.close()
    return True


def command_of(door: str) -> list[str]:
    if door.startswith("python"):
        return [sys.executable, "app.py"]
    node = shutil.which("node")
    if node is None:
        pytest.skip(
            "NODE IS MISSING: no app in JavaScript was tried. apt-get install nodejs npm, then make stock"
        )
    if not (STOCK / "node_modules").is_dir():
        pytest.skip("BOLT FOR JAVASCRIPT IS NOT INSTALLED, so no app in it was tried: make stock")
    return [node, "app.js"]


@pytest.fixture(params=DOORS)
async def slack(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[LocalSlack]:
    door = str(request.param)
    command, app = command_of(door), read_app(STOCK / "manifest.yaml")
    port = free_port()
    more = {}
    if door.endswith("HTTP"):
        app, more = app.at(f"http://127.0.0.1:{port}/slack/events"), {"PORT": str(port)}
    async with LocalSlack(apps=[App(events=frozenset()), app], timings=QUICK) as opened:
        environment = opened.environment(app) | more
        log = tmp_path / "app.log"
        with running(command, environment, log):
            try:
                if more:
                    async with asyncio.timeout(BEGIN_SECONDS):
                        while not await listens(port):  # noqa: ASYNC110 (nothing tells us)
                            await asyncio.sleep(0.05)
                else:
                    await opened.control.wait_connected(app.name, seconds=BEGIN_SECONDS)
            except Exception as error:
                raise AssertionError(f"the app does not come: {log.read_text()}") from error
            yield opened


async def test_everything_in_slack_s_guides_works_unchanged(slack: LocalSlack) -> None:
    control = slack.control
    ben = slack.core.workspace.user("ben").id

    ts = await control.say("ben", "general", "hello")
    greeting = await control.wait_message("general", "Hey there", after=ts, seconds=20)
    await control.press("ben", greeting, "Click Me")
    clicked = await control.wait_message("general", "clicked the button", seconds=20)

    echoed = await control.command("ben", "general", "/echo back to me")
    whispered = await control.wait_message("general", "^back to me$", ephemeral=True, seconds=20)

    await control.command("ben", "general", "/ticket")
    modal = await control.wait_view("ben", callback_id="ticket", seconds=20)
    refused = await control.submit("ben", {"title": "no"})
    taken = await control.submit("ben", {"title": "Oven is cold"})
    told = await control.wait_message(await control.open_dm("ben", "getting-started"), "Ticket", seconds=20)

    await control.open_home("ben", app_id=read_app(STOCK / "manifest.yaml").id)
    await control.wait_idle()
    home = await control.home("ben")

    assert greeting.who == clicked.who == told.who == "getting-started"
    assert echoed.acked
    assert whispered.visible_to == ben
    assert modal.title == "New ticket"
    assert refused.errors == {"title_block": "A title has three letters at least"}
    assert not taken.errors
    assert told.text == "Ticket: Oven is cold"
    assert home is not None
    assert "Welcome home" in home.text
    calls = [entry for entry in await control.log(kind="call") if entry["app_id"] != slack.app.id]
    assert {entry["outcome"] for entry in calls} == {"ok"}
