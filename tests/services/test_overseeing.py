import pytest

from bot.domain.completion import FailureKind
from bot.domain.errors import Code, Outage
from bot.domain.reports import Keeps, StoreStatus
from bot.services.ports import Backlog
from tests.builders import LOCAL, OPENAI, TEAM, failure
from tests.fakes.world import START
from tests.services.house import House


async def test_the_state_of_the_whole_is_told(house: House) -> None:
    house.health.waiting = Backlog(waiting_threads=3, dead_letters=1, workers=2)
    house.models.down["local"] = failure(FailureKind.UNREACHABLE)
    house.faults.at("models.reachable", lambda: house.clock.advance(seconds=0.25))

    status = await house.overseeing.status(TEAM)

    assert (status.version, status.started_at) == ("0.1.0", START)
    assert (status.waiting_threads, status.dead_letters, status.workers) == (3, 1, 2)
    assert status.store == StoreStatus("valkey 9.1.2", Keeps.EVERY_WRITE, (), 0.2)
    assert [(each.endpoint, each.failure, each.latency_ms) for each in status.endpoints] == [
        (OPENAI, None, 250.0),
        (LOCAL, FailureKind.UNREACHABLE, 0.0),
    ]
    assert status.persona_faults == ()


@pytest.mark.parametrize("step", ["health.store", "health.backlog"])
async def test_a_store_that_is_down_is_an_outage_like_anywhere_else(house: House, step: str) -> None:
    house.faults.before(step, Outage(Code.STORE_DOWN))

    with pytest.raises(Outage):
        await house.overseeing.status(TEAM)
