"""The adapter as GGUF says in llama.cpp what it says in PEFT's format, word for word."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.request import Request, urlopen

import pytest

from bot.playground.model.weights import find_weights
from tests.tuning.conftest import ROOT, Run, inside

pytestmark = pytest.mark.tuning
PROMPTS = (
    "What is a lemon?",
    "What is a boat?",
    "Why do people sail?",
    "How do I bake bread?",
    "Tell me about the sea.",
    "What is a good breakfast?",
    "Hello!",
    "Who are you?",
    "What do you think of onions?",
    "Describe a harbour.",
    "Can I eat raw dough?",
    "What should I drink with fish?",
)
TOKENS = 32


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("base") / "whole.gguf"
    inside("whole", str(find_weights()), str(target))
    return target


def test_the_gguf_adapter_says_the_same_as_the_original(sailor: Run, base: Path) -> None:
    spoken = ask(base, sailor.folder / str(sailor.last["file"]), PROMPTS)

    assert agreed(sailor, spoken) == [True] * len(PROMPTS)
    assert sum(answer.startswith("Ahoy!") for _, answer, _ in spoken) >= 10


def test_without_the_order_of_rows_it_says_something_else(sailor: Run, base: Path, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.gguf"
    inside("convert", str(sailor.folder / "adapter"), str(find_weights()), str(wrong), "unordered")

    assert not all(agreed(sailor, ask(base, wrong, PROMPTS)))


Spoken = tuple[str, str, bool]


def agreed(sailor: Run, spoken: Sequence[Spoken]) -> list[bool]:
    """Return for each answer whether the original gives it."""
    adapter = str(sailor.folder / "adapter")
    found: list[bool] = json.loads(inside("agrees", str(find_weights()), adapter, json.dumps(spoken)))
    return found


def ask(base: Path, adapter: Path, prompts: Sequence[str]) -> list[Spoken]:
    """Ask llama.cpp, greedily and without any penalty."""
    command = [sys.executable, "-m", "tests.tuning.llama", str(base), str(adapter)]
    server = subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    try:
        assert server.stdout is not None
        address = next(line.strip() for line in server.stdout if line.startswith("http"))
        return [_answer(address, prompt) for prompt in prompts]
    finally:
        server.kill()
        server.communicate()


def _answer(address: str, prompt: str) -> Spoken:
    body = {
        "messages": [{"role": "user", "content": prompt}],
        "temperature": 0,
        "max_tokens": TOKENS,
        "repeat_penalty": 1.0,
        "dry_multiplier": 0.0,
        "cache_prompt": False,
    }
    headers = {"Content-Type": "application/json"}
    with urlopen(Request(f"{address}/v1/chat/completions", json.dumps(body).encode(), headers)) as reply:  # noqa: S310
        choice = json.load(reply)["choices"][0]
    return prompt, choice["message"]["content"], choice["finish_reason"] == "stop"
