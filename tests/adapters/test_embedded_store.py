"""The store that we run ourselves: its folder, its end, its return."""

import asyncio
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from bot.adapters import embedded_store
from bot.adapters.embedded_store import NoServerError, StoreInUseError, StoreStartError, open_embedded_store
from bot.adapters.redis_boot import inspect_store
from bot.adapters.redis_client import Durability, open_store
from bot.adapters.redis_conversations import RedisConversations
from bot.domain.errors import Outage
from tests.adapters.redis_kit import NOON, Build, FakeClock


@dataclass
class RecordingObserver:
    facts: list[str] = field(default_factory=list)

    def fact(self, name: str, /, **_fields: object) -> None:
        self.facts.append(name)

    def fault(self, name: str, _error: BaseException, /, **_fields: object) -> str:
        self.facts.append(name)
        return "ref"


@pytest.fixture
def observer() -> RecordingObserver:
    return RecordingObserver()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / 'a "folder" of ours' / "data"


async def call(url: str, *command: str) -> object:
    async with open_store(url) as store:
        return await store.call(*command)


async def pid_of(url: str) -> int:
    async with open_store(url) as store:
        return int((await store.redis.info("server"))["process_id"])


def is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def mode_of(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 (a process has no event for it)
            await asyncio.sleep(0.01)


async def test_it_syncs_every_write_and_evicts_nothing(folder: Path, observer: RecordingObserver) -> None:
    async with open_embedded_store(folder, observer) as url, open_store(url) as store:
        report = await inspect_store(store.redis, Durability.AOF)

    assert (report.appendonly, report.appendfsync, report.maxmemory_policy) == (True, "always", "noeviction")
    assert (report.problems, report.warnings) == ((), ())


async def test_its_password_is_needed_and_nobody_else_can_read_it(
    folder: Path, observer: RecordingObserver
) -> None:
    async with open_embedded_store(folder, observer) as url:
        with pytest.raises(Outage):
            await call(f"redis://{url.partition('@')[2]}", "PING")
        password = url.partition("@")[0].removeprefix("redis://:")
        listed = subprocess.run(["/bin/ps", "axww"], capture_output=True, text=True, check=True)  # noqa: ASYNC221
        assert password not in listed.stdout

    assert [mode_of(path) for path in (folder, folder / "store.conf")] == [0o700, 0o600]


async def test_what_it_keeps_is_there_the_next_time(folder: Path, observer: RecordingObserver) -> None:
    async with open_embedded_store(folder, observer) as url:
        await call(url, "SET", "bread", "rye")
        pid = await pid_of(url)
    assert not is_alive(pid)
    async with open_embedded_store(folder, observer) as url:
        assert await call(url, "GET", "bread") == "rye"

    assert observer.facts == []


async def test_it_comes_back_at_the_same_address_when_it_crashes(
    folder: Path, observer: RecordingObserver
) -> None:
    async with open_embedded_store(folder, observer) as url:
        await call(url, "SET", "bread", "rye")
        os.kill(await pid_of(url), signal.SIGKILL)
        await until(lambda: "store_restarted" in observer.facts)

        assert await call(url, "GET", "bread") == "rye"


async def test_a_folder_belongs_to_one_process(
    folder: Path, observer: RecordingObserver, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(embedded_store, "_LOCK_WAIT_S", 0.1)
    async with open_embedded_store(folder, observer) as url:
        with pytest.raises(StoreInUseError, match="Another process uses the store in"):
            async with open_embedded_store(folder, observer):
                pass

        assert await call(url, "PING")


async def test_it_ends_when_its_bot_is_killed_and_the_folder_can_be_used_again(
    folder: Path, observer: RecordingObserver
) -> None:
    program = f"""
import asyncio, pathlib
from bot.adapters.embedded_store import open_embedded_store
async def main():
    async with open_embedded_store(pathlib.Path({str(folder)!r}), None) as url:
        print(url, flush=True)
        await asyncio.sleep(60)
asyncio.run(main())
"""
    bot = await asyncio.create_subprocess_exec(sys.executable, "-c", program, stdout=asyncio.subprocess.PIPE)
    assert bot.stdout is not None
    url = (await bot.stdout.readline()).decode().strip()
    pid = await pid_of(url)
    await call(url, "SET", "bread", "rye")

    bot.kill()
    await bot.wait()

    async with open_embedded_store(folder, observer) as again:
        assert not is_alive(pid)
        assert await call(again, "GET", "bread") == "rye"


async def test_questions_and_ballots_can_wait_for_its_disk(
    folder: Path, observer: RecordingObserver, build: Build
) -> None:
    async with (
        open_embedded_store(folder, observer) as url,
        open_store(url, durability=Durability.AOF) as store,
    ):
        conversations = RedisConversations(store, FakeClock())
        started = time.monotonic()
        outcome = await conversations.ingest(build.question(), follow_up=False, now=NOON)

    assert outcome.value == "accepted"
    assert time.monotonic() - started < 1.5


async def test_a_server_that_does_not_start_says_why(tmp_path: Path, observer: RecordingObserver) -> None:
    (tmp_path / "appendonlydir").write_text("not a folder")

    with pytest.raises(StoreStartError, match=r"does not start: .*appendonlydir"):
        async with open_embedded_store(tmp_path, observer):
            pass


async def test_a_folder_that_cannot_be_made_is_said_so(tmp_path: Path, observer: RecordingObserver) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(StoreStartError, match="cannot be made"):
        async with open_embedded_store(tmp_path / "file" / "data", observer):
            pass


def test_without_the_wheel_a_server_on_the_path_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda _name: None)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(NoServerError, match=r"kostprobe\[embedded\]"):
        embedded_store.find_server()

    server = tmp_path / "redis-server"
    server.write_text("#!/bin/sh\n")
    server.chmod(0o755)
    assert embedded_store.find_server() == server


@pytest.mark.parametrize("reply", [b"HTTP/1.0 400 Bad Request\r\n\r\n", b"-WRONGPASS wrong\r\n", b""])
async def test_a_port_that_somebody_else_took_meanwhile_is_left_to_them(
    folder: Path, observer: RecordingObserver, monkeypatch: pytest.MonkeyPatch, reply: bytes
) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.read(1000):
            writer.write(reply)
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as taken:
        ports = iter([taken.sockets[0].getsockname()[1], embedded_store._free_port()])
        monkeypatch.setattr(embedded_store, "_free_port", lambda: next(ports))
        async with open_embedded_store(folder, observer) as url:
            assert await call(url, "PING")
