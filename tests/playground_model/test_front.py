"""OpenAI's API in front of llama.cpp, with a stand-in behind it."""

import json
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.playground.model.launcher import ModelServer, open_model_server
from tests.playground_model.kit import command, put

MESSAGES = [{"role": "user", "content": "Hello"}]


@dataclass(frozen=True)
class House:
    server: ModelServer
    folder: Path
    http: aiohttp.ClientSession

    async def post(self, body: object, path: str = "/chat/completions", **options: Any) -> tuple[int, Any]:
        async with self.http.post(self.server.base_url + path, json=body, **options) as answer:
            return answer.status, await answer.json()

    async def get(self, path: str) -> tuple[int, Any]:
        async with self.http.get(self.server.base_url + path) as answer:
            return answer.status, await answer.json()


@pytest.fixture
async def house(tmp_path: Path) -> AsyncIterator[House]:
    for name in ("chef", "baker", "waiter"):
        put(tmp_path, name, name.encode())
    async with (
        open_model_server(command=command(), adapters=tmp_path, progress=lambda _: None) as server,
        aiohttp.ClientSession() as http,
    ):
        yield House(server, tmp_path, http)


def what_arrived(answer: Any) -> Any:
    """Return the request as the stand-in got it."""
    return json.loads(answer["choices"][0]["message"]["content"])


async def test_the_base_and_every_adapter_are_models(house: House) -> None:
    status, listing = await house.get("/models")

    assert status == 200
    assert listing["object"] == "list"
    names = [entry["id"] for entry in listing["data"]]
    assert [name.partition("-")[0] for name in names] == ["m", "baker", "chef", "waiter"]
    assert names == ["m", *house.server.adapters]
    assert {entry["object"] for entry in listing["data"]} == {"model"}
    assert (await house.get(f"/models/{names[1]}"))[1] == listing["data"][1]


@pytest.mark.parametrize("path", ["/chat/completions", "/completions"])
async def test_an_adapter_has_its_own_position_in_full_and_all_others_not_at_all(
    house: House, path: str
) -> None:
    """The stand-in lists them from the last to the first."""
    for expected, model in enumerate(reversed(house.server.adapters)):
        status, answer = await house.post({"model": model, "messages": MESSAGES}, path)

        assert status == 200
        assert answer["model"] == model
        arrived = what_arrived(answer)
        assert arrived["model"] == "m"
        assert arrived["lora"] == [{"id": id_, "scale": float(id_ == expected)} for id_ in range(3)]


async def test_the_base_model_has_no_adapter_at_all(house: House) -> None:
    _, answer = await house.post({"model": "m", "messages": MESSAGES})

    assert answer["model"] == "m"
    assert what_arrived(answer)["lora"] == [{"id": id_, "scale": 0.0} for id_ in range(3)]


async def test_what_a_client_says_of_adapters_and_caches_is_dropped_all_else_arrives(house: House) -> None:
    body = {"model": "m", "messages": MESSAGES, "temperature": 0.3, "stop": ["ä\n"], "new": {"a": None}}
    unwanted = {"lora": [{"id": 1, "scale": 9.0}], "cache_prompt": True}

    _, answer = await house.post(body | unwanted)

    assert {**what_arrived(answer), "lora": None} == body | {"lora": None}


@pytest.mark.parametrize("path", ["/chat/completions", "/completions"])
async def test_a_model_that_is_not_there_is_an_error_as_openai_has_it(house: House, path: str) -> None:
    status, answer = await house.post({"model": "chef", "messages": MESSAGES}, path)

    assert status == 404
    assert answer["error"] == {
        "message": "The model 'chef' does not exist here.",
        "type": "invalid_request_error",
        "param": "model",
        "code": "model_not_found",
    }
    assert await house.get("/models/chef") == (404, answer)


@pytest.mark.parametrize("body", [{}, {"model": None}, {"model": 3}, [], "m"])
async def test_a_request_without_a_model_is_an_error(house: House, body: object) -> None:
    status, answer = await house.post(body)

    assert (status, answer["error"]["param"]) == (400, "model")


@pytest.mark.parametrize("content", [b"", b"{", b"\xff"])
async def test_what_is_no_json_is_an_error(house: House, content: bytes) -> None:
    async with house.http.post(f"{house.server.base_url}/chat/completions", data=content) as answer:
        assert answer.status == 400
        assert (await answer.json())["error"]["type"] == "invalid_request_error"


async def test_an_error_of_the_model_server_is_passed_back(house: House) -> None:
    status, answer = await house.post({"model": "m", "messages": MESSAGES, "max_tokens": -1})

    assert (status, answer) == (400, {"error": {"message": "no such thing", "code": 400}})


@pytest.mark.parametrize(
    "headers",
    [{"Host": "evil.example"}, {"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}],
)
async def test_no_other_page_may_ask(house: House, headers: dict[str, str]) -> None:
    url = f"{house.server.base_url}/chat/completions"
    async with house.http.post(url, json={"model": "m", "messages": MESSAGES}, headers=headers) as answer:
        assert answer.status == 403


async def test_a_stream_comes_through_at_once_under_the_name_that_was_asked_for(
    house: House, tmp_path: Path
) -> None:
    """The first half arrives while the second waits for the client; what the model wrote is left alone."""
    gate = tmp_path / "gate"
    model = house.server.adapters[0]
    messages = [{"role": "user", "content": 'Say "model":"m"'}, {"role": "user", "content": str(gate)}]
    url = f"{house.server.base_url}/chat/completions"
    async with house.http.post(url, json={"model": model, "messages": messages, "stream": True}) as answer:
        assert answer.content_type == "text/event-stream"
        event = json.loads((await answer.content.readline()).removeprefix(b"data:"))
        gate.touch()
        rest = await answer.content.read()

    assert event["model"] == model
    assert json.loads(event["choices"][0]["delta"]["content"])["messages"] == messages
    assert rest == b"\ndata: [DONE]\n\n"
