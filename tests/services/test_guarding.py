"""Contestants that are down: not asked, probed by one worker a minute, back by themselves."""

import asyncio
from dataclasses import replace

import pytest

from bot.domain.breaker import Breaker, Condition
from bot.domain.channel_config import ChannelConfig
from bot.domain.completion import FailureKind
from bot.domain.errors import Code, Outage
from bot.domain.ids import ThreadKey
from bot.domain.notices import ContestantDown, ContestantUp
from bot.domain.question import AnswerReply, DuelReply, FailureReply, RefusalReply
from bot.services.ports import TeamFacts
from tests.builders import PLACE, TEAM, completion, failure, ts
from tests.services.house import ADMIN, PAIR, House

DOWN = failure(FailureKind.UNREACHABLE)
GONE = failure(FailureKind.NOT_FOUND)
ONLY_DUELS = ChannelConfig(answer="support", pair=PAIR, duel_share=100)


def held(house: House) -> list[Breaker]:
    return list(house.breakers.held.get(TEAM, {}).values())


def newest(house: House) -> AnswerReply:
    reply = house.chat.replies[-1]
    assert isinstance(reply, AnswerReply)
    return reply


async def bring_down(house: House, name: str = "support") -> None:
    """Ask somebody who is not there any more."""
    house.set(ChannelConfig(answer=name))
    house.models.say(name, GONE)
    await elsewhere(house, "Are you there?", 90 + len(house.models.calls))


async def elsewhere(house: House, text: str = "Why?", number: int = 50) -> None:
    """Ask in a thread of its own."""
    await house.ask(text, at=ts(number), thread=ThreadKey(PLACE, ts(number)))


async def test_while_all_is_well_breakers_cost_no_step_at_all(house: House) -> None:
    await house.ask()

    assert [step for step in house.faults.log if step.startswith("breakers.")] == []


async def test_after_three_failures_in_a_row_it_is_not_asked_any_more(house: House) -> None:
    house.models.say("support", DOWN)
    for number in range(5):
        await house.ask(at=ts(number))

    assert house.models.asked("support") == 3
    reply = house.chat.replies[-1]
    assert isinstance(reply, FailureReply)
    assert (reply.kind, reply.resting) == (FailureKind.UNREACHABLE, True)
    assert house.observer.named("breaker_opened") == [{"contestant": "support", "kind": "unreachable"}]
    assert [len(record.spent) for record in house.memory.records] == [1, 1, 1, 0, 0]


async def test_an_answer_in_between_begins_the_row_anew(house: House) -> None:
    house.models.say("support", DOWN, DOWN, completion("Here."), DOWN, DOWN, completion("Here."))
    for number in range(6):
        await house.ask(at=ts(number))

    assert held(house) == []
    assert house.models.asked("support") == 6


async def test_while_it_is_down_the_fallback_is_asked_at_once(house: House) -> None:
    await bring_down(house)
    house.set(ChannelConfig(answer="support", fallback="chef"))

    await house.ask()

    reply = house.chat.replies[-1]
    assert isinstance(reply, AnswerReply)
    assert (reply.contestant, reply.because) == ("chef", FailureKind.NOT_FOUND)
    assert house.models.asked("support") == 1


async def test_a_fallback_that_is_down_is_not_asked_either_and_both_are_said(house: House) -> None:
    await bring_down(house, "chef")
    house.set(ChannelConfig(answer="support", fallback="chef"))
    house.models.say("support", DOWN)

    await house.ask()

    reply = house.chat.replies[-1]
    assert isinstance(reply, FailureReply)
    assert (reply.kind, reply.fallback, reply.resting) == (FailureKind.UNREACHABLE, "chef", False)
    assert house.models.asked("chef") == 1
    assert len(house.memory.records[-1].spent) == 1


async def test_failures_of_a_fallback_count_for_itself(house: House) -> None:
    house.set(ChannelConfig(answer="support", fallback="chef"))
    house.say({"support": failure(FailureKind.EMPTY), "chef": GONE})

    await house.ask()

    assert [breaker.name for breaker in held(house)] == ["chef"]


async def test_an_edited_prompt_is_asked_although_its_predecessor_is_down(house: House) -> None:
    await bring_down(house)
    house.edit_persona("support", "# Role\nYou shout.")
    house.models.say("support", completion("HERE."))

    await elsewhere(house)

    assert newest(house).text == "HERE."


async def test_a_store_that_is_away_costs_no_answer(house: House) -> None:
    house.models.say("support", DOWN)
    house.faults.before("breakers.change", Outage(Code.STORE_DOWN))

    await house.ask()

    assert isinstance(house.chat.replies[-1], FailureReply)
    assert held(house) == []


# ------------------------------------------------------------ duels


async def test_a_duel_with_somebody_who_is_down_becomes_an_answer_of_the_other(house: House) -> None:
    await bring_down(house)
    house.set(ONLY_DUELS)

    await elsewhere(house)

    reply = house.chat.replies[-1]
    assert isinstance(reply, AnswerReply)
    assert (reply.contestant, reply.void) == ("chef", FailureKind.NOT_FOUND)
    assert (house.models.asked("support"), house.models.asked("chef")) == (1, 1)
    assert house.memory.duels == {}
    assert len(house.memory.records[-1].spent) == 1


async def test_such_a_duel_counts_as_one_answer_of_the_day(house: House) -> None:
    await bring_down(house)
    house.set(ONLY_DUELS)

    await elsewhere(house)

    assert house.budget.answers == 2


async def test_when_both_are_down_one_sentence_says_so(house: House) -> None:
    await bring_down(house)
    await bring_down(house, "chef")
    house.set(ONLY_DUELS)

    await elsewhere(house)

    reply = house.chat.replies[-1]
    assert isinstance(reply, FailureReply)
    assert reply.kind is FailureKind.NOT_FOUND
    assert len(house.models.calls) == 2


@pytest.mark.parametrize("name", PAIR)
async def test_a_sealed_side_is_silent_when_either_of_the_two_is_down(house: House, name: str) -> None:
    house.set(ONLY_DUELS)
    await house.ask()
    down = next(contestant for contestant, _ in house.models.calls if contestant.name == name)
    await house.guarding.note(TEAM, TeamFacts(ChannelConfig(), {}), [(down, GONE)])
    asked = len(house.models.calls)

    await house.ask("And then?", at=ts(1))

    assert house.chat.replies[-1] == RefusalReply(Code.FOLLOW_UP_SEALED)
    assert len(house.models.calls) == asked


async def test_duels_that_are_open_stay_open_and_sealed_when_a_side_goes_down(house: House) -> None:
    house.set(ONLY_DUELS)
    await house.ask()
    assert isinstance(house.chat.replies[-1], DuelReply)
    house.models.say("support", GONE)

    await elsewhere(house)

    assert house.duel.is_open


# ------------------------------------------------------------ probes


async def test_where_nothing_is_down_looking_is_one_step(house: House) -> None:
    house.faults.log.clear()

    await house.guarding.look(TEAM)

    assert house.faults.log == ["configs.team"]


async def test_after_a_minute_it_is_probed_and_asked_again_once_it_answers(house: House) -> None:
    await bring_down(house)
    house.models.probed = DOWN
    await house.guarding.look(TEAM)
    assert house.models.probes == []

    house.clock.advance(seconds=60)
    await house.guarding.look(TEAM)
    await house.guarding.look(TEAM)
    assert house.models.probes == [("openai", "gpt-5-mini")]
    assert [breaker.kind for breaker in held(house)] == [FailureKind.UNREACHABLE]

    house.models.probed = completion("Hello.")
    house.clock.advance(seconds=60)
    await house.guarding.look(TEAM)
    assert not any(breaker.is_open for breaker in held(house))
    assert [fact["contestant"] for fact in house.observer.named("breaker_closed")] == ["support"]

    house.models.say("support", completion("Back."))
    await elsewhere(house)
    assert newest(house).text == "Back."


async def test_a_probe_that_hangs_is_given_up(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    async def hang(*_: object) -> None:
        await asyncio.Event().wait()

    monkeypatch.setattr("bot.services.guarding.LONGEST_PROBE_S", 0.0)
    monkeypatch.setattr(house.models, "probe", hang)
    await bring_down(house)
    house.clock.advance(seconds=60)
    await house.guarding.look(TEAM)

    assert [breaker.condition for breaker in held(house)] == [Condition.OPEN]
    assert [breaker.kind for breaker in held(house)] == [FailureKind.TIMEOUT]


async def test_of_two_workers_one_probes(house: House) -> None:
    await bring_down(house)
    house.clock.advance(seconds=60)

    def the_other_was_faster() -> None:
        for fingerprint, breaker in house.breakers.held[TEAM].items():
            later = house.clock.now().replace(microsecond=1)
            house.breakers.held[TEAM][fingerprint] = replace(breaker, probing=True, probe_at=later)

    house.faults.at("breakers.change", the_other_was_faster)
    await house.guarding.look(TEAM)

    assert house.models.probes == []


async def test_an_answer_that_comes_while_it_counts_as_down_closes_it(house: House) -> None:
    await bring_down(house)
    facts = await house.configs.team(TEAM)
    support = house.models.calls[-1][0]

    await house.guarding.note(TEAM, facts, [(support, completion())])

    assert not any(breaker.is_open for breaker in held(house))


async def test_nothing_is_kept_of_a_prompt_that_was_edited_or_of_a_model_that_was_removed(
    house: House,
) -> None:
    await bring_down(house)
    await bring_down(house, "pizzaiolo")
    house.edit_persona("support", "# Role\nYou shout.")
    house.configs.teams[TEAM] = TeamFacts(ChannelConfig(), {})

    await house.guarding.look(TEAM)

    assert held(house) == []


async def test_a_persona_whose_file_is_gone_serves_on_and_so_does_its_breaker(house: House) -> None:
    await bring_down(house)
    house.remove_persona("support")

    await house.guarding.look(TEAM)

    assert len(held(house)) == 1


async def test_looking_goes_on_with_the_others_when_the_store_is_away_for_one(house: House) -> None:
    await bring_down(house)
    await bring_down(house, "chef")
    house.clock.advance(seconds=60)
    house.faults.before("breakers.change", Outage(Code.STORE_DOWN))

    await house.guarding.look(TEAM)

    assert len(house.models.probes) == 1


# ------------------------------------------------------------ admins


async def test_admins_are_told_once_that_somebody_is_down_and_once_that_they_are_back(house: House) -> None:
    await bring_down(house)
    down_since = house.clock.now()
    for _ in range(3):
        await house.guarding.look(TEAM)
        await elsewhere(house, "Still?", 70 + len(house.chat.notices))
    assert house.chat.notices == [
        (ADMIN, ContestantDown("support", "openai", FailureKind.NOT_FOUND, down_since))
    ]

    house.models.probed = completion("Hello.")
    house.clock.advance(seconds=60)
    for _ in range(3):
        await house.guarding.look(TEAM)

    assert house.chat.notices[1:] == [(ADMIN, ContestantUp("support", "openai", down_since))]
    assert held(house) == []


async def test_what_is_back_before_anybody_was_told_is_not_told_at_all(house: House) -> None:
    await bring_down(house)
    await house.guarding.note(
        TEAM, await house.configs.team(TEAM), [(house.models.calls[-1][0], completion())]
    )
    await house.guarding.look(TEAM)

    assert house.chat.notices == []


async def test_of_two_workers_one_tells(house: House) -> None:
    await bring_down(house)

    def the_other_was_faster() -> None:
        for fingerprint, breaker in house.breakers.held[TEAM].items():
            house.breakers.held[TEAM][fingerprint] = replace(breaker, told_at=breaker.opened_at)

    house.faults.at("breakers.change", the_other_was_faster)
    await house.guarding.look(TEAM)

    assert house.chat.notices == []


# ------------------------------------------------------------ status


async def test_admins_see_in_the_status_who_is_down(house: House) -> None:
    await bring_down(house)
    house.set(ChannelConfig(answer="chef"))
    house.models.say("chef", DOWN)
    await elsewhere(house)

    told = await house.overseeing.status(TEAM, for_admin=True)
    others = await house.overseeing.status(TEAM)

    assert [breaker.name for breaker in told.down] == ["support"]
    assert others.down == ()
