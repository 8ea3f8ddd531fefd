"""Looks whether this machine already runs an OpenAI-compatible model server, at the ports they usually take."""

import asyncio
import json
from collections.abc import Sequence
from dataclasses import dataclass

import aiohttp


@dataclass(frozen=True, slots=True)
class Place:
    """A program and the loopback port it takes unless told otherwise."""

    name: str
    port: int


@dataclass(frozen=True, slots=True)
class Found:
    """A server that answers.

    Attributes:
        name: The program that usually takes this port, for the person who is asked; it may be another.
        base_url: The address to give to an OpenAI client.
        models: The model ids it offers, in its own order; at least one.
    """

    name: str
    base_url: str
    models: tuple[str, ...]


USUAL_PLACES = (
    Place("Ollama", 11434),
    Place("LM Studio", 1234),
    Place("llama.cpp", 8080),
    Place("vLLM", 8000),
)


async def discover(
    places: Sequence[Place] = USUAL_PLACES,
    *,
    timeout_seconds: float = 0.5,
) -> list[Found]:
    """Ask all places at once and return those that offer a model, in the order of ``places``.

    Never raises for what a place answers: no server, a slow one, or one of another kind is not found.

    Args:
        places: Where to look; 127.0.0.1 only.
        timeout_seconds: How long each place may take, all in all.
    """
    timeout = aiohttp.ClientTimeout(total=timeout_seconds)
    async with aiohttp.ClientSession(timeout=timeout) as session:
        answers = await asyncio.gather(*(_ask(session, place) for place in places))
    return [found for found in answers if found]


async def _ask(session: aiohttp.ClientSession, place: Place) -> Found | None:
    base_url = f"http://127.0.0.1:{place.port}/v1"
    try:
        async with session.get(f"{base_url}/models", allow_redirects=False) as response:
            if response.status != 200:  # noqa: PLR2004
                return None
            models = _model_ids(await response.read())
    except (aiohttp.ClientError, TimeoutError, OSError):
        return None
    return Found(place.name, base_url, models) if models else None


def _model_ids(body: bytes) -> tuple[str, ...]:
    """Return the ids in the body of ``GET /v1/models``; nothing when it is of another kind."""
    try:
        listing = json.loads(body)
    except ValueError:
        return ()
    entries = listing.get("data") if isinstance(listing, dict) else None
    if not isinstance(entries, list):
        return ()
    return tuple(
        entry["id"]
        for entry in entries
        if isinstance(entry, dict) and isinstance(entry.get("id"), str) and entry["id"]
    )
