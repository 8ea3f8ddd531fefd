"""A scriptable server that speaks OpenAI's Chat Completions over real HTTP, for tests and as the bench's stub.

    async with FakeOpenAI() as openai:
        openai.script("fake", "Hello.", rate_limited(), cut("one two three", after_words=2))
        client = AsyncOpenAI(base_url=openai.base_url, api_key="any")

Without a script a known model answers ``Answer to: <question>``, at once. ``python tests/fakes/openai_server.py``
serves that in a process of its own and prints the base URL.
"""

import asyncio
import itertools
import sys
from collections import deque
from collections.abc import Awaitable, Iterable
from types import TracebackType
from typing import Self

from aiohttp import web

from tests.fakes.openai_replies import (
    Answer,
    Handler,
    Hangup,
    Received,
    Refusal,
    Reply,
    as_reply,
    model_not_found,
    unauthorized,
)
from tests.fakes.openai_sending import hang_up, refuse, send_stream, send_whole
from tests.fakes.openai_wire import CREATED

_FOR_EVER_SECONDS = 3600.0


class FakeOpenAI:
    """The server; an async context manager.

    Attributes:
        requests: What was asked, oldest first; the models' listing too.
        in_flight: Chat requests that are being answered at this moment.
        most_in_flight: The highest that ``in_flight`` ever was.
        shutdown_dates: When models are shut down, ``YYYY-MM-DD``; those not in it say null.
    """

    def __init__(
        self,
        models: Iterable[str] = ("fake",),
        *,
        api_key: str | None = None,
        keep_requests: int | None = None,
        port: int = 0,
    ) -> None:
        """Prepare the server.

        Args:
            models: The model ids it offers; others get a 404 until they are scripted.
            api_key: The only key it accepts; None accepts everything.
            keep_requests: How many requests it remembers; None remembers all.
            port: The loopback port; 0 takes a free one.
        """
        self.requests: deque[Received] = deque(maxlen=keep_requests)
        self.in_flight = 0
        self.most_in_flight = 0
        self.shutdown_dates: dict[str, str | None] = {}
        self._models = list(models)
        self._api_key = api_key
        self._scripts: dict[str, Handler | deque[Reply]] = {}
        self._numbers = itertools.count(1)
        self._port = port
        self._runner: web.AppRunner | None = None

    @property
    def base_url(self) -> str:
        """The address for an OpenAI client."""
        return f"http://127.0.0.1:{self._port}/v1"

    @property
    def chats(self) -> list[Received]:
        """The chat requests among ``requests``."""
        return [request for request in self.requests if request.path.endswith("/chat/completions")]

    def script(self, model: str, *replies: Reply | str | Handler) -> None:
        """Say what a model does from now on, and offer it if it was not offered.

        Args:
            model: The model id.
            replies: Either one callable, asked each time; or replies that are used up in this order,
                the last of them again and again. None at all brings the default back.
        """
        if model not in self._models:
            self._models.append(model)
        if not replies:
            self._scripts.pop(model, None)
        elif callable(replies[0]):
            self._scripts[model] = replies[0]
        else:
            self._scripts[model] = deque(as_reply(reply) for reply in replies if not callable(reply))

    def remove(self, model: str) -> None:
        """Shut a model down: not listed any more, and a 404 for who asks it."""
        self._models.remove(model)
        self._scripts.pop(model, None)

    async def refuse_connections(self) -> None:
        """Stop listening, so that new connections are refused; ``accept_connections`` undoes it."""
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    async def accept_connections(self) -> None:
        """Listen (again), at the same port as before."""
        app = web.Application(client_max_size=16 * 1024 * 1024)
        app.router.add_post("/v1/chat/completions", self._chat)
        app.router.add_get("/v1/models", self._list_models)
        self._runner = web.AppRunner(app, access_log=None, handler_cancellation=True, shutdown_timeout=0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await site.start()
        self._port = int(self._runner.addresses[0][1])

    async def __aenter__(self) -> Self:
        await self.accept_connections()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.refuse_connections()

    async def _list_models(self, request: web.Request) -> web.StreamResponse:
        self._remember(request, {})
        if not self._admits(request):
            return refuse(unauthorized())
        data = [
            {
                "id": model,
                "object": "model",
                "created": CREATED,
                "owned_by": "fake",
                "shutdown_date": self.shutdown_dates.get(model),
            }
            for model in self._models
        ]
        return web.json_response({"object": "list", "data": data})

    async def _chat(self, request: web.Request) -> web.StreamResponse:
        received = self._remember(request, await request.json())
        if not self._admits(request):
            return refuse(unauthorized())
        if received.model not in self._models:
            return refuse(model_not_found(received.model))
        self.in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self.in_flight)
        try:
            return await self._reply(request, received, await self._next_reply(received))
        finally:
            self.in_flight -= 1

    def _remember(self, request: web.Request, body: dict[str, object]) -> Received:
        headers = {name.lower(): value for name, value in request.headers.items()}
        received = Received(request.path, headers, body)
        self.requests.append(received)
        return received

    def _admits(self, request: web.Request) -> bool:
        return self._api_key is None or request.headers.get("Authorization") == f"Bearer {self._api_key}"

    async def _next_reply(self, received: Received) -> Reply:
        script = self._scripts.get(received.model)
        if script is None:
            return Answer(f"Answer to: {received.question}")
        if isinstance(script, deque):
            return script.popleft() if len(script) > 1 else script[0]
        reply = script(received)
        return as_reply(await reply if isinstance(reply, Awaitable) else reply)

    async def _reply(self, request: web.Request, received: Received, reply: Reply) -> web.StreamResponse:
        if isinstance(reply, Refusal):
            return refuse(reply)
        if isinstance(reply, Hangup):
            return hang_up(request)
        await asyncio.sleep(reply.first_byte_seconds)
        send = send_stream if received.body.get("stream") else send_whole
        return await send(request, next(self._numbers), received, reply)


async def _serve_for_ever() -> None:
    async with FakeOpenAI(keep_requests=0) as openai:
        sys.stdout.write(openai.base_url + "\n")
        sys.stdout.flush()
        await asyncio.sleep(_FOR_EVER_SECONDS)


if __name__ == "__main__":
    asyncio.run(_serve_for_ever())
