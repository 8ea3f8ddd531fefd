"""Calls to Slack's Web API: what is repeated, and what a refusal of Slack's means to the rest.

The SDK's own retries are off: it repeats a post whose reply was lost. Here a call is repeated only when Slack
says that it did not take it (429), or when doing it twice does no harm.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, NoReturn, TypeVar

import aiohttp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.domain.errors import Code, Outage, Refusal
from bot.services.ports import Observer

TRIES = 3
"""Of a call that fails; waiting for Slack's limits is bounded by patience alone."""
PATIENCE = timedelta(seconds=30)
"""How long one call may wait in all for Slack's limits, unless it says otherwise."""
HASTE = timedelta(seconds=1)
"""The same for a call that a person's click waits for: it has to be acknowledged within 3 s."""
_TIMEOUT = aiohttp.ClientTimeout(total=15, connect=5)
_FIRST_PAUSE_S = 0.2
_BROKEN_FROM = 500
_LIMITED = 429

_AUTH = frozenset(
    {"invalid_auth", "not_authed", "account_inactive", "token_revoked", "token_expired", "org_login_required"}
)
_BROKEN = frozenset({"internal_error", "fatal_error", "service_unavailable", "request_timeout"})
_ELSEWHERE = frozenset(
    {
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "is_inactive",
        "thread_not_found",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_thread_only_channel",
        "restricted_action_non_threadable_channel",
        "restricted_action_thread_locked",
        "messages_tab_disabled",
        "cannot_dm_bot",
        "user_is_bot",
    }
)

R = TypeVar("R")


class WrongToken(Exception):
    """Slack refuses a token of the settings; the text is a sentence for whoever starts the program."""

    def __init__(self, setting: str, error: str) -> None:
        super().__init__(f"{setting} was refused by Slack: {error}")
        self.setting = setting
        self.error = error


class SlackRefused(Exception):
    """Slack refuses a call in a way that nobody but a programmer can change."""

    def __init__(self, method: str, error: str) -> None:
        super().__init__(f"{method}: {error}")
        self.error = error


@dataclass(frozen=True, slots=True)
class _Trouble:
    status: int
    error: str
    retry_after: float | None

    @property
    def limited(self) -> bool:
        return self.status == _LIMITED or self.error in {"ratelimited", "rate_limited"}

    @property
    def broken(self) -> bool:
        return self.status == 0 or self.status >= _BROKEN_FROM or self.error in _BROKEN or not self.error


@dataclass(frozen=True, slots=True)
class SlackApi:
    """The one client, with our own rules for trying again.

    Attributes:
        client: Slack's; its methods are handed to `call`.
        observer: Hears of limits and refused tokens.
        pause: Waits; another in tests.
    """

    client: AsyncWebClient
    observer: Observer
    pause: Callable[[float], Awaitable[None]] = asyncio.sleep

    async def call(
        self,
        method: Callable[..., Awaitable[AsyncSlackResponse]],
        /,
        *,
        again: bool,
        patience: timedelta = PATIENCE,
        **arguments: Any,
    ) -> Mapping[str, Any]:
        """Call a method of the client and return what Slack answers; see `ask`."""
        response = await self.ask(method, again=again, patience=patience, **arguments)
        return response.data if isinstance(response.data, dict) else {}

    async def ask(
        self,
        method: Callable[..., Awaitable[R]],
        /,
        *,
        again: bool,
        patience: timedelta = PATIENCE,
        **arguments: Any,
    ) -> R:
        """Call a method, usually of the client, and return Slack's answer, its headers too.

        Args:
            method: The method.
            again: Whether it may be repeated when nobody knows if Slack did it.
            patience: How long to wait in all for Slack's limits.
            arguments: The method's arguments.

        Raises:
            Outage: Slack does not answer, asks to wait longer than that, or refuses the token.
            Refusal: The place is not there for us.
            SlackRefused: Slack refuses in another way.
        """
        name = method.__name__.replace("_", ".")
        left = patience.total_seconds()
        failed = 0
        while True:
            cause: Exception
            try:
                return await method(**arguments)
            except SlackApiError as error:
                trouble, cause = _read(error), error
            except (aiohttp.ClientError, TimeoutError, OSError) as error:
                trouble, cause = _Trouble(0, type(error).__name__, None), error
            failed += not trouble.limited
            wait = _wait(trouble, failed, again=again)
            if wait is None or wait > left:
                self._give_up(name, trouble, cause)
            left -= wait
            await self.pause(wait)

    def _give_up(self, method: str, trouble: _Trouble, cause: Exception) -> NoReturn:
        if trouble.limited:
            self.observer.fact("slack_limited", method=method, retry_after=trouble.retry_after)
            raise Outage(Code.SLACK_DOWN, retry_after=timedelta(seconds=trouble.retry_after or 1)) from cause
        if trouble.broken:
            self.observer.fact("slack_unreachable", method=method, status=trouble.status, error=trouble.error)
            raise Outage(Code.SLACK_DOWN) from cause
        if trouble.error in _AUTH:
            self.observer.fact("slack_token_refused", method=method, error=trouble.error)
            raise Outage(Code.SLACK_DOWN, reason=trouble.error) from cause
        if trouble.error in _ELSEWHERE:
            raise Refusal(Code.NOT_IN_CHANNEL, reason=trouble.error) from cause
        raise SlackRefused(method, trouble.error) from cause


@asynccontextmanager
async def open_slack(
    token: str, observer: Observer, *, base_url: str = AsyncWebClient.BASE_URL
) -> AsyncGenerator[SlackApi]:
    """Open the one HTTP session for everything that is said to Slack."""
    async with aiohttp.ClientSession(timeout=_TIMEOUT) as session:
        client = AsyncWebClient(
            token, base_url, session=session, retry_handlers=[], logger=levelled("slack_sdk.web")
        )
        yield SlackApi(client, observer)


def levelled(name: str) -> logging.Logger:
    """Return a vendor's logger, calm: without tracebacks, and without the text that is made for debugging.

    The SDK and Bolt look at the logger's own level: one that has none makes them write every request out.
    """
    logger = logging.getLogger(name)
    if logger.level == logging.NOTSET:
        logger.setLevel(logging.WARNING)
    if _worth_logging not in logger.filters:
        logger.addFilter(_worth_logging)
    return logger


def _worth_logging(record: logging.LogRecord) -> bool:
    """Take tracebacks away, since the message says enough, and the warning that our client wins over a token."""
    record.exc_info = None
    return "`token` will be unused" not in record.getMessage()


def _read(error: SlackApiError) -> _Trouble:
    response: Any = error.response
    status: Any = getattr(response, "status_code", None) or getattr(response, "status", None)
    data = getattr(response, "data", None)
    code = data.get("error", "") if isinstance(data, dict) else ""
    after = (getattr(response, "headers", None) or {}).get("Retry-After")
    return _Trouble(int(status or 0), str(code), float(after) if after and str(after).isdigit() else None)


def _wait(trouble: _Trouble, failed: int, *, again: bool) -> float | None:
    """Seconds until the next try; None when there must be none."""
    if trouble.limited:
        return trouble.retry_after or 1.0
    if trouble.broken and again and failed < TRIES:
        return float(_FIRST_PAUSE_S * 2 ** (failed - 1))
    return None
