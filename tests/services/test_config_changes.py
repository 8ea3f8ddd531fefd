"""Changes of config by several people at once, and single keys left open again."""

from collections.abc import Awaitable
from dataclasses import replace

import pytest

from bot.domain.channel_config import ChannelConfig
from bot.domain.errors import Code, Refusal
from tests.builders import ANN, PLACE, TEAM
from tests.services.house import ADMIN, House


async def refusal(attempt: Awaitable[object]) -> Refusal:
    with pytest.raises(Refusal) as caught:
        await attempt
    return caught.value


def another(house: House, version: str, **values: object) -> None:
    """Somebody else writes at this moment."""
    house.configs.channels[PLACE] = replace(ChannelConfig(), **values)  # type: ignore[arg-type]
    house.configs.versions[PLACE] = version


async def test_of_two_changes_at_the_same_instant_both_hold(house: House) -> None:
    house.faults.at("configs.save_channel", lambda: another(house, "9-9", ballots=7))

    change = await house.administering.change(PLACE, ADMIN, {"answer": "chef"})

    assert house.configs.channels[PLACE] == ChannelConfig(answer="chef", ballots=7)
    assert change.changes == {"answer": ("", "chef")}
    assert [entry.after for _, entry in house.configs.stream] == [{"answer": "chef", "ballots": "7"}]


async def test_who_is_overtaken_again_and_again_is_told_and_nothing_is_written(house: House) -> None:
    def overtake(number: int = 1) -> None:
        another(house, f"9-{number}", ballots=number)
        house.faults.at("configs.save_channel", lambda: overtake(number + 1))

    house.faults.at("configs.save_channel", overtake)

    refused = await refusal(house.administering.change(PLACE, ADMIN, {"answer": "chef"}))

    assert refused.code is Code.CHANGED_MEANWHILE
    assert house.configs.channels[PLACE] == ChannelConfig(ballots=4)
    assert house.configs.stream == []


async def test_a_change_of_the_teams_default_is_not_overwritten_either(house: House) -> None:
    def overtake() -> None:
        facts = house.configs.facts(TEAM)
        house.configs.teams[TEAM] = replace(facts, defaults=ChannelConfig(ballots=7), version="9-9")

    house.faults.at("configs.save_defaults", overtake)

    await house.administering.change(PLACE, ADMIN, {"answer": "chef"}, default=True)

    assert house.configs.facts(TEAM).defaults == ChannelConfig(answer="chef", ballots=7)


async def test_a_change_to_what_is_already_so_leaves_no_entry(house: House) -> None:
    await house.administering.change(PLACE, ADMIN, {"answer": "chef"})
    again = await house.administering.change(PLACE, ADMIN, {"answer": "chef"})

    assert again.changes == {}
    assert len(house.configs.stream) == 1


async def test_single_keys_are_left_open_again(house: House) -> None:
    house.set(ChannelConfig(answer="chef", ballots=5, duel_share=20))

    change = await house.administering.unset(PLACE, ADMIN, ["answer", "ballots"])

    assert change.changes == {"answer": ("chef", ""), "ballots": ("5", "")}
    assert house.configs.channels[PLACE] == ChannelConfig(duel_share=20)


async def test_a_key_that_is_none_is_refused_and_so_is_who_may_not(house: House) -> None:
    house.set(ChannelConfig(answer="chef"))

    refused = await refusal(house.administering.unset(PLACE, ADMIN, ["answer", "anwser"]))

    assert (refused.code, refused.fields["suggestion"]) == (Code.UNKNOWN_KEY, "answer")
    assert (await refusal(house.administering.unset(PLACE, ANN, ["answer"]))).code is Code.ADMINS_ONLY
    assert house.configs.channels[PLACE] == ChannelConfig(answer="chef")
