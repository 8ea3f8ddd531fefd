"""Ids where Slack takes ids, and the two methods that take a channel's name."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Any

import pytest
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient

from bot.playground.slack import App, LocalSlack

HOME = {"type": "home", "blocks": [{"type": "divider"}]}
Asked = Callable[[AsyncWebClient, str, str], Awaitable[Any]]
WITH_A_CHANNEL: dict[str, Asked] = {
    "chat.update": lambda web, name, ts: web.chat_update(channel=name, ts=ts, text="x"),
    "chat.delete": lambda web, name, ts: web.chat_delete(channel=name, ts=ts),
    "chat.getPermalink": lambda web, name, ts: web.chat_getPermalink(channel=name, message_ts=ts),
    "chat.startStream": lambda web, name, ts: web.chat_startStream(channel=name, thread_ts=ts),
    "conversations.info": lambda web, name, _: web.conversations_info(channel=name),
    "conversations.members": lambda web, name, _: web.conversations_members(channel=name),
    "conversations.history": lambda web, name, _: web.conversations_history(channel=name),
    "conversations.replies": lambda web, name, ts: web.conversations_replies(channel=name, ts=ts),
    "pins.list": lambda web, name, _: web.pins_list(channel=name),
    "reactions.add": lambda web, name, ts: web.reactions_add(channel=name, timestamp=ts, name="eyes"),
}
WITH_A_USER: dict[str, Asked] = {
    "chat.postEphemeral": lambda web, name, _: web.chat_postEphemeral(channel="general", user=name, text="x"),
    "conversations.open": lambda web, name, _: web.conversations_open(users=[name]),
    "users.conversations": lambda web, name, _: web.users_conversations(user=name),
    "users.info": lambda web, name, _: web.users_info(user=name),
    "views.publish": lambda web, name, _: web.views_publish(user_id=name, view=HOME),
}


@pytest.fixture
def kostprobe(kostprobe: App) -> App:
    return replace(kostprobe, scopes=kostprobe.scopes | {"im:write", "pins:read"})


async def answered(call: Awaitable[Any]) -> str:
    try:
        await call
    except SlackApiError as refused:
        return str(refused.response["error"])
    return "ok"


@pytest.mark.parametrize("name", ["general", "#general"])
@pytest.mark.parametrize("method", WITH_A_CHANNEL)
async def test_a_method_takes_a_channels_id_and_not_its_name(
    web: AsyncWebClient, method: str, name: str
) -> None:
    ts = (await web.chat_postMessage(channel="general", text="hello"))["ts"]

    assert await answered(WITH_A_CHANNEL[method](web, name, ts)) == "channel_not_found"


@pytest.mark.parametrize("name", ["ben", "@ben"])
@pytest.mark.parametrize("method", WITH_A_USER)
async def test_a_method_takes_a_persons_id_and_not_their_name(
    local_slack: LocalSlack, web: AsyncWebClient, method: str, name: str
) -> None:
    ben = local_slack.core.workspace.user("ben").id

    assert await answered(WITH_A_USER[method](web, name, "")) == "user_not_found"
    assert await answered(WITH_A_USER[method](web, ben, "")) == "ok"


async def test_the_recipient_of_a_stream_is_an_id(local_slack: LocalSlack, web: AsyncWebClient) -> None:
    posted = await web.chat_postMessage(channel="general", text="hello")
    team = local_slack.core.workspace.team.id
    start = web.chat_startStream(
        channel=posted["channel"], thread_ts=posted["ts"], recipient_user_id="ben", recipient_team_id=team
    )

    assert await answered(start) == "user_not_found"


@pytest.mark.parametrize("name", ["general", "#general"])
async def test_posting_and_whispering_take_a_channels_name_as_in_slack(
    local_slack: LocalSlack, web: AsyncWebClient, name: str
) -> None:
    ben = local_slack.core.workspace.user("ben").id

    assert await answered(web.chat_postMessage(channel=name, text="x")) == "ok"
    assert await answered(web.chat_postEphemeral(channel=name, user=ben, text="x")) == "ok"


async def test_a_direct_message_and_a_person_have_no_name_to_post_to(
    local_slack: LocalSlack, web: AsyncWebClient
) -> None:
    direct = await local_slack.control.open_dm("ben", "kostprobe")
    name = local_slack.core.workspace.channels[direct].name

    for channel in (name, "ben", "@ben", "@general"):
        assert await answered(web.chat_postMessage(channel=channel, text="x")) == "channel_not_found"


async def test_people_open_a_direct_message_by_name_or_id(local_slack: LocalSlack) -> None:
    workspace = local_slack.core.workspace
    ada, ben = workspace.user("ada").id, workspace.user("ben").id
    control = local_slack.control

    places = {await control.open_dm(one, other) for one in ("ada", ada) for other in ("ben", "@ben", ben)}

    assert len(places) == 1
