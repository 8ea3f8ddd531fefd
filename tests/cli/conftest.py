"""For tests of the command line: nothing set, a folder of one's own, and logging put back in the end."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from bot.cli import app
from tests.cli.tasting_kit import Terminal, serving, write_personas

Invoke = Callable[..., Result]


@pytest.fixture(autouse=True)
def folder(bare: Path) -> Iterator[Path]:
    root, ours = logging.getLogger(), logging.getLogger("kostprobe")
    before = (root.handlers[:], root.level, ours.level)
    yield bare
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    ours.setLevel(before[2])
    structlog.reset_defaults()


@pytest.fixture
def invoke(monkeypatch: pytest.MonkeyPatch) -> Invoke:
    """Runs a command in this process, with settings as keywords."""

    def run(*arguments: str, **environment: str) -> Result:
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
        return CliRunner().invoke(app, list(arguments))

    return run


@pytest.fixture
def terminal(
    folder: Path, store_url: str, store_prefix: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Terminal]:
    """Commands on a store of the test's own, beside a model server; ann is logged in."""
    write_personas(folder)
    monkeypatch.setenv("REDIS_URL", store_url)
    monkeypatch.setenv("KOSTPROBE_REDIS_PREFIX", store_prefix)
    monkeypatch.setenv("LOGNAME", "Ann")
    with serving() as openai:
        monkeypatch.setenv("KOSTPROBE_ENDPOINTS__LOCAL__BASE_URL", openai.base_url)
        monkeypatch.setenv("KOSTPROBE_ENDPOINTS__LOCAL__MODEL", "model-a")
        yield Terminal(openai, folder)
