"""`kostprobe serve` and `kostprobe worker`: the bot itself."""

import asyncio
import sys
from collections.abc import Callable
from importlib import import_module
from importlib.util import find_spec
from typing import Annotated

import typer

from bot.bootstrap import CannotStart, Part, run
from bot.settings import Settings, SettingsFault, missing_endpoint, missing_for_serving, read_settings
from bot.telemetry import set_up_logging


def serve(
    *,
    with_worker: Annotated[
        bool, typer.Option("--worker/--no-worker", help="Answer in this process, or leave that to workers.")
    ] = True,
) -> None:
    """Serve Slack, over Socket Mode or HTTP as the settings say, and answer in the same process."""
    settings = read_settings()
    lines = missing_for_serving(settings)
    if not with_worker and settings.redis_url is None:
        lines.append("REDIS_URL is missing: with --no-worker the worker elsewhere needs a store to share.")
    _refuse(lines)
    _run(settings, {Part.DOOR, Part.WORKER} if with_worker else {Part.DOOR})


def worker() -> None:
    """Answer questions that a `serve --no-worker` elsewhere takes in."""
    settings = read_settings()
    lines = missing_endpoint(settings)
    if settings.slack_bot_token is None:
        lines.append("SLACK_BOT_TOKEN is missing: the bot token (xoxb-...), to post answers with.")
    if settings.redis_url is None:
        lines.append("REDIS_URL is missing: a worker needs the store that `serve` writes to.")
    _refuse(lines)
    _run(settings, {Part.WORKER})


def _refuse(lines: list[str]) -> None:
    if lines:
        raise SettingsFault(lines)


def _run(settings: Settings, parts: set[Part]) -> None:
    as_json = settings.log_format == "json" or (settings.log_format == "auto" and not sys.stderr.isatty())
    set_up_logging(level=settings.log_level, json=as_json)
    try:
        with asyncio.Runner(loop_factory=_loop_factory()) as runner:
            runner.run(run(settings, frozenset(parts)))
    except CannotStart as fault:
        typer.echo(str(fault), err=True)
        raise typer.Exit(1) from None


def _loop_factory() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """Return the quick event loop where it is installed (extra `fast`); None for Python's own."""
    return import_module("uvloop").new_event_loop if find_spec("uvloop") else None
