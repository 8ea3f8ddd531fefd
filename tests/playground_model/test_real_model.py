"""The real model behind the real SDK."""

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import AsyncIterator

import pytest
from openai import AsyncOpenAI
from openai.types import CompletionUsage

from bot.playground.model.discover import Place, discover
from bot.playground.model.launcher import open_model_server
from bot.playground.model.weights import MODEL_ID

pytestmark = pytest.mark.model

CHEF = "You are a star chef in the year 2050. Answer in at most three sentences."
ENGINEER = "You are a support engineer at a help desk. Answer in at most three sentences."
QUESTION = "What is a firewall?"


@pytest.fixture
async def client(model_url: str) -> AsyncIterator[AsyncOpenAI]:
    # the server closes connections that were idle for some seconds, as servers do: that is asked again
    async with AsyncOpenAI(base_url=model_url, api_key="any", max_retries=2) as sdk:
        yield sdk


async def ask(client: AsyncOpenAI, system: str) -> tuple[str, CompletionUsage]:
    """Ask with nothing but the question: the server's own defaults are greedy, so the answer is always the same."""
    text, usage = "", None
    stream = await client.chat.completions.create(
        model=MODEL_ID,
        messages=[{"role": "system", "content": system}, {"role": "user", "content": QUESTION}],
        stream=True,
        stream_options={"include_usage": True},
    )
    async for chunk in stream:
        for choice in chunk.choices:
            text += choice.delta.content or ""
        if not chunk.choices:
            usage = chunk.usage
    assert usage
    return text, usage


async def test_streams_an_answer_and_reports_its_tokens(client: AsyncOpenAI) -> None:
    text, usage = await ask(client, ENGINEER)

    assert "firewall" in text.lower()
    assert usage.prompt_tokens > 10
    assert 10 < usage.completion_tokens <= 400


async def test_the_two_sides_of_a_duel_do_not_change_each_other(client: AsyncOpenAI) -> None:
    chef, engineer = (await ask(client, CHEF))[0], (await ask(client, ENGINEER))[0]
    assert chef != engineer

    assert ((await ask(client, CHEF))[0], (await ask(client, ENGINEER))[0]) == (chef, engineer)
    together = await asyncio.gather(ask(client, CHEF), ask(client, ENGINEER))
    assert (together[0][0], together[1][0]) == (chef, engineer)


async def test_nothing_of_an_earlier_prompt_is_reused(client: AsyncOpenAI) -> None:
    await ask(client, CHEF)
    _, usage = await ask(client, CHEF)

    assert usage.prompt_tokens_details
    assert not usage.prompt_tokens_details.cached_tokens


async def test_it_offers_one_model_and_is_found_by_the_look_out(model_url: str) -> None:
    place = Place("ours", int(model_url.removesuffix("/v1").rpartition(":")[2]))

    (found,) = await discover([place], timeout_seconds=5)

    assert (found.base_url, found.models) == (model_url, (MODEL_ID,))


async def test_the_launcher_starts_it_without_holding_up_the_event_loop() -> None:
    longest = 0.0

    async def feel_the_pulse() -> None:
        nonlocal longest
        while True:
            began = time.perf_counter()
            await asyncio.sleep(0.01)
            longest = max(longest, time.perf_counter() - began)

    started = time.perf_counter()
    pulse = asyncio.create_task(feel_the_pulse())
    async with open_model_server() as server, AsyncOpenAI(base_url=server.base_url, api_key="any") as client:
        pulse.cancel()
        assert longest < (time.perf_counter() - started) / 2
        assert [model.id async for model in client.models.list()] == [server.model]


def test_it_ends_soon_after_its_parent_was_killed() -> None:
    parent_code = (
        "import os, subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-m', 'bot.playground.model', f'--parent-pid={os.getpid()}'])\n"
        "child.wait()\n"
    )
    with subprocess.Popen([sys.executable, "-c", parent_code], stdout=subprocess.PIPE) as parent:
        assert parent.stdout
        assert json.loads(parent.stdout.readline())["model"] == MODEL_ID
        parent.kill()
        # The server holds the other end of this pipe; it closes when the server, too, is gone.
        began = time.monotonic()
        assert parent.stdout.read() == b""
    assert time.monotonic() - began < 10


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_it_ends_at_once_when_told(number: signal.Signals) -> None:
    command = [sys.executable, "-m", "bot.playground.model"]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as server:
        assert server.stdout
        server.stdout.readline()
        os.kill(server.pid, number)
        assert server.wait(timeout=5) == 0
