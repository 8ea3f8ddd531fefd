"""Attachments of messages: words and blocks with a bar at their side."""

from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import LocalSlack

BUTTON = {"type": "button", "text": {"type": "plain_text", "text": "Again"}, "action_id": "again"}
SECTION = {"type": "section", "text": {"type": "mrkdwn", "text": "The build failed"}, "accessory": BUTTON}
WORDS = {
    "pretext": "Weekly",
    "title": "Build 12",
    "title_link": "https://ci.example/12",
    "text": "is &lt;red&gt;",
    "fields": [{"title": "Branch", "value": "main", "short": True}, "no field"],
    "footer": "ci",
    "fallback": "Build 12 is red",
}


@pytest.mark.parametrize(
    ("attachment", "shown"),
    [
        (WORDS, "Weekly\nBuild 12\nis <red>\nBranch: main\nci"),
        ({"color": "danger", "blocks": [SECTION]}, "The build failed"),
        ({"fallback": "Build 12 is red", "image_url": "https://ci.example/12.png"}, "Build 12 is red"),
        ({"fields": 5, "text": 5}, "5"),
    ],
)
async def test_a_transcript_shows_what_an_attachment_says(
    local_slack: LocalSlack, web: AsyncWebClient, attachment: dict[str, Any], shown: str
) -> None:
    for text in ("", "Look:"):
        sent = {"channel": "general", "text": text, "attachments": [attachment]}
        await web.api_call("chat.postMessage", json=sent)
    alone, under = await local_slack.control.transcript("general")

    assert (alone.text, under.text) == (shown, f"Look:\n{shown}")
    assert under.raw_text == "Look:"
    assert under.attachments[0].items() >= {k: v for k, v in attachment.items() if k != "blocks"}.items()


async def test_a_button_of_an_attachment_is_clicked_and_says_where_it_is(
    local_slack: LocalSlack, bolt: AsyncApp, web: AsyncWebClient, connect: Any
) -> None:
    heard: list[dict[str, Any]] = []

    @bolt.action("again")
    async def again(ack: Any, body: dict[str, Any]) -> None:
        heard.append(body)
        await ack()

    await connect(bolt)
    menu = {"type": "actions", "elements": [{"type": "users_select", "action_id": "who"}]}
    attachments: list[dict[str, Any]] = [{"text": "Nothing to press."}, {"blocks": [SECTION, menu]}]
    ts = (await web.chat_postMessage(channel="general", text="CI", attachments=attachments))["ts"]
    [line] = await local_slack.control.transcript("general")
    assert [button.text for button in line.buttons] == ["Again", ""]

    assert (await local_slack.control.click("ben", "general", ts, "again")).acked

    [body] = heard
    assert body["container"].items() >= {"type": "message_attachment", "attachment_id": 2}.items()
    assert body["actions"][0]["block_id"] == line.attachments[1]["blocks"][0]["block_id"]
    assert list(body["state"]["values"]) == [line.attachments[1]["blocks"][1]["block_id"]]
