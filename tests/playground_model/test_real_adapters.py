"""Real adapters, of random weights, on the real model."""

import asyncio
import math
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from openai import AsyncOpenAI, NotFoundError
from openai.types.chat import ChatCompletionMessageParam

from bot.playground.model.launcher import open_model_server
from bot.playground.model.weights import MODEL_ID
from tests.playground_model.kit import put, random_lora

pytestmark = [pytest.mark.model, pytest.mark.timeout(180)]

QUESTION = "What is a firewall?"
PERSONA = "You are a star chef. Answer in two sentences."


@asynccontextmanager
async def served(folder: Path, told: list[str] | None = None) -> AsyncIterator[AsyncOpenAI]:
    tell = (told if told is not None else []).append
    async with (
        open_model_server(adapters=folder, progress=tell) as server,
        AsyncOpenAI(base_url=server.base_url, api_key="any", max_retries=2) as client,
    ):
        yield client


async def ask(client: AsyncOpenAI, model: str, *, system: str = "", tokens: int = 24) -> str:
    messages: list[ChatCompletionMessageParam] = [{"role": "user", "content": QUESTION}]
    if system:
        messages.insert(0, {"role": "system", "content": system})
    text = ""
    async for chunk in await client.chat.completions.create(
        model=model, messages=messages, max_tokens=tokens, temperature=0, stream=True
    ):
        assert chunk.model == model
        text += "".join(choice.delta.content or "" for choice in chunk.choices)
    return text


async def test_the_two_sides_of_a_duel_never_influence_each_other(tmp_path: Path) -> None:
    """In any order and at once: each says what it says on a server that nobody else has asked anything."""
    a, b = (put(tmp_path / "both", name, random_lora(seed)) for seed, name in enumerate("ab"))
    alone, hybrid = {}, ""
    for model in (a, b, MODEL_ID):
        only = tmp_path / model
        only.mkdir()
        if model != MODEL_ID:
            shutil.copy(tmp_path / "both" / f"{model}.gguf", only)
        async with served(only) as client:
            alone[model] = await ask(client, model)
            if model == a:
                hybrid = await ask(client, a, system=PERSONA)
    assert len({*alone.values(), hybrid}) == 4

    async with served(tmp_path / "both") as client:
        for model in (a, b, a, MODEL_ID, b):
            assert await ask(client, model) == alone[model]
        for pair in ((a, b), (MODEL_ID, a), (a, a)):
            texts = await asyncio.gather(*(ask(client, model) for model in pair))
            assert list(texts) == [alone[model] for model in pair]
        both = await asyncio.gather(ask(client, a), ask(client, a, system=PERSONA))
        assert list(both) == [alone[a], hybrid]


async def test_an_adapter_that_comes_while_an_answer_is_written_does_not_cut_it(tmp_path: Path) -> None:
    async with served(tmp_path) as client:
        expected = await ask(client, MODEL_ID, tokens=200)
        writing = asyncio.create_task(ask(client, MODEL_ID, tokens=200))
        await asyncio.sleep(0.2)
        name = put(tmp_path, "new", random_lora(1))

        assert await ask(client, name, tokens=5)
        assert await writing == expected


@pytest.mark.tuning
async def test_adapters_that_do_not_work_are_told_and_change_nothing(tmp_path: Path) -> None:
    told: list[str] = []
    async with served(tmp_path, told) as client:
        expected = await ask(client, MODEL_ID)
        foreign = put(tmp_path, "foreign", random_lora(1, arch="qwen2"))
        cut = put(tmp_path, "cut", random_lora(1)[:100_000])
        junk = put(tmp_path, "junk", os.urandom(1000))
        numberless = put(tmp_path, "numberless", random_lora(1, spread=math.nan))
        good = put(tmp_path, "good", random_lora(1))

        assert await ask(client, good)
        assert [model.id async for model in client.models.list()] == [MODEL_ID, good]
        for bad in (foreign, cut, junk, numberless):
            with pytest.raises(NotFoundError):
                await ask(client, bad)
        assert await ask(client, MODEL_ID) == expected

    reasons = {line.partition(" is not served: ")[0]: line for line in told}
    assert "arch mismatch" in reasons[f"the adapter {foreign}"]
    assert "corrupted or incomplete" in reasons[f"the adapter {cut}"]
    assert "failed to load" in reasons[f"the adapter {junk}"]
    assert "NaN" in reasons[f"the adapter {numberless}"]
