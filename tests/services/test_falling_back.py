"""Who answers when the contestant that was asked cannot, and what it counts for."""

import pytest

from bot.domain.ballot import Choice
from bot.domain.channel_config import ChannelConfig
from bot.domain.completion import FailureKind
from bot.domain.errors import Code
from bot.domain.question import AnswerReply, DuelReply, FailureReply, RefusalReply
from bot.domain.routing import Wish
from bot.domain.thread import AnsweredTurn
from tests.builders import ANN, TEAM, THREAD, failure, ts
from tests.fakes.models import Gate
from tests.services.house import PAIR, House

DOWN = failure(FailureKind.UNREACHABLE)
KEY = "xoxb-123456789012-abcdefghij"
WITH_CHEF = ChannelConfig(answer="support", fallback="chef")


def answer(house: House) -> AnswerReply:
    reply = house.chat.replies[-1]
    assert isinstance(reply, AnswerReply)
    return reply


def failed(house: House) -> FailureReply:
    reply = house.chat.replies[-1]
    assert isinstance(reply, FailureReply)
    return reply


@pytest.mark.parametrize("kind", FailureKind)
async def test_the_fallback_answers_when_the_contestant_fails_and_it_is_said(
    house: House, kind: FailureKind
) -> None:
    house.set(WITH_CHEF)
    house.models.say("support", failure(kind))

    await house.ask()

    reply = answer(house)
    assert (reply.text, reply.contestant) == ("chef says: Why is the sky blue?", "chef")
    assert (reply.instead_of, reply.because) == ("support", kind)


async def test_the_answer_belongs_to_the_fallback_alone_and_both_are_accounted(house: House) -> None:
    house.set(WITH_CHEF)
    house.models.say("support", DOWN)

    await house.ask()

    asked = {contestant.name: contestant.fingerprint for contestant, _ in house.models.calls}
    _, mine = house.memory.thread(THREAD).turns
    assert isinstance(mine, AnsweredTurn)
    assert mine.by == asked["chef"]
    (recorded,) = house.memory.records
    assert [(spent.fingerprint, spent.failed) for spent in recorded.spent] == [
        (asked["support"], True),
        (asked["chef"], False),
    ]
    assert house.budget.answers == 1


async def test_while_all_is_well_nobody_stands_in(house: House) -> None:
    house.set(WITH_CHEF)

    await house.ask()

    assert (answer(house).contestant, answer(house).instead_of) == ("support", None)
    assert house.models.asked("chef") == 0


async def test_the_fallback_is_asked_once_and_its_failure_is_said_too(house: House) -> None:
    house.set(WITH_CHEF)
    house.say({"support": DOWN, "chef": failure(FailureKind.EMPTY)})

    await house.ask()

    assert (failed(house).kind, failed(house).fallback) == (FailureKind.UNREACHABLE, "chef")
    assert (house.models.asked("support"), house.models.asked("chef")) == (1, 1)


async def test_a_fallback_that_takes_too_long_is_given_up(
    house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.services.falling_back.LONGEST_WAIT_S", 0.0)
    house.set(WITH_CHEF)
    house.say({"support": DOWN})
    house.models.gates["chef"] = gate = Gate()

    await house.ask()

    assert failed(house).fallback == "chef"
    assert gate.cancelled


async def test_who_was_asked_by_name_has_a_stand_in_too(house: House) -> None:
    house.set(ChannelConfig(answer="chef", fallback="chef"))
    house.models.say("support", DOWN)

    await house.ask(wish=Wish(contestant="support"))

    assert (answer(house).contestant, answer(house).instead_of) == ("chef", "support")


async def test_nobody_stands_in_for_themselves(house: House) -> None:
    house.set(ChannelConfig(answer="support", fallback="support"))
    house.models.say("support", DOWN)

    await house.ask()

    assert failed(house).fallback is None
    assert house.models.asked("support") == 1


async def test_a_fallback_that_does_not_exist_is_none(house: House) -> None:
    house.set(ChannelConfig(answer="support", fallback="ghost"))
    house.models.say("support", DOWN)

    await house.ask()

    assert failed(house).fallback is None
    assert {"code": "unknown_contestant"} in house.observer.named("fallback_refused")


# ------------------------------------------------------------ what leaves the house


async def test_from_a_sensitive_channel_no_fallback_outside_the_house_is_asked(house: House) -> None:
    house.set(ChannelConfig(answer="pizzaiolo", fallback="support", sensitive=True))
    house.models.say("pizzaiolo", DOWN)

    await house.ask()

    assert failed(house).fallback is None
    assert house.models.asked("support") == 0


async def test_what_a_fallback_outside_the_house_reads_is_masked(house: House) -> None:
    house.set(ChannelConfig(answer="pizzaiolo", fallback="support"))
    house.models.say("pizzaiolo", DOWN)

    await house.ask(f"The key is {KEY}.")

    assert house.read(0)[-1][1] == f"The key is {KEY}."
    assert house.read(1)[-1][1] == "The key is [secret 1]."
    assert answer(house).contestant == "support"


# ------------------------------------------------------------ duels and seals


async def test_in_a_duel_nobody_stands_in_a_failed_side_voids_it(house: House) -> None:
    house.set(ChannelConfig(answer="support", pair=PAIR, duel_share=100, fallback="pizzaiolo"))
    house.models.say("support", DOWN)

    await house.ask()

    assert (answer(house).void, answer(house).contestant) == (FailureKind.UNREACHABLE, "chef")
    assert answer(house).instead_of is None
    assert house.models.asked("pizzaiolo") == 0


async def test_for_a_sealed_side_nobody_stands_in_since_that_would_tell_whose_it_is(house: House) -> None:
    house.set(ChannelConfig(answer="support", pair=PAIR, duel_share=100, fallback="pizzaiolo"))
    await house.ask()
    house.say({"support": DOWN, "chef": DOWN})

    await house.ask("And then?", at=ts(1))

    assert house.chat.replies[-1] == RefusalReply(Code.FOLLOW_UP_SEALED)
    assert house.models.asked("pizzaiolo") == 0
    assert house.breakers.held.get(TEAM, {}) == {}


async def test_after_the_reveal_the_side_that_the_thread_follows_has_a_stand_in(house: House) -> None:
    house.set(ChannelConfig(answer="support", pair=PAIR, duel_share=100, fallback="pizzaiolo", ballots=1))
    await house.ask()
    await house.vote(house.duel.id, ANN, Choice.A)
    house.clock.advance(minutes=11)
    await house.keep_time()
    house.say({"support": DOWN, "chef": DOWN})

    await house.ask("And then?", at=ts(1))

    assert answer(house).contestant == "pizzaiolo"


async def test_a_duel_in_a_thread_with_an_answer_of_the_fallback_is_no_evidence_for_it(house: House) -> None:
    house.set(ChannelConfig(answer="pizzaiolo", pair=PAIR, fallback="chef"))
    house.models.say("pizzaiolo", DOWN)
    await house.ask()

    await house.ask("Which is better?", at=ts(1), wish=Wish(duel=True))

    assert isinstance(house.chat.replies[-1], DuelReply)
    assert not house.duel.scored
