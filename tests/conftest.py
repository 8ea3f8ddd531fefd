"""What tests of several layers share: the event loop, and a real store that costs a few milliseconds."""

import gc
import itertools
import os
import secrets
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.adapters.embedded_store import find_server
from bot.adapters.redis_client import Store, open_store

pytest_plugins = ["bot.playground.pytest_plugin"]
_PREFIXES = itertools.count()


def pytest_configure() -> None:
    # a machine that does other work is slow for reasons that are none of a property's
    settings.register_profile("shared", deadline=None, suppress_health_check=[HealthCheck.too_slow])
    settings.load_profile("shared")
    gc.disable()  # until all tests are collected, see below


def pytest_collection_finish() -> None:
    # Every full garbage collection would look through thousands of collected tests, for half a second and more: an
    # event loop that stands still so long takes its store to be gone, and people's events to be lost.
    gc.collect()
    gc.freeze()
    gc.enable()


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    return "asyncio"


def _free_port() -> int:
    import socket

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


@pytest.fixture(scope="session")
def store_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A real Valkey in memory, one for each worker of xdist."""
    directory: Path = tmp_path_factory.mktemp("store")
    port = _free_port()
    settings = ["--bind", "127.0.0.1", "--port", str(port), "--save", "", "--appendonly", "no"]
    server = subprocess.Popen(
        [str(find_server()), *settings, "--dir", str(directory), "--logfile", "store.log"],
        stdout=subprocess.DEVNULL,
    )
    client = Redis(port=port, protocol=2)
    try:
        for _ in range(200):
            try:
                client.ping()
                break
            except RedisConnectionError:
                time.sleep(0.02)
        yield f"redis://127.0.0.1:{port}/0"
    finally:
        client.close()
        server.terminate()
        server.wait(10)


@pytest.fixture
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """A working directory of one's own, without `.env` and with nothing set for a bot; returns it."""
    for name in os.environ:
        if name.upper().startswith(("KOSTPROBE_", "SLACK_", "OPENAI_", "REDIS_URL", "PORT")):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def store_prefix() -> str:
    """What the keys of one test begin with; no other test has it."""
    return f"t{next(_PREFIXES)}-{secrets.token_hex(3)}"


@pytest.fixture
async def store(store_url: str, store_prefix: str) -> AsyncIterator[Store]:
    """An open store in which nothing is kept yet."""
    async with open_store(store_url, prefix=store_prefix) as opened:
        yield opened
