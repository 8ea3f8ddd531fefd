"""Privacy over Slack's wire: masks, deletion, one's own data, being forgotten, channels that are gone."""

import asyncio
import json
from typing import Any

from redis.asyncio import Redis

from bot.settings import EndpointOptions
from tests.fakes import openai_replies as replies
from tests.scenarios.house import House, Opener

PRIVATE = "Mail ann@example.com or ben@example.com, call +49 89 1234567; key xoxb-123456789012-abcdefghij"
MASKED = "Mail [e-mail 1] or [e-mail 2], call [phone 1]; key [secret 1]"


def asked(house: House, call: int = -1) -> list[str]:
    return [m["content"] for m in house.openai.chats[call].body["messages"] if m["role"] != "system"]


async def outside(open_house: Opener, **settings: Any) -> House:
    """A house whose default endpoint is public."""
    house = await open_house(**settings)
    endpoints = {
        "local": EndpointOptions(base_url=house.openai.base_url, model="fake", private=False),
        "vault": EndpointOptions(base_url=house.openai.base_url, model="tuned", private=True),
    }
    await house.restart_with(endpoints=endpoints)
    return house


async def keys_with(house: House, text: str) -> list[str]:
    """Every key of the store, the engine's too, under which a text stands; without the prefix."""
    assert house.settings.redis_url is not None
    redis = Redis.from_url(house.settings.redis_url.get_secret_value())
    reads: dict[Any, Any] = {
        b"string": redis.get,
        b"list": lambda key: redis.lrange(key, 0, -1),
        b"hash": redis.hgetall,
        b"stream": redis.xrange,
        b"set": redis.smembers,
        b"zset": lambda key: redis.zrange(key, 0, -1),
    }
    try:
        return [
            key.decode().removeprefix(f"{house.settings.redis_prefix}:")
            async for key in redis.scan_iter(f"{house.settings.redis_prefix}:*")
            if text in str(await reads[await redis.type(key)](key))
        ]
    finally:
        await redis.aclose()


# ------------------------------------------------------------ masks


async def test_a_public_endpoint_reads_masks_and_the_answer_keeps_them(open_house: Opener) -> None:
    house = await outside(open_house)

    answer = await house.ask("ben", "kitchen", PRIVATE)

    assert asked(house) == [MASKED]
    assert "[e-mail 1]" in answer.text
    await house.ask("ben", "kitchen", "And ben@example.com?", thread=answer.thread_ts)
    assert asked(house)[0] == MASKED
    assert asked(house)[-1] == "And [e-mail 2]?"


async def test_in_house_and_where_it_is_switched_off_nothing_is_masked(open_house: Opener) -> None:
    house = await outside(open_house)
    await house.tell("ann", "kitchen", "/kostprobe config set redact=off")

    await house.ask("ben", "kitchen", PRIVATE)

    assert "ann@example.com" in asked(house)[0]


async def test_a_duel_with_one_public_side_is_masked_for_both(open_house: Opener) -> None:
    house = await outside(open_house)
    await house.tell("ann", "kitchen", "/kostprobe model add tuned model=tuned endpoint=vault")
    await house.control.say("ben", "kitchen", f"@kostprobe duel pair=plain,tuned {PRIVATE}")

    await house.until(lambda: len([chat for chat in house.openai.chats if "Mail" in str(chat.body)]) == 2)

    assert [asked(house, -1), asked(house, -2)] == [[MASKED], [MASKED]]


# ------------------------------------------------------------ deletion


async def test_what_is_deleted_in_slack_is_deleted_here(house: House) -> None:
    root = await house.control.say("cleo", "kitchen", "Talk of basil.")
    question = await house.control.say("ben", "kitchen", "@kostprobe Is saffron better?", thread_ts=root)
    house.openai.script("fake", "Thyme is best.")
    answer = await house.control.wait_message("kitchen", "Thyme", thread_ts=root)
    await house.control.wait_idle()
    assert len(await keys_with(house, "basil")) == len(await keys_with(house, "saffron")) == 1

    await house.control.delete("cleo", "kitchen", root)
    await house.control.delete("ben", "kitchen", question)
    await house.control.delete("ann", "kitchen", answer.ts)
    await house.control.wait_idle()

    for word in ("basil", "saffron", "Thyme"):
        assert await keys_with(house, word) == [], word


async def test_an_edit_is_no_question_but_what_is_kept_follows(house: House) -> None:
    ts = await house.control.say("ben", "kitchen", "@kostprobe Is saffron better?")
    await house.control.wait_message("kitchen", "saffron", thread_ts=ts, after=ts)
    await house.control.wait_idle()

    await house.control.edit("ben", "kitchen", ts, "@kostprobe Is basil better?")
    await house.control.wait_idle()

    assert len(house.openai.chats) == 1
    assert len(await keys_with(house, "Is basil")) == 1


async def test_the_texts_of_a_deleted_channel_go_and_its_scores_stay(house: House) -> None:
    await house.control.create_channel("attic", members=["ann", "ben"])
    await house.control.join("kostprobe", "attic", inviter="ann")
    await house.control.say("ben", "attic", "@kostprobe duel pair=star-chef,plain Is saffron better?")
    await house.until(lambda: len(house.openai.chats) == 2)
    await house.control.wait_idle()
    await house.control.wait_message("attic", "Nobody has voted", after="0")
    assert await keys_with(house, "saffron")

    await house.control.delete_channel("ann", "attic")
    await house.until(lambda: house.observer.named("channel_gone"))

    assert await keys_with(house, "saffron") == []
    assert any(key.startswith("duel:") for key in await keys_with(house, '"open"'))


async def test_removed_in_the_middle_and_invited_again_it_answers_what_is_asked_then(house: House) -> None:
    house.openai.script("fake", replies.slow("too late", first_byte_seconds=0.3), "Back again.")
    await house.control.say("ben", "kitchen", "@kostprobe One?")
    await house.until(lambda: house.openai.in_flight)

    await house.control.command("ann", "kitchen", "/remove @kostprobe")
    await house.until(lambda: house.observer.named("channel_gone"))
    await asyncio.sleep(0.4)
    await house.control.join("kostprobe", "kitchen", inviter="ann")

    answer = await house.ask("ben", "kitchen", "Two?")
    assert "Back again." in answer.text
    assert "too late" not in await house.control.text("kitchen")


# ------------------------------------------------------------ one's own


async def test_privacy_is_told_in_a_channel_and_by_mention(open_house: Opener) -> None:
    house = await outside(open_house)
    line = await house.tell("gus", "kitchen", "/kostprobe privacy")
    assert "sent to local, outside the house" in line.text.replace("`", "")
    assert "masked" in line.text

    since = await house.now("kitchen")
    await house.control.say("gus", "kitchen", "@kostprobe privacy")
    await house.control.wait_message(
        "kitchen", "What happens with", after=since, viewer="gus", ephemeral=True
    )


async def test_ones_own_data_comes_as_a_file_to_nobody_else(house: House) -> None:
    await house.ask("ben", "kitchen", "Is saffron better?")
    await house.ask("cleo", "kitchen", "Is thyme better?")
    await house.control.wait_idle()

    line = await house.tell("ben", "kitchen", "/kostprobe my-data")

    assert "3 entries" in line.text
    dm = await house.control.open_dm("ben", "kostprobe")
    (file,) = (await house.control.transcript(dm, viewer="ben"))[-1].files
    document = json.loads(house.slack.core.workspace.files[file["id"]])
    assert [message["text"] for message in document["messages"]] == ["Is saffron better?"]
    assert len(document["answers"]) == 1
    assert [numbered["number"] for numbered in document["numbers"]] == [1]
    assert "thyme" not in str(document)


async def test_who_is_forgotten_is_gone_from_the_store_and_the_votes_stay(house: House) -> None:
    await house.control.say("ben", "kitchen", "@kostprobe duel pair=star-chef,plain Is saffron better?")
    ballot = await house.control.wait_message("kitchen", "Nobody has voted", after="0")
    await house.control.press("ben", ballot, "A better")
    await house.ask("ben", "kitchen", "Is basil better?")
    await house.control.wait_idle()
    ben = house.slack.core.workspace.user("ben").id

    line = await house.tell("ben", "kitchen", "/kostprobe forget-me")
    await house.control.press("ben", line, "Delete it all")
    told = await house.control.wait_message("kitchen", "Deleted:", viewer="ben", ephemeral=True)

    assert "1 open duel" in told.text
    # the model's answers repeat the questions here, and stay
    kept = {key.partition(":")[0] for key in await keys_with(house, "Is saffron")}
    assert kept <= {"turns", "text"}
    left = {key.partition(":")[0] for key in await keys_with(house, ben)}
    assert left <= {"people", "budget"}


async def test_who_is_forgotten_while_somebody_else_is_answered_leaves_no_id(house: House) -> None:
    root = await house.control.say("ben", "kitchen", "I love basil.")
    house.openai.script("fake", replies.slow("Thyme.", first_byte_seconds=1))
    await house.control.say("cleo", "kitchen", "@kostprobe What does he love?", thread_ts=root)
    await house.until(lambda: house.openai.in_flight)

    line = await house.tell("ben", "kitchen", "/kostprobe forget-me")
    await house.control.press("ben", line, "Delete it all")
    await house.control.wait_message("kitchen", "Thyme", thread_ts=root)
    await house.control.wait_idle()

    assert await keys_with(house, house.slack.core.workspace.user("ben").id) == []


async def test_being_forgotten_leaves_the_wish_against_training_and_says_so(house: House) -> None:
    await house.tell("ben", "kitchen", "/kostprobe no-training on")

    line = await house.tell("ben", "kitchen", "/kostprobe forget-me")
    await house.control.press("ben", line, "Delete it all")
    told = await house.control.wait_message("kitchen", "Deleted:", viewer="ben", ephemeral=True)

    assert "wish against training" in line.text
    assert "wish against training" in told.text
    assert "you wished so" in (await house.tell("ben", "kitchen", "/kostprobe privacy")).text


async def test_a_wish_against_training_is_kept(house: House) -> None:
    assert "never become" in (await house.tell("ben", "kitchen", "/kostprobe no-training on")).text
    assert house.bot is not None
    team = house.slack.core.workspace.team.id
    assert len(await house.bot.privacy.wishes.never_trained_on(team)) == 1  # type: ignore[arg-type]
