from collections.abc import Mapping
from typing import Any

import pytest

from bot.domain.thread import Side
from tests.fakes.virtual_time import BACKEND
from tests.services.house import DUELS, House


@pytest.fixture
def anyio_backend() -> tuple[str, Mapping[str, Any]]:
    return BACKEND


@pytest.fixture
def house() -> House:
    return House()


@pytest.fixture
async def open_house(house: House) -> House:
    """A house with an open duel, asked by Ann: support is A, chef is B, the coin says to follow B."""
    house.set(DUELS)
    house.chance.numbers = [0.0, 0.9, 0.1]
    await house.ask("Why?")
    assert house.duel.seal.a.name == "support"
    assert house.duel.follow is Side.B
    return house
