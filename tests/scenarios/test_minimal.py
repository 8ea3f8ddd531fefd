"""An app that hears mentions only: `kostprobe manifest --minimal`."""

import pytest

from bot.slack.manifest import Variant, derive, shipped
from tests.scenarios.house import House, Opener


@pytest.fixture
async def house(open_house: Opener) -> House:
    return await open_house(manifest=derive(shipped(), Variant(minimal=True, short_commands=True)))


async def test_it_answers_mentions_in_channels_and_in_threads_that_others_began(house: House) -> None:
    await house.control.say("ben", "kitchen", "@kostprobe Why?")
    await house.control.wait_message("kitchen", "Answer to: Why\\?")
    root = await house.control.say("cleo", "kitchen", "Does rye rise?")
    asked = await house.control.say("ben", "kitchen", "@kostprobe Does it?", thread_ts=root)

    answer = await house.control.wait_message("kitchen", "Does it\\?", thread_ts=root, after=asked)

    assert "Answer to" in answer.text


async def test_threads_cannot_be_followed_and_the_reason_is_told(house: House) -> None:
    told = await house.tell("ann", "kitchen", "/kostprobe config set threads=follow")
    shown = await house.tell("ann", "kitchen", "/kostprobe config show")

    assert "channels:history" in told.text
    assert "threads=mention" in shown.text


async def test_the_short_commands_ask_and_duel(house: House) -> None:
    await house.control.command("ben", "kitchen", "/ask Why?")
    await house.control.wait_message("kitchen", "Answer to: Why\\?")
    await house.control.command("ben", "kitchen", "/duel pair=plain,support Which?")

    await house.control.wait_message("kitchen", "Nobody has voted")


async def test_after_a_lost_reply_the_answer_is_said_rather_twice_than_never(house: House) -> None:
    await house.control.fault("chat.postMessage", "drop_reply")
    await house.control.say("ben", "kitchen", "@kostprobe Why?")
    await house.control.wait_message("kitchen", "Answer to: Why\\?")
    await house.until(lambda: house.observer.named("cannot_look_for_own_message"))
    await house.until(lambda: house.observer.named("question_answered"))


async def test_scopes_that_an_old_installation_lacks_are_named_at_the_start(open_house: Opener) -> None:
    manifest = shipped()
    manifest["oauth_config"]["scopes"]["bot"].remove("reactions:write")
    old = await open_house(manifest=manifest)
    minimal = await open_house(manifest=derive(shipped(), Variant(minimal=True)))

    assert [fact["scopes"] for fact in old.observer.named("scopes_missing")] == ["reactions:write"]
    assert minimal.observer.named("scopes_missing") == []
