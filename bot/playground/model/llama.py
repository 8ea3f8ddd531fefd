"""What we ask llama.cpp's server about the adapters that it has loaded."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import aiohttp

from bot.playground.model.adapters import Adapter
from bot.playground.model.child import Child, ModelServerError

_TIMEOUT = aiohttp.ClientTimeout(total=60)
_REASON = "failed to apply lora adapter: "


class NoAnswerYetError(ModelServerError):
    """The server took too long to answer: it may be busy, and nothing is known of whatever it was asked about."""


async def positions(
    session: aiohttp.ClientSession, child: Child, adapters: Sequence[Adapter]
) -> dict[str, int]:
    """Return the position of each adapter in the server's own list, which requests refer to; some may be missing.

    Raises:
        ModelServerError: The server gives no answer.
    """
    if not adapters:
        return {}
    listing = await _ask(session, "GET", f"{child.address}/lora-adapters")
    by_path = {entry["path"]: entry["id"] for entry in listing}
    return {adapter.id: by_path[str(adapter.path)] for adapter in adapters if str(adapter.path) in by_path}


async def fault_of(
    session: aiohttp.ClientSession, child: Child, adapter: Adapter, loaded: Mapping[str, int]
) -> str:
    """Have an adapter write one token; say what is wrong with it, if the probability is no number; else empty.

    One with NaN or infinity among its weights loads like any other. Whatever is asked after it, even of the base
    model, is nonsense for as long as the process lives: the NaN stays in llama.cpp's cache of keys and values.

    Raises:
        NoAnswerYetError: The server takes too long.
        ModelServerError: The server gives no answer.
    """
    if adapter.id not in loaded:
        return "the model server did not load it"
    request = {
        "prompt": "Hello",
        "n_predict": 1,
        "n_probs": 1,
        "temperature": 0,
        "lora": scales(loaded, adapter.id),
    }
    answer = await _ask(session, "POST", f"{child.address}/completion", request)
    if any(token["logprob"] is None for token in answer.get("completion_probabilities", [])):
        return "its answers are no numbers (NaN or infinity in its weights)"
    return ""


def scales(loaded: Mapping[str, int], wanted: str) -> list[dict[str, float]]:
    """Return the field ``lora`` of a request: one adapter in full, all others, or all, not at all."""
    return [
        {"id": position, "scale": 1.0 if name == wanted else 0.0}
        for name, position in sorted(loaded.items(), key=lambda entry: entry[1])
    ]


def refused_in(lines: Iterable[str], adapters: Iterable[Adapter]) -> dict[str, str]:
    """Return which adapters the server refused in its last words, by id, and why."""
    wanted = {str(adapter.path): adapter.id for adapter in adapters}
    refused, reason = {}, ""
    for line in lines:
        if _REASON in line:
            reason = line.partition(_REASON)[2]
        elif (named := re.search(r"failed to load lora adapter '(.*)'", line)) and named[1] in wanted:
            refused[wanted[named[1]]] = reason or "failed to load"
    return refused


async def _ask(session: aiohttp.ClientSession, method: str, url: str, body: object = None) -> Any:
    try:
        async with session.request(method, url, json=body, timeout=_TIMEOUT, raise_for_status=True) as answer:
            return await answer.json()
    except TimeoutError as error:
        raise NoAnswerYetError("The model server takes too long to answer.") from error
    except (aiohttp.ClientError, ValueError) as error:
        raise ModelServerError(f"The model server does not answer: {error!r}") from error
