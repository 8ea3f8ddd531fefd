"""Who may stand in, and what setting somebody means for where texts go."""

import pytest

from bot.domain.channel_config import ChannelConfig, Mode
from bot.domain.errors import Code
from tests.builders import PLACE
from tests.services.house import ADMIN, House
from tests.services.test_administering import refusal


async def test_a_fallback_is_set_named_and_counted_among_those_that_texts_go_to(house: House) -> None:
    change = await house.administering.change(PLACE, ADMIN, {"answer": "pizzaiolo", "fallback": "chef"})

    assert house.configs.channels[PLACE].fallback == "chef"
    assert change.report.kinds.keys() == {"pizzaiolo", "chef"}
    assert change.report.outside == ("openai",)
    assert change.report.only_by_fallback


@pytest.mark.parametrize(
    "settings",
    [
        {"answer": "chef", "fallback": "pizzaiolo"},
        {"answer": "support", "fallback": "chef"},
        {"answer": "pizzaiolo", "fallback": "chef", "pair": "chef,pizzaiolo"},
        {"answer": "pizzaiolo", "fallback": "off"},
    ],
)
async def test_what_leaves_the_house_by_others_too_or_not_at_all_is_not_the_fallbacks_doing(
    house: House, settings: dict[str, str]
) -> None:
    change = await house.administering.change(PLACE, ADMIN, settings)

    assert not change.report.only_by_fallback


async def test_in_a_sensitive_channel_a_fallback_outside_the_house_is_refused(house: House) -> None:
    settings = {"answer": "pizzaiolo", "fallback": "chef", "sensitive": "on"}

    refused = await refusal(house.administering.change(PLACE, ADMIN, settings))

    assert (refused.code, refused.fields) == (
        Code.SENSITIVE_CHANNEL,
        {"name": "chef", "endpoint": "openai"},
    )


async def test_what_leaves_no_sensitive_channel_is_named_as_not_asked(house: House) -> None:
    house.set(ChannelConfig(answer="pizzaiolo", fallback="chef"))
    await house.administering.change(PLACE, ADMIN, {"answer": "pizzaiolo"}, default=True)
    change = await house.administering.change(PLACE, ADMIN, {"sensitive": "on"}, default=True)

    shown = await house.administering.show(PLACE)

    assert change.shut == (PLACE,)
    assert (shown.answer, shown.stand_in, shown.barred) == ("pizzaiolo", None, {"chef": "openai"})
    assert shown.kinds.keys() == {"pizzaiolo"}
    assert not shown.outside
    assert not shown.only_by_fallback
    assert shown.mode is Mode.FINE_TUNED


async def test_who_may_not_answer_in_a_sensitive_channel_neither_answers_nor_duels(house: House) -> None:
    house.set(ChannelConfig(answer="chef", pair=("chef", "pizzaiolo"), sensitive=True))

    shown = await house.administering.show(PLACE)

    assert (shown.answer, shown.pair, shown.mode) == (None, None, None)
    assert shown.kinds.keys() == {"pizzaiolo"}


async def test_a_default_that_bars_nobody_anew_shuts_no_channel(house: House) -> None:
    house.set(ChannelConfig(answer="chef", sensitive=True))

    change = await house.administering.change(PLACE, ADMIN, {"ballots": "4"}, default=True)

    assert change.shut == ()


async def test_who_answers_cannot_stand_in_for_themselves(house: House) -> None:
    refused = await refusal(house.administering.change(PLACE, ADMIN, {"answer": "chef", "fallback": "chef"}))

    assert (refused.code, refused.fields) == (Code.FALLBACK_IS_ANSWER, {"name": "chef"})


@pytest.mark.parametrize("settings", [{"answer": "pizzaiolo"}, {"mode": "fine_tuned"}])
async def test_who_stands_in_cannot_be_made_to_answer(house: House, settings: dict[str, str]) -> None:
    house.set(ChannelConfig(answer="chef", pair=("chef", "pizzaiolo"), fallback="pizzaiolo"))

    refused = await refusal(house.administering.change(PLACE, ADMIN, settings))
    change = await house.administering.change(PLACE, ADMIN, {**settings, "fallback": "support"})

    assert (refused.code, refused.fields) == (Code.FALLBACK_IS_ANSWER, {"name": "pizzaiolo"})
    assert change.report.stand_in == "support"


async def test_what_has_nothing_to_do_with_who_answers_is_set_over_a_fallback_that_answers(
    house: House,
) -> None:
    house.set(ChannelConfig(answer="chef", fallback="chef"))

    change = await house.administering.change(PLACE, ADMIN, {"ballots": "5"})

    assert change.report.stand_in is None


async def test_a_default_fallback_that_answers_here_anyway_is_no_fallback_and_no_way_out_of_its_own(
    house: House,
) -> None:
    await house.administering.change(PLACE, ADMIN, {"fallback": "chef"}, default=True)
    change = await house.administering.change(PLACE, ADMIN, {"answer": "chef"})

    assert (change.report.stand_in, change.report.idle_fallback) == (None, True)
    assert not change.report.only_by_fallback
    assert change.report.outside == ("openai",)


async def test_a_fallback_may_be_set_before_it_is_said_who_answers_or_after_they_are_gone(
    house: House,
) -> None:
    house.default_answer = None
    house.start()
    await house.administering.change(PLACE, ADMIN, {"fallback": "chef"})
    house.set(ChannelConfig(answer="ghost"))
    await house.administering.change(PLACE, ADMIN, {"fallback": "chef"})

    assert house.configs.channels[PLACE].fallback == "chef"


async def test_a_model_that_stands_in_somewhere_is_in_use(house: House) -> None:
    house.set(ChannelConfig(answer="chef", fallback="pizzaiolo"))

    assert (await refusal(house.enlisting.remove_model(PLACE, ADMIN, "pizzaiolo"))).code is (
        Code.MODEL_IN_USE
    )


@pytest.mark.parametrize(
    ("share", "sensitive", "only_duels"), [(100, "off", True), (99, "off", False), (100, "on", False)]
)
async def test_every_question_is_a_duel_when_all_are_to_be_and_both_are_asked(
    house: House, share: int, sensitive: str, *, only_duels: bool
) -> None:
    house.set(ChannelConfig(answer="pizzaiolo", pair=("pizzaiolo", "chef"), duel_share=share))
    await house.administering.change(
        PLACE, ADMIN, {"answer": "pizzaiolo", "sensitive": sensitive}, default=True
    )

    shown = await house.administering.show(PLACE)

    assert shown.only_duels is only_duels
