"""Messages that are pinned to their channel."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from slack_bolt.async_app import AsyncApp
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import QUICK, App, ControlRefused, LocalSlack
from bot.playground.slack.apps import CHAT_BOT_EVENTS, CHAT_BOT_SCOPES
from bot.playground.slack.seed import DEFAULT, workspace_from
from tests.playground.conftest import FakeClock


@pytest.fixture
def kostprobe() -> App:
    return App(
        name="kostprobe",
        scopes=CHAT_BOT_SCOPES | {"pins:read", "pins:write"},
        events=CHAT_BOT_EVENTS | {"pin_added", "pin_removed"},
    )


async def refused(call: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        await call
    return str(caught.value.response["error"])


async def test_an_app_pins_lists_and_unpins(local_slack: LocalSlack, web: AsyncWebClient) -> None:
    general = local_slack.core.workspace.channel("general").id
    ts = [await local_slack.control.say("ben", "general", text) for text in ("one", "two")]
    for stamp in ts:
        await web.pins_add(channel=general, timestamp=stamp)
        assert await refused(web.pins_add(channel=general, timestamp=stamp)) == "already_pinned"
    await web.pins_remove(channel=general, timestamp=ts[0])

    items: list[dict[str, Any]] = (await web.pins_list(channel=general))["items"]
    assert [item["message"]["text"] for item in items] == ["two"]
    assert items[0]["created_by"] == local_slack.app.user_id
    assert items[0]["message"]["pinned_to"] == [general]
    assert items[0]["message"]["permalink"].endswith(f"/archives/{general}/p{ts[1].replace('.', '')}")
    assert await refused(web.pins_remove(channel=general, timestamp=ts[0])) == "no_pin"


async def test_what_cannot_be_pinned(local_slack: LocalSlack, web: AsyncWebClient) -> None:
    general = local_slack.core.workspace.channel("general").id
    await local_slack.control.leave("gina", "general")
    await local_slack.control.join("gina", "general")
    joined = next(line for line in await local_slack.control.transcript("general") if line.subtype)

    for timestamp, error in (
        (joined.ts, "not_pinnable"),
        ("1.000001", "message_not_found"),
        ("yesterday", "bad_timestamp"),
        ("", "no_item_specified"),
    ):
        assert await refused(web.pins_add(channel=general, timestamp=timestamp)) == error
    assert await refused(web.pins_add(channel="C0NOPE", timestamp=joined.ts)) == "channel_not_found"
    await local_slack.control.leave("kostprobe", "general")
    assert await refused(web.pins_list(channel=general)) == "not_in_channel"


@pytest.mark.parametrize("right", ["pins:read", "pins:write"])
async def test_each_right_is_needed(kostprobe: App, right: str) -> None:
    app = replace(kostprobe, scopes=kostprobe.scopes - {right})
    async with LocalSlack(apps=[app], timings=QUICK) as slack:
        web = AsyncWebClient(token=app.bot_token, base_url=slack.api_url, retry_handlers=[])
        general = slack.core.workspace.channel("general").id
        ts = await slack.control.say("ben", "general", "one")
        reads, writes = [web.pins_list], [web.pins_add, web.pins_remove]
        for call in reads if right == "pins:read" else writes:
            assert await refused(call(channel=general, timestamp=ts)) == "missing_scope"


async def test_a_person_pins_and_apps_hear_of_it(
    local_slack: LocalSlack, bolt: AsyncApp, connect: Any
) -> None:
    heard: list[tuple[Any, ...]] = []

    @bolt.event("pin_added")
    async def added(event: dict[str, Any]) -> None:
        heard.append((event["type"], event["item"]["message"]["text"], event["pin_count"]))

    @bolt.event("pin_removed")
    async def removed(event: dict[str, Any]) -> None:
        heard.append((event["type"], event["item_user"], event["pin_count"], event["has_pins"]))

    @bolt.event("message")
    async def other() -> None:
        """Take the rest."""

    await connect(bolt)
    control, workspace = local_slack.control, local_slack.core.workspace
    ts = await control.say("ben", "general", "read me")
    await control.pin("ada", "general", ts)
    message, line = await control.transcript("general")
    await control.unpin("carla", "general", ts)
    await control.wait_idle()

    assert message.pinned
    ada = workspace.user("ada").id
    assert (line.subtype, line.raw_text) == ("pinned_item", f"<@{ada}> pinned a message to this channel.")
    assert not (await control.transcript("general"))[0].pinned
    assert sorted(heard) == [
        ("pin_added", "read me", "1"),
        ("pin_removed", workspace.user("ben").id, "0", False),
    ]
    with pytest.raises(ControlRefused, match="no_pin"):
        await control.unpin("carla", "general", ts)
    with pytest.raises(ControlRefused, match="not_pinnable"):
        await control.pin("ada", "general", line.ts)


async def test_pins_come_with_a_seed_and_survive_a_restart(tmp_path: Path, clock: FakeClock) -> None:
    note = {"channel": "general", "user": "ada", "text": "house rules", "pinned": True}
    for seed in ({**DEFAULT, "messages": [note]}, DEFAULT):
        workspace = workspace_from(seed, clock)
        async with LocalSlack(workspace, clock=clock, timings=QUICK, state_path=tmp_path / "s.json") as slack:
            assert [line.pinned for line in await slack.control.transcript("general")] == [True]
