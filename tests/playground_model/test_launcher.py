import asyncio
import os
import signal
import sys
from pathlib import Path

import aiohttp
import pytest

from bot.playground.model import child, keeper
from bot.playground.model.launcher import ModelServer, ModelServerError, open_model_server
from tests.playground_model.kit import command, until


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def crash(server: ModelServer) -> None:
    pid = server.pid
    assert pid
    os.kill(pid, signal.SIGKILL)
    await until(lambda: server.pid != pid)


async def test_gives_address_and_model_and_ends_the_process_on_leaving() -> None:
    told: list[str] = []

    async with open_model_server(command=command("ready"), progress=told.append) as server:
        pid = server.pid
        assert pid
        assert (server.model, server.restarts, server.adapters) == ("m", 0, ())
        async with aiohttp.ClientSession() as http, http.get(f"{server.base_url}/models") as answer:
            assert [entry["id"] for entry in (await answer.json())["data"]] == ["m"]

    assert server.pid is None
    assert not is_running(pid)
    assert told[-1] == f"the model m answers at {server.base_url}"


async def test_a_process_that_ends_early_is_an_error_with_its_last_words() -> None:
    with pytest.raises(ModelServerError, match="code 3") as caught:
        async with open_model_server(command=command("broken")):
            pass

    assert caught.value.last_lines == ("first line", "last line")


async def test_a_process_that_never_gets_ready_is_ended_after_the_timeout() -> None:
    with pytest.raises(ModelServerError, match=r"not ready after 0\.5 s"):
        async with open_model_server(command=command("silent"), start_timeout_seconds=0.5):
            pass


async def test_cancelling_the_start_ends_the_process(monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[asyncio.subprocess.Process] = []
    real_start = asyncio.create_subprocess_exec

    async def start(*arguments: str, **options: int) -> asyncio.subprocess.Process:
        started.append(await real_start(*arguments, **options))  # type: ignore[arg-type]
        return started[-1]

    monkeypatch.setattr(asyncio, "create_subprocess_exec", start)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.5), open_model_server(command=command("silent")):
            pass

    assert not is_running(started[0].pid)


async def test_a_process_that_takes_no_notice_of_sigterm_is_killed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "_STOP_SECONDS", 0.2)
    async with open_model_server(command=command("stubborn")) as server:
        pid = server.pid
        assert pid

    assert not is_running(pid)


async def test_a_crash_starts_it_again_at_the_same_address() -> None:
    told: list[str] = []
    async with open_model_server(command=command("ready"), progress=told.append) as server:
        address = server.base_url
        await crash(server)
        await until(lambda: server.pid is not None)

        assert server.base_url == address
        assert server.restarts == 1
        assert "is back" in told[-1]


async def test_after_too_many_crashes_it_is_left_alone() -> None:
    told: list[str] = []
    async with open_model_server(command=command("ready"), progress=told.append, max_restarts=1) as server:
        await crash(server)
        await until(lambda: server.pid is not None)
        await crash(server)
        await until(lambda: "left alone" in told[-1])

        assert server.pid is None
        assert server.restarts == 1


async def test_a_crash_after_a_calm_time_counts_as_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "_CALM_SECONDS", -1)
    async with open_model_server(command=command("ready"), max_restarts=1) as server:
        for restarts in (1, 2):
            await crash(server)
            await until(lambda: server.pid is not None)
            assert server.restarts == restarts


async def test_a_restart_that_fails_is_told_and_counted(tmp_path: Path) -> None:
    """The stand-in works once: it deletes itself."""
    script = tmp_path / "once.py"
    script.write_text(
        "import pathlib, sys; pathlib.Path(__file__).unlink()\n"
        'print(\'{"address": "http://127.0.0.1:4711", "model": "m"}\', flush=True); sys.exit(9)\n'
    )
    told: list[str] = []
    async with open_model_server(
        command=[sys.executable, str(script)], progress=told.append, max_restarts=2
    ) as server:
        await until(lambda: "left alone" in told[-1])

        assert server.restarts == 0
        assert sum("before it was ready" in line for line in told) == 2


async def test_a_port_that_is_taken_is_an_error_before_anything_is_started() -> None:
    async with open_model_server(command=command("ready")) as server:
        port = int(server.base_url.removesuffix("/v1").rpartition(":")[2])
        with pytest.raises(OSError, match="address already in use"):
            async with open_model_server(command=["no-such-program"], port=port):
                pass


async def test_nobody_to_tell_is_fine(caplog: pytest.LogCaptureFixture) -> None:
    async with open_model_server(command=command("ready"), max_restarts=0) as server:
        await crash(server)
        await until(lambda: "left alone" in caplog.text)
