"""The adapter as GGUF says in llama.cpp what it says in PEFT's format, word for word.

Both compute with other roundings, so where two words are as likely as each other, either may be said.
"""

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
NEAR_TIE = 0.1
"""Logits; of what is measured on one machine, 0.03 is the most."""


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("base") / "whole.gguf"
    inside("whole", str(find_weights()), str(target))
    return target


def test_the_gguf_adapter_says_the_same_as_the_original(sailor: Run, base: Path) -> None:
    spoken = ask(base, sailor.folder / str(sailor.last["file"]), PROMPTS)

    lack = lacks(sailor.folder / "adapter", spoken)
    assert max(lack) < NEAR_TIE
    assert sum(one == 0 for one in lack) >= 10
    assert sum(answer.startswith("Ahoy!") for _, answer, _ in spoken) >= 10


def test_so_does_one_of_chance_and_without_the_order_of_rows_it_does_not(base: Path, tmp_path: Path) -> None:
    """What a small training changes in queries and keys is little; here it is much."""
    adapter, right, wrong = tmp_path / "adapter", tmp_path / "right.gguf", tmp_path / "wrong.gguf"
    inside("random", str(find_weights()), str(adapter))
    inside("convert", str(adapter), str(find_weights()), str(right))
    inside("convert", str(adapter), str(find_weights()), str(wrong), "unordered")

    lack = lacks(adapter, ask(base, right, PROMPTS))
    assert sum(one < NEAR_TIE for one in lack) >= 10  # the tokens of a text are guessed, now and then wrongly
    wrong_lack = lacks(adapter, ask(base, wrong, PROMPTS))
    assert sum(one > 5 * NEAR_TIE for one in wrong_lack) >= 10


Spoken = tuple[str, str, bool]


def lacks(adapter: Path, spoken: Sequence[Spoken]) -> list[float]:
    """Return for each answer how far the original is from giving it, in logits."""
    found: list[float] = json.loads(inside("lacks", str(find_weights()), str(adapter), json.dumps(spoken)))
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
