import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import httpx2
import pytest

from bot.adapters.openai_models import OpenAIModels
from bot.adapters.openai_stream import MOST_CHARACTERS
from bot.domain.completion import Completion, Failure, FailureKind, Usage
from bot.domain.thread import Message, Role
from tests.adapters.openai_scripts import (
    END,
    GOOD,
    HEAD,
    KEY,
    MESSAGES,
    OPENING,
    VENDOR_WORDS,
    Endpoint,
    Facts,
    Reply,
    Wire,
    chunk,
    chunked,
    contestant,
    kinds,
    local,
    models,
    ms,
    outcome,
    over,
    refused,
    sse,
    streamed,
    well,
    write,
)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


# ---------------------------------------------------------------- answers


async def test_an_answer_comes_with_its_usage_its_times_and_what_made_it() -> None:
    facts = Facts()
    async with models(Endpoint(streamed(*GOOD)), on_fact=facts) as asked:
        result = await asked.complete(contestant(), MESSAGES)

    assert result == Completion(
        text="Hello there.",
        cut=False,
        usage=Usage(21, 2),
        first_ms=ms(),
        total_ms=ms(),
        reported_model="tiny-2026",
        system_fingerprint="fp_1",
    )
    assert facts.told == [
        (
            "model_answered",
            {
                "endpoint": "local",
                "waited_ms": ms(),
                "first_ms": ms(),
                "total_ms": ms(),
                "cut": False,
            },
        )
    ]


async def test_the_first_words_are_timed_apart_from_the_last() -> None:
    async def slowly(_: Wire, writer: asyncio.StreamWriter) -> None:
        await write(writer, HEAD, chunked(OPENING))
        await asyncio.sleep(0.03)
        await write(writer, chunked(chunk("Hello")))
        await asyncio.sleep(0.03)
        await write(writer, chunked(chunk(finish="stop"), "[DONE]"), END)

    async with Wire(slowly).open() as wire, over(wire) as asked:
        result = await asked.complete(contestant(), MESSAGES)

    assert isinstance(result, Completion)
    assert 30 <= result.first_ms < result.total_ms


@pytest.mark.parametrize("finish", ["length", "max_tokens", "model_length"])
async def test_an_answer_that_a_limit_ended_is_cut_and_no_failure(finish: str) -> None:
    result = await outcome(streamed(chunk("Half"), chunk(finish=finish), "[DONE]"))

    assert isinstance(result, Completion)
    assert (result.text, result.cut) == ("Half", True)


async def test_tokens_that_nobody_counted_are_estimated() -> None:
    result = await outcome(streamed(chunk("Hello there."), chunk(finish="stop"), "[DONE]"))

    assert isinstance(result, Completion)
    assert result.usage == Usage(5 + 14 + 2 * 4, 4, estimated=True)


async def test_half_a_count_is_no_count() -> None:
    half = chunk(choices=[], usage={"prompt_tokens": 21})

    result = await outcome(streamed(chunk("Hello"), chunk(finish="stop"), half, "[DONE]"))

    assert isinstance(result, Completion)
    assert result.usage.estimated


async def test_an_endless_answer_is_stopped_and_cut() -> None:
    async def endless() -> AsyncIterator[bytes]:
        for number in itertools.count():
            yield sse(chunk(" ".join(map(str, range(number * 100, number * 100 + 100)))))

    result = await outcome(httpx2.Response(200, content=endless()))

    assert isinstance(result, Completion)
    assert result.cut
    assert MOST_CHARACTERS - 1 <= len(result.text) <= MOST_CHARACTERS


@pytest.mark.parametrize(
    "events",
    [
        pytest.param((chunk("Hello", finish="stop"),), id="finish reason, no [DONE]"),
        pytest.param((chunk("Hello"), "[DONE]"), id="[DONE], no finish reason"),
        pytest.param((chunk("Hello"), "[DONE]", "{never read"), id="junk after [DONE]"),
        pytest.param((chunk("Hello", finish="eos"), "[DONE]"), id="unknown finish reason"),
        pytest.param(
            (
                {"choices": None, "model": None},
                {"choices": [{"delta": None}]},
                {"choices": [{"delta": {"reasoning_content": "Hm."}}]},
                {"choices": [{"delta": {"content": [{"type": "thinking"}, {"text": "Hello"}, "?"]}}]},
                {"choices": [{"delta": {"content": 3}, "finish_reason": "stop"}]},
            ),
            id="liberties of other servers",
        ),
    ],
)
async def test_a_stream_with_an_end_is_an_answer(events: tuple[dict[str, Any] | str, ...]) -> None:
    assert kinds(await outcome(streamed(*events))) == "Hello"


async def test_a_server_that_does_not_stream_is_understood() -> None:
    whole = {
        "model": "tiny-2026",
        "choices": [
            {"index": 0, "message": {"role": "assistant", "content": "Hello"}, "finish_reason": "stop"}
        ],
        "usage": {"prompt_tokens": 3, "completion_tokens": 1},
    }

    result = await outcome(httpx2.Response(200, json=whole))

    assert isinstance(result, Completion)
    assert (result.text, result.usage) == ("Hello", Usage(3, 1))


async def test_an_emoji_that_the_stream_splits_comes_out_whole() -> None:
    halves = (
        r'{"choices":[{"delta":{"content":"\ud83c"}}]}',
        r'{"choices":[{"delta":{"content":"\udf55"}}]}',
    )

    assert kinds(await outcome(streamed(*halves, "[DONE]"))) == "🍕"


async def test_half_a_character_in_a_question_harms_nothing() -> None:
    endpoint = Endpoint(streamed(chunk("Hello", finish="stop"), "[DONE]"))
    async with models(endpoint) as asked:
        result = await asked.complete(contestant(), [Message(Role.USER, "half \ud83c")])

    assert isinstance(result, Completion)
    assert endpoint.bodies[0]["messages"] == [{"role": "user", "content": "half \N{REPLACEMENT CHARACTER}"}]


# ---------------------------------------------------------------- refusals


@pytest.mark.parametrize(
    ("reply", "kind", "requests"),
    [
        (refused(401, code="invalid_api_key"), FailureKind.AUTH, 1),
        (refused(403), FailureKind.AUTH, 1),
        (refused(403, code="model_not_found"), FailureKind.NOT_FOUND, 1),
        (refused(404), FailureKind.NOT_FOUND, 1),
        (refused(400, code="model_not_found"), FailureKind.NOT_FOUND, 1),
        (refused(400, type="invalid_model"), FailureKind.NOT_FOUND, 1),
        (refused(402), FailureKind.QUOTA, 1),
        (refused(429, code="insufficient_quota"), FailureKind.QUOTA, 1),
        (refused(429, type="insufficient_quota"), FailureKind.QUOTA, 1),
        (refused(429, code="rate_limit_exceeded"), FailureKind.RATE_LIMIT, 3),
        (refused(408), FailureKind.TIMEOUT, 3),
        (refused(504), FailureKind.TIMEOUT, 3),
        (refused(409), FailureKind.OVERLOADED, 3),
        (refused(500), FailureKind.OVERLOADED, 3),
        (refused(502), FailureKind.OVERLOADED, 3),
        (refused(503), FailureKind.OVERLOADED, 3),
        (refused(529), FailureKind.OVERLOADED, 3),
        (refused(503, headers={"x-should-retry": "false"}), FailureKind.OVERLOADED, 1),
        (refused(400), FailureKind.REJECTED, 1),
        (refused(413), FailureKind.REJECTED, 1),
        (refused(422), FailureKind.REJECTED, 1),
        (refused(501), FailureKind.REJECTED, 1),
        (refused(400, code="content_filter"), FailureKind.CONTENT_FILTER, 1),
        (refused(400, code=400), FailureKind.REJECTED, 1),
        (httpx2.Response(400, json=[VENDOR_WORDS]), FailureKind.REJECTED, 1),
        (httpx2.Response(502, text="<html>Bad gateway</html>"), FailureKind.OVERLOADED, 3),
        (
            httpx2.Response(307, headers={"location": "https://elsewhere.example/"}),
            FailureKind.UNREACHABLE,
            1,
        ),
        (httpx2.ConnectError("refused"), FailureKind.UNREACHABLE, 3),
        (httpx2.ConnectTimeout("black hole"), FailureKind.UNREACHABLE, 3),
        (httpx2.RemoteProtocolError("hung up"), FailureKind.UNREACHABLE, 3),
        (httpx2.ReadTimeout("slow"), FailureKind.TIMEOUT, 1),
    ],
)
async def test_each_refusal_has_its_kind_and_only_passing_ones_are_asked_again(
    reply: Reply, kind: FailureKind, requests: int
) -> None:
    endpoint = Endpoint(reply)
    async with models(endpoint) as asked:
        result = await asked.complete(contestant(), MESSAGES)

    assert result == Failure(kind, total_ms=ms())
    assert len(endpoint.requests) == requests


@pytest.mark.parametrize("reply", [refused(429), refused(503), httpx2.ConnectError("refused")])
async def test_what_passes_is_asked_again_and_answered(reply: Reply) -> None:
    facts = Facts()
    async with models(Endpoint(reply, reply, streamed(*GOOD)), on_fact=facts) as asked:
        result = await asked.complete(contestant(), MESSAGES)

    assert kinds(result) == "Hello there."
    assert facts.names == ["model_retried", "model_retried", "model_answered"]


async def test_a_connection_that_was_closed_meanwhile_is_replaced_at_once() -> None:
    facts = Facts()
    hung_up = httpx2.RemoteProtocolError("hung up")
    async with models(Endpoint(hung_up, hung_up, streamed(*GOOD)), on_fact=facts, backoff_s=0.02) as asked:
        result = await asked.complete(contestant(), MESSAGES)

    assert kinds(result) == "Hello there."
    assert [fields.get("wait_ms") for _, fields in facts.told] == [0, ms(ge=30, le=40), None]


async def test_a_server_that_hangs_up_within_its_error_is_unreachable() -> None:
    async def cut(_: Wire, writer: asyncio.StreamWriter) -> None:
        await write(writer, b"HTTP/1.1 400 Bad Request\r\ncontent-length: 99\r\n\r\nhalf")
        writer.transport.abort()

    async with Wire(cut).open() as wire, over(wire) as asked:
        result = await asked.complete(contestant(), MESSAGES)

    assert (kinds(result), wire.asked) == (FailureKind.UNREACHABLE, 3)


async def test_an_error_that_cannot_be_decoded_is_garbled() -> None:
    async def undecodable() -> AsyncIterator[bytes]:
        yield b"no gzip"

    reply = httpx2.Response(400, headers={"content-encoding": "gzip"}, content=undecodable())

    assert kinds(await outcome(reply)) == FailureKind.GARBLED


async def test_nobody_at_the_door_is_unreachable() -> None:
    async with Wire(well).open() as wire:
        asked = over(wire)
    async with asked:
        assert kinds(await asked.complete(contestant(), MESSAGES)) == FailureKind.UNREACHABLE


async def test_a_door_without_tls_is_unreachable_by_https() -> None:
    async def plainly(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(1)
        await write(writer, b"HTTP/1.1 400 Bad Request\r\n\r\n")
        writer.close()
        with suppress(ConnectionError):
            await writer.wait_closed()

    server = await asyncio.start_server(plainly, "127.0.0.1", 0)
    url = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    async with server, OpenAIModels([local(base_url=url)], backoff_s=0.001) as asked:
        assert kinds(await asked.complete(contestant(), MESSAGES)) == FailureKind.UNREACHABLE


@pytest.mark.parametrize(
    ("headers", "retry_after_s"),
    [
        ({"retry-after": "120"}, 120),
        ({"retry-after-ms": "90500", "retry-after": "1"}, 90.5),
        ({"retry-after-ms": "soon", "retry-after": "95"}, 95),
        ({"retry-after": "Wed, 21 Oct 2026 07:30:00 GMT", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}, 120),
    ],
)
async def test_a_wait_longer_than_the_time_left_gives_up_at_once(
    headers: dict[str, str], retry_after_s: float
) -> None:
    endpoint = Endpoint(refused(429, headers=headers))
    async with models(endpoint) as asked:
        result = await asked.complete(contestant(), MESSAGES)

    assert result == Failure(FailureKind.RATE_LIMIT, ms(le=5000), retry_after_s)
    assert len(endpoint.requests) == 1


@pytest.mark.parametrize(
    ("headers", "retry_after_s"),
    [
        ({"retry-after": "-3"}, 0),
        ({"retry-after": "inf"}, None),
        ({"retry-after": "tomorrow", "date": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT"}, None),
        ({"retry-after": "Wed, 21 Oct 2026 07:28:00 GMT", "date": "Wed, 21 Oct 2026 07:28:00 -0000"}, None),
        ({"retry-after": "0.005"}, 0.005),
    ],
)
async def test_a_wait_that_says_nothing_is_ours_to_choose(
    headers: dict[str, str], retry_after_s: float | None
) -> None:
    endpoint = Endpoint(refused(503, headers=headers))
    async with models(endpoint) as asked:
        result = await asked.complete(contestant(), MESSAGES)

    assert result == Failure(FailureKind.OVERLOADED, ms(), retry_after_s)
    assert len(endpoint.requests) == 3


# ---------------------------------------------------------------- trying and reaching


async def test_a_trial_is_one_tiny_request() -> None:
    endpoint = Endpoint(streamed(*GOOD))
    async with models(endpoint) as asked:
        result = await asked.probe("local", "candidate")

    assert kinds(result) == "Hello there."
    assert [(body["model"], body["max_tokens"], len(body["messages"])) for body in endpoint.bodies] == [
        ("candidate", 8, 1)
    ]


OUT_OF_TOKENS = httpx2.Response(
    400,
    json={
        "error": {"message": "Could not finish: max_tokens or model output limit was reached. Try higher."}
    },
)


@pytest.mark.parametrize("reply", [streamed(chunk(finish="length"), "[DONE]"), OUT_OF_TOKENS])
async def test_a_model_that_thinks_its_tokens_away_passes_a_trial_but_has_not_answered(
    reply: httpx2.Response,
) -> None:
    endpoint = Endpoint(reply)
    content = reply.content
    async with models(endpoint) as asked:
        tried = await asked.probe("local", "thinker")
        endpoint.replies = [httpx2.Response(reply.status_code, headers=reply.headers, content=content)]
        answered = await asked.complete(contestant(), MESSAGES)

    assert isinstance(tried, Completion)
    assert (tried.text, tried.cut) == ("…", True)
    assert kinds(answered) == FailureKind.EMPTY


@pytest.mark.parametrize(
    ("reply", "kind"),
    [
        (refused(404, code="model_not_found"), FailureKind.NOT_FOUND),
        (streamed(chunk(" ", finish="stop"), "[DONE]"), FailureKind.EMPTY),
    ],
)
async def test_a_model_that_does_not_answer_fails_its_trial(
    reply: httpx2.Response, kind: FailureKind
) -> None:
    async with models(Endpoint(reply)) as asked:
        assert kinds(await asked.probe("local", "gone")) == kind


@pytest.mark.parametrize(
    ("reply", "failure"),
    [
        (httpx2.Response(200, json={"data": []}), None),
        (httpx2.Response(200, text="not even JSON"), None),
        (refused(404), None),
        (refused(405), None),
        (refused(501), None),
        (refused(401), Failure(FailureKind.AUTH, ms())),
        (refused(503, headers={"retry-after": "7"}), Failure(FailureKind.OVERLOADED, ms(), 7)),
        (httpx2.ConnectError("refused"), Failure(FailureKind.UNREACHABLE, ms())),
    ],
)
async def test_an_endpoint_is_reachable_when_it_lets_us_in(reply: Reply, failure: Failure | None) -> None:
    endpoint = Endpoint(reply)
    async with models(endpoint) as asked:
        assert await asked.reachable("local") == failure

    assert [(request.method, request.url.path) for request in endpoint.requests] == [("GET", "/v1/models")]
    assert endpoint.requests[0].headers["authorization"] == f"Bearer {KEY}"


async def test_an_endpoint_that_does_not_answer_in_time_is_not_reachable(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("bot.adapters.openai_call._REACHABLE_S", 0.1)

    async def mute(_: Wire, __: asyncio.StreamWriter) -> None:
        pass

    async with Wire(mute, watched=True).open() as wire, over(wire) as asked:
        assert await asked.reachable("local") == Failure(FailureKind.TIMEOUT, ms(ge=100))
        await wire.left()


async def test_an_endpoint_that_settings_no_longer_have_is_not_found() -> None:
    async with models(Endpoint(streamed(*GOOD))) as asked:
        assert await asked.complete(contestant("gone"), MESSAGES) == Failure(FailureKind.NOT_FOUND, ms())
        assert await asked.probe("gone", "tiny") == Failure(FailureKind.NOT_FOUND, ms())
        assert await asked.reachable("gone") == Failure(FailureKind.NOT_FOUND, 0)
