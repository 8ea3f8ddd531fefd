"""How the fake OpenAI-compatible server sends one reply, or fails to."""

import asyncio
import itertools
from http import HTTPStatus

from aiohttp import web

from tests.fakes.openai_replies import Answer, Received, Refusal
from tests.fakes.openai_wire import ERROR, GARBAGE, chunks, completion, event, words_of

_FOR_EVER_SECONDS = 3600.0
_STREAM_HEADERS = {"Content-Type": "text/event-stream; charset=utf-8", "Cache-Control": "no-cache"}


async def send_whole(
    request: web.Request, number: int, received: Received, answer: Answer
) -> web.StreamResponse:
    """Answer with one object, or end as the answer says."""
    await asyncio.sleep(answer.token_seconds * len(words_of(answer.text)))
    match answer.ending:
        case "done":
            return web.json_response(completion(number, received, answer))
        case "cut":
            return hang_up(request)
        case "stall":
            await asyncio.sleep(_FOR_EVER_SECONDS)
        case "garbage":
            return web.Response(body=GARBAGE, content_type="application/json")
        case "error":
            pass
    return web.json_response(ERROR, status=HTTPStatus.INTERNAL_SERVER_ERROR)


async def send_stream(
    request: web.Request, number: int, received: Received, answer: Answer
) -> web.StreamResponse:
    """Answer word by word. Without waits all goes out in one piece, which is what makes the fake fast."""
    pieces = chunks(number, received, answer)
    if answer.ending == "done" and not answer.token_seconds:
        return web.Response(body=b"".join(pieces), headers=_STREAM_HEADERS)
    response = web.StreamResponse(headers=_STREAM_HEADERS)
    await response.prepare(request)
    if answer.ending != "done":
        pieces = itertools.islice(pieces, 1 + answer.words)
    for place, piece in enumerate(pieces):
        await asyncio.sleep(answer.token_seconds if place else 0.0)
        await response.write(piece)
    match answer.ending:
        case "cut":
            hang_up(request)
        case "stall":
            await asyncio.sleep(_FOR_EVER_SECONDS)
        case "garbage":
            await response.write(GARBAGE)
        case "error":
            await response.write(event(ERROR))
        case "done":
            pass
    return response


def refuse(refusal: Refusal) -> web.Response:
    """Answer with an error status."""
    error = {"message": refusal.message, "type": refusal.type, "param": None, "code": refusal.code}
    headers = {}
    if refusal.retry_after_seconds is not None:
        headers["Retry-After"] = f"{refusal.retry_after_seconds:g}"
    return web.json_response({"error": error}, status=refusal.status, headers=headers)


def hang_up(request: web.Request) -> web.Response:
    """Close the connection; what is returned reaches nobody."""
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
