"""Replies that are also sent to the channel."""

import asyncio
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import LocalSlack

Json = dict[str, Any]


@pytest.fixture
async def heard(web: AsyncWebClient, connect: Any) -> "asyncio.Queue[Json]":
    queue: asyncio.Queue[Json] = asyncio.Queue()
    app = AsyncApp(client=web, ignoring_self_events_enabled=False)

    @app.event("message")
    async def hear(event: Json) -> None:
        await queue.put(event)

    @app.event({"type": "message", "subtype": "thread_broadcast"})
    async def hear_too(event: Json) -> None:
        await queue.put(event)

    await connect(app)
    return queue


@pytest.mark.parametrize("who", ["a person", "an app"])
async def test_a_reply_that_goes_to_the_channel_too_is_a_thread_broadcast_with_its_root(
    local_slack: LocalSlack, web: AsyncWebClient, heard: "asyncio.Queue[Json]", who: str
) -> None:
    root = await local_slack.control.say("ada", "general", "which wine?")
    await local_slack.control.say("ben", "general", "any", thread_ts=root)
    await web.chat_postMessage(channel="general", text="hm", reply_broadcast=True)
    asked, *others = [await heard.get() for _ in range(3)]

    if who == "a person":
        await local_slack.control.say("ben", "general", "red", thread_ts=root, broadcast=True)
    else:
        await web.chat_postMessage(channel="general", text="red", thread_ts=root, reply_broadcast=True)
    event = await heard.get()

    assert (event["subtype"], event["thread_ts"], event["text"]) == ("thread_broadcast", root, "red")
    assert (event["root"]["ts"], event["root"]["text"]) == (root, "which wine?")
    assert event["root"]["latest_reply"] == event["ts"]
    assert all("subtype" not in other and "root" not in other for other in others)
    history = (await web.conversations_history(channel=asked["channel"]))["messages"]
    assert [message.get("subtype") for message in history] == ["thread_broadcast", None, None]
