"""The process that holds the small language model: llama.cpp's own server, bound to the loopback only.

It prints one line of JSON on stdout when it is ready, ``{"address": "http://127.0.0.1:PORT", "model": "smollm2"}``,
logs to stderr, and ends on SIGTERM, on SIGINT or within half a second after its parent is gone.

Loading the model holds the interpreter for most of a second and a fault in native code ends the process, hence
a process of its own.
"""

import argparse
import json
import os
import signal
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from types import FrameType
from typing import Any, NoReturn

from bot.playground.model.weights import MODEL_ID, WeightsNotFoundError, find_weights

SLOTS = 1
"""Questions answered at the same time; further ones wait. One, because two under the same adapter share a batch,
which rounds differently: each got another text than alone, 9 times of 9. Two after the other take less work, too:
1.5 s of processor time for twice 100 tokens, 1.9 s at once."""

CONTEXT_TOKENS = 4096
"""The model was trained on 8192; half of that keeps the process small and is plenty for a thread."""

MAX_THREADS = 4
"""More do not make a model of this size faster. Never more than half of the processors either: llama.cpp's threads
wait for each other in a busy loop, and where they share processors with the bot, the store and a browser, two
threads on two of them came down from 130 to 3 tokens a second, while one kept 75."""

MAX_TOKENS = 400
"""Longest answer when the request names no ``max_tokens``."""

_PARENT_LOOK_SECONDS = 0.25


def main(argv: Sequence[str] | None = None) -> NoReturn:
    """Serve until told to end.

    Args:
        argv: The command line without the program's name; None means the process's own.
    """
    arguments = _parse(argv)
    # Looked up first, while the parent surely lives: it may be gone when the model is loaded.
    parent_lives = watch_parent(arguments.parent_pid)
    try:
        address = _serve(find_weights(), arguments.lora, arguments.port)
    except (WeightsNotFoundError, ImportError, RuntimeError) as error:
        sys.exit(f"The model server cannot start: {error}")
    # Until here a signal ends the process at once; nothing has to be put away, so it may do so later, too.
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _leave)
    sys.stdout.write(json.dumps({"address": address, "model": MODEL_ID}) + "\n")
    sys.stdout.flush()
    while parent_lives():
        time.sleep(_PARENT_LOOK_SECONDS)
    os._exit(0)


def watch_parent(pid: int | None) -> Callable[[], bool]:
    """Return a function that says whether the process that this one serves is still there.

    Args:
        pid: The process to watch, usually the parent. None means there is none: always alive.
    """
    if pid is None:
        return lambda: True
    if os.getppid() == pid:
        # A dead parent stays visible as a zombie; an adopted child sees at once that its parent has changed.
        return lambda: os.getppid() == pid
    return lambda: _exists(pid)


def _serve(weights: Path, adapters: Sequence[str], port: int) -> str:
    """Load the model, start to listen, and return the address. The server lives as long as the process."""
    import xllamacpp

    params = _parameters(xllamacpp, weights, port)
    # At scale 0, so that nothing is reckoned with an adapter before it was looked at: see `llama.fault_of`.
    params.lora_adapters = [xllamacpp.CommonAdapterLoraInfo(path, 0.0) for path in adapters]
    server = xllamacpp.Server(params)
    _keep_alive.append(server)
    return str(server.listening_address)


_keep_alive: list[object] = []


def _parameters(xllamacpp: Any, weights: Path, port: int) -> Any:
    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.model_alias = {MODEL_ID}
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.n_parallel = SLOTS
    params.n_ctx = SLOTS * CONTEXT_TOKENS
    params.n_predict = MAX_TOKENS
    params.cpuparams.n_threads = params.cpuparams_batch.n_threads = _threads()
    # The cache in host memory takes no notice of LoRA adapters and so mixes the two sides of a duel
    # (ggml-org/llama.cpp#26207). Reuse of a slot's last prompt changes the shape of the batches and with it
    # the rounding: the same question would get another answer the second time.
    params.cache_ram_mib = 0
    params.cache_idle_slots = False
    params.cache_prompt = False
    # Flash attention rounds differently when two questions share a batch: 9 of 16 answers in duels were another
    # text than alone; without it all were the same.
    params.flash_attn_type = xllamacpp.llama_flash_attn_type.LLAMA_FLASH_ATTN_TYPE_DISABLED
    # Nothing but the API, and no page of another origin may read from it.
    params.ui = False
    params.endpoint_slots = False
    params.cors_origins = "http://127.0.0.1"
    params.verbosity = 2  # warnings and errors
    _set_sampling(params.sampling)
    return params


def _threads() -> int:
    return max(1, min(MAX_THREADS, (os.cpu_count() or 1) // 2))


def _set_sampling(sampling: Any) -> None:
    """Set what a request without parameters gets; found by reading answers, see ``bot/playground/seeds.yaml``."""
    sampling.temp = 0.0
    sampling.penalty_repeat = 1.1
    sampling.penalty_last_n = 64
    sampling.dry_multiplier = 0.8
    sampling.dry_allowed_length = 4
    sampling.dry_penalty_last_n = 400


def _parse(argv: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bot.playground.model", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="0 takes a free one (default)")
    parser.add_argument("--lora", action="append", default=[], help="a LoRA adapter as GGUF; may be repeated")
    parser.add_argument("--parent-pid", type=int, default=None, help="end when this process is gone")
    return parser.parse_args(argv)


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True


def _leave(_number: int, _frame: FrameType | None) -> NoReturn:
    os._exit(0)
