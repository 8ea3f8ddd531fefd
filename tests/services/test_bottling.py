"""Bottling: answers are kept for good, asked for once, and told to who wanted them."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.channel_config import ChannelConfig
from bot.domain.completion import FailureKind
from bot.domain.errors import Code, Refusal
from bot.domain.ids import UserId
from bot.domain.menu import MenuQuestion
from bot.domain.notices import Bottled
from bot.services.ports import Job, TeamFacts
from tests.builders import ANN, PLACE, TEAM, completion, failure
from tests.services.house import ADMIN
from tests.services.tasting_kit import Table

MENU = "shipped:cooking"
QUESTION = MenuQuestion("cooking?")


@pytest.fixture
def table() -> Table:
    return Table()


async def bottle(table: Table, name: str = "chef") -> list[Job]:
    plan = await table.bottling.plan(PLACE, ADMIN, name, MENU)
    await table.bottling.begin(PLACE, ADMIN, plan.fingerprint, MENU)
    return await table.engine.run_due(table.clock, table.bottling.on_job)


async def test_answers_are_kept_for_good_and_asked_for_once(table: Table) -> None:
    plan = await table.bottling.plan(PLACE, ADMIN, "chef", MENU)
    assert (plan.name, plan.questions, plan.there) == ("chef", 1, 0)
    assert table.models.calls == []

    (job,) = await bottle(table)
    await table.bottling.on_job(job)

    assert table.models.asked("chef") == 1
    (bottled,) = table.cellar.bottles.values()
    assert bottled[1] is None
    assert table.chat.notices == [(ADMIN, Bottled("chef", MENU, 1, 0))] * 2
    assert (await table.bottling.plan(PLACE, ADMIN, "chef", MENU)).there == 1


async def test_what_is_there_for_a_time_is_then_there_for_good(table: Table) -> None:
    plan = await table.bottling.plan(PLACE, ADMIN, "chef", MENU)
    day = timedelta(days=1)
    await table.cellar.bottle(TEAM, plan.fingerprint, QUESTION.id, completion("Salt."), keep=day)

    await bottle(table)

    assert table.models.calls == []
    assert list(table.cellar.bottles.values()) == [(completion("Salt."), None)]


async def test_its_own_questions_or_those_that_come_along_fit_without_asking(table: Table) -> None:
    assert (await table.bottling.plan_own(PLACE, ADMIN, "chef+pizzaiolo")).source.pack() == MENU

    table.personas.files["chef"] = replace(table.personas.files["chef"], tasting=("Why salt?", "Why oil?"))
    for name in ("chef", "chef+pizzaiolo"):
        plan = await table.bottling.plan_own(PLACE, ADMIN, name)
        assert (plan.source.pack(), plan.questions) == ("persona:chef", 2)
    with pytest.raises(Refusal):
        await table.bottling.plan_own(PLACE, ANN, "chef")


async def test_what_was_not_answered_is_told(table: Table) -> None:
    table.set(ChannelConfig(redact=True))
    table.models.say("chef", failure(FailureKind.AUTH))

    await bottle(table)

    assert table.chat.notices == [(ADMIN, Bottled("chef", MENU, 0, 1))]


async def test_who_is_gone_is_bottled_by_what_is_there(table: Table) -> None:
    await table.contestants.find(TEAM, await table.configs.team(TEAM), "pizzaiolo")
    table.configs.teams[TEAM] = TeamFacts(ChannelConfig(), {})

    assert (await table.bottling.plan(PLACE, ADMIN, "pizzaiolo", MENU)).name == "pizzaiolo"


@pytest.mark.parametrize("menu", ["channel:30", "lines", "nothing", "shipped", ""])
async def test_only_menus_that_last_are_bottled(table: Table, menu: str) -> None:
    with pytest.raises(Refusal) as refusal:
        await table.bottling.plan(PLACE, ADMIN, "chef", menu)
    assert refusal.value.code is Code.BAD_VALUE


@pytest.mark.parametrize("user", [ANN, UserId("U9")])
async def test_who_may_not_bottles_nothing(table: Table, user: UserId) -> None:
    plan = await table.bottling.plan(PLACE, ADMIN, "chef", MENU)
    for work in (
        table.bottling.plan(PLACE, user, "chef", MENU),
        table.bottling.begin(PLACE, user, plan.fingerprint, MENU),
    ):
        with pytest.raises(Refusal) as refusal:
            await work
        assert refusal.value.code is Code.ADMINS_ONLY
    assert table.engine.jobs == {}
