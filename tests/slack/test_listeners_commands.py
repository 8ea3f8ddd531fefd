"""The slash command over the wire."""

import asyncio
from collections.abc import AsyncGenerator
from datetime import timedelta
from typing import Any

import pytest

from bot.domain.channel_config import ChannelConfig
from bot.domain.errors import Code, Outage
from bot.domain.routing import Wish
from bot.slack.reception import Patience
from tests.slack.door_kit import House, open_house


@pytest.fixture
async def house() -> AsyncGenerator[House]:
    async with open_house() as opened:
        yield opened


def said(answer: Any) -> str:
    return str(answer["text"]) if answer else ""


async def test_a_question_is_taken_in_and_its_receipt_is_in_the_acknowledgement(house: House) -> None:
    taken = await house.control.command("ben", "general", "/kostprobe duel pair=chef,support Why?")
    await house.settle()

    ((thread, inbox),) = house.store.memory.inboxes.items()
    (entry,) = inbox.values()
    assert taken.acked
    assert "in the channel" in said(taken.answer)
    assert thread.from_command
    assert thread.place == house.channel()
    assert (entry.question.text, entry.question.wish) == ("Why?", Wish(duel=True, pair=("chef", "support")))
    assert house.store.engine.wakes == [thread]


async def test_where_the_bot_is_not_a_question_is_refused_at_once_and_not_taken_in(house: House) -> None:
    await house.control.create_channel("cellar", members=["ben"])

    taken = await house.control.command("ben", "cellar", "/kostprobe ask Why?")
    await house.control.join("kostprobe", "cellar", inviter="ben")
    then = await house.control.command("ben", "cellar", "/kostprobe ask Why?")

    assert "/invite" in said(taken.answer)
    assert "in the channel" in said(then.answer)


async def test_that_the_bot_is_there_is_asked_once_a_minute(house: House) -> None:
    for _ in range(2):
        await house.control.command("ben", "general", "/kostprobe ask Why?")
    house.store.clock.advance(seconds=61)
    await house.control.command("ben", "general", "/kostprobe ask Why?")

    assert len(await house.control.calls("conversations.info")) == 2


async def test_nothing_at_all_and_help_are_help(house: House) -> None:
    for text in ("/kostprobe", "/kostprobe help"):
        taken = await house.control.command("ben", "general", text)

        assert "I answer questions" in said(taken.answer)


async def test_an_unknown_word_is_refused_with_a_suggestion(house: House) -> None:
    taken = await house.control.command("ben", "general", "/kostprobe konfig show")

    assert "Did you mean `config`?" in said(taken.answer)


async def test_a_question_of_nothing_but_emoji_is_refused(house: House) -> None:
    taken = await house.control.command("ben", "general", "/kostprobe ask :wave:")

    assert "no question" in said(taken.answer)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("config show", "answered by"),
        ("config show default", "answered by"),
        ("persona list", "persona"),
        ("persona show chef", "Chef"),
        ("model list", "No fine-tuned model"),
    ],
)
async def test_what_needs_only_the_store_is_answered_in_the_acknowledgement(
    house: House, text: str, answer: str
) -> None:
    taken = await house.control.command("ben", "general", f"/kostprobe {text}")

    assert answer in said(taken.answer)


async def test_an_admin_changes_the_config(house: House) -> None:
    await house.control.command(
        "ada", "general", "/kostprobe config set answer=chef duel_share = 20 pair=“chef, support”"
    )
    await house.control.wait_message("general", "chef", ephemeral=True, viewer="ada")
    await house.settle()

    assert house.store.configs.channels[house.channel()] == ChannelConfig(
        answer="chef", duel_share=20, pair=("chef", "support")
    )

    await house.control.command("ada", "general", "/kostprobe config reset")
    await house.settle()

    assert house.store.configs.channels[house.channel()] == ChannelConfig()


async def test_a_guest_changes_nothing_and_is_told_who_may(house: House) -> None:
    await house.control.command("gina", "general", "/kostprobe config set answer=chef")
    await house.control.wait_message("general", "Only admins", ephemeral=True, viewer="gina")

    assert house.store.configs.channels == {}


async def test_models_are_added_tried_and_removed(house: House) -> None:
    for text, answer in (
        ("model add pizza model=ft:1 endpoint=local", "registered"),
        ("model test pizza", "small question"),
        ("model remove pizza", "removed"),
        ("model remove pizza", "no model"),
    ):
        await house.control.command("ada", "general", f"/kostprobe {text}")
        await house.control.wait_message("general", answer, ephemeral=True, viewer="ada")


async def test_status_looks_at_everything(house: House) -> None:
    await house.control.command("ben", "general", "/kostprobe status")

    await house.control.wait_message("general", "All is well", ephemeral=True)


async def test_status_while_the_store_is_down_says_so(house: House) -> None:
    house.store.faults.before("health.store", Outage(Code.STORE_DOWN))
    await house.control.command("ben", "general", "/kostprobe status")

    await house.control.wait_message("general", "memory cannot be reached", ephemeral=True)


async def test_a_list_of_duels_links_to_them(house: House) -> None:
    duel = await house.open_duel()
    await house.control.command("ben", "general", "/kostprobe duels")

    link = f"/archives/{duel.thread.place.channel}/p{str(duel.answers_ts).replace('.', '')}"
    await house.control.wait_message("general", link, ephemeral=True, viewer="ben")


async def test_that_there_was_no_duel_yet_is_said(house: House) -> None:
    await house.control.command("ben", "general", "/kostprobe duels")

    await house.control.wait_message("general", "no duel in this channel yet", ephemeral=True, viewer="ben")


async def test_a_store_that_is_down_is_said_honestly(house: House) -> None:
    house.store.faults.before("conversations.ingest", Outage(Code.STORE_DOWN))
    taken = await house.control.command("ben", "general", "/kostprobe ask Why?")

    assert taken.acked
    assert "memory cannot be reached" in said(taken.answer)


@pytest.mark.parametrize("fails", [False, True])
async def test_a_store_that_hangs_is_waited_for_after_the_acknowledgement(
    monkeypatch: pytest.MonkeyPatch, *, fails: bool
) -> None:
    released = asyncio.Event()

    async def hang(*_: object) -> ChannelConfig:
        await released.wait()
        if fails:
            raise Outage(Code.STORE_DOWN)
        return ChannelConfig()

    async with open_house(patience=Patience(answering=timedelta(milliseconds=50))) as house:
        monkeypatch.setattr(house.store.configs, "channel", hang)
        taken = await house.control.command("ben", "general", "/kostprobe config show")
        released.set()
        shown = "memory cannot be reached" if fails else "answered by"

        assert taken.acked
        assert taken.answer is None
        await house.control.wait_message("general", shown, viewer="ben", ephemeral=True)


async def test_a_bug_is_an_apology(house: House) -> None:
    house.store.faults.before("conversations.ingest", RuntimeError("secret"))
    taken = await house.control.command("ben", "general", "/kostprobe ask Why?")

    assert "ref-1" in said(taken.answer)
    assert "secret" not in str(taken.answer)
