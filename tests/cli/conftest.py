"""For tests of the command line: nothing set, a folder of one's own, and logging put back in the end."""

import logging
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog
from typer.testing import CliRunner, Result

from bot.cli import app

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
