"""The form for a question over the wire."""

from collections.abc import AsyncGenerator

import pytest

from bot.domain.channel_config import ChannelConfig
from bot.domain.errors import Code, Outage
from bot.domain.routing import Wish
from bot.playground.slack import Line, Screen
from bot.slack import ids
from tests.slack.door_kit import House, open_house


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    async with open_house() as opened:
        yield opened


async def buttons(house: House, channel: str = "general", about: str | None = None) -> Line:
    """A message of ours with both buttons; about which channel they are is another when told."""
    value = house.channel(about or channel).channel
    elements = [
        {"type": "button", "text": {"type": "plain_text", "text": label}, "action_id": action, "value": value}
        for label, action in (("Ask", ids.ASK_HERE), ("Try a duel", ids.DUEL_HERE))
    ]
    answer = await house.api.client.chat_postMessage(
        channel=house.channel(channel).channel,
        text="Hello",
        blocks=[{"type": "actions", "elements": elements}],
    )
    lines = await house.control.transcript(channel)
    return next(line for line in lines if line.ts == answer["ts"])


async def form(house: House, command: str = "/kostprobe ask", user: str = "ben") -> Screen:
    taken = await house.control.command(user, "general", command)
    assert taken.acked
    return await house.control.wait_view(user, callback_id=ids.ASK_MODAL)


def options(screen: Screen) -> list[str]:
    return [
        option["value"]
        for block in screen.blocks
        if block.get("block_id") == ids.WHO_BLOCK
        for option in block["element"]["options"]
    ]


async def test_a_command_without_a_question_opens_the_form_and_it_asks_as_the_command_would(
    house: House,
) -> None:
    await form(house)

    sent = await house.control.submit("ben", {ids.QUESTION_TEXT: "Why <b>?", ids.WHO_CHOICE: "chef"})
    await house.settle()

    ((thread, inbox),) = house.store.memory.inboxes.items()
    (entry,) = inbox.values()
    assert (sent.errors, sent.error, sent.view_id) == ({}, None, None)
    assert thread.from_command
    assert thread.place == house.channel()
    assert (entry.question.text, entry.question.wish) == ("Why <b>?", Wish(contestant="chef"))
    assert entry.question.asker == house.slack.core.workspace.user("ben").id
    assert house.store.engine.wakes == [thread]


async def test_a_named_contestant_is_chosen_already(house: House) -> None:
    screen = await form(house, "/kostprobe ask persona=chef")

    assert options(screen) == ["chef", "support"]
    await house.control.submit("ben", {ids.QUESTION_TEXT: "Why?"})
    (inbox,) = house.store.memory.inboxes.values()
    (entry,) = inbox.values()
    assert entry.question.wish == Wish(contestant="chef")


async def test_the_short_commands_open_it_too(house: House) -> None:
    from bot.playground.slack.apps import Command

    house.slack.app.command_names["/duel"] = Command("/duel")
    screen = await form(house, "/duel")

    assert screen.title == "Blind duel"


async def test_a_duel_of_the_two_that_are_set_is_asked_for_without_choosing(house: House) -> None:
    house.store.configs.channels[house.channel()] = ChannelConfig(pair=("chef", "support"))
    line = await buttons(house)
    await house.control.press("ben", line, "Try a duel")
    screen = await house.control.wait_view("ben", callback_id=ids.ASK_MODAL)

    assert options(screen) == []
    await house.control.submit("ben", {ids.QUESTION_TEXT: "Which flour?"})
    assert house.questions()[0][1] == "Which flour?"
    (inbox,) = house.store.memory.inboxes.values()
    assert [entry.question.wish for entry in inbox.values()] == [Wish(duel=True)]


async def test_where_no_two_are_set_they_are_chosen_in_the_form_and_have_to_differ(house: House) -> None:
    screen = await form(house, "/kostprobe duel")

    assert options(screen) == ["chef", "support"]
    same = {ids.QUESTION_TEXT: "Which?", ids.WHO_CHOICE: "chef", ids.RIVAL_CHOICE: "chef"}
    refused = await house.control.submit("ben", same)
    assert "differ" in refused.errors[ids.RIVAL_BLOCK]
    await house.control.submit("ben", {ids.WHO_CHOICE: "support"})

    (inbox,) = house.store.memory.inboxes.values()
    assert [entry.question.wish for entry in inbox.values()] == [Wish(duel=True, pair=("support", "chef"))]


async def test_in_a_sensitive_channel_only_those_in_house_are_offered(house: House) -> None:
    house.store.configs.channels[house.channel()] = ChannelConfig(sensitive=True)

    screen = await form(house)

    assert options(screen) == []


async def test_a_form_submitted_twice_asks_once(house: House) -> None:
    await form(house)
    await house.control.drop_acks(1)
    lost = await house.control.submit("ben", {ids.QUESTION_TEXT: "Why?"})
    again = await house.control.submit("ben", {ids.QUESTION_TEXT: "Why?"})

    assert lost.error == "operation_timeout"
    assert (again.errors, again.error) == ({}, None)
    assert len(house.questions()) == 1


@pytest.mark.parametrize("text", ["   ", ":wave:"])
async def test_what_is_no_question_is_said_at_the_field_and_the_form_stays(house: House, text: str) -> None:
    await form(house)

    sent = await house.control.submit("ben", {ids.QUESTION_TEXT: text})

    assert "no question" in sent.errors[ids.QUESTION_BLOCK]
    assert "`" not in sent.errors[ids.QUESTION_BLOCK]
    assert sent.view_id is not None
    assert house.questions() == []


async def test_where_the_bot_is_no_more_it_is_said_at_the_field(house: House) -> None:
    await form(house)
    await house.control.leave("kostprobe", "general")

    sent = await house.control.submit("ben", {ids.QUESTION_TEXT: "Why?"})

    assert "/invite" in sent.errors[ids.QUESTION_BLOCK]
    assert house.questions() == []


async def test_a_channel_that_was_deleted_is_said_at_the_field(house: House) -> None:
    await form(house)
    del house.slack.core.workspace.channels[house.channel().channel]

    sent = await house.control.submit("ben", {ids.QUESTION_TEXT: "Why?"})

    assert "not in this channel" in sent.errors[ids.QUESTION_BLOCK]


async def test_while_the_store_is_down_the_text_is_not_lost(house: House) -> None:
    await form(house)
    house.store.faults.before("conversations.ingest", Outage(Code.STORE_DOWN))

    sent = await house.control.submit("ben", {ids.QUESTION_TEXT: "Why?"})
    again = await house.control.submit("ben", {})

    assert "memory cannot be reached" in sent.errors[ids.QUESTION_BLOCK]
    assert (again.errors, again.error) == ({}, None)
    assert [text for _, text in house.questions()] == ["Why?"]


async def test_from_another_channel_it_says_where_the_answer_comes(house: House) -> None:
    line = await buttons(house, "taste-test", about="general")
    await house.control.press("ben", line, "Ask")
    await house.control.wait_view("ben", callback_id=ids.ASK_MODAL)

    await house.control.submit("ben", {ids.QUESTION_TEXT: "Why?"})
    (screen,) = await house.control.modals("ben")

    assert "The answer comes" in screen.text
    ((thread, _),) = house.store.memory.inboxes.items()
    assert thread.place == house.channel("general")


async def test_a_form_that_cannot_be_opened_is_said_so(house: House) -> None:
    await house.control.fault("views.open", "error", error="expired_trigger_id")

    await house.control.command("ben", "general", "/kostprobe ask")
    told = await house.control.wait_message("general", "", viewer="ben", ephemeral=True)

    assert told.text
