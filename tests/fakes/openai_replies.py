"""What the fake OpenAI-compatible server may be told to do with one request: answer, refuse, or misbehave."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

FinishReason = Literal["stop", "length", "content_filter"]
Ending = Literal["done", "cut", "stall", "garbage", "error"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A text, and how it comes.

    Attributes:
        text: What the model says; may be empty.
        finish_reason: Why it ends.
        usage: Whether tokens are reported (in a stream only when asked for by ``include_usage``).
        first_byte_seconds: Wait before anything is sent, headers included.
        token_seconds: Wait before each word.
        ending: What becomes of it after ``words`` words: ``done`` is the whole text; ``cut`` closes the
            connection; ``stall`` says nothing more, but keeps it open; ``garbage`` sends what is no JSON;
            ``error`` sends an error object inside the stream. Without streaming, ``error`` is a status 500.
        words: Words sent before the ending; of no meaning for ``done``.
    """

    text: str
    finish_reason: FinishReason = "stop"
    usage: bool = True
    first_byte_seconds: float = 0.0
    token_seconds: float = 0.0
    ending: Ending = "done"
    words: int = 0


@dataclass(frozen=True, slots=True)
class Refusal:
    """An answer with an error status, in the form of OpenAI's errors."""

    status: int
    message: str
    type: str
    code: str | None = None
    retry_after_seconds: float | None = None


@dataclass(frozen=True, slots=True)
class Hangup:
    """The connection is closed before a single byte of an answer."""


@dataclass(frozen=True, slots=True)
class Received:
    """One request as the server saw it.

    Attributes:
        path: ``/v1/chat/completions`` or ``/v1/models``.
        headers: Names in lower case.
        body: The JSON body; empty for a GET.
    """

    path: str
    headers: Mapping[str, str]
    body: Mapping[str, Any]

    @property
    def model(self) -> str:
        """The model that was asked for."""
        return str(self.body.get("model", ""))

    @property
    def messages(self) -> Sequence[Mapping[str, Any]]:
        """The conversation."""
        return tuple(self.body.get("messages", ()))

    @property
    def system(self) -> str | None:
        """The system prompt; None when there is none."""
        return next((m["content"] for m in self.messages if m["role"] in {"system", "developer"}), None)

    @property
    def question(self) -> str:
        """The last thing a person said: the last paragraph of the newest user message.

        One user message may hold several turns of people in a row, parted by an empty line.
        """
        newest: str = next((m["content"] for m in reversed(self.messages) if m["role"] == "user"), "")
        return newest.rpartition("\n\n")[2]


Reply = Answer | Refusal | Hangup
Handler = Callable[[Received], Reply | str | Awaitable[Reply | str]]
"""Decides from the request; may be async, for example to wait for an event of the test."""


def unauthorized() -> Refusal:
    """Say that the key is wrong."""
    return Refusal(401, "Incorrect API key provided.", "invalid_request_error", "invalid_api_key")


def forbidden() -> Refusal:
    """Say that the key may not use this model."""
    return Refusal(
        403, "Project does not have access to this model.", "invalid_request_error", "model_not_found"
    )


def model_not_found(model: str = "gone") -> Refusal:
    """Say that the model was shut down or never was."""
    message = f"The model `{model}` does not exist or you do not have access to it."
    return Refusal(404, message, "invalid_request_error", "model_not_found")


def bad_request(
    message: str = "Unsupported parameter.", code: str | None = "unsupported_parameter"
) -> Refusal:
    """Refuse the request itself."""
    return Refusal(400, message, "invalid_request_error", code)


def rate_limited(retry_after_seconds: float | None = 1) -> Refusal:
    """Say that it was too much in this minute. None sends no ``Retry-After``."""
    message = "Rate limit reached for requests."
    return Refusal(429, message, "requests", "rate_limit_exceeded", retry_after_seconds)


def quota_exhausted() -> Refusal:
    """Say that the money is gone: also a 429, but waiting does not help."""
    return Refusal(429, "You exceeded your current quota.", "insufficient_quota", "insufficient_quota")


def broken() -> Refusal:
    """Fail inside."""
    return Refusal(500, "The server had an error while processing your request.", "server_error")


def overloaded(retry_after_seconds: float | None = None) -> Refusal:
    """Have no room at the moment."""
    return Refusal(503, "The engine is currently overloaded.", "server_error", None, retry_after_seconds)


def empty() -> Answer:
    """Answer with nothing."""
    return Answer("")


def out_of_tokens(text: str) -> Answer:
    """Stop in the middle of a sentence, since ``max_tokens`` is reached."""
    return Answer(text, finish_reason="length")


def filtered(text: str = "") -> Answer:
    """Stop because of the content filter."""
    return Answer(text, finish_reason="content_filter")


def without_usage(text: str) -> Answer:
    """Never report tokens."""
    return Answer(text, usage=False)


def slow(text: str, *, first_byte_seconds: float = 0.0, token_seconds: float = 0.0) -> Answer:
    """Take one's time."""
    return Answer(text, first_byte_seconds=first_byte_seconds, token_seconds=token_seconds)


def cut(text: str, *, after_words: int) -> Answer:
    """Lose the connection in the middle of the answer."""
    return Answer(text, ending="cut", words=after_words)


def stalled(text: str, *, after_words: int) -> Answer:
    """Fall silent in the middle of the answer and keep the connection."""
    return Answer(text, ending="stall", words=after_words)


def garbage(text: str = "", *, after_words: int = 0) -> Answer:
    """Send something that is no JSON."""
    return Answer(text, ending="garbage", words=after_words)


def error_in_stream(text: str, *, after_words: int) -> Answer:
    """Send an error object after the stream has begun."""
    return Answer(text, ending="error", words=after_words)


def as_reply(reply: Reply | str) -> Reply:
    """Take a plain text for an answer."""
    return Answer(reply) if isinstance(reply, str) else replace(reply)
