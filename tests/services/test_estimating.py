"""What a change to duels will cost, told with the change."""

from bot.domain.channel_config import ChannelConfig
from bot.domain.costs import Account, Used
from bot.services.estimating import duels
from tests.builders import PLACE, held
from tests.services.house import ADMIN, House


def busy(house: House) -> None:
    contestant = house.contestants.roster(house.configs.facts(PLACE.team)).find("support")
    house.accounts.accounts[PLACE] = Account(30, {contestant.fingerprint: Used(100, 10_000, 5_000)}, 0)


async def test_a_change_to_more_duels_comes_with_what_they_cost(house: House) -> None:
    busy(house)
    change = await house.administering.change(PLACE, ADMIN, {"pair": "support,chef", "duel_share": "100"})

    assert change.estimate is not None
    assert (change.estimate.share, change.estimate.questions) == (100, 100)
    assert change.estimate.tokens.middle == 100 * 150
    assert (change.estimate.money, change.estimate.currency) == (None, "EUR")
    assert change.estimate.guessed


async def test_fewer_duels_or_as_many_need_no_estimate(house: House) -> None:
    house.set(ChannelConfig(pair=("support", "chef"), duel_share=50))

    for settings in ({"duel_share": "50"}, {"duel_share": "20"}, {"ballots": "4"}):
        assert (await house.administering.change(PLACE, ADMIN, settings)).estimate is None
    assert house.faults.count("accounts.account") == 0


async def test_the_team_s_default_has_no_account_of_its_own(house: House) -> None:
    settings = {"pair": "support,chef", "duel_share": "100"}

    assert (await house.administering.change(PLACE, ADMIN, settings, default=True)).estimate is None


async def test_what_all_duels_would_cost_can_be_known_before(house: House) -> None:
    busy(house)
    roster = house.contestants.roster(house.configs.facts(PLACE.team))

    found = await house.estimating.all_duels(PLACE, held(answer="support", pair=("support", "gone")), roster)
    assert found is not None
    assert (found.share, found.guessed) == (100, True)
    everything = held(pair=("support", "chef"), duel_share=100)
    assert await house.estimating.all_duels(PLACE, everything, roster) is None


def test_without_a_pair_there_are_no_duels() -> None:
    assert duels(held(duel_share=100)) == 0
    assert duels(held(duel_share=30, pair=("support", "chef"))) == 30
