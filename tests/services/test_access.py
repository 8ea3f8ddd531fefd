"""Rights for one channel: asked for, given once, taken away, never for guests."""

from collections.abc import Awaitable
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.access import Grant, RequestState
from bot.domain.channel_config import ChannelConfig
from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import ChannelId, ChannelKey, UserId
from bot.domain.notices import AccessDecided, AccessWanted
from tests.builders import ANN, BOB, CAT, PLACE, TEAM, person
from tests.services.house import ADMIN, House

OTHER = ChannelKey(TEAM, ChannelId("C2"))


async def refusal(attempt: Awaitable[object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await attempt
    return caught.value


async def test_a_request_asks_the_admins_once_a_day(house: House) -> None:
    first = await house.access.request(PLACE, ANN)
    second = await house.access.request(PLACE, ANN)
    elsewhere = await house.access.request(OTHER, ANN)

    assert first is None
    assert elsewhere is None
    assert second is not None
    assert second.state is RequestState.OPEN
    assert house.chat.notices == [(ADMIN, AccessWanted(PLACE, ANN)), (ADMIN, AccessWanted(OTHER, ANN))]

    house.clock.advance(seconds=86_401)
    assert await house.access.request(PLACE, ANN) is None
    assert len(house.chat.notices) == 3


async def test_allowed_means_that_channel_and_no_other(house: House) -> None:
    await house.access.request(PLACE, ANN)

    request = await house.access.decide(PLACE, ADMIN, ANN, allow=True)

    assert (request.state, request.by) == (RequestState.ALLOWED, ADMIN)
    assert await house.rights.is_admin(PLACE, ANN)
    assert not await house.rights.is_admin(OTHER, ANN)
    assert not await house.rights.is_admin(PLACE, ANN, whole_team=True)
    assert not await house.rights.is_admin(PLACE, ANN, by_grant=False)
    assert house.chat.notices[-1] == (ANN, AccessDecided(PLACE, allowed=True, by=ADMIN))
    await house.administering.change(PLACE, ANN, {"ballots": "5"})
    assert house.configs.channels == {PLACE: ChannelConfig(ballots=5)}
    assert (await house.administering.show(PLACE)).admins == (ANN,)
    _, entry = house.configs.stream[0]
    assert (entry.what, entry.after) == ("admins C1", {ANN: "allowed"})


async def test_denied_means_told_and_nothing_else(house: House) -> None:
    await house.access.request(PLACE, ANN)
    await house.access.decide(PLACE, ADMIN, ANN, allow=False)

    assert not await house.rights.is_admin(PLACE, ANN)
    assert house.chat.notices[-1] == (ANN, AccessDecided(PLACE, allowed=False, by=ADMIN))
    assert house.configs.stream == []
    earlier = await house.access.request(PLACE, ANN)
    assert earlier is not None
    assert earlier.state is RequestState.DENIED


async def test_a_second_admin_is_given_what_was_decided(house: House) -> None:
    house.chat.people[BOB] = person(BOB, workspace_admin=True)
    await house.access.request(PLACE, ANN)
    await house.access.decide(PLACE, ADMIN, ANN, allow=False)

    request = await house.access.decide(PLACE, BOB, ANN, allow=True)

    assert (request.state, request.by) == (RequestState.DENIED, ADMIN)
    assert not await house.rights.is_admin(PLACE, ANN)
    assert [notice for user, notice in house.chat.notices if user == ANN] == [
        AccessDecided(PLACE, allowed=False, by=ADMIN)
    ]


async def test_who_decides_must_be_an_admin_by_more_than_a_grant_and_still_be_one(house: House) -> None:
    house.chat.people[BOB] = person(BOB, workspace_admin=True)
    await house.access.add(PLACE, ADMIN, CAT)
    await house.access.request(PLACE, ANN)

    refused = await refusal(house.access.decide(PLACE, CAT, ANN, allow=True))
    assert (refused.code, refused.fields) == (Code.ADMINS_ONLY, {"creators": False})
    house.chat.people[BOB] = person(BOB)
    assert (await refusal(house.access.decide(PLACE, BOB, ANN, allow=True))).code is Code.ADMINS_ONLY
    assert not await house.rights.is_admin(PLACE, ANN)


@pytest.mark.parametrize("traits", [{"guest": True}, {"stranger": True}, {"app": True}])
async def test_guests_strangers_and_apps_neither_ask_nor_get_nor_keep_the_right(
    house: House, traits: dict[str, Any]
) -> None:
    await house.access.request(PLACE, ANN)
    house.chat.people[ANN] = person(ANN, **traits)

    assert (await refusal(house.access.request(PLACE, ANN))).code is Code.NEVER_ADMIN
    assert (await refusal(house.access.decide(PLACE, ADMIN, ANN, allow=True))).code is Code.NEVER_ADMIN
    assert (await refusal(house.access.add(PLACE, ADMIN, ANN))).code is Code.NEVER_ADMIN
    house.grants.rights[PLACE] = {ANN: Grant(ANN, ADMIN, house.clock.now())}
    assert not await house.rights.is_admin(PLACE, ANN)
    refused = await refusal(house.rights.check_admin(PLACE, ANN))
    assert "channel" not in refused.fields


async def test_who_may_already_asks_nobody(house: House) -> None:
    assert (await refusal(house.access.request(PLACE, ADMIN))).code is Code.ADMIN_ALREADY
    assert house.chat.notices == []


async def test_when_nobody_can_be_reached_the_person_is_told_and_may_ask_again(house: House) -> None:
    house.chat.unreachable = {ADMIN}

    assert (await refusal(house.access.request(PLACE, ANN))).code is Code.NO_ADMIN_REACHED
    house.chat.unreachable = set()
    assert await house.access.request(PLACE, ANN) is None


async def test_where_the_list_reaches_nobody_the_workspace_s_admins_are_told(house: House) -> None:
    house.chat.unreachable = {ADMIN}
    house.chat.people |= {BOB: person(BOB, workspace_admin=True), CAT: person(CAT, workspace_admin=True)}

    await house.access.request(PLACE, ANN)

    assert [user for user, _ in house.chat.notices] == [BOB, CAT]


async def test_an_outage_while_telling_is_passed_over(house: House) -> None:
    house.faults.before("once.first", Outage(Code.STORE_DOWN))
    notice = AccessWanted(PLACE, ANN)

    assert not await house.notifying.admins(TEAM, notice, key="k", again_after=timedelta(0))
    assert not house.chat.notices
    assert house.observer.named("admins_not_told") == [{"code": "store_down"}]


async def test_the_same_is_told_once_in_its_time(house: House) -> None:
    day = timedelta(days=1)
    notice = AccessWanted(PLACE, ANN)

    assert await house.notifying.admins(TEAM, notice, key="k", again_after=day) == 1
    assert await house.notifying.admins(TEAM, notice, key="k", again_after=day) == 0
    house.clock.advance(seconds=86_400)
    assert await house.notifying.admins(TEAM, notice, key="k", again_after=day) == 1


async def test_a_request_that_is_gone_cannot_be_decided(house: House) -> None:
    assert (await refusal(house.access.decide(PLACE, ADMIN, ANN, allow=True))).code is Code.REQUEST_GONE
    assert not await house.rights.is_admin(PLACE, ANN)


async def test_rights_are_added_listed_and_taken_away_each_with_its_entry(house: House) -> None:
    assert await house.access.add(PLACE, ADMIN, CAT)
    assert not await house.access.add(PLACE, ADMIN, CAT)
    assert await house.access.listed(PLACE) == [Grant(CAT, ADMIN, house.clock.now())]

    assert await house.access.remove(PLACE, ADMIN, CAT)
    assert not await house.access.remove(PLACE, ADMIN, CAT)
    assert await house.access.listed(PLACE) == []
    assert [(entry.before, entry.after) for _, entry in house.configs.stream] == [
        ({}, {CAT: "allowed"}),
        ({CAT: "allowed"}, {}),
    ]
    assert not await house.rights.is_admin(PLACE, CAT)


async def test_who_may_ask_is_told_where(house: House) -> None:
    refused = await refusal(house.rights.check_admin(PLACE, UserId("U9")))

    assert refused.fields == {"creators": False, "channel": "C1"}
    assert (await refusal(house.rights.check_admin(PLACE, UserId("U9"), whole_team=True))).fields == {
        "creators": False
    }
