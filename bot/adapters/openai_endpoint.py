"""One OpenAI-compatible endpoint: its settings, its HTTP client, and the body of a request to it."""

import functools
import ipaddress
import ssl
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

import httpx2
import openai

from bot.adapters.openai_stream import mend
from bot.domain.parameters import Parameters
from bot.domain.thread import Message

VENDOR_URL = "https://api.openai.com/v1"
_VENDOR_HOST = "api.openai.com"
_KEEPALIVE_S = 60  # questions come minutes apart: the usual five seconds would shake hands for each


@dataclass(frozen=True, slots=True)
class EndpointSettings:
    """Where an endpoint is and how long it may take.

    Attributes:
        name: Its name in settings.
        base_url: Where its API begins, mostly ending in `/v1`; None is OpenAI itself.
        api_key: Its key; None sends none, whatever the environment holds.
        private: Whether texts sent there stay in house.
        timeout_s: Seconds for a whole answer, with waiting for a free slot and asking again.
        connect_s: Seconds for connecting.
        first_token_s: Seconds from a request to the first token, a thought's included.
        concurrency: How many requests may be under way at once.
        headers: Sent with each request.

    Raises:
        ValueError: A value that cannot work; the message holds neither key nor headers.
    """

    name: str
    base_url: str | None = None
    api_key: str | None = field(default=None, repr=False)
    private: bool = False
    timeout_s: float = 90
    connect_s: float = 5
    first_token_s: float = 30
    concurrency: int = 8
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)

    def __post_init__(self) -> None:
        parts = urlsplit(self.url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise ValueError(f"The base URL of endpoint {self.name!r} must begin with http:// or https://.")
        # A header that HTTP cannot carry would come back inside an error message, key and all.
        if not _fits_header(self.api_key or "x"):
            raise ValueError(f"The key of endpoint {self.name!r} holds white space or a special character.")
        if not all(
            _fits_header(key) and value.isascii() and value.isprintable()
            for key, value in self.headers.items()
        ):
            raise ValueError(f"A header of endpoint {self.name!r} holds a character that HTTP cannot carry.")
        if min(self.timeout_s, self.connect_s, self.first_token_s, self.concurrency) <= 0:
            raise ValueError(f"Times and concurrency of endpoint {self.name!r} must be above 0.")

    @property
    def url(self) -> str:
        """Where its API begins."""
        return self.base_url or VENDOR_URL

    @property
    def host(self) -> str:
        """The host of its URL, in lower case."""
        return urlsplit(self.url).hostname or ""

    @property
    def vendor_openai(self) -> bool:
        """Whether it is OpenAI's own API (a region's too), which has parameters that others refuse."""
        return self.host == _VENDOR_HOST or self.host.endswith(f".{_VENDOR_HOST}")


def _fits_header(text: str) -> bool:
    return text.isascii() and text.isprintable() and " " not in text and bool(text)


def is_loopback(host: str) -> bool:
    """Whether the host is this machine."""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def http_client(settings: EndpointSettings) -> httpx2.AsyncClient:
    """Make the HTTP client of an endpoint.

    It follows no redirects, since a private endpoint could otherwise pass a question on to a public one, and
    reaches this machine without the proxy of the environment.
    """
    trust_env = not is_loopback(settings.host)
    return openai.DefaultAsyncHttpxClient(
        follow_redirects=False,
        trust_env=trust_env,
        verify=_trusted(trust_env=trust_env),
        limits=httpx2.Limits(max_keepalive_connections=settings.concurrency, keepalive_expiry=_KEEPALIVE_S),
    )


@functools.cache
def _trusted(*, trust_env: bool) -> ssl.SSLContext:
    """The authorities that endpoints' certificates are held to; read once, since that takes 30 ms."""
    return httpx2.create_ssl_context(trust_env=trust_env)


def api_client(settings: EndpointSettings, http: httpx2.AsyncClient) -> openai.AsyncOpenAI:
    """Make the API client of an endpoint.

    It neither asks again nor knows a time but for connecting: both depend on what is left of the deadline.
    Nothing comes from the environment unseen, since an `OPENAI_API_KEY` there is for the vendor only.
    """
    return openai.AsyncOpenAI(
        api_key=settings.api_key or "none",
        base_url=settings.url,
        http_client=http,
        timeout=openai.Timeout(None, connect=settings.connect_s),
        max_retries=0,
    )


def request_headers(settings: EndpointSettings) -> dict[str, str | openai.Omit]:
    """Return what each request to an endpoint carries, or must not carry."""
    key = settings.api_key
    headers: dict[str, str | openai.Omit] = {"Authorization": f"Bearer {key}" if key else openai.Omit()}
    if not settings.vendor_openai:
        headers |= {"OpenAI-Organization": openai.Omit(), "OpenAI-Project": openai.Omit()}
    return headers | dict(settings.headers)


def request_body(
    settings: EndpointSettings,
    model: str,
    messages: Sequence[Message],
    parameters: Parameters,
    *,
    usage: bool,
) -> dict[str, Any]:
    """Return the arguments of a streamed Chat Completions request.

    Args:
        settings: Of the endpoint; parameters that only the vendor knows go to the vendor only.
        model: Model id there.
        messages: The system prompt, if any, and the conversation.
        parameters: Only those that are set are sent.
        usage: Whether to ask for the count of tokens.
    """
    sent: dict[str, Any] = {
        "temperature": parameters.temperature,
        "top_p": parameters.top_p,
        "seed": parameters.seed,
    }
    if settings.vendor_openai:
        sent["max_completion_tokens"] = parameters.max_tokens
        sent["reasoning_effort"] = parameters.reasoning_effort
        sent["store"] = False
    else:
        sent["max_tokens"] = parameters.max_tokens
    sent["stop"] = list(parameters.stop) or None
    sent["stream_options"] = {"include_usage": True} if usage else None
    sent["extra_body"] = parameters.extra_body or None
    return {
        "model": model,
        "messages": [{"role": message.role.value, "content": mend(message.text)} for message in messages],
        "stream": True,
        **{name: value for name, value in sent.items() if value is not None},
    }
