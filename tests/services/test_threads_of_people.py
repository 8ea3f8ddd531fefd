"""A thread that others began is read once; people in it are told apart; what leaves the house is masked."""

from contextlib import suppress

import pytest

from bot.domain.ballot import Choice
from bot.domain.channel_config import ChannelConfig
from bot.domain.completion import FailureKind
from bot.domain.earlier import Extent
from bot.domain.errors import Code, Outage, Refusal
from bot.domain.ids import MessageTs, ThreadKey, UserId
from bot.domain.question import AnswerReply, DuelReply, FailureReply
from bot.domain.thread import AnsweredTurn, AskedTurn
from bot.services.ports import Spot
from tests.builders import ANN, BOB, PLACE, ROOT, THREAD, completion, failure, ts
from tests.fakes.stepping import Killed
from tests.services.house import DUELS, House, bare

SPOT = Spot(PLACE, ROOT)
KEY = "xoxb-123456789012-abcdefghij"
MIXED = ChannelConfig(answer="pizzaiolo", pair=("support", "pizzaiolo"), duel_share=100)


def begin(house: House, *texts: str, author: UserId = BOB) -> None:
    """Others begin the thread."""
    house.chat.threads[SPOT] = [
        AskedTurn(text, author, ROOT if number == 0 else ts(number)) for number, text in enumerate(texts)
    ]


async def test_the_first_mention_reads_the_thread_and_says_so(house: House) -> None:
    begin(house, "The oven is cold.", "Since noon.")

    await house.ask("What now?", at=ts(9))

    assert house.read() == [
        ("system", "# Role\nYou help."),
        ("user", "Speaker 1: The oven is cold.\n\nSpeaker 1: Since noon.\n\nSpeaker 2: What now?"),
    ]
    reply = house.chat.unique_reply()
    assert isinstance(reply, AnswerReply)
    assert reply.extent == Extent(2, 2)
    assert house.memory.thread(THREAD).turns[:2] == house.chat.threads[SPOT]


async def test_later_mentions_read_no_more(house: House) -> None:
    begin(house, "The oven is cold.")
    await house.ask("What now?", at=ts(9))

    reply = await house.follow("And then?", 10)

    assert house.faults.count("chat.earlier") == 1
    assert reply.extent is None
    assert "The oven is cold." in house.read()[1][1]


async def test_a_question_that_begins_its_thread_reads_nothing(house: House) -> None:
    await house.ask()

    assert house.faults.count("chat.earlier") == 0


async def test_a_commands_question_reads_nothing(house: House) -> None:
    await house.ask(thread=ThreadKey(PLACE, "cmd-1.2.a"))

    assert house.faults.count("chat.earlier") == 0


async def test_what_was_read_stays_though_nobody_answered(house: House) -> None:
    begin(house, "The oven is cold.")
    house.models.say("support", failure(FailureKind.TIMEOUT), completion("Light it."))
    await house.ask("What now?", at=ts(9))
    assert isinstance(house.chat.unique_reply(), FailureReply)

    await house.ask("Again?", at=ts(10), asker=BOB)

    assert house.faults.count("chat.earlier") == 1
    assert house.read()[1] == ("user", "Speaker 1: The oven is cold.\n\nSpeaker 1: Again?")


@pytest.mark.parametrize("error", [Outage(Code.SLACK_DOWN), Refusal(Code.NOT_IN_CHANNEL)])
async def test_a_thread_that_slack_does_not_show_is_done_without_and_said(
    house: House, error: Exception
) -> None:
    house.faults.before("chat.earlier", error)

    await house.ask("What now?", at=ts(9))

    reply = house.chat.unique_reply()
    assert isinstance(reply, AnswerReply)
    assert reply.extent == Extent(0, 0, failed=True)
    assert reply.text == "support says: What now?"


async def test_a_resume_reads_what_was_read_though_slack_shows_something_else_by_now(house: House) -> None:
    begin(house, "The oven is cold.")
    house.faults.before("models.complete", Killed())
    with suppress(Killed, BaseExceptionGroup):
        await house.ask("What now?", at=ts(9))
    begin(house, "Something else.")

    await house.recover()

    assert house.faults.count("chat.earlier") == 1
    assert house.read()[1][1].startswith("Speaker 1: The oven is cold.")


async def test_both_sides_of_a_duel_read_the_same_and_say_the_same(house: House) -> None:
    house.set(DUELS)
    begin(house, "The oven is cold.", "Since noon.")

    await house.ask("What now?", at=ts(9))

    assert house.faults.count("chat.earlier") == 1
    assert house.read(0)[1:] == house.read(1)[1:]
    reply = house.chat.unique_reply()
    assert isinstance(reply, DuelReply)
    assert reply.extent == Extent(2, 2)
    assert reply.speakers == (BOB, ANN)


async def test_of_a_long_thread_the_root_and_the_newest_are_read(house: House) -> None:
    house.set(ChannelConfig(answer="pizzaiolo"))
    begin(house, "Root.", *(f"Message {number}. " + "word " * 20 for number in range(1_000)))

    await house.ask("What now?", at=MessageTs("1795342009.000000"))

    reply = house.chat.unique_reply()
    assert isinstance(reply, AnswerReply)
    assert reply.extent is not None
    assert 5 < reply.extent.read < 40
    assert reply.extent.total == 1_001
    text = house.read()[-1][1]
    assert text.startswith("U2Bob: Root.")
    assert "Message 999." in text


async def test_an_app_that_spoke_is_told_apart(house: House) -> None:
    house.chat.threads[SPOT] = [AskedTurn("Disk full.", UserId("B1"), ROOT, app=True)]

    await house.ask("Why?", at=ts(9))

    assert house.read()[1] == ("user", "App: Disk full.\n\nWhy?")


async def test_numbers_go_on_over_the_life_of_a_thread(house: House) -> None:
    await house.ask("One?")
    await house.follow("Two?", 1, asker=BOB)
    house.memory.thread(THREAD).turns.clear()

    await house.follow("Three?", 2, asker=BOB)

    assert house.read()[-1] == ("user", "Speaker 2: Three?")


async def test_one_person_alone_costs_no_look_at_names(house: House) -> None:
    house.set(ChannelConfig(answer="pizzaiolo"))
    await house.ask("One?")
    await house.follow("Two?", 1)

    assert house.faults.count("chat.names") == 0
    assert bare(house.chat.replies[-1]) == AnswerReply(
        "pizzaiolo says: Two?", cut=False, contestant="pizzaiolo"
    )


async def test_a_private_endpoint_reads_names_and_numbers_are_kept(house: House) -> None:
    house.set(ChannelConfig(answer="pizzaiolo"))
    begin(house, "The oven is cold.")
    house.models.say("pizzaiolo", completion("U2Bob is right, U1Ann."))

    await house.ask("What now?", at=ts(9))

    assert house.read()[-1] == ("user", "U2Bob: The oven is cold.\n\nU1Ann: What now?")
    reply = house.chat.unique_reply()
    assert isinstance(reply, AnswerReply)
    assert reply.text == "Speaker 1 is right, Speaker 2."
    assert reply.speakers == (BOB, ANN)
    (posted,) = house.chat.transcript
    assert house.memory.thread(THREAD).turns[-1] == AnsweredTurn(
        reply.text, house.models.calls[0][0].fingerprint, (posted.ts,)
    )


async def test_a_private_endpoint_reads_names_in_what_was_answered_before_too(house: House) -> None:
    house.set(ChannelConfig(answer="support", pair=("support", "chef")))
    house.models.say("support", completion("Speaker 1 is right."))
    begin(house, "The oven is cold.")
    await house.ask("What now?", at=ts(9))
    house.set(ChannelConfig(answer="pizzaiolo"))

    await house.ask("Who?", at=ts(10))

    assert ("assistant", "U2Bob is right.") in house.read()


async def test_a_public_endpoint_reads_names_where_the_channel_says_so(house: House) -> None:
    house.set(ChannelConfig(answer="support", speaker_names=True))
    begin(house, "The oven is cold.")

    await house.ask("What now?", at=ts(9))

    assert house.read()[-1][1].startswith("U2Bob: The oven is cold.")


async def test_in_a_duel_with_a_public_side_both_read_numbers_and_masks(house: House) -> None:
    house.set(MIXED)
    begin(house, f"The key is {KEY}.")

    await house.ask("Is it safe?", at=ts(9))

    for call in (0, 1):
        assert house.read(call)[-1] == (
            "user",
            "Speaker 1: The key is [secret 1].\n\nSpeaker 2: Is it safe?",
        )


async def test_a_sealed_follow_up_reads_what_both_sides_may_read(house: House) -> None:
    house.set(MIXED)
    house.chance.numbers = [0.0, 0.9, 0.1]
    await house.ask(f"The key is {KEY}.")

    await house.follow("Is it safe?", 1, asker=BOB)

    contestant, messages = house.models.calls[-1]
    assert contestant.name == "pizzaiolo"
    assert messages[0].text == "Speaker 1: The key is [secret 1]."


async def test_when_the_rival_of_a_sealed_side_is_gone_the_stricter_form_is_read(house: House) -> None:
    house.set(MIXED)
    house.chance.numbers = [0.0, 0.9, 0.1]
    await house.ask(f"The key is {KEY}.")
    del house.store.exact[PLACE.team, house.duel.seal.a.fingerprint]

    await house.follow("Is it safe?", 1)

    assert house.models.calls[-1][1][0].text == "The key is [secret 1]."


async def test_turns_keep_what_people_wrote_and_placeholders_stay_in_answers(house: House) -> None:
    house.models.say("support", completion("Rotate [secret 1]."))

    await house.ask(f"The key is {KEY}.")

    asked, answered = house.memory.thread(THREAD).turns
    assert isinstance(asked, AskedTurn)
    assert isinstance(answered, AnsweredTurn)
    assert asked.text == f"The key is {KEY}."
    assert answered.text == "Rotate [secret 1]."
    assert house.text() == "Rotate [secret 1]."


@pytest.mark.parametrize(
    "config", [ChannelConfig(answer="support", redact=False), ChannelConfig(answer="pizzaiolo")]
)
async def test_nothing_is_masked_in_house_or_where_the_channel_says_so(
    house: House, config: ChannelConfig
) -> None:
    house.set(config)

    await house.ask(f"The key is {KEY}.")

    assert house.read()[-1] == ("user", f"The key is {KEY}.")


async def test_where_people_write_numbers_themselves_nobody_is_named(house: House) -> None:
    begin(house, "A transcript. Speaker 1: hello. Speaker 2: hi.")

    await house.ask("Who says hello?", at=ts(9))

    reply = house.chat.unique_reply()
    assert isinstance(reply, AnswerReply)
    assert reply.speakers == ()


async def test_once_the_seal_is_broken_a_private_side_reads_names_in_both_answers(house: House) -> None:
    house.set(MIXED)
    house.chance.numbers = [0.0, 0.9, 0.1]
    house.models.say("pizzaiolo", completion("As Speaker 1 says."))
    begin(house, "The oven is cold.")
    await house.ask("What now?", at=ts(9))
    await house.vote(house.duel.id, ANN, Choice.B)
    house.clock.advance(hours=24)
    await house.keep_time()

    await house.follow("And then?", 10)

    assert ("assistant", "As U2Bob says.") in house.read()
