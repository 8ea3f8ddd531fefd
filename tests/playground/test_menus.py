"""Menus whose options the app is asked for, in a message."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import ControlRefused, LocalSlack

MENU: list[dict[str, Any]] = [
    {
        "type": "actions",
        "block_id": "menu",
        "elements": [
            {"type": "external_select", "action_id": "dish", "min_query_length": 2},
            {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}},
        ],
    }
]
DISHES = ("pizza", "pasta", "polenta")


async def test_an_app_is_asked_for_options_and_hears_what_was_chosen(
    local_slack: LocalSlack, bolt: AsyncApp, web: AsyncWebClient, connect: Any
) -> None:
    asked: list[dict[str, Any]] = []
    chosen: list[dict[str, Any]] = []

    @bolt.options("dish")
    async def suggest(ack: Any, payload: dict[str, Any]) -> None:
        asked.append(payload)
        found = [dish for dish in DISHES if dish.startswith(payload["value"])]
        await ack(
            options=[{"text": {"type": "plain_text", "text": dish.title()}, "value": dish} for dish in found]
        )

    @bolt.action("dish")
    async def take(ack: Any, action: dict[str, Any]) -> None:
        chosen.append(action)
        await ack()

    await connect(bolt)
    ts = (await web.chat_postMessage(channel="general", text="Menu", blocks=MENU))["ts"]
    control = local_slack.control

    assert await control.suggest("ben", "dish", "pa", channel="general", ts=ts) == ["pasta"]
    assert await control.suggest("ben", "dish", "p", channel="general", ts=ts) == []
    assert await control.suggest("ben", "dish", "xy", channel="general", ts=ts) == []
    assert [(one["value"], one["container"]["type"], one["container"]["message_ts"]) for one in asked] == [
        ("pa", "message", ts),
        ("xy", "message", ts),
    ]
    assert (await control.click("ben", "general", ts, "dish", value="pasta")).acked
    assert (await control.click("ben", "general", ts, "dish", value="soup")).acked
    assert [action["selected_option"]["text"]["text"] for action in chosen] == ["Pasta", "soup"]
    assert [action["selected_option"]["value"] for action in chosen] == ["pasta", "soup"]


async def test_only_menus_are_typed_into_and_only_where_one_is(
    local_slack: LocalSlack, web: AsyncWebClient
) -> None:
    ts = (await web.chat_postMessage(channel="general", text="Menu", blocks=MENU))["ts"]
    said = await local_slack.control.say("ada", "general", "hello")

    for at, action_id, why in (
        (ts, "go", "has its own options"),
        (ts, "drink", "drink"),
        (said, "dish", "no app stands behind"),
    ):
        with pytest.raises(ControlRefused, match=why):
            await local_slack.control.suggest("ben", action_id, "pa", channel="general", ts=at)


async def test_what_stands_in_a_container_without_ids_is_clicked_and_typed_into(
    local_slack: LocalSlack, bolt: AsyncApp, web: AsyncWebClient, connect: Any
) -> None:
    heard: list[str] = []

    @bolt.options("dish")
    async def suggest(ack: Any, payload: dict[str, Any]) -> None:
        heard.append(payload["block_id"])
        await ack(options=[{"text": {"type": "plain_text", "text": "Pasta"}, "value": "pasta"}])

    @bolt.action("go")
    async def go(ack: Any, action: dict[str, Any], body: dict[str, Any]) -> None:
        heard.append(action["block_id"])
        assert list(body["state"]["values"]) == [action["block_id"]]
        await ack()

    await connect(bolt)
    inner = [{"type": "actions", "elements": block["elements"]} for block in MENU]
    container = {"type": "container", "title": {"type": "plain_text", "text": "Menu"}, "child_blocks": inner}
    posted = await web.chat_postMessage(channel="general", text="Menu", blocks=[container])
    ts, control = posted["ts"], local_slack.control

    assert await control.suggest("ben", "dish", "pa", channel="general", ts=ts) == ["pasta"]
    assert (await control.click("ben", "general", ts, "go")).acked
    assert heard == [posted["message"]["blocks"][0]["child_blocks"][0]["block_id"]] * 2
