"""Pictures in messages: only of files that are there and are pictures; the page fetches them from here."""

import json
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import App, LocalSlack
from bot.playground.slack.blocks import picture_kind

PNG, GIF, JPEG = b"\x89PNG\r\n\x1a\n...", b"GIF89a...", b"\xff\xd8\xff\xe0..."


@pytest.fixture
def client(local_slack: LocalSlack) -> AsyncWebClient:
    app = replace(local_slack.app, scopes=App().scopes | {"files:write"})
    local_slack.core.apps[app.id] = app
    return AsyncWebClient(app.bot_token, local_slack.api_url)


async def uploaded(client: AsyncWebClient, content: bytes, *, complete: bool = True) -> dict[str, Any]:
    there = await client.files_getUploadURLExternal(filename="result.png", length=len(content))
    async with aiohttp.ClientSession() as session, session.post(there["upload_url"], data=content) as answer:
        assert answer.status == 200
    if not complete:
        return {"id": there["file_id"]}
    done = await client.files_completeUploadExternal(files=[{"id": there["file_id"]}])
    return dict(done["files"][0])


def picture(**named: str) -> dict[str, Any]:
    return {"type": "image", "slack_file": named, "alt_text": "The first is better."}


async def test_a_message_shows_an_uploaded_picture_and_says_it_in_words(
    local_slack: LocalSlack, client: AsyncWebClient
) -> None:
    file = await uploaded(client, PNG)
    await client.chat_postMessage(channel="#general", text="x", blocks=[picture(id=file["id"])])
    await client.chat_postMessage(channel="#general", text="x", blocks=[picture(url=file["url_private"])])

    assert [line.text for line in await local_slack.control.transcript("general")] == [
        "[image: The first is better.]"
    ] * 2


@pytest.mark.parametrize("why", ["unknown", "not completed", "no picture", "elsewhere"])
async def test_a_picture_that_cannot_be_shown_is_refused(client: AsyncWebClient, why: str) -> None:
    named = {
        "unknown": {"id": "F0NOTHERE"},
        "not completed": await uploaded(client, PNG, complete=False),
        "no picture": {"id": (await uploaded(client, b"%PDF-1.7"))["id"]},
        "elsewhere": {"url": "https://example.com/result.png"},
    }[why]
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="#general", text="x", blocks=[picture(**named)])

    assert refused.value.response["error"] == "invalid_blocks"
    assert refused.value.response["errors"] == ["invalid slack file [json-pointer:/blocks/0/slack_file]"]


@pytest.mark.parametrize(
    ("block", "pointer"),
    [
        ({"type": "context", "elements": [picture(id="F0")]}, "/blocks/0/elements/0/slack_file"),
        (
            {"type": "section", "text": {"type": "plain_text", "text": "x"}, "accessory": picture(id="F0")},
            "/blocks/0/accessory/slack_file",
        ),
    ],
)
async def test_a_small_picture_has_to_be_there_too(
    client: AsyncWebClient, block: dict[str, Any], pointer: str
) -> None:
    with pytest.raises(SlackApiError) as refused:
        await client.chat_postMessage(channel="#general", text="x", blocks=[block])

    assert refused.value.response["errors"] == [f"invalid slack file [json-pointer:{pointer}]"]


async def test_a_view_shows_pictures_that_are_there(local_slack: LocalSlack, client: AsyncWebClient) -> None:
    ada = local_slack.core.workspace.user("ada").id
    file = await uploaded(client, GIF)
    await client.views_publish(user_id=ada, view={"type": "home", "blocks": [picture(id=file["id"])]})
    with pytest.raises(SlackApiError) as refused:
        await client.views_publish(user_id=ada, view={"type": "home", "blocks": [picture(id="F0")]})

    assert refused.value.response["error"] == "invalid_arguments"
    assert "/view/blocks/0/slack_file" in json.dumps(refused.value.response["errors"])


async def test_pictures_are_served_as_what_they_are_and_other_files_are_not(
    local_slack: LocalSlack, client: AsyncWebClient
) -> None:
    shown, hidden = await uploaded(client, PNG), await uploaded(client, b"<script>")
    async with aiohttp.ClientSession() as session:
        async with session.get(f"{local_slack.url}/pictures/{shown['id']}") as answer:
            assert (answer.content_type, await answer.read()) == ("image/png", PNG)
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        for name in (hidden["id"], "F0NOTHERE"):
            async with session.get(f"{local_slack.url}/pictures/{name}") as answer:
                assert answer.status == 404


def test_kinds_of_pictures_are_known_by_their_beginning() -> None:
    assert [picture_kind(content) for content in (PNG, JPEG, GIF, b"", b"<svg>")] == [
        "image/png",
        "image/jpeg",
        "image/gif",
        None,
        None,
    ]
