import pytest

from bot.domain.channel_config import ChannelConfig
from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import ChannelId, ChannelKey
from bot.services.welcoming import Welcoming
from tests.builders import PLACE, TEAM
from tests.fakes.once import FakeOnce
from tests.services.house import House

OTHER = ChannelKey(TEAM, ChannelId("C2"))


@pytest.fixture
def once(house: House) -> FakeOnce:
    return FakeOnce(house.clock)


@pytest.fixture
def welcoming(house: House, once: FakeOnce) -> Welcoming:
    return Welcoming(once, house.administering, house.chat, house.observer)


async def test_a_channel_is_news_once_a_day_and_each_for_itself(welcoming: Welcoming, house: House) -> None:
    assert await welcoming.is_news(PLACE)
    assert not await welcoming.is_news(PLACE)
    assert await welcoming.is_news(OTHER)
    house.clock.advance(hours=24)
    assert await welcoming.is_news(PLACE)


async def test_it_is_told_who_answers_there(welcoming: Welcoming, house: House) -> None:
    house.configs.channels[PLACE] = ChannelConfig(answer="support")

    await welcoming.welcome(PLACE)

    (posted,) = house.chat.transcript
    assert (posted.spot.place, posted.spot.root) == (PLACE, None)
    assert posted.shown["answer"] == "support"


@pytest.mark.parametrize("fault", [Outage(Code.SLACK_DOWN), Refusal(Code.NOT_IN_CHANNEL)])
async def test_what_could_not_be_said_is_news_at_the_next_invitation(
    fault: Outage | Refusal, welcoming: Welcoming, house: House
) -> None:
    house.chat.faults.before("chat.welcome", fault)
    assert await welcoming.is_news(PLACE)

    with pytest.raises(type(fault)):
        await welcoming.welcome(PLACE)

    assert await welcoming.is_news(PLACE)
