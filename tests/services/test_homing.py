"""App Home: what a person may see of channels, duels and their own account, and nothing else."""

from dataclasses import replace

import pytest

from bot.domain.access import Grant
from bot.domain.ballot import Choice
from bot.domain.channel_config import ChannelConfig
from bot.domain.home import Home, SharedChannel
from bot.domain.ids import ChannelId, ChannelKey, UserId
from bot.services.homing import MOST_CHANNELS, Homing
from tests.builders import ANN, PLACE, TEAM, person
from tests.services.house import ADMIN, DUELS, House

OTHER = ChannelKey(TEAM, ChannelId("C0OTHER"))
BEN = UserId("U0BEN")


def homing(house: House, *, creators: bool = False) -> Homing:
    return Homing(
        administering=house.administering,
        configs=house.configs,
        open_duels=house.open_duels,
        pseudonyms=house.pseudonyms,
        budget=house.budget,
        rights=replace(house.rights, creators=creators),
        chat=house.chat,
        clock=house.clock,
        caps=house.caps,
    )


async def home(house: House, user: UserId = ANN, *, creators: bool = False) -> Home:
    return await homing(house, creators=creators).home(TEAM, user)


def share(house: House, *channels: tuple[ChannelKey, str, UserId | None]) -> None:
    house.chat.channels = [SharedChannel(*channel) for channel in channels]


async def test_without_a_channel_in_common_there_is_only_ones_own(house: House) -> None:
    shown = await home(house)

    assert (shown.channels, shown.waiting, shown.more) == ((), (), 0)
    assert (shown.used, shown.cap, shown.admins) == (0, 30, False)


async def test_channels_with_a_config_of_their_own_come_first_and_say_who_answers(house: House) -> None:
    share(house, (PLACE, "aa", None), (OTHER, "zz", None))
    house.set(ChannelConfig(answer="chef"), OTHER)

    shown = await home(house)

    assert [(one.report.place, one.report.held.answer) for one in shown.channels] == [
        (OTHER, "chef"),
        (PLACE, "support"),
    ]


async def test_an_open_duel_waits_until_one_has_voted(house: House) -> None:
    house.set(DUELS)
    share(house, (PLACE, "kitchen", None))
    await house.ask("A or B?", asker=BEN)

    before = await home(house)
    await house.vote(before.waiting[0].duel.id, ANN, Choice.A)
    after = await home(house)

    assert [one.question for one in before.waiting] == ["A or B?"]
    assert after.waiting == ()


async def test_who_only_looks_is_given_no_pseudonym(house: House) -> None:
    house.set(DUELS)
    share(house, (PLACE, "kitchen", None))
    await house.ask("A or B?", asker=BEN)

    assert len((await home(house)).waiting) == 1
    assert await house.pseudonyms.known(TEAM, ANN) is None


async def test_duels_of_channels_that_one_is_not_in_are_not_shown(house: House) -> None:
    house.set(DUELS)
    share(house, (OTHER, "elsewhere", None))
    await house.ask("A or B?", asker=BEN)

    assert (await home(house)).waiting == ()


async def test_who_may_not_vote_is_offered_no_duel(house: House) -> None:
    house.set(DUELS)
    share(house, (PLACE, "kitchen", None))
    house.chat.people[ANN] = person(ANN, stranger=True)
    await house.ask("A or B?", asker=BEN)

    assert (await home(house)).waiting == ()


async def test_answers_of_the_day_are_counted(house: House) -> None:
    await house.ask("Why?", asker=ANN)

    assert ((await home(house)).used, (await home(house, BEN)).used) == (1, 0)


async def test_an_admin_configures_every_channel_and_is_asked_for_anew(house: House) -> None:
    share(house, (PLACE, "kitchen", None), (OTHER, "zz", None))

    shown = await home(house, ADMIN)

    assert [one.may_configure for one in shown.channels] == [True, True]
    assert shown.admins
    assert house.chat.asked_fresh == [ADMIN]


async def test_a_right_for_one_channel_shows_in_that_channel_only(house: House) -> None:
    share(house, (PLACE, "aa", None), (OTHER, "zz", None))
    house.grants.rights[PLACE] = {ANN: Grant(ANN, ADMIN, house.clock.now())}

    shown = await home(house)

    assert [one.may_configure for one in shown.channels] == [True, False]
    assert not shown.admins


async def test_a_guest_configures_nothing(house: House) -> None:
    share(house, (PLACE, "aa", ANN))
    house.chat.people[ANN] = person(ANN, guest=True)

    assert [one.may_configure for one in (await home(house, creators=True)).channels] == [False]


@pytest.mark.parametrize("creators", [True, False])
async def test_who_made_a_channel_configures_it_where_the_team_wants_that(
    house: House, *, creators: bool
) -> None:
    share(house, (PLACE, "aa", ANN), (OTHER, "zz", BEN))

    shown = await home(house, creators=creators)

    assert [one.may_configure for one in shown.channels] == [creators, False]


async def test_of_very_many_channels_the_rest_is_counted(house: House) -> None:
    many = [ChannelKey(TEAM, ChannelId(f"C{number:04}")) for number in range(MOST_CHANNELS + 12)]
    share(house, *((place, place.channel, None) for place in many))

    shown = await home(house)

    assert (len(shown.channels), shown.more) == (MOST_CHANNELS, 12)


async def test_people_in_a_waiting_question_are_named(house: House) -> None:
    house.set(DUELS)
    share(house, (PLACE, "kitchen", None))
    house.chat.people[UserId("U0CLEO123")] = replace(person(UserId("U0CLEO123")), name="cleo")
    await house.ask("Is @U0CLEO123 right?", asker=BEN)

    assert [one.question for one in (await home(house)).waiting] == ["Is @Cleo right?"]
    assert [one.question for one in await house.dueling.latest(PLACE)] == ["Is @Cleo right?"]
