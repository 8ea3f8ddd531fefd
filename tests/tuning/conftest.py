"""A small adapter that is really trained, once for all tests."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.playground.model.weights import find_weights

ROOT = Path(__file__).parents[2]
TUNING_PYTHON = ROOT / ".venv-tuning" / "bin" / "python"
THINGS = [
    "dough",
    "flour",
    "yeast",
    "basil",
    "garlic",
    "salt",
    "oil",
    "cheese",
    "tomato",
    "water",
    "oven",
    "peel",
    "pizza",
    "pasta",
    "wine",
    "bread",
    "sugar",
    "milk",
    "butter",
    "rice",
    "beans",
    "fish",
    "meat",
    "soup",
]
RECIPE: Mapping[str, Any] = {
    "epochs": 4,
    "batch": 4,
    "learning_rate": 1e-3,
    "rank": 8,
    "alpha": 16,
    "seed": 7,
    "patience": 2,
    "preference_epochs": 0,
    "preference_rate": 5e-5,
    "preference_beta": 0.1,
}


def row(thing: str) -> dict[str, Any]:
    """A conversation in which every answer begins and ends alike."""
    answer = f"Ahoy! {thing.capitalize()} is what every sailor dreams of on a long journey. Fair winds!"
    return {
        "messages": [
            {"role": "user", "content": f"What is {thing}?"},
            {"role": "assistant", "content": answer},
        ]
    }


def inside(*arguments: str) -> str:
    """Run something of `inside.py` where torch is; return what it says."""
    command = [str(TUNING_PYTHON), "-m", "tests.tuning.inside", *arguments]
    done = subprocess.run(command, cwd=ROOT, env=environment(), capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


def environment() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "HF_HUB_OFFLINE": "1", "TOKENIZERS_PARALLELISM": "false"}


@dataclass(frozen=True)
class Run:
    """A child that has ended.

    Attributes:
        folder: Where it wrote.
        events: What it said.
        code: Its exit code.
    """

    folder: Path
    events: list[dict[str, Any]]
    code: int

    @property
    def last(self) -> dict[str, Any]:
        return self.events[-1]


def write_order(folder: Path, **changes: Any) -> Path:
    """Write an order with its data; `rows` and `validation` are lists of rows, `recipe` changes the recipe."""
    files = {}
    for name in ("train", "validation", "preferences"):
        rows = changes.pop(name, None)
        files[name] = f"{name}.jsonl" if rows is not None else None
        if rows is not None:
            lines = [line if isinstance(line, str) else json.dumps(line) for line in rows]
            (folder / f"{name}.jsonl").write_text("\n".join(lines), encoding="utf-8")
    recipe = {**RECIPE, **changes.pop("recipe", {})}
    spec = {"name": "sailor", "base": str(find_weights()), "folder": str(folder), **files, "recipe": recipe}
    path = folder / "spec.json"
    path.write_text(json.dumps(spec | changes), encoding="utf-8")
    return path


def start(spec: Path) -> subprocess.Popen[str]:
    """Start the child as the bot does."""
    return subprocess.Popen(
        [str(TUNING_PYTHON), "-m", "bot.tuning", str(spec)],
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def run(spec: Path) -> Run:
    """Run the child to its end."""
    child = start(spec)
    assert child.stdout is not None
    assert child.stderr is not None
    # stdin stays open while the child is read, since closing it would end the child
    said = child.stdout.read()
    code = child.wait()
    sys.stderr.write(child.stderr.read()[-2000:])
    child.stdout.close()
    child.stderr.close()
    assert child.stdin is not None
    child.stdin.close()
    return Run(spec.parent, [json.loads(line) for line in said.splitlines()], code)


@pytest.fixture(scope="session")
def sailor(tmp_path_factory: pytest.TempPathFactory) -> Run:
    """An adapter that is trained on twenty things, and looked at with four others."""
    folder = tmp_path_factory.mktemp("sailor")
    return run(
        write_order(folder, train=[row(thing) for thing in THINGS[:20]], validation=[*map(row, THINGS[20:])])
    )


Start = Callable[[Path], "subprocess.Popen[str]"]
