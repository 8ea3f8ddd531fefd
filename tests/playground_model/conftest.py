"""The real local model, started once for all tests that need it."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest


@pytest.fixture(scope="session")
def model_url() -> Iterator[str]:
    """Base URL of the real model server. Started without asyncio, since a session outlives every event loop."""
    command = [sys.executable, "-m", "bot.playground.model"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stdin=subprocess.DEVNULL) as server:
        assert server.stdout
        ready = json.loads(server.stdout.readline())
        yield f"{ready['address']}/v1"
        server.terminate()
        assert server.wait(timeout=5) == 0
