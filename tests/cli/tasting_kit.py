"""A model server beside a test of the command line, and tastings that it answers."""

import asyncio
import json
import re
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from typer.testing import CliRunner, Result

from bot.cli import app
from tests.fakes.openai_server import FakeOpenAI

PERSONA = """---
name: {name}
description: For tests.
model: {model}
---
# Role
You are {name}.
# Scenario
Somebody asks.
# Details
Be short.
"""
SUBJECTS = ("rivers", "mountains", "oceans", "deserts", "forests", "islands", "glaciers", "volcanoes")


def questions(count: int) -> list[str]:
    """Return questions that share few words."""
    return [f"Why {SUBJECTS[n % len(SUBJECTS)]} number{n} near{n} over{n}?" for n in range(count)]


def write_menu(path: Path, lines: Sequence[str]) -> Path:
    """Write questions into a file, a line each."""
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
    return path


def write_personas(folder: Path) -> None:
    """Write the personas ada and bob, each with a model of its own."""
    (folder / "prompts").mkdir(exist_ok=True)
    for name, model in (("ada", "model-a"), ("bob", "model-b")):
        text = PERSONA.format(name=name.capitalize(), model=model)
        (folder / "prompts" / f"{name}.md").write_text(text, encoding="utf-8")


@contextmanager
def serving() -> Iterator[FakeOpenAI]:
    """A model server in a thread of its own, since a command keeps this one busy."""
    loop = asyncio.new_event_loop()
    thread = threading.Thread(target=loop.run_forever, daemon=True)
    thread.start()
    openai = FakeOpenAI(["model-a", "model-b"])
    asyncio.run_coroutine_threadsafe(openai.accept_connections(), loop).result(10)
    try:
        yield openai
    finally:
        asyncio.run_coroutine_threadsafe(openai.refuse_connections(), loop).result(10)
        loop.call_soon_threadsafe(loop.stop)
        thread.join(10)
        loop.close()


class Terminal:
    """Runs commands on one store and one model server."""

    def __init__(self, openai: FakeOpenAI, folder: Path) -> None:
        self.openai = openai
        self.folder = folder

    def __call__(self, *arguments: str, keys: str = "") -> Result:
        """Run `kostprobe ARGUMENTS` with what is typed, a character a line."""
        return CliRunner().invoke(app, list(arguments), input="".join(f"{key}\n" for key in keys))

    def good(self, *arguments: str, keys: str = "") -> str:
        """Run a command that is to end well; return what it says."""
        result = self(*arguments, keys=keys)
        assert result.exit_code == 0, result.output
        return result.stdout

    def run(self, menu: Path | str, *options: str) -> str:
        """Have ada and bob answer a menu; return the tasting's id."""
        both = ("--a", "persona:ada", "--b", "bob")
        said = self.good("taste", "run", "--menu", str(menu), *both, "--yes", *options)
        found = re.search(r"The tasting (\w+) is ready", said)
        assert found, said
        return found[1]

    def sealed(self, *options: str) -> dict[str, object]:
        """Return what `taste show --json` says."""
        shown: dict[str, object] = json.loads(self.good("taste", "show", "--json", *options))
        return shown
