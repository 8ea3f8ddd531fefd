"""Every model behind the Chat Completions API: the port `Models`.

The SDK connects, authenticates and tells errors apart. Slots, deadlines and asking again are ours: each
depends on what is left of the answer's time, and on whether a first byte has come.
"""

import asyncio
import random
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from types import TracebackType
from typing import Any, Protocol, Self

import httpx2

from bot.adapters.openai_call import Endpoint, Request, Sent
from bot.adapters.openai_endpoint import EndpointSettings, http_client
from bot.adapters.openai_errors import Trouble
from bot.adapters.openai_stream import Answer, mend
from bot.domain.completion import Completion, Failure, FailureKind, Outcome, Usage
from bot.domain.contestant import Contestant
from bot.domain.parameters import Parameters
from bot.domain.thread import MESSAGE_OVERHEAD_TOKENS, Message, Role, estimate_tokens

__all__ = ["EndpointSettings", "OpenAIModels"]

_RETRIES = 2
_TRIAL = (Message(Role.USER, "Say hello."),)
_TRIAL_PARAMETERS = Parameters(max_tokens=8)
_LISTS_NO_MODELS = frozenset({404, 405, 410, 501})
_LISTS_NOT_FOR_US = frozenset({401, 403})


class FactSink(Protocol):
    """Takes facts for logs and metrics."""

    def __call__(self, name: str, /, **fields: object) -> None:
        """Note something that happened."""
        ...


class OpenAIModels:
    """Asks contestants at OpenAI-compatible endpoints.

    Args:
        endpoints: Their settings.
        allow_hosts: Hosts that may be asked; None for any. Tests allow this machine only.
        on_fact: Told what happened: names of endpoints, kinds, times; never texts, keys or models.
        http_client_factory: Makes the HTTP client of an endpoint.
        backoff_s: Seconds before the first new attempt when the endpoint names none; the second waits twice
            as long, each less up to a quarter by chance.

    Raises:
        ValueError: Two endpoints of one name, or an endpoint at a host that is not allowed.
    """

    def __init__(
        self,
        endpoints: Iterable[EndpointSettings],
        *,
        allow_hosts: frozenset[str] | None = None,
        on_fact: FactSink | None = None,
        http_client_factory: Callable[[EndpointSettings], httpx2.AsyncClient] = http_client,
        backoff_s: float = 0.5,
    ) -> None:
        settings = list(endpoints)
        names = [each.name for each in settings]
        if len(set(names)) < len(names):
            raise ValueError(f"Two endpoints have one name: {', '.join(sorted(names))}.")
        for each in settings:
            if allow_hosts is not None and each.host not in allow_hosts:
                raise ValueError(f"Endpoint {each.name!r} is at {each.host!r}, which is locked here.")
        self._endpoints = {each.name: Endpoint(each, http_client_factory(each)) for each in settings}
        self._on_fact = on_fact
        self._backoff_s = backoff_s

    async def __aenter__(self) -> Self:
        """Return itself."""
        return self

    async def __aexit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        """Close every connection."""
        await self.aclose()

    async def aclose(self) -> None:
        """Close every connection."""
        for endpoint in self._endpoints.values():
            await endpoint.aclose()

    async def complete(
        self,
        contestant: Contestant,
        messages: Sequence[Message],
        *,
        on_text: Callable[[str], None] | None = None,
        can_wait: bool = False,
    ) -> Outcome:
        """Ask a contestant; every way of failing comes back as a Failure within the endpoint's deadline.

        `on_text` is told each piece of text as it comes; once it was, the contestant is not asked again. Who
        `can_wait` is let in after all others, and the deadline counts from then.

        The times of a completion count from the request that was answered: waiting for a slot and earlier
        attempts say nothing about the contestant. The time of a failure counts from this call.
        """
        return await self._ask(
            contestant.endpoint,
            contestant.model,
            messages,
            contestant.parameters,
            on_text=on_text,
            can_wait=can_wait,
        )

    async def probe(self, endpoint_name: str, model: str) -> Outcome:
        """Try a model with one tiny request.

        A model that thinks first may use up its eight tokens without a word. It answers nevertheless: that
        comes back as a cut completion whose text is an ellipsis.
        """
        return await self._ask(endpoint_name, model, _TRIAL, _TRIAL_PARAMETERS, blank_text="…")

    async def reachable(self, endpoint_name: str) -> Failure | None:
        """Ask an endpoint for its models within three seconds; None when it is well.

        A server that lists no models is well too: it is there and lets us in.
        """
        endpoint = self._endpoints.get(endpoint_name)
        if endpoint is None:
            return Failure(FailureKind.NOT_FOUND, 0)
        began = _now()
        trouble = await endpoint.reach()
        if trouble is None or trouble.status in _LISTS_NO_MODELS:
            return None
        return Failure(trouble.kind, _ms_since(began), trouble.retry_after_s)

    async def listed(self, endpoint_name: str) -> tuple[str, ...]:
        """Return the ids of the models that an endpoint lists within three seconds; none when it lists none."""
        endpoint = self._endpoints.get(endpoint_name)
        return () if endpoint is None else await endpoint.listed()

    async def entries(self, endpoint_name: str) -> list[dict[str, Any]] | None:
        """Return an endpoint's list of models as it came within three seconds; None when it did not come.

        A server that lists no models, or not for us, has an empty list.
        """
        endpoint = self._endpoints.get(endpoint_name)
        found = [] if endpoint is None else await endpoint.entries()
        if not isinstance(found, Trouble):
            return found
        return [] if found.status in _LISTS_NO_MODELS | _LISTS_NOT_FOR_US else None

    def is_vendor(self, endpoint_name: str) -> bool:
        """Whether an endpoint is OpenAI's own API."""
        endpoint = self._endpoints.get(endpoint_name)
        return endpoint is not None and endpoint.settings.vendor_openai

    async def _ask(
        self,
        endpoint_name: str,
        model: str,
        messages: Sequence[Message],
        parameters: Parameters,
        *,
        blank_text: str | None = None,
        on_text: Callable[[str], None] | None = None,
        can_wait: bool = False,
    ) -> Outcome:
        """Ask a model; `blank_text` stands for the words of one that was cut before it said any."""
        began = _now()
        endpoint = self._endpoints.get(endpoint_name)
        if endpoint is None:
            return self._failed(endpoint_name, Trouble(FailureKind.NOT_FOUND), began)
        request = Request(model, messages, parameters, began + endpoint.settings.timeout_s, on_text)
        sent = await (self._in_turn if can_wait else self._in_slot)(endpoint, request)
        outcome = sent.outcome
        if isinstance(outcome, Trouble):
            return self._failed(endpoint_name, outcome, began)
        text = outcome.text
        if outcome.is_blank:
            if not (outcome.cut and blank_text):
                return self._failed(endpoint_name, Trouble(FailureKind.EMPTY), began)
            text = blank_text
        completion = _completion(outcome, text, messages, sent.at)
        self._tell(
            "model_answered",
            endpoint=endpoint_name,
            waited_ms=_ms(sent.at - began),
            first_ms=completion.first_ms,
            total_ms=completion.total_ms,
            cut=completion.cut,
        )
        return completion

    async def _in_slot(self, endpoint: Endpoint, request: Request) -> Sent:
        """Wait for a free slot, then ask; too little time left after waiting is an overload, not slowness."""
        began = _now()
        try:
            async with asyncio.timeout_at(request.deadline):
                await endpoint.slots.acquire()
        except TimeoutError:
            return Sent(Trouble(FailureKind.OVERLOADED), request.deadline)
        waited_most = _now() - began > endpoint.settings.timeout_s / 2
        try:
            sent = await self._patiently(endpoint, request)
        finally:
            endpoint.slots.release()
        late = isinstance(sent.outcome, Trouble) and sent.outcome.kind is FailureKind.TIMEOUT
        return Sent(Trouble(FailureKind.OVERLOADED), sent.at) if late and waited_most else sent

    async def _in_turn(self, endpoint: Endpoint, request: Request) -> Sent:
        """Wait as long as it takes until nobody else waits, then ask; the deadline counts from then."""
        await endpoint.slots.acquire(can_wait=True)
        try:
            deadline = _now() + endpoint.settings.timeout_s
            return await self._patiently(endpoint, replace(request, deadline=deadline))
        finally:
            endpoint.slots.release()

    async def _patiently(self, endpoint: Endpoint, request: Request) -> Sent:
        """Ask, and ask again while that may help and there is time for it."""
        for attempt in range(_RETRIES):
            sent = await endpoint.ask(request)
            trouble = sent.outcome
            if isinstance(trouble, Answer) or not trouble.again or sent.told:
                return sent
            wait_s = self._wait_s(trouble, attempt)
            if _now() + wait_s >= request.deadline:
                return sent
            self._tell(
                "model_retried",
                endpoint=endpoint.settings.name,
                kind=trouble.kind.value,
                status=trouble.status,
                wait_ms=_ms(wait_s),
            )
            await asyncio.sleep(wait_s)
        return await endpoint.ask(request)

    def _wait_s(self, trouble: Trouble, attempt: int) -> float:
        if trouble.hung_up and attempt == 0:
            return 0
        chance = 1 - random.random() / 4  # noqa: S311 (spreads attempts; nothing is guarded by it)
        return trouble.retry_after_s or self._backoff_s * 2**attempt * chance

    def _failed(self, endpoint_name: str, trouble: Trouble, began: float) -> Failure:
        failure = Failure(trouble.kind, _ms_since(began), trouble.retry_after_s)
        self._tell(
            "model_failed",
            endpoint=endpoint_name,
            kind=failure.kind.value,
            status=trouble.status,
            total_ms=failure.total_ms,
        )
        return failure

    def _tell(self, name: str, **fields: object) -> None:
        if self._on_fact is not None:
            self._on_fact(name, **fields)


def _completion(answer: Answer, text: str, messages: Sequence[Message], sent_at: float) -> Completion:
    first_at = answer.ended_at if answer.first_at is None else answer.first_at
    return Completion(
        text=text,
        cut=answer.cut,
        usage=answer.usage or _estimated(messages, text),
        first_ms=_ms(first_at - sent_at),
        total_ms=_ms(answer.ended_at - sent_at),
        reported_model=answer.model,
        system_fingerprint=answer.fingerprint,
        looped=answer.looped,
    )


def _estimated(messages: Sequence[Message], text: str) -> Usage:
    read = sum(estimate_tokens(mend(message.text)) + MESSAGE_OVERHEAD_TOKENS for message in messages)
    return Usage(read, estimate_tokens(text), estimated=True)


def _now() -> float:
    return asyncio.get_running_loop().time()


def _ms_since(began: float) -> int:
    return _ms(_now() - began)


def _ms(seconds: float) -> int:
    return round(seconds * 1000)
