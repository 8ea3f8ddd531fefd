"""The sign of a run."""

from bot.services.signing import Sign
from tests.services.house import House


async def test_a_sign_that_was_never_shown_needs_no_waiting_and_no_taking_away(house: House) -> None:
    sign = Sign(house.chat, house.observer)

    await sign.shown()
    await sign.take_away()

    assert house.chat.signed == []
    assert house.observer.facts == []
