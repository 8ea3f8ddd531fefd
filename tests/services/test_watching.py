"""Models that will be shut down: what admins are told, and how often."""

from datetime import timedelta

import pytest

from bot.domain.channel_config import ChannelConfig
from bot.domain.errors import Code, Outage
from bot.domain.ids import ChannelId, ChannelKey
from bot.domain.notices import ModelDies
from bot.domain.shutdowns import Shutdown, Source
from bot.services.ports import TeamFacts
from tests.builders import PLACE, TEAM, tuned
from tests.fakes.world import START
from tests.services.house import House

GPT = "gpt-5-mini"
BAKERS = "ft:pizzaiolo"


def end(days: int, source: Source = Source.ENDPOINT) -> Shutdown:
    """An end so many days from the start on."""
    return Shutdown(START.date() + timedelta(days=days), source)


def told(house: House) -> list[ModelDies]:
    return [notice for _, notice in house.chat.notices if isinstance(notice, ModelDies)]


async def days_told(house: House, days: int) -> list[int]:
    """Look every six hours for so many days; return how many days were left at each notice."""
    for _ in range(days * 4):
        await house.watching.look(TEAM)
        house.clock.advance(hours=6)
    return [notice.days for notice in told(house)]


@pytest.fixture
async def house(house: House) -> House:
    """A channel that support answers in, on a model of openai's; pizzaiolo is registered and not used."""
    house.set(ChannelConfig(answer="support"))
    return house


async def test_of_a_model_without_an_end_nobody_is_told(house: House) -> None:
    await house.watching.look(TEAM)

    assert told(house) == []
    assert house.catalogue.asked == ["local", "openai"]


async def test_admins_are_told_on_five_days_once_each(house: House) -> None:
    house.catalogue.ends["openai"] = {GPT: end(70)}

    assert await days_told(house, 500) == [60, 30, 14, 3, 0]


async def test_who_begins_twenty_days_before_tells_the_nearest_notice_only(house: House) -> None:
    house.catalogue.ends["openai"] = {GPT: end(20)}

    assert await days_told(house, 2) == [20]


async def test_what_is_gone_already_is_told_once(house: House) -> None:
    house.catalogue.ends["openai"] = {GPT: end(-100)}

    assert await days_told(house, 60) == [0]


async def test_every_process_looks_and_one_tells(house: House) -> None:
    house.catalogue.ends["openai"] = {GPT: end(20)}
    await house.watching.look(TEAM)
    house.start()
    await house.watching.look(TEAM)

    assert len(told(house)) == 1


async def test_a_date_that_is_moved_is_told_again(house: House) -> None:
    house.catalogue.ends["openai"] = {GPT: end(10)}
    await house.watching.look(TEAM)
    house.catalogue.ends["openai"] = {GPT: end(40)}
    await house.watching.look(TEAM)
    house.catalogue.ends["openai"] = {}
    await house.watching.look(TEAM)

    assert [notice.days for notice in told(house)] == [10, 40]


async def test_a_notice_says_who_is_concerned_and_where(house: House) -> None:
    announced = end(20, Source.ANNOUNCED)
    house.configs.teams[TEAM] = TeamFacts(ChannelConfig(pair=("chef", "support")), {"pizzaiolo": tuned()})
    other = ChannelKey(TEAM, ChannelId("C2"))
    house.set(ChannelConfig(fallback="chef"), other)
    house.catalogue.ends["openai"] = {GPT: announced}

    await house.watching.look(TEAM)

    assert told(house) == [
        ModelDies(
            model=GPT,
            endpoint="openai",
            names=("chef", "support"),
            channels=(PLACE.channel, other.channel),
            by_default=True,
            end=announced,
            days=20,
            chosen="support",
        )
    ]


async def test_a_fine_tuned_model_is_watched_though_nobody_uses_it(house: House) -> None:
    house.catalogue.ends["local"] = {BAKERS: end(20)}

    await house.watching.look(TEAM)

    assert told(house) == [
        ModelDies(BAKERS, "local", ("pizzaiolo",), (), by_default=False, end=end(20), days=20)
    ]


async def test_a_fine_tuned_model_in_use_is_told_with_where(house: House) -> None:
    house.set(ChannelConfig(answer="support+pizzaiolo", pair=("pizzaiolo", "chef")))
    house.catalogue.ends["local"] = {BAKERS: end(20)}

    await house.watching.look(TEAM)

    [notice] = told(house)
    assert notice.names == ("pizzaiolo", "support+pizzaiolo")
    assert notice.channels == (PLACE.channel,)
    assert not notice.by_default


async def test_a_fine_tuned_model_ends_with_its_base(house: House) -> None:
    model = tuned(model="ft:gpt-5-mini:bakery::abc", endpoint="openai")
    house.configs.teams[TEAM] = TeamFacts(ChannelConfig(), {"pizzaiolo": model})
    house.catalogue.ends["openai"] = {GPT: end(20)}

    await house.watching.look(TEAM)

    assert [notice.model for notice in told(house)] == ["ft:gpt-5-mini:bakery::abc", GPT]


async def test_the_same_id_at_another_endpoint_is_another_model(house: House) -> None:
    house.catalogue.ends["local"] = {GPT: end(20)}

    await house.watching.look(TEAM)

    assert told(house) == []


async def test_an_endpoint_that_cannot_be_asked_is_passed_over_until_the_next_look(house: House) -> None:
    house.catalogue.ends = {"openai": {GPT: end(20)}, "local": {BAKERS: end(20)}}
    house.catalogue.away = {"openai"}
    await house.watching.look(TEAM)
    house.catalogue.away = set()
    await house.watching.look(TEAM)

    assert [notice.model for notice in told(house)] == [BAKERS, GPT]


async def test_somebody_who_does_not_exist_hides_nobody(house: House) -> None:
    house.set(ChannelConfig(answer="nobody"))
    house.catalogue.ends["openai"] = {GPT: end(20)}

    await house.watching.look(TEAM)

    assert [notice.names for notice in told(house)] == [("support",)]


async def test_who_could_not_be_told_is_told_at_the_next_look(house: House) -> None:
    house.catalogue.ends["openai"] = {GPT: end(20)}
    house.faults.before("once.first", Outage(Code.STORE_DOWN))
    await house.watching.look(TEAM)
    assert told(house) == []

    await house.watching.look(TEAM)

    assert len(told(house)) == 1


async def test_the_day_is_that_of_utc(house: House) -> None:
    house.catalogue.ends["openai"] = {GPT: end(61)}
    house.clock.advance(hours=14, minutes=59)
    await house.watching.look(TEAM)
    assert told(house) == []

    house.clock.advance(minutes=1)
    await house.watching.look(TEAM)

    assert [notice.days for notice in told(house)] == [60]
