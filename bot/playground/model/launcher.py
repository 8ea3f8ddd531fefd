"""Opens the local model server: llama.cpp in a process of its own, and OpenAI's API in front of it."""

import logging
import sys
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import aiohttp

from bot.playground.model.adapters import AdapterFolder
from bot.playground.model.child import ModelServerError
from bot.playground.model.front import Front, open_front
from bot.playground.model.keeper import Keeper, ModelServer, Progress
from bot.playground.model.weights import find_weights

__all__ = ["ModelServer", "ModelServerError", "Progress", "open_model_server"]

SERVER_COMMAND = (sys.executable, "-m", "bot.playground.model")

_log = logging.getLogger(__name__)


@asynccontextmanager
async def open_model_server(
    *,
    adapters: Path | None = None,
    port: int = 0,
    progress: Progress | None = None,
    start_timeout_seconds: float = 60.0,
    max_restarts: int = 3,
    command: Sequence[str] = SERVER_COMMAND,
) -> AsyncGenerator[ModelServer]:
    """Start the server, wait until it answers, keep it running, and end it on leaving.

    Args:
        adapters: A folder of LoRA adapters, each served as a model beside the base; looked at again and again,
            and need not be there yet. None serves the base alone.
        port: Where to listen; 0 takes a free one.
        progress: Told what is going on; None logs it.
        start_timeout_seconds: How long loading may take.
        max_restarts: Crashes in a row after which it is left alone; a minute without one forgives them.
        command: The program to run; another than the default only in tests.

    Raises:
        ModelServerError: It ended, or was not ready in time. Only on entering: later failures go to ``progress``.
        WeightsNotFoundError: The model file is not installed.
        OSError: The port is taken.
    """
    tell = progress or _log.info
    if command == SERVER_COMMAND:
        weights = find_weights()
        tell(f"loading the model {weights.stem} ({weights.stat().st_size / 1e6:.0f} MB)")
    # llama.cpp closes connections that were idle, as servers do, and what is sent on one at that moment is lost.
    connector = aiohttp.TCPConnector(limit=0, force_close=True)
    async with aiohttp.ClientSession(connector=connector) as session:
        keeper = Keeper(
            server=ModelServer(),
            command=command,
            folder=AdapterFolder(adapters) if adapters else None,
            session=session,
            tell=tell,
            warn=progress or _log.warning,
            start_timeout_seconds=start_timeout_seconds,
            max_restarts=max_restarts,
        )
        try:
            async with open_front(Front(keeper, session), port) as address:
                keeper.server.base_url = f"{address}/v1"
                await keeper.open()
                tell(f"the model {keeper.server.model} answers at {keeper.server.base_url}")
                yield keeper.server
        finally:
            await keeper.close()
