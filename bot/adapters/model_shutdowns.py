"""When models are shut down: the port `Catalogue`.

An endpoint's own list of models says it as `shutdown_date` (OpenAI, Azure) or `expiration_date` (OpenRouter); for
OpenAI's own API `model_shutdowns.toml` knows what was announced.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from bot.adapters.openai_models import OpenAIModels
from bot.domain.shutdowns import Shutdown, Source

_SHIPPED = Path(__file__).parent / "model_shutdowns.toml"
_FIELDS = ("shutdown_date", "expiration_date")
_DATE_LENGTH = len("2026-12-11")


def announced() -> Mapping[str, Shutdown]:
    """Return the ends that OpenAI has announced, by model id."""
    document = tomllib.loads(_SHIPPED.read_text(encoding="utf-8"))
    return {
        model: Shutdown(entry["on"], Source.ANNOUNCED)
        for entry in document["shutdown"]
        for model in entry["models"]
    }


class ModelShutdowns:
    """What endpoints and announcements say.

    Args:
        models: Asks the endpoints.
        known: Ends by model id at OpenAI's own API.
    """

    def __init__(self, models: OpenAIModels, known: Mapping[str, Shutdown]) -> None:
        self._models = models
        self._known = known

    async def shutdowns(self, endpoint_name: str) -> Mapping[str, Shutdown] | None:
        """Return the ends that are known at an endpoint, by model id; None when it could not be asked just now."""
        entries = await self._models.entries(endpoint_name)
        if entries is None:
            return None
        known = self._known if self._models.is_vendor(endpoint_name) else {}
        return {**known, **_said(entries)}


def _said(entries: Sequence[Mapping[str, Any]]) -> dict[str, Shutdown]:
    ends = [(entry.get("id"), _end(entry)) for entry in entries]
    return {
        model: Shutdown(end, Source.ENDPOINT)
        for model, end in ends
        if isinstance(model, str) and end is not None
    }


def _end(entry: Mapping[str, Any]) -> date | None:
    for name in _FIELDS:
        value = entry.get(name)
        if isinstance(value, str):
            try:
                return date.fromisoformat(value[:_DATE_LENGTH])
            except ValueError:
                continue
    return None
