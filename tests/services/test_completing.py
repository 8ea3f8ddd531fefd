"""What is decided about a question: caps, the house, exact contestants, duels."""

from datetime import UTC, datetime

import pytest

from bot.domain.channel_config import ChannelConfig
from bot.domain.completion import Completion, FailureKind
from bot.domain.duel import Origin
from bot.domain.errors import Code
from bot.domain.ids import MessageTs, ThreadKey
from bot.domain.question import AnswerReply, BugReply, DuelReply, FailureReply, RefusalReply
from bot.domain.routing import Wish
from bot.domain.thread import AnsweredTurn, AskedTurn
from bot.services.ports import Caps
from tests.builders import BOB, PLACE, THREAD, completion, failure, question, ts
from tests.fakes.models import Gate
from tests.services.house import DUELS, PAIR, House, bare

COMMAND = ThreadKey(PLACE, "cmd-123.456.abc")


# ------------------------------------------------------------ caps


async def test_a_person_may_ask_so_often_and_a_duel_counts_two(house: House) -> None:
    house.caps = Caps(team=10, person=3)
    house.start()
    house.set(DUELS)
    await house.ask()
    await house.ask(at=ts(5), thread=ThreadKey(PLACE, ts(5)))

    assert house.chat.replies[-1] == RefusalReply(
        Code.CAP_PERSON, {"limit": 3, "when": "2026-11-23T00:00:00+00:00"}
    )
    assert house.budget.answers == 2
    assert len(house.models.calls) == 2

    await house.ask(at=ts(6), thread=ThreadKey(PLACE, ts(6)), asker=BOB)
    assert house.duel.asker == BOB


async def test_a_team_may_ask_so_often_until_the_next_day(house: House) -> None:
    house.caps = Caps(team=1, person=9)
    house.start()
    house.clock.time = datetime(2026, 12, 31, 23, 59, 59, tzinfo=UTC)
    await house.ask()
    await house.ask(at=ts(1), asker=BOB)

    assert house.chat.replies[-1] == RefusalReply(
        Code.CAP_TEAM, {"limit": 1, "when": "2027-01-01T00:00:00+00:00"}
    )

    house.clock.advance(seconds=1)
    await house.follow("Now?", 2)


# ------------------------------------------------------------ sensitive channels


async def test_from_a_sensitive_channel_nothing_leaves_the_house(house: House) -> None:
    house.set(ChannelConfig(answer="support", sensitive=True))

    await house.ask()

    assert house.chat.unique_reply() == RefusalReply(
        Code.SENSITIVE_CHANNEL, {"name": "support", "endpoint": "openai"}
    )
    assert house.models.calls == []
    assert house.budget.answers == 0


async def test_a_private_endpoint_answers_there(house: House) -> None:
    house.set(ChannelConfig(answer="pizzaiolo", sensitive=True))

    await house.ask()

    assert house.text() == "pizzaiolo says: Why is the sky blue?"


async def test_one_side_outside_the_house_is_enough_to_refuse_a_duel(house: House) -> None:
    house.set(ChannelConfig(answer="pizzaiolo", pair=("pizzaiolo", "chef"), duel_share=100, sensitive=True))

    await house.ask()

    assert isinstance(house.chat.unique_reply(), RefusalReply)
    assert house.models.calls == []


# ------------------------------------------------------------ exact contestants


async def test_a_persona_whose_file_is_gone_goes_on_serving_as_it_was(house: House) -> None:
    house.set(ChannelConfig(answer="chef"))
    await house.ask()
    house.remove_persona("chef")
    house.start()

    await house.follow("Still there?", 1)

    assert house.read()[0] == ("system", "# Role\nYou cook in Kiel.")


async def test_an_edited_prompt_is_a_new_contestant(house: House) -> None:
    await house.ask()
    house.edit_persona("support", "# Role\nYou shout.")
    await house.follow("And now?", 1)

    before, after = (contestant.fingerprint for contestant, _ in house.models.calls)
    assert before != after
    assert house.read()[0] == ("system", "# Role\nYou shout.")


# ------------------------------------------------------------ duels, as questions


async def test_the_coin_the_order_and_the_side_to_follow_are_drawn_and_recorded_before_anything(
    house: House,
) -> None:
    house.set(ChannelConfig(answer="support", pair=PAIR, duel_share=20))
    house.chance.numbers = [0.19, 0.1, 0.2]

    await house.ask()

    duel = house.duel
    assert (duel.seal.a.name, duel.seal.b.name) == ("chef", "support")
    assert (duel.follow, duel.origin, duel.scored) == ("b", Origin.DRAWN, True)
    log = house.faults.log
    assert log.index("conversations.record_route") < log.index("models.complete")
    assert log.index("conversations.record") < log.index("chat.post")


@pytest.mark.parametrize(("coin", "duel"), [(0.199, True), (0.2, False)])
async def test_the_share_decides(house: House, coin: float, duel: bool) -> None:
    house.set(ChannelConfig(answer="support", pair=PAIR, duel_share=20))
    house.chance.numbers = [coin]

    await house.ask()

    assert isinstance(house.chat.unique_reply(), DuelReply) is duel


async def test_both_sides_are_asked_at_once(house: House) -> None:
    house.set(DUELS)
    first, second = house.models.gates["support"], house.models.gates["chef"] = Gate(), Gate()
    second.opened.set()
    await house.send(question())

    def answer(_: object) -> Completion:
        first.opened.set()
        return completion("quick")

    house.models.say("chef", answer)

    await house.work()

    assert isinstance(house.chat.unique_reply(), DuelReply)


async def test_if_one_side_fails_the_other_is_a_plain_answer_and_that_is_said(house: House) -> None:
    house.set(DUELS)
    for number, (fails, answers) in enumerate([PAIR, PAIR[::-1]]):
        house.models.scripts.clear()
        house.models.say(fails, failure(FailureKind.OVERLOADED))
        thread = ThreadKey(PLACE, ts(10 + number))
        await house.ask("Why?", at=ts(10 + number), thread=thread)

        assert bare(house.chat.replies[-1]) == AnswerReply(
            f"{answers} says: Why?", False, answers, 0, FailureKind.OVERLOADED
        )
        assert [type(turn) for turn in house.memory.thread(thread).turns] == [AskedTurn, AnsweredTurn]
    assert house.memory.duels == {}
    assert house.engine.jobs == {}
    assert all("contestant" not in fact for fact in house.observer.named("completion_failed"))


async def test_if_both_fail_there_is_one_sentence(house: House) -> None:
    house.set(DUELS)
    house.say({"support": failure(FailureKind.QUOTA), "chef": failure(FailureKind.TIMEOUT)})

    await house.ask()

    reply = house.chat.unique_reply()
    assert isinstance(reply, FailureReply)
    assert reply.kind is FailureKind.QUOTA
    assert house.memory.duels == {}


@pytest.mark.parametrize("pair", [("support", "support"), ("support", "copy")])
async def test_a_pair_of_the_same_contestant_is_refused(house: House, pair: tuple[str, str]) -> None:
    house.personas.files["copy"] = house.personas.files["support"]

    await house.ask(wish=Wish(duel=True, pair=pair))

    reply = house.chat.unique_reply()
    assert isinstance(reply, RefusalReply)
    assert reply.code is Code.SAME_CONTESTANT
    assert house.budget.answers == 0


async def test_only_the_first_duel_of_a_thread_that_has_seen_neither_counts(house: House) -> None:
    house.set(ChannelConfig(answer="support", pair=PAIR))
    await house.ask(wish=Wish(duel=True))
    assert house.duel.scored

    house.clock.advance(hours=24)
    await house.keep_time()
    await house.ask(at=ts(1), wish=Wish(duel=True))
    assert len(house.memory.duels) == 2
    assert not house.duel.scored


async def test_a_second_duel_does_not_count_even_when_the_first_has_left_the_history(house: House) -> None:
    house.set(ChannelConfig(answer="support", pair=PAIR))
    await house.ask(wish=Wish(duel=True))
    house.clock.advance(hours=24)
    await house.keep_time()
    house.memory.thread(THREAD).turns.clear()

    await house.ask(at=ts(1), wish=Wish(duel=True))

    assert len(house.memory.duels) == 2
    assert not house.duel.scored


async def test_a_duel_asked_for_after_an_answer_was_seen_does_not_count(house: House) -> None:
    house.set(ChannelConfig(answer="pizzaiolo", pair=PAIR))
    await house.ask()

    await house.ask(at=ts(1), wish=Wish(duel=True))

    assert not house.duel.scored


async def test_a_drawn_duel_after_an_answer_of_a_third_counts_and_of_one_of_the_two_does_not(
    house: House,
) -> None:
    for number, (answerer, counts) in enumerate([("pizzaiolo", True), ("chef", False)]):
        thread = ThreadKey(PLACE, ts(100 * number + 20))
        house.set(ChannelConfig(answer=answerer))
        await house.ask(at=ts(100 * number + 20), thread=thread)
        house.set(DUELS)
        house.clock.advance(seconds=1)
        await house.ask(at=ts(100 * number + 21), thread=thread)
        assert house.duel.scored is counts


async def test_a_duel_cannot_be_asked_for_while_one_is_open(house: House) -> None:
    house.set(DUELS)
    await house.ask()

    await house.ask(at=ts(1), wish=Wish(duel=True))

    assert house.chat.replies[-1] == RefusalReply(Code.DUEL_IS_OPEN)
    assert len(house.memory.duels) == 1


async def test_a_duel_and_a_named_pair(house: House) -> None:
    await house.ask(wish=Wish(duel=True))
    assert house.chat.replies[-1] == RefusalReply(Code.NO_PAIR)

    await house.ask(at=ts(1), wish=Wish(duel=True, pair=("chef", "pizzaiolo")))
    assert {house.duel.seal.a.name, house.duel.seal.b.name} == {"chef", "pizzaiolo"}


async def test_a_bug_is_apologised_for_once(house: House) -> None:
    house.models.say("support", RuntimeError("what is this"))

    await house.ask()

    assert house.chat.unique_reply() == BugReply("ref-1")
    assert [fault.name for fault in house.observer.faults] == ["decide_failed"]
    assert house.observer.named("question_delayed") == []


async def test_a_question_is_kept_apart_from_a_ts_that_only_looks_smaller(house: House) -> None:
    await house.send(question("later", ts=MessageTs("10000000000.000001")))
    await house.send(question("sooner", ts=MessageTs("9999999999.000001")))

    await house.work()

    assert [reply.text for reply in house.chat.replies if isinstance(reply, AnswerReply)] == [
        "support says: sooner",
        "support says: later",
    ]
