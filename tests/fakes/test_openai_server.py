"""The fake must be like the real thing where the bot looks: through the real SDK, over real HTTP."""

import asyncio
import time
from collections.abc import AsyncIterator

import openai
import pytest
from openai import AsyncOpenAI
from openai.types.chat import ChatCompletionChunk

from tests.fakes.openai_replies import (
    Answer,
    Hangup,
    Received,
    Refusal,
    broken,
    cut,
    empty,
    error_in_stream,
    filtered,
    forbidden,
    garbage,
    model_not_found,
    out_of_tokens,
    overloaded,
    quota_exhausted,
    rate_limited,
    slow,
    stalled,
    unauthorized,
    without_usage,
)
from tests.fakes.openai_server import FakeOpenAI

TEXT = "Fold the dough,  then\nlet it rest."


@pytest.fixture
async def fake() -> AsyncIterator[FakeOpenAI]:
    async with FakeOpenAI() as server:
        yield server


@pytest.fixture
async def client(fake: FakeOpenAI) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(base_url=fake.base_url, api_key="key", max_retries=0, timeout=5) as sdk:
        yield sdk


async def stream(client: AsyncOpenAI, model: str = "fake") -> AsyncIterator[ChatCompletionChunk]:
    chunks = await client.chat.completions.create(
        model=model,
        messages=[{"role": "system", "content": "You are a cook."}, {"role": "user", "content": "Pizza?"}],
        stream=True,
        stream_options={"include_usage": True},
    )
    async for chunk in chunks:
        yield chunk


async def said(client: AsyncOpenAI) -> tuple[str, str | None, int | None]:
    """The text, why it ended, and the completion tokens; None when they were not reported."""
    text, reason, tokens = "", None, None
    async for chunk in stream(client):
        for choice in chunk.choices:
            text += choice.delta.content or ""
            reason = choice.finish_reason or reason
        if chunk.usage:
            assert not chunk.choices
            tokens = chunk.usage.completion_tokens
    return text, reason, tokens


async def test_without_a_script_it_repeats_the_question_at_once(client: AsyncOpenAI) -> None:
    assert await said(client) == ("Answer to: Pizza?", "stop", 3)


@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (TEXT, (TEXT, "stop", 7)),
        (slow(TEXT, first_byte_seconds=0.01, token_seconds=0.001), (TEXT, "stop", 7)),
        (out_of_tokens("Fold the"), ("Fold the", "length", 2)),
        (filtered(), ("", "content_filter", 0)),
        (without_usage(TEXT), (TEXT, "stop", None)),
        (empty(), ("", "stop", 0)),
    ],
    ids=["text", "slow", "length", "filter", "no usage", "empty"],
)
async def test_streams_what_it_is_told(
    fake: FakeOpenAI,
    client: AsyncOpenAI,
    reply: Answer | str,
    expected: tuple[str, str, int | None],
) -> None:
    fake.script("fake", reply)

    assert await said(client) == expected


async def test_answers_in_one_piece_when_no_stream_is_wanted(fake: FakeOpenAI, client: AsyncOpenAI) -> None:
    fake.script("fake", TEXT)

    answer = await client.chat.completions.create(
        model="fake", messages=[{"role": "user", "content": "Pizza?"}]
    )

    assert answer.choices[0].message.content == TEXT
    assert answer.usage
    assert answer.usage.total_tokens == 8


@pytest.mark.parametrize(
    ("reply", "error", "code"),
    [
        (unauthorized(), openai.AuthenticationError, "invalid_api_key"),
        (forbidden(), openai.PermissionDeniedError, "model_not_found"),
        (model_not_found("gone"), openai.NotFoundError, "model_not_found"),
        (rate_limited(7), openai.RateLimitError, "rate_limit_exceeded"),
        (quota_exhausted(), openai.RateLimitError, "insufficient_quota"),
        (broken(), openai.InternalServerError, None),
        (overloaded(3), openai.InternalServerError, None),
    ],
    ids=lambda value: str(value.status) if isinstance(value, Refusal) else None,
)
async def test_refuses_as_openai_does(
    fake: FakeOpenAI,
    client: AsyncOpenAI,
    reply: Refusal,
    error: type[openai.APIStatusError],
    code: str | None,
) -> None:
    fake.script("fake", reply)

    with pytest.raises(error) as caught:
        await said(client)

    assert caught.value.code == code
    wait = reply.retry_after_seconds
    assert caught.value.response.headers.get("retry-after") == (None if wait is None else f"{wait:g}")


@pytest.mark.parametrize(
    ("reply", "error"),
    [
        (Hangup(), openai.APIConnectionError),
        (cut(TEXT, after_words=2), Exception),
        (garbage(TEXT, after_words=2), ValueError),
        (error_in_stream(TEXT, after_words=2), openai.APIError),
    ],
    ids=["hang up", "cut", "garbage", "error"],
)
async def test_fails_before_or_in_the_middle_of_a_stream(
    fake: FakeOpenAI,
    client: AsyncOpenAI,
    reply: Answer | Hangup,
    error: type[Exception],
) -> None:
    fake.script("fake", reply)
    words: list[str] = []

    async def listen() -> None:
        async for chunk in stream(client):
            words.append(chunk.choices[0].delta.content or "")  # noqa: PERF401 - it ends by an exception

    with pytest.raises(error):
        await listen()

    assert "".join(words) == ("" if isinstance(reply, Hangup) else "Fold the")


async def test_a_stall_lasts_until_the_client_leaves(fake: FakeOpenAI, client: AsyncOpenAI) -> None:
    fake.script("fake", stalled(TEXT, after_words=1))

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.2):
            await said(client)

    async with asyncio.timeout(2):
        while fake.in_flight:  # noqa: ASYNC110 - a fake needs no event for one test
            await asyncio.sleep(0.01)
    assert fake.most_in_flight == 1


async def test_replies_are_used_up_in_order_and_the_last_one_stays(
    fake: FakeOpenAI,
    client: AsyncOpenAI,
) -> None:
    fake.script("fake", broken(), "one", "two")

    with pytest.raises(openai.InternalServerError):
        await said(client)
    assert [(await said(client))[0] for _ in range(3)] == ["one", "two", "two"]


async def test_a_callable_sees_the_request_and_may_wait(fake: FakeOpenAI, client: AsyncOpenAI) -> None:
    go = asyncio.Event()

    async def reply(received: Received) -> str:
        await go.wait()
        return f"{received.system} {received.question}"

    fake.script("fake", reply)
    asked = asyncio.create_task(said(client))
    await asyncio.sleep(0.05)
    assert not asked.done()
    go.set()

    assert (await asked)[0] == "You are a cook. Pizza?"


async def test_remembers_headers_and_body(fake: FakeOpenAI, client: AsyncOpenAI) -> None:
    await said(client)

    (request,) = fake.chats
    assert request.headers["authorization"] == "Bearer key"
    assert request.model == "fake"
    assert request.body["stream_options"] == {"include_usage": True}


async def test_lists_models_and_knows_no_others(fake: FakeOpenAI, client: AsyncOpenAI) -> None:
    fake.script("new", "hello")
    fake.remove("fake")

    assert [model.id async for model in client.models.list()] == ["new"]
    with pytest.raises(openai.NotFoundError):
        await said(client)


async def test_can_ask_for_a_key() -> None:
    async with FakeOpenAI(api_key="right") as fake:
        async with AsyncOpenAI(base_url=fake.base_url, api_key="wrong", max_retries=0) as client:
            with pytest.raises(openai.AuthenticationError):
                await said(client)
            with pytest.raises(openai.AuthenticationError):
                await client.models.list()
        async with AsyncOpenAI(base_url=fake.base_url, api_key="right", max_retries=0) as client:
            assert (await said(client))[1] == "stop"


async def test_can_go_away_and_come_back_at_the_same_address(fake: FakeOpenAI, client: AsyncOpenAI) -> None:
    address = fake.base_url
    await fake.refuse_connections()
    with pytest.raises(openai.APIConnectionError):
        await said(client)

    await fake.accept_connections()

    assert fake.base_url == address
    assert (await said(client))[1] == "stop"


async def test_adds_no_latency_of_its_own(client: AsyncOpenAI) -> None:
    await said(client)
    began = time.perf_counter()
    await asyncio.gather(*(said(client) for _ in range(20)))

    assert time.perf_counter() - began < 5  # a sanity bound, not a measurement
