"""Invitations into channels over the wire."""

from collections.abc import AsyncGenerator

import pytest

from bot.domain.channel_config import ChannelConfig
from bot.domain.errors import Code, Outage
from bot.domain.ids import ChannelId, ChannelKey
from bot.slack import ids
from tests.slack.door_kit import House, open_house


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    async with open_house() as opened:
        yield opened


async def invite(house: House, name: str, *, private: bool = False) -> None:
    if name not in {channel.name for channel in house.slack.core.workspace.channels.values()}:
        await house.control.create_channel(name, members=["ben"], private=private)
    await house.control.join("kostprobe", name, inviter="ben")


async def greetings(house: House, name: str) -> list[str]:
    await house.settle()
    return [line.text for line in await house.control.transcript(name) if line.text.startswith("Hello")]


@pytest.mark.parametrize("private", [False, True])
async def test_a_channel_that_invites_the_bot_is_told_everything_in_one_message(
    house: House, private: bool
) -> None:
    await invite(house, "cellar", private=private)
    line = await house.control.wait_message("cellar", "Hello")

    for words in ("answered by", "leave the house to", "are kept", "shown to nobody", "/kostprobe privacy"):
        assert words in line.text
    assert [button.action_id for button in line.buttons] == [ids.ASK_HERE, ids.DUEL_HERE, ids.OPEN_CONFIG]
    assert {button.value for button in line.buttons} == {house.slack.core.workspace.channel("cellar").id}
    assert len(await greetings(house, "cellar")) == 1


async def test_it_is_said_in_the_channels_language(house: House) -> None:
    await house.control.create_channel("keller", members=["ben"])
    place = ChannelKey(house.me.team, ChannelId(house.slack.core.workspace.channel("keller").id))
    house.store.configs.channels[place] = ChannelConfig(language="de")

    await invite(house, "keller")

    await house.control.wait_message("keller", "Hallo\\.")


@pytest.mark.parametrize(("language", "label"), [("en", "Try a duel"), ("de", "Duell starten")])
async def test_where_all_questions_become_duels_the_first_button_is_one(
    house: House, language: str, label: str
) -> None:
    await house.control.create_channel("arena", members=["ben"])
    place = ChannelKey(house.me.team, ChannelId(house.slack.core.workspace.channel("arena").id))
    pair = ("support", "plain")
    house.store.configs.channels[place] = ChannelConfig(pair=pair, duel_share=100, language=language)
    await invite(house, "arena")
    line = await house.control.wait_message("arena", "/kostprobe privacy")

    assert [button.action_id for button in line.buttons] == [ids.DUEL_HERE, ids.ASK_HERE, ids.OPEN_CONFIG]
    assert line.buttons[0].text == label
    for question in ("Why?", "Why not?"):
        await house.control.press("ben", line, label)
        await house.control.wait_view("ben", callback_id=ids.ASK_MODAL)
        await house.control.submit("ben", {ids.QUESTION_TEXT: question})
    inboxes = house.store.memory.inboxes
    assert {thread.place.channel for thread in inboxes} == {place.channel}
    assert len(inboxes) == 2


async def test_its_buttons_ask_in_the_channel(house: House) -> None:
    await invite(house, "cellar")
    line = await house.control.wait_message("cellar", "Hello")

    await house.control.press("ben", line, "Ask")
    await house.control.wait_view("ben", callback_id=ids.ASK_MODAL)
    await house.control.submit("ben", {ids.QUESTION_TEXT: "Why?"})

    ((thread, _),) = house.store.memory.inboxes.items()
    assert thread.place.channel == house.slack.core.workspace.channel("cellar").id
    assert await house.control.modals("ben") == []


async def test_removed_and_invited_again_it_greets_a_day_later_only(house: House) -> None:
    await invite(house, "cellar")
    assert len(await greetings(house, "cellar")) == 1
    await house.control.leave("kostprobe", "cellar")
    await invite(house, "cellar")
    assert len(await greetings(house, "cellar")) == 1

    house.store.clock.advance(hours=24)
    await house.control.leave("kostprobe", "cellar")
    await invite(house, "cellar")

    assert len(await greetings(house, "cellar")) == 2


async def test_somebody_else_who_joins_is_not_greeted(house: House) -> None:
    await house.control.create_channel("cellar", members=["ben", "kostprobe"])
    await house.control.join("carla", "cellar", inviter="ben")

    assert await greetings(house, "cellar") == []


async def test_an_invitation_during_an_outage_is_brought_again(house: House) -> None:
    house.store.faults.before("once.first", Outage(Code.STORE_DOWN))

    await invite(house, "cellar")

    await house.control.wait_message("cellar", "Hello")
    assert len(await greetings(house, "cellar")) == 1


async def test_many_channels_at_once_are_greeted_once_each_without_a_fault(house: House) -> None:
    names = [f"room-{number}" for number in range(60)]
    await house.control.fault("chat.postMessage", "ratelimited", times=2)

    for name in names:
        await invite(house, name)
    await house.control.wait_message(names[-1], "Hello", seconds=30)
    await house.settle()

    posts = await house.control.calls("chat.postMessage")
    assert len({post["channel"] for post in posts}) == len(names)
    assert len(posts) == len(names) + 2
    assert house.store.observer.faults == []


async def test_a_channel_that_is_gone_by_then_is_no_fault_and_the_next_is_greeted(house: House) -> None:
    await house.control.fault("chat.postMessage", "error", error="is_archived")

    await invite(house, "cellar")
    await invite(house, "attic")

    await house.control.wait_message("attic", "Hello")
    assert house.store.observer.named("not_welcomed") == [{"code": "not_in_channel"}]
    assert house.store.observer.faults == []


async def test_configure_shows_who_may_not_change_it_who_answers_and_how_to_ask(
    house: House,
) -> None:
    await invite(house, "cellar")
    line = await house.control.wait_message("cellar", "Hello")

    await house.control.join("dario", "cellar")
    taken = await house.control.press("dario", line, "Configure")
    told = await house.control.wait_message("cellar", "Only admins", viewer="dario", ephemeral=True)

    assert taken.acked
    assert "answered by" in told.text
    assert told.visible_to == house.slack.core.workspace.user("dario").id
