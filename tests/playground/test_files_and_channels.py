"""Uploads in three steps, channels that are archived or deleted, reading as a distributed app."""

import asyncio
import io
from dataclasses import replace
from typing import Any

import aiohttp
import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import App, ControlRefused, LocalSlack
from bot.playground.slack.persistence import dump, load

SCOPES = App().scopes | {"files:write"}
LIFE = frozenset(f"{kind}_{how}" for kind in ("channel", "group") for how in ("archive", "deleted", "left"))


@pytest.fixture
def app(local_slack: LocalSlack) -> App:
    app = replace(
        local_slack.app, scopes=SCOPES, events=local_slack.app.events | LIFE | {"member_left_channel"}
    )
    local_slack.core.apps[app.id] = app
    return app


@pytest.fixture
def client(local_slack: LocalSlack, app: App) -> AsyncWebClient:
    return AsyncWebClient(app.bot_token, local_slack.api_url)


async def send(address: str, content: bytes) -> int:
    async with aiohttp.ClientSession() as session, session.post(address, data=io.BytesIO(content)) as answer:
        return answer.status


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_a_file_is_announced_sent_and_shared(local_slack: LocalSlack, client: AsyncWebClient) -> None:
    general = local_slack.core.workspace.channel("general").id
    there = await client.files_getUploadURLExternal(filename="data.json", length=2)
    file = {"id": there["file_id"], "title": "Data"}

    named = client.api_call("files.completeUploadExternal", json={"files": [file["id"]]})
    assert await refused(named) == "invalid_arguments"
    assert await refused(client.files_completeUploadExternal(files=[file])) == "file_not_found"
    assert await send(there["upload_url"], b"too much") == 400
    assert await send(there["upload_url"], b"{}") == 200
    done = await client.files_completeUploadExternal(
        files=[file], channel_id=general, initial_comment="Here."
    )

    (line,) = await local_slack.control.transcript("general")
    assert line.files == done["files"]
    assert (line.files[0]["title"], line.files[0]["filetype"], line.files[0]["size"]) == ("Data", "json", 2)
    async with aiohttp.ClientSession() as session:
        address = line.files[0]["url_private_download"].replace("/files/", "/downloads/")
        async with session.get(address) as answer:
            assert (await answer.read(), answer.status) == (b"{}", 200)
            assert "attachment" in answer.headers["Content-Disposition"]
        async with session.get(f"{local_slack.url}/downloads/F0/none") as answer:
            assert answer.status == 404
    load(local_slack.core.workspace, dump(local_slack.core.workspace))
    assert local_slack.core.workspace.files == {there["file_id"]: b"{}"}


async def test_a_file_may_be_longer_than_a_request_of_any_other_kind(
    local_slack: LocalSlack, client: AsyncWebClient
) -> None:
    content = b"film" * 5_000_000
    there = await client.files_getUploadURLExternal(filename="film.mp4", length=len(content))

    assert await send(there["upload_url"], content + b"x") == 400
    assert await send(there["upload_url"], content) == 200

    await client.files_completeUploadExternal(files=[{"id": there["file_id"]}])
    assert local_slack.core.workspace.files[there["file_id"]] == content


@pytest.mark.parametrize(
    ("length", "why"), [(0, "must be greater than 0"), (1_000_000_001, "must be less than 1000000001")]
)
async def test_the_length_of_a_file_that_is_refused_is_said_rightly(
    client: AsyncWebClient, length: int, why: str
) -> None:
    with pytest.raises(SlackApiError) as refusal:
        await client.files_getUploadURLExternal(filename="film.mp4", length=length)

    assert refusal.value.response["response_metadata"]["messages"] == [
        f"[ERROR] {why} [json-pointer:/length]"
    ]


async def test_what_is_no_upload_is_refused(local_slack: LocalSlack, client: AsyncWebClient) -> None:
    assert await refused(client.files_getUploadURLExternal(filename="x", length=0)) == "invalid_arguments"
    assert await refused(client.api_call("files.completeUploadExternal", json={})) == "invalid_arguments"
    assert await send(f"{local_slack.url}/upload/v1/U0", b"") == 404


async def test_admins_delete_anybodys_message_and_others_their_own(local_slack: LocalSlack) -> None:
    ts = await local_slack.control.say("ben", "general", "x")
    with pytest.raises(ControlRefused):
        await local_slack.control.delete("cleo", "general", ts)
    await local_slack.control.delete("ada", "general", ts)

    assert await local_slack.control.transcript("general") == []


async def heard(local_slack: LocalSlack) -> list[str]:
    await asyncio.sleep(0.01)
    waiting = local_slack.core.couriers.waiting.get(local_slack.app.id, ())
    return [delivery.name for delivery in waiting]


@pytest.mark.usefixtures("app")
@pytest.mark.parametrize("private", [False, True])
async def test_archiving_leaving_and_deleting_are_told_to_apps_that_were_there(
    local_slack: LocalSlack, private: bool
) -> None:
    control, kind = local_slack.control, "group" if private else "channel"
    await control.create_channel("cellar", members=["ada", "ben"], private=private)
    await control.delete_channel("ada", "cellar")
    await control.create_channel("attic", members=["ada", "ben"], private=private)
    await control.join("kostprobe", "attic", inviter="ada")
    await control.command("ada", "attic", "/remove @kostprobe")
    await control.join("kostprobe", "attic", inviter="ada")
    await control.command("ben", "attic", "/archive")
    with pytest.raises(ControlRefused):
        await control.say("ben", "attic", "Anybody?")
    with pytest.raises(ControlRefused):
        await control.delete_channel("ben", "attic")
    await control.delete_channel("ada", "attic")

    told = [name for name in await heard(local_slack) if name.startswith((kind, "member_left"))]
    assert told == [f"{kind}_left", "member_left_channel", f"{kind}_archive", f"{kind}_deleted"]
    with pytest.raises(ControlRefused):
        await control.transcript("attic")


async def test_a_distributed_app_reads_fifteen_once_a_minute(
    local_slack: LocalSlack, app: App, client: AsyncWebClient
) -> None:
    local_slack.core.apps[app.id] = replace(app, distributed=True)
    general = local_slack.core.workspace.channel("general").id
    root = await local_slack.control.say("ben", "general", "root")
    for number in range(20):
        await local_slack.control.say("ben", "general", str(number), thread_ts=root)

    with pytest.raises(SlackApiError, match="invalid_arguments"):
        await client.api_call("conversations.history", params={"channel": general, "limit": "many"})
    local_slack.core.last_reads.clear()
    page = await client.conversations_replies(channel=general, ts=root, limit=1000)

    assert (len(page["messages"]), page["has_more"]) == (15, True)
    with pytest.raises(SlackApiError) as limited:
        await client.conversations_replies(channel=general, ts=root)
    assert limited.value.response.status_code == 429
    assert 0 < int(limited.value.response.headers["Retry-After"]) <= 60
    assert (await client.conversations_history(channel=general, limit=3))["ok"]
