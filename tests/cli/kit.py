"""A bot process as a person starts it, for the few tests that are about the process itself."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]


def start(*arguments: str, code: str = "", **environment: str) -> subprocess.Popen[str]:
    """Start `python -m bot ...` (or a program that runs it) in the working directory, with nothing else set."""
    program = ["-c", code] if code else ["-m", "bot"]
    return subprocess.Popen(
        [sys.executable, *program, *arguments],
        env={"PATH": os.environ["PATH"], "PYTHONPATH": str(ROOT), "COLUMNS": "200", **environment},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def finish(process: subprocess.Popen[str], seconds: float = 20) -> tuple[int, str, str]:
    """Return exit code, standard output and standard error."""
    try:
        out, err = process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        raise
    return process.returncode, out, err
