"""Scripted endpoints for the tests of the model gateway."""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from typing import Any

import httpx2
from dirty_equals import IsInt

from bot.adapters.openai_models import EndpointSettings, OpenAIModels
from bot.domain.completion import Completion, Failure, FailureKind
from bot.domain.contestant import Contestant, ContestantKind
from bot.domain.parameters import Parameters
from bot.domain.thread import Message, Role

KEY = "sk-made-up-and-secret"
QUESTION = "What is the capital of a made-up country?"
MESSAGES = [Message(Role.SYSTEM, "You are brief."), Message(Role.USER, QUESTION)]
VENDOR_WORDS = "vendor words that nobody may see"
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})


def contestant(endpoint: str = "local", **parameters: Any) -> Contestant:
    return Contestant(
        name="support",
        kind=ContestantKind.PROMPT,
        endpoint=endpoint,
        model="tiny",
        template="You are brief.",
        literal=True,
        variables=(),
        parameters=Parameters.from_document(parameters),
        context_tokens=4096,
    )


def chunk(text: str | None = None, *, finish: str | None = None, **more: Any) -> dict[str, Any]:
    delta = {} if text is None else {"content": text}
    return {
        "id": "c1",
        "object": "chat.completion.chunk",
        "created": 1,
        "model": "tiny-2026",
        "system_fingerprint": "fp_1",
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish}],
        **more,
    }


OPENING = chunk("", choices=[{"index": 0, "delta": {"role": "assistant", "content": ""}}])
COUNTED = chunk(choices=[], usage={"prompt_tokens": 21, "completion_tokens": 2, "total_tokens": 23})
GOOD = (OPENING, chunk("Hello"), chunk(" there."), chunk(finish="stop"), COUNTED, "[DONE]")


def sse(*events: dict[str, Any] | str) -> bytes:
    texts = (event if isinstance(event, str) else json.dumps(event) for event in events)
    return "".join(f"data: {text}\n\n" for text in texts).encode()


def streamed(*events: dict[str, Any] | str) -> httpx2.Response:
    return httpx2.Response(200, headers={"content-type": "text/event-stream"}, content=sse(*events))


def refused(status: int, *, headers: dict[str, str] | None = None, **error: Any) -> httpx2.Response:
    return httpx2.Response(status, headers=headers, json={"error": {"message": VENDOR_WORDS, **error}})


Reply = httpx2.Response | Exception


class Endpoint:
    """A scripted endpoint behind a mock transport; the last reply is repeated."""

    def __init__(self, *replies: Reply) -> None:
        self.replies = list(replies)
        self.requests: list[httpx2.Request] = []

    def client(self, _settings: EndpointSettings) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=httpx2.MockTransport(self._answer))

    def _answer(self, request: httpx2.Request) -> httpx2.Response:
        self.requests.append(request)
        reply = self.replies.pop(0) if len(self.replies) > 1 else self.replies[0]
        if isinstance(reply, Exception):
            raise reply
        return reply

    @property
    def bodies(self) -> list[dict[str, Any]]:
        return [json.loads(request.content) for request in self.requests]


class Facts:
    def __init__(self) -> None:
        self.told: list[tuple[str, dict[str, object]]] = []

    def __call__(self, name: str, /, **fields: object) -> None:
        self.told.append((name, fields))

    @property
    def names(self) -> list[str]:
        return [name for name, _ in self.told]


def local(**changes: Any) -> EndpointSettings:
    return EndpointSettings(
        **{"name": "local", "base_url": "http://127.0.0.1:9/v1", "api_key": KEY, **changes}
    )


def models(endpoint: Endpoint, *settings: EndpointSettings, **changes: Any) -> OpenAIModels:
    changes = {"backoff_s": 0.001, "http_client_factory": endpoint.client, **changes}
    return OpenAIModels(settings or (local(),), **changes)


async def outcome(*replies: Reply, **parameters: Any) -> Completion | Failure:
    async with models(Endpoint(*replies)) as asked:
        return await asked.complete(contestant(**parameters), MESSAGES)


def ms(**bounds: int) -> Any:
    """Milliseconds of at least 0, or within bounds."""
    return IsInt(**{"ge": 0, **bounds})


def kinds(result: Completion | Failure) -> FailureKind | str:
    return result.kind if isinstance(result, Failure) else result.text


class Wire:
    """A scripted HTTP server that can stall, cut and notice that its client hung up.

    Args:
        script: Writes what is answered to each request.
        watched: Whether a script leaves its response open until the client hangs up.
    """

    def __init__(self, script: "Script", *, watched: bool = False) -> None:
        self._script = script
        self._watched = watched
        self._serving: set[asyncio.Task[None]] = set()
        self.asked = 0
        self.connections = 0
        self._gone = asyncio.Event()
        self.url = ""

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._serving.add(task)
        self.connections += 1
        with suppress(asyncio.IncompleteReadError, ConnectionError):
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                await reader.readexactly(int((re.findall(rb"(?i)content-length: *(\d+)", head) or [0])[0]))
                self.asked += 1
                await self._script(self, writer)
                if self._watched and not await reader.read(1):
                    break
        self._gone.set()
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    async def left(self) -> None:
        """Return when a client has hung up; at once when none came, as on a machine too busy to connect."""
        async with asyncio.timeout(5):
            if self.connections:
                await self._gone.wait()

    @asynccontextmanager
    async def open(self) -> AsyncIterator["Wire"]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
        async with server:
            yield self
            await asyncio.gather(*self._serving)


Script = Callable[[Wire, asyncio.StreamWriter], Awaitable[None]]


def over(wire: Wire, **changes: Any) -> OpenAIModels:
    return OpenAIModels([local(base_url=wire.url, **changes)], allow_hosts=LOOPBACK, backoff_s=0.001)


HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
END = b"0\r\n\r\n"


def chunked(*events: dict[str, Any] | str) -> bytes:
    data = sse(*events)
    return b"%x\r\n%s\r\n" % (len(data), data)


async def write(writer: asyncio.StreamWriter, *pieces: bytes) -> None:
    for piece in pieces:
        writer.write(piece)
        await writer.drain()


async def well(_: Wire, writer: asyncio.StreamWriter) -> None:
    await write(writer, HEAD, chunked(*GOOD), END)
