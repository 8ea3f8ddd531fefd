"""Logs: structured, without secrets and without texts; and the observer that writes facts to them."""

import logging
import re
import secrets
import sys
import traceback
from collections.abc import Mapping, MutableMapping
from typing import Any

import structlog

from bot.domain.errors import BotError
from bot.services.ports import Observer

_SECRET = re.compile(
    r"(\bxox[a-z]-|\bxapp-|\bsk-|\b[Bb]earer\s+)[^\s@\"']{4,}"
    r"|(://[^/\s:@\"']*:)[^\s\"']+(?=@)"
)
_SECRET_KEYS = re.compile(r"token(?!s)|secret|password|api[-_]?key|authorization", re.IGNORECASE)
_STRUCTLOGS_OWN = frozenset({"_record", "_from_structlog"})
_TEXT_KEYS = frozenset({"text", "prompt", "question", "answer", "blocks", "payload", "body"})
_OURS = "kostprobe"
_NOISY = ("slack_bolt", "slack_sdk", "openai", "httpx2", "redis", "docket", "aiohttp", "asyncio")
_WARNINGS = frozenset(
    {
        "persona_ill",
        "question_buried",
        "slack_away",
        "slack_token_refused",
        "store_unreachable",
        "store_warning",
        "undeliverable",
    }
)
"""Facts that somebody should look at."""
_QUIET = frozenset({"acknowledged", "models_asked", "request_refused"})
"""Facts that are there to be counted; the log has them at debug only."""


def set_up_logging(*, level: str, json: bool) -> None:
    """Send our logs and those of the libraries through one formatter to standard error.

    Libraries are heard from warning on: below that some of them log payloads, and with them texts.

    Args:
        level: debug, info, warning or error.
        json: One JSON object a line; else columns for people.
    """
    shared: list[Any] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.stdlib.add_logger_name,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        frames_only,
        redact,
    ]
    renderer: Any = (
        structlog.processors.JSONRenderer()
        if json
        else structlog.dev.ConsoleRenderer(
            colors=sys.stderr.isatty(), exception_formatter=structlog.dev.plain_traceback
        )
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(level.upper())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.WARNING)
    logging.getLogger(_OURS).setLevel(level.upper())
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)


def redact(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Take secrets and texts out of a log entry, whatever put them there."""
    for key, value in event.items():
        if key not in _STRUCTLOGS_OWN:
            event[key] = _redacted(key, value)
    return event


def _redacted(key: str, value: object) -> object:
    """A value fit for the log; exceptions are described, since their messages may quote a text."""
    if key in _TEXT_KEYS or _SECRET_KEYS.search(key):
        return "[redacted]"
    if isinstance(value, BaseException):
        return describe(value)
    if isinstance(value, Mapping):
        return {str(inner): _redacted(str(inner), held) for inner, held in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_redacted("", held) for held in value]
    if value is None or isinstance(value, bool | int | float):
        return value
    return _SECRET.sub(lambda found: f"{found.group(1) or found.group(2)}[redacted]", str(value))


def frames_only(_logger: object, _method: str, event: MutableMapping[str, Any]) -> Mapping[str, Any]:
    """Show of an exception its type and where it was raised: its message may quote a text."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        event["error"] = describe(error)
        event["frames"] = [
            f"{frame.filename}:{frame.lineno} {frame.name}"
            for frame in traceback.extract_tb(error.__traceback__)
        ]
    return event


def describe(error: BaseException) -> str:
    """Name an exception and what caused it, without their messages; our own by their codes."""
    name = type(error).__name__
    if isinstance(error, BotError):
        name = f"{name}({error.code.value})"
    if isinstance(error, BaseExceptionGroup):
        name = f"{name}({', '.join(describe(inner) for inner in error.exceptions)})"
    return f"{name} from {describe(error.__cause__)}" if error.__cause__ else name


class LogObserver:
    """Writes facts and faults to the log."""

    def __init__(self) -> None:
        self._log = structlog.get_logger(_OURS)
        self._heard = logging.getLogger(_OURS)

    def fact(self, name: str, /, **fields: object) -> None:
        """Note something that happened."""
        level = logging.DEBUG if name in _QUIET else logging.WARNING if name in _WARNINGS else logging.INFO
        if self._heard.isEnabledFor(level):  # structlog itself would ask after all its work
            self._log.log(level, name, **fields)

    def fault(self, name: str, error: BaseException, /, **fields: object) -> str:
        """Note a fault with where it was raised, and return a reference that a person can quote."""
        reference = secrets.token_hex(4)
        self._log.error(name, reference=reference, exc_info=error, **fields)
        return reference


class Observers:
    """Tells several observers the same; the first one's references are the ones that are quoted."""

    def __init__(self, first: Observer, *others: Observer) -> None:
        self._first = first
        self._others = others

    def fact(self, name: str, /, **fields: object) -> None:
        """Note something that happened."""
        self._first.fact(name, **fields)
        for other in self._others:
            other.fact(name, **fields)

    def fault(self, name: str, error: BaseException, /, **fields: object) -> str:
        """Note a fault, and return the first observer's reference."""
        for other in self._others:
            other.fault(name, error, **fields)
        return self._first.fault(name, error, **fields)
