"""When models are shut down, by what endpoints list and what was announced."""

from datetime import date
from typing import Any

import httpx2
import pytest

from bot.adapters.model_shutdowns import ModelShutdowns, announced
from bot.adapters.openai_endpoint import EndpointSettings
from bot.domain.shutdowns import Shutdown, Source, shutdown_of
from tests.adapters.openai_scripts import Endpoint, Reply, local, models, refused

ANNOUNCED = Shutdown(date(2027, 1, 14), Source.ANNOUNCED)
KNOWN = {"gpt-4o": ANNOUNCED}
VENDOR = EndpointSettings("openai")
CHRISTMAS = Shutdown(date(2026, 12, 25), Source.ENDPOINT)


@pytest.fixture(scope="module")
def anyio_backend() -> str:
    return "asyncio"


def listing(*entries: Any) -> httpx2.Response:
    return httpx2.Response(200, json={"object": "list", "data": list(entries)})


async def ends(reply: Reply, settings: EndpointSettings) -> Any:
    async with models(Endpoint(reply), settings) as asked:
        return await ModelShutdowns(asked, KNOWN).shutdowns(settings.name)


@pytest.mark.parametrize(
    "entry",
    [
        {"id": "tiny", "shutdown_date": "2026-12-25"},
        {"id": "tiny", "shutdown_date": None, "expiration_date": "2026-12-25"},
        {"id": "tiny", "expiration_date": "2026-12-25T10:00:00Z"},
        {"id": "tiny", "shutdown_date": "soon", "expiration_date": "2026-12-25"},
    ],
)
async def test_the_endpoints_word_is_taken_by_any_of_its_names(entry: dict[str, Any]) -> None:
    assert await ends(listing(entry), local()) == {"tiny": CHRISTMAS}


@pytest.mark.parametrize(
    "reply",
    [
        listing({"id": "tiny"}, {"id": "gpt-4o", "shutdown_date": None}),
        listing("tiny", {"id": ["tiny"], "shutdown_date": "2026-12-25"}, {"id": "x", "shutdown_date": 7}),
        listing({"id": "tiny", "shutdown_date": "never"}),
        httpx2.Response(200, json={"data": {"id": "tiny"}}),
        httpx2.Response(200, json=[]),
        httpx2.Response(200, text="no list"),
        refused(404),
        refused(403),
    ],
)
async def test_without_a_date_nothing_is_known_but_what_openai_has_announced_of_its_own(reply: Reply) -> None:
    assert await ends(reply, local()) == {}
    assert await ends(reply, VENDOR) == KNOWN


async def test_the_endpoints_word_wins_over_an_announcement() -> None:
    assert await ends(listing({"id": "gpt-4o", "shutdown_date": "2026-12-25"}), VENDOR) == {
        "gpt-4o": CHRISTMAS
    }


@pytest.mark.parametrize("reply", [refused(500), refused(429), httpx2.ConnectError("away")])
async def test_an_endpoint_that_cannot_be_asked_just_now_is_asked_later(reply: Reply) -> None:
    assert await ends(reply, VENDOR) is None


async def test_an_endpoint_that_settings_no_longer_have_knows_nothing() -> None:
    async with models(Endpoint(listing())) as asked:
        assert await ModelShutdowns(asked, KNOWN).shutdowns("gone") == {}


def test_what_is_shipped_are_whole_ids_with_dates_that_were_announced() -> None:
    known = announced()

    assert known["gpt-5-mini"] == Shutdown(date(2026, 12, 11), Source.ANNOUNCED)
    assert known["gpt-4o-mini-2024-07-18"].on == date(2027, 1, 14)
    assert shutdown_of("ft:gpt-4o-mini-2024-07-18:bakery::abc", known) == known["gpt-4o-mini"]
    assert all(type(end.on) is date and model == model.strip().lower() for model, end in known.items())
