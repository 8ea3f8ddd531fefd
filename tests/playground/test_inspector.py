"""The record of what crosses the wire: what it knows, how it stays small, faults to order, sending again."""

import json
from collections.abc import AsyncGenerator
from typing import Any

import aiohttp
import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import ControlRefused, LocalSlack
from bot.playground.slack.traffic import BYTES_KEPT, KEPT, Traffic
from tests.playground.conftest import Connect, late_once
from tests.playground.test_delivery import PATIENCE, open_socket

ROW = {
    "type": "actions",
    "block_id": "row",
    "elements": [
        {"type": "button", "action_id": "more", "value": "1", "text": {"type": "plain_text", "text": "More"}}
    ],
}
VIEW = {"type": "modal", "title": {"type": "plain_text", "text": "Form"}, "blocks": []}


@pytest.fixture
def heard(bolt: AsyncApp) -> list[dict[str, Any]]:
    """The payloads that reach an app, which answers what it can be asked."""
    got: list[dict[str, Any]] = []

    @bolt.event("message")
    async def said(body: dict[str, Any]) -> None:
        got.append(body)

    @bolt.command("/kostprobe")
    async def commanded(ack: Any, body: dict[str, Any], respond: Any) -> None:
        await ack("Taken.")
        got.append(body)
        await respond(f"Done: {body['text']}")

    @bolt.action("more")
    async def clicked(ack: Any, body: dict[str, Any], client: AsyncWebClient, respond: Any) -> None:
        await ack()
        got.append(body)
        await client.views_open(trigger_id=body["trigger_id"], view=VIEW)
        await respond(text="Replaced.", replace_original=True)

    return got


async def seq_of(slack: LocalSlack, name: str) -> int:
    return int((await slack.control.log(name=name, kind="envelope"))[0]["seq"])


@pytest.mark.usefixtures("heard")
async def test_an_entry_tells_who_caused_it_by_which_door_and_how_large_it_is(
    local_slack: LocalSlack, bolt: AsyncApp, connect: Connect
) -> None:
    await connect(bolt)
    await local_slack.control.say("ben", "general", "hello")
    await local_slack.control.command("ada", "general", "/kostprobe help")
    await local_slack.control.wait_idle()

    said, command = [
        await local_slack.control.entry(await seq_of(local_slack, name)) for name in ("message", "/kostprobe")
    ]
    users = local_slack.core.workspace
    assert (said["user"], command["user"]) == (users.user("ben").id, users.user("ada").id)
    assert (said["door"], said["envelope"], command["envelope"]) == ("socket", "events_api", "slash_commands")
    assert (said["outcome"], command["response"]) == ("acked", {"text": "Taken."})
    assert said["ms"] >= 0
    assert said["size"] == len(json.dumps(said["request"], separators=(",", ":")))


async def test_what_was_sent_stays_as_it_was_when_the_message_grows(
    local_slack: LocalSlack, web: AsyncWebClient
) -> None:
    general = local_slack.core.workspace.channel("general").id
    async with aiohttp.ClientSession() as session:
        socket = await open_socket(local_slack, session)
        posted = await web.chat_postMessage(
            channel=general, text="x", blocks=[{"type": "markdown", "text": "one"}]
        )
        message = local_slack.core.workspace.message(general, posted["ts"])
        message.blocks[0]["text"] += " two"
        frame = await socket.receive_json(timeout=PATIENCE)

    call = (await local_slack.control.log(name="chat.postMessage"))[0]
    envelope = (
        await local_slack.control.log(name="message.bot_message")
        or await local_slack.control.log(kind="envelope")
    )[0]
    assert call["request"]["blocks"][0]["text"] == "one"
    assert call["response"]["message"]["blocks"][0]["text"] == "one"
    assert envelope["request"] == frame["payload"]
    assert frame["payload"]["event"]["blocks"][0]["text"] == "one"


async def test_tokens_are_never_recorded(local_slack: LocalSlack) -> None:
    token = local_slack.app.bot_token
    async with aiohttp.ClientSession() as session:
        url = f"{local_slack.api_url}auth.test"
        for sent in ({"data": {"token": token}}, {"json": {"token": token}}, {"params": {"token": token}}):
            async with session.post(url, **sent) as response:  # type: ignore[arg-type]
                assert (await response.json())["ok"]

    assert token not in json.dumps(await local_slack.control.log())


@late_once
async def test_retries_name_the_delivery_before_and_a_lost_acknowledgement_is_marked(
    local_slack: LocalSlack,
) -> None:
    await local_slack.control.drop_acks()
    async with aiohttp.ClientSession() as session:
        socket = await open_socket(local_slack, session)
        await local_slack.control.say("ben", "general", "hello")
        for _ in range(2):
            frame = await socket.receive_json(timeout=PATIENCE)
            await socket.send_json({"envelope_id": frame["envelope_id"]})
        await local_slack.control.wait_idle()

    first, second = await local_slack.control.log(kind="envelope")
    assert (first["outcome"], first["fault"], first["retry_of"]) == ("timeout", "drop_ack", None)
    assert (second["outcome"], second["fault"]) == ("acked", "")
    assert (second["retry_of"], second["reason"], second["attempt"]) == (first["seq"], "timeout", 1)


async def test_ordered_faults_are_told_on_the_calls_that_they_struck(
    local_slack: LocalSlack, web: AsyncWebClient
) -> None:
    await local_slack.control.fault("auth.test", "ratelimited", seconds=7)
    await local_slack.control.fault("*", "server_error")
    for _ in range(2):
        with pytest.raises(SlackApiError):
            await web.auth_test()
    await web.auth_test()

    limited, failed, fine = await local_slack.control.log(name="auth.test")
    assert (limited["status"], limited["retry_after"], limited["fault"]) == (429, 7, "ratelimited")
    assert (failed["status"], failed["retry_after"], failed["fault"]) == (500, None, "server_error")
    assert (fine["status"], fine["fault"], fine["outcome"]) == (200, "", "ok")


async def test_a_fault_at_a_response_url_is_recorded_too(local_slack: LocalSlack) -> None:
    core = local_slack.core
    url = core.response_url(
        local_slack.app, core.workspace.channel("general").id, core.workspace.user("ben").id
    )
    await local_slack.control.fault("response_url", "server_error")
    async with aiohttp.ClientSession() as session, session.post(url, json={"text": "psst"}) as response:
        assert response.status == 500

    (entry,) = await local_slack.control.log(kind="response_url")
    assert (entry["outcome"], entry["status"], entry["app_id"]) == ("server_error", 500, local_slack.app.id)


async def test_faults_are_listed_and_one_can_be_taken_back(
    local_slack: LocalSlack, web: AsyncWebClient
) -> None:
    slow = await local_slack.control.fault("chat.update", "slow", times=3, seconds=2)
    lost = await local_slack.control.drop_acks(2)
    await local_slack.control.clear_faults(slow)

    assert [(f.id, f.kind, f.times) for f in await local_slack.control.faults()] == [(lost, "drop_ack", 2)]
    with pytest.raises(ControlRefused, match="not ordered any more"):
        await local_slack.control.clear_faults(slow)
    await local_slack.control.clear_faults()
    await local_slack.control.clear_faults()
    assert await local_slack.control.faults() == []
    await web.auth_test()


async def test_a_fault_for_an_unknown_method_is_refused_with_the_method_that_was_meant(
    local_slack: LocalSlack,
) -> None:
    with pytest.raises(ControlRefused, match=r"did you mean chat\.postMessage"):
        await local_slack.control.fault("chat.postMesage", "slow")


async def test_a_stream_that_expires_is_over_for_its_app(
    local_slack: LocalSlack, web: AsyncWebClient
) -> None:
    general = local_slack.core.workspace.channel("general").id
    where: dict[str, Any] = {
        "channel": general,
        "thread_ts": await local_slack.control.say("ben", "general", "go"),
        "recipient_user_id": local_slack.core.workspace.user("ben").id,
        "recipient_team_id": local_slack.core.workspace.team.id,
    }
    live = (await web.chat_startStream(**where, markdown_text="Once"))["ts"]
    with pytest.raises(ControlRefused, match="not streaming"):
        await local_slack.control.expire_stream("general", where["thread_ts"])

    ended = await local_slack.control.expire_stream()
    ordered = await local_slack.control.expire_stream()
    second = (await web.chat_startStream(**where, markdown_text="Twice"))["ts"]
    third = (await web.chat_startStream(**where, markdown_text="Thrice"))["ts"]

    assert (ended, ordered) == (live, None)
    for ts in (live, second):
        with pytest.raises(SlackApiError) as caught:
            await web.chat_appendStream(channel=general, ts=ts, markdown_text="more")
        assert caught.value.response["error"] == "message_not_in_streaming_state"
    await web.chat_appendStream(channel=general, ts=third, markdown_text="more")


async def test_a_replayed_event_is_the_same_event_unless_it_is_to_be_fresh(
    local_slack: LocalSlack, bolt: AsyncApp, heard: list[dict[str, Any]], connect: Connect
) -> None:
    await connect(bolt)
    ts = await local_slack.control.say("ben", "general", "hello")
    await local_slack.control.wait_idle()
    seq = await seq_of(local_slack, "message")
    again = await local_slack.control.replay(seq)
    await local_slack.control.wait_idle()
    await local_slack.control.replay(seq, fresh=True)
    await local_slack.control.wait_idle()

    first, second, third = heard
    assert second == first
    assert again.seq is not None
    assert (await local_slack.control.entry(again.seq))["replay_of"] == seq
    assert third["event_id"] != first["event_id"]
    assert third["event"]["text"] == "hello"
    assert [line.ts for line in await local_slack.control.transcript("general")] == [ts, third["event"]["ts"]]


@pytest.mark.usefixtures("heard")
async def test_a_fresh_event_needs_its_message(
    local_slack: LocalSlack, bolt: AsyncApp, connect: Connect
) -> None:
    await connect(bolt)
    ts = await local_slack.control.say("ben", "general", "hello")
    await local_slack.control.wait_idle()
    await local_slack.control.delete("ben", "general", ts)

    with pytest.raises(ControlRefused, match="without `fresh`"):
        await local_slack.control.replay(await seq_of(local_slack, "message"), fresh=True)


@pytest.mark.usefixtures("heard")
async def test_a_replayed_command_and_click_can_be_answered(
    local_slack: LocalSlack, web: AsyncWebClient, bolt: AsyncApp, connect: Connect
) -> None:
    await connect(bolt)
    general = local_slack.core.workspace.channel("general").id
    posted = await web.chat_postMessage(channel=general, text="x", blocks=[ROW])
    await local_slack.control.command("ben", "general", "/kostprobe help")
    await local_slack.control.click("ben", "general", posted["ts"], "more")
    await local_slack.control.wait_idle()

    command = await local_slack.control.replay(await seq_of(local_slack, "/kostprobe"))
    click = await local_slack.control.replay(await seq_of(local_slack, "block_actions"))
    await local_slack.control.wait_idle()

    assert (command.acked, click.acked) == (True, True)
    lines = await local_slack.control.transcript("general")
    assert sorted(line.text for line in lines if line.ephemeral) == ["Done: help"] * 2 + ["Taken."] * 2
    assert [line.text for line in lines if not line.ephemeral] == ["Replaced."]
    assert [entry["outcome"] for entry in await local_slack.control.log(kind="call", name="views.open")] == [
        "ok",
        "ok",
    ]


async def test_what_is_no_envelope_or_forgotten_is_not_sent_again(
    local_slack: LocalSlack, web: AsyncWebClient
) -> None:
    await web.auth_test()
    (call,) = await local_slack.control.log(name="auth.test")

    with pytest.raises(ControlRefused, match="only what Slack sends"):
        await local_slack.control.replay(call["seq"])
    with pytest.raises(ControlRefused, match="forgotten"):
        await local_slack.control.replay(99_999)
    with pytest.raises(ControlRefused, match="forgotten"):
        await local_slack.control.entry(0)


@pytest.fixture
async def stream(local_slack: LocalSlack) -> AsyncGenerator[Any]:
    async def pieces(response: aiohttp.ClientResponse) -> AsyncGenerator[dict[str, Any]]:
        async for line in response.content:
            if line.startswith(b"data: "):
                yield json.loads(line[6:])

    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{local_slack.url}/inspect/changes") as response,
    ):
        yield pieces(response)


async def test_an_open_inspector_is_told_what_opens_and_closes(
    local_slack: LocalSlack, web: AsyncWebClient, stream: Any
) -> None:
    whole = await anext(stream)
    await web.auth_test()
    told = await anext(stream)

    assert (whole["all"], whole["entries"], told["all"]) == (True, [], False)
    (entry,) = [entry for entry in told["entries"] if entry["name"] == "auth.test"]
    assert (entry["outcome"], entry["kind"], entry["app_id"]) == ("ok", "call", local_slack.app.id)
    assert "request" not in entry
    assert (await local_slack.control.entry(entry["seq"]))["response"]["ok"] is True


async def test_a_stream_begins_where_it_is_asked_to(local_slack: LocalSlack, web: AsyncWebClient) -> None:
    await web.auth_test()
    await web.api_test()
    (asked,) = await local_slack.control.log(name="auth.test")
    async with aiohttp.ClientSession() as session:
        url = f"{local_slack.url}/inspect/changes"
        async with session.get(url, params={"since": asked["seq"]}) as response:
            await response.content.readline()
            await response.content.readline()
            told = json.loads((await response.content.readline())[6:])
        async with session.get(url, params={"since": "x"}) as response:
            assert response.status == 400

    assert [entry["name"] for entry in told["entries"]] == ["api.test"]


async def test_nobody_listens_to_the_record_when_no_inspector_is_open(local_slack: LocalSlack) -> None:
    before = len(local_slack.core.traffic.listeners)
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{local_slack.url}/inspect/changes") as response,
    ):
        await response.content.readline()
        assert len(local_slack.core.traffic.listeners) == before + 1
    await local_slack.control.say("ben", "general", "hello")
    await local_slack.control.say("ben", "general", "hello again")
    async with (
        aiohttp.ClientSession() as session,
        session.get(f"{local_slack.url}/inspect/changes") as response,
    ):
        await response.content.readline()


def test_the_record_stays_small_in_number_and_in_bytes() -> None:
    traffic = Traffic()
    for _ in range(KEPT + 5):
        traffic.close(traffic.add("call", "A", "auth.test", {}, at=0), "ok")
    assert (len(traffic.entries), traffic.entries[0].seq, traffic.bytes) == (KEPT, 6, 0)
    old = traffic.entries[0]

    large = "x" * (BYTES_KEPT // 4)
    for _ in range(6):
        traffic.close(traffic.add("call", "A", "chat.postMessage", {"text": large}, at=0), "ok", text='"ok"')

    assert len(traffic.entries) == 3
    assert traffic.bytes == sum(entry.size for entry in traffic.entries) <= BYTES_KEPT
    assert traffic.find(old.seq) is None
    assert traffic.find(traffic.last) is traffic.entries[-1]
    traffic.close(old, "ok", text=large)
    assert traffic.bytes == sum(entry.size for entry in traffic.entries)
    traffic.clear()
    assert (traffic.bytes, traffic.find(traffic.last)) == (0, None)
