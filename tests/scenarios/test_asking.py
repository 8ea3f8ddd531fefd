"""Asking, over Slack's wire: every way in, and every way an answer can go wrong."""

import asyncio

import pytest

from bot.settings import EndpointOptions
from tests.fakes import openai_replies as replies
from tests.scenarios.house import House, Opener


async def test_a_mention_is_answered_in_its_thread_by_whom_the_channel_names(house: House) -> None:
    await house.tell("ann", "kitchen", "/kostprobe config set answer=star-chef")

    answer = await house.ask("ben", "kitchen", "What is a roux?")

    assert "Answer to: What is a roux?" in answer.text
    assert "Answered by star-chef" in answer.text.replace("*", "")
    sent = house.openai.chats[-1].body["messages"]
    assert [message["role"] for message in sent] == ["system", "user"]
    assert "chef" in sent[0]["content"]


async def test_a_follow_up_reads_the_thread(house: House) -> None:
    first = await house.ask("ben", "kitchen", "What is a roux?")

    await house.ask("ben", "kitchen", "And a blond one?", thread=first.thread_ts)

    roles = [(m["role"], m["content"]) for m in house.openai.chats[-1].body["messages"]]
    assert roles == [
        ("user", "What is a roux?"),
        ("assistant", "Answer to: What is a roux?"),
        ("user", "And a blond one?"),
    ]


async def test_one_mention_that_slack_sends_as_two_events_gives_one_answer(house: House) -> None:
    await house.ask("ben", "kitchen", "Once?")
    await house.control.wait_idle()

    assert len(house.openai.chats) == 1
    events = [entry for entry in await house.control.log() if "Once?" in str(entry)]
    assert len([e for e in events if "app_mention" in str(e)]) >= 1


async def test_an_event_whose_ack_was_lost_is_delivered_again_and_answered_once(house: House) -> None:
    await house.control.drop_acks(1)

    await house.ask("ben", "kitchen", "Again?")
    await house.control.wait_idle()

    assert len(house.openai.chats) == 1


async def test_two_messages_in_a_thread_are_answered_in_order(house: House) -> None:
    first = await house.ask("ben", "kitchen", "One?")
    house.openai.script("fake", replies.slow("slow", first_byte_seconds=0.2), "quick")

    second = await house.control.say("ben", "kitchen", "@kostprobe Two?", thread_ts=first.thread_ts)
    third = await house.control.say("cleo", "kitchen", "@kostprobe Three?", thread_ts=first.thread_ts)
    await house.control.wait_message("kitchen", "quick", thread_ts=first.thread_ts, after=third)

    lines = await house.control.transcript("kitchen", thread_ts=first.thread_ts)
    bot = [line.text for line in lines if line.app_id and line.ts > second]
    assert ["slow" in bot[0], "quick" in bot[1]] == [True, True]
    assert [m["content"] for m in house.openai.chats[-1].body["messages"]][-3:] == [
        "ben: Two?",
        "slow",
        "cleo: Three?",
    ]


async def test_a_direct_message_needs_no_mention(house: House) -> None:
    dm = await house.control.open_dm("ben", "kostprobe")
    ts = await house.control.say("ben", dm, "Hello there")

    answer = await house.control.wait_message(dm, thread_ts=ts, after=ts)

    assert "Answer to: Hello there" in answer.text


async def test_in_a_channel_that_follows_a_reply_in_a_known_thread_needs_no_mention(house: House) -> None:
    await house.tell("ann", "kitchen", "/kostprobe config set threads=follow")
    first = await house.ask("ben", "kitchen", "One?")

    ts = await house.control.say("ben", "kitchen", "And two?", thread_ts=first.thread_ts)

    answer = await house.control.wait_message("kitchen", thread_ts=first.thread_ts, after=ts)
    assert "And two?" in answer.text


async def test_what_is_no_question_starts_nothing(house: House) -> None:
    first = await house.ask("ben", "kitchen", "One?")
    asked = len(house.openai.chats)

    await house.control.say("ben", "kitchen", "just talk")
    await house.control.say("ben", "kitchen", "talk in the thread", thread_ts=first.thread_ts)
    unknown = await house.control.say("ben", "kitchen", "another thread")
    await house.control.say("cleo", "kitchen", "in it", thread_ts=unknown)
    said = await house.control.say("ben", "kitchen", "before")
    await house.control.edit("ben", "kitchen", said, "@kostprobe after the edit?")
    await house.control.wait_idle()

    assert len(house.openai.chats) == asked


@pytest.mark.parametrize(
    ("text", "sentence"), [("", "help"), (":wave:", "no question"), ("x" * 13_000, "too long")]
)
async def test_a_mention_without_a_readable_question_gets_a_clear_sentence(
    house: House, text: str, sentence: str
) -> None:
    since = await house.now("kitchen")
    await house.control.say("ben", "kitchen", f"@kostprobe {text}")

    line = await house.control.wait_message("kitchen", sentence, after=since, viewer="ben", ephemeral=True)

    assert line.ephemeral
    assert not house.openai.chats


async def test_a_question_deleted_before_its_answer_is_cancelled(house: House) -> None:
    house.openai.script("fake", replies.slow("too late", first_byte_seconds=0.5))
    ts = await house.control.say("ben", "kitchen", "@kostprobe Never mind?")
    await house.until(lambda: house.openai.in_flight)

    await house.control.delete("ben", "kitchen", ts)
    await asyncio.sleep(0.7)
    await house.control.wait_idle()

    assert "too late" not in await house.control.text("kitchen")


async def test_files_are_said_not_to_have_been_read(house: House) -> None:
    ts = await house.control.say("ben", "kitchen", "@kostprobe What is in it?", files=[{"name": "menu.pdf"}])

    answer = await house.control.wait_message("kitchen", thread_ts=ts, after=ts, ephemeral=False)

    assert "not read" in answer.text


@pytest.mark.parametrize(
    ("reply", "sentence"),
    [
        (replies.unauthorized(), "refused my key"),
        (replies.model_not_found(), "does not exist"),
        (replies.quota_exhausted(), "no credit"),
        (replies.filtered(), "content filter"),
        (replies.empty(), "empty answer"),
        (replies.garbage(after_words=0), "not an answer"),
        (replies.cut("one two three", after_words=1), "not an answer|could not be reached"),
        (replies.bad_request(), "did not accept"),
    ],
    ids=["auth", "not_found", "quota", "filter", "empty", "garbage", "cut", "rejected"],
)
async def test_a_failure_is_a_clear_sentence_with_a_reference(
    house: House, reply: replies.Reply, sentence: str
) -> None:
    house.openai.script("fake", reply)
    ts = await house.control.say("ben", "kitchen", "@kostprobe Well?")

    line = await house.control.wait_message("kitchen", sentence, thread_ts=ts, after=ts)

    assert "eference" in line.text


async def test_an_endpoint_that_is_down_is_said(house: House) -> None:
    await house.openai.refuse_connections()
    ts = await house.control.say("ben", "kitchen", "@kostprobe Well?")

    await house.control.wait_message("kitchen", "could not be reached", thread_ts=ts, after=ts)


async def test_an_answer_cut_by_its_length_is_an_answer_marked_so(house: House) -> None:
    house.openai.script("fake", replies.out_of_tokens("Once upon a"))

    answer = await house.ask("ben", "kitchen", "A story?")

    assert "Once upon a" in answer.text
    assert "…" in answer.text


async def test_mentions_in_an_answer_are_harmless(house: House) -> None:
    house.openai.script("fake", "Hey <!channel> and <@U12345> and <!subteam^S1|@cooks> and @here")

    answer = await house.ask("ben", "kitchen", "Shout?")

    raw = str(answer.blocks) + answer.raw_text
    for trap in ("<!channel", "<@U12345", "<!subteam", "@here"):
        assert trap not in raw


async def test_a_long_answer_comes_in_parts_that_slack_takes(house: House) -> None:
    house.openai.script(
        "fake",
        "\n\n".join(f"Paragraph {n}. " + " ".join(f"word{n}.{at}" for at in range(90)) for n in range(30)),
    )
    ts = await house.control.say("ben", "kitchen", "@kostprobe Everything?")

    await house.control.wait_message("kitchen", "Paragraph 29", thread_ts=ts, after=ts)

    lines = [line for line in await house.control.transcript("kitchen", thread_ts=ts) if line.app_id]
    assert len(lines) > 1
    whole = "".join(line.text for line in lines)
    assert all(f"Paragraph {n}." in whole for n in range(30))


async def test_there_is_a_sign_before_the_answer_and_none_after_it(house: House) -> None:
    house.openai.script("fake", replies.slow("done", first_byte_seconds=0.2))

    await house.ask("ben", "kitchen", "Sign?")
    await house.control.wait_idle()

    names = [entry.get("name") for entry in await house.control.log(kind="call")]
    assert names.index("assistant.threads.setStatus") < names.index("chat.postMessage")


async def test_where_no_status_can_be_set_a_reaction_is_the_sign(house: House) -> None:
    await house.control.fault(
        "assistant.threads.setStatus", "error", times=5, error="channel_type_not_supported"
    )

    answer = await house.ask("ben", "kitchen", "Sign?")
    await house.control.wait_idle()

    assert [c["name"] for c in await house.control.calls("reactions.add")] == ["eyes"]
    assert [c["name"] for c in await house.control.calls("reactions.remove")] == ["eyes"]
    assert answer.text


async def test_caps_are_said_with_when_they_open_again(open_house: Opener) -> None:
    house = await open_house(answers_per_person=2)
    await house.ask("ben", "kitchen", "One?")
    await house.ask("ben", "kitchen", "Two?")

    refused = await house.ask("ben", "kitchen", "Three?")
    other = await house.ask("cleo", "kitchen", "Mine?")

    assert "2 answers for today are used up" in refused.text
    assert "Answer to: Mine?" in other.text
    assert len(house.openai.chats) == 3


async def test_a_command_s_question_is_shown_in_the_channel_and_answered_in_its_thread(house: House) -> None:
    since = await house.now("kitchen")
    await house.control.command("cleo", "kitchen", "/kostprobe ask persona=support What is a payload?")

    root = await house.control.wait_message("kitchen", "What is a payload", after=since, ephemeral=False)
    answer = await house.control.wait_message("kitchen", thread_ts=root.ts, after=root.ts, ephemeral=False)

    assert root.thread_ts in {None, root.ts}
    assert "support" in answer.text
    follow_up = await house.ask("cleo", "kitchen", "And again?", thread=root.ts)
    assert "And again?" in follow_up.text
    assert house.openai.chats[-1].body["messages"][-3]["content"] == "What is a payload?"


async def test_a_sensitive_channel_sends_nothing_outside(open_house: Opener) -> None:
    house = await open_house()
    await house.restart_with(
        endpoints={"local": EndpointOptions(base_url=house.openai.base_url, model="fake")}
    )

    refused = await house.tell("ann", "kitchen", "/kostprobe config set sensitive=on answer=support")

    assert "outside" in refused.text
    assert not house.openai.chats
