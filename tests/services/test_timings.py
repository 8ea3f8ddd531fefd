"""What is told of times: how long people and models took, and of a sealed side nothing."""

import pytest

from bot.domain.channel_config import ChannelConfig
from bot.domain.completion import FailureKind
from bot.domain.ids import MessageTs, ThreadKey
from tests.builders import ENDPOINTS, PLACE, completion, failure
from tests.fakes.world import START
from tests.services.house import DUELS, PAIR, House

ASKED = "models_asked"


async def test_of_an_answer_it_is_told_how_long_its_endpoint_took(house: House) -> None:
    house.set(ChannelConfig(answer="support"))
    house.models.say("support", completion("Yes.", total_ms=700))
    await house.ask()

    (told,) = house.observer.named(ASKED)
    assert (told["asked"], told["ms"]) == (1, 700)
    assert told["endpoint"] in {endpoint.name for endpoint in ENDPOINTS.values()}


async def test_of_a_duel_the_slower_side_without_its_endpoint(house: House) -> None:
    house.set(DUELS)
    house.models.say(PAIR[0], completion("Yes.", total_ms=700))
    house.models.say(PAIR[1], completion("No.", total_ms=1900))
    await house.ask()

    assert house.observer.named(ASKED) == [{"asked": 2, "ms": 1900, "endpoint": None}]


async def test_of_a_follow_up_by_a_sealed_side_nothing(house: House) -> None:
    house.set(DUELS)
    await house.ask()
    before = len(house.observer.named(ASKED))
    await house.follow("And then?", 1)

    assert len(house.observer.named(ASKED)) == before


async def test_a_failure_took_its_time_too(house: House) -> None:
    house.set(ChannelConfig(answer="support"))
    house.models.say("support", failure(FailureKind.TIMEOUT, total_ms=90_000))
    await house.ask()

    assert house.observer.named(ASKED)[0]["ms"] == 90_000


@pytest.mark.parametrize(("seconds_ago", "ms"), [(5, 5000), (-5, 0)])
async def test_people_s_time_runs_from_their_message_to_the_answer(
    house: House, seconds_ago: int, ms: int
) -> None:
    asked_at = MessageTs(f"{START.timestamp() - seconds_ago:.6f}")
    await house.ask(at=asked_at, thread=ThreadKey(PLACE, asked_at))

    assert house.observer.named("question_answered")[0]["ms"] == ms
