"""The lines of the Procfile, started as a platform starts them, on a local Slack that is set to HTTP."""

import asyncio
import json
import shlex
import signal
import subprocess
from collections.abc import AsyncGenerator, Iterator
from pathlib import Path

import aiohttp
import pytest

from bot.playground.slack import LocalSlack
from bot.slack.http_door import PATH
from tests.cli.kit import ROOT, finish, start
from tests.fakes.openai_server import FakeOpenAI
from tests.scenarios.house import make_slack
from tests.test_doors import free_port

LINES = dict(line.split(": ", 1) for line in (ROOT / "Procfile").read_text(encoding="utf-8").splitlines())


@pytest.fixture
async def slack() -> AsyncGenerator[LocalSlack]:
    _, unopened = make_slack()
    async with unopened as opened:
        yield opened


@pytest.fixture
async def environment(slack: LocalSlack, store_url: str, store_prefix: str) -> AsyncGenerator[dict[str, str]]:
    """What one sets for both on a platform; the port it adds itself."""
    tokens = slack.environment()
    del tokens["SLACK_APP_TOKEN"]
    async with FakeOpenAI() as openai:
        yield {
            **tokens,
            "REDIS_URL": store_url,
            "KOSTPROBE_REDIS_PREFIX": store_prefix,
            "KOSTPROBE_PROMPTS_DIR": str(ROOT / "prompts"),
            "KOSTPROBE_ENDPOINTS__LOCAL__BASE_URL": openai.base_url,
            "KOSTPROBE_ENDPOINTS__LOCAL__MODEL": "fake",
        }


@pytest.fixture
def started() -> Iterator[dict[str, subprocess.Popen[str]]]:
    processes: dict[str, subprocess.Popen[str]] = {}
    yield processes
    for process in processes.values():
        process.kill()
        process.communicate()


def start_line(name: str, environment: dict[str, str]) -> subprocess.Popen[str]:
    program, module, package, *arguments = shlex.split(LINES[name])
    assert (program, module, package) == ("python", "-m", "bot")
    return start(*arguments, **environment)


async def lives(process: subprocess.Popen[str], port: int) -> None:
    """Wait until a process answers on its port; say what it said if it ends instead."""
    async with asyncio.timeout(50), aiohttp.ClientSession() as session:
        while True:
            assert process.poll() is None, process.communicate()
            try:
                async with session.get(f"http://127.0.0.1:{port}/readyz") as response:
                    if response.status == 200:
                        return
            except aiohttp.ClientConnectionError:
                await asyncio.sleep(0.05)


@pytest.mark.timeout(120)
@pytest.mark.parametrize("names", [("web", "worker"), ("bot",)], ids="+".join)
async def test_the_lines_start_answer_and_leave(
    names: tuple[str, ...],
    slack: LocalSlack,
    environment: dict[str, str],
    started: dict[str, subprocess.Popen[str]],
    folder: Path,
) -> None:
    del folder
    port, inner = free_port(), free_port()
    for name in names:
        more = {"PORT": str(port)} if name != "worker" else {"KOSTPROBE_STATUS_PORT": str(inner)}
        started[name] = start_line(name, environment | more)
    for name, process in started.items():
        await lives(process, inner if name == "worker" else port)
    await slack.set_request_url(f"http://127.0.0.1:{port}{PATH}")

    ts = await slack.control.say("ben", "kitchen", "@kostprobe What is a roux?")
    answer = await slack.control.wait_message("kitchen", "roux", thread_ts=ts, after=ts, seconds=20)
    taken = await slack.control.command("ben", "kitchen", "/kostprobe ask what is a payload")
    said = await slack.control.wait_message("kitchen", "Answer to: what is a payload", ephemeral=False)
    for process in started.values():
        process.send_signal(signal.SIGTERM)

    assert "Answer to: What is a roux?" in answer.text
    assert taken.acked
    assert said.app_id
    for name, process in started.items():
        code, out, err = await asyncio.to_thread(finish, process)
        assert (code, out) == (0, ""), err
        events = [json.loads(line)["event"] for line in err.splitlines()]
        assert "leaving" in events, name
        assert events[-1] == "left", name
        assert ("listening" in events) == (name != "worker")
