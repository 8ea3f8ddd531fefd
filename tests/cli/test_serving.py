"""`kostprobe serve` and `kostprobe worker`: what they refuse, how they start and how they leave."""

import asyncio
import json
import os
import signal
import time
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from redis import Redis

from bot.bootstrap import dependencies
from bot.playground.slack import LocalSlack
from bot.settings import SettingsFault
from tests.cli.conftest import Invoke
from tests.cli.kit import finish, start
from tests.scenarios.house import make_slack

TOKENS = {"SLACK_BOT_TOKEN": "xoxb-hush-hush", "SLACK_APP_TOKEN": "xapp-hush-hush"}
OVER_HTTP = {"SLACK_BOT_TOKEN": "xoxb-hush-hush", "SLACK_SIGNING_SECRET": "hush-hush"}
CLOSED_PORT = {"REDIS_URL": "redis://:hush-hush@127.0.0.1:1/0"}
ENDPOINT = {
    "KOSTPROBE_ENDPOINTS__LOCAL__BASE_URL": "http://127.0.0.1:1/v1",
    "KOSTPROBE_ENDPOINTS__LOCAL__MODEL": "fake",
}


@pytest.mark.parametrize(
    ("command", "environment", "names"),
    [
        (("serve",), {}, ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "No"]),
        (("serve",), TOKENS, ["No"]),
        (("serve",), OVER_HTTP, ["No"]),
        (("serve",), OVER_HTTP | {"KOSTPROBE_DOOR": "socket"}, ["SLACK_APP_TOKEN", "No"]),
        (("serve",), TOKENS | {"KOSTPROBE_DOOR": "http"}, ["SLACK_SIGNING_SECRET", "No"]),
        (("serve", "--no-worker"), TOKENS | ENDPOINT, ["REDIS_URL"]),
        (("worker",), {}, ["No", "SLACK_BOT_TOKEN", "REDIS_URL"]),
        (("worker",), TOKENS | ENDPOINT, ["REDIS_URL"]),
        (("worker",), CLOSED_PORT | ENDPOINT, ["SLACK_BOT_TOKEN"]),
    ],
)
def test_what_is_missing_is_refused_a_line_each(
    command: tuple[str, ...], environment: dict[str, str], names: list[str], invoke: Invoke
) -> None:
    fault = invoke(*command, **environment).exception

    assert isinstance(fault, SettingsFault)
    assert [line.split()[0] for line in fault.lines] == names


@pytest.mark.parametrize("command", [("serve",), ("serve", "--no-worker"), ("worker",)])
def test_a_store_that_is_down_ends_it_with_a_sentence(
    command: tuple[str, ...], invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dependencies, "TRIES", 2)
    monkeypatch.setattr(dependencies, "FIRST_PAUSE_S", 0.001)

    result = invoke(*command, **TOKENS, **ENDPOINT, **CLOSED_PORT)

    assert result.exit_code == 1
    *log, sentence = result.stderr.splitlines()
    assert sentence == "The store at REDIS_URL does not answer. Is it running, and is the address right?"
    assert [json.loads(line)["event"] for line in log] == ["store_unreachable"]
    assert "hush" not in result.output


def test_for_people_the_log_has_columns(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dependencies, "TRIES", 2)
    monkeypatch.setattr(dependencies, "FIRST_PAUSE_S", 0.001)

    result = invoke("worker", **TOKENS, **ENDPOINT, **CLOSED_PORT, KOSTPROBE_LOG_FORMAT="columns")

    assert "store_unreachable" in result.stderr.splitlines()[0]
    assert not result.stderr.startswith("{")


@pytest.fixture
async def slack() -> AsyncGenerator[LocalSlack]:
    _, unopened = make_slack()
    async with unopened as opened:
        yield opened


async def test_it_starts_a_store_of_its_own_and_a_signal_ends_both_quickly(
    slack: LocalSlack, folder: Path
) -> None:
    process = start("serve", **slack.environment(), **ENDPOINT)
    try:
        await slack.control.wait_connected(seconds=15)
        config = (folder / "data/store/store.conf").read_text(encoding="utf-8")
        told = dict(line.split(" ", 1) for line in config.splitlines())
        store = Redis(port=int(told["port"]), password=told["requirepass"].strip('"'), protocol=2)
        store_pid = store.info("server")["process_id"]
        store.close()
        began = time.monotonic()
        process.send_signal(signal.SIGTERM)
    finally:
        code, out, err = await asyncio.to_thread(finish, process)

    assert (code, out) == (0, "")
    assert time.monotonic() - began < 5
    with pytest.raises(ProcessLookupError):
        os.kill(store_pid, 0)
    events = [json.loads(line) for line in err.splitlines()]
    assert [event["event"] for event in events] == [
        "embedded_store",
        "store",
        "slack_connected",
        "ready",
        "leaving",
        "left",
    ]
    assert events[0]["folder"] == "data/store"
