"""Whether a process may be given work, and how it says that it is leaving."""

import asyncio
from dataclasses import dataclass

from bot.bootstrap.status import KNOWN_S, PROBED_S, REFUSED_S, Status


@dataclass
class Hands:
    """A clock that is turned by hand, and a part that is well or not."""

    time: float = 1000.0
    well: bool = True
    asked: int = 0

    def now(self) -> float:
        return self.time

    async def ask(self) -> bool:
        self.asked += 1
        return self.well


def status() -> tuple[Status, Hands]:
    hands = Hands()
    made = Status(now=hands.now)
    made.ask("store", hands.ask)
    return made, hands


async def test_all_is_well_at_first() -> None:
    made, _ = status()

    assert await made.parts() == {"store": True, "slack": True, "staying": True}


async def test_a_part_that_is_not_well_is_named_until_it_is() -> None:
    made, hands = status()
    hands.well = False
    assert (await made.parts())["store"] is False

    hands.well = True
    hands.time += KNOWN_S
    assert (await made.parts())["store"] is True


async def test_asking_again_and_again_does_not_ask_the_part_each_time() -> None:
    made, hands = status()
    for _ in range(100):
        await made.parts()
    assert hands.asked == 1

    hands.time += KNOWN_S
    await made.parts()
    assert hands.asked == 2


async def test_a_token_that_slack_refuses_counts_for_a_while() -> None:
    made, hands = status()
    made.fact("slack_token_refused", method="chat.postMessage")
    assert made.fault("anything", ValueError()) == ""
    assert (await made.parts())["slack"] is False

    hands.time += REFUSED_S
    assert (await made.parts())["slack"] is True


async def test_a_door_that_is_no_longer_connected_to_slack_is_not_ready() -> None:
    made, hands = status()
    made.ask("slack", hands.ask)
    hands.well = False

    assert (await made.parts())["slack"] is False


async def test_leaving_waits_until_a_load_balancer_has_heard_of_it() -> None:
    made, _ = status()
    await made.parts()
    made.leave()
    waiting = asyncio.create_task(made.heard(60))
    await asyncio.sleep(0)
    assert not waiting.done()

    assert (await made.parts())["staying"] is False
    await waiting


async def test_leaving_does_not_wait_for_ever() -> None:
    made, _ = status()
    await made.parts()
    made.leave()

    await made.heard(0.01)


async def test_leaving_does_not_wait_where_nobody_asks() -> None:
    made, hands = status()
    made.leave()
    async with asyncio.timeout(1):
        await made.heard(60)

    made, hands = status()
    await made.parts()
    hands.time += PROBED_S
    made.leave()
    async with asyncio.timeout(1):
        await made.heard(60)
