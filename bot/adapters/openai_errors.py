"""What an endpoint's errors mean: each becomes one kind of failure, and nothing of its words is kept.

What can be asked again before the first byte of an answer: a broken connection, 408, 409, 429 and 5xx. Never
a used-up quota, a wrong key or a refused request: those do not mend in seconds.
"""

import math
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx2
import openai

from bot.domain.completion import FailureKind

API_ERRORS = (openai.OpenAIError, httpx2.HTTPError, ssl.SSLError)
"""What a request raises; the SDK lets the HTTP client's own through when an error's body breaks off."""

_BY_CODE = {
    "model_not_found": FailureKind.NOT_FOUND,
    "model_decommissioned": FailureKind.NOT_FOUND,
    "invalid_model": FailureKind.NOT_FOUND,
    "DeploymentNotFound": FailureKind.NOT_FOUND,
    "insufficient_quota": FailureKind.QUOTA,
    "billing_hard_limit_reached": FailureKind.QUOTA,
    "billing_not_active": FailureKind.QUOTA,
    "invalid_api_key": FailureKind.AUTH,
    "content_filter": FailureKind.CONTENT_FILTER,
    "content_policy_violation": FailureKind.CONTENT_FILTER,
}
_BY_STATUS = {
    401: FailureKind.AUTH,
    402: FailureKind.QUOTA,
    403: FailureKind.AUTH,
    404: FailureKind.NOT_FOUND,
    405: FailureKind.NOT_FOUND,
    408: FailureKind.TIMEOUT,
    409: FailureKind.OVERLOADED,
    410: FailureKind.NOT_FOUND,
    429: FailureKind.RATE_LIMIT,
    501: FailureKind.REJECTED,
    504: FailureKind.TIMEOUT,
    524: FailureKind.TIMEOUT,
}
_PASSING = {FailureKind.RATE_LIMIT, FailureKind.OVERLOADED, FailureKind.TIMEOUT}
_SERVER_ERRORS = 500
_CLIENT_ERRORS = 400
_OUT_OF_TOKENS = "model output limit was reached"  # OpenAI's 400 when thinking has used up the limit


@dataclass(frozen=True, slots=True)
class Trouble:
    """Why a request gave no answer.

    Attributes:
        kind: What went wrong.
        status: The HTTP status; None when there was none.
        retry_after_s: Seconds after which the endpoint asks to be tried again; None when it did not say.
        again: Whether asking again may help.
        hung_up: Whether a connection was closed on us: a used one perhaps, so a new one may do at once.
        refuses_usage: Whether the endpoint refused to count tokens.
        out_of_tokens: Whether the model used its limit up before it said a word.
    """

    kind: FailureKind
    status: int | None = None
    retry_after_s: float | None = None
    again: bool = False
    hung_up: bool = False
    refuses_usage: bool = False
    out_of_tokens: bool = False


def trouble_of(error: Exception) -> Trouble:
    """Translate an error of `API_ERRORS`."""
    if isinstance(error, openai.APIStatusError):
        return _refused(error)
    if isinstance(error, openai.APITimeoutError) and not isinstance(error.__cause__, httpx2.ConnectTimeout):
        return Trouble(FailureKind.TIMEOUT)
    if isinstance(error, openai.APIConnectionError | httpx2.TransportError | ssl.SSLError):
        never_met = isinstance(error.__cause__, httpx2.ConnectError | httpx2.ConnectTimeout)
        return Trouble(FailureKind.UNREACHABLE, again=True, hung_up=not never_met)
    return Trouble(FailureKind.GARBLED)


def kind_of_error_event(error: object) -> FailureKind:
    """Return the kind of an error that came instead of a piece of the answer."""
    return _named(error) or FailureKind.GARBLED


def _refused(error: openai.APIStatusError) -> Trouble:
    status, headers, words = error.status_code, error.response.headers, error.response.text
    kind = _named(error.body) or _BY_STATUS.get(status) or _kind_of_range(status)
    rejected = kind is FailureKind.REJECTED
    return Trouble(
        kind,
        status,
        _retry_after(headers),
        again=kind in _PASSING and headers.get("x-should-retry") != "false",
        refuses_usage=rejected and ("stream_options" in words or "include_usage" in words),
        out_of_tokens=rejected and _OUT_OF_TOKENS in words,
    )


def _kind_of_range(status: int) -> FailureKind:
    if status >= _SERVER_ERRORS:
        return FailureKind.OVERLOADED
    return FailureKind.REJECTED if status >= _CLIENT_ERRORS else FailureKind.UNREACHABLE


def _named(error: object) -> FailureKind | None:
    if not isinstance(error, Mapping):
        return None
    names = [error.get("code"), error.get("type")]
    return next((_BY_CODE[name] for name in names if isinstance(name, str) and name in _BY_CODE), None)


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Return the seconds to wait; a date counts from the response's own, since clocks differ."""
    for header, divisor in (("retry-after-ms", 1000), ("retry-after", 1)):
        try:
            seconds = float(headers[header]) / divisor
        except (KeyError, ValueError):
            continue
        return max(0.0, seconds) if math.isfinite(seconds) else None
    try:
        until, now = (parsedate_to_datetime(headers[name]) for name in ("retry-after", "date"))
        return max(0.0, (until - now).total_seconds())
    except (KeyError, ValueError, TypeError):
        return None
