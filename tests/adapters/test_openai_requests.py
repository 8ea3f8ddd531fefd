import asyncio
import json
import logging
from contextlib import AsyncExitStack
from typing import Any

import httpx2
import pytest

from bot.adapters.openai_endpoint import http_client, is_loopback
from bot.adapters.openai_models import EndpointSettings, OpenAIModels
from bot.domain.completion import FailureKind
from tests.adapters.openai_scripts import (
    GOOD,
    KEY,
    LOOPBACK,
    MESSAGES,
    QUESTION,
    VENDOR_WORDS,
    Endpoint,
    Facts,
    chunk,
    contestant,
    kinds,
    local,
    models,
    refused,
    streamed,
)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


# ---------------------------------------------------------------- what is sent

SET = {
    "temperature": 0.2,
    "top_p": 0.9,
    "max_tokens": 300,
    "seed": 7,
    "stop": ["END"],
    "extra": {"min_p": 0.1},
}


async def sent(*settings: EndpointSettings, **parameters: Any) -> dict[str, Any]:
    endpoint = Endpoint(streamed(*GOOD))
    async with models(endpoint, *settings) as asked:
        await asked.complete(contestant(**parameters), MESSAGES)
    return endpoint.bodies[0]


async def test_only_what_is_set_is_sent() -> None:
    assert await sent() == {
        "model": "tiny",
        "messages": [{"role": "system", "content": "You are brief."}, {"role": "user", "content": QUESTION}],
        "stream": True,
        "stream_options": {"include_usage": True},
    }


async def test_any_endpoint_gets_what_all_servers_know() -> None:
    body = await sent(**SET, reasoning_effort="low")

    assert {name: body[name] for name in body.keys() - {"messages", "model", "stream", "stream_options"}} == {
        "temperature": 0.2,
        "top_p": 0.9,
        "max_tokens": 300,
        "seed": 7,
        "stop": ["END"],
        "min_p": 0.1,
    }


@pytest.mark.parametrize("base_url", [None, "https://api.openai.com/v1", "https://eu.api.openai.com/v1"])
async def test_the_vendor_gets_its_own_parameters(base_url: str | None) -> None:
    body = await sent(local(base_url=base_url), **SET, reasoning_effort="low")

    assert {name: body[name] for name in body.keys() - {"messages", "model", "stream", "stream_options"}} == {
        "temperature": 0.2,
        "top_p": 0.9,
        "max_completion_tokens": 300,
        "reasoning_effort": "low",
        "seed": 7,
        "stop": ["END"],
        "min_p": 0.1,
        "store": False,
    }


async def test_the_key_goes_to_its_endpoint_and_what_the_environment_holds_goes_nowhere(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "sk-of-the-vendor")
    monkeypatch.setenv("OPENAI_ORG_ID", "org-of-the-vendor")
    monkeypatch.setenv("OPENAI_PROJECT_ID", "project-of-the-vendor")
    monkeypatch.setenv("OPENAI_BASE_URL", "https://elsewhere.example/v1")
    monkeypatch.setenv("OPENAI_CUSTOM_HEADERS", "Authorization: Bearer sk-of-a-proxy")
    settings = [
        local(headers={"x-team": "kitchen"}),
        local(name="open", api_key=None),
        local(name="own", headers={"authorization": "Basic abc"}),
        local(name="vendor", base_url=None),
    ]
    endpoint = Endpoint(streamed(*GOOD))
    async with models(endpoint, *settings) as asked:
        for each in settings:
            endpoint.replies = [streamed(*GOOD)]
            await asked.complete(contestant(each.name), MESSAGES)
    keyed, keyless, own, vendor = endpoint.requests

    assert (keyed.headers["authorization"], keyed.headers["x-team"]) == (f"Bearer {KEY}", "kitchen")
    assert "authorization" not in keyless.headers
    assert own.headers["authorization"] == "Basic abc"
    assert vendor.headers["authorization"] == f"Bearer {KEY}"
    assert vendor.url.host == "api.openai.com"
    assert vendor.headers["openai-organization"] == "org-of-the-vendor"
    for request in (keyed, keyless, own):
        assert "of-the-vendor" not in str(request.headers.raw)


@pytest.mark.parametrize("status", [400, 422])
async def test_an_endpoint_that_cannot_count_is_asked_without_from_then_on(status: int) -> None:
    complaint = httpx2.Response(
        status, json={"detail": [{"loc": ["body", "stream_options"], "msg": "forbidden"}]}
    )
    endpoint = Endpoint(complaint, streamed(*GOOD), streamed(*GOOD))
    async with models(endpoint) as asked:
        results = [await asked.complete(contestant(), MESSAGES) for _ in range(2)]

    assert [kinds(result) for result in results] == ["Hello there."] * 2
    assert ["stream_options" in body for body in endpoint.bodies] == [True, False, False]


async def test_two_requests_that_learn_it_at_once_are_both_answered() -> None:
    both = asyncio.Event()
    counted = 0

    async def answer(request: httpx2.Request) -> httpx2.Response:
        nonlocal counted
        if "stream_options" not in json.loads(request.content):
            return streamed(*GOOD)
        counted += 1
        if second := counted == 2:
            both.set()
        await both.wait()
        await asyncio.sleep(0.05 if second else 0)
        return refused(400, param="stream_options")

    def client(_: EndpointSettings) -> httpx2.AsyncClient:
        return httpx2.AsyncClient(transport=httpx2.MockTransport(answer))

    async with OpenAIModels([local()], http_client_factory=client) as asked:
        results = await asyncio.gather(*(asked.complete(contestant(), MESSAGES) for _ in range(2)))

    assert [kinds(result) for result in results] == ["Hello there."] * 2


async def test_a_refusal_that_only_quotes_the_option_is_not_remembered() -> None:
    complaint = refused(400, param="stream_options")
    endpoint = Endpoint(complaint, complaint, streamed(*GOOD))
    async with models(endpoint) as asked:
        results = [await asked.complete(contestant(), MESSAGES) for _ in range(2)]

    assert [kinds(result) for result in results] == [FailureKind.REJECTED, "Hello there."]
    assert ["stream_options" in body for body in endpoint.bodies] == [True, False, True]


# ---------------------------------------------------------------- settings and secrecy


def test_a_host_that_is_locked_is_refused_before_anything_is_sent() -> None:
    for base_url in (None, "https://api.example/v1", "http://127.0.0.1@api.example/v1"):
        with pytest.raises(ValueError, match="locked"):
            OpenAIModels([local(base_url=base_url)], allow_hosts=LOOPBACK)


async def test_this_machine_is_not_locked() -> None:
    urls = ("http://127.0.0.1:1/v1", "http://[::1]:1/v1", "http://LOCALHOST:1/v1")
    settings = [local(name=url, base_url=url) for url in urls]
    async with OpenAIModels(settings, allow_hosts=LOOPBACK):
        pass


def test_two_endpoints_of_one_name_are_refused() -> None:
    with pytest.raises(ValueError, match="one name"):
        OpenAIModels([local(), local()])


@pytest.mark.parametrize(
    "changes",
    [
        {"base_url": "127.0.0.1:8080/v1"},
        {"base_url": "ftp://127.0.0.1/v1"},
        {"base_url": "http:///v1"},
        {"api_key": f"{KEY}\n"},
        {"api_key": f"{KEY} "},
        {"api_key": f"“{KEY}”"},
        {"headers": {"x-key": f"{KEY}\r\nx: y"}},
        {"headers": {"": KEY}},
        {"timeout_s": 0},
        {"concurrency": 0},
    ],
)
def test_settings_that_cannot_work_are_refused_without_showing_the_key(changes: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="'local'") as caught:
        local(**changes)

    assert KEY not in str(caught.value)


def test_a_key_is_never_shown() -> None:
    assert KEY not in repr(local(headers={"x-key": KEY}))


async def test_no_log_and_no_fact_holds_a_key_a_question_or_a_vendors_words(
    caplog: pytest.LogCaptureFixture,
) -> None:
    caplog.set_level(logging.DEBUG)
    facts = Facts()
    endpoint = Endpoint(
        refused(503), streamed(*GOOD), refused(400), streamed(chunk("Some"), {"error": VENDOR_WORDS})
    )
    async with models(endpoint, on_fact=facts) as asked:
        for _ in range(3):
            await asked.complete(contestant(), MESSAGES)

    assert facts.names == ["model_retried", "model_answered", "model_failed", "model_failed"]
    for text in (caplog.text, str(facts.told)):
        assert not [word for word in (KEY, QUESTION, VENDOR_WORDS, "Hello", "tiny") if word in text]


@pytest.mark.parametrize(
    ("host", "own"),
    [("127.0.0.2", True), ("::1", True), ("localhost", True), ("10.0.0.1", False), ("a.test", False)],
)
def test_this_machine_is_known_by_its_names(host: str, own: bool) -> None:
    assert is_loopback(host) is own


async def test_a_redirect_is_not_followed_and_this_machine_needs_no_proxy() -> None:
    async with AsyncExitStack() as stack:
        near = await stack.enter_async_context(http_client(local()))
        far = await stack.enter_async_context(http_client(local(base_url=None)))

    assert (near.follow_redirects, near.trust_env) == (False, False)
    assert (far.follow_redirects, far.trust_env) == (False, True)
