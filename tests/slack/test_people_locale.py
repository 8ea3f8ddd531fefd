"""A person's language: asked of Slack at the first contact, remembered, never waited for twice."""

from collections.abc import AsyncGenerator

import pytest

from bot.slack.people import LOCALE_FOR, SILENT_FOR, SOON
from tests.slack.door_kit import House, open_house


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    async with open_house(connect=False) as opened:
        yield opened


async def asked(house: House) -> int:
    return len(await house.control.calls("users.info"))


async def test_a_locale_is_asked_for_once_and_again_after_an_hour(house: House) -> None:
    people, team, user = house.chat.people, house.me.team, house.user("carla")
    assert people.known_locale(team, user) is None

    assert [await people.locale(team, user) for _ in range(3)] == ["de-DE"] * 3
    assert people.known_locale(team, user) == "de-DE"
    once = await asked(house)
    house.store.clock.advance(seconds=LOCALE_FOR.total_seconds() + 1)
    house.slack.core.workspace.user("carla").locale = "en-GB"

    assert await people.locale(team, user) == "en-GB"
    assert (once, await asked(house)) == (1, 2)


async def test_whenever_slack_tells_of_a_person_their_locale_is_brought_up_to_date(house: House) -> None:
    people, team, user = house.chat.people, house.me.team, house.user("carla")
    await people.locale(team, user)
    house.slack.core.workspace.user("carla").locale = "en-GB"

    await people.person(team, user, fresh=True)

    assert people.known_locale(team, user) == "en-GB"


async def test_while_slack_does_not_say_it_is_english_and_nobody_waits_again(house: House) -> None:
    people, team, user = house.chat.people, house.me.team, house.user("carla")
    await house.control.fault("users.info", "error", error="fatal_error", times=99)
    assert [await people.locale(team, user) for _ in range(3)] == ["en-US"] * 3
    tries = await asked(house)

    await people.locale(team, user)
    assert await asked(house) == tries
    await house.control.clear_faults()
    house.store.clock.advance(seconds=SILENT_FOR.total_seconds() + 1)

    assert await people.locale(team, user) == "de-DE"


async def test_who_types_a_command_for_the_first_time_is_answered_in_their_language(house: House) -> None:
    await house.door.connect()
    assert house.chat.people.known_locale(house.me.team, house.user("carla")) is None

    await house.control.command("carla", "general", "/kostprobe help")
    await house.settle()

    assert house.chat.people.known_locale(house.me.team, house.user("carla")) == "de-DE"
    await house.control.command("carla", "general", "/kostprobe help")
    await house.settle()
    assert await asked(house) == 1


async def test_a_question_is_acknowledged_without_asking_slack_about_anybody(house: House) -> None:
    await house.door.connect()

    await house.control.say("carla", "general", "@kostprobe Why?")
    await house.settle()

    assert await asked(house) == 0


async def test_a_language_is_waited_for_a_moment_only_and_known_once_slack_has_said_it(house: House) -> None:
    people, team, user = house.chat.people, house.me.team, house.user("carla")
    await house.control.fault("users.info", "slow", seconds=SOON.total_seconds() + 0.5)

    assert await people.locale(team, user) == "en-US"
    assert (await people.person(team, user)).locale == "de-DE"

    assert await people.locale(team, user) == "de-DE"
    assert await asked(house) == 1
