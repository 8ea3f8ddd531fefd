"""The door of the model server: OpenAI's API, in which each adapter is a model of its own.

Requests are passed on to llama.cpp with the adapter's scale; answers stream through as they come. What clients
cannot decide: which adapters are mixed (``lora``) and whether an earlier prompt is used again (``cache_prompt``).
"""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager, suppress
from typing import Any

import aiohttp
from aiohttp import web

from bot.playground.loopback import HOST, only_local
from bot.playground.model import llama
from bot.playground.model.child import ModelServerError
from bot.playground.model.keeper import Keeper, Upstream

_BODY_BYTES = 4 * 1024 * 1024
_NOT_FOR_CLIENTS = ("lora", "cache_prompt")
_LISTING_WAITS_SECONDS = 5.0
"""How long a listing waits for adapters that have just come; then it says what is served by now."""

_ENDLESS = aiohttp.ClientTimeout(total=None, sock_connect=5)


class Front:
    """Answers OpenAI's requests."""

    def __init__(self, keeper: Keeper, session: aiohttp.ClientSession) -> None:
        """Take who knows the models, and what requests are passed on with."""
        self._keeper = keeper
        self._session = session
        self._began = int(time.time())

    def application(self) -> web.Application:
        """Return the routes."""
        app = web.Application(middlewares=[only_local], client_max_size=_BODY_BYTES)
        app.router.add_get("/v1/models", self.models)
        app.router.add_get("/v1/models/{model}", self.model)
        app.router.add_post("/v1/chat/completions", self.complete)
        app.router.add_post("/v1/completions", self.complete)
        return app

    async def models(self, _request: web.Request) -> web.Response:
        """List the base model and every adapter that is served."""
        with suppress(TimeoutError):
            async with asyncio.timeout(_LISTING_WAITS_SECONDS):
                await self._keeper.refresh()
        try:
            async with self._keeper.hold() as upstream:
                names = (upstream.child.model, *upstream.positions)
        except ModelServerError as error:
            return _error(503, str(error), "server_error")
        return web.json_response({"object": "list", "data": [self._entry(name) for name in names]})

    async def model(self, request: web.Request) -> web.Response:
        """Describe one model."""
        name = request.match_info["model"]
        try:
            async with self._serving(name) as upstream:
                return web.json_response(self._entry(name)) if upstream else _unknown(name)
        except ModelServerError as error:
            return _error(503, str(error), "server_error")

    async def complete(self, request: web.Request) -> web.StreamResponse:
        """Pass a request on to llama.cpp, and its answer back."""
        try:
            body = await request.json()
        except ValueError:
            return _error(400, "The body is no JSON.", "invalid_request_error")
        model = body.get("model") if isinstance(body, dict) else None
        if not isinstance(model, str):
            return _error(400, "You must provide a model.", "invalid_request_error", param="model")
        try:
            async with self._serving(model) as upstream:
                if upstream is None:
                    return _unknown(model)
                return await self._pass_on(request, upstream, model, body)
        except (ModelServerError, aiohttp.ClientError) as error:
            return _error(503, f"The model cannot answer: {error}", "server_error")

    @asynccontextmanager
    async def _serving(self, model: str) -> AsyncGenerator[Upstream | None]:
        """Hold the process that has this model; None when no file of that name came either."""
        async with self._keeper.hold() as upstream:
            if upstream.serves(model):
                yield upstream
                return
        await self._keeper.refresh()
        async with self._keeper.hold() as upstream:
            yield upstream if upstream.serves(model) else None

    async def _pass_on(
        self, request: web.Request, upstream: Upstream, model: str, body: dict[str, Any]
    ) -> web.StreamResponse:
        base = upstream.child.model
        ours = {key: value for key, value in body.items() if key not in _NOT_FOR_CLIENTS}
        ours |= {"model": base, "lora": llama.scales(upstream.positions, model)}
        url = f"{upstream.child.address}{request.path}"
        async with self._session.post(url, json=ours, timeout=_ENDLESS) as answer:
            response = web.StreamResponse(status=answer.status)
            response.content_type = answer.content_type
            response.charset = answer.charset
            await response.prepare(request)
            try:
                async for lines in _whole_lines(answer.content):
                    await response.write(_renamed(lines, base, model))
            except aiohttp.ClientError:
                # Begun already: only a connection that breaks tells the client that this is not the end.
                if request.transport:
                    request.transport.abort()
            return response

    def _entry(self, name: str) -> dict[str, object]:
        return {"id": name, "object": "model", "created": self._began, "owned_by": "local"}


@asynccontextmanager
async def open_front(front: Front, port: int) -> AsyncGenerator[str]:
    """Listen on the loopback interface and give the address.

    Raises:
        OSError: The port is taken.
    """
    runner = web.AppRunner(
        front.application(), access_log=None, handler_cancellation=True, shutdown_timeout=0.5
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        host, taken = runner.addresses[0][:2]
        yield f"http://{host}:{taken}"
    finally:
        await runner.cleanup()


async def _whole_lines(content: aiohttp.StreamReader) -> AsyncGenerator[bytes]:
    """Give what comes as soon as it comes, but no part of a line, so that a name in it can be found."""
    rest = b""
    async for chunk in content.iter_any():
        lines, newline, rest = (rest + chunk).rpartition(b"\n")
        if newline:
            yield lines + newline
    if rest:
        yield rest


def _renamed(lines: bytes, base: str, model: str) -> bytes:
    """Put the id that was asked for in place of the base model's.

    Inside a string of JSON the quotes would be escaped, so that nothing which a model wrote can look like this.
    """
    return lines.replace(f'"model":"{base}"'.encode(), f'"model":"{model}"'.encode())


def _unknown(model: str) -> web.Response:
    message = f"The model {model!r} does not exist here."
    return _error(404, message, "invalid_request_error", param="model", code="model_not_found")


def _error(
    status: int, message: str, kind: str, *, param: str | None = None, code: str | None = None
) -> web.Response:
    error = {"message": message, "type": kind, "param": param, "code": code}
    return web.json_response({"error": error}, status=status)
