import pytest

from bot.domain.channel_config import ChannelConfig, ThreadMode
from bot.domain.completion import Failure, FailureKind
from bot.domain.duel import Origin
from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import ThreadKey
from bot.domain.question import AnswerReply, FailureReply, RefusalReply
from bot.domain.routing import Wish
from bot.domain.thread import AnsweredTurn, AskedTurn
from bot.services.ports import Ingested, Spot
from tests.builders import ANN, PLACE, ROOT, THREAD, completion, failure, question, ts
from tests.fakes.models import Gate
from tests.services.house import DUELS, House, bare

COMMAND = ThreadKey(PLACE, "cmd-123.456.abc")


async def test_a_question_is_answered_by_who_the_channel_says(house: House) -> None:
    house.set(ChannelConfig(answer="chef"))

    await house.ask("How hot is the oven?")

    assert bare(house.chat.unique_reply()) == AnswerReply("chef says: How hot is the oven?", False, "chef")
    assert house.chat.transcript[0].spot == Spot(PLACE, ROOT)
    assert house.read() == [("system", "# Role\nYou cook in Kiel."), ("user", "How hot is the oven?")]
    assert house.memory.inbox(THREAD) == {}
    assert house.memory.leases == {}


async def test_a_new_team_is_answered_by_the_default(house: House) -> None:
    await house.ask()

    assert house.text() == "support says: Why is the sky blue?"


async def test_nobody_to_answer_is_said(house: House) -> None:
    house.default_answer = None
    house.start()

    await house.ask()

    assert house.chat.unique_reply() == RefusalReply(Code.NO_CONTESTANT)
    assert house.observer.named("question_refused") == [{"code": "no_contestant"}]
    assert house.memory.thread(THREAD).turns == []


async def test_a_fine_tuned_model_and_a_hybrid_answer_too(house: House) -> None:
    await house.ask(wish=Wish(contestant="pizzaiolo"))
    await house.ask(at=ts(1), wish=Wish(contestant="chef+pizzaiolo"))

    assert [reply.contestant for reply in house.chat.replies if isinstance(reply, AnswerReply)] == [
        "pizzaiolo",
        "chef+pizzaiolo",
    ]
    assert house.read(0)[0] == ("user", "Why is the sky blue?")
    assert house.read(1)[0] == ("system", "# Role\nYou cook in Kiel.")


async def test_a_prompt_may_use_the_date_and_the_language(house: House) -> None:
    house.edit_persona("chef", "# Role\nToday is {{ today }}, say it in {{ language }}.")

    await house.ask(wish=Wish(contestant="chef"))

    assert house.read()[0] == ("system", "# Role\nToday is 2026-11-22, say it in English.")


async def test_a_follow_up_reads_what_was_said_before(house: House) -> None:
    await house.ask("Why?")
    await house.follow("And then?", 1)

    assert house.read() == [
        ("system", "# Role\nYou help."),
        ("user", "Why?"),
        ("assistant", "support says: Why?"),
        ("user", "And then?"),
    ]
    fingerprint = house.models.calls[0][0].fingerprint
    assert house.memory.thread(THREAD).turns[:2] == [
        AskedTurn("Why?", ANN, ROOT),
        AnsweredTurn("support says: Why?", fingerprint, (house.chat.transcript[0].ts,)),
    ]


async def test_another_thread_knows_nothing_of_it(house: House) -> None:
    await house.ask("Why?")
    await house.ask("What?", at=ts(5), thread=ThreadKey(PLACE, ts(5)))

    assert [text for role, text in house.read() if role == "user"] == ["What?"]


async def test_a_conversation_is_forgotten_after_its_lifetime(house: House) -> None:
    house.set(ChannelConfig(thread_days=2))
    await house.ask("Why?")
    house.clock.advance(hours=48)

    await house.follow("And?", 1)

    assert [text for role, text in house.read() if role == "user"] == ["And?"]


async def test_two_questions_are_answered_in_slacks_order_whatever_came_in_first(house: House) -> None:
    await house.send(question("second", ts=ts(2)))
    await house.send(question("first", ts=ts(1)))

    await house.work()

    assert [reply.text for reply in house.chat.replies if isinstance(reply, AnswerReply)] == [
        "support says: first",
        "support says: second",
    ]
    assert ("assistant", "support says: first") in house.read()


async def test_a_worker_that_ends_one_question_has_the_next_one_answered(house: House) -> None:
    await house.send(question("first", ts=ts(1)))
    await house.send(question("second", ts=ts(2)))
    house.engine.wakes.clear()

    await house.answering.run(THREAD)
    assert len(house.chat.replies) == 1
    assert house.engine.wakes == [THREAD]
    await house.work()
    assert len(house.chat.replies) == 2


async def test_while_one_worker_has_the_thread_another_does_nothing(house: House) -> None:
    await house.send(question())
    await house.conversations.take(THREAD, "another", now=house.clock.now())

    await house.work()

    assert house.chat.replies == []


async def test_a_doubled_event_gives_one_answer(house: House) -> None:
    await house.ask()
    await house.ask()

    assert await house.send(question()) is Ingested.DUPLICATE
    assert len(house.chat.replies) == 1


async def test_followed_threads_are_answered_without_a_mention(house: House) -> None:
    house.set(ChannelConfig(threads=ThreadMode.FOLLOW))
    strange = question("Hello?", ts=ts(9), thread=ThreadKey(PLACE, ts(9)))

    assert await house.send(strange, follow_up=True) is Ingested.IGNORED
    await house.ask()
    assert await house.send(question("And?", ts=ts(1)), follow_up=True) is Ingested.ACCEPTED
    assert await house.send(question(":+1:", ts=ts(2)), follow_up=True) is Ingested.IGNORED
    house.set(ChannelConfig(threads=ThreadMode.MENTION))
    assert await house.send(question("Hm.", ts=ts(3)), follow_up=True) is Ingested.IGNORED


async def test_what_was_not_read_is_passed_on(house: House) -> None:
    await house.send(question(unread_files=2))
    await house.work()

    reply = house.chat.unique_reply()
    assert isinstance(reply, AnswerReply)
    assert reply.unread_files == 2


async def test_an_answer_that_was_cut_is_marked_and_is_no_failure(house: House) -> None:
    house.models.say("support", completion("And so on", cut=True))

    await house.ask()

    assert bare(house.chat.unique_reply()) == AnswerReply("And so on", True, "support")
    assert house.observer.named("completed") == [{"duel": None, "cut": True, "contestant": "support"}]


async def test_a_long_answer_is_posted_in_parts_of_one_completion(house: House) -> None:
    house.models.say("support", completion("x" * 2500))

    await house.ask()

    assert [(message.part, message.marker) for message in house.chat.transcript] == [
        (0, f"{ROOT}/0"),
        (1, f"{ROOT}/1"),
        (2, f"{ROOT}/2"),
    ]
    assert len(house.models.calls) == 1


@pytest.mark.parametrize("kind", FailureKind)
async def test_a_failure_is_a_sentence_with_a_reference_and_never_an_answer(
    house: House, kind: FailureKind
) -> None:
    house.models.say("support", failure(kind, retry_after_s=7.0), completion("At last."))

    await house.ask()

    reply = house.chat.unique_reply()
    assert isinstance(reply, FailureReply)
    assert (reply.kind, reply.retry_after_s, len(reply.reference)) == (kind, 7.0, 8)
    assert house.observer.named("answer_failed") == [{"kind": kind.value, "reference": reply.reference}]
    assert house.observer.named("completion_failed") == [
        {"duel": None, "kind": kind.value, "ms": 30_000, "contestant": "support"}
    ]
    assert house.memory.thread(THREAD).turns == []

    house.breakers.held.clear()  # what opens at once is probed first
    await house.follow("Again?", 1)
    assert [text for role, text in house.read() if role == "user"] == ["Again?"]


async def test_a_question_too_long_for_the_contestant_is_refused_with_the_limit(house: House) -> None:
    await house.ask("x" * 11_000, wish=Wish(contestant="pizzaiolo"))

    reply = house.chat.unique_reply()
    assert isinstance(reply, RefusalReply)
    assert reply.code is Code.QUESTION_TOO_LONG
    assert reply.fields["limit"] == 1000
    assert house.models.calls == []


async def test_only_as_much_history_is_read_as_the_contestant_holds(house: House) -> None:
    for number in range(1, 5):
        await house.ask("long " * 400, at=ts(number), wish=Wish(contestant="pizzaiolo"))

    assert house.read()[0][0] == "user"
    assert len(house.read()) == 1


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("supporrt", Code.UNKNOWN_CONTESTANT),
        ("chef+pizza", Code.UNKNOWN_MODEL),
        ("cheff+pizzaiolo", Code.UNKNOWN_PERSONA),
    ],
)
async def test_an_unknown_name_is_refused_in_the_thread(house: House, name: str, code: Code) -> None:
    await house.ask(wish=Wish(contestant=name))

    reply = house.chat.unique_reply()
    assert isinstance(reply, RefusalReply)
    assert reply.code is code
    assert house.budget.answers == 0


# ------------------------------------------------------------ signs


async def test_a_sign_is_shown_while_it_is_worked_on_and_taken_away(house: House) -> None:
    gate = house.models.gates["support"] = Gate()
    gate.opened.set()

    await house.ask()

    assert house.chat.signed == [(question(), ROOT)]
    assert house.chat.unsigned == [question()]


@pytest.mark.parametrize(
    "error", [Outage(Code.SLACK_DOWN), Refusal(Code.NOT_IN_CHANNEL), RuntimeError("a bug in the sign")]
)
@pytest.mark.parametrize("step", ["chat.sign", "chat.unsign"])
async def test_a_sign_that_fails_hinders_no_answer(house: House, step: str, error: Exception) -> None:
    house.faults.before(step, error)
    await house.send(question("first", ts=ts(1)))
    await house.send(question("second", ts=ts(2)))
    house.engine.wakes[1:] = []

    await house.work()

    assert len(house.chat.replies) == 2
    assert house.memory.dead == []
    assert [fact.name for fact in house.observer.facts].count("sign_failed") == 1
    assert house.observer.named("question_delayed") == []


async def test_an_answer_waits_a_little_for_its_sign_and_then_no_longer(house: House) -> None:
    gate = Gate()
    house.chat.slow_sign = gate.passed

    await house.ask()

    assert isinstance(house.chat.unique_reply(), AnswerReply)
    assert gate.cancelled
    assert house.chat.signed == []


# ------------------------------------------------------------ commands


async def test_a_commands_question_is_shown_in_the_channel_and_answered_in_its_thread(house: House) -> None:
    await house.ask("What is dough?", thread=COMMAND)

    root, answer = house.chat.transcript
    assert (root.spot, root.shown["is"]) == (Spot(PLACE, None), "root")
    assert answer.spot == Spot(PLACE, root.ts)
    assert house.chat.signed == [(question("What is dough?", thread=COMMAND), root.ts)]


async def test_the_thread_of_a_command_goes_on_like_any_other(house: House) -> None:
    await house.ask("What is dough?", thread=COMMAND)
    there = ThreadKey(PLACE, house.chat.transcript[0].ts)
    house.set(ChannelConfig(threads=ThreadMode.FOLLOW))

    assert (
        await house.send(question("And yeast?", ts=ts(3), thread=there), follow_up=True) is Ingested.ACCEPTED
    )
    await house.work()

    assert [text for role, text in house.read() if role == "user"] == ["What is dough?", "And yeast?"]


async def test_a_question_in_the_thread_of_a_command_waits_for_the_commands_answer(house: House) -> None:
    house.faults.before("chat.post", Outage(Code.SLACK_DOWN))
    await house.ask("What is dough?", thread=COMMAND)
    there = ThreadKey(PLACE, house.chat.transcript[0].ts)
    await house.ask("And yeast?", at=ts(3), thread=there)
    assert house.chat.replies == []

    await house.recover()
    await house.recover()

    assert [reply.text for reply in house.chat.replies if isinstance(reply, AnswerReply)] == [
        "support says: What is dough?",
        "support says: And yeast?",
    ]


async def test_a_duel_by_command_belongs_to_the_thread_under_its_root(house: House) -> None:
    house.set(DUELS)
    await house.ask("What is dough?", thread=COMMAND, wish=Wish(duel=True))

    root = house.chat.transcript[0].ts
    assert house.duel.thread == ThreadKey(PLACE, root)
    assert house.duel.origin is Origin.ASKED
    await house.ask("And?", at=ts(3), thread=house.duel.thread)
    assert isinstance(house.chat.replies[-1], AnswerReply)


async def test_what_was_spent_is_stored_with_the_decision(house: House) -> None:
    house.models.say("support", Failure(FailureKind.TIMEOUT, 90_000))
    await house.ask(at=ts(1))
    house.models.say("support", completion("yes", total_ms=40))
    await house.ask(at=ts(2))

    spent = [recorded.spent for recorded in house.memory.records]

    assert [[one.counts() for one in each] for each in spent] == [
        [{"failures": 1, "prompt_tokens": 0, "completion_tokens": 0, "total_ms": 90_000}],
        [{"answers": 1, "prompt_tokens": 10, "completion_tokens": 20, "total_ms": 40}],
    ]
