"""Messages over the wire: what becomes a question, a command, or nothing."""

from collections.abc import AsyncGenerator

import pytest

from bot.domain.channel_config import ChannelConfig, ThreadMode
from bot.domain.errors import Code, Outage
from bot.domain.ids import ThreadKey
from tests.slack.door_kit import House, open_house


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    async with open_house() as opened:
        yield opened


async def test_a_mention_is_one_question_and_wakes_a_worker(house: House) -> None:
    ts = await house.control.say("ben", "general", "@kostprobe Why does 1 < 2 & 3?")
    await house.settle()

    assert house.questions() == [(ts, "Why does 1 < 2 & 3?")]
    assert {thread.conversation for thread in house.store.engine.wakes} == {ts}
    assert {entry["outcome"] for entry in await house.control.log(kind="envelope")} == {"acked"}


async def test_the_doubled_event_of_a_mention_wakes_again_but_asks_once(house: House) -> None:
    await house.control.say("ben", "general", "@kostprobe Why?")
    await house.settle()

    assert len(house.questions()) == 1
    assert house.store.faults.count("conversations.ingest") == 2
    assert len(house.store.engine.wakes) == 2


async def test_a_message_without_mention_is_nothing(house: House) -> None:
    await house.control.say("ben", "general", "lunch?")
    await house.settle()

    assert house.store.faults.count("conversations.ingest") == 0


async def test_a_message_in_a_followed_thread_is_a_question(house: House) -> None:
    place = house.channel()
    house.store.configs.channels[place] = ChannelConfig(threads=ThreadMode.FOLLOW)
    ts = await house.control.say("ben", "general", "@kostprobe Why?")
    await house.settle()
    house.store.memory.thread(ThreadKey(place, ts)).ours = True

    await house.control.say("carla", "general", "And how?", thread_ts=ts)
    await house.settle()

    assert sorted(house.questions()) == [(ts, "And how?"), (ts, "Why?")]


async def test_a_direct_message_is_a_question_in_its_own_thread(house: House) -> None:
    ts = await house.control.say("ben", "@kostprobe", "Why?")
    await house.settle()

    assert house.questions() == [(ts, "Why?")]


async def test_a_deleted_question_is_withdrawn_and_the_thread_looked_at(house: House) -> None:
    ts = await house.control.say("ben", "general", "@kostprobe Why?")
    await house.settle()
    house.store.engine.wakes.clear()

    await house.control.delete("ben", "general", ts)
    await house.settle()

    assert house.questions() == []
    assert house.store.engine.wakes == [ThreadKey(house.channel(), ts)]


async def test_an_event_during_an_outage_is_not_acknowledged_and_comes_again(house: House) -> None:
    house.store.faults.before("conversations.ingest", Outage(Code.STORE_DOWN), times=2)

    ts = await house.control.say("ben", "general", "@kostprobe Why?")
    await house.control.wait_idle()
    for _ in range(100):
        if house.questions():
            break
        await house.control.wait_idle()

    assert house.questions() == [(ts, "Why?")]
    assert "timeout" in {entry["outcome"] for entry in await house.control.log(kind="envelope")}
    assert [line for line in await house.control.transcript("general") if line.who == "kostprobe"] == []


async def test_an_empty_mention_gets_help(house: House) -> None:
    await house.control.say("ben", "general", "@kostprobe")
    line = await house.control.wait_message("general", "/kostprobe ask", ephemeral=True)

    assert line.visible_to
    assert house.questions() == []


@pytest.mark.parametrize("in_thread", [True, False])
async def test_a_command_by_mention_is_answered_to_one_person_where_slack_shows_it(
    house: House, in_thread: bool
) -> None:
    """An ephemeral message under a message that has no replies yet is shown to nobody."""
    root = await house.control.say("ada", "general", "Bread?")
    await house.control.say("ada", "general", "Bread!", thread_ts=root)
    thread = root if in_thread else None
    await house.control.say("ben", "general", "@kostprobe config show", thread_ts=thread)
    line = await house.control.wait_message("general", "answered by", ephemeral=True)
    await house.settle()

    assert line.thread_ts == thread
    assert len(await house.control.calls("chat.postEphemeral")) == 1
    assert house.questions() == []


async def test_in_a_direct_message_a_command_is_answered_by_a_normal_message(house: House) -> None:
    await house.control.say("ben", "@kostprobe", "persona list")
    line = await house.control.wait_message(await house.control.open_dm("ben", "kostprobe"), "support")

    assert not line.ephemeral


async def test_a_refusal_is_told_once_though_slack_tells_of_the_mention_twice(
    house: House,
) -> None:
    await house.control.say("ben", "general", "@kostprobe :wave:")
    await house.control.wait_message("general", "no question in that", ephemeral=True)
    await house.settle()

    assert len(await house.control.calls("chat.postEphemeral")) == 1


async def test_a_command_that_does_not_fit_says_so(house: House) -> None:
    await house.control.say("ada", "general", '@kostprobe config set answer="supp')

    await house.control.wait_message("general", "quotation mark", ephemeral=True)


async def test_a_bug_is_an_apology_with_a_reference(house: House) -> None:
    house.store.faults.before("conversations.ingest", RuntimeError("secret detail"), times=2)

    await house.control.say("ben", "general", "@kostprobe Why?")
    line = await house.control.wait_message("general", "ref-", ephemeral=True)
    await house.settle()

    assert "secret" not in line.text
    assert len(await house.control.calls("chat.postEphemeral")) == 1


async def test_a_file_alone_is_said_not_to_have_been_read(house: House) -> None:
    await house.control.say("ben", "@kostprobe", "", files=[{"name": "dough.png"}])

    await house.control.wait_message(await house.control.open_dm("ben", "kostprobe"), "not read")
