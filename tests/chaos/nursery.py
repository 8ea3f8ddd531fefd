"""Bots by the fork: a process that has imported everything and forks one for each line that it reads.

`python -m bot` takes two seconds of a processor to import itself; with a kill every 0.7 s on two cores no bot
would ever come up. What is forked here is a process of its own that runs the same command with an environment
of its own, in 0.1 s. When our input ends, all of them end with us.
"""

import gc
import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any, NoReturn, Self

ROOT = Path(__file__).parents[2]


class Nursery:
    """The forking process, seen from the test; a context manager."""

    def __enter__(self) -> Self:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.chaos.nursery"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=ROOT,
            start_new_session=True,
        )
        return self

    def __exit__(self, *_: object) -> None:
        self._process.communicate()

    def bear(self, arguments: tuple[str, ...], environment: dict[str, str], log: Path) -> int:
        """Start `kostprobe` with arguments, nothing but this environment, in the log's folder; return its pid."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        order = {"arguments": arguments, "environment": environment, "log": str(log)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def main() -> None:
    """Fork for each order; in the end kill the whole family, ourselves included."""
    import bot.cli.serving  # what takes so long; `bot.cli` alone imports no subcommand

    sys.argv[0] = bot.cli.__name__
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    gc.freeze()
    for line in sys.stdin:
        pid = os.fork()
        if pid == 0:
            _become_a_bot(json.loads(line))
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()
    os.killpg(0, signal.SIGKILL)


def _become_a_bot(order: dict[str, Any]) -> NoReturn:
    from bot.cli import main as kostprobe

    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    log = os.open(order["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for number, file in enumerate((nothing, log, log)):
        os.dup2(file, number)
    os.chdir(Path(order["log"]).parent)
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.argv[:] = ["kostprobe", *order["arguments"]]
    code: object = 70
    try:
        kostprobe()
        code = 0
    except SystemExit as leaving:
        code = leaving.code
    finally:
        sys.stderr.flush()
        os._exit(code if isinstance(code, int) else 0)


if __name__ == "__main__":
    main()
