"""One request to one endpoint: sent, timed, read to its end or to its deadline."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any

import httpx2
import openai

from bot.adapters.openai_endpoint import EndpointSettings, api_client, request_body, request_headers
from bot.adapters.openai_errors import API_ERRORS, Trouble, trouble_of
from bot.adapters.openai_events import EventDecoder, NotAnAnswerError, WholeDecoder
from bot.adapters.openai_slots import Slots
from bot.adapters.openai_stream import Answer, Draft, read
from bot.domain.completion import FailureKind
from bot.domain.parameters import Parameters
from bot.domain.thread import Message

_USAGE_GRACE_S = 1.0  # for the count of tokens, after the last word
_CLOSING_GRACE_S = 0.1  # for the end of the response, after [DONE]: its connection can then be used again
_REACHABLE_S = 3.0
_MOST_LISTED = 1_000

ApiResponse = openai.AsyncAPIResponse[Any]


@dataclass(frozen=True, slots=True)
class Request:
    """A question to one model at one endpoint.

    Attributes:
        model: Its id there.
        messages: What it reads.
        parameters: How it answers.
        deadline: The time (of the loop) by which it must have answered.
        on_text: Told each piece of text as it comes; None for nobody.
    """

    model: str
    messages: Sequence[Message]
    parameters: Parameters
    deadline: float
    on_text: Callable[[str], None] | None = None


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of a request, when it was sent, and whether text of it was passed on."""

    outcome: Answer | Trouble
    at: float
    told: bool = False


class Endpoint:
    """An endpoint's client, its free slots, and what was learnt about it."""

    def __init__(self, settings: EndpointSettings, http: httpx2.AsyncClient) -> None:
        self.settings = settings
        self.slots = Slots(settings.concurrency)
        self.counts_tokens = True
        self._client = api_client(settings, http)
        self._headers = request_headers(settings)
        # Looked up now: the SDK imports its resources at first use, which would block the loop.
        self._create = self._client.chat.completions.with_streaming_response.create
        self._list = self._client.models.with_streaming_response.list

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.close()

    async def ask(self, request: Request) -> Sent:
        """Send a request once; once more at once when only the wish to have tokens counted was refused."""
        usage = self.counts_tokens  # as it was when asked: another request may learn better meanwhile
        sent = await self._send(request, usage=usage)
        if usage and isinstance(sent.outcome, Trouble) and sent.outcome.refuses_usage:
            sent = await self._send(request, usage=False)
            if isinstance(sent.outcome, Answer):
                self.counts_tokens = False
        return sent

    async def reach(self) -> Trouble | None:
        """Ask for the list of models; None when it came."""
        try:
            async with asyncio.timeout(_REACHABLE_S), self._list(extra_headers=self._headers):
                return None
        except API_ERRORS as error:
            return trouble_of(error)
        except TimeoutError:
            return Trouble(FailureKind.TIMEOUT)

    async def listed(self) -> tuple[str, ...]:
        """Return the ids of the models that it lists, at most a thousand; none when it lists none."""
        entries = await self.entries()
        named = [] if isinstance(entries, Trouble) else [entry.get("id") for entry in entries]
        return tuple(name for name in named if isinstance(name, str))[:_MOST_LISTED]

    async def entries(self) -> list[dict[str, Any]] | Trouble:
        """Return its list of models as it came, without what is no entry; or why there is none."""
        try:
            async with asyncio.timeout(_REACHABLE_S), self._list(extra_headers=self._headers) as response:
                body = await response.json()
        except API_ERRORS as error:
            return trouble_of(error)
        except TimeoutError:
            return Trouble(FailureKind.TIMEOUT)
        except ValueError:
            return []
        entries = body.get("data") if isinstance(body, dict) else None
        return [entry for entry in entries if isinstance(entry, dict)] if isinstance(entries, list) else []

    async def _send(self, request: Request, *, usage: bool) -> Sent:
        clock = asyncio.get_running_loop().time
        at, draft = clock(), Draft(clock, request.on_text)
        body = request_body(self.settings, request.model, request.messages, request.parameters, usage=usage)
        first_by = min(request.deadline, at + self.settings.first_token_s)
        try:
            async with asyncio.timeout_at(first_by) as limit, self._stream(body) as response:
                await _read(response, draft, _Pace(draft, limit, request.deadline))
        except API_ERRORS as error:
            trouble = trouble_of(error)
            return Sent(_spent(clock()) if trouble.out_of_tokens else trouble, at, draft.told)
        except NotAnAnswerError as error:
            return Sent(Trouble(error.kind), at, draft.told)
        except TimeoutError:
            if draft.ended_at is None:
                return Sent(Trouble(FailureKind.TIMEOUT), at, draft.told)
        return Sent(draft.outcome(), at, draft.told)

    def _stream(self, body: dict[str, Any]) -> AbstractAsyncContextManager[ApiResponse]:
        return self._create(**body, extra_headers=self._headers)


class _Pace:
    """Gives an answer as much time as it deserves, anew whenever it has come further."""

    def __init__(self, draft: Draft, limit: asyncio.Timeout, deadline: float) -> None:
        self._draft = draft
        self._limit = limit
        self._deadline = deadline
        self._stage = (False, False, False)

    def __call__(self) -> None:
        draft = self._draft
        stage = (draft.begun, draft.ended_at is not None, draft.done)
        if stage == self._stage:
            return
        self._stage = stage
        until = self._deadline
        if draft.ended_at is not None:
            until = min(until, draft.clock() + (_CLOSING_GRACE_S if draft.done else _USAGE_GRACE_S))
        self._limit.reschedule(until)


async def _read(response: ApiResponse, draft: Draft, pace: _Pace) -> None:
    whole = response.headers.get("content-type", "").startswith("application/json")
    await read(response.iter_bytes(), WholeDecoder() if whole else EventDecoder(), draft, pace)


def _spent(at: float) -> Answer:
    """Return the answer of a model that thought until its limit was used up."""
    return Answer("", cut=True, usage=None, first_at=None, ended_at=at, model=None, fingerprint=None)
