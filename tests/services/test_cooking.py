"""Cooking: each question once for each contestant, failures tried again, and nothing asked that is there."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.completion import FailureKind
from bot.domain.contestant import Contestant
from bot.domain.errors import Code, Outage
from bot.domain.menu import MenuQuestion
from bot.domain.thread import Message, Role
from bot.services.contestants import Contestants
from bot.services.cooking import GIVEN_UP_AFTER, TRIES, Cooked, Cooking, Leaving, Order, Progress
from tests.builders import ENDPOINTS, TEAM, completion, contestant, failure
from tests.fakes.cellar import FakeCellar
from tests.fakes.models import Gate, ScriptedModels
from tests.fakes.team import FakeContestantStore
from tests.fakes.world import FakePersonas, FakeRenderer, FrozenClock, RecordingObserver

MENU = tuple(MenuQuestion(f"Why {number}?") for number in range(6))
SUPPORT, CHEF = contestant("support"), contestant("chef", endpoint="local")
AS_IT_IS = Leaving(list, private_only=False)
ORDER = Order(TEAM, MENU, "en", timedelta(days=90), AS_IT_IS)


class Kitchen:
    """A cook with everything that it needs, in memory."""

    def __init__(self) -> None:
        clock = FrozenClock()
        self.models, self.cellar, self.observer = ScriptedModels(), FakeCellar(clock), RecordingObserver()
        personas = Contestants(
            FakePersonas([]), FakeContestantStore(self.cellar.faults), FakeRenderer(), ENDPOINTS, "openai"
        )
        self.cooking = Cooking(
            personas, self.models, self.cellar, clock, self.observer, pause=timedelta(microseconds=1)
        )


@pytest.fixture
def kitchen() -> Kitchen:
    return Kitchen()


async def test_each_contestant_answers_each_question_after_all_people(kitchen: Kitchen) -> None:
    told: list[Progress] = []
    cooked = await kitchen.cooking.cook(ORDER, [SUPPORT, CHEF], told.append)

    assert {len(one.answers) for one in cooked.values()} == {len(MENU)}
    assert cooked[CHEF.fingerprint].answers[MENU[2].id].text == "chef says: Why 2?"
    assert told == [Progress(done, 12) for done in range(13)]
    assert kitchen.models.waited == 12
    assert kitchen.observer.named("cooked") == [{"answers": 6, "failures": 0}] * 2


async def test_of_one_contestant_answers_can_be_kept_for_good(kitchen: Kitchen) -> None:
    await kitchen.cooking.cook(replace(ORDER, questions=MENU[:2]), [SUPPORT, CHEF])
    await kitchen.cooking.cook(replace(ORDER, for_good=frozenset({CHEF.fingerprint})), [SUPPORT, CHEF])

    kept = {SUPPORT.fingerprint: set[bool](), CHEF.fingerprint: set[bool]()}
    for (_, giver, _), (_, until) in kitchen.cellar.bottles.items():
        kept[giver].add(until is None)
    assert kept == {SUPPORT.fingerprint: {False}, CHEF.fingerprint: {True}}


async def test_what_was_answered_once_is_not_asked_again(kitchen: Kitchen) -> None:
    await kitchen.cooking.cook(ORDER, [SUPPORT])
    kitchen.models.say("support", completion("Something else."))
    told: list[Progress] = []

    again = await kitchen.cooking.cook(ORDER, [SUPPORT, CHEF], told.append)

    assert kitchen.models.asked("support") == len(MENU)
    assert again[SUPPORT.fingerprint].answers[MENU[0].id].text == "support says: Why 0?"
    assert told[0] == Progress(6, 12)


async def test_cooking_that_was_broken_off_goes_on_where_it_was(kitchen: Kitchen) -> None:
    gate = kitchen.models.gates["chef"] = Gate()
    cooking = asyncio.create_task(kitchen.cooking.cook(ORDER, [SUPPORT, CHEF]))
    await gate.reached.wait()
    for _ in range(100):
        await asyncio.sleep(0)
    cooking.cancel()
    await asyncio.gather(cooking, return_exceptions=True)
    del kitchen.models.gates["chef"]

    cooked = await kitchen.cooking.cook(ORDER, [SUPPORT, CHEF])

    assert kitchen.models.asked("support") == len(MENU)
    assert len(cooked[CHEF.fingerprint].answers) == len(MENU)


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        (FailureKind.TIMEOUT, TRIES),
        (FailureKind.RATE_LIMIT, TRIES),
        (FailureKind.CONTENT_FILTER, 1),
        (FailureKind.EMPTY, 1),
    ],
)
async def test_what_fails_is_asked_again_where_that_may_help_and_is_listed(
    kitchen: Kitchen, kind: FailureKind, asked: int
) -> None:
    kitchen.models.say("chef", failure(kind, retry_after_s=0.0001))
    order = Order(TEAM, MENU[:1], "en", None, AS_IT_IS)

    cooked = await kitchen.cooking.cook(order, [SUPPORT, CHEF])

    assert cooked[CHEF.fingerprint].failures == {MENU[0].id: kind}
    assert cooked[SUPPORT.fingerprint].failures == {}
    assert kitchen.models.asked("chef") == asked


async def test_what_fails_once_and_then_not_is_an_answer(kitchen: Kitchen) -> None:
    kitchen.models.say("chef", failure(FailureKind.OVERLOADED), completion("Salt."))

    cooked = await kitchen.cooking.cook(Order(TEAM, MENU[:1], "en", None, AS_IT_IS), [CHEF])

    assert cooked[CHEF.fingerprint].answers == {MENU[0].id: completion("Salt.")}


@pytest.mark.parametrize(("kind", "most"), [(FailureKind.AUTH, 1), (FailureKind.UNREACHABLE, GIVEN_UP_AFTER)])
async def test_who_dies_meanwhile_is_not_asked_to_the_end(
    kitchen: Kitchen, kind: FailureKind, most: int
) -> None:
    kitchen.models.say("chef", failure(kind))
    menu = tuple(MenuQuestion(f"Why {number}?") for number in range(40))

    cooked = await kitchen.cooking.cook(Order(TEAM, menu, "en", None, AS_IT_IS), [CHEF, SUPPORT])

    assert set(cooked[CHEF.fingerprint].failures.values()) == {kind}
    assert len(cooked[CHEF.fingerprint].failures) == 40
    assert len(cooked[SUPPORT.fingerprint].answers) == 40
    assert kitchen.models.asked("chef") == most


async def test_who_waits_for_somebody_that_dies_is_not_kept_waiting(kitchen: Kitchen) -> None:
    gate = kitchen.models.gates["chef"] = Gate()
    kitchen.models.say("chef", completion("Salt."), failure(FailureKind.AUTH))
    cooking = asyncio.create_task(kitchen.cooking.cook(ORDER, [CHEF]))
    await gate.reached.wait()
    kitchen.models.gates["chef"] = Gate()
    gate.opened.set()

    cooked = await asyncio.wait_for(cooking, 5)

    assert len(cooked[CHEF.fingerprint].answers) == 1
    assert set(cooked[CHEF.fingerprint].failures.values()) == {FailureKind.AUTH}


async def test_a_question_is_masked_only_where_it_leaves_the_house(kitchen: Kitchen) -> None:
    def mask(messages: Sequence[Message]) -> list[Message]:
        return [Message(message.role, "[masked]") for message in messages]

    order = Order(TEAM, MENU[:1], "en", None, Leaving(mask, private_only=False))
    await kitchen.cooking.cook(order, [SUPPORT, CHEF])

    read = {asked.name: messages for asked, messages in kitchen.models.calls}
    assert read["support"][-1] == Message(Role.USER, "[masked]")
    assert read["chef"][-1] == Message(Role.USER, MENU[0].text)
    assert read["chef"][0].role is Role.SYSTEM


async def test_a_contestant_without_a_prompt_reads_the_question_alone(kitchen: Kitchen) -> None:
    bare: Contestant = contestant("bare", template=None)
    await kitchen.cooking.cook(Order(TEAM, MENU[:1], "en", None, AS_IT_IS), [bare])

    assert kitchen.models.calls[0][1] == [Message(Role.USER, MENU[0].text)]


async def test_while_the_store_is_away_nothing_is_cooked(kitchen: Kitchen) -> None:
    kitchen.cellar.faults.before("cellar.bottle", Outage(Code.STORE_DOWN))

    with pytest.raises(Outage):
        await kitchen.cooking.cook(ORDER, [SUPPORT])


async def test_a_contestant_whose_endpoint_is_gone_gives_what_is_bottled(kitchen: Kitchen) -> None:
    lost = contestant("lost", endpoint="gone")
    await kitchen.cellar.bottle(TEAM, lost.fingerprint, MENU[0].id, completion("Once."), keep=None)

    cooked = (await kitchen.cooking.cook(ORDER, [lost]))[lost.fingerprint]

    assert cooked.answers == {MENU[0].id: completion("Once.")}
    assert set(cooked.failures.values()) == {FailureKind.NOT_FOUND}
    assert kitchen.models.calls == []


async def test_of_a_sensitive_channel_nothing_leaves_the_house(kitchen: Kitchen) -> None:
    await kitchen.cellar.bottle(TEAM, SUPPORT.fingerprint, MENU[0].id, completion("Before."), keep=None)

    cooked = await kitchen.cooking.cook(
        replace(ORDER, leaving=Leaving(list, private_only=True)), [SUPPORT, CHEF]
    )

    assert kitchen.models.asked("support") == 0
    assert cooked[SUPPORT.fingerprint].answers == {MENU[0].id: completion("Before.")}
    assert set(cooked[SUPPORT.fingerprint].failures.values()) == {FailureKind.REJECTED}
    assert len(cooked[CHEF.fingerprint].answers) == len(MENU)


async def test_a_menu_of_nothing_is_done_at_once(kitchen: Kitchen) -> None:
    told: list[Progress] = []
    cooked = await kitchen.cooking.cook(Order(TEAM, (), "en", None, AS_IT_IS), [SUPPORT], told.append)

    assert cooked[SUPPORT.fingerprint] == Cooked({}, {})
    assert told == [Progress(0, 0)]
    assert kitchen.models.calls == []
