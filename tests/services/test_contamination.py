"""Contamination: nobody is tasted on what their model was trained on."""

from datetime import datetime, timedelta

import pytest

from bot.domain.channel_config import ChannelConfig
from bot.domain.contamination import SeenQuestions, TrainedOn
from bot.domain.errors import Code, Refusal
from bot.domain.ids import MessageTs
from bot.domain.menu import MenuQuestion
from bot.domain.menu_source import AskedQuestion, MenuKind, MenuSource
from bot.domain.tasting import Dish, Part, Tasting
from bot.services.ports import TeamFacts
from tests.builders import ANN, PLACE, TEAM, tuned
from tests.services.house import ADMIN
from tests.services.tasting_kit import MANY, Table, wanted

SEEN = ("Why does dough rise?", "What is a poolish?", "How hot is a stone oven?")
CLOSE = "How long does a Neapolitan pizza have to stay in the oven at home?"
MODEL = tuned().model


@pytest.fixture
def table() -> Table:
    return Table()


def taught(*questions: str, newest: datetime | None = None) -> TrainedOn:
    return TrainedOn(SeenQuestions.of(questions), newest)


async def texts(table: Table, laid: Tasting) -> set[str]:
    return {dish.text for dish in (await table.tastings.dishes(PLACE, laid.id)).values()}


@pytest.mark.parametrize(
    "rivals",
    [("support", "pizzaiolo"), ("pizzaiolo", "support"), ("support", "chef+pizzaiolo")],
    ids="-".join,
)
async def test_what_a_contestant_was_trained_on_is_not_served_and_counted(
    table: Table, rivals: tuple[str, str]
) -> None:
    await table.training.remember(TEAM, MODEL, taught(*SEEN, CLOSE))
    asked = (SEEN[0], SEEN[1].upper(), "hot: how is a stone oven", CLOSE.replace("oven", "fire"))

    laid = (await table.lay(rivals=rivals, dishes=(*MANY, *map(Dish, asked)))).tasting

    assert laid.left.trained == 4
    assert await texts(table, laid) == {dish.text for dish in MANY}


async def test_what_others_were_trained_on_is_served(table: Table) -> None:
    await table.training.remember(TEAM, MODEL, taught(MANY[0].text))

    assert (await table.lay()).tasting.left.trained == 0


async def test_two_trained_models_are_asked_what_neither_knows(table: Table) -> None:
    models = {name: tuned(name) for name in ("first", "second")}
    table.configs.teams[TEAM] = TeamFacts(ChannelConfig(), models)
    for (name, model), dish in zip(models.items(), MANY, strict=False):
        assert name in model.model
        await table.training.remember(TEAM, model.model, taught(dish.text))

    laid = (await table.lay(rivals=("first", "second"))).tasting

    assert laid.left.trained == 2
    assert await texts(table, laid) == {dish.text for dish in MANY[2:]}


@pytest.mark.parametrize("part", [Part.PRACTICE, Part.FINAL])
async def test_halves_stay_what_they_are_whoever_is_tasted(table: Table, part: Part) -> None:
    everybody = (await table.lay(part=part)).tasting
    known = [dish.text for dish in MANY[:5]]
    await table.training.remember(TEAM, MODEL, taught(*known))

    laid = (await table.lay(part=part, rivals=("support", "pizzaiolo"))).tasting

    gone = {MenuQuestion(text).id for text in known}
    assert set(laid.questions) == set(everybody.questions) - gone
    assert laid.left.trained == len(everybody.questions) - len(laid.questions)


async def test_where_all_was_seen_nothing_is_left_to_taste(table: Table) -> None:
    await table.training.remember(TEAM, MODEL, taught(*(dish.text for dish in MANY)))

    with pytest.raises(Refusal) as refusal:
        await table.lay(rivals=("support", "pizzaiolo"))
    assert (refusal.value.code, refusal.value.fields) == (Code.TASTING_TRAINED, {"seen": 20})


async def test_of_a_channel_only_what_was_asked_later_is_served(table: Table) -> None:
    newest = table.clock.now()
    table.asked.questions[PLACE] = [
        AskedQuestion(text, ANN, MessageTs(f"{(newest + timedelta(hours=hours)).timestamp():.6f}"))
        for text, hours in (
            ("Why salt?", -1),
            ("Where is the key?", 0),
            ("Who is on call?", 1),
            ("why salt", 2),
            (SEEN[0], 3),
        )
    ]
    table.clock.advance(hours=24)
    await table.training.remember(TEAM, MODEL, taught(*SEEN, newest=newest))
    source = MenuSource(MenuKind.CHANNEL, days=30)

    laid = (await table.hosting.lay(PLACE, ADMIN, source, wanted(rivals=("support", "pizzaiolo")))).tasting

    assert await texts(table, laid) == {"Who is on call?"}
    assert laid.left.trained == 4


async def test_what_nobody_asked_is_as_late_as_it_is_served(table: Table) -> None:
    await table.training.remember(TEAM, MODEL, taught(*SEEN, newest=table.clock.now()))

    assert (await table.lay(rivals=("support", "pizzaiolo"))).tasting.left.trained == 0
